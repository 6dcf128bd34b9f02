"""The report: one page with message, picture, events and seven questions; figures and sources on a second."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from geoecon import charts
from geoecon.message import Change, Findings, Message, curve, leading, main_lever, message, remembered
from geoecon.message import phrases as say
from geoecon.views.again import reproduce
from geoecon.views.block import Block, named
from geoecon.views.changes import changes, changes_told
from geoecon.views.content import Content, content, method_of, name_of
from geoecon.views.events import happened_heading, second_screen
from geoecon.views.page import asset, inline_script, policy, render, style
from geoecon.views.seven_questions import blocks
from geoecon.views.words import plain_cells

if TYPE_CHECKING:
    from geoecon.line import Assessment
    from geoecon.questions import Row, WhatIf
    from geoecon.views.brief import Section

LIMIT = 3_000_000  # bytes
CLAIMS = 4  # shown on the page; the rest stands with the sources
# parts of a report that no what-if changes
SAME = ("csv", "cited", "figures", "found", "blocks", "events", "content", "picture")
OFFICE = (("brief.docx", "Word"), ("slides.pptx", "Slides"), ("tables.xlsx", "Excel"), ("cite.bib", "Cite"))


@dataclass(frozen=True)
class Report:
    """Everything that report, brief and slides show of one assessment, each part made when it is first asked for."""

    assessment: Assessment
    others: Sequence[Row] = ()  # what-ifs that were solved beside it
    solved_on: str = ""  # on how many runs

    @classmethod
    def of(cls, assessment: Assessment, what_if: WhatIf | None = None) -> Report:
        """With the rows of a what-if, where one was solved."""
        return cls(assessment) if what_if is None else cls(assessment, what_if.rows, what_if.on())

    def beside(self, what_if: WhatIf | None) -> Report:
        """The same with the rows of a what-if; what does not hang on them is not made again."""
        told = Report.of(self.assessment, what_if)
        told.__dict__.update({name: made for name, made in vars(self).items() if name in SAME})
        return told

    def tables(self) -> Iterator[tuple[str, list[str], list[tuple[Any, ...]]]]:
        """Stage, heads and plain cells of each table, one after the other, as they are large."""
        for stage, result in self.assessment.results.items():
            frame = result.to_frame()
            cells = list(zip(*(plain_cells(frame[head]) for head in frame.columns), strict=True))
            yield stage, [str(head) for head in frame.columns], cells

    @cached_property
    def csv(self) -> dict[str, str]:
        """Each stage's table as the text of its file."""
        from geoecon.views.exports import table_csv

        return {stage: table_csv(heads, rows) for stage, heads, rows in self.tables()}

    @cached_property
    def cited(self) -> str:
        """The sources as BibTeX."""
        from geoecon.views.office import bibtex

        return bibtex(self)

    @cached_property
    def figures(self) -> str:
        """The second page."""
        return figures_html(self)

    @cached_property
    def found(self) -> Findings:
        return Findings(self.assessment)

    @cached_property
    def message(self) -> Message:
        return message(self.found, self.changes)

    @cached_property
    def blocks(self) -> list[Block]:
        return blocks(self.found)

    @cached_property
    def changes(self) -> list[Change]:
        return changes(self.found, self.others)

    @cached_property
    def events(self) -> tuple[str, charts.Picture | None, list[tuple[Any, str]]]:
        return second_screen(self.found)

    @cached_property
    def content(self) -> Content:
        return content(self.assessment)

    @cached_property
    def sections(self) -> list[Section]:
        """What the brief says, for its three forms."""
        from geoecon.views.brief import sections

        return sections(self)

    @cached_property
    def picture(self) -> charts.Picture | None:
        """The loss against the parameter that decides; without one the picture of the first answered question."""
        return headline(self.found) or next(
            (block.picture for block in (self.blocks[2], *self.blocks) if block.picture), None
        )

    @cached_property
    def caption(self) -> str:
        alone = ", without past error" if self.found.with_past_error else ""
        runs = f"{self.assessment.draws} runs on what was known on {say.day(self.assessment.case.cutoff)}{alone}."
        return runs if headline(self.found) is None else f"{runs} Sand: what we assumed."


def headline(found: Findings, mark: float | None = None) -> charts.Picture | None:
    """The first picture: loss and chance along the parameter that decides, or None where none does; `mark` is a value
    of it that somebody chose."""
    lever = leading(found)
    points = curve(found, lever) if lever is not None else []
    if lever is None or not points or not found.chance:
        return None
    target = say.land(found.name("target"))
    percent = 100.0 if lever.unit.startswith("share") else 1.0  # shares stand in per cent, everywhere
    size, unit = (1e9, "billion") if max(one["high"] for one in points) >= 1e9 else (1e6, "million")
    rows = [
        {"x": one["x"] * percent, "chance": one["chance"]} | {key: one[key] / size for key in ("middle", "low", "high")}
        for one in points
    ]
    ends = " and ".join(
        f"{say.percent(one['chance'])} at {say.spoken(one['x'])}{say.NBSP + '%' if percent > 1 else ''}"
        for one in (rows[0], rows[-1])
    )
    low, mode, high = lever.prior
    return charts.cliff(
        rows,
        title=f"The loss {'hangs on' if leading(found) == main_lever(found) else 'follows'} {lever.words}",
        said=f"Loss for {target} against: {lever.axis}. The chance that a material runs short is {ends}.",
        x=f"{lever.axis}, %" if percent > 1 else lever.axis,
        y=f"Loss over {say.length(found.horizon_months)}, USD {unit}",
        chance="Chance that a material runs short",
        prior=(low * percent, mode * percent, high * percent),
        words=("what we assumed", "what came"),
        mark=None if mark is None else mark * percent,
        sources=found.sources("disruption"),
    )


def write_report(assessment: Assessment, folder: Path | str, *, what_if: WhatIf | None = None) -> Path:
    """Writes `report.html`, `figures.html` and `brief.md` into `folder` and returns the report's path.

    `what_if` holds rows for the table of changes. The same assessment gives the same bytes.
    """
    return write_pages(Report.of(assessment, what_if), folder)


def write_pages(report: Report, folder: Path | str, files: Iterable[str] = ()) -> Path:
    """The same for a report that is at hand; `files` are names of files beside the page that its buttons link."""
    from geoecon.views.brief import brief

    place = Path(folder)
    place.mkdir(parents=True, exist_ok=True)
    (place / "brief.md").write_text(brief(report), encoding="utf-8")
    (place / "figures.html").write_text(report.figures, encoding="utf-8")
    page = report_html(report, files={"brief.md", *files})
    (place / "report.html").write_text(page, encoding="utf-8")
    return place / "report.html"


def report_html(report: Report, files: Iterable[str] = ()) -> str:
    """The page as text. One small script, allowed by its hash; no request leaves it."""
    script, given = asset("page.js"), set(files)
    told, timeline, events = report.events
    claims, left = _claims(report.content)
    memory = remembered(report.found)
    buttons = ([("brief.docx", "Two-page brief")] if "brief.docx" in given else [("brief.md", "Two-page brief")]) + [
        (name, label) for name, label in OFFICE[1:] if name in given
    ]
    return render(
        "report.html",
        message=report.message,
        picture=report.picture,
        caption=report.caption,
        timeline=timeline,
        timeline_source=named(timeline.sources, 3) if timeline else "",
        told=told,
        events=events,
        happened=happened_heading(report.found),
        blocks=[_with_how(report, block) for block in report.blocks],
        changes=report.changes,
        changes_told=changes_told(report.changes),
        gives_way=f"{say.land(report.found.name('target'), True)} gives way",
        changes_source=_changes_source(report),
        claims=claims,
        claims_left=left,
        further=_further(report),
        assessment=report.assessment,
        case=report.assessment.case,
        files=buttons if given else [],
        remembered=(
            f"{memory[0]} of {memory[1]} of the case’s assumptions rest on "
            "memory or judgement; they are marked in the table of figures."
        ),
        style=style("page.css"),
        policy=policy(script),
        scripts=[inline_script(script)],
        reproduce=reproduce(report.assessment),
    )


def figures_html(report: Report) -> str:
    """Every figure with unit, period, band and sources; every assumption; the sources; the input files."""
    page, script = report.content, asset("page.js")
    return render(
        "figures.html",
        page=page,
        tracks=next((block.second for block in report.blocks if block.second is not None), None),
        assessment=page.assessment,
        case=page.assessment.case,
        style=style("page.css"),
        policy=policy(script),
        scripts=[inline_script(script)],
        reproduce=reproduce(page.assessment),
    )


def _with_how(report: Report, block: Block) -> Mapping[str, Any]:
    """A block with what stands behind it: the stages' own sentences, and their methods."""
    told = report.assessment
    stages = [stage for stage in block.stages if stage in told.results]
    return {
        **vars(block),
        "how": [said for stage in stages for said in (told.all_said[stage] if block.said else [told.said[stage]])],
        "methods": [(name_of(stage), method_of(told.results[stage]).replace("\n", " ")) for stage in stages],
    }


def _changes_source(report: Report) -> str:
    if report.others:
        return f"Solved again with one thing changed. {report.solved_on} Grey: no change, with the reason."
    return (
        "The same runs, sorted by one assumption: the third of the runs where it was lowest, and where it was highest."
    )


def _further(report: Report) -> list[tuple[str, str]]:
    """Stages that no question names."""
    named = {stage for block in report.blocks for stage in block.stages}
    return [(name_of(stage), said) for stage, said in report.assessment.said.items() if stage not in named]


def _claims(page: Content) -> tuple[list[Mapping[str, str]], int]:
    """The claims worth a line on the page: those that are wrong or in part first."""
    order = {"wrong": 0, "partly right": 1, "mostly right": 2, "disputed": 1}
    rows = sorted(page.claims, key=lambda row: order.get(str(row["verdict"]).split(",")[0], 3))
    shown: list[Mapping[str, str]] = [
        {
            "claim": str(row["claim"]),
            "verdict": say.capital(str(row["verdict"])),
            "fact": _first(str(row["correct_fact"])),
        }
        for row in rows[:CLAIMS]
    ]
    return shown, max(len(rows) - CLAIMS, 0)


def _first(text: str, most: int = 160) -> str:
    """The first sentence of a fact, at most so long."""
    first = say.sentences(text)[0] if text else ""
    return first if len(first) <= most else first[:most].rsplit(" ", 1)[0] + " …"
