import pytest


@pytest.fixture(autouse=True)
def own_data_folder(tmp_path, monkeypatch):
    """Nothing of these tests is remembered in the user's own folder."""
    monkeypatch.setenv("GEOECON_DATA", str(tmp_path / "data"))
