"""The answer of a case page: message, three numbers with what they were, one picture, what moved."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

from geoecon.case import Case
from geoecon.line import Assessment
from geoecon.message import Findings, main_lever, message
from geoecon.message import phrases as say
from geoecon.views import blocks, environment, headline

if TYPE_CHECKING:
    from datetime import date

    from geoecon.charts import Picture
    from geoecon.message import Message


QUICK = 24  # runs of the first answer


def assessment(case: Case, answers: Mapping[str, Any], draws: int, seed: int) -> Assessment:
    """The stages that are solved as one assessment."""
    results = {name: answer.result for name, answer in answers.items() if answer.result is not None}
    gaps = {name: answer.reason for name, answer in answers.items() if answer.reason is not None}
    return Assessment(case, draws, seed, results, gaps, {})


def answer(
    case: Case, mine: Mapping[str, Any], draws: int, seed: int, base: Mapping[str, Any], *, final: bool
) -> dict[str, Any]:
    """The left side of a case page as a fragment, and what each lever moves, for the order of the sliders."""
    from dataclasses import replace

    now = Findings(assessment(case, mine, draws, seed))
    then = _standing(replace(case, scenario={}), base, draws, seed) if case.scenario else now
    told = message(now)
    was = message(then) if case.scenario else told
    picture = _picture(then, now)
    html = (
        environment()
        .get_template("web/answer.html")
        .render(
            message=told,
            tiles=_tiles(told, was) if case.scenario else [(tile, "", False) for tile in told.tiles],
            picture=picture,
            moved=_moved(now, then) if case.scenario else None,
            final=final,
            runs=draws,
            blocks=blocks(now) if final else [],
            reason=_reason(now),
        )
    )
    return {"html": html, "final": final, "title": told.title, "levers": _levers(then), "runs": draws}


@cache
def _known(_place: tuple[str, date, int, int]) -> list[Findings]:
    return []


def _standing(case: Case, base: Mapping[str, Any], draws: int, seed: int) -> Findings:
    """The findings of the case as it stands, kept while its answers are the same."""
    kept = _known((case.id, case.cutoff, draws, seed))
    results = {name: answer.result for name, answer in base.items()}
    if not kept or any(kept[0].assessment.results.get(name) is not result for name, result in results.items()):
        kept[:] = [Findings(assessment(case, base, draws, seed))]
    return kept[0]


def _picture(then: Findings, now: Findings) -> Picture | None:
    """The curve of the case as it is, with a mark where the reader has put the parameter that decides."""
    lever = main_lever(then)
    mark = None
    if lever is not None:
        stem = lever.key.split(".")[0]
        value = now.case.scenario.get(lever.key, now.case.scenario.get(stem))
        mark = float(value) if value is not None else None
    found = headline(then, mark=mark)
    if found is not None:
        return found
    return headline(now) or next((block.picture for block in blocks(now)[2:] if block.picture), None)


def _tiles(told: Message, was: Message) -> list[tuple[Any, str, bool]]:
    """Each number, what it was, and whether it moved."""
    before = {tile.label: tile.number for tile in was.tiles}
    made = []
    for place, tile in enumerate(told.tiles):
        old = before.get(tile.label, was.tiles[place].number if place < len(was.tiles) else "")
        made.append((tile, f"was {old}" if old else "", old != tile.number))
    return made


def _moved(now: Findings, then: Findings) -> dict[str, str]:
    """What the change moved, and what it did not, in words."""
    before = dict(then.by_product)
    moved = [
        f"{name} {round(100 * before[name])} → {round(100 * share)}{say.NBSP}%"
        for name, share in now.by_product
        if name in before and round(100 * before[name]) != round(100 * share)
    ]
    still = []
    for words, values in (
        ("imports from the seller", [float(np.median(one)) for _, one in now.cut]),
        ("the lasting cost", [now.yearly("target")]),
    ):
        old = [float(np.median(one)) for _, one in then.cut] if words.startswith("imports") else [then.yearly("target")]
        if (
            values
            and None not in values
            and None not in old
            and np.allclose(np.asarray(values, float), np.asarray(old, float), rtol=0.02)
        ):
            still.append(words)
    changed = ", ".join(
        f"{key.replace('_', ' ')} = {value:g}" if isinstance(value, float) else f"{key.replace('_', ' ')} = {value}"
        for key, value in sorted(now.case.scenario.items())
    )
    return {"changed": changed, "moved": "; ".join(moved), "still": say.listed(still)}


def _levers(found: Findings) -> list[dict[str, Any]]:
    """Parameters by how much the chance of a shortage moves from the third of the runs where they are low to that where
    they are high."""
    rows = []
    for lever in found.levers:
        low, high = np.quantile(lever.values, [1 / 3, 2 / 3])
        ends = [found.where(lever.values <= low), found.where(lever.values >= high)]
        if ends[0] is None or ends[1] is None:
            continue
        a, b = round(100 * ends[0][0]), round(100 * ends[1][0])
        rows.append({"key": lever.key, "words": lever.words, "low": a, "high": b, "size": abs(a - b)})
    return sorted(rows, key=lambda one: -one["size"])


def _reason(found: Findings) -> str:
    """Why there is no chance of a shortage to show, where there is none."""
    gap = found.assessment.skipped.get("disruption")
    return f"The shortage question was not solved: the case lacks {gap}." if gap else ""
