"""An answer as a memo that can be pasted into a file: question, verdict, clause, what was not said, day read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from geoecon import countries
from geoecon.law.answer import NOT_LEGAL_ADVICE, Licence
from geoecon.law.screened_file import questions


def memo(
    answer: Licence,
    asked: Mapping[str, Any],
    said: Mapping[str, Any],
    sentence: str,
    clause: Mapping[str, Any],
    link: str,
) -> str:
    """The memo as plain text: what was asked and said, the answer, and what may change it."""
    source = countries.name(answer.exporter or answer.regime)
    lines = [
        f"{answer.verdict.upper()}{' (presumed)' if answer.presumed else ''}",
        sentence,
        "",
        f"Question: {asked['item']} from {source} to {countries.name(answer.destination)} on {answer.on.isoformat()}",
    ]
    lines += [f"Said: {'; '.join(f'{name} = {value}' for name, value in said.items())}"] if said else []
    lines += [f"Policy: {answer.review_policy.replace('_', ' ')}"] if answer.review_policy else []
    if clause.get("clause") or clause.get("row"):
        head = "Clause" if clause["decides"] else "Rule in question"
        lines.append(f"{head}: {clause['clause'] or clause['row']}; {clause['source'] or ''}".rstrip("; "))
    lines += [clause["summary"]] if clause.get("summary") else []
    lines += [f"Link: {clause['url']}"] if clause.get("url") else []
    lines += [f"Last read: {clause['read']}"] if clause.get("read") else []
    lines += ["The row rests on memory, not on a text that was read."] if clause.get("from_memory") else []
    lines += [f"Missing: {told}" for told in clause["missing"]]
    lines += [f"Party: {told}" for told in answer.party]
    open_ = questions(answer.missing)
    lines += ["Not said, and may change the answer: " + " ".join(open_)] if open_ else []
    lines += [f"Also: {told}" for told in (*answer.also, *answer.reach)]
    lines += [f"To come: {told}" for told in answer.coming]
    lines += [f"Reproduce: {link}", NOT_LEGAL_ADVICE]
    return "\n".join(lines)
