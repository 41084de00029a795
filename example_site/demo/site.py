"""The district's small site around the programme: home page, sections of the editors, and who may edit what."""

from __future__ import annotations

import io

from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from wagtail.models import Collection, GroupCollectionPermission, GroupPagePermission, Page, Site

from ehrenamt_wagtail import models
from ehrenamt_wagtail.conf import conf
from example_site.models import HomePage, StandardPage

from .content.site import HOME, SECTIONS
from .register import World

EDITORS = "Redaktion der Website"
PROGRAMME_INTRO = (
    "Alle Angebote für Ehrenamtliche im Landkreis: Fortbildungen, Workshops, Vorträge, Austausch, Supervision und Ehrenamtstage. "
    "Fast alles ist kostenlos."
)
CIRCLES_INTRO = (
    "In 28 Arbeitskreisen begleiten Menschen Geflüchtete: beim Deutschlernen, bei der Wohnungssuche, im Alltag. Jeder Kreis arbeitet "
    "ein wenig anders, und alle freuen sich über Verstärkung."
)
CONTACT = "Landratsamt Böblingen, Fachstelle Ehrenamt\nKreishausplatz 2, 71034 Böblingen (erfundene Anschrift)\nTelefon 069 90009-010"
METHOD = (
    "Die wichtigsten Seiten wurden auf schmalen und breiten Bildschirmen mit dem Prüfprogramm axe untersucht und allein mit der "
    "Tastatur benutzt."
)


def load_site() -> tuple[models.ProgrammePage, models.CircleIndexPage, dict[str, Page]]:
    """Home page, programme, circles and sections; the workflow is set up afterwards."""
    home = make_home()
    programme = home.add_child(
        instance=models.ProgrammePage(title="Programm", slug="programm", intro=PROGRAMME_INTRO, show_in_menus=True)
    )
    circles = home.add_child(
        instance=models.CircleIndexPage(
            title="Arbeitskreise", slug="arbeitskreise", intro=CIRCLES_INTRO, show_in_menus=True
        )
    )
    sections: dict[str, Page] = {}
    for slug, (title, intro, body, children) in SECTIONS.items():
        section = home.add_child(
            instance=StandardPage(title=title, slug=slug, intro=intro, body=body, show_in_menus=bool(children))
        )
        for child_slug, (child_title, child_intro, child_body) in children.items():
            section.add_child(
                instance=StandardPage(title=child_title, slug=child_slug, intro=child_intro, body=child_body)
            )
        sections[slug] = section
    # Its texts are the app's proposal, which is true of this site.
    sections["barrierefreiheit"] = home.add_child(
        instance=models.AccessibilityStatementPage(
            title="Barrierefreiheit",
            slug="barrierefreiheit",
            method_text=METHOD,
            contact=CONTACT,
            report_email="ehrenamt@landkreis.example",
        )
    )
    for page in Page.objects.descendant_of(home, inclusive=True).specific():
        page.save_revision().publish()
    call_command("ehrenamt_setup", stdout=io.StringIO())
    return programme, circles, sections


def make_home() -> HomePage:
    """The new root of the default site; Wagtail's welcome page goes."""
    root = Page.get_first_root_node()
    home = root.add_child(instance=HomePage(slug="ehrenamt", **HOME))
    site = Site.objects.filter(is_default_site=True).first() or Site(hostname="localhost", is_default_site=True)
    welcome = site.root_page if site.pk else None
    site.site_name = "Landkreis Böblingen"
    site.root_page = Page.objects.get(pk=home.pk)
    site.save()
    if welcome is not None and welcome.specific_class is Page and not welcome.get_children().exists():
        welcome.delete()
    return HomePage.objects.get(pk=home.pk)


def make_collection() -> Collection:
    """Where the site's own pictures and documents are kept."""
    return Collection.get_first_root_node().add_child(name="Website")


def grant_rights(world: World, sections: dict[str, Page], collection: Collection) -> None:
    """Editors work on the sections only; coordinators on programme and circles only (see ``ehrenamt_setup``)."""
    editors = Group.objects.create(name=EDITORS)
    editors.permissions.add(Permission.objects.get(content_type__app_label="wagtailadmin", codename="access_admin"))
    rights = Permission.objects.filter(
        content_type=ContentType.objects.get_for_model(Page), codename__in=["add_page", "change_page", "publish_page"]
    )
    for section in sections.values():
        for right in rights:
            GroupPagePermission.objects.create(group=editors, page_id=section.pk, permission=right)
    for right in Permission.objects.filter(
        content_type__app_label__in=["wagtailimages", "wagtaildocs"],
        codename__regex="^(add|change|choose)_(image|document)$",
    ):
        GroupCollectionPermission.objects.create(group=editors, collection=collection, permission=right)
    world.users["redaktion"].groups.add(editors)
    world.users["koordination"].groups.add(Group.objects.get(name=conf.COORDINATOR_GROUP))
