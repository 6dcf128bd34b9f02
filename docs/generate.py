"""Writes the generated pages of docs/reference from the code; with --check only says which are out of date."""

from __future__ import annotations

import csv
import inspect
import sys
from collections.abc import Iterator, Mapping
from importlib import import_module
from importlib.resources import files
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent / "reference"
NOTE = "<!-- made by docs/generate.py; do not edit -->\n\n"
ROOMS = (
    "flows",
    "indicators",
    "production",
    "episodes",
    "law",
    "capacity",
    "catchup",
    "disruption",
    "costs",
    "triangle",
    "games",
)
ROOMS += ("bargaining", "scorecard", "line", "questions", "views", "web")


def cell(value: Any) -> str:
    """Text that stays in its cell."""
    text = " ".join(str(value if value is not None else "").split())
    for letter in "\\|<>*_`[]":
        text = text.replace(letter, f"\\{letter}" if letter != "<" else "&lt;")
    return text


def table(heads: list[str], rows: list[list[Any]]) -> str:
    lines = ["| " + " | ".join(heads) + " |", "|" + "---|" * len(heads)]
    return "\n".join(lines + ["| " + " | ".join(map(cell, row)) + " |" for row in rows]) + "\n"


def cli() -> str:
    """Every verb with its arguments, from the command line's own help."""
    from geoecon.cli import app

    return app.generate_docs(output_format="markdown").replace("# geoecon\n", "# Command line\n", 1)


def formats() -> str:
    """Every file of a case folder with its columns and what each may hold."""
    from geoecon.case import FILES, OUTCOMES, REQUIRED

    parts = [
        "# Files of a case\n\nA case is a folder with a `case.toml` and CSV files in UTF-8 with a header line. A "
        "column that is not listed is kept as text. Every row names its source by an id of `sources.csv` and a status: "
        "`seen` (read in the source), `computed`, `memory` (not read). `geoecon new` writes the templates, "
        "`geoecon check` finds every fault.\n"
    ]
    for name, rules in FILES.items():
        need = "needed" if name in REQUIRED else "may be absent: the stages that need it are then skipped and named"
        rows = [[f"{column}", rule.allowed, "yes" if rule.required else "no"] for column, rule in rules.items()]
        parts.append(f"## {name}\n\n{need.capitalize()}.\n\n" + table(["column", "allowed", "needed"], rows))
    parts.append(f"## {OUTCOMES}\n\nWhat happened. Read by the evidence stage alone.\n")
    return "\n".join(parts)


def parameters() -> str:
    """The keys of a scenario: the general priors of all rooms, and the switches."""
    from geoecon.case import SWITCHES, default_parameters

    rows = [
        [
            name,
            f"{row.low:g}",
            f"{row.central:g}",
            f"{row.high:g}",
            row.unit,
            row.as_of,
            row.status,
            row.meaning,
            row.source,
        ]
        for name, row in sorted(default_parameters().items())
    ]
    heads = ["parameter", "low", "central", "high", "unit", "as of", "status", "meaning", "source"]
    told = (
        "# Parameters\n\nThe rooms' general priors: triangular between low and high with the mode at central. A case "
        "overrules them in its `parameters.csv`, per product or state as `name.product`. Status `memory` marks what "
        "nobody saw in a source, the authors' judgement among it. Each is a key of a scenario (`--scenario "
        "name=value`), as are the switches at the end.\n\n"
    )
    words = [[name, " or ".join(filter(None, (", ".join(row.words), row.allowed))), row.default, row.meaning]
             for name, row in sorted(SWITCHES.items())]  # fmt: skip
    heads_of_switches = ["switch", "allowed", "where nobody sets it", "meaning"]
    return told + table(heads, rows) + "\n## Switches\n\n" + table(heads_of_switches, words)


def sources() -> str:
    """Papers and data sets behind the models."""
    from geoecon.figure import own_sources

    rows = [
        [key, row["citation"], row.get("url") or "", row.get("read_on") or "", row.get("licence") or ""]
        for key, row in sorted(own_sources().items())
    ]
    told = "# Sources\n\nThe papers and data behind the models. Each case brings its own `sources.csv` besides.\n\n"
    return told + table(["id", "citation", "where", "read on", "licence"], rows)


def indicators() -> str:
    """The indicators of dependence as the trade room names them."""
    with (files("geoecon") / "indicators" / "indicators.csv").open(encoding="utf-8") as lines:
        rows = list(csv.DictReader(lines))
    heads = list(rows[0])
    return "# Indicators\n\nOne function each, named once.\n\n" + table(
        heads, [[row[head] for head in heads] for row in rows]
    )


def results(room: str) -> Iterator[tuple[str, Any]]:
    module = import_module(f"geoecon.{room}")
    for name in sorted(getattr(module, "__all__", None) or [name for name in dir(module) if not name.startswith("_")]):
        found = getattr(module, name)
        if inspect.isclass(found) and isinstance(getattr(found, "METHOD", None), str):
            yield name, found


def methods() -> str:
    """How we know: the METHOD of every result type."""
    parts = ["# How we know\n\nWhat each result says about itself, as it stands in the report under its answer.\n"]
    for room in ROOMS:
        found = list(results(room))
        if found:
            parts.append(f"## {room}\n")
        for name, kind in found:
            about = inspect.cleandoc(kind.__doc__ or "").splitlines()
            parts.append(f"### {name}\n\n{cell(about[0]) if about else ''}\n\n```text\n{kind.METHOD.strip()}\n```\n")
    return "\n".join(parts)


def api() -> str:
    """Public names, by room, from their docstrings."""
    import geoecon

    by_module: dict[str, list[str]] = {}
    for name, module in geoecon.PUBLIC.items():
        by_module.setdefault(module, []).append(name)
    parts = ["# API\n\n`import geoecon as ge`; every name below is `ge.<name>` and is loaded when first used.\n"]
    for module, names in sorted(by_module.items()):
        parts.append(f"## From {module}\n")
        for name in sorted(names):
            found = getattr(geoecon, name)
            kind = "class" if inspect.isclass(found) else "function"
            try:
                signature = str(inspect.signature(found)) if kind == "function" else ""
            except (TypeError, ValueError):
                signature = ""
            doc = inspect.cleandoc(found.__doc__ or "no docstring")
            parts.append(f"### {name}\n\n```python\nge.{name}{signature}\n```\n\n```text\n{doc}\n```\n")
    return "\n".join(parts)


def plain_page() -> str:
    """The fourteen plain questions of the law on a fixed day."""
    import geoecon as ge
    from geoecon import tables

    found = ge.plain_questions("2026-11-28")
    rows = [list(row.values()) for row in tables.records(found.to_frame())]
    return (
        "# Fourteen plain questions to the law\n\n`geoecon law plain --on 2026-11-28`, by places and goods alone, "
        "nothing said of use, user or buyer. The day lies after the last reading of every table: what nothing speaks "
        "against is *presumed* (an error with `--strict`); where a change was announced, suspended or reported in "
        f"between, the answer is *not known* and the change is named.\n\n{found.sentence()}\n\n"
        + table([str(head) for head in found.to_frame().columns], rows)
    )


def case_page(name: str) -> str:
    """One case from its own tables: who, what, the measures, the outcomes, what rests on memory."""
    import geoecon as ge
    from geoecon import tables

    case = ge.load_case(name)
    roles = ", ".join(f"{state.name} ({state.role})" for state in case.states)
    goods = "; ".join(f"{good.name} (HS {', '.join(good.hs) or 'none'})" for good in case.products)
    days = " and ".join(f"{day.day} {day:%B %Y}" for day in case.cutoffs)
    parts = [
        f"# {case.title}\n\n{case.question}\n\n`geoecon run {name}` writes the report, `geoecon evidence {name}` "
        f"holds the blind forecasts of {days} against what came.\n",
        f"- **Who:** {roles}\n- **Goods:** {goods}\n- **From** {case.start} **to** {case.end}\n",
    ]
    notes = case.folder / "notes.md"
    if notes.is_file():
        parts.append(notes.read_text(encoding="utf-8").rstrip() + "\n")
    rows = [
        [row["measure_id"], row["kind"], f"{row['exporter']} → {row['importer']}", row["product"], row["valid_from"],
         row["valid_to"], row["rule"], row["status"]]
        for row in tables.records(case.table("measures"))[:40]
    ]  # fmt: skip
    parts.append("## Measures\n\n" + table(["id", "kind", "flow", "good", "from", "to", "what", "status"], rows))
    marks = []
    for file in sorted(path.name for path in case.folder.glob("*.csv")):
        with (case.folder / file).open(encoding="utf-8", newline="") as lines:
            found = list(csv.DictReader(lines))
        if found and "status" in found[0]:
            count = [sum(row["status"] == mark for row in found) for mark in ("seen", "computed", "memory")]
            marks.append([file, len(found), *count])
    parts.append("## Where the rows come from\n\n" + table(["file", "rows", "seen", "computed", "memory"], marks))
    return "\n".join(parts)


def case_pages() -> dict[str, Any]:
    import geoecon as ge

    return {f"../cases/{name}.md": (lambda name=name: case_page(name)) for name in ge.cases()}


def layouts() -> str:
    """Samples of the layouts of trade tables with their coverage reports."""
    sys.path.insert(0, str(Path(__file__).parent))
    return import_module("samples").page()


def gallery_page() -> str:
    """The ten disputes at a glance, from the lines that ship."""
    import geoecon as ge
    from geoecon.scorecard import past_bands
    from geoecon.views import gallery

    parts = ["# The ten disputes at a glance\n\nWhat the forecast of the first day said, told nothing that came later; "
             "then what is known of the dispute.\n"]  # fmt: skip
    for name in sorted(ge.cases(), key=lambda one: str(gallery.answers()[one]["asked_on"])):
        told, case = gallery.answers()[name], ge.load_case(name)
        image = f"![Map: {gallery.thumbnail(case.settings).said}](images/cases/{name}.png){{ width=320 }}"
        picture = f"[{image}](cases/{name}.md)"
        parts.append(
            f"## {case.title}\n\n{picture}\n\n**{told['answer']}** (forecast of {told['asked_on']}, "
            f"{told['draws']:.0f} runs)\n\nThe dispute: {told['status']}. Facts to {told['updated']}. "
            f"[The case](cases/{name}.md) · `geoecon run {name}`\n"
        )
    parts.append("## How such bands have held\n\nMeasured outcomes, blind, by case; the band with past error is made "
                 "from the errors of the other cases (`make errors`).\n")  # fmt: skip
    held = past_bands().groupby("case")[["inside", "inside_draws"]].agg(["sum", "size"]).astype(int)
    rows = [
        [name, row["inside", "size"], row["inside", "sum"], row["inside_draws", "sum"]] for name, row in held.iterrows()
    ]
    parts.append(table(["case", "measured", "inside with past error", "inside of the draws alone"], rows))
    return "\n".join(parts)


PAGES: Mapping[str, Any] = {
    "cli.md": cli, "formats.md": formats, "parameters.md": parameters, "sources.md": sources,
    "indicators.md": indicators, "layouts.md": layouts, "methods.md": methods, "api.md": api,
    "../gallery.md": gallery_page, "../published/plain-questions.md": plain_page,
}  # fmt: skip


def main(check: bool) -> int:
    stale = []
    for name, make in {**PAGES, **case_pages()}.items():
        text, place = NOTE + make().rstrip() + "\n", HERE / name
        if not place.is_file() or place.read_text(encoding="utf-8") != text:
            stale.append(name)
            if not check:
                place.write_text(text, encoding="utf-8")
    print(("out of date: " if check else "written: ") + (", ".join(stale) or "nothing"))
    return 1 if check and stale else 0


if __name__ == "__main__":
    raise SystemExit(main("--check" in sys.argv[1:]))
