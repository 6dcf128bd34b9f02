"""A plain table of rules with faults: all of them at once, each said once."""

import pytest

from geoecon.errors import InputError
from geoecon.law import load_regimes

HEAD = "regime,item,destination,kind,valid_from,valid_to,status\n"


def test_a_rule_that_ends_before_it_begins_is_named_beside_the_other_faults_and_each_place_once(tmp_path):
    (tmp_path / "own.csv").write_text(
        HEAD + "JPN,LIST,Narnia,individual,2021-01-01,,in_force\n"
        "JPN,LIST,USA,individual,2024-01-01,2023-01-01,in_force\nJPN,LIST,KOR,individual,04/07/2019,,in_force\n"
    )
    with pytest.raises(InputError) as error:
        load_regimes(tmp_path / "own.csv")
    told = str(error.value)
    assert "line 3, valid_to: 2023-01-01 is not after valid_from 2024-01-01" in told and "04/07/2019" in told
    assert told.count("Narnia") == 1 and "allowed: destination" not in told
