"""The other assumptions that a case is asked under: its own, or those that suit every dispute."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from geoecon.capacity import shuns
from geoecon.case import Case
from geoecon.countries import named

SIX_MONTHS = 180.0


@dataclass(frozen=True)
class Scenario:
    """A name for people, and the scenario keys with their values."""

    label: str
    changes: Mapping[str, str | float]


def _name(case: Case, code: str) -> str:
    return next(state.name for state in case.states if state.code == code)


def scenarios(case: Case) -> list[Scenario]:
    """The rows of `[[what_if]]` in case.toml; where there are none, the usual ones that this case can tell."""
    own = case.settings.get("what_if", ())
    if own:
        return [Scenario(str(row["label"]), row["changes"]) for row in own]
    return [one for one in _usual(case) if one.changes]


def _usual(case: Case) -> Iterator[Scenario]:
    if _no_cut_known(case):
        yield Scenario("deliveries cut as they were later", {"measures": "observed"})
    if shuns(case):
        yield Scenario("nobody stays away or refuses to buy", {"measures": "none"})
    known = case.parameters
    products = {name.split(".")[1] for name in known if "." in name} & {product.id for product in case.products}
    if "inventory_days" in known or products:
        yield Scenario("six months of stocks", {"inventory_days": SIX_MONTHS})
    if any(product.users for product in case.products):
        yield Scenario("a second supplier, early and large", {"second_supplier": "early"})
    if case.patrons and case.switch("architecture") != "none":
        patron, day = named(_name(case, case.patron)), case.start.isoformat()
        yield Scenario(f"{patron} engaged at once", {"patron_engaged_from": day})
        for side in (case.target, case.sender):
            yield Scenario(f"{patron} presses {named(_name(case, side))} at once", {"press": f"{side}:{day}"})
        yield Scenario("a trilateral forum", {"architecture": "trilateral"})
    yield Scenario("no change of leader", {"leaders": "stay"})
    yield Scenario("a fifth of the dependence left", {"dependence_left": 0.2})


def _no_cut_known(case: Case) -> bool:
    """Whether measures came, and none but "no rule" was known on the day of the forecast."""
    if (
        "measures" not in case.settings.get("scenario", {})
        or case.switch("measures") != "known"
        or not case.has("measures")
    ):
        return False
    rows = case.table("measures")
    rows = rows[rows["kind"] != "none"]
    return len(rows) > 0 and all(str(day)[:10] > case.cutoff.isoformat() for day in rows["known_from"])
