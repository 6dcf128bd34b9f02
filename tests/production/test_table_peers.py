"""Parity with pymrio, tables of Miller & Blair, and the layouts that pymrio reads."""

import numpy as np
import pandas as pd
import pymrio
import pytest
from pytest import approx

from geoecon import InputError
from geoecon.production import (
    IOTable,
    aggregate,
    from_pymrio,
    hypothetical_extraction,
    look_through,
    read_exiobase,
    read_table,
    read_wiod2013,
    read_wiod2016,
)

pytestmark = [
    pytest.mark.filterwarnings("ignore::geoecon.production.TableWarning"),
    pytest.mark.filterwarnings("ignore:.*keyword-only.*"),
]


@pytest.fixture(scope="module")
def system():
    return pymrio.load_test().calc_all()


@pytest.fixture(scope="module")
def table(system):
    return from_pymrio(system, unit="EUR million", translate=False)


def test_coefficients_and_inverse_equal_pymrios(system, table):
    assert table.labels == tuple(f"{r}/{s}" for r, s in system.Z.index)
    assert table.x == approx(system.x["indout"].to_numpy(), rel=1e-12)
    assert approx(system.A.to_numpy(), rel=1e-12) == table.A
    assert approx(system.L.to_numpy(), rel=1e-9) == table.L


def test_hypothetical_extraction_equals_pymrios_recomputation(system, table):
    """pymrio's own calc_L and calc_x_from_L on coefficients without the sales."""
    A = system.A.copy()
    A.loc[("reg1", "manufactoring"), "reg2"] = 0.0
    after = pymrio.calc_x_from_L(pymrio.calc_L(A), system.Y.sum(axis=1))["indout"].to_numpy()
    ours = hypothetical_extraction(table, "reg1", "reg2", sector="manufactoring")
    assert ours["after"].to_numpy() == approx(after, rel=1e-9)
    assert ours["lost"].to_numpy() == approx(system.x["indout"].to_numpy() - after, rel=1e-6, abs=1e-3)
    assert (ours["lost"] >= -1e-6).all()


def test_aggregation_equals_pymrios(system, table):
    regions = ["A", "A", "A", "B", "B", "B"]
    sectors = ["x", "x", "y", "y", "y", "z", "z", "z"]
    theirs = system.copy().aggregate(region_agg=regions, sector_agg=sectors)
    ours = aggregate(
        table, dict(zip(table.regions, regions, strict=True)), dict(zip(table.sectors, sectors, strict=True))
    )
    order = pd.MultiIndex.from_tuples(ours.industries)
    assert approx(theirs.Z.loc[order, order].to_numpy(), rel=1e-12) == ours.Z
    assert ours.x.sum() == approx(table.x.sum(), rel=1e-12)


def test_look_through_counts_what_face_value_counts_and_more(table):
    by = look_through(table, "reg2", "reg1").by_sector.dropna()
    assert (by["look_through"] >= by["face_value"] - 1e-15).all()
    shares = [look_through(table, "reg2", supplier).by_sector["share"].iloc[-1] for supplier in table.regions]
    assert sum(shares) == approx(1, abs=1e-12)


def test_extraction_of_nothing_loses_nothing_and_more_share_more_output(table):
    lost = [hypothetical_extraction(table, "reg1", "reg2", share=share)["lost"].sum() for share in (0, 0.5, 1)]
    assert lost[0] == approx(0, abs=1e-3) and lost[0] < lost[1] < lost[2]
    wider = hypothetical_extraction(table, "reg1", "reg2", final=True)["lost"].sum()
    assert wider > lost[2]
    with pytest.raises(InputError, match="0 to 1"):
        hypothetical_extraction(table, "reg1", "reg2", share=1.5)


def test_exiobase_folder_as_pymrio_saves_it(system, table, tmp_path):
    system.save_all(tmp_path)
    read = read_exiobase(tmp_path)
    assert read.unit == "EUR million" and approx(table.Z, rel=1e-9) == read.Z


def test_exiobase_group_is_no_country(system):
    renamed = system.copy()
    renamed.rename_regions({"reg1": "KR", "reg2": "WF"})
    from geoecon.production.peers import EXIOBASE_GROUPS

    assert from_pymrio(renamed, unit="EUR million", groups=EXIOBASE_GROUPS).regions[:2] == ("KOR", "WWF")


def test_a_system_in_several_units_is_refused(system):
    mixed = system.copy()
    mixed.unit.iloc[0, 0] = "t"
    with pytest.raises(InputError, match="several units"):
        from_pymrio(mixed)


MILLER_BLAIR = {  # Miller & Blair 2009, tables 3.3 to 3.5 (two regions, three and two sectors)
    "Z": [[150, 500, 50, 25, 75], [200, 100, 400, 200, 100], [300, 500, 50, 60, 40], [75, 100, 60, 200, 250],
          [50, 25, 25, 150, 100]],
    "f": [200, 1000, 50, 515, 450],
    "x": [1000, 2000, 1000, 1200, 800],
    "L": [[1.4234, 0.4652, 0.2909, 0.1917, 0.3041], [0.6346, 1.4237, 0.6707, 0.4092, 0.4558],
          [0.6383, 0.5369, 1.3363, 0.2501, 0.3108], [0.2672, 0.2000, 0.1973, 1.3406, 0.5473],
          [0.1468, 0.0908, 0.0926, 0.2155, 1.2538]],
}  # fmt: skip


def test_interregional_example_of_miller_and_blair():
    pairs = [("L", "1"), ("L", "2"), ("L", "3"), ("M", "1"), ("M", "2")]
    from geoecon.production.build import assemble

    users = [("L", "final"), ("M", "final")]
    final = np.array([[value, 0] for value in MILLER_BLAIR["f"]], float)
    table = assemble(pairs, np.array(MILLER_BLAIR["Z"], float), users, final)
    kept = [table.index(region, sector) for region, sector in pairs]
    assert table.x[kept] == approx(MILLER_BLAIR["x"])
    assert table.L[np.ix_(kept, kept)] == approx(np.array(MILLER_BLAIR["L"]), abs=5e-5)
    assert table.L[table.index("M", "3"), table.index("M", "3")] == 1


def test_two_sector_closed_form():
    """A = [[0, a], [b, 0]]: L = 1/(1 − ab)·[[1, a], [b, 1]]; without b the seller of b loses b·x₁."""
    a, b = 0.4, 0.25
    rows = [
        ("intermediate", "S", "1", "T", "1", a * 100),
        ("intermediate", "T", "1", "S", "1", b * 100),
        ("final", "S", "1", "S", "f", 60),
        ("final", "T", "1", "T", "f", 75),
    ]
    columns = ["use", "from_region", "from_sector", "to_region", "to_sector", "value_usd_million"]
    table = IOTable.from_economy(pd.DataFrame(rows, columns=columns))
    assert approx(np.array([[1, a], [b, 1]]) / (1 - a * b)) == table.L
    assert look_through(table, "T", "S").by_sector["look_through"].iloc[0] == approx(a / (1 - a * b))
    lost = hypothetical_extraction(table, "S", "T")
    assert lost["after"].to_list() == [approx(60), approx(75 + b * 60)]


def sheet(industries, regions, finals, header, factors, seed=0):
    """A table in the layout of WIOD: four columns of labels, header lines, factor rows below, totals at the end."""
    rng = np.random.default_rng(seed)
    n, m = len(industries) * len(regions), len(finals) * len(regions)
    Z, Y = rng.integers(1, 30, (n, n)).astype(float), rng.integers(1, 30, (n, m)).astype(float)
    Y[0, -1] = -3.0
    x = Z.sum(axis=1) + Y.sum(axis=1)
    tax = np.round(0.01 * x, 3)
    va = x - Z.sum(axis=0) - tax
    return Z, Y, x, tax, va


def test_wiod_2013_through_pymrio(tmp_path):
    codes, regions, finals = ["c34", "c35"], ["KOR", "USA", "RoW"], ["c37", "c42"]
    Z, Y, x, tax, va = sheet(codes, regions, finals, None, None)
    columns = [(c, r) for r in regions for c in codes] + [(c, r) for r in regions for c in finals]
    top = [
        ["World table for 2011", None, None, None] + [None] * (len(columns) + 1),
        [None] * (len(columns) + 5),
        ["(industry-by-industry)", None, None, None] + ["P" + c for c, _ in columns] + [None],
        ["(in millions of US$)", None, None, None] + ["name " + c for c, _ in columns] + [None],
        [None] * 4 + [r for _, r in columns] + ["TOT"],
        [None] * 4 + [c for c, _ in columns] + ["c43"],
    ]
    body = [["P" + c, "name " + c, r, c, *Z[k], *Y[k], x[k]] for k, (c, r) in enumerate(columns[: len(x)])]
    empty = [0.0] * Y.shape[1]
    body += [
        ["r60", "Total intermediate", "TOT", "r60", *Z.sum(axis=0), *Y.sum(axis=0), 0],
        ["r61", "taxes", "TOT", "r61", *tax, *empty, 0],
        ["r64", "Value added", "TOT", "r64", *va, *empty, 0],
        ["r69", "Output", "TOT", "r69", *x, *empty, 0],
    ]
    file = tmp_path / "wiot11_row_apr12.xlsx"
    pd.DataFrame(top + body).to_excel(file, header=False, index=False)
    table = read_wiod2013(file)
    assert table.regions == ("KOR", "USA", "ROW") and table.unit == "USD million"
    assert approx(Z) == table.Z and table.x == approx(x)
    assert table.final.sum(axis=(1, 2)) == approx(Y.sum(axis=1))


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_wiod_2016_sheet(tmp_path, kind):
    codes, regions, finals = ["A01", "C26"], ["KOR", "USA", "ROW"], ["CONS_h", "INVEN"]
    Z, Y, x, tax, va = sheet(codes, regions, finals, None, None)
    columns = [(c, r) for r in regions for c in codes] + [(c, r) for r in regions for c in finals]
    numbers = [f"c{k}" for k in range(1, len(columns) + 1)]
    top = [
        ["Intercountry Input-Output Table", None, None, None] + [None] * (len(columns) + 1),
        ["2014", None, None, None] + [None] * (len(columns) + 1),
        [None] * 4 + [c for c, _ in columns] + ["GO"],
        [None] * 4 + ["name"] * len(columns) + ["Total output"],
        [None] * 4 + [r for _, r in columns] + ["TOT"],
        [None] * 4 + numbers + ["c62"],
    ]
    body = [[c, "name", r, f"r{k}", *Z[k], *Y[k], x[k]] for k, (c, r) in enumerate(columns[: len(x)])]
    empty = [0.0] * Y.shape[1]
    extra = [1.0] + [0.0] * (len(x) - 1)
    body += [
        ["II_fob", "Total intermediate", "TOT", "r65", *Z.sum(axis=0), *Y.sum(axis=0), 0],
        ["TXSP", "taxes less subsidies", "TOT", "r66", *(tax - extra), *empty, 0],
        ["PURR", "purchases of residents abroad", "TOT", "r69", *extra, *empty, 0],
        ["VA", "Value added", "TOT", "r70", *va, *empty, 0],
        ["GO", "Output", "TOT", "r73", *x, *empty, 0],
    ]
    file = tmp_path / f"WIOT2014_Nov16_ROW.{kind}"
    frame = pd.DataFrame(top + body)
    if kind == "csv":
        frame.to_csv(file, header=False, index=False)
        table = read_wiod2016(file)
    else:
        frame.to_excel(file, header=False, index=False)
        table = read_table(file)
    assert table.regions == ("KOR", "USA", "ROW") and table.sectors == ("A01", "C26") and table.year == 2014
    assert approx(Z) == table.Z and table.x == approx(x) and table.value_added == approx(va)
    assert table.apart == {"PURR": 1.0}
    assert {finding.value for finding in table.findings if finding.kind == "negative"} == {-3.0}
    assert not [finding for finding in table.findings if finding.kind == "balance"]


def test_exiobase_with_coefficients_alone(system, table, tmp_path):
    system.save_all(tmp_path)
    for part in ("Z.txt", "x.txt", "L.txt", "G.txt", "B.txt"):
        (tmp_path / part).unlink(missing_ok=True)
    import json

    listed = tmp_path / "file_parameters.json"
    content = json.loads(listed.read_text())
    content["files"] = {k: v for k, v in content["files"].items() if k not in ("Z", "x", "L", "G", "B")}
    listed.write_text(json.dumps(content))
    read = read_exiobase(tmp_path)
    assert read.x == approx(table.x, rel=1e-9)


def test_without_pymrio_the_remedy_is_named(monkeypatch, tmp_path):
    import sys

    monkeypatch.setitem(sys.modules, "pymrio", None)
    with pytest.raises(InputError, match=r"geoecon\[io\]"):
        read_exiobase(tmp_path)


def test_figaro_rest_of_the_world_in_later_editions(tmp_path):
    from pathlib import Path

    old = (Path(__file__).parent / "traps" / "33_matrix_eu-ic-io_ind-by-ind_24ed_2022.csv").read_text()
    file = tmp_path / "matrix_eu-ic-io_ind-by-ind_25ed_2023.csv"
    file.write_text(old.replace("FIGW1", "WRL_REST").replace("GR_", "EL_"))
    found = read_table(file)
    assert found.regions == ("DEU", "GRC", "ROW") and found.year == 2023 and found.sectors == ("C20", "C26")
