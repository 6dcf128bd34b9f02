#!/bin/sh
# Makes .venv and installs a lock file into it: install.sh PYTHON LOCK
set -eu
cd "$(dirname "$0")/.."
python=$1 lock=$2
if ! "$python" -c 'import sys; raise SystemExit(not (3, 11) <= sys.version_info[:2] < (3, 14))'; then
    echo "geoecon needs Python 3.11, 3.12 or 3.13; $python is $("$python" --version 2>&1)." >&2
    echo "Name another one: make PYTHON=python3.12 run" >&2
    exit 1
fi
if [ ! -x .venv/bin/pip ] && ! "$python" -m venv --clear .venv; then
    echo "Python cannot make a virtual environment. On Debian or Ubuntu type: sudo apt-get install python3-venv" >&2
    exit 1
fi
echo "Installing $lock (hashes checked) into .venv"
.venv/bin/pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements/installer.txt
# uv is quicker; pip is the way where uv cannot reach the index (its own certificates, another index in pip's settings).
.venv/bin/uv pip install --quiet --system-certs --python .venv/bin/python --require-hashes --requirement "$lock" ||
    .venv/bin/pip install --quiet --disable-pip-version-check --require-hashes --requirement "$lock"
.venv/bin/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
# Bytecode now, but of the packages' own tests: an environment may forbid writing it later (PYTHONDONTWRITEBYTECODE),
# and half of a start is compiling.
.venv/bin/python -m compileall -q -j 0 -x '/tests?/' .venv/lib src || true
# The tables of law likewise, as they are read.
.venv/bin/python -c 'from geoecon.law.read_regimes import keep_all; keep_all()' || true
