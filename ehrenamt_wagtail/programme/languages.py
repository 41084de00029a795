from django.db import models
from django.utils.translation import gettext_lazy as _


class Language(models.TextChoices):
    """Languages that offerings are held in, by ISO 639-1 code; more than these are named in the text."""

    DE = "de", _("German")
    EASY_DE = "de-simple", _("simple German")
    EN = "en", _("English")
    FR = "fr", _("French")
    AR = "ar", _("Arabic")
    FA = "fa", _("Persian (Farsi, Dari)")
    KU = "ku", _("Kurdish")
    PS = "ps", _("Pashto")
    RU = "ru", _("Russian")
    SO = "so", _("Somali")
    SQ = "sq", _("Albanian")
    TI = "ti", _("Tigrinya")
    TR = "tr", _("Turkish")
    UK = "uk", _("Ukrainian")
    UR = "ur", _("Urdu")
