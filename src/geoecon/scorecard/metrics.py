"""The metrics that a forecast can be scored on, in words. One vocabulary for results, forecasts and outcomes."""

from __future__ import annotations

from geoecon.case import Case
from geoecon.dispute import ending_in_words

# metric: what it says in words; {of} is the product, state or pair, {when} what stands after @
WORDS = {
    "imports_change_12m": "imports of {of} from the sender, 12 months after against before",
    "worst_output_month": "worst month of output, {of}",
    "first_shortage_day": "first day of shortage, {of}",
    "firm_stop_day": "first day on which {of} stops",
    "gdp_change_1y": "GDP of {of}, first year",
    "sender_sales_change_12m": "the sender's sales of {of}, 12 months after against before",
    "welfare_change": "welfare of {of}",
    "exports_change_1y": "exports {of}, first year",
    "dependence_share": "share of {of} from the sender, {when}",
    "length_months": "length of the dispute",
    "ending_probability": "{ending} by {when}",
    "price_change": "price of {of}, {when}",
    "storage_fill": "fill of the stores of {of}, {when}",
    "growth": "growth of {of}, {when}",
    "gdp_level_change": "GDP of {of} against the base path, {when}",
    "imports_change": "imports of {of} from the sender, {when}",
    "exports_change": "exports of {of} by the sender, {when}",
}


def in_words(case: Case, metric: str, of: str) -> str:
    """A metric with its subject as a person would say it."""
    subject, _, when = of.partition("@")
    form = WORDS.get(metric, metric.replace("_", " ") + ": {of}" + (", {when}" if when else ""))
    named = _named(case, subject)
    return form.format(
        of=named, when=when, ending=ending_in_words(subject, _role(case, "target"), _role(case, "sender"))
    )


def _named(case: Case, subject: str) -> str:
    named = {product.id: product.name for product in case.products} | {firm.id: firm.name for firm in case.firms}
    if subject in named:
        return named[subject]
    states = {state.code: state.name for state in case.states}
    if ">" in subject:
        return " to ".join(states.get(part, part) for part in subject.split(">"))
    region, slash, sector = subject.partition("/")
    return states.get(region, region) + (f", {sector}" if slash else "")


def _role(case: Case, role: str) -> str:
    """The name of the state in a role; the role where the case names none."""
    return next(map(case.name_of, case.in_role(role)), f"the {role}")
