#!/usr/bin/env python
"""Check the installed package: run it with a Python into which only the wheel was installed."""

from __future__ import annotations

import gettext
import sys
import tempfile
from pathlib import Path

SOURCE = Path(__file__).resolve().parent.parent / "ehrenamt_wagtail"
SUFFIXES = {".css", ".html", ".ico", ".js", ".mo", ".png", ".py", ".svg", ".txt", ".typed", ".xml"}


def main() -> int:
    import ehrenamt_wagtail

    installed = Path(ehrenamt_wagtail.__file__).resolve().parent
    if installed == SOURCE:
        sys.exit("This imports the source, not the installed package: start it from another folder.")
    files = [path.relative_to(SOURCE) for path in SOURCE.rglob("*") if path.is_file()]
    wanted = [path for path in files if path.suffix in SUFFIXES or path.name == "py.typed"]
    missing = [str(path) for path in wanted if not (installed / path).is_file()]
    if missing:
        sys.exit("The wheel lacks:\n" + "\n".join(sorted(missing)))
    for kind, folder in (("templates", "templates"), ("static files", "static"), ("migrations", "migrations")):
        number = sum(path.is_file() and path.suffix != ".pyc" for path in (installed / folder).rglob("*"))
        print(f"{kind}: {number}")
        if not number:
            sys.exit(f"The wheel has no {kind}.")
    with (installed / "locale/de/LC_MESSAGES/django.mo").open("rb") as compiled:
        print(f"German messages: {len(gettext.GNUTranslations(compiled)._catalog)}")
    check_django()
    return 0


def check_django() -> None:
    """``check``, ``makemigrations --check``, ``migrate`` and ``ehrenamt_setup`` with the least settings."""
    import django
    from django.conf import settings
    from django.core.management import call_command

    wagtail_apps = "users images documents search snippets embeds sites admin contrib.forms contrib.redirects".split()
    django_apps = "auth contenttypes sessions messages staticfiles".split()
    with tempfile.TemporaryDirectory() as folder:
        settings.configure(
            SECRET_KEY="check",
            INSTALLED_APPS=[
                "ehrenamt_wagtail",
                "wagtail_modeladmin",
                "django_q",
                *[f"wagtail.{name}" for name in wagtail_apps],
                "wagtail",
                "modelcluster",
                "taggit",
                *[f"django.contrib.{name}" for name in django_apps],
            ],
            DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": f"{folder}/db.sqlite3"}},
            DEFAULT_AUTO_FIELD="django.db.models.AutoField",
            MIDDLEWARE=[
                "django.contrib.sessions.middleware.SessionMiddleware",
                "django.contrib.auth.middleware.AuthenticationMiddleware",
                "django.contrib.messages.middleware.MessageMiddleware",
            ],
            TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True}],
            ROOT_URLCONF=__name__,
            SESAME_MAX_AGE=14 * 24 * 60 * 60,
            SESAME_ONE_TIME=True,
            STATIC_URL="/static/",
            WAGTAILADMIN_BASE_URL="http://localhost",
            WAGTAIL_SITE_NAME="check",
            Q_CLUSTER={"orm": "default", "timeout": 60, "retry": 120},
            LANGUAGE_CODE="de",
            USE_TZ=True,
        )
        django.setup()
        from django.urls import include, path

        globals()["urlpatterns"] = [
            path("admin/", include("wagtail.admin.urls")),
            path("", include("ehrenamt_wagtail.urls")),
            path("", include("wagtail.urls")),
        ]
        call_command("check", fail_level="WARNING")
        # Another automatic key in the host must not change our migrations.
        call_command("makemigrations", "ehrenamt_wagtail", check_changes=True, dry_run=True)
        call_command("migrate", verbosity=0)
        call_command("ehrenamt_setup")


if __name__ == "__main__":
    sys.exit(main())
