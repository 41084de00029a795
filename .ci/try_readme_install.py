#!/usr/bin/env python
"""Follow the README's installation steps in a fresh ``wagtail start`` project.

The steps are the code blocks of the README's section, in their order, so that text and test cannot
drift apart. Run it with a Python that has nothing installed; ``dist/`` must hold the built wheel:

    python .ci/try_readme_install.py dist

Blocks: ``sh`` lines are run; ``python`` and ``html`` name their file in the first line. An existing
Python file is appended to, an HTML file is written, or added to before a named tag.
"""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

BASE_DIR = Path(__file__).resolve().parent.parent
SECTION = "## Install into an existing Wagtail site"
BLOCK = re.compile(r"^```(sh|python|html)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
FILE = re.compile(r"^(?:# |<!-- )(?P<path>[\w/.]+)(?:, before (?P<tag>\{%.*?%\}))?(?: -->)?\n")
TIMEOUT = 600  # seconds for one step
ANSWERS = 60  # seconds until a started server has to answer

# What step 6 asks an editor to do by hand.
CREATE_PAGES = """
from wagtail.models import Site
from ehrenamt_wagtail.models import CircleIndexPage, ProgrammePage
home = Site.objects.get(is_default_site=True).root_page
for page in (ProgrammePage(title="Programm", slug="programm"), CircleIndexPage(title="Kreise", slug="kreise")):
    home.add_child(instance=page).save_revision().publish()
"""
CHECK_SETUP = """
from django_q.models import Schedule
from wagtail.models import WorkflowPage
from ehrenamt_wagtail.models import ProgrammePage
assert WorkflowPage.objects.filter(page=ProgrammePage.objects.get()).exists(), "no review workflow"
assert Schedule.objects.exists(), "no schedules"
"""
ADDRESSES = ["/programm/", "/kreise/", "/partner/login/", "/api/angebote/", "/programm/kalender.ics"]


class Project:
    """A fresh project in ``folder`` with its own virtual environment."""

    def __init__(self, folder: Path, wheels: Path) -> None:
        self.folder = folder / "mysite"
        self.venv = folder / "venv"
        self.environment = {
            **{name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"},
            "PATH": f"{self.venv / 'bin'}:{os.environ['PATH']}",
            "PIP_FIND_LINKS": f"{os.environ.get('PIP_FIND_LINKS', '')} {wheels.resolve()}".strip(),
            "PIP_QUIET": "1",
        }
        run([sys.executable, "-m", "venv", str(self.venv)])
        self.sh(f"python -m pip install '{os.environ.get('WAGTAIL') or 'wagtail'}'", folder)
        self.sh("wagtail start mysite > start.log", folder)
        self.sh("python manage.py migrate --verbosity 0")

    def sh(self, command: str, folder: Path | None = None) -> None:
        run(["bash", "-euc", command], cwd=folder or self.folder, env=self.environment)

    def shell(self, code: str) -> None:
        run(["python", "manage.py", "shell", "-c", code], cwd=self.folder, env=self.environment)

    def write(self, language: str, source: str) -> None:
        match = FILE.match(source)
        if not match:
            sys.exit(f"This block of the README does not name its file:\n{source}")
        path, content = self.folder / match["path"], source[match.end() :]
        if match["tag"]:
            before, tag, after = path.read_text().partition(match["tag"])
            if not tag:
                sys.exit(f"{match['path']} has no {match['tag']}")
            content = before + content + tag + after
        elif language == "python":
            content = path.read_text() + "\n" + content
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)

    def start(self, command: str) -> subprocess.Popen:
        return subprocess.Popen(
            command.split(), cwd=self.folder, env=self.environment, start_new_session=True
        )


def run(command: list[str], **options: object) -> None:
    print("$", " ".join(command)[:200].replace("\n", " "), flush=True)
    # PATH decides which python is meant, which subprocess asks the parent's environment for.
    environment = options.get("env") or os.environ
    subprocess.run(["env", f"PATH={environment['PATH']}", *command], check=True, timeout=TIMEOUT, **options)


def stop(process: subprocess.Popen) -> None:
    process.terminate()
    try:
        process.wait(20)
    except subprocess.TimeoutExpired:
        pass
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        pass
    process.wait()


def readme_blocks() -> list[tuple[str, str]]:
    section = (BASE_DIR / "README.md").read_text().split(SECTION, 1)[1].split("\n## ", 1)[0]
    return BLOCK.findall(section)


def fetch(address: str, deadline: float) -> str:
    while True:
        try:
            with urllib.request.urlopen(address, timeout=30) as response:
                return response.read().decode()
        except urllib.error.HTTPError as error:
            sys.exit(f"{address} answered {error.code}:\n{error.read().decode(errors='replace')[:2000]}")
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.5)


def check_pages(project: Project) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = project.start(f"env python manage.py runserver 127.0.0.1:{port} --noreload")
    try:
        deadline = time.monotonic() + ANSWERS
        for address in ADDRESSES:
            body = fetch(f"http://127.0.0.1:{port}{address}", deadline)
            # The host's own style sheet tells that its base template is in use.
            if address in ("/programm/", "/partner/login/") and "css/mysite.css" not in body:
                sys.exit(f"{address} does not use the project's base template")
            print(f"answers: {address}", flush=True)
    finally:
        stop(server)


def main() -> int:
    wheels = Path(sys.argv[1] if len(sys.argv) > 1 else BASE_DIR / "dist")
    with tempfile.TemporaryDirectory(prefix="ehrenamt-readme-") as folder:
        project = Project(Path(folder), wheels)
        setups = 0
        for language, source in readme_blocks():
            if language != "sh":
                project.write(language, source)
                continue
            for command in source.strip().splitlines():
                if command.endswith("ehrenamt_setup"):
                    setups += 1
                    if setups == 2:
                        project.shell(CREATE_PAGES)
                if command.endswith("qcluster"):
                    cluster = project.start(f"env {command}")
                    try:
                        time.sleep(5)
                        if cluster.poll() is not None:
                            sys.exit(f"»{command}« ended by itself")
                    finally:
                        stop(cluster)
                else:
                    project.sh(command)
        project.sh("python manage.py check --fail-level WARNING")
        project.sh("python manage.py makemigrations --check --dry-run")
        project.shell(CHECK_SETUP)
        check_pages(project)
    print("The README's installation works.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
