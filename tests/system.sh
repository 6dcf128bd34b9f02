#!/bin/sh
# The tests drive a real Chromium and a Java runtime (for Spark). Installs what is missing, or says what to type.
# With --say it only says what it would install.
set -eu
# Where they lie on machines that leave them off the PATH; the tests look there too (views/pdf.py, tests/conftest.py).
browsers="${BROWSER_PLACES-/usr/bin/chromium:/usr/bin/chromium-browser:/usr/bin/google-chrome:/snap/bin/chromium:/Applications/Google Chrome.app/Contents/MacOS/Google Chrome:/Applications/Chromium.app/Contents/MacOS/Chromium}"
runtimes="${JAVA_PLACES-/usr/lib/jvm/*/bin/java:/opt/homebrew/opt/openjdk/bin/java:/usr/local/opt/openjdk/bin/java}"
lies_in() {
    old="$IFS"
    IFS=:
    for pattern in $1; do
        IFS=
        for place in $pattern; do
            if [ -x "$place" ]; then IFS="$old"; return 0; fi
        done
        IFS=:
    done
    IFS="$old"
    return 1
}
has_chromium() {
    for name in chromium chromium-browser google-chrome google-chrome-stable; do
        if command -v "$name" >/dev/null 2>&1; then return 0; fi
    done
    lies_in "$browsers"
}
has_java() {
    java -version >/dev/null 2>&1 || lies_in "$runtimes"
}
missing=""
has_chromium || missing="chromium"
has_java || missing="$missing java"
if [ -z "$missing" ]; then
    if [ "${1:-}" = "--say" ]; then echo "Nothing is missing."; fi
    exit 0
fi
packages=""
case "$missing" in *chromium*) packages="chromium" ;; esac
case "$missing" in *java*) packages="$packages default-jre-headless" ;; esac
packages="${packages# }"
if [ "${1:-}" = "--say" ]; then
    echo "Would install: $packages"
    exit 0
fi
echo "The tests need:$(printf ' %s' $missing). Installing through the system's package manager."
if command -v apt-get >/dev/null 2>&1; then
    as=""
    if [ "$(id -u)" -ne 0 ]; then
        if command -v sudo >/dev/null 2>&1 && sudo -n true 2>/dev/null; then as="sudo"; else
            echo "Not allowed to install here. Type: sudo apt-get install $packages" >&2
            exit 1
        fi
    fi
    $as apt-get update -qq && $as env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq $packages >/dev/null
elif command -v brew >/dev/null 2>&1; then
    case "$missing" in *chromium*) brew install --cask chromium ;; esac
    case "$missing" in *java*) brew install openjdk ;; esac
else
    echo "No apt-get or brew here. Install Chromium and a Java 17 runtime, then type: make test" >&2
    exit 1
fi
