"""The page of layouts: a sample of each (`docs/layouts/`), as it is written, read, and covered."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "layouts"
INTRO = """# Layouts of trade tables

Each standard layout is a row of `flows/layouts.csv` (heading, codes of countries, units, rule of the flow), its
headings rows of `flows/headings.csv`, numbers of countries rows of `flows/numbers.csv`. A layout marked `memory` was
written down without its publisher's page in sight. Below, a sample of each (figures made up), the command that reads
it, the flows, and the coverage report that stands under every result, in exported files and on the web page.
"""


def page() -> str:
    """Standard layouts as a table, then each sample with its flows and its coverage report."""
    from geoecon.flows.headings import standard

    lines = [INTRO, "| layout | numbers of countries | value | weight | status |", "|---|---|---|---|---|"]
    lines += [f"| {row['title']} | {row['system']} | {row['value_unit'] or 'as a column says'} | "
              f"{row['weight_unit'] or 'as a column says'} | {row['status']} |" for row in standard()]  # fmt: skip
    with (FOLDER / "samples.csv").open(encoding="utf-8", newline="") as rows:
        for row in csv.DictReader(rows):
            lines += ["", *_sample(row["file"], row["options"])]
    return "\n".join(lines)


def _sample(name: str, options: str) -> list[str]:
    from geoecon.flows import read_flows

    given: dict[str, Any] = {}
    for option in options.split():
        key, _, value = option.partition("=")
        pairs = [part.partition("=") for part in value.split(",")]
        given[key] = (
            {name: usd if key == "columns" else float(usd) for name, _, usd in pairs} if "=" in value else value
        )
    flows = read_flows(FOLDER / name, quiet=True, **given)
    asked = " ".join(f"--{option.replace('=', ' ', 1)}" for option in options.split())
    asked = asked.replace(",", " --columns ")
    frame = flows.to_frame().sort_values(["period", "exporter", "product"])
    text = (FOLDER / name).read_text(encoding="utf-8-sig").rstrip()
    found = "\n".join(" ".join("" if cell != cell else str(cell) for cell in row) for row in
                      [list(frame.columns), *frame.to_numpy(dtype=object).tolist()])  # fmt: skip
    command = f"geoecon convert {name} flows.csv {asked}".rstrip()
    return [f"## {name}", "", f"```text\n{text}\n```", "", f"```sh\n{command}\n```", "", f"```text\n{found}\n```", "",
            f"```text\n{flows.coverage}\n```"]  # fmt: skip
