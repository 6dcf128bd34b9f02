"""An answer as a memo that can be pasted into a file: question, verdict, clause, what would change it, day read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from geoecon.law.answer import NOT_LEGAL_ADVICE

if TYPE_CHECKING:
    from geoecon.law.desk import Card


def memo(card: Card) -> str:
    """The memo as plain text: what was asked and said, the answer, and all that the card holds beside it."""
    answer, asked, clause = card.answer, card.asked, card.clause
    lines = [
        f"{answer.verdict.upper()}{' (presumed)' if answer.presumed else ''}",
        card.sentence,
        "",
        f"Question: {asked['item']} from {asked['from']} to {asked['to']} on {asked['on']}",
    ]
    facts = asked["facts"]
    lines += [f"Said: {'; '.join(f'{name} = {value}' for name, value in facts.items())}"] if facts else []
    if answer.code != asked["item"] and not card.choices:
        lines.append(f"Read as: {answer.code}")
    lines += [f"Review policy: {answer.review_policy.replace('_', ' ')}"] if answer.review_policy else []
    lines += [f"How long: {card.how_long}"] if card.how_long else []
    if clause.get("clause") or clause.get("row"):
        head = "Clause" if clause["decides"] else "Rule in question"
        lines.append(f"{head}: {clause['clause'] or clause['row']}; {clause['source'] or ''}".rstrip("; "))
    lines += [clause["summary"]] if clause.get("summary") else []
    lines += [f"Link: {clause['url']}"] if clause.get("url") else []
    lines += [f"Last read: {clause['read']}"] if clause.get("read") else []
    lines += ["The row rests on memory, not on a text that was read."] if clause.get("from_memory") else []
    lines += [f"Missing: {told}" for told in clause["missing"]]
    lines += [f"Reason: {told}" for told in answer.reasons]
    lines += [f"Party: {told}" for told in card.party]
    lines += [f"Choose: {one['item']}, {one['title']} → {one['verdict']}" for one in card.choices]
    lines += [f"What would change it: {one['question']} {one['told'] or 'not said'}" for one in card.questions]
    lines += [f"Also: {told}" for told in dict.fromkeys([*(one["text"] for one in card.others), *answer.reach])]
    lines += [f"Over time: {'; '.join(card.since)}"] if card.since else []
    lines += [f"To come: {told}" for told in card.coming]
    lines += [f"Reproduce: {card.link}", NOT_LEGAL_ADVICE]
    return "\n".join(lines)
