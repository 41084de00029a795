"""Who takes part and where: municipalities, organisations and their members, topics, venues, coordinators."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.images import get_image_model_string

from ehrenamt_wagtail.slugs import free_slug, german_slug


class SluggedModel(models.Model):
    """Has a public ``slug``, made from ``name`` when left empty."""

    slug = models.SlugField(
        _("slug"), max_length=100, unique=True, blank=True, help_text=_("Part of addresses; made from the name.")
    )

    class Meta:
        abstract = True

    def save(self, *args, **kwargs):
        if not self.slug:
            wanted = german_slug(self.name, fallback=self._meta.model_name)
            taken = type(self)._default_manager.filter(slug__startswith=wanted).exclude(pk=self.pk)
            self.slug = free_slug(wanted, set(taken.values_list("slug", flat=True)))
        super().save(*args, **kwargs)


class Municipality(SluggedModel):
    """A town or municipality of the district."""

    class Kind(models.TextChoices):
        TOWN = "town", _("town")
        MUNICIPALITY = "municipality", pgettext_lazy("kind of a municipality", "municipality")

    name = models.CharField(_("name"), max_length=100)
    kind = models.CharField(_("kind"), max_length=20, choices=Kind, default=Kind.MUNICIPALITY)
    official_key = models.CharField(
        _("official key"), max_length=8, unique=True, null=True, blank=True, help_text=_("Amtlicher Gemeindeschlüssel (AGS)")
    )
    latitude = models.FloatField(_("latitude"), null=True, blank=True, help_text=_("WGS 84, in degrees"))
    longitude = models.FloatField(_("longitude"), null=True, blank=True, help_text=_("WGS 84, in degrees"))
    population = models.PositiveIntegerField(_("population"), null=True, blank=True)
    email = models.EmailField(
        _("mail address"), blank=True, help_text=_("Is told when an offering in this town is approved.")
    )

    class Meta:
        verbose_name = _("municipality")
        verbose_name_plural = _("municipalities")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Topic(SluggedModel):
    class Focus(models.TextChoices):
        ACUTE_CARE = "acute_care", _("acute care")
        INTEGRATION = "integration", _("integration")
        FOLLOW_UP_HOUSING = "follow_up_housing", _("follow-up housing")
        ACROSS = "across", _("across")

    name = models.CharField(_("name"), max_length=100, unique=True)
    focus = models.CharField(_("focus"), max_length=20, choices=Focus, default=Focus.ACROSS)
    description = models.TextField(_("description"), blank=True)

    class Meta:
        verbose_name = _("topic")
        verbose_name_plural = _("topics")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class OrganisationQuerySet(models.QuerySet):
    def of_user(self, user) -> "OrganisationQuerySet":
        """The active organisations that ``user`` acts for; none for anonymous or inactive users."""
        if not (user.is_authenticated and user.is_active):
            return self.none()
        return self.filter(memberships__user=user, is_active=True).distinct()


class Organisation(SluggedModel):
    """Somebody who offers something: the district, a town, a church, a circle …"""

    class Kind(models.TextChoices):
        DISTRICT = "district", _("district")
        MUNICIPALITY = "municipality", _("town or municipality")
        CHURCH = "church", _("church")
        WELFARE = "welfare", _("welfare association")
        EDUCATION = "education", _("education provider")
        AUTHORITY = "authority", _("authority")
        CIRCLE = "circle", _("circle or initiative")
        OTHER = "other", _("other independent carrier")

    name = models.CharField(_("name"), max_length=200, unique=True)
    kind = models.CharField(_("kind"), max_length=20, choices=Kind, default=Kind.OTHER)
    municipality = models.ForeignKey(
        Municipality,
        verbose_name=_("municipality"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="organisations",
        help_text=_("Its seat; suggested as the place of new offerings."),
    )
    website = models.URLField(_("website"), blank=True)
    logo = models.ForeignKey(
        get_image_model_string(),
        verbose_name=_("logo"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    contact_name = models.CharField(
        _("contact person"), max_length=200, blank=True, help_text=_("Suggested as the contact of new offerings.")
    )
    contact_email = models.EmailField(_("mail address of the contact"), blank=True)
    contact_phone = models.CharField(_("telephone of the contact"), max_length=50, blank=True)
    default_venue = models.ForeignKey(
        "Venue", verbose_name=_("usual venue"), null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    collection = models.ForeignKey(
        "wagtailcore.Collection",
        verbose_name=_("collection"),
        null=True,
        blank=True,
        editable=False,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    is_active = models.BooleanField(
        pgettext_lazy("organisation", "active"),
        default=True,
        help_text=_("Members of an inactive organisation have no access to the portal."),
    )

    shares_drafts = models.BooleanField(
        _("share plans"),
        default=False,
        help_text=_(
            "Other organisations then also read title and description of what is planned. Date, town, topic, kind and organiser "
            "they always see."
        ),
    )

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    """A person acts for an organisation in the portal; managers also invite colleagues."""

    class Role(models.TextChoices):
        MEMBER = "member", _("member")
        MANAGER = "manager", _("manager")

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("person"),
        on_delete=models.CASCADE,
        related_name="ehrenamt_memberships",
    )
    organisation = models.ForeignKey(
        Organisation, verbose_name=_("organisation"), on_delete=models.CASCADE, related_name="memberships"
    )
    role = models.CharField(_("role"), max_length=20, choices=Role, default=Role.MEMBER)
    language = models.CharField(
        _("language of mails"), max_length=10, blank=True, help_text=_("Empty: the language of the site.")
    )
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("invited by"),
        null=True,
        blank=True,
        editable=False,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    invited_at = models.DateTimeField(_("invited at"), null=True, blank=True, editable=False)
    created_at = models.DateTimeField(_("since"), default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        ordering = ["organisation__name", "user__last_name", "user__first_name"]
        constraints = [
            models.UniqueConstraint(fields=["user", "organisation"], name="ehrenamt_one_membership_per_organisation")
        ]

    def __str__(self) -> str:
        return f"{self.user.get_full_name() or self.user.get_username()} – {self.organisation}"


class VenueQuerySet(models.QuerySet):
    def usable_by(self, organisation: Organisation) -> "VenueQuerySet":
        """Shared venues and the organisation's own."""
        return self.filter(models.Q(organisation=organisation) | models.Q(organisation=None))


class Venue(ClusterableModel):
    """A house where offerings take place, with what matters for getting in."""

    class Access(models.TextChoices):
        UNKNOWN = "", _("not known")
        YES = "yes", _("yes")
        PARTLY = "partly", _("partly")
        NO = "no", _("no")

    name = models.CharField(_("name"), max_length=200)
    organisation = models.ForeignKey(
        Organisation,
        verbose_name=_("organisation"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="venues",
        help_text=_("Only its members choose this venue. Empty: everybody does."),
    )
    municipality = models.ForeignKey(
        Municipality, verbose_name=_("municipality"), on_delete=models.PROTECT, related_name="venues"
    )
    street = models.CharField(_("street and number"), max_length=200, blank=True)
    postal_code = models.CharField(_("postal code"), max_length=10, blank=True)
    latitude = models.FloatField(_("latitude"), null=True, blank=True, help_text=_("WGS 84, in degrees"))
    longitude = models.FloatField(_("longitude"), null=True, blank=True, help_text=_("WGS 84, in degrees"))
    step_free = models.CharField(_("step-free"), max_length=10, choices=Access, blank=True)
    accessible_toilet = models.CharField(_("accessible toilet"), max_length=10, choices=Access, blank=True)
    hearing_loop = models.CharField(_("hearing loop"), max_length=10, choices=Access, blank=True)
    parking = models.CharField(_("parking"), max_length=200, blank=True)
    nearest_stop = models.CharField(_("nearest stop"), max_length=200, blank=True)
    access_notes = models.TextField(_("further notes on access"), blank=True)

    objects = VenueQuerySet.as_manager()

    class Meta:
        verbose_name = _("venue")
        verbose_name_plural = _("venues")
        ordering = ["name"]

    def __str__(self) -> str:
        return f"{self.name}, {self.municipality}"


class Room(models.Model):
    venue = ParentalKey(Venue, verbose_name=_("venue"), on_delete=models.CASCADE, related_name="rooms")
    name = models.CharField(_("name"), max_length=100)
    seats = models.PositiveIntegerField(_("seats"), null=True, blank=True)
    step_free = models.CharField(_("step-free"), max_length=10, choices=Venue.Access, blank=True)

    class Meta:
        verbose_name = _("room")
        verbose_name_plural = _("rooms")
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["venue", "name"], name="ehrenamt_room_name_per_venue")]

    def __str__(self) -> str:
        return self.name


class CoordinatorQuerySet(models.QuerySet):
    def in_office(self, on=None) -> "CoordinatorQuerySet":
        """Those whose post has begun and not ended on the local date ``on`` (default: today in the site's zone)."""
        on = on or timezone.localdate()
        return self.filter(
            models.Q(from_date=None) | models.Q(from_date__lte=on),
            models.Q(until_date=None) | models.Q(until_date__gte=on),
        )


class Coordinator(models.Model):
    """A contact person at the district office. A post may end; then the person disappears from the site by itself."""

    name = models.CharField(_("name"), max_length=200)
    position = models.CharField(_("position"), max_length=200, blank=True)
    email = models.EmailField(_("mail address"), blank=True)
    phone = models.CharField(_("telephone"), max_length=50, blank=True)
    photo = models.ForeignKey(
        get_image_model_string(),
        verbose_name=_("photo"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    responsibilities = models.CharField(_("responsible for"), max_length=200, blank=True)
    from_date = models.DateField(_("post begins on"), null=True, blank=True)
    until_date = models.DateField(_("post ends on"), null=True, blank=True, help_text=_("The last day in office."))
    sort_order = models.PositiveIntegerField(_("order"), default=0)

    objects = CoordinatorQuerySet.as_manager()

    class Meta:
        verbose_name = _("coordinator")
        verbose_name_plural = _("coordinators")
        ordering = ["sort_order", "name"]
        constraints = [
            models.CheckConstraint(
                name="ehrenamt_post_ends_after_it_begins",
                condition=models.Q(from_date=None)
                | models.Q(until_date=None)
                | models.Q(until_date__gte=models.F("from_date")),
                violation_error_message=_("The post cannot end before it begins."),
            )
        ]

    def __str__(self) -> str:
        return self.name
