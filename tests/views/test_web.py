"""The local application in a browser: sliders, desks, uploads, links, many clients at once."""

from __future__ import annotations

import functools
import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest

CASE = "japan-korea-2019"
SETTLED = ".desk[data-state=done]"
TRAPS = Path(__file__).parent / "traps"
LONG = 60_000  # milliseconds, for a busy machine
get = functools.partial(httpx.get, timeout=120)
post = functools.partial(httpx.post, timeout=120)


def solved(watched, server, query=""):
    watched.page.goto(f"{server}/case/{CASE}{query}")
    watched.page.wait_for_selector(SETTLED, timeout=LONG)
    return watched.page


def move(page, key, value):
    """Moves a slider and waits until the stages are solved again."""
    page.locator(".desk").evaluate("desk => { desk.dataset.state = 'moved'; }")
    page.locator(f"[id='s-{key}']").evaluate(
        "(field, value) => { field.value = value; field.dispatchEvent(new Event('input', {bubbles: true})); }",
        str(value),
    )
    page.wait_for_selector(SETTLED, timeout=LONG)


def finished(client, server, job):
    """The events of a job, read to the end."""
    with client.stream("GET", f"{server}/api/jobs/{job}/events", timeout=120) as stream:
        return [line for line in stream.iter_lines() if line.startswith(("event:", "id:", "data:"))]


def test_every_stage_draws_without_an_error_or_an_outside_request(watched, server):
    page = solved(watched, server)
    page.wait_for_selector("#stage-evidence .drawing svg")
    assert page.locator(".stage .drawing[data-drawn=yes] svg").count() == 10
    assert page.locator("#headlines li").count() >= 7
    assert watched.outside(server) == [] and watched.errors == []


def test_a_slider_changes_the_figures_the_link_and_only_what_it_touches(watched, server):
    page = solved(watched, server)
    before = page.inner_text("#stage-disruption .sentence")
    move(page, "inventory_days", 15)
    assert page.inner_text("#stage-disruption .sentence") != before
    assert "inventory_days=15" in page.url
    page.reload()
    page.wait_for_selector(SETTLED, timeout=LONG)
    assert page.locator("#s-inventory_days").input_value() == "15"
    again = page.inner_text("#stage-disruption .sentence")
    page.get_by_role("button", name="As the case has it").click()
    page.wait_for_selector(SETTLED, timeout=LONG)
    assert again != before and watched.errors == []


def test_a_scenario_travels_as_a_file(watched, server, tmp_path):
    answer = get(f"{server}/case/{CASE}/scenario.json?inventory_days=90&patron_engaged_from=2019-08")
    told = json.loads(answer.text)
    assert told["scenario"] == {"inventory_days": 90.0, "patron_engaged_from": "2019-08"}
    sent = post(f"{server}/scenario", files={"file": ("s.json", answer.content)})
    assert sent.status_code == 303
    assert sent.headers["location"] == f"/case/{CASE}?inventory_days=90&patron_engaged_from=2019-08"


def test_saved_scenarios_stand_on_the_first_page(server):
    name = 'six months </script><b>"stocks"'
    body = {"case": CASE, "name": name, "inventory_days": "180"}
    assert "Saved" in post(f"{server}/saved", data=body).text
    front = get(server).text
    assert "six months &lt;/script&gt;" in front and f"/case/{CASE}?inventory_days=180" in front
    post(f"{server}/saved/delete", data={"name": name})
    assert "six months" not in get(server).text
    assert post(f"{server}/saved", data=body | {"name": " "}).status_code == 422


def test_the_licence_desk_answers_with_clause_and_history(watched, server):
    watched.page.goto(f"{server}/licence")
    watched.page.get_by_role("button", name="Ask").click()
    watched.page.wait_for_selector("#answer .drawing[data-drawn=yes] svg", timeout=LONG)
    text = watched.page.inner_text("#answer")
    assert "individual" in text and "clause" in text and "2019-07-04" in text and "Not legal advice" in text
    assert watched.errors == [] and watched.outside(server) == []


@pytest.mark.parametrize(
    ("on", "kind"),
    [("2019-07-03", "general_bulk"), ("2019-07-04", "individual"), ("2023-03-23", "special_general_bulk")],
)
def test_the_licence_over_the_interface(server, on, kind):
    query = {"exporter": "JPN", "destination": "KOR", "item": "hydrogen fluoride", "on": on}
    answer = get(f"{server}/api/licence", params=query).json()
    assert answer["answer"]["kind"] == kind and answer["history"]["rows"]
    wrong = get(f"{server}/api/licence", params=query | {"on": "2019-02-30"})
    assert wrong.status_code == 422 and "allowed" in wrong.json()["message"]


def test_the_shortage_clock_tells_a_date_for_each_part(watched, server):
    page = watched.page
    page.goto(f"{server}/clock")
    page.locator("[name=start]").fill("2019-07-04")
    page.get_by_role("button", name="Tell the dates").click()
    page.wait_for_selector("#answer table", timeout=LONG)
    text = page.inner_text("#answer")
    assert "etching gas" in text and "2019-08-03" in text  # 900 / 30 days
    assert watched.errors == [] and watched.outside(server) == []
    page.locator("[name=parts]").fill("part\tstock\nx\t=1+1")
    page.get_by_role("button", name="Tell the dates").click()
    page.wait_for_selector("#answer .faults", timeout=LONG)
    assert "allowed" in page.inner_text("#answer")


def test_two_scenarios_compared(watched, server):
    page = watched.page
    page.goto(f"{server}/compare?case={CASE}&b=inventory_days+%3D+15")
    page.get_by_role("button", name="Compare").click()
    page.wait_for_selector("#answer table", timeout=LONG)
    assert "headline figures moved" in page.inner_text("#answer")
    assert "inventory_days" in page.inner_text("#answer") and watched.errors == []


def test_the_report_can_be_taken(server):
    with httpx.Client(timeout=120) as client:
        job = client.post(f"{server}/api/report", json={"case": CASE, "form": "html"}).json()["job"]
        finished(client, server, job)
        answer = client.get(f"{server}/jobs/{job}/file")
    assert answer.headers["content-disposition"] == 'attachment; filename="report.html"'
    assert "Content-Security-Policy" in answer.text and len(answer.content) < 3_000_000


def test_a_browser_that_reconnects_loses_nothing(server):
    with httpx.Client(timeout=120) as client:
        job = client.post(f"{server}/api/run", json={"case": CASE, "scenario": {"inventory_days": 33}}).json()["job"]
        whole = finished(client, server, job)
        later = client.get(f"{server}/api/jobs/{job}/events", headers={"last-event-id": "3"}).text
        assert later.splitlines()[0] == "id: 4"
        assert [line for line in later.splitlines() if line] == whole[whole.index("id: 4") :]


def test_a_job_can_be_cancelled(server):
    with httpx.Client(timeout=120) as client:
        job = client.post(f"{server}/api/run", json={"case": CASE, "draws": 2000, "seed": 9}).json()["job"]
        client.post(f"{server}/api/jobs/{job}/cancel")
        assert "event: cancelled" in finished(client, server, job)
        assert client.get(f"{server}/api/jobs/{job}").json()["status"] == "cancelled"
        after = client.post(f"{server}/api/run", json={"case": CASE}).json()["job"]
        assert "event: cancelled" not in finished(client, server, after)


def test_twenty_clients_at_once(server):
    def ask(number):
        with httpx.Client(timeout=180) as client:
            scenario = {"patron_engaged_from": "2019-08"} if number % 2 else {}
            job = client.post(f"{server}/api/run", json={"case": CASE, "scenario": scenario}).json()["job"]
            finished(client, server, job)
            return number % 2, client.get(f"{server}/api/jobs/{job}").json()

    with ThreadPoolExecutor(20) as many:
        answers = list(many.map(ask, range(20)))
    assert all(answer["status"] == "done" for _, answer in answers)
    for kind in (0, 1):
        figures = [json.dumps(answer["results"], sort_keys=True) for number, answer in answers if number == kind]
        assert len(figures) == 10 and len(set(figures)) == 1


@pytest.mark.parametrize("path", ["/", "/licence", "/scan", "/clock", "/compare", "/api", f"/case/{CASE}", "/nowhere"])
def test_no_serious_finding_of_axe_and_no_sideways_scroll(server, browser, path):
    from axe_playwright_python.sync_playwright import Axe

    context = browser.new_context(viewport={"width": 360, "height": 700}, bypass_csp=True)
    page = context.new_page()
    page.goto(server + path)
    if path.startswith("/case"):
        page.wait_for_selector(SETTLED, timeout=LONG)
    found = Axe().run(page).response["violations"]
    serious = [(one["id"], one["nodes"][0]["html"]) for one in found if one["impact"] in ("serious", "critical")]
    assert serious == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    context.close()


def test_the_interface_page_names_every_address(server):
    paths = get(f"{server}/api/openapi.json").json()["paths"]
    page = get(f"{server}/api").text
    assert len(paths) >= 10 and all(path in page for path in paths)


def upload(watched, server, file):
    page = watched.page
    page.goto(f"{server}/scan")
    page.locator("input[name=file]").set_input_files(file)
    page.get_by_role("button", name="Scan").click()
    page.wait_for_selector("#answer .answer, #answer .faults", timeout=LONG)
    return page


def test_scripts_in_an_upload_stay_text(watched, server):
    """T89."""
    page = upload(watched, server, TRAPS / "89_script_in_a_cell" / "trade.csv")
    assert "hydrogen fluoride </script><script>alert(1)</script>" in page.inner_text("#answer")
    assert watched.dialogs == [] and watched.errors == []
    body = (TRAPS / "89_script_in_a_cell" / "trade.csv").read_bytes()
    answer = post(f"{server}/api/scan?importer=KOR", content=body)
    assert "</script>" in answer.json()["rows"][0][0]


def test_an_odd_upload_is_told_by_line(watched, server, tmp_path):
    """T91: the line of the file, not of the record; and long names neither break the page nor a file name."""
    file = TRAPS / "91_long_and_odd_names" / "trade.csv"
    page = upload(watched, server, file)
    assert "trade.csv line 6" in page.inner_text("#answer") and "XXX" in page.inner_text("#answer")
    kept = tmp_path / "kept.csv"
    kept.write_text("".join(file.read_text("utf-8").splitlines(keepends=True)[:-1]), "utf-8")
    page = upload(watched, server, kept)
    text = page.inner_text("#answer")
    assert 'People\'s "Sample" Works, Co.' in text and "…" in text
    assert page.evaluate("document.documentElement.scrollWidth") <= 1000
    ids = page.evaluate("[...document.querySelectorAll('[id]')].map(one => one.id)")
    assert all(len(one.encode()) <= 120 for one in ids) and watched.errors == []


def test_names_from_right_to_left_stay_in_their_cells(watched, server):
    """T92."""
    page = upload(watched, server, TRAPS / "92_right_to_left_names.csv")
    assert "⟨U+202E⟩" in page.inner_text("#answer table") and "\u202e" not in page.inner_text("#answer")
    left = page.evaluate(
        "[...document.querySelectorAll('#answer tbody tr')].every(row => {"
        " const cells = [...row.cells].map(cell => cell.getBoundingClientRect().left);"
        " return cells.every((x, k) => k === 0 || x > cells[k - 1]); })"
    )
    assert left and page.locator("#answer tbody td bdi").count() > 0


def test_what_is_missing_is_null_and_a_dash(server):
    """T95: strict JSON, a reason beside a missing number."""

    def refuse(constant):
        raise AssertionError(constant)

    body = (TRAPS / "95_missing_in_json.csv").read_bytes()
    answer = post(f"{server}/api/scan?importer=KOR", content=body)
    found = json.loads(answer.text, parse_constant=refuse)
    rows = {row["exporter"]: row for row in found["records"]}
    assert rows["JPN"]["tonnes"] is None and rows["JPN"]["unit_value"] is None
    assert rows["JPN"]["supplier_hhi"] == pytest.approx(0.625)
    assert any("–" in row for row in found["rows"])


def test_a_half_written_upload_names_every_line(server):
    """T96."""
    body = (TRAPS / "96_half_written" / "trade.csv").read_bytes()
    answer = post(f"{server}/api/scan?importer=KOR", content=body)
    assert answer.status_code == 422
    said = answer.json()["message"]
    assert all(f"line {number}" in said for number in (3, 4, 5, 6, 7)) and "Traceback" not in said


def test_the_interface_has_the_names_of_the_public_functions(server):
    """run, cases, licence, scan and diff are one word on the command line, in Python and here."""
    import geoecon as ge
    from geoecon.cli import app

    paths = {path.split("/")[2] for path in get(f"{server}/api/openapi.json").json()["paths"]}
    same = {"run", "cases", "licence", "scan", "diff"}
    assert same <= paths and same <= set(dir(ge)) and same <= set(app)
