"""convert: flows of any kind as one sorted Parquet file that says what it holds."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from geoecon.flows.flows import Flows
from geoecon.flows.read import read_flows


def convert(source: Any, out: str | Path, **options: Any) -> Flows:
    """Reads flows (options as in `read_flows`), writes them to `out` and returns them as read back.

    Nothing is written where the source has a fault; an existing file stays until the new one is complete.
    """
    path = read_flows(source, **options).write(out)
    return read_flows(path, quiet=True)
