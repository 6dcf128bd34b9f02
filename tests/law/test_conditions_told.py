"""A condition that an answer tells holds as it is told: with every half of it met the row decides as it says, with any
one half broken it does not."""

from datetime import timedelta

import pytest

from geoecon.law import licence, load_regimes, vocabulary
from geoecon.law.facts import parsed
from geoecon.law.golden import representatives
from geoecon.law.schema import strictness

LAW = load_regimes()
RULES = {(regime.id, row["rule_id"]): row for regime in LAW.values() for row in regime.rows["licence_rule"]
         if row["condition"]}  # fmt: skip
STEP = {"<=": (0, 1), "<": (-1, 0), ">=": (0, -1), ">": (1, 0)}


def value(test, met):
    _, sign, wanted = test
    if sign == "=":
        other = {"yes": "no", "no": "yes"}.get(wanted, "other")
        return wanted if met else other
    return str(float(wanted) + STEP[sign][not met])


def said(condition, broken=None):
    """Facts that meet the first test of each half, but for the half that is to be broken."""
    found = {}
    for number, half in enumerate(parsed(condition)):
        for test in half if number == broken else half[:1]:
            if test[0] != "region":
                found[test[0]] = value(test, number != broken)
    return found


def asked(regime, row):
    """Questions of the row: places, days and facts without which it does not bear."""
    facts = {name: row[name] for name in ("end_user_class", "end_use_class") if row[name] not in (None, "any")}
    facts |= {"party_list": row["party_list"]} if row["party_list"] else {}
    exporters = [row["authority_place"]] if row["authority_place"] else sorted(regime.places - {"EUU"})[-1:]
    last = min(day for day in (row["valid_to"], row["known_through"], regime.known_through) if day)
    places = [row["place"]] if row["place"] not in (None, "*") else representatives(regime)
    for item in row["item"][:3]:
        if item in regime.items:
            for place in places:
                for day in (row["valid_from"] + timedelta(days=1), last - timedelta(days=1)):
                    own = facts | ({"parent_place": place} if row["group_of"] == "end_user_parent" else {})
                    yield {"item": item, "destination": "KOR" if "parent_place" in own else place,
                           "exporter": exporters[0], "on": day}, own  # fmt: skip


@pytest.mark.parametrize("key", RULES, ids=lambda key: key[1])
def test_every_half_of_a_condition(key):
    regime, row = LAW[key[0]], RULES[key]
    met = said(row["condition"])
    bearing = []
    for question, own in asked(regime, row):
        if question["destination"] != question["exporter"]:
            best = licence({regime.id: regime}, **question, facts=own | met)
            if best.ground == row["rule_id"] and best.kind == row["kind"]:
                bearing = [(question, own, best)]
                break
            bearing += [(question, own, best)] if row["rule_id"] in best.rows else []
    assert bearing, "no question is one of this row"
    question, own, best = bearing[0]
    eases = strictness(row["kind"]) < strictness(row["fallback_kind"] or "prohibited")
    for number in range(len(parsed(row["condition"]))):
        other = licence({regime.id: regime}, **question, facts=own | said(row["condition"], number))
        lighter = other.verdict_of.severity < best.verdict_of.severity
        assert not (lighter and eases), (question, number, other.kind)
        if best.ground == row["rule_id"]:
            assert (other.ground, other.verdict) != (best.ground, best.verdict), (question, number)


@pytest.mark.parametrize("key", RULES, ids=lambda key: key[1])
def test_a_condition_is_told_in_words(key):
    told = vocabulary.in_words(RULES[key]["condition"])
    assert not {"=", "<", ">", "_", "|", ";"} & set(told)
