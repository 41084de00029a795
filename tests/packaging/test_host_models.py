import os
import subprocess
import sys
from pathlib import Path

BASE_DIR = Path(__file__).resolve().parent.parent.parent


def test_host_with_its_own_image_and_document_models_needs_no_migration_of_ours(tmp_path):
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "tests.imageapp.settings",
        "DATABASE_URL": f"sqlite:///{tmp_path / 'host.sqlite3'}",
        "VAR_DIR": str(tmp_path),
    }
    for command in (["makemigrations", "--check", "--dry-run"], ["migrate", "--verbosity", "0"]):
        result = subprocess.run(
            [sys.executable, "-m", "django", *command], cwd=BASE_DIR, env=environment, capture_output=True, text=True
        )
        assert result.returncode == 0, result.stdout + result.stderr
