import pytest

from example_site.demo.running import running_demo


# Before xdist reads the groups, or each of its workers would start the demonstration.
@pytest.hookimpl(tryfirst=True)
@pytest.fixture(scope="session")
def demo_dir(tmp_path_factory):
    return tmp_path_factory.mktemp("demo")


@pytest.fixture(scope="session")
def demo_url(demo_dir):
    """The running demonstration: web server and job cluster on a free port, with data of its own."""
    with running_demo(demo_dir) as url:
        yield url


@pytest.fixture
def open_page(browser, demo_url):
    """Opens a page of the demonstration in a browser of its own; takes what Playwright's ``new_context`` takes."""
    contexts = []

    def open_page(**options):
        context = browser.new_context(locale="de-DE", timezone_id="Europe/Berlin", base_url=demo_url, **options)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(60_000)
        return page

    yield open_page
    for context in contexts:
        context.close()
