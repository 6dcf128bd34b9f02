"""The rows that ship with the package: BACI raw materials of the last ten years, for a scan in minute one."""

from __future__ import annotations

from functools import cache
from importlib.resources import as_file, files

from geoecon.flows.flows import Flows
from geoecon.flows.read import read_flows

ATTRIBUTION = (
    "CEPII, BACI (Gaulier & Zignago 2010), HS92, release 202401b, raw materials 2015-2024, Etalab Open Licence 2.0"
)


@cache
def sample() -> Flows:
    """World trade in 74 raw materials, 2015 to 2024: 504,683 flows of CEPII's BACI under the Etalab licence 2.0."""
    with as_file(files("geoecon") / "flows" / "sample.parquet") as path:
        return read_flows(path, quiet=True)
