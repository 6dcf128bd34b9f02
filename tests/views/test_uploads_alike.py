"""CSV, Excel, Parquet and JSON at every field that takes a table: the same rows give the same answer."""

from __future__ import annotations

import io
import re

import httpx
import pandas as pd
import pytest

PARTS = pd.DataFrame(
    {"part": ["gas", "film"], "stock": [900, 40], "use_per_day": [30, 1], "supplier": ["Alpha", "Beta"],
     "lead_time_days": [180, 10]}
)  # fmt: skip
TRADE = pd.DataFrame(
    [(year, seller, "KOR", "250410", usd)
     for year in (2020, 2021, 2022) for seller, usd in (("CHN", 900_000_000), ("JPN", 100_000_000))],
    columns=["year", "exporter", "importer", "product", "value_usd"],
)  # fmt: skip
RULES = pd.DataFrame(
    [("VNM", "rare earths", "JPN", "individual", "2024-01-01", "", "in_force")],
    columns=["regime", "item", "destination", "kind", "valid_from", "valid_to", "status"],
)


def packed(frame: pd.DataFrame, form: str) -> bytes:
    if form in ("csv", "json"):
        text = frame.to_csv(index=False) if form == "csv" else frame.to_json(orient="records", force_ascii=False)
        return text.encode()
    made = io.BytesIO()
    if form == "xlsx":
        frame.to_excel(made, index=False, engine="xlsxwriter")
    else:
        frame.to_parquet(made, index=False)
    return made.getvalue()


FIELDS = {
    "/clock": (PARTS, {"start": "2019-07-04"}, "1 sure"),
    "/table": (TRADE, {"importer": "Korea"}, "one-sided"),
    "/scan": (TRADE, {"importer": "Korea"}, "China"),
    "/licence/rules": (RULES, {}, "Answered with the built-in rules"),
}


@pytest.mark.parametrize("address", FIELDS)
def test_a_table_in_any_form_gives_the_same_answer(server, address):
    frame, fields, said = FIELDS[address]
    answers = {}
    for form in ("csv", "xlsx", "parquet", "json"):
        with httpx.Client(timeout=240, follow_redirects=True) as client:
            sent = {"file": (f"mine.{form}", packed(frame, form))}
            found = client.post(f"{server}{address}", data=fields, files=sent)
        assert found.status_code == 200 and said in found.text, (form, re.sub(r"<[^>]+>", " ", found.text)[-1500:])
        plain = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", found.text))
        answers[form] = re.sub(r"mine\.\w+|table-\w+|rules-\w+", "", plain)
    if address in ("/table", "/scan"):
        assert len(set(answers.values())) == 1
