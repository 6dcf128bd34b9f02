#!/bin/sh
# The tests drive a real Chromium and a Java runtime (for Spark). Installs what is missing, or says what to type.
set -eu
missing=""
chromium() {
    for name in chromium chromium-browser google-chrome google-chrome-stable; do command -v "$name" && return 0; done
    for app in "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome" /Applications/Chromium.app/Contents/MacOS/Chromium; do
        [ -x "$app" ] && return 0
    done
    return 1
}
chromium >/dev/null || missing="chromium"
java -version >/dev/null 2>&1 || missing="$missing java"
[ -n "$missing" ] || exit 0
echo "The tests need:$missing. Installing through the system's package manager."
if command -v apt-get >/dev/null; then
    packages=""
    case "$missing" in *chromium*) packages="chromium" ;; esac
    case "$missing" in *java*) packages="$packages default-jre-headless" ;; esac
    as=""
    if [ "$(id -u)" -ne 0 ]; then
        if command -v sudo >/dev/null && sudo -n true 2>/dev/null; then as="sudo"; else
            echo "Not allowed to install here. Type: sudo apt-get install $packages" >&2
            exit 1
        fi
    fi
    $as apt-get update -qq && $as env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq $packages >/dev/null
elif command -v brew >/dev/null; then
    case "$missing" in *chromium*) brew install --cask chromium ;; esac
    case "$missing" in *java*) brew install openjdk ;; esac
else
    echo "No apt-get or brew here. Install Chromium and a Java 17 runtime, then type: make test" >&2
    exit 1
fi
