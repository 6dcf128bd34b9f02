"""How unequal the triangle is, who gives way, and how good the forecast was."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from geoecon import charts, countries
from geoecon.message import Findings, ending_words, endings, event_words, favoured, half_life
from geoecon.message import phrases as say
from geoecon.spoken import significant
from geoecon.tables import records
from geoecon.views.block import SENDER, TARGET, Answer, band_words, missing, named

if TYPE_CHECKING:
    from geoecon.bargaining import DisputeForecast


ENDING_COLOURS = {
    "target_concedes": "blue",
    "settlement": "teal",
    "sender_concedes": "red2",
    "faded": "sand",
    "open": "grey3",
}


def how_unequal(found: Findings) -> Answer:
    """The weight of the two against each other, and what each would lose without the patron."""
    triangle = found.result("alliance")
    if triangle is None:
        return missing(found, "alliance")
    figures, sender, target, patron = (
        found.assessment.told["alliance"],
        found.name("sender"),
        found.name("target"),
        found.name("patron"),
    )
    bars: list[tuple[str, list[tuple[float, str, str]]]] = []
    output = _output(found)
    if output:
        first = output[0] / (output[0] + output[1])
        bars.append(
            (f"Economic output of the two, {output[2]}", [(first, SENDER, sender), (1 - first, TARGET, target)])
        )
    power = next((figure.value for key, figure in figures.items() if key.startswith("cap_asymmetry")), None)
    if power is not None:
        first = (1 + _signed(figures, power, found)) / 2
        bars.append(
            ("Military capability (people, steel, arms)", [(first, SENDER, sender), (1 - first, TARGET, target)])
        )
    leans = []
    for code in found.case.patrons:
        lead = code == found.case.patron
        for role, colour in (("sender", SENDER), ("target", TARGET)):
            figure = figures.get(f"security_dependence.{found.code(role)}" + ("" if lead else f".{code}"))
            if figure is None or figure.value is None or figure.value <= 0.01:  # nobody’s patron: no bar
                continue
            if lead:
                leans.append((found.name(role), float(figure.value)))
            name = f"What {found.name(role)} would lose without {say.land(found.case.name_of(code))}"
            bars.append((name, [(figure.value, colour, "lost"), (1 - figure.value, "grey3", "kept")]))
    if not bars:
        return missing(found, "alliance")
    if len(leans) == 2 and abs(leans[0][1] - leans[1][1]) < 0.06:
        text = f"Both lean on {say.land(patron)} about equally"
    elif len(leans) == 2:
        more = max(leans, key=lambda one: one[1])
        text = (
            f"{say.land(more[0], True)} leans more on {say.land(patron)}: it "
            f"would lose {say.percent(more[1])} of what it counts on"
        )
    elif leans:
        text = (
            f"{say.land(leans[0][0], True)} would lose "
            f"{say.percent(leans[0][1])} of what it counts on without {say.land(patron)}"
        )
    else:
        text = "" if output else f"In military capability {sender} and {target} differ in weight"
    if output and len(leans) in (0, 2):
        ratio = max(output[:2]) / min(output[:2])
        bigger, smaller = (sender, target) if output[0] >= output[1] else (target, sender)
        than = f" as that of {say.land(smaller)}" if not leans else ""
        weigh = (
            f"{say.whose(bigger)} economy is {significant(ratio):g} times as large{than}"
            if ratio > 1.3
            else "their economies weigh alike"
            if leans
            else f"The economies of {sender} and {target} weigh alike"
        )
        text = f"{text}; {weigh}" if text else say.capital(weigh)
    picture = charts.shares(bars, title=text, said=f"{text}.", names=True, sources=triangle.sources)
    return f"{text}.", picture, named(triangle.sources)


def _signed(figures: Mapping[str, Any], power: float, found: Findings) -> float:
    """The asymmetry from the sender's side: its label says who stands first."""
    label = next((figure.label for key, figure in figures.items() if key.startswith("cap_asymmetry")), "")
    return float(power) if found.code("sender") in label.split(">")[0] else -float(power)


def _output(found: Findings) -> tuple[float, float, int] | None:
    """(sender, target, year) GDP of the last year before the start in which both are known."""
    if not found.case.has("macro"):
        return None
    table = found.case.table("macro")
    table = table[(table["series"] == "gdp_usd") & (table["year"] < found.case.start.year)]
    wide = table.pivot_table(index="year", columns="state", values="value", aggfunc="last")
    both = [found.code("sender"), found.code("target")]
    if not set(both) <= set(wide.columns) or wide[both].dropna().empty:
        return None
    known = wide[both].dropna()
    first, second = known.iloc[-1].astype(float)
    return float(first), float(second), int(known.index[-1])


def who_gives_way(found: Findings) -> Answer:
    """One bar for the forecast, one for the record of past disputes."""
    chances = endings(found)
    if not chances:
        return missing(found, "bargaining")
    forecast, order = found.forecast, list(ENDING_COLOURS)
    assert forecast is not None
    months = forecast.months
    bars = [(f"Forecast for this dispute, after {say.length(months)}", _stack(chances, order, found))]
    record = _record(forecast, list(chances), months)
    if record:
        bars.append((f"Past disputes, after {say.length(months)}", _stack(record, order, found)))
    text = favoured(found).rstrip(".")
    half = half_life(found)
    if half is not None:
        text += f"; as likely as not it has ended within {say.within(half)}"
    came = next((f"What came: {line}" for line in reversed(_ending_came(found))), "")
    legend = [(ENDING_COLOURS[key], say.capital(ending_words(key, found))) for key in order if key in chances]
    picture = charts.shares(bars, title=text, said=f"{text}.", legend=legend, came=came, sources=forecast.sources)
    return f"{text}.", picture, named(forecast.sources)


def _stack(chances: Mapping[str, float], order: list[str], found: Findings) -> list[tuple[float, str, str]]:
    return [(float(chances[key]), ENDING_COLOURS[key], ending_words(key, found)) for key in order if key in chances]


def _record(forecast: DisputeForecast, names: list[str], months: int) -> dict[str, float]:
    """Endings of all coded disputes that start so, by that month: the base rate; empty where the forecast has none."""
    base = getattr(forecast, "base", None)
    if base is None or not len(base):
        return {}
    return {name: float(value) for name, value in zip(names, base[min(months, len(base) - 1)], strict=False)}


def _ending_came(found: Findings) -> list[str]:
    if found.scores is None:
        return []
    rows = found.scores[(found.scores["kind"] == "event") & (found.scores["observed"] == 1)].sort_values("date")
    return [event_words(found, str(label)) for label in rows["label"]]


def how_good(found: Findings) -> Answer:
    """Forecast ranges beside what came, the widest misses first; shares and changes in per cent."""
    if found.result("evidence") is None:
        return missing(found, "evidence")
    inside, of = found.checked
    if not of:
        return "Nothing of this forecast can be checked yet.", None, ""
    if of < 3:
        text = (
            f"One result was checked so far, and it fell {'inside' if inside else 'outside'} our range"
            if of == 1
            else f"Two results were checked so far: {say.whole(inside) if inside else 'none'} fell inside our ranges"
        )
    elif inside < 0.7 * of:
        text = f"Ranges were too narrow: {inside} of {of} results fell inside, {round(0.8 * of)} should have"
    else:
        text = f"Ranges held: {inside} of {of} results fell inside" + (
            ", and they are wide" if inside == of and of >= 5 else ", about as many as should"
        )
    scores = found.measured
    scores = scores[scores["unit"].isin(["share", "percent"])].sort_values("told_inside", kind="stable")
    rows = []
    for row in records(scores)[:6]:
        scale = 100.0 if row["unit"] == "share" else 1.0
        rows.append(
            {
                "label": _outcome(found, row),
                "low": scale * row["told_low"],
                "middle": scale * row["told_middle"],
                "high": scale * row["told_high"],
                "came": scale * row["observed"],
            }
        )
    picture = (
        charts.ranges(
            rows,
            title=text,
            said=f"{text}.",
            unit="%",
            legend=(band_words(found), "what came"),
            zero=False,
            sources=found.sources("evidence"),
        )
        if rows
        else None
    )
    return f"{text}.", picture, f"Forecast of {say.day(found.case.cutoff)}, scored later. The widest misses first."


def _outcome(found: Findings, row: Mapping[str, Any]) -> str:
    of, _, year = str(row["of"]).partition("@")
    name = say.capital(found.products.get(of, of.replace("_", " ")))
    reading = found.readings.get(str(row["outcome_id"]), "")
    if row["metric"] == "dependence_share":
        return f"{name}, share from {found.seller}, {year}{reading}"
    if row["metric"] == "imports_change_12m":
        return f"{name}, imports, first year{reading}"
    label = str(row["label"]).replace("the target", found.name("target")).replace("the sender", found.name("sender"))
    for key, words in found.products.items():
        label = re.sub(rf"\b{re.escape(key)}\b", words.lower(), label)
    label = re.sub(r"\b[A-Z]{3}\b", lambda one: countries.name(one[0]) if countries.is_known(one[0]) else one[0], label)
    return say.capital(re.sub(r"\b\d{4}-\d{2}\b(?!-)", lambda one: say.month(one[0]), label).replace("_", " "))
