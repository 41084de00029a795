"""The demonstration site as it would run for the public, with the floors beside it.

``BENCHMARK_CACHED=1`` puts the programme's cache first, ``BENCHMARK_ONE_PROCESS=1`` says that one process serves the site.
"""

from example_site.settings import *  # noqa: F403
from example_site.settings import DATABASES, EHRENAMT, INSTALLED_APPS, MIDDLEWARE, env_flag

DEBUG = False
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "testserver"]
INSTALLED_APPS = [*INSTALLED_APPS, "benchmarks.floors"]
ROOT_URLCONF = "benchmarks.floors.urls"
# Each process keeps its connection, as sites do that have many visitors.
DATABASES["default"]["CONN_MAX_AGE"] = None
EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"

CACHE = "ehrenamt_wagtail.programme.caching.ProgrammeCacheMiddleware"
MIDDLEWARE = [name for name in MIDDLEWARE if name != CACHE]
if env_flag("BENCHMARK_CACHED", default=False):
    MIDDLEWARE.insert(0, CACHE)
if env_flag("BENCHMARK_ONE_PROCESS", default=False):
    EHRENAMT["CACHE_ONE_PROCESS"] = True
