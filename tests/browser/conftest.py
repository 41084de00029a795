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
