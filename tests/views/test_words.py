"""Numbers, names and JSON as the pages write them."""

from __future__ import annotations

import json
import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geoecon.figure import Figure
from geoecon.views import words


def test_a_band_stands_in_brackets_behind_the_unit():
    figure = Figure(-0.1432, "percent", "2022", low=-0.312, high=-0.0199)
    assert words.amount(figure) + " " + words.interval(figure) == "−0.143\u00a0% (−0.312 to −0.0199)"


def test_at_most_three_digits_and_thin_spaces():
    assert words.amount(Figure(1234567.0, "USD million", "2019")) == "USD 1\u2009230\u2009000\u00a0million"
    assert words.cell(0.123456) == "0.123"


@pytest.mark.parametrize("missing", [None, float("nan"), pd.NaT, pd.NA, np.nan])
def test_what_is_missing_is_a_dash_and_null(missing):
    assert words.cell(missing) == "–"
    assert words.plain(missing) is None


def test_no_band_is_no_bracket():
    assert words.interval(Figure(1.0, "percent", "2019", low=float("nan"), high=float("nan"))) == ""


@given(st.recursive(st.none() | st.booleans() | st.floats() | st.text(), lambda inner: st.lists(inner, max_size=3)))
def test_json_is_strict_and_reads_back(value):
    def refuse(constant: str) -> None:
        raise AssertionError(constant)

    text = words.json_in_html({"v": value})
    assert not set("<>&") & set(text)
    read = json.loads(text, parse_constant=refuse)
    assert read == json.loads(json.dumps(words.plain({"v": value})))


def test_infinite_numbers_become_null():
    assert words.strict_json([math.inf, np.float64("nan"), np.array([1.0, math.nan])]) == "[null, null, [1.0, null]]"


@given(st.text())
def test_names_of_files_are_short_and_plain(name):
    made = words.slug(name)
    assert 0 < len(made.encode()) <= 60
    assert all(letter.isascii() and (letter.isalnum() or letter in "-_.") for letter in made)


def test_different_names_get_different_files():
    long = ["name " * 100 + end for end in ("a", "b")]
    assert len({words.slug(name) for name in [*long, "ü", "ö", "People's", "Peoples", "a b", "a-b"]}) == 8


def test_overriding_characters_are_shown():
    assert words.visible("Sample \u202e)drawkcab( Ltd") == "Sample ⟨U+202E⟩)drawkcab( Ltd"
    assert words.visible("شركة نموذج (1)") == "شركة نموذج (1)"
