"""The local web application. Its libraries are imported when it starts: a machine without them gets a clear word."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from geoecon.errors import MissingData

if TYPE_CHECKING:
    from starlette.applications import Starlette

SCENARIOS = Path("geoecon-scenarios.sqlite")
NEEDS = "the web extra: pip install 'geoecon[web]'"


def create_app(*cases: Path, workers: int = 2, scenarios: Path = SCENARIOS, limit: int | None = None) -> Starlette:
    """The application. `cases` are case folders beside the built-in ones; `scenarios` the file of saved scenarios;
    `limit` the largest body in bytes.

    Raises InputError where a case folder has faults, MissingData without the extra `web`.
    """
    try:
        from geoecon.web import app
    except ImportError as error:
        raise MissingData(NEEDS) from error
    return app.create_app(*cases, workers=workers, scenarios=scenarios, limit=limit)


def serve(*cases: Path, port: int = 8765, workers: int = 2, scenarios: Path = SCENARIOS, opens: bool = False) -> None:
    """Starts the application on this machine alone (127.0.0.1) and answers until it is interrupted.

    Raises InputError for a port outside 1 to 65535 or a faulty case folder, MissingData without the extra `web`.
    """
    try:
        from geoecon.web import app
    except ImportError as error:
        raise MissingData(NEEDS) from error
    app.serve(*cases, port=port, workers=workers, scenarios=scenarios, opens=opens)


__all__ = ["create_app", "serve"]
