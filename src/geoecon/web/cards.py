"""The disputes as cards: who, whom, what, years, the answer of the first forecast, whether it is still open."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from geoecon.message import phrases as say
from geoecon.views import gallery
from geoecon.web.state import State


def disputes(state: State) -> list[dict[str, Any]]:
    """The cases as cards: who, whom, what, years, and whether the dispute is still open."""
    made, asked = [], gallery.answers()
    for key in state.titles():
        head = state.head(key)
        roles = {one.get("role"): one.get("name", "") for one in head.get("states", ())}
        goods = [str(one.get("name", "")) for one in head.get("products", ())]
        start, end = str(head["case"].get("start", ""))[:4], str(head["case"].get("end", ""))[:10]
        line = _told(asked.get(key, {}))
        badge = gallery.badge(str(line.get("status", "")))
        live = badge == "open" or end >= date.today().isoformat()
        years = f"{start}–" if live else start if start == end[:4] else f"{start}–{end[2:4]}"
        told = ", ".join(goods[:3]) + (f" and {len(goods) - 3} more" if len(goods) > 3 else "")
        made.append(
            {
                "key": key,
                "sender": roles.get("sender", ""),
                "target": roles.get("target", ""),
                "goods": say.capital(told),
                "years": years,
                "badge": badge,
                "title": str(head["case"].get("title", key)),
                "answer": "",
            }
            | line
        )
    return sorted(made, key=lambda one: (one["badge"] != "open", one["years"]))


def _told(line: Mapping[str, Any]) -> dict[str, Any]:
    """A line of the gallery with its days in words, and its first sentence alone."""
    if not line:
        return {}
    days = {f"{name}_day": say.day(date.fromisoformat(str(line[f"{name}_on" if name == "asked" else name])))
            for name in ("asked", "updated")}  # fmt: skip
    return dict(line) | days | {"short": say.sentences(str(line["answer"]))[0]}
