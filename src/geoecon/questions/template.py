"""A new case folder: every file with its header, and a guide that says what each column may hold."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date

from geoecon import countries, tables
from geoecon.case import FILES, OUTCOMES, REQUIRED
from geoecon.scorecard import OUTCOME_COLUMNS

PURPOSE: Mapping[str, str] = {
    "sources.csv": "every source once; all other rows cite its source_id",
    "trade.csv": "flows of the products by origin; WLD as exporter is the total of all origins",
    "measures.csv": "the dated rules of the control; cap_share is the part of the flow that may still move",
    "licences.csv": "what the licensing office did by a day: applied, granted, refused, pending, or granted_share "
    "alone; product ALL where nobody says which; what was known at the cut-off bends the forecast",
    "timeline.csv": "dated events, for reading and for dates of elections and meetings",
    "parameters.csv": "low, central and high of every assumption that this case knows better than the general prior; "
    "`name.product` for one product, as_of is the day from which it was known",
    "alliance.csv": "forces, pacts, polls, leaders' terms, and what the patron did",
    "macro.csv": "gross domestic product (series gdp_usd) and other yearly series",
    "series.csv": "prices, stocks and use over time",
    "production.csv": "who makes the products",
    "forecasts.csv": "what others predicted, in the metrics of outcomes.csv, to be scored beside ours",
    "outcomes.csv": "what happened; the evidence stage alone reads it. kind unknown for what nobody knows yet",
    "claims.csv": "what people say about the case, a verdict, and the correct fact",
    "economy.csv": "an input-output table of the states and the rest of the world, USD million a year",
}
TOML = """# Who, what and when. Lines after a # are comments; every table below is read by the checker.
[case]
id = "{name}"
title = "{title}"
question = ""              # the question in one sentence
start = "{start}"        # day 0: the announcement, or the day of the first cut
end = "{end}"
cutoffs = ["{start}"]    # what a blind forecast may know; one day for each step in which knowledge came

{states}
{products}
[codes]
WLD = "all origins"        # codes in trade.csv that are no countries

[horizon]
disruption_days = 730
bargaining_months = 48

# [known_through]          # for a live case: how far each table is known
# outcomes = "{start}"

# [economy]                # with economy.csv: where it comes from
# source_id = "table"
# year = 2011
# unit = "USD million"
# status = "seen"          # seen: read in the source; computed; memory: not read

[scenario]
# Switches with their defaults; every parameter name is a scenario key as well.
measures = "known"         # known: as announced by the cut-off; observed: as they came; none
architecture = "none"      # of the alliance: hub-and-spoke, trilateral, none
patron_engaged_from = "never"
"""
STATE = '[[states]]\ncode = "{code}"\nname = "{name}"\nrole = "{role}"{note}\n'
PRODUCT = """[[products]]
id = "{id}"
name = "{name}"
hs = []                    # customs codes as text: ["281111"]
# item = "HF"              # the item's code in the regime of the sender, where there is one
# users = [["{target}", "electrical and optical equipment"]] # industries of economy.csv that need it
# makers = [["{sender}", "chemicals"]]
"""


def blank(name: str, codes: Mapping[str, str], goods: Sequence[str], first: date) -> dict[str, str]:
    """The text of every file of a template for states by role and goods by name."""
    states = [
        STATE.format(code=code, name=_quoted(countries.name(code)), role=role, note="") for role, code in codes.items()
    ]
    if "patron" not in codes:
        states.append('# A patron, where both sides look to one: role = "patron". Others: supplier, bloc, other.\n')
    ids = [re.sub(r"[^A-Za-z0-9_.-]+", "_", good).strip("_.-") or "material" for good in goods]
    products = [
        PRODUCT.format(id=id_, name=_quoted(good), target=codes["target"], sender=codes["sender"])
        for id_, good in zip(ids, goods, strict=True)
    ]
    end = first.replace(year=first.year + 2, day=min(first.day, 28))
    texts = {
        "case.toml": TOML.format(
            name=name,
            title=name.replace("-", " "),
            start=first,
            end=end,
            states="\n".join(states),
            products="\n".join(products),
        )
    }
    for file, rules in columns().items():
        texts[file] = ",".join(rules) + "\n"
    texts["GUIDE.md"] = guide()
    return texts


def columns() -> dict[str, Mapping[str, tables.Rule]]:
    return {**FILES, OUTCOMES: OUTCOME_COLUMNS}


def _quoted(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"')


def guide() -> str:
    """What each file is for and what its columns may hold, from the checker's own rules."""
    lines = [
        "# How to fill this case",
        "",
        "`geoecon check .` says what is missing, most important first, and how far the line runs with what is there.",
        "A stage without its file is skipped and named. Every row cites a source of sources.csv and says whether the",
        "figure was seen there (`seen`), computed from such figures (`computed`) or not read (`memory`).",
        "An empty cell is unknown, never zero. Numbers have a decimal point. Delete the files that you do not need.",
        "",
    ]
    for file, rules in columns().items():
        need = "needed" if file in REQUIRED else "may be absent"
        lines += [f"## {file} ({need})", "", PURPOSE[file][0].upper() + PURPOSE[file][1:] + ".", ""]
        lines += ["| column | holds |", "|---|---|"]
        for column, rule in rules.items():
            allowed = rule.allowed + ("" if rule.column_required else " (the column may be absent)")
            lines.append(f"| {column} | {allowed} |")
        lines.append("")
    return "\n".join(lines)
