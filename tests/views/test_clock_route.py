"""The interface of the shortage clock: a pasted text and a workbook, rows that cannot be read, faults."""

import io
from urllib.parse import urlencode

import httpx
import xlsxwriter

ROWS = [["Part", "Stock", "Use per day", "Supplier", "Lead time"], ["gas", "900", "30", "Alpha", "180 days"],
        ["film", "900", "30", "Beta", "12+ weeks"], ["rod", "9O0", "30", "Beta", "5 days"]]  # fmt: skip


def asked(server: str, content: bytes, **query: str) -> httpx.Response:
    return httpx.post(f"{server}/api/clock?{urlencode({'start': '2026-01-01', **query})}", content=content, timeout=120)


def book() -> bytes:
    made = io.BytesIO()
    with xlsxwriter.Workbook(made, {"in_memory": True}) as workbook:
        sheet = workbook.add_worksheet("parts")
        for number, row in enumerate(ROWS):
            sheet.write_row(number, 0, row)
    return made.getvalue()


def test_the_clock_answers_a_paste_and_a_workbook_alike(server):
    text = "\n".join("\t".join(row) for row in ROWS).encode()
    told = [asked(server, content) for content in (text, book())]
    assert [one.status_code for one in told] == [200, 200]
    answers = [one.json() for one in told]
    assert answers[0]["parts"] == answers[1]["parts"] and answers[0]["sentence"] == answers[1]["sentence"]
    verdicts = {one["name"]: one["verdict"] for one in answers[0]["parts"]}
    assert verdicts == {"gas": "sure", "film": "unknown", "rod": "unknown"}
    notes = " ".join(answers[0]["read"]["notes"])
    assert "'12+ weeks' is the least" in notes and "'9O0'" in notes
    assert "film" in answers[0]["lead"] and "cannot be told" in answers[0]["title"]


def test_the_clock_refuses_with_the_bad_cell_and_what_is_allowed(server):
    answer = asked(server, b"part,stock,use per day,supplier,lead time\ngas,many,30,Alpha,180\n")
    assert answer.status_code == 422 and "line 2" in answer.text and "many" in answer.text
    for query in ({"start": "soon"}, {"decimal": ";"}, {"sheet": "parts"}, {"columns": "stock=none of them"}):
        assert asked(server, b"part,stock,use per day,supplier,lead time\ngas,9,3,A,8\n", **query).status_code == 422
