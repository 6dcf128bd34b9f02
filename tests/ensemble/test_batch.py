"""Many draws of the line: the same table however it was computed."""

import numpy as np
import pytest

import geoecon as ge
from geoecon import questions as ensemble
from geoecon.errors import InputError

SETTING = {"until": "catchup", "chunk": 8, "seed": 7}


@pytest.fixture(scope="module")
def case():
    return ge.load_case("russia-germany-gas-2022").with_scenario(measures="observed")


@pytest.fixture(scope="module")
def whole(case, tmp_path_factory):
    folder = tmp_path_factory.mktemp("whole") / "draws"
    return ensemble.uncertainty(case, 30, folder=folder, **SETTING), folder


def test_interrupted_and_resumed_is_the_same_to_the_byte(case, whole, tmp_path):
    folder = tmp_path / "draws"

    def interrupt(done, of):
        if done == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        ensemble.uncertainty(case, 30, folder=folder, progress=interrupt, **SETTING)
    kept = sorted(path.name for path in folder.glob("chunk-*"))
    assert kept == ["chunk-00000.csv", "chunk-00001.csv"]
    assert not (folder / "ensemble.csv").exists()
    calls = []
    ensemble.uncertainty(case, 30, folder=folder, progress=lambda done, of: calls.append((done, of)), **SETTING)
    assert calls == [(3, 4), (4, 4)]  # the two kept chunks were not computed again
    for name in ("ensemble.csv", "chunk-00003.csv", "plan.json"):
        assert (folder / name).read_bytes() == (whole[1] / name).read_bytes()


def test_a_torn_file_of_a_crash_is_not_read(case, whole, tmp_path):
    folder = tmp_path / "draws"
    with pytest.raises(KeyboardInterrupt):
        ensemble.uncertainty(case, 30, folder=folder, progress=stop, **SETTING)
    (folder / "chunk-00002.csv.123.part").write_text("draw,half\n1,")
    ensemble.uncertainty(case, 30, folder=folder, **SETTING)
    assert (folder / "ensemble.csv").read_bytes() == (whole[1] / "ensemble.csv").read_bytes()


def stop(done, of):
    raise KeyboardInterrupt


def test_processes_give_the_same_bytes(case, whole, tmp_path):
    ensemble.uncertainty(case, 30, folder=tmp_path / "draws", workers=2, **SETTING)
    assert (tmp_path / "draws" / "ensemble.csv").read_bytes() == (whole[1] / "ensemble.csv").read_bytes()


def test_a_dask_cluster_gives_the_same_bytes(case, whole, tmp_path):
    from distributed import Client, LocalCluster

    with (
        LocalCluster(n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None) as cluster,
        Client(cluster),
    ):
        ensemble.uncertainty(case, 30, folder=tmp_path / "draws", workers=2, backend="dask", **SETTING)
    assert (tmp_path / "draws" / "ensemble.csv").read_bytes() == (whole[1] / "ensemble.csv").read_bytes()


def test_the_seed_decides(case, whole):
    again = ensemble.uncertainty(case, 30, **SETTING)
    other = ensemble.uncertainty(case, 30, **(SETTING | {"seed": 8}))
    assert again.table.equals(whole[0].table)
    assert not other.table.equals(whole[0].table)
    assert other.table.iloc[0].equals(whole[0].table.iloc[0])  # the central run knows no seed


def test_central_run_is_that_of_the_line(case, whole):
    line = ge.run(case.at(case.cutoffs[0]), draws=0, until="catchup")
    for (metric, of), values in line.controls.predictions().items():
        assert whole[0].table[f"controls|{metric}|{of}"].iloc[0] == values[0]


def test_bands_screen_and_words(whole):
    found = whole[0]
    row = found.bands().set_index("metric").loc["imports_change_12m"]
    drawn = found.table["controls|imports_change_12m|natural_gas"].to_numpy()
    assert (row.draws_low, row.draws_high) == pytest.approx(tuple(np.quantile(drawn[1:], [0.1, 0.9])))
    assert row.low < row.draws_low < row.draws_high < row.high  # the band that is told holds past error
    assert found.screen("controls|imports_change_12m|natural_gas").index[0] == "demand_drift.natural_gas"
    assert found.sentence().startswith("30 draws of")
    assert found.figures()
    assert len(found.summary()) <= 12
    assert found.chart().to_dict()["usermeta"]["sources"]


def test_another_plan_in_the_folder_is_refused(case, whole):
    before = {path.name: path.read_bytes() for path in whole[1].iterdir()}
    with pytest.raises(InputError, match=r"another plan \(draws 30 against 31"):
        ensemble.uncertainty(case, 31, folder=whole[1], **SETTING)
    assert {path.name: path.read_bytes() for path in whole[1].iterdir()} == before


def test_a_folder_with_other_files_is_refused(case, tmp_path):
    (tmp_path / "letter.txt").write_text("mine")
    with pytest.raises(InputError, match="other files"):
        ensemble.uncertainty(case, 5, folder=tmp_path, **SETTING)
    assert [path.name for path in tmp_path.iterdir()] == ["letter.txt"]


@pytest.mark.parametrize("wrong", [{"draws": 0}, {"chunk": 0}, {"workers": 0}, {"until": "nowhere"}])
def test_senseless_numbers_are_refused(case, wrong):
    with pytest.raises(InputError, match="allowed"):
        ensemble.uncertainty(case, **({"draws": 5} | SETTING | wrong))


def test_headlines_are_one_of_each_kind_and_the_last_dated():
    from geoecon.questions.result import headlines

    columns = ["a|share|x@2019", "a|share|x@2020", "a|share|y@2020", "b|length|dispute"]
    assert headlines(columns) == ["a|share|x@2020", "a|share|y@2020", "b|length|dispute"]
