#!/bin/sh
# Remakes the lock files (needs uv on the path). Hashes yes, index addresses no.
set -eu
cd "$(dirname "$0")/.."
lock() { out=$1; shift; uv pip compile --quiet pyproject.toml --universal --python-version 3.11 \
    --generate-hashes --no-emit-index-url --no-header --no-annotate "$@" -o "requirements/$out"; }
lock test.txt --all-extras --group build --group test --group peers --group check --group docs
lock run.txt --extra web --extra office --group build -c requirements/test.txt
for name in installer bench peer oecd; do
    no_deps=""
    case "$name" in peer | oecd) no_deps="--no-deps" ;; esac
    uv pip compile --quiet "requirements/$name.in" --universal --python-version 3.11 --generate-hashes $no_deps \
        --no-emit-index-url --no-header --no-annotate -o "requirements/$name.txt"
done
