"""The Chromium that tests drive: found on the machine, told to stay silent."""

from geoecon.views import browser

FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--disable-quic",
]


def program() -> str:
    found = browser()
    assert found, "the tests need Chromium: apt-get install chromium"
    return found
