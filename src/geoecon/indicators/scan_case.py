"""The scan of a case: what else the target buys from the sender and could not replace."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from geoecon import countries
from geoecon.case import Case
from geoecon.errors import Fault, InputError, MissingData
from geoecon.flows import Flows, engine, read_flows, sample_of, sample_years
from geoecon.indicators.of_flows import READING
from geoecon.indicators.result import Scan
from geoecon.indicators.scan import scan

FLOWS = ("flows.parquet", "flows.csv", "flows.csv.gz", "flows.xlsx")  # a case's own rows, in this order
YEARS = 3  # the last year, and the two before for persistence
PRESETS = ("ec2021", "geodep", "pc2021", "merics")  # crm2023 needs home production


def scan_for_case(case: Case) -> Scan:
    """Everything the target bought from the sender in the last year before the dispute, costliest cut-off first.

    The rows are the case's own `flows` file where it has one, else the bundled trade in raw materials; so the scan
    describes what else could be withheld, not the controlled goods alone, and predicts nothing.
    Raises MissingData where the rows hold no year before the dispute or no such trade, InputError for a faulty file.
    """
    file, flows = own_rows(case) or ("flows.csv", None)
    spans = flows.periods() if flows else sample_years()
    sides = (case.target, case.sender)
    unknown = [code for code in sides if not (countries.is_known(code) or countries.is_group(code))]
    if unknown:
        raise MissingData(f"a state as target and sender; {' and '.join(unknown)} is no bloc of the trade tables")
    if all(map(countries.is_group, sides)):
        raise MissingData("a sender or a target that is one state; both are groups")
    before = [year for year in spans if len(year) == 4 and int(year) < case.start.year]
    if not before:
        raise MissingData(f"{file}: a year before {case.start.year}; it has {', '.join(spans)}")
    last = before[-YEARS:]
    steady = in_memory(flows.select(period=last)) if flows else sample_of(last)
    bloc = next((code for code in sides if countries.is_group(code)), None)
    found = scan(steady, case.target, case.sender, preset=PRESETS, period=before[-1], bloc=bloc)
    if not len(found):
        raise MissingData(f"{file}: imports of {case.target} from {case.sender} in {before[-1]}")
    return found


def in_memory(flows: Flows) -> Flows:
    """The same sorted and in memory: sums in one order, so that a repeated run gives the same file to the last bit."""
    return replace(flows, frame=engine.lazy(flows.to_frame()))


def own_rows(case: Case) -> tuple[str, Flows] | None:
    """The case's own file and its flows, where it has one; `[flows]` of case.toml says how it is read (options of
    `read_flows`)."""
    own = next((place for name in FLOWS if (place := Path(case.folder) / name).is_file()), None)
    how = dict(case.settings.get("flows", {}))
    wrong = sorted(set(how) - READING)
    if wrong or (how and own is None):
        told = ", ".join(wrong) if wrong else "[flows] without a file of flows"
        raise InputError(
            Fault("case.toml", None, "flows", told, f"with {', '.join(FLOWS)}: {', '.join(sorted(READING))}")
        )
    return (own.name, read_flows(own, **how)) if own else None
