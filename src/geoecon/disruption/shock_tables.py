"""The tables of a shock: events, caps on flows, changes of demand, from frames or CSV files, every fault named."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from geoecon import tables
from geoecon.disruption.economy import Array, Economy
from geoecon.disruption.events import Event
from geoecon.errors import Fault, InputError

Given = pd.DataFrame | str | Path
EVENTS: Mapping[str, tables.Rule] = {
    "event": tables.text,
    "region": tables.text,
    "sector": tables.text,
    "start_day": tables.at_least_zero,
    "duration_days": tables.at_least_zero,
    "capacity_loss": tables.share,
    "recovery": tables.one_of("none", "linear", "convex", "convex unscaled", "s-shaped"),
    "recovery_days": tables.at_least_zero,
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
DEMAND: Mapping[str, tables.Rule] = {
    "region": tables.text,
    "sector": tables.text,
    "consumer": tables.text,
    "from_day": tables.at_least_zero,
    "to_day": tables.at_least_zero.optional().if_present(),
    "change": tables.number,
}


def checked(given: Given, rules: Mapping[str, tables.Rule], name: str) -> list[dict[str, Any]]:
    """Rows of a user's table (a frame or a CSV file) under the rules of its columns, with their line numbers."""
    if not isinstance(given, pd.DataFrame):
        return tables.records(tables.read_table(Path(given), rules))
    frame = given
    return tables.records(
        tables.parse_table(frame.drop(columns="line", errors="ignore").to_csv(index=False), rules, name)
    )


def events(events: Given | Sequence[Event] | None, faults: list[str | Fault]) -> list[Event]:
    """The events of a table, rows of one name and time together, or those given."""
    if events is None:
        return []
    if not isinstance(events, pd.DataFrame | str | Path):
        return list(events)
    found: dict[tuple[Any, ...], dict[tuple[str, str], float]] = {}
    for row in checked(events, EVENTS, "events"):
        key = tuple(row[name] for name in ("event", "start_day", "duration_days", "recovery", "recovery_days"))
        industries = found.setdefault(key, {})
        place = (row["region"], row["sector"])
        if place in industries:
            faults.append(Fault("events", row["line"], None, f"{row['event']} hits {'/'.join(place)} twice", "once"))
        industries[place] = row["capacity_loss"]
    return [Event(name, hit, int(start), int(lasts), recovery=how, recovery_days=back)
            for (name, start, lasts, how, back), hit in found.items()]  # fmt: skip


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
    first, last = int(row["from_day"]), row.get("to_day")
    last = days if last is None or last != last else int(last)
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
    for row in checked(caps, CAPS, "caps"):
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
        after, ramp, most = (_or(row.get(f"switch_{key}"), default)
                             for key, default in (("after_days", 0.0), ("ramp_days", 1.0), ("share", 0.0)))  # fmt: skip
        switch[span] = np.maximum(switch, most * np.clip((since - after + 1) / max(ramp, 1), 0, 1))[span]
    if not found:
        return {}
    return {
        "seller": np.array([i for i, _ in found], np.int64),
        "buyer": np.array([j for _, j in found], np.int64),
        "cap": np.stack([cap for cap, _ in found.values()], axis=1)[:, :, None],
        "switch": np.stack([switch for _, switch in found.values()], axis=1)[:, :, None],
    }


def _or(value: Any, default: float) -> float:
    return default if value is None or value != value else float(value)


def demand(economy: Economy, demand: Given | None, days: int, faults: list[str | Fault]) -> dict[str, Any]:
    """Changes of final demand as `Shocks` takes them: industry, amount a day by day."""
    if demand is None or (isinstance(demand, pd.DataFrame) and not len(demand)):
        return {}
    found: dict[int, Array] = {}
    for row in checked(demand, DEMAND, "demand"):
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
