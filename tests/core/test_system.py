"""What the tests need of the machine: said and installed by `tests/system.sh`, whatever is on the PATH."""

import shutil
import subprocess
from pathlib import Path

NOWHERE = {"BROWSER_PLACES": "", "JAVA_PLACES": ""}
SCRIPT = Path(__file__).parents[1] / "system.sh"


def run(folder, *arguments, **places):
    done = subprocess.run(
        ["/bin/sh", str(SCRIPT), *arguments],
        env={"PATH": str(folder), **NOWHERE, **places},
        capture_output=True,
        text=True,
        timeout=60,
    )
    return done.returncode, done.stdout + done.stderr


def program(folder, name, body="exit 0"):
    path = folder / name
    path.write_text(f"#!/bin/sh\n{body}\n")
    path.chmod(0o755)


def test_with_a_bare_path_it_says_what_it_would_install(tmp_path):
    assert run(tmp_path, "--say") == (0, "Would install: chromium default-jre-headless\n")
    program(tmp_path, "chromium")
    assert run(tmp_path, "--say") == (0, "Would install: default-jre-headless\n")
    program(tmp_path, "java")
    assert run(tmp_path, "--say") == (0, "Nothing is missing.\n")
    assert run(tmp_path) == (0, "")


def test_a_machine_without_a_package_manager_is_told_what_to_do(tmp_path):
    code, said = run(tmp_path)
    assert code == 1 and "Install Chromium and a Java 17 runtime, then type: make test" in said


def test_what_is_missing_is_what_gets_installed(tmp_path):
    program(tmp_path, "java")
    program(tmp_path, "id", "echo 0")
    program(tmp_path, "apt-get", f'echo "$@" >> {tmp_path}/called')
    (tmp_path / "env").symlink_to(shutil.which("env"))
    code, _ = run(tmp_path)
    assert code == 0
    assert (tmp_path / "called").read_text().splitlines() == ["update -qq", "install -y -qq chromium"]


def test_what_lies_off_the_path_is_not_missing(tmp_path):
    """As Homebrew leaves Java, and macOS its applications, with blanks in the name."""
    off = tmp_path / "off the path" / "jdk 17" / "bin"
    off.mkdir(parents=True)
    bare = tmp_path / "bare"
    bare.mkdir()
    program(off, "java")
    program(off, "Google Chrome")
    java = f"/nowhere:{tmp_path}/off the path/*/bin/java"
    assert run(bare, "--say", JAVA_PLACES=java) == (0, "Would install: chromium\n")
    both = {"JAVA_PLACES": java, "BROWSER_PLACES": str(off / "Google Chrome")}
    assert run(bare, "--say", **both) == (0, "Nothing is missing.\n")
