"""What tests of read files share."""

import pytest

from geoecon.flows import read_flows


@pytest.fixture
def read(tmp_path):
    """A text as a file, read without warnings."""

    def made(text, name="a.csv", **options):
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return read_flows(path, quiet=True, **options)

    return made
