"""How far to trust a message, and what came: sentences made from the scored outcomes by rules."""

from __future__ import annotations

import re

from geoecon.message import phrases as say
from geoecon.message.findings import Findings

COVERED = 0.8  # of the outcomes should fall inside the ranges


def trust(found: Findings) -> str:
    """How far to trust this: the checks of this forecast, and in which direction it errs."""
    inside, of = found.checked
    parts = []
    if of >= 3:
        held = inside >= (COVERED - 0.1) * of
        parts.append(
            (
                f"Of {of} results checked later, {inside or 'none'} fell "
                f"inside our ranges; {round(COVERED * of)} should have."
            )
            if not held
            else f"Of {of} results checked later, all fell inside our ranges, which are wide."
            if inside == of and of >= 5
            else f"Of {of} results checked later, {inside} fell inside our ranges, about as many as should."
        )
    elif of:
        parts.append(
            f"Only one result was checked later; it fell {'inside our range' if inside else 'outside our range'}."
            if of == 1
            else f"Only {say.whole(of)} results were checked later; {say.whole(inside) if inside else 'none'} "
            f"fell inside our ranges."
        )
    elif found.runs < 2 and found.ended:
        parts.append("A run without repetitions has no ranges that could be checked.")
    else:
        parts.append("Nothing of this forecast has been checked yet.")
    seen = shortages_seen(found)
    if seen and seen[0] >= 2 and found.chance and found.chance > 0.3 and seen[1] == 0:
        parts.append(f"The model sees shortages too often: {say.whole(seen[0])} were checked, none was reported.")
    memory = remembered(found)
    if memory[1]:
        verb = "rests" if memory[0] == 1 else "rest"
        parts.append(f"{memory[0]} of {memory[1]} assumptions {verb} on judgement, not on a document.")
    return " ".join(parts)


def shortages_seen(found: Findings) -> tuple[int, int] | None:
    """(checked, came) of the outcomes on shortages and stops."""
    if found.scores is None:
        return None
    rows = found.scores[found.scores["metric"].isin(["first_shortage_day", "worst_output_month"])]
    bound = rows["kind"].eq("censored")
    return len(rows), int((~bound).sum())


def remembered(found: Findings) -> tuple[int, int]:
    """(from memory, all) of the assumptions that are rows of this case."""
    table = found.case.tables.get("parameters")
    mine = set() if table is None else set(table["name"])
    rows = [row for name, row in found.case.parameters.items() if name in mine]
    return sum(row.status == "memory" for row in rows), len(rows)


def came(found: Findings) -> list[str]:
    """What came, a sentence for each kind of outcome; nothing where no outcome is known."""
    if found.scores is None:
        return []
    told: list[str] = []
    seen = found.scores[(found.scores["metric"] == "imports_change_12m") & found.scores["observed"].notna()]
    for of, rows in seen.groupby("of", sort=False):
        if str(of) not in found.products:
            continue
        moves = [
            f"{_changed(value)} in a year{found.readings.get(str(key), '')}"
            for value, key in zip(rows["observed"].astype(float), rows["outcome_id"], strict=True)
        ]
        told.append(f"Imports of {found.products[str(of)]} from {found.seller} {moves[0]}.")
        told += [f"By another count of the same trade they {move}." for move in moves[1:]]
    seen_short = shortages_seen(found)
    if seen_short and seen_short[0] and not seen_short[1]:
        told.append("No stop in production was reported.")
    happened = found.scores[(found.scores["kind"] == "event") & (found.scores["observed"] == 1)].sort_values("date")
    told += [event_words(found, str(label)) for label in happened["label"].tolist()[-2:]]
    return told[:6]


def _changed(value: float) -> str:
    """A change in per cent, with its verb."""
    if value <= -99.5:
        return "fell to nothing"
    return f"{'fell' if value < 0 else 'rose'} by {say.percent(abs(value) / 100)}"


def event_words(found: Findings, label: str) -> str:
    """A coded event as a sentence: "the target gives way by 2023-03" is "Korea gave way by March 2023."."""
    words = re.sub(r"\d{4}-\d{2}(?:-\d{2})?", lambda one: say.month(one.group()), label)
    for role in ("target", "sender", "patron"):
        words = words.replace(f"the {role}", say.land(found.name(role)))
    words = (
        words.replace("gives way", "gave way")
        .replace("make a deal", "made a deal")
        .replace("backs down", "backed down")
        .replace("concedes", "gave way")
    )
    words = re.sub(r"^(?:the dispute |dispute |it )?(?:is )?still open by", "the dispute was still open in", words)
    return f"{say.capital(words)}."
