"""Every built-in case runs through the whole line, blind, and no code knows any of them."""

import math
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import geoecon as ge
from geoecon import dates, production
from geoecon.case import FILES, OUTCOMES
from geoecon.line import STAGES

SRC = Path(ge.__file__).parent
BUILT_IN = (
    "china-gallium-2023",
    "china-graphite-2023",
    "china-japan-2026",
    "china-japan-rare-earths-2010",
    "china-korea-thaad-2017",
    "china-rare-earths-2025",
    "gulf-qatar-2017",
    "indonesia-nickel-2020",
    "japan-korea-2019",
    "russia-germany-gas-2022",
)
YEARS = ", ".join(map(str, range(2015, 2025)))
LACKS = {  # stages that a case cannot run, and what it lacks
    "china-gallium-2023": {"alliance": "case.toml: a state with the role patron"},
    "china-rare-earths-2025": {"alliance": "case.toml: a state with the role patron"},
    "indonesia-nickel-2020": {"alliance": "case.toml: a state with the role patron"},
    "china-japan-rare-earths-2010": {"scan": f"flows.csv: a year before 2010; it has {YEARS}"},
}


def test_the_built_in_cases():
    assert ge.cases() == BUILT_IN


@pytest.mark.parametrize("name", BUILT_IN)
def test_the_whole_line_runs(name):
    done = ge.run(ge.load_case(name), draws=0)
    wanted = {stage for stage, about in STAGES.items() if not about.asked} - LACKS.get(name, {}).keys()
    assert set(done.results) == wanted
    assert dict(done.skipped) == LACKS.get(name, {})
    for stage, result in done.results.items():
        assert result.sentence().endswith("."), stage
        for label, figure in result.figures().items():
            assert figure.value is None or not math.isnan(figure.value), (stage, label)
            assert figure.sources, (stage, label)


@pytest.mark.parametrize("name", BUILT_IN)
def test_products_have_users_and_makers_in_a_balanced_economy(name):
    case = ge.load_case(name)
    table = production.economy(case)
    for product in case.products:
        assert product.users
        assert product.makers
        for region, sector in (*product.users, *product.makers):
            assert table.index(region, sector) >= 0
        assert {region for region, _ in product.users} == {case.target}
        assert {region for region, _ in product.makers} == {case.sender}
    assert abs(table.Z.sum(axis=1) + table.Y.sum(axis=1) - table.x).max() <= 0.005 * table.x.max()


@pytest.mark.parametrize("name", BUILT_IN)
def test_every_row_has_a_source_and_a_status(name):
    case = ge.load_case(name)
    for file, rules in FILES.items():
        if "source_id" in rules and file != "sources.csv" and case.has(file.removesuffix(".csv")):
            table = case.table(file.removesuffix(".csv"))
            assert table["source"].notna().all()
            assert set(table["status"]) <= {"seen", "computed", "memory"}
    assert case.table("claims")["verdict"].notna().all()


def test_no_case_is_named_in_code():
    """Cases are data: no Python file knows the name of a case or of a product of one."""
    words = set(BUILT_IN)
    for name in BUILT_IN:
        words |= {product.id for product in ge.load_case(name).products}
    for path in SRC.rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        code = "\n".join(line.split("#")[0] for line in text.splitlines())
        found = [word for word in words if f'"{word}"' in code]
        assert not found, f"{path.relative_to(SRC)} knows {found}"


@pytest.mark.parametrize("name", BUILT_IN)
def test_a_blind_run_does_not_see_what_came_after(name):
    """All rows later than the cut-off thrown away: the forecast stays the same, to the last digit."""
    case = ge.load_case(name).at(ge.load_case(name).cutoffs[0])
    early = {"trade": "period", "measures": "known_from", "parameters": "as_of", "timeline": "date"}
    cut = dict(case.tables)
    for file, column in early.items():
        kept = [dates.last_day(day) <= case.cutoff for day in cut[file][column]]
        cut[file] = cut[file][kept].reset_index(drop=True)
    assert len(cut["trade"]) < len(case.tables["trade"])
    whole, blind = ge.run(case, draws=0), ge.run(replace(case, tables=cut), draws=0)
    assert set(whole.results) == set(blind.results)
    for stage in set(whole.results) - {"evidence"}:
        first, second = whole.results[stage].predictions(), blind.results[stage].predictions()
        assert first.keys() == second.keys(), stage
        for key, values in first.items():
            # sums over frames of another length may end in another last bit; nothing known later is that small
            np.testing.assert_allclose(values, second[key], rtol=1e-12, atol=0, err_msg=str((stage, key)))


def test_outcomes_are_opened_by_the_evidence_stage_alone():
    """A whole load and run with every opening of a file traced: outcomes.csv belongs to the scorecard.

    The sums of all files that an assessment records are the one other reader; they cannot tell a number.
    """
    code = f"""
import sys
opened = []
def trace(event, arguments):
    if event == "open" and str(arguments[0]).endswith("{OUTCOMES}"):
        frame, names = sys._getframe(), []
        while frame:
            file = frame.f_code.co_filename.replace("\\\\", "/").rpartition("geoecon/")[2]
            names.append((file, frame.f_code.co_name))
            frame = frame.f_back
        opened.append(names)
sys.addaudithook(trace)
import geoecon as ge
for name in ("china-japan-rare-earths-2010",):
    case = ge.load_case(name)
    assert not opened, opened
    ge.run(case, draws=3, until="bargaining")
    readers = [[name for name in names if "geoecon" in name[0] or "/" in name[0]] for names in opened]
    assert all(any(name == "_sha256" for _, name in names) for names in opened), opened
    opened.clear()
    ge.run(case, draws=0)
    other = [names for names in opened if not any(name == "_sha256" for _, name in names)]
    assert other and all(any(file == "scorecard/outcomes.py" for file, _ in names) for names in other), other
    opened.clear()
print("traced")
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-2000:]
    assert done.stdout.strip() == "traced"


def test_dependence_of_raw_materials_comes_from_the_customs_panel():
    for name, product in (("china-japan-rare-earths-2010", "rare_earths"), ("china-japan-2026", "natural_graphite")):
        rows = ge.load_case(name).table("trade")
        mine = rows[(rows["product"] == product) & (rows.importer == "JPN")]
        assert mine["source"].str.startswith("CEPII BACI").all()
        totals = mine[mine.exporter == "WLD"].set_index("period")["value_usd"]
        parts = mine[mine.exporter != "WLD"].groupby("period")["value_usd"].sum()
        assert (totals / parts).to_numpy() == pytest.approx(1, abs=1e-3)


@pytest.mark.parametrize("name", [name for name in BUILT_IN if name != "japan-korea-2019"])
def test_economies_are_cited(name):
    case = ge.load_case(name)
    if not case.has("economy"):
        assert "2022" in " ".join(production.economy(case).sources)
        return
    sources = pd.Series(case.table("sources").set_index("source_id")["citation"])
    assert "Timmer et al. 2015" in sources[case.settings["economy"]["source_id"]]
    assert "release 2013" in sources[case.settings["economy"]["source_id"]]
