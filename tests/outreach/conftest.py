import pytest
from wagtail.models import Site

from ehrenamt_wagtail.models import AccessibilityStatementPage


@pytest.fixture
def statement(ready_site):
    """A published statement below the root of the site, with an address for reports."""
    root = Site.objects.get(is_default_site=True).root_page
    return root.add_child(
        instance=AccessibilityStatementPage(
            title="Barrierefreiheit",
            slug="barrierefreiheit",
            contact="Landratsamt, Fachstelle Ehrenamt",
            report_email="barriere@landkreis.example",
        )
    )
