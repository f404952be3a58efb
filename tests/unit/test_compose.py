"""docker-compose.yml, as far as it can be checked without running it."""

import shutil
import subprocess
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[2]
COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text())


def test_all_mounted_files_exist():
    mounts = [
        mount.split(":")[0]
        for service in COMPOSE["services"].values()
        for mount in service["volumes"]
    ]
    files = [mount for mount in mounts if mount.startswith(".")]
    assert len(files) > 5
    assert not [name for name in files if not (ROOT / name).exists()]
    assert set(mounts) - set(files) == set(COMPOSE["volumes"])


def test_services_wait_for_services_that_exist():
    for service in COMPOSE["services"].values():
        assert set(service.get("depends_on", ())) <= set(COMPOSE["services"])


def test_the_server_starts_the_job_runner_after_the_database_is_made():
    config = (ROOT / "dev" / "docker" / "odoo.conf").read_text()
    assert "server_wide_modules = base,rpc,web,queue_job" in config
    wait = COMPOSE["services"]["odoo"]["depends_on"]["init"]["condition"]
    assert wait == "service_completed_successfully"


def test_docker_accepts_it():
    """Where the client is installed; elsewhere the tests above must do."""
    docker = shutil.which("docker")
    if docker and subprocess.run([docker, "compose", "version"]).returncode == 0:
        subprocess.run([docker, "compose", "config", "-q"], cwd=ROOT, check=True)
