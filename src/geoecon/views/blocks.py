"""The seven questions, each as one sentence and one picture, with how we know behind it."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from geoecon import charts, countries
from geoecon.views import phrases as say
from geoecon.views.findings import Findings
from geoecon.views.message import depends, ending_words, endings, event_words, half_life

SENDER, TARGET, THIRD = "red2", "blue2", "sand"
ENDING_COLOURS = {
    "target_concedes": "blue",
    "settlement": "teal",
    "sender_concedes": "red2",
    "faded": "sand",
    "open": "grey3",
}
TOP = 4  # suppliers shown by name


@dataclass(frozen=True)
class Block:
    """A question: kicker, the answer in a sentence, the picture, where it is from, how we know."""

    key: str
    kicker: str
    sentence: str
    picture: charts.Picture | None
    source: str
    stages: tuple[str, ...]


def blocks(found: Findings) -> list[Block]:
    """All seven in order; a question that no stage answers says why in its sentence."""
    made = []
    for number, (key, kicker, stages, answer) in enumerate(QUESTIONS, 1):
        sentence, picture, source = answer(found)
        made.append(Block(key, f"{number} · {kicker}", sentence, picture, source, stages))
    return made


Answer = tuple[str, "charts.Picture | None", str]


def _missing(found: Findings, stage: str) -> Answer:
    """Where the numbers are missing: the stage's own sentence, or why it did not run."""
    if found.result(stage) is not None:
        return str(found.result(stage).sentence()), None, _named(found.result(stage).sources)
    reason = found.assessment.skipped.get(stage)
    return (f"Not answered: {_plain(reason)}." if reason else "This run stopped before this question."), None, ""


def _plain(reason: str) -> str:
    """A stage's reason in plain words, at most a short clause."""
    if "role patron" in reason:
        return "nobody stands behind both sides in this case"
    first = reason.split(";")[0].split(",")[0].strip()
    return f"the case lacks {first}" if len(first) < 100 else "the case lacks what this needs"


def who_depends(found: Findings) -> Answer:
    """Ribbons from suppliers to products, widths by share of the target's imports."""
    rows = depends(found)
    if not rows:
        return _missing(found, "trade")
    sender, target = say.land(found.name("sender")), say.land(found.name("target"))
    high = [product for product, share in rows if share >= 0.5]
    low = [(product, share) for product, share in rows if share < 0.5]
    if high:
        share = min(share for product, share in rows if product in high)
        text = (
            f"{target} bought "
            f"{say.tenths(share)}{' or more' if len(high) > 1 else ''} of its {say.listed(high[:3])} from {sender}"
        )
        if low:
            text += f", and {say.tenths(low[0][1])} of its {low[0][0]}"
    else:
        text = f"{target} bought {say.tenths(rows[0][1])} of its {rows[0][0]} from {sender}, less than half"
    ribbons, notes, colours = _ribbons(found, [product for product, _ in rows[:4]])
    picture = (
        charts.flow(
            ribbons,
            title=text,
            said=f"{text}. Widths are shares of imports.",
            notes=notes,
            colours=colours,
            sources=found.result("trade").sources,
        )
        if ribbons
        else None
    )
    return f"{say.capital(text)}.", picture, _named(found.result("trade").sources)


def _ribbons(found: Findings, wanted: list[str]) -> tuple[list[tuple[str, str, float]], dict[str, str], dict[str, str]]:
    """(supplier, product, share) of the last full period before the forecast, largest suppliers by name."""
    trade = found.result("trade")
    base, ribbons, notes = getattr(trade, "base", {}), [], {}
    for key, name in found.products.items():
        window = base.get(key)
        if name not in wanted or window is None or not window.total:
            continue
        amounts = window.amount.dropna().sort_values(ascending=False)
        top = amounts[amounts / window.total > 0.01].head(TOP)
        ribbons += [(_supplier(found, str(code)), name, float(value) / window.total) for code, value in top.items()]
        rest = 1 - float(top.sum()) / window.total
        if rest > 0.01 and not any(left == "not split" and right == name for left, right, _ in ribbons):
            ribbons.append(("others" if len(amounts) > len(top) else "not split", name, rest))
        worth = say.money(window.total) if window.unit == "USD" else f"{say.spoken(window.total)} {window.unit}"
        notes[say.capital(name)] = f"{worth}, {window.period}" if len(window.period) < 8 else f"{worth} a year"
    colours = {found.name("sender"): SENDER, "others": "grey", "not split": "grey"}
    free = iter(["blue2", "teal", "sand", "plum", "blue", "amber", "red", "blue3"] * 3)
    for supplier, _, _ in ribbons:
        colours.setdefault(supplier, next(free))
    return [(supplier, say.capital(product), share) for supplier, product, share in ribbons], notes, colours


def _supplier(found: Findings, code: str) -> str:
    """A supplier's name; trade that its source gives to no country is "not split"."""
    named = {state.code for state in found.case.states} | set(found.case.settings.get("codes", {}))
    if code in named:
        return (
            found.case.name_of(code)
            if code in {state.code for state in found.case.states}
            else str(found.case.settings["codes"][code])
        )
    return countries.name(code) if countries.is_known(code) and countries.is_country(code) else "not split"


def what_changed(found: Findings) -> Answer:
    """Forecast change of imports by product beside what came."""
    if not found.cut:
        return _missing(found, "controls")
    rows: list[dict[str, Any]] = []
    for key, values in found.cut:
        rows.append(
            {
                "label": say.capital(found.products[key]),
                "low": 100 * float(np.quantile(values, 0.1)),
                "middle": 100 * float(np.median(values)),
                "high": 100 * float(np.quantile(values, 0.9)),
                "came": _seen(found, "imports_change_12m", key),
            }
        )
    worst = min(rows, key=lambda one: one["middle"])
    told = (
        f"{worst['label']} from {say.land(found.name('sender'))} was "
        f"forecast to {_falls(worst['middle'] / 100)} in a year"
    )
    if worst["came"] is not None:
        told += f"; it {_fell(worst['came'] / 100)}"
    picture = charts.ranges(
        rows,
        title=told,
        said=f"{told}.",
        unit="%",
        legend=(_band_words(found), "what came"),
        sources=found.result("controls").sources,
    )
    return f"{told}.", picture, "Change of imports in the first year against the year before."


def _falls(share: float) -> str:
    return (
        f"fall by {say.tenths(-share)}"
        if share < -0.03
        else f"rise by {say.tenths(share)}"
        if share > 0.03
        else "stay as it was"
    )


def _fell(share: float) -> str:
    return (
        f"fell by {say.tenths(-share)}"
        if share < -0.03
        else f"rose by {say.tenths(share)}"
        if share > 0.03
        else "stayed as it was"
    )


def _seen(found: Findings, metric: str, of: str) -> float | None:
    if found.scores is None:
        return None
    rows = found.scores[
        (found.scores["metric"] == metric) & (found.scores["of"] == of) & found.scores["observed"].notna()
    ]
    return float(rows["observed"].iloc[0]) if len(rows) else None


def _band_words(found: Findings) -> str:
    return (
        "forecast, eight times in ten"
        if getattr(found.assessment, "calibrated", False)
        else "forecast, eight runs in ten"
    )


def how_far(found: Findings) -> Answer:
    """The histogram of the losses: two futures stay two."""
    if found.lost is None or found.short is None:
        return _missing(found, "disruption")
    target, usd = say.land(found.name("target")), found.lost
    none = float((np.abs(usd) < say.UNMEASURED).mean())
    large = float((usd >= 1e9).mean())
    if none > 0.95:
        text = (
            "Nothing one could measure happens to "
            f"{say.whose(found.name('target'))} industry, {say.runs(none, found.runs)}"
        )
    elif none >= 0.15 and large >= 0.15:
        text = f"Two futures, not one range: nothing happens, or {target} loses billions"
    elif large >= 0.5:
        text = f"{say.capital(target)} loses more than a billion {say.runs(large, found.runs)}"
    else:
        middle = float(np.median(usd))
        text = f"The middle run costs {target} {say.loss(middle)} over {say.length(found.horizon_months)}"
    bins = _bins(usd)
    notes = []
    if none >= 0.1:
        notes.append((0, f"{round(100 * none)} of 100 runs: nothing"))
    picture = charts.histogram(
        bins,
        title=text,
        said=f"{text}.",
        x=f"Loss for {target} over {say.length(found.horizon_months)}, USD",
        notes=notes,
        sources=found.result("disruption").sources,
    )
    return f"{text}.", picture, f"{found.runs} runs, facts of {say.day(found.case.cutoff)}."


def _bins(usd: Any) -> list[tuple[str, float, str]]:
    """Classes of loss that fit its size, in runs of a hundred; what cannot be measured is a class of its own."""
    loud = usd[usd >= say.UNMEASURED]
    made = [("none", 100 * float((np.abs(usd) < say.UNMEASURED).mean()), "teal")]
    if (usd <= -say.UNMEASURED).any():
        made.insert(0, ("gain", 100 * float((usd <= -say.UNMEASURED).mean()), "teal"))
    if not len(loud):
        return made
    edges = charts.ticks(0, float(np.quantile(loud, 0.95)), 9)
    scale, letter = (1e9, "bn") if edges[-1] >= 2e9 else (1e6, "m")
    edges[0] = say.UNMEASURED
    for low, high in itertools.pairwise(edges):
        share = 100 * float(((usd >= low) & (usd < high)).mean())
        label = f"under {high / scale:g} {letter}" if low == edges[0] else f"{low / scale:g}–{high / scale:g}"
        made.append((label, share, "blue2" if high <= 1e9 else "red"))
    over = 100 * float((usd >= edges[-1]).mean())
    return [*made, (f"over {edges[-1] / scale:g}", over, "red")] if over else made


def what_it_costs(found: Findings) -> Answer:
    """Amounts on one scale: with a shortage, and what the controls cost without one."""
    target, bars = say.land(found.name("target")), []
    if found.if_short is not None and found.chance:
        span = say.length(found.horizon_months)
        bars.append(
            (f"If a material runs short ({round(100 * found.chance)} of 100 runs), over {span}", found.if_short, "red")
        )
    first, later = found.yearly("target", lasting=False), found.yearly("target")
    if first is not None:
        bars.append(("The first year, as if no stock ran out" if bars else "The first year", first, "blue2"))
    if later is not None:
        bars.append(("Each later year", later, "blue2"))
    sender = found.yearly("sender")
    if sender is not None:
        bars.append((f"For {found.name('sender')}, each later year", sender, "sand"))
    if not bars:
        return _missing(found, "welfare")
    shown = [(label, [(max(usd, 0) / 1e6, colour, label)], say.loss(usd)) for label, usd, colour in bars]
    if (
        later is not None
        and abs(later) < say.UNMEASURED
        and (found.if_short is None or abs(found.if_short) < say.UNMEASURED)
    ):
        text = f"Nothing one could measure for {target}, in the first year or later"
    elif found.if_short is not None and later is not None and found.if_short > 5 * max(later, 0):
        text = f"Without a shortage the cost for {target} is small; with one it is {say.money(found.if_short)}"
    elif later is not None:
        text = f"The lasting cost for {target} is {say.loss(later)} a year"
    else:
        text = f"With a shortage {target} loses {say.loss(bars[0][1])}"
    legend = [
        ("red", f"{found.name('target')}, with a shortage"),
        ("blue2", f"{found.name('target')}, without"),
        ("sand", found.name("sender")),
    ]
    used = {colour for _, _, colour in bars}
    picture = charts.amounts(
        shown,
        title=text,
        said=f"{text}.",
        legend=[one for one in legend if one[0] in used],
        foot="Loss in USD, middle of the runs.",
        sources=_sources(found, "welfare", "disruption"),
    )
    return f"{text}.", picture, "Several models of one loss: do not add the bars."


def how_unequal(found: Findings) -> Answer:
    """The weight of the two against each other, and what each would lose without the patron."""
    triangle = found.result("alliance")
    if triangle is None:
        return _missing(found, "alliance")
    figures, sender, target, patron = (
        triangle.figures(),
        found.name("sender"),
        found.name("target"),
        found.name("patron"),
    )
    bars: list[tuple[str, list[tuple[float, str, str]]]] = []
    output = _output(found)
    if output:
        bars.append(
            (f"Economic output of the two, {output[2]}", [(output[0], SENDER, sender), (output[1], TARGET, target)])
        )
    power = next((figure.value for key, figure in figures.items() if key.startswith("cap_asymmetry")), None)
    if power is not None:
        first = (1 + _signed(figures, power, sender, found)) / 2
        bars.append(
            ("Military capability (people, steel, arms)", [(first, SENDER, sender), (1 - first, TARGET, target)])
        )
    leans = []
    for role, colour in (("sender", SENDER), ("target", TARGET)):
        figure = figures.get(f"security_dependence.{found.code(role)}")
        if figure is not None and figure.value is not None:
            leans.append((found.name(role), float(figure.value)))
            bars.append(
                (
                    f"What {found.name(role)} would lose without {say.land(patron)}",
                    [(figure.value, colour, "lost"), (1 - figure.value, "grey3", "kept")],
                )
            )
    if not bars:
        return _missing(found, "alliance")
    if len(leans) == 2 and abs(leans[0][1] - leans[1][1]) < 0.06:
        text = f"Both lean on {say.land(patron)} about equally"
    elif len(leans) == 2:
        more = max(leans, key=lambda one: one[1])
        text = (
            f"{say.land(more[0], True)} leans more on {say.land(patron)}: it "
            f"would lose {say.tenths(more[1])} of what it counts on"
        )
    elif leans:
        text = (
            f"{say.land(leans[0][0], True)} would lose "
            f"{say.tenths(leans[0][1])} of what it counts on without {say.land(patron)}"
        )
    else:
        text = f"{sender} and {target} differ in weight"
    if output and len(leans) == 2:
        ratio = max(output[:2]) / min(output[:2])
        bigger = sender if output[0] >= output[1] else target
        text += (
            f"; {say.whose(bigger)} economy is {say.significant(ratio):g} times as large"
            if ratio > 1.3
            else "; their economies weigh alike"
        )
    picture = charts.shares(bars, title=text, said=f"{text}.", names=True, sources=triangle.sources)
    return f"{text}.", picture, _named(triangle.sources)


def _signed(figures: Mapping[str, Any], power: float, sender: str, found: Findings) -> float:
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
    row = wide[both].dropna().iloc[-1]
    return float(row.iloc[0]), float(row.iloc[1]), int(row.name)


def who_gives_way(found: Findings) -> Answer:
    """One bar for the forecast, one for the record of past disputes."""
    chances = endings(found)
    if not chances:
        return _missing(found, "bargaining")
    forecast, order = found.result("bargaining"), list(ENDING_COLOURS)
    months = int(forecast.months if not callable(getattr(forecast, "months", None)) else forecast.months())
    bars = [(f"Forecast for this dispute, after {say.length(months)}", _stack(chances, order, found))]
    record = _record(forecast, list(chances), months)
    if record:
        bars.append((f"Past disputes, after {say.length(months)}", _stack(record, order, found)))
    closed = sorted(((value, key) for key, value in chances.items() if key != "open"), reverse=True)
    if closed[0][0] - closed[1][0] < 0.06:
        text = "Nobody is favoured"
    else:
        text = f"The likeliest ending is that {ending_words(closed[0][1], found)}"
    half = half_life(found)
    if half is not None:
        text += f"; half of such disputes end within {say.length(half)}"
    came = next((f"What came: {line}" for line in reversed(_ending_came(found))), "")
    legend = [(ENDING_COLOURS[key], say.capital(ending_words(key, found))) for key in order if key in chances]
    picture = charts.shares(bars, title=text, said=f"{text}.", legend=legend, came=came, sources=forecast.sources)
    return f"{text}.", picture, _named(forecast.sources)


def _stack(chances: Mapping[str, float], order: list[str], found: Findings) -> list[tuple[float, str, str]]:
    return [(float(chances[key]), ENDING_COLOURS[key], ending_words(key, found)) for key in order if key in chances]


def _record(forecast: Any, names: list[str], months: int) -> dict[str, float]:
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
        return _missing(found, "evidence")
    inside, of = found.checked
    if not of:
        return "Nothing of this forecast can be checked yet.", None, ""
    if inside < 0.7 * of:
        text = f"Ranges were too narrow: {inside} of {of} results fell inside, {round(0.8 * of)} should have"
    else:
        text = f"Ranges held: {inside} of {of} results fell inside, about as many as should"
    scores = found.scores[(found.scores["kind"] == "observed") & found.scores["inside"].notna()]
    scores = scores[scores["unit"].isin(["share", "percent"])].sort_values("inside", kind="stable")
    rows = []
    for row in scores.to_dict("records")[:6]:
        scale = 100.0 if row["unit"] == "share" else 1.0
        rows.append(
            {
                "label": _outcome(found, row),
                "low": scale * row["low"],
                "middle": scale * row["central"],
                "high": scale * row["high"],
                "came": scale * row["observed"],
            }
        )
    picture = (
        charts.ranges(
            rows,
            title=text,
            said=f"{text}.",
            unit="%",
            legend=(_band_words(found), "what came"),
            zero=False,
            sources=found.result("evidence").sources,
        )
        if rows
        else None
    )
    return f"{text}.", picture, f"Forecast of {say.day(found.case.cutoff)}, scored later. The widest misses first."


def _outcome(found: Findings, row: Mapping[str, Any]) -> str:
    of, _, year = str(row["of"]).partition("@")
    name = say.capital(found.products.get(of, of.replace("_", " ")))
    if row["metric"] == "dependence_share":
        return f"{name}, share from {found.name('sender')}, {year}"
    if row["metric"] == "imports_change_12m":
        return f"{name}, imports, first year"
    label = str(row["label"]).replace("the target", found.name("target")).replace("the sender", found.name("sender"))
    return say.capital(label)


def _sources(found: Findings, *stages: str) -> list[str]:
    return sorted({name for stage in stages if found.result(stage) is not None for name in found.result(stage).sources})


def _named(sources: Any, most: int = 2) -> str:
    """The data behind a picture in a line; papers of method stand under How we know."""
    data = [
        name
        for name in sorted(sources)
        if not any(word in name for word in ("Journal", "Review", "Econom", "Working Paper", "arXiv"))
    ]
    shown = [name.split(";")[0].split(", via")[0][:70] for name in data[:most]]
    more = len(data) - len(shown)
    return "; ".join(shown) + (f"; and {more} more" if more > 0 else "") if shown else ""


QUESTIONS: tuple[tuple[str, str, tuple[str, ...], Callable[[Findings], Answer]], ...] = (
    ("depends", "Who depends on whom?", ("trade", "scan"), who_depends),
    ("controls", "What did the controls change?", ("controls",), what_changed),
    ("shock", "How far does the shock travel?", ("disruption", "catchup"), how_far),
    ("cost", "What does it cost?", ("welfare", "losses"), what_it_costs),
    ("triangle", "How unequal is the triangle?", ("alliance",), how_unequal),
    ("ending", "Who gives way, and when?", ("bargaining",), who_gives_way),
    ("outcome", "How good was this?", ("evidence",), how_good),
)
