"""The tables of a shock: events, caps on flows, changes of demand, from frames or CSV files, every fault named."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from geoecon import tables
from geoecon.disruption.economy import Array, Economy
from geoecon.disruption.events import KINDS, Event
from geoecon.errors import Fault, InputError

if TYPE_CHECKING:
    from geoecon.kinds import Cell


Given = pd.DataFrame | str | Path
EVENTS: Mapping[str, tables.Rule] = {
    "event": tables.text,
    "region": tables.text,
    "sector": tables.text,
    "start_day": tables.at_least_zero,
    "duration_days": tables.at_least_zero,
    "capacity_loss": tables.share.optional(),
    "recovery": tables.one_of("none", "linear", "convex", "convex unscaled", "s-shaped"),
    "recovery_days": tables.at_least_zero,
    "kind": tables.one_of(*KINDS).optional().if_present(),
    "amount": tables.at_least_zero.optional().if_present(),
    "rebuilt_by": tables.text.optional().if_present(),
}
CAPS: Mapping[str, tables.Rule] = {
    "exporter": tables.text,
    "sector": tables.text,
    "importer": tables.text,
    "to_sector": tables.text,
    "from_day": tables.at_least_zero,
    "to_day": tables.at_least_zero.optional().if_present(),
    "cap": tables.share,
    "switch_after_days": tables.at_least_zero.optional().if_present(),
    "switch_ramp_days": tables.at_least_zero.optional().if_present(),
    "switch_share": tables.share.optional().if_present(),
}
SWITCH = ("after_days", "ramp_days", "share")
DEMAND: Mapping[str, tables.Rule] = {
    "region": tables.text,
    "sector": tables.text,
    "consumer": tables.text,
    "from_day": tables.at_least_zero,
    "to_day": tables.at_least_zero.optional().if_present(),
    "change": tables.number,
}


def checked(
    given: Given, rules: Mapping[str, tables.Rule], name: str, faults: list[str | Fault]
) -> list[dict[str, Any]]:
    """Rows of a user's table (a frame or a CSV file) under the rules of its columns, with their line numbers; none,
    and its bad cells among the faults, where it cannot be read."""
    try:
        if not isinstance(given, pd.DataFrame):
            return tables.records(tables.read_table(Path(given), rules))
        text = given.drop(columns="line", errors="ignore").to_csv(index=False, lineterminator="\r\n")
        return tables.records(tables.parse_table(text, rules, name))
    except InputError as error:
        faults.extend(error.faults)
        return []


def events(
    events: Given | Sequence[Event] | None, economy: Economy, days: int, faults: list[str | Fault]
) -> list[Event]:
    """The events of a table, rows of one name, kind and time together, or those given."""
    if events is None:
        return []
    if not isinstance(events, pd.DataFrame | str | Path):
        return list(events)
    found: dict[tuple[Any, ...], dict[tuple[str, str], float]] = {}
    for row in _placed(events, economy, days, faults):
        kind, builders = _word(row.get("kind"), "capacity"), _word(row.get("rebuilt_by"), "")
        key = (*(row[name] for name in ("event", "start_day", "duration_days", "recovery", "recovery_days")), kind,
               builders)  # fmt: skip
        industries = found.setdefault(key, {})
        place = (row["region"], row["sector"])
        if place in industries:
            faults.append(Fault("events", row["line"], None, f"{row['event']} hits {'/'.join(place)} twice", "once"))
        column = "capacity_loss" if kind == "capacity" else "amount"
        value = tables.measured(row.get(column))
        if value is None:
            needed = "a share from 0 to 1" if kind == "capacity" else "capital destroyed, from 0, in the table's unit"
            faults.append(Fault("events", row["line"], column, "empty", needed))
            continue
        industries[place] = value
    made = []
    for (name, start, lasts, how, back, kind, builders), hit in found.items():
        if hit:
            try:
                made.append(Event(name, hit, int(start), int(lasts), kind, how, back, _shares(name, builders)))
            except InputError as error:
                faults.extend(error.faults)
    return made


def _placed(given: Given, economy: Economy, days: int, faults: list[str | Fault]) -> list[dict[str, Any]]:
    """Rows without a fault; of every other row all that is wrong is among the faults: bad cells, an industry that the
    table has not, a start after the horizon."""
    try:
        if isinstance(given, pd.DataFrame):
            text = given.drop(columns="line", errors="ignore").to_csv(index=False)
            frame, wrong = tables.examine_text(text, EVENTS, "events")
        else:
            frame, wrong = tables.examine_table(Path(given), EVENTS, Path(given).name)
    except InputError as error:
        faults.extend(error.faults)
        return []
    faults.extend(wrong)
    sound, bad = [], {fault.row for fault in wrong}
    for row in [] if frame is None else tables.records(frame):
        line, before = row["line"], len(faults)
        for name, known in (("region", economy.regions), ("sector", economy.sectors)):
            if row[name] is not None and row[name] not in known:
                faults.append(Fault("events", line, name, str(row[name]), ", ".join(known)))
        start = tables.measured(row["start_day"])
        if start is not None and start >= days:
            faults.append(Fault("events", line, "start_day", f"{start:g}", f"a day before the horizon of {days} days"))
        if len(faults) == before and line not in bad:
            sound.append(row)
    return sound


def _word(value: Cell, default: str) -> str:
    return value if isinstance(value, str) and value else default


def _shares(name: str, text: str) -> dict[str, float]:
    """ "construction: 0.7; manufacturing: 0.3" as shares by sector; a name alone has all of it."""
    found = {}
    for part in filter(None, (part.strip() for part in text.split(";"))):
        sector, colon, share = part.rpartition(":")
        try:
            found[(sector if colon else part).strip()] = float(share) if colon else 1.0
        except ValueError:
            raise InputError(f"event {name}: rebuilt_by {part!r}; allowed: sector: share; sector: share") from None
    return found


def without_effect(economy: Economy, events: Sequence[Event], days: int) -> Iterator[str]:
    """Events that change nothing, or less than they say."""
    for event in events:
        for (region, sector), value in event.impact.items():
            if region not in economy.regions or sector not in economy.sectors:
                continue
            if value == 0:
                yield f"event {event.name}: a loss of 0 at {region}/{sector} changes nothing"
            elif economy.output[economy.index(region, sector)] == 0:
                yield f"event {event.name}: {region}/{sector} has no output, so its loss changes nothing"
        if event.start + event.duration > days:
            end = event.start + event.duration
            yield f"event {event.name}: lasts until day {end}, after the horizon of {days} days"


def _span(row: Mapping[str, Any], days: int, name: str, faults: list[str | Fault]) -> slice:
    """The days on which a row acts. A row that starts after the horizon or ends before its start is a fault."""
    first, end = int(row["from_day"]), tables.measured(row.get("to_day"))
    last = days if end is None else int(end)
    if first >= days:
        faults.append(Fault(name, row["line"], "from_day", str(first), f"a day before the horizon of {days} days"))
    if last <= first:
        faults.append(Fault(name, row["line"], "to_day", str(last), f"a day after the start, {first}"))
    return slice(first, last)


def _industry(
    economy: Economy, region: str, sector: str, name: str, line: int, faults: list[str | Fault]
) -> int | None:
    try:
        return economy.index(region, sector)
    except InputError as error:
        faults.append(f"{name} line {line}: {error}")
        return None


def caps(
    economy: Economy, caps: Given | None, days: int, faults: list[str | Fault], notes: list[str]
) -> dict[str, Any]:
    """Caps on flows as `Shocks` takes them: seller, buyer, cap and switch by day."""
    if caps is None or (isinstance(caps, pd.DataFrame) and not len(caps)):
        return {}
    R = len(economy.regions)
    found: dict[tuple[int, int], tuple[Array, Array]] = {}
    for row in checked(caps, CAPS, "caps", faults):
        line = row["line"]
        span = _span(row, days, "caps", faults)
        i = _industry(economy, row["exporter"], row["sector"], "caps", line, faults)
        j = _industry(economy, row["importer"], row["to_sector"], "caps", line, faults)
        if i is None or j is None or span.start >= days:
            continue
        flow = f"{economy.labels[i]} → {economy.labels[j]}"
        if economy.shares[i // R, i % R, j] == 0:
            faults.append(Fault("caps", line, None, f"{flow} has no base flow", "a flow of the table that is not zero"))
            continue
        if row["cap"] >= 1:
            notes.append(f"caps line {line}: a cap of 1 on {flow} changes nothing")
        cap, switch = found.setdefault((i, j), (np.ones(days), np.zeros(days)))
        if (cap[span] < 1).any():
            notes.append(f"caps line {line}: another row caps {flow} on the same days; the lower cap counts")
        cap[span] = np.minimum(cap[span], row["cap"])
        since = np.arange(days) - span.start
        after, ramp, most = (tables.measured(row.get(f"switch_{key}")) or 0.0 for key in SWITCH)
        gone_over = most * np.clip((since - after + 1) / max(ramp, 1), 0, 1)
        switch[span] = np.maximum(switch, gone_over)[span]
    if not found:
        return {}
    return {
        "seller": np.array([i for i, _ in found], np.int64),
        "buyer": np.array([j for _, j in found], np.int64),
        "cap": np.stack([cap for cap, _ in found.values()], axis=1)[:, :, None],
        "switch": np.stack([switch for _, switch in found.values()], axis=1)[:, :, None],
    }


def demand(economy: Economy, demand: Given | None, days: int, faults: list[str | Fault]) -> dict[str, Any]:
    """Changes of final demand as `Shocks` takes them: industry, amount a day by day."""
    if demand is None or (isinstance(demand, pd.DataFrame) and not len(demand)):
        return {}
    found: dict[int, Array] = {}
    for row in checked(demand, DEMAND, "demand", faults):
        span = _span(row, days, "demand", faults)
        i = _industry(economy, row["region"], row["sector"], "demand", row["line"], faults)
        if row["consumer"] not in economy.regions:
            faults.append(Fault("demand", row["line"], "consumer", row["consumer"], ", ".join(economy.regions)))
        elif row["change"] < -1:
            faults.append(Fault("demand", row["line"], "change", f"{row['change']:g}", "a share from −1"))
        elif i is not None:
            base = economy.final[i, economy.regions.index(row["consumer"])]
            if base == 0:
                where = f"{row['consumer']} buys nothing of {economy.labels[i]}"
                faults.append(Fault("demand", row["line"], None, where, "a demand of the table that is not zero"))
            found.setdefault(i, np.zeros(days))[span] += row["change"] * base
    if not found:
        return {}
    return {"demand_at": np.array(list(found), np.int64), "demand": np.stack(list(found.values()), axis=1)[:, :, None]}
