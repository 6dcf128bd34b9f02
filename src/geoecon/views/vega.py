"""Specifications of the charts that results bring along: strict, the same in every run, states in their colours."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, TypeAlias

from geoecon.views.words import plain

if TYPE_CHECKING:
    from altair.typing import ChartType

    from geoecon.kinds import Cell, Json


LITE = "6.4"
NAMED = re.compile(r"\b(view|param|concat|layer|selector|data)_(\d+)\b")


def specification(chart: ChartType, roles: Mapping[str, str] | None = None) -> dict[str, Any]:
    """A chart's Vega-Lite specification: strict JSON, floats of six digits, the same names in every run.

    `roles` gives states by name their colour, wherever the chart has not chosen colours itself.
    """
    import altair

    with altair.data_transformers.enable("default", max_rows=None):
        raw = chart.to_dict()
    data = {key: raw.pop(key) for key in ("datasets",) if key in raw}
    spec: dict[str, Any] = json.loads(_renamed(json.dumps(_rounded(plain(raw)))))
    spec.update({key: _rounded(item) for key, item in plain(data).items()})
    if roles:
        _paint({key: value for key, value in spec.items() if key != "datasets"}, roles, spec.get("datasets", {}))
    return spec


Part: TypeAlias = dict[str, Any] | list[Any] | str | float | None  # of a specification


def _paint(part: Part, roles: Mapping[str, str], datasets: Mapping[str, Any], data: str = "") -> None:
    """One colour per role in every chart: a colour scale over states gets theirs, an offset over them their order."""
    if isinstance(part, dict):
        data = part.get("data", {}).get("name", data) if isinstance(part.get("data", {}), dict) else data
    for value in part.values() if isinstance(part, dict) else part if isinstance(part, list) else ():
        _paint(value, roles, datasets, data)
    encoding = part.get("encoding") if isinstance(part, dict) else None
    encoding = encoding if isinstance(encoding, dict) else {}
    for channel in ("color", "xOffset", "yOffset"):
        field = encoding.get(channel)
        if not isinstance(field, dict) or "field" not in field or "scale" in field:
            continue
        found = {row.get(field["field"]) for row in datasets.get(data, ())}
        domain = sorted(name for name in found if isinstance(name, str))
        if any(name in roles for name in domain):
            field.update({"scale": _colours(domain, roles)} if channel == "color" else {"sort": domain})


def _colours(domain: list[str], roles: Mapping[str, str]) -> dict[str, list[str]]:
    from geoecon.charts import COLOURS

    free = iter([tint for tint in COLOURS if tint not in roles.values()] * len(domain))
    return {"domain": domain, "range": [roles[name] if name in roles else next(free) for name in domain]}


def _renamed(text: str) -> str:
    """Altair counts its automatic names through the whole process; ours begin at one in each chart."""
    known: dict[str, str] = {}

    def name(found: re.Match[str]) -> str:
        return known.setdefault(found.group(), f"{found.group(1)}_{len(known) + 1}")

    return NAMED.sub(name, text)


def _rounded(value: Json) -> Json:
    if isinstance(value, dict):
        return {key: _rounded(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_rounded(item) for item in value]
    return float(f"{value:.6g}") if isinstance(value, float) else value


def title(spec: dict[str, Any]) -> tuple[str, str]:
    """Title and subtitle, wherever they stand in the specification."""
    for part in _parts(spec):
        head = part.get("title")
        if isinstance(head, dict) and head.get("subtitle") is not None:
            return _line(head.get("text")), _line(head.get("subtitle"))
    head = spec.get("title")
    return (_line(head.get("text")) if isinstance(head, dict) else _line(head)), ""


def _parts(spec: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield spec
    for key in ("vconcat", "hconcat", "concat", "layer"):
        for part in spec.get(key, ()):
            yield from _parts(part)
    if isinstance(spec.get("spec"), dict):
        yield from _parts(spec["spec"])


def _line(text: Cell) -> str:
    return " ".join(map(str, text)) if isinstance(text, list) else str(text or "")
