"""What an input-output table cannot answer stays empty in a scan, as in `reliance`, and its caveats are told."""

from __future__ import annotations

import pytest

from geoecon import InputError, read_flows, reliance, scan
from geoecon.production import read_table

pytestmark = [pytest.mark.filterwarnings("ignore::geoecon.flows.CoverageWarning"),
              pytest.mark.filterwarnings("ignore::geoecon.production.TableWarning")]  # fmt: skip
HEAD = "use,from_region,from_sector,to_region,to_sector,value_usd_million\n"
BASE = ("intermediate,CHN,A,KOR,B,40", "intermediate,KOR,B,KOR,B,10", "final,CHN,A,CHN,h,100", "final,KOR,B,KOR,h,90")


def both(tmp_path, *rows):
    (tmp_path / "economy.csv").write_text(HEAD + "\n".join(rows) + "\n")
    (tmp_path / "flows.csv").write_text("Year,Exporter,Importer,Product,Value_USD\n2019,CHN,KOR,281111,100\n")
    table = read_table(tmp_path / "economy.csv")
    found = scan(
        read_flows(tmp_path / "flows.csv"), table=table, concordance={"28": "A"}, out=tmp_path / "out.csv", top=5
    )
    assert [note for note in found.notes if note.startswith("table")] == [
        line for line in (tmp_path / "out.csv.notes.txt").read_text().splitlines() if line.startswith("table")
    ]
    return table, found.table["fir"].tolist(), " ".join(found.notes)


def test_a_sound_table_answers_without_a_word(tmp_path):
    _, fir, notes = both(tmp_path, *BASE)
    assert fir == [pytest.approx(0.4 / 0.9)] and "table:" not in notes and "fir:" not in notes


@pytest.mark.parametrize(
    ("rows", "told"),
    [((BASE[0] + "0", *BASE[1:]), "sale to KOR/B is 400 USD million, whose output is 100"),
     ((*BASE, "intermediate,CHN,A,KOR,C,-40", "final,KOR,C,KOR,h,10"), "sale to KOR/C is -40 USD million")],
)  # fmt: skip
def test_a_purchase_that_nobody_can_make_gives_no_reliance(tmp_path, rows, told):
    table, fir, notes = both(tmp_path, *rows)
    assert fir[0] != fir[0]
    assert f"table: CHN/A: {told}" in notes and "fir: no sector of the product, no output" in notes
    with pytest.raises(InputError, match=told):
        reliance(table, "KOR", "CHN")


def test_a_placeholder_is_no_output_in_a_scan_either(tmp_path):
    _, fir, notes = both(tmp_path, BASE[0], "final,KOR,B,KOR,h,1e-30", BASE[2])
    assert fir[0] != fir[0] and "a placeholder, read as no output" in notes
    _, fir, _ = both(tmp_path, *BASE, "intermediate,CHN,A,KOR,C,40", "final,KOR,C,KOR,h,1e-9")
    assert fir == [pytest.approx(0.4 / 0.9, rel=1e-12)]
