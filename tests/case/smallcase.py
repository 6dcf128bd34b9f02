"""A small valid case folder, made by the dozen: two or three states, a few goods, a small economy. Figures made up."""

from __future__ import annotations

import csv
import json
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Recipe:
    sender: str = "QSA"
    target: str = "QTB"
    patron: str | None = "QPC"
    rest: str = "QRD"
    goods: tuple[str, ...] = ("resin",)
    start: date = date(2019, 7, 1)
    months: int = 30  # of trade before the start
    share: float = 0.6
    value: float = 2e6
    cap: float | None = None
    kind: str = "individual"
    review: float = 90.0
    stock: float = 60.0
    scale: float = 1000.0
    tilt: float = 1.0  # how uneven the economy is
    days: int = 400
    game_months: int = 12
    optional: frozenset[str] = frozenset({"economy", "macro", "outcomes", "forecasts", "claims"})

    def but(self, **changes: Any) -> Recipe:
        return replace(self, **changes)


SECTORS = ("mining", "electrical and optical equipment", "public and other services")


def write(folder: Path, recipe: Recipe) -> Path:
    """The folder of a recipe."""
    folder.mkdir(parents=True)
    put(folder, "sources.csv", ["source_id", "citation"], [["made", "figures made up for a test"]])
    (folder / "case.toml").write_text(toml(recipe), encoding="utf-8")
    put(
        folder,
        "trade.csv",
        ["period", "exporter", "importer", "product", "hs", "value_usd", "tonnes", "share", "source_id", "status"],
        trade(recipe),
    )
    put(
        folder,
        "measures.csv",
        [
            "measure_id",
            "regime",
            "exporter",
            "importer",
            "product",
            "kind",
            "announced",
            "valid_from",
            "valid_to",
            "known_from",
            "cap_share",
            "review_days",
            "state",
            "rule",
            "clause",
            "source_id",
            "status",
        ],
        measures(recipe),
    )
    put(
        folder,
        "timeline.csv",
        ["date", "actor", "event", "system", "source_id", "status"],
        [[recipe.start, "the sender", "announces", "controls", "made", "seen"]],
    )
    put(
        folder,
        "parameters.csv",
        ["name", "low", "central", "high", "unit", "as_of", "source_id", "status"],
        [["inventory_days", recipe.stock / 2, recipe.stock, 2 * recipe.stock, "days", "2018", "made", "seen"]],
    )
    if "economy" in recipe.optional:
        put(
            folder,
            "economy.csv",
            ["use", "from_region", "from_sector", "to_region", "to_sector", "value_usd_million"],
            economy(recipe),
        )
    if "macro" in recipe.optional:
        rows = [
            [code, "gdp_usd", recipe.start.year - 1, recipe.scale * 1e9, "USD", "made", "seen"]
            for code in states(recipe)
        ]
        put(folder, "macro.csv", ["state", "series", "year", "value", "unit", "source_id", "status"], rows)
    later = f"{recipe.start.year + 1}-12"
    if "outcomes" in recipe.optional:
        rows = [
            ["R1", later, "observed", "imports_change_12m", recipe.goods[0], -20, "", "", 0, "percent", "made", "seen"],
            [
                "R2",
                later,
                "censored",
                "first_shortage_day",
                recipe.goods[0],
                "",
                "at_least",
                100,
                "",
                "days",
                "made",
                "seen",
            ],
            ["R3", later, "unknown", "length_months", "dispute", "", "", "", "", "months", "made", "memory"],
        ]
        put(
            folder,
            "outcomes.csv",
            [
                "outcome_id",
                "date",
                "kind",
                "metric",
                "of",
                "value",
                "sense",
                "threshold",
                "no_change",
                "unit",
                "source_id",
                "status",
            ],
            rows,
        )
    if "forecasts" in recipe.optional:
        put(
            folder,
            "forecasts.csv",
            [
                "forecast_id",
                "author",
                "date",
                "metric",
                "of",
                "low",
                "value",
                "high",
                "unit",
                "assumption",
                "source_id",
                "status",
            ],
            [
                [
                    "F1",
                    "a house",
                    recipe.start,
                    "imports_change_12m",
                    recipe.goods[0],
                    -40,
                    "",
                    -20,
                    "percent",
                    "a stop",
                    "made",
                    "seen",
                ]
            ],
        )
    if "claims" in recipe.optional:
        put(
            folder,
            "claims.csv",
            ["claim_id", "claim", "verdict", "correct_fact", "source_id", "status"],
            [["C1", "nothing happened", "wrong", "imports fell by a fifth", "made", "seen"]],
        )
    return folder


def put(folder: Path, name: str, head: list[str], rows: list[list[Any]]) -> None:
    with (folder / name).open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([head, *rows])


def states(recipe: Recipe) -> list[str]:
    return [code for code in (recipe.sender, recipe.target, recipe.patron) if code]


def regions(recipe: Recipe) -> list[str]:
    return [*states(recipe), recipe.rest]


def toml(recipe: Recipe) -> str:
    end = recipe.start.replace(year=recipe.start.year + 2, day=1)
    lines = [
        "[case]",
        'id = "small"',
        'title = "A small case"',
        f'start = "{recipe.start}"',
        f'end = "{end}"',
        f'cutoffs = ["{recipe.start}"]',
    ]
    for role, code in (("sender", recipe.sender), ("target", recipe.target), ("patron", recipe.patron)):
        if code:
            lines += ["[[states]]", f'code = "{code}"', f'name = "the {role}"', f'role = "{role}"']
    for good in recipe.goods:
        lines += [
            "[[products]]",
            f'id = "{good}"',
            f'name = "{good}"',
            'hs = ["390000"]',
            f"users = {json.dumps([[recipe.target, SECTORS[1]]])}",
            f"makers = {json.dumps([[recipe.sender, SECTORS[0]]])}",
        ]
    lines += [
        "[codes]",
        'WLD = "all origins"',
        f'{recipe.rest} = "everyone else"',
        "[horizon]",
        f"disruption_days = {recipe.days}",
        f"bargaining_months = {recipe.game_months}",
        "[economy]",
        'source_id = "made"',
        "year = 2018",
        'unit = "USD million"',
        'status = "seen"',
        "[scenario]",
        'measures = "known"',
        'architecture = "none"',
        'patron_engaged_from = "never"',
    ]
    return "\n".join(lines) + "\n"


def trade(recipe: Recipe) -> list[list[Any]]:
    rows = []
    for good in recipe.goods:
        year, month = recipe.start.year, recipe.start.month
        for _ in range(recipe.months):
            year, month = (year, month - 1) if month > 1 else (year - 1, 12)
            for code, part in (("WLD", 1.0), (recipe.sender, recipe.share), (recipe.rest, 1 - recipe.share)):
                value = round(recipe.value * part, 2)
                rows.append(
                    [
                        f"{year}-{month:02d}",
                        code,
                        recipe.target,
                        good,
                        "390000",
                        value,
                        round(value / 1e4, 4),
                        round(part, 6),
                        "made",
                        "seen",
                    ]
                )
    return sorted(rows, key=lambda row: (row[3], row[0], row[1]))


def measures(recipe: Recipe) -> list[list[Any]]:
    return [
        [
            f"M{k}",
            "own",
            recipe.sender,
            recipe.target,
            good,
            recipe.kind,
            recipe.start,
            recipe.start,
            "",
            recipe.start,
            "" if recipe.cap is None else recipe.cap,
            recipe.review,
            "in_force",
            "a rule",
            "",
            "made",
            "seen",
        ]
        for k, good in enumerate(recipe.goods)
    ]


def economy(recipe: Recipe) -> list[list[Any]]:
    """A balanced table by construction: final use takes what industries do not."""
    rows = []
    places = [(region, sector) for region in regions(recipe) for sector in SECTORS]
    for i, (region, sector) in enumerate(places):
        output = recipe.scale * (1 + recipe.tilt * ((i * 7) % 5) / 5)
        used = 0.0
        for j, (other, user) in enumerate(places):
            part = 0.25 / len(SECTORS) if other == region else 0.12 / len(places)
            value = round(recipe.scale * part * (1 + 0.5 * ((i + j) % 3)), 3)
            rows.append(["intermediate", region, sector, other, user, value])
            used += value
        left = max(output - used, 0.1 * output)
        for other in regions(recipe):
            part = 0.7 if other == region else 0.3 / (len(regions(recipe)) - 1)
            rows.append(["final", region, sector, other, "final demand", round(left * part, 3)])
    return rows
