import pytest

from example_site.demo.running import running_demo


def pytest_collection_modifyitems(items):
    for item in items:
        if "demo_url" in item.fixturenames:
            item.add_marker(pytest.mark.xdist_group("demo"))


@pytest.fixture(scope="session")
def demo_dir(tmp_path_factory):
    return tmp_path_factory.mktemp("demo")


@pytest.fixture(scope="session")
def demo_url(demo_dir):
    """The running demonstration: web server and job cluster on a free port, with data of its own."""
    with running_demo(demo_dir) as url:
        yield url
