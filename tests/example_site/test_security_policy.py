"""The demonstration's Content Security Policy, and that no template needs more than it allows."""

import re
from pathlib import Path

import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from example_site.security import POLICY, SecurityPolicyMiddleware
from tests.inline import Inline

ROOT = Path(__file__).resolve().parent.parent.parent
# Mails carry their styles with them, and reviewers read in Wagtail's admin, whose own pages need more.
ELSEWHERE = ("mail", "review", "coordination/admin")
TEMPLATES = sorted(
    path
    for folder in (ROOT / "ehrenamt_wagtail" / "templates", ROOT / "example_site" / "templates")
    for pattern in ("*.html", "*.svg")
    for path in folder.rglob(pattern)
    if not str(path).startswith(tuple(str(ROOT / "ehrenamt_wagtail/templates/ehrenamt_wagtail" / part) for part in ELSEWHERE))
)
DRAWINGS = sorted(path for folder in ("ehrenamt_wagtail", "example_site") for path in (ROOT / folder / "static").rglob("*.svg"))
INLINE = re.compile(r"""<style\b|\sstyle\s*=|\son[a-z]+\s*=\s*["'{]|javascript:|<script\b(?![^>]*\bsrc=)""", re.IGNORECASE)


@pytest.mark.parametrize("path", [*TEMPLATES, *DRAWINGS], ids=lambda path: str(path.relative_to(ROOT)))
def test_template_has_no_inline_style_script_or_handler(path):
    text = re.sub(r"{#.*?#}|{% comment %}.*?{% endcomment %}", "", path.read_text(), flags=re.DOTALL)
    found = [match.group() for match in INLINE.finditer(text) if "ld+json" not in text[match.start() : match.start() + 60]]
    assert found == []


@pytest.mark.parametrize("html", ["<p style='a'>", "<style>", "<a onclick=x>", "<script>x", "<a href=' javascript:x'>"])
def test_inline_is_found(html):
    assert len(Inline(html).found) == 1


def test_what_comes_from_files_and_data_is_not_inline():
    assert Inline("<p class='a'><a href='/x'><script src='a.js'></script><script type='application/ld+json'>{}").found == []


@pytest.mark.parametrize("path", ["/programm/", "/arbeitskreise/", "/partner/login/", "/anmeldung/pruefen/", "/nirgends/"])
def test_visitors_get_the_policy(client, ready_site, path):
    assert client.get(path)["Content-Security-Policy"] == f"{POLICY}; frame-ancestors 'self'"
    assert "unsafe" not in POLICY


def test_admin_has_no_policy_of_ours_and_own_policies_stay():
    def answer(path, policy=""):
        given = HttpResponse(headers={"Content-Security-Policy": policy} if policy else {})
        return SecurityPolicyMiddleware(lambda request: given)(RequestFactory().get(path)).get("Content-Security-Policy")

    assert answer("/verwaltung/pages/") is None
    assert answer("/programm/") == f"{POLICY}; frame-ancestors 'self'"
    assert answer("/documents/1/a.pdf", "sandbox") == "sandbox"
