"""The lead: what happens and what it costs, as two futures where there are two."""

from __future__ import annotations

from geoecon.message import phrases as say
from geoecon.message.findings import Findings
from geoecon.message.headline import depends
from geoecon.message.losses import MILLION
from geoecon.message.shortages import LEAST
from geoecon.spoken import beside_loss, money

LITTLE = 0.03  # a change of imports up to which they stay as they were
NEAR = 0.1  # tenths up to which a chance is told as so many times in ten, without "about"
FAR = 0.03  # from a part up to which a chance is about that part
PARTS = [(1 / 4, "one time in four"), (1 / 3, "one time in three"), (2 / 3, "two times in three"),
         (3 / 4, "three times in four")]  # fmt: skip
WIDE = 3.0  # far end of a band, times its middle, from which the middle alone says too little


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
        return f"{_no_longer_bought(found)} {futures(found)}".strip()
    several = f"at least one of {say.whole(goods)} materials" if goods > 1 else found.by_product[0][0]
    share = "In all of our runs" if found.chance == 1 else say.capital(times(found.chance))
    makers = f"{say.whose(found.buyer)} makers"
    first = (
        f"{share}, {makers} run out of {several}."
        if found.chance
        else f"In none of our runs do {makers} run out of {several.replace('at least one', 'any')}."
    )
    return f"{first} {futures(found)} {_dearer(found)}".strip()


def _dearer(found: Findings) -> str:
    """What dearer imports cost in the first year, where it is no small part of the loss that is told without it."""
    if found.lost is None or found.middle is None:
        return ""
    usd, ends = beside_loss(found.figure("disruption", "import_bill_1y"), found.middle[0] / MILLION)
    if not usd:
        return ""
    band = f", {often(found)} between {ends}" if ends else ""
    told = f"Not counted is what dearer imports cost: about {money(usd)} in the first year{band}."
    return say.unbroken(told)


def _no_longer_bought(found: Findings) -> str:
    """How far the imports of a sender that refuses to buy fall in a year: those that fall most."""
    falls = [(found.cut_told(key, values)[1] / 100, found.products[key]) for key, values in found.cut]
    if not falls or min(falls)[0] > -LITTLE:
        return ""
    change, product = min(falls)
    if found.services:
        travellers = f"{say.whose(found.buyer, True)} travellers spend about {say.percent(-change)} less"
        return f"{travellers} in {say.land(found.seller)} in the first year."
    buyer, seller = say.land(found.buyer, True), say.land(found.seller)
    return f"{buyer} buys about {say.percent(-change)} less {product} from {seller} in the first year."


def times(share: float) -> str:
    """How often, as people say it, which holds for a band with past error as well: "about one time in three"; between
    two tenths "more than four times in ten", never rounded up."""
    ten = int(10 * share + 1e-9)
    if not 0.07 <= share <= 0.95:
        return "more than nine times in ten" if share > 0.5 else "less than one time in ten"
    parts = [(k / 10, f"{say.whole(k)} time{'s' if k > 1 else ''} in ten") for k in range(1, 10)]
    near, words = min(parts + PARTS, key=lambda part: abs(share - part[0]))
    if abs(share - near) > FAR:
        return f"more than {words if near < share else parts[max(ten, 1) - 1][1]}"
    return words if abs(share - near) < NEAR / 10 else f"about {words}"


def futures(found: Findings) -> str:
    """What the target loses over the horizon: two futures where there are two."""
    span, target = say.length(found.horizon_months), say.land(found.name("target"))
    if found.lost is None:
        return ""
    middle = found.middle[0] if found.middle else 0.0
    what = found.of_value_added.removeprefix(" of")
    if found.unclear and found.middle:
        most = say.money(found.middle[2])
        return f"Whether {target} loses or gains{what} over {span} cannot be told. A loss above {most} is unlikely."
    if middle < say.UNMEASURED and found.users_lost >= say.UNMEASURED and not (found.if_short or 0) > say.UNMEASURED:
        return _made_up(found)
    if found.little and found.if_short is None:
        gain = " A small gain is not ruled out." if found.middle and found.middle[1] <= -say.UNMEASURED else ""
        return f"Over {span} {target} loses little{what}: {found.little}.{gain}"
    if found.chance in (0.0, 1.0):
        size = "" if abs(middle) < say.UNMEASURED else " in the middle"
        told = (
            f"{say.capital(target)} then {say.loses(middle)} over {span}{size}."
            if found.chance
            else f"{say.capital(target)} {say.loses(middle)}{found.of_value_added} over {span}{size}."
        )
        return f"{told} {_spread(found)}".strip()
    if found.if_short is None:  # too few runs on one of the sides
        size = "" if abs(middle) < say.UNMEASURED else " in the middle"
        told = f"With a shortage or without, {target} {say.loses(middle)} over {span}{size}."
        return f"{told} {_spread(found)}".strip()
    if abs(found.if_short) < say.UNMEASURED:
        return f"Even then {target} {say.loses(found.if_short)}."
    calm = say.loses(found.if_not or 0)
    return f"If they do, {target} loses some {say.money(found.if_short)} over {span}. If not, it {calm}."


def _made_up(found: Findings) -> str:
    """Where the users of a good lose what others in the country gain."""
    them, target = "it" if len(found.products) == 1 else "them", say.land(found.name("target"))
    users = f"The industries of {target} that use {them} lose about {say.money(found.users_lost)} in the first year."
    return f"{users} Gains elsewhere in {target} make up for that."


def _spread(found: Findings) -> str:
    """A sentence of the band, where the loss in the middle says too little."""
    assert found.middle is not None
    middle, *ends = found.middle
    if max(map(abs, ends)) < say.UNMEASURED or max(map(abs, ends)) < WIDE * abs(middle):
        return ""
    low, high = ("nothing" if abs(usd) < say.UNMEASURED else say.loss(usd) for usd in ends)
    return f"{say.capital(often(found))} the loss lies between {low} and {high}."


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
