"""The message: one headline, two sentences, three numbers, one warning, and what came. Made from results by rules.

Each rule is a function of `Findings`; tests hold every shipped case and odd made-up ones to `phrases.faults_of`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from geoecon.dates import MEAN_MONTH
from geoecon.spoken import NOTHING, SMALL, beside_loss, money
from geoecon.views import phrases as say
from geoecon.views.endings import favoured, half_life
from geoecon.views.findings import LEAST, MILLION, Findings
from geoecon.views.levers import Lever, curve
from geoecon.views.trust import came, trust

if TYPE_CHECKING:
    from geoecon.views.changes import Change

VISIBLE = 0.25  # rank correlation from which a picture along a parameter shows something
LITTLE = 0.03  # a change of imports up to which they stay as they were
STRONG = 0.35  # rank correlation from which the answer hangs on a parameter
NEAR = 0.25  # tenths up to which a chance is told as so many times in ten, without "about"
WIDE = 3.0  # far end of a band, times its middle, from which the middle alone says too little
TURN = 0.15  # change of the chance along a parameter below which a shortage does not hang on it


@dataclass(frozen=True)
class Tile:
    """A number with its label and a second line; `tone` red, teal or plain."""

    number: str
    label: str
    more: str = ""
    tone: str = ""


@dataclass(frozen=True)
class Message:
    """What the first screen says."""

    kicker: str
    title: str
    lead: str
    second: str
    tiles: tuple[Tile, ...]
    trust: str
    came: tuple[str, ...]  # what came, one sentence each; empty where nothing is known yet

    @property
    def text(self) -> str:
        """Everything that is said, for the rules of reading."""
        tiles = " ".join(f"{say.capital(tile.label)}." for tile in self.tiles)
        return " ".join((f"{self.title}.", self.lead, self.second, tiles, self.trust, *self.came))


def message(found: Findings, rows: Sequence[Change] = ()) -> Message:
    """The message of an assessment; `rows` are what-ifs, for a forecast that knew of no cut."""
    first, further = lead(found), second(found)
    if found.blind_to_measures:
        first, further = f"{first} {condition(rows)}".strip(), further
    return Message(kicker(found), title(found), first, further, tiles(found), trust(found), tuple(came(found)))


def condition(rows: Sequence[Change]) -> str:
    """What a cut would do, told beside a forecast that knew of none."""
    moved = [row for row in rows[1:] if row.moved or (not row.reason and row.loss[:5] not in ("none", "–", "under"))]
    if not moved:
        return ""
    row = moved[0]
    chance = {"none": "nothing runs short", "all": "it runs short in every run", "–": ""}.get(
        row.chance, f"the chance of a shortage is {row.chance}"
    )
    loss = (
        f"the loss in the middle {row.loss.replace('bn', 'billion').replace(f'{say.NBSP}m', f'{say.NBSP}million')}"
        if row.loss[:5] not in ("none", "–", "under")
        else ""
    )
    return f"With {row.label}, {' and '.join(part for part in (chance, loss) if part)}."


def kicker(found: Findings) -> str:
    """Who, whom, what, and the day on which the forecast was made."""
    goods = list(found.products.values())
    what = say.listed(goods) if len(goods) <= 3 else f"{say.whole(len(goods))} goods"
    when = f"as known on {say.day(found.case.cutoff)}" if found.case.cutoff.year < 9000 else "with hindsight"
    return f"{found.name('sender')} → {found.name('target')} · {what} · {when}"


def title(found: Findings) -> str:
    """The headline: how likely a shortage is, and what it hangs on."""
    if found.chance is None:
        return _without_runs(found)
    if found.blind_to_measures:
        return f"On {say.day(found.case.cutoff)} no cut was known, so none is forecast"
    if found.refuses and not found.chance and found.sales_lost:
        return f"{say.land(found.name('target'), True)} loses {refused(found)}"
    if found.chance == 0:
        if found.middle is not None and found.middle[0] >= say.UNMEASURED and not found.unclear:
            target = say.land(found.name("target"), True)
            small = "little: about " if found.little else ""
            short = found.of_value_added or ", though no material runs short"
            return f"{target} loses {small}{say.money(found.middle[0])} in the middle{short}"
        return "No material runs short in any run" + _cost_clause(found)
    word = say.chance_word(found.chance)
    lever = main_lever(found)
    clause = ""
    if lever is not None and 0.03 < found.chance < 0.97 and _turns(found, lever):
        hangs = "hangs" if word == "a toss-up" else "it hangs"
        joint = " that " if word == "a toss-up" else ", and "
        clause = f"{joint}{hangs} on {hidden(lever)}"
    return f"A shortage is {word}{clause}"


def refused(found: Findings) -> str:
    """What the target can no longer sell to a sender that refuses to buy, in the middle: the figure that leads."""
    usd = found.sales_lost[0] if found.sales_lost else 0.0
    goods = say.listed(list(found.products.values())[:3])
    if usd < say.UNMEASURED:
        return f"no sales of {goods} one could measure"
    return f"sales of {goods} worth {say.money(usd)}"


def _turns(found: Findings, lever: Lever) -> bool:
    """Whether the chance of a shortage, and not the loss alone, moves along the lever."""
    chances = [one["chance"] for one in curve(found, lever)]
    return bool(chances) and max(chances) - min(chances) >= TURN


def hidden(lever: Lever) -> str:
    """A lever in the headline: stocks that nobody publishes are the usual case."""
    return "stocks nobody publishes" if lever.words == "stocks" and lever.remembered else lever.words


def main_lever(found: Findings) -> Lever | None:
    """The parameter that decides: the strongest where it is strong."""
    return found.levers[0] if found.levers and abs(found.levers[0].rank) >= max(STRONG, 4 / found.runs**0.5) else None


def leading(found: Findings) -> Lever | None:
    """The parameter that the first picture shows: the strongest that the runs can tell from chance."""
    return found.levers[0] if found.levers and abs(found.levers[0].rank) >= VISIBLE else None


def _without_runs(found: Findings) -> str:
    """The headline of a line without a disruption: who depends on whom."""
    top = depends(found)
    if top:
        product, share = top[0]
        if share < 0.1:
            return f"{say.land(found.buyer, True)} buys little of its {product} from {found.seller}"
        return say.capital(f"{say.land(found.buyer)} buys {say.tenths(share)} of its {product} from {found.seller}")
    return f"{found.name('sender')} and {found.name('target')}: what can be said today"


def _cost_clause(found: Findings) -> str:
    if not found.middle or abs(found.middle[0]) >= say.UNMEASURED:
        return ""
    size = say.loss(found.middle[0])
    return f", and in the middle {size} is lost" if "USD" in size else ", and no loss could be measured"


def depends(found: Findings) -> list[tuple[str, float]]:
    """Products and the seller's share of the buyer's imports, the largest first."""
    figures = found.assessment.told.get("trade", {})
    rows = [
        (found.products.get(key.split(".", 1)[1], key.split(".", 1)[1]), float(figure.value))
        for key, figure in figures.items()
        if key.startswith("share.") and figure.value is not None
    ]
    return sorted(rows, key=lambda one: -one[1])


def lead(found: Findings) -> str:
    """What happens and what it costs, as two futures where there are two."""
    goods = len(found.by_product)
    if found.chance is None:
        return _bare(found)
    if found.blind_to_measures:
        told = f"Told only what was known that day, our {found.runs} runs see deliveries go on."
        start = found.case.start
        since = f" They count from {say.day(start)}, when the dispute began: a day set afterwards."
        return f"{told}{since}" if start > found.case.cutoff else told
    if found.refuses and not found.chance:
        return f"{_no_longer_bought(found)} {_futures(found)}".strip()
    several = f"at least one of {say.whole(goods)} materials" if goods > 1 else found.by_product[0][0]
    share = "In all of our runs" if found.chance == 1 else say.capital(_times(found.chance))
    makers = f"{say.whose(found.buyer)} makers"
    first = (
        f"{share}, {makers} run out of {several}."
        if found.chance
        else f"In none of our runs do {makers} run out of {several.replace('at least one', 'any')}."
    )
    return f"{first} {_futures(found)} {_dearer(found)}".strip()


def _dearer(found: Findings) -> str:
    """What dearer imports cost in the first year, where it is more than the loss that is told, which leaves it out."""
    if found.lost is None or found.middle is None:
        return ""
    usd, ends = beside_loss(found.figure("disruption", "import_bill_1y"), found.middle[0] / MILLION)
    if not usd:
        return ""
    band = f", {often(found)} between {ends}" if ends else ""
    told = f"Not counted is what dearer imports cost: about {money(usd)} in the first year{band}."
    return re.sub(r"USD ([\d.]+) ", rf"USD{say.NBSP}\1{say.NBSP}", told)


def _no_longer_bought(found: Findings) -> str:
    """How far the imports of a sender that refuses to buy fall in a year: those that fall most."""
    falls = [(found.cut_told(key, values)[1] / 100, found.products[key]) for key, values in found.cut]
    if not falls or min(falls)[0] > -LITTLE:
        return ""
    change, product = min(falls)
    buyer, seller = say.land(found.buyer, True), say.land(found.seller)
    return f"{buyer} buys about {say.percent(-change)} less {product} from {seller} in the first year."


def _times(share: float) -> str:
    """How often in ten, which holds for a band with past error as well."""
    ten = int(10 * share + 0.5 + 1e-9)  # half up
    if not 0 < ten < 10:
        return "more than nine times in ten" if ten else "less than one time in ten"
    about = "" if abs(10 * share - ten) < NEAR else "about "
    return f"{about}{say.whole(ten)} time{'s' if ten > 1 else ''} in ten"


def _futures(found: Findings) -> str:
    span, target = say.length(found.horizon_months), say.land(found.name("target"))
    if found.lost is None:
        return ""
    middle = found.middle[0] if found.middle else 0.0
    if found.unclear:
        what = found.of_value_added.removeprefix(" of")
        return f"Whether {target} loses or gains{what} over {span} cannot be told."
    if found.little and found.if_short is None:
        return f"Over {span} {target} loses little{found.of_value_added.removeprefix(' of')}: {found.little}."
    if found.chance in (0.0, 1.0):
        size = "" if abs(middle) < say.UNMEASURED else " in the middle"
        told = (
            f"{say.capital(target)} then {say.loses(middle)} over {span}{size}."
            if found.chance
            else f"{say.capital(target)} {say.loses(middle)}{found.of_value_added} over {span}{size}."
            if found.refuses
            else f"The loss over {span} is {say.loss(middle)}{size}."
        )
        return f"{told} {_spread(found)}".strip()
    if found.if_short is None:  # too few runs on one of the sides
        return f"With a shortage or without, {target} {say.loses(middle)} over {span} in the middle."
    if abs(found.if_short) < say.UNMEASURED:
        return f"Even then {target} {say.loses(found.if_short)}."
    calm = say.loses(found.if_not or 0)
    return f"If they do, {target} loses some {say.money(found.if_short)} over {span}. If not, it {calm}."


def _spread(found: Findings) -> str:
    """A sentence of the band, where the loss in the middle says too little."""
    assert found.middle is not None
    middle, *ends = found.middle
    if max(map(abs, ends)) < say.UNMEASURED or max(map(abs, ends)) < WIDE * abs(middle):
        return ""
    low, high = ("nothing" if abs(usd) < say.UNMEASURED else say.loss(usd) for usd in ends)
    return f"{say.capital(often(found))} it lies between {low} and {high}."


def often(found: Findings) -> str:
    """How often the band of the loss holds: times where it has past error, else runs."""
    return "eight times in ten" if found.with_past_error else "eight runs in ten"


def _bare(found: Findings) -> str:
    """Without chances: what is known, and what would be needed."""
    rows = depends(found)
    told = ""
    if len(rows) > 1:
        others = say.listed([f"{say.percent(share)} of its {product}" for product, share in rows[1:3]])
        told = f"It also buys {others} there. "
    if "disruption" in found.assessment.skipped:
        return f"{told}Whether anything runs short cannot be said yet: data on the industries that use it are missing."
    if found.result("disruption") is not None and found.runs < 2:
        return f"{told}This run has no repetitions, and so no chance of shortage; run it with 200."
    if found.result("disruption") is not None and found.runs < LEAST:
        return f"{told}This run has too few draws for a chance of shortage; run it with 200.".replace(
            "draws", "repetitions"
        )
    return f"{told}This run stopped before the question of shortage."


def second(found: Findings) -> str:
    """What moves the chance, the lasting cost, and who gives way."""
    parts = [_moves(found), _lasting(found), favoured(found)]
    return " ".join(part for part in parts if part)


def _moves(found: Findings) -> str:
    lever = main_lever(found)
    points = curve(found, lever) if lever is not None else []
    if lever is None or not points or found.chance is None or not 0.03 < found.chance < 0.97:
        return ""
    ends = (points[0], points[-1])
    low, high = ends if ends[0]["chance"] <= ends[1]["chance"] else ends[::-1]
    if high["chance"] - low["chance"] < TURN:
        return ""
    if lever.key.split(".")[0] == "inventory_days":
        calm, tight = _stock(low["x"]), _stock(high["x"])
        return (
            f"With {tight} of stock the chance is "
            f"{say.percent(high['chance'])}, with {calm} {say.percent(low['chance'])}."
        )
    return (
        f"Depending on {lever.words}, the chance lies between "
        f"{say.percent(low['chance'])} and {say.percent(high['chance'])}."
    )


def _stock(days: float) -> str:
    if days < 25:
        return f"{say.whole(round(days / 7))} week{'s' if round(days / 7) != 1 else ''}"
    months = round(days / MEAN_MONTH)
    return f"{say.whole(months)} month{'s' if months != 1 else ''}"


def _lasting(found: Findings) -> str:
    usd = found.yearly("target")
    if usd is None or found.blind_to_measures:
        return ""
    if say.loss(usd) == NOTHING:
        return ""
    later = found.figure("disruption", f"lost_later.{found.code('target')}")
    most = 0.0 if later is None or later.high is None else MILLION * later.high
    if usd < 0:
        return "" if usd > -say.UNMEASURED else f"Each later year brings {say.loss(usd)} in the middle."
    size = say.loss(usd) if usd < say.UNMEASURED else f"about {say.money(usd)}"
    if most < max(WIDE * usd, say.UNMEASURED):
        return f"Each later year costs {size}."
    gain = " A gain is not ruled out." if later is not None and (later.low or 0.0) <= -SMALL else ""
    return f"Each later year costs {size} in the middle, at most {say.money(most)} nine times in ten.{gain}"


def _loss_tile(found: Findings, middle: float, low: float, high: float) -> Tile:
    """The loss in the middle, with its band in words; "times" where the band holds past error, else "runs"."""
    label = f"loss for {say.land(found.name('target'))} over {say.length(found.horizon_months)}, in the middle"
    label = label.replace("loss", f"loss{found.of_value_added}", 1)
    if max(abs(low), abs(high)) < say.UNMEASURED:
        return Tile(say.loss(middle, tile=True), label, f"under USD{say.NBSP}10{say.NBSP}m either way")
    if found.unclear:
        return Tile("unclear", label.removesuffix(", in the middle"), "a gain is about as likely as a loss")
    ends = " and ".join(
        "nothing" if abs(usd) < say.UNMEASURED else say.loss(usd, tile=True).replace("gain", "a gain of")
        for usd in (low, high)
    )
    return Tile(say.loss(middle, tile=True), label, f"{often(found)} between {ends}")


def _sales_tile(found: Findings, middle: float, low: float, high: float) -> Tile:
    """Sales lost to a buyer that refuses: what leads where the target is the seller."""
    label = f"sales of {say.land(found.seller)} to {say.land(found.buyer)} lost over {say.length(found.horizon_months)}"
    ends = " and ".join("nothing" if usd < say.UNMEASURED else say.loss(usd, tile=True) for usd in (low, high))
    more = "too small to measure" if high < say.UNMEASURED else f"eight times in ten between {ends}"
    return Tile(say.loss(middle, tile=True), label, more)


def tiles(found: Findings) -> tuple[Tile, ...]:
    """Three numbers: chance, loss, ending; where one is missing, the next best."""
    made = []
    if found.sales_lost is not None:
        made.append(_sales_tile(found, *found.sales_lost))
    if found.chance is not None and found.by_product and (found.chance or not found.refuses):
        named = ", ".join(f"{name} {round(100 * share)}" for name, share in found.by_product[:4])
        number = (
            say.percent(found.chance)
            if 0 < found.chance < 1
            else f"none of {found.runs}"
            if not found.chance
            else f"all {found.runs}"
        )
        label = "chance that a material runs short" if 0 < found.chance < 1 else "runs with a shortage"
        more = named if len(found.by_product) > 1 and found.chance > 0 else ""
        made.append(Tile(number, label, more, "red" if found.chance >= 0.33 else "teal" if found.chance < 0.1 else ""))
    if found.middle is not None:
        made.append(_loss_tile(found, *found.middle))
    months = half_life(found)
    if months is not None:
        made.append(
            Tile(say.within(months, tile=True), "until it is as likely as not to have ended", "by this forecast")
        )
    for product, share in depends(found):
        if len(made) >= 3:
            break
        made.append(
            Tile(
                say.percent(share),
                f"of {say.whose(found.buyer)} {product} comes from {say.land(found.seller)}",
            )
        )
    return tuple(made[:3])
