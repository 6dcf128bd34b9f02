"""The dependence explorer: what a country buys from one supplier, who else sells it, and what followed cuts."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from geoecon import charts, countries, tables
from geoecon.errors import InputError
from geoecon.message import phrases as say
from geoecon.spoken import significant
from geoecon.web.brought import brought
from geoecon.web.cut_offs import told

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from geoecon.flows import Flows
    from geoecon.indicators import Scan


LEAST, SHARE, HALF, SHOWN = 30e6, 2 / 3, 0.5, 12
MONETARY = ("7106", "7108", "7109", "7110", "7111", "7112", "7118")  # gold, silver, platinum: bought as money
SORTS = {"replace": "hardest to replace", "share": "largest share", "value": "largest trade"}
# others' sales elsewhere over what is bought from the supplier: the most, the word, its tone
STEPS = ((1.0, "no", "red"), (5.0, "hardly", "amber"), (10.0, "with effort", "amber"), (float("inf"), "yes", "teal"))
UNKNOWN, NOT_HELD = "not known", "the table does not hold what others sell elsewhere"


@lru_cache(maxsize=24)
def _scan(path: str, importer: str, year: str, reading: str, name: str) -> Scan:
    from geoecon import indicators

    more: dict[str, Any] = {"period": year} if year else {}
    return indicators.scan(_flows(path, reading, name) or "sample", importer=importer, top=3000, **more)


@lru_cache(maxsize=4)
def _flows(path: str, reading: str, name: str) -> Flows | None:
    """A table that somebody brought, read once; None for the bundled trade."""
    return brought(path, reading, name)


def explore(
    country: str,
    supplier: str = "",
    year: str = "",
    sort: str = "replace",
    product: str = "",
    path: str = "",
    reading: str = "",
    name: str = "",
) -> dict[str, Any]:
    """The one-sided imports of a country, one of them in detail, as plain data."""
    from geoecon import lexicon
    from geoecon.views import plain

    here = str(lexicon.state(country))
    other = "" if supplier.strip().lower() in ("", "any") else str(lexicon.state(supplier))
    if sort not in SORTS:
        raise InputError(f"sort {sort!r}; allowed: " + ", ".join(SORTS))
    found = _scan(path, here, year if year != "last" else "", reading, name)
    rows = _rows(found, other)
    if rows.empty:
        seller = f" from {countries.name(other)}" if other else ""
        raise InputError(
            f"{countries.name(here)} has no imports{seller} in this table; allowed: another country or supplier"
        )
    keys = {"replace": ["replaceability"], "share": ["import_share"], "value": ["value_usd"]}
    rows = rows.sort_values(keys[sort], ascending=sort == "replace", kind="stable").head(SHOWN)
    listed = [_row(found, row) for row in tables.records(rows)]
    chosen = next((one for one in listed if one["product"] == product), listed[0])
    hard = [one for one in listed if one["word"] == "no"]
    first = hard[0] if hard else listed[0]
    elsewhere = f"what all others sell elsewhere is {first['times']} of that" if first["word"] != UNKNOWN else NOT_HELD
    lead = (
        f"{first['name']}: {say.percent(first['share'])}{first['of_what']} comes from {say.land(first['supplier'])}, "
        f"and {elsewhere}."
    )
    answer: dict[str, Any] = plain(
        {
            "title": headline(listed, say.land(countries.name(here))),
            "lead": lead,
            "country": countries.name(here),
            "code": here,
            "supplier": countries.name(other) if other else "any",
            "year": found.periods[-1],
            "sort": sort,
            "rows": listed,
            "chosen": chosen,
            "detail": detail(found, here, chosen, _flows(path, reading, name)),
            "sources": sorted(found.sources),
            "notes": list(found.coverage.said),
            "asked": {"country": here, "supplier": other, "year": year, "sort": sort, "product": chosen["product"]},
            "bundled": not path,
            "years": own.periods()[::-1] if (own := _flows(path, reading, name)) is not None else [],
        }
    )
    return answer


def headline(listed: Sequence[Mapping[str, Any]], buyer: str) -> str:
    """How many of the goods cannot be bought elsewhere, and of how many that is not known."""
    words = [one["word"] for one in listed]
    goods = "one-sided good" if min(one["share"] for one in listed) >= HALF else "good"
    all_ = {1: f"the {goods}", 2: f"both {goods}s"}.get(len(listed), f"all {say.whole(len(listed))} {goods}s")
    hard, unknown = words.count("no"), words.count(UNKNOWN)
    if unknown == len(listed):
        return f"Whether {all_} that {buyer} buys can be bought elsewhere cannot be told from this table"
    open_ = f"; of {say.whole(unknown)} it cannot be told" if unknown else ""
    if hard or unknown:
        rest = "" if unknown else ", some hardly" if "hardly" in words and not hard else ""
        count = f"{say.whole(hard)} cannot" if hard else f"{say.whole(len(listed) - unknown)} can"
        return f"Of {say.whole(len(listed))} {goods}s that {buyer} buys, {count} be bought elsewhere{rest}{open_}"
    return say.capital(
        f"{all_} that {buyer} buys can be bought elsewhere{', some hardly' if 'hardly' in words else ''}"
    )


def _rows(found: Scan, supplier: str) -> pd.DataFrame:
    """Rows of the largest supplier (or of the one asked for) above two thirds, monetary metals left out; fewer than
    three such rows: above a half, then all. Where part of the imports names no supplier: of the largest that is named.
    """
    table = found.table
    table = table[~table["product"].astype(str).str.startswith(MONETARY) & table["import_share"].notna()]
    most = table.groupby(["importer", "product"])["import_share"].transform("max")
    largest = (table["exporter"] == table["top_supplier"]) | (
        table["top_supplier"].isna() & (table["import_share"] == most)
    )
    mine = table[table["exporter"] == supplier] if supplier else table[largest]
    for share, least in ((SHARE, LEAST), (HALF, LEAST / 10), (0.0, 0.0)):
        rows = mine[(mine["import_share"] >= share) & (mine["imports"] >= least)]
        if len(rows) >= 3 or share == 0.0:
            break
    return pd.DataFrame(rows)


def _row(found: Scan, row: dict[str, Any]) -> dict[str, Any]:
    from geoecon.indicators import of_what

    times = float(row["replaceability"])
    word, tone = next(
        ((word, tone) for most, word, tone in STEPS if times < most or times == most == float("inf")), (UNKNOWN, "")
    )
    return {
        "product": str(row["product"]),
        "name": short_name(str(row["product"]), found.names.get(str(row["product"]), str(row["product"]))),
        "imports": say.money(float(row["imports"]), tile=True),
        "share": float(row["import_share"]),
        "of_what": of_what(row),
        "supplier": countries.name(str(row["exporter"])),
        "code": str(row["exporter"]),
        "value": float(row["value_usd"]),
        "all": float(row["imports"]),
        "word": word,
        "tone": tone,
        "times": times_words(times),
        "reach": float(row.get("market_share_of_sales") or float("nan")),
        "loss": float(row.get("cutoff_loss") or float("nan")) * float(row["imports"]),  # as `exposure` and `levers`
        "ratio": times,
    }


def times_words(times: float) -> str:
    """Others' sales as a multiple: "under a third", "2 times as much"; nothing where they are not known."""
    if times != times:
        return ""
    if times < 1 / 3:
        return "under a third"
    return (
        f"{say.tenths(times)}" if times < 1 else f"{significant(times):g} times as much" if times < 1e5 else "far more"
    )


def short_name(product: str, title: str) -> str:
    """A product as people say it: the list of names where it has one, else the customs title without its small
    print.
    """
    from geoecon import lexicon

    known = [good.name for good in lexicon.goods().values() if good.hs == (product,)]
    if known:
        return say.capital(known[0])
    if title.isdigit():
        return f"HS {title}"
    head, _, rest = title.partition(":")
    first = rest.split(",")[0].split("(")[0].split(";")[0].strip()
    if not rest or len(first) > 34:
        return say.capital(head.split(";")[0].split(",")[0].strip())[:48]
    if first.split()[0] in ("natural", "artificial", "crude", "refined", "unwrought", "primary"):
        return say.capital(f"{first} {head.lower()}")
    return say.capital(first if head.lower() in first else f"{head}, {first}")[:60]


def detail(found: Scan, here: str, chosen: dict[str, Any], own: Flows | None) -> dict[str, Any]:
    """Map of suppliers, what a stop would mean, the share over the years, and precedents."""
    product, home = chosen["product"], countries.name(here)
    table = found.table[found.table["product"] == product].sort_values("import_share", ascending=False)
    discs = [
        (str(row["exporter"]), countries.name(str(row["exporter"])), float(row["import_share"]))
        for row in tables.records(table.head(12))
    ]
    seller = say.land(chosen["supplier"])
    share = say.percent(chosen["share"])
    title = f"{chosen['name']}: {share} from {chosen['supplier']}"
    world = charts.world(
        discs,
        (here, home),
        title=title,
        said=f"{title}. Suppliers of {home} by share of imports, {found.periods[-1]}.",
        sources=found.sources,
    )
    stops, when = [], each(found.periods[-1])
    if chosen["word"] == UNKNOWN:
        stops.append(("Can others step in?", f"cannot be told: {NOT_HELD}."))
    if np.isfinite(chosen["ratio"]):
        elsewhere = chosen["ratio"] * chosen["value"]
        verb = "No one fills the gap" if chosen["word"] == "no" else "Others sell it"
        stops.append(
            (
                verb,
                f"other sellers ship {say.money(elsewhere)} {when} elsewhere; "
                f"{say.land(home)} buys {say.money(chosen['value'])} from {seller}.",
            )
        )
    if np.isfinite(chosen["reach"]):
        stops.append(
            (
                f"{say.capital(seller)} would feel it",
                f"{say.land(home)} takes {say.percent(chosen['reach'])} of what {seller} sells abroad.",
            )
        )
    if np.isfinite(chosen["loss"]):
        stops.append((f"Loss for {say.land(home)}", f"about {say.money(chosen['loss'])} {when} by rule of thumb."))
    return {
        "title": chosen["name"],
        "world": vars(world),
        "stops": stops,
        "trend": _trend(here, chosen, own),
        "precedents": _precedents(here, chosen),
    }


def each(period: str) -> str:
    """What the values of a period are for, in words: "a year", and "in 2022-02" for one month or quarter."""
    return "a year" if period.isdigit() else f"in {period}"


def _trend(here: str, chosen: dict[str, Any], own: Flows | None) -> dict[str, Any] | None:
    """The supplier's share by year, in the bundled trade or in a table of one's own."""
    from geoecon import flows

    if own is None:
        frame = flows.raw_materials(importer=here, product=chosen["product"])
    else:
        frame = own.select(importer=here, product=chosen["product"]).to_frame()
        frame = frame[frame["period"].astype(str).str.fullmatch(r"\d{4}")].copy()
    frame["mine"] = frame["value_usd"].where(frame["exporter"] == chosen["code"], 0.0)
    years = frame.groupby("period", as_index=False)[["value_usd", "mine"]].sum()
    bought = [row for row in tables.records(years) if row["value_usd"]]  # of nothing there is no share
    points = [(float(row["period"]), 100 * row["mine"] / row["value_usd"]) for row in bought]
    if len(points) < 3:
        return None
    first, last = points[0][1], points[-1][1]
    verb = "has risen" if last - first > 3 else "has fallen" if first - last > 3 else "stands where it stood"
    title = f"{say.whose(chosen['supplier'], True)} share {verb}" + (
        f" from {first:.0f} to {last:.0f} %" if "has" in verb else f", at {last:.0f} %"
    )
    picture = charts.trend(
        points, title=title, said=f"{title}, {points[0][0]:.0f} to {points[-1][0]:.0f}.", unit=f"{say.NBSP}%", top=100
    )
    return {"title": title, "picture": vars(picture)}


def _precedents(here: str, chosen: dict[str, Any]) -> dict[str, Any] | None:
    """What followed the most similar cut-offs of the record, or None where it has none."""
    from geoecon.episodes import precedents

    try:
        known = precedents(chosen["product"], supplier=chosen["code"], importer=here)
    except (ValueError, LookupError):
        return None
    return told(known, 6)
