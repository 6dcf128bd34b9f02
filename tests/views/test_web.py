"""The local application in a browser: sliders, desks, uploads, links, many clients at once."""

from __future__ import annotations

import functools
import json
import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import measured
import pytest

CASE = "japan-korea-2019"
SETTLED = ".desk[data-state=done]"
TRAPS = Path(__file__).parent / "traps"
LONG = 240_000  # milliseconds, for a busy machine
get = functools.partial(httpx.get, timeout=120)
post = functools.partial(httpx.post, timeout=120)


def solved(watched, server, query=""):
    watched.page.goto(f"{server}/case/{CASE}{query}", timeout=LONG)
    watched.page.wait_for_selector(SETTLED, timeout=LONG)
    return watched.page


def move(page, key, value):
    """Moves a slider and waits until the stages are solved again."""
    page.locator(".desk").evaluate("desk => { desk.dataset.state = desk.dataset.answered = 'moved'; }")
    page.locator(f"[id='s-{key}']").evaluate(
        "(field, value) => { field.value = value; field.dispatchEvent(new Event('input', {bubbles: true})); }",
        str(value),
    )
    page.wait_for_selector(SETTLED, timeout=LONG)


def finished(client, server, job):
    """The events of a job, read to the end."""
    with client.stream("GET", f"{server}/api/jobs/{job}/events", timeout=120) as stream:
        return [line for line in stream.iter_lines() if line.startswith(("event:", "id:", "data:"))]


def test_a_case_page_answers_first_from_few_runs_and_then_from_all(watched, server):
    page = watched.page
    page.goto(f"{server}/case/{CASE}?draws=200")  # in thirty runs nothing stands out
    page.wait_for_selector("[data-answered]", timeout=LONG)
    page.wait_for_selector("[data-answered=final]", timeout=LONG)
    assert "shortage" in page.inner_text("#message") and page.locator(".tiles > div").count() == 3
    assert page.locator("#answer > figure svg:visible").count() == 1
    assert page.locator("#rest .qs .q").count() == 7 and page.locator("#front .sl").count() <= 4
    effects = page.locator("#front .eff:visible").all_inner_texts()
    size = [abs(int(words.split()[-4]) - int(words.split()[-2])) for words in effects]
    assert size == sorted(size, reverse=True) and size[0] > 0  # at most four, the strongest first
    assert watched.outside(server) == [] and watched.errors == []


def test_a_slider_changes_the_message_the_numbers_and_the_link(watched, server):
    """The clicks of docs/tutorial.md: the start page, a dispute, a slider; the address gives it again."""
    page = watched.page
    page.goto(server)
    page.locator(f"a[href='/case/{CASE}']").first.click()
    page.wait_for_selector(".desk[data-state]", timeout=LONG)
    page.locator(".desk").evaluate("desk => { desk.dataset.state = desk.dataset.answered = 'moved'; }")
    page.locator("#s-draws").select_option("50")  # the fewest that a reader can choose
    page.wait_for_selector(f"{SETTLED}[data-answered=final]", timeout=LONG)
    assert "draws=50" in page.url
    before, numbers = page.inner_text("#message"), page.inner_text(".tiles")
    move(page, "inventory_days", 120)
    page.wait_for_selector(".chg", timeout=LONG)
    assert page.inner_text(".tiles") != numbers and "inventory_days=120" in page.url
    assert "was " in page.inner_text(".tiles .hot") and "inventory days = 120" in page.inner_text(".chg")
    after = page.inner_text("#message")
    page.reload()
    page.wait_for_selector("[data-answered=final]", timeout=LONG)
    assert page.locator("#s-inventory_days").input_value() == "120" and page.inner_text("#message") == after
    page.locator("[data-undo]").click()
    page.wait_for_selector("#answer:not(:has(.chg))", timeout=LONG)
    page.wait_for_selector("[data-answered=final]", timeout=LONG)
    assert (page.inner_text("#message"), page.inner_text(".tiles")) == (before, numbers) and watched.errors == []


def test_a_slider_moves_by_keyboard_alone_and_its_link_says_so(watched, server):
    page = solved(watched, server, "?draws=30")
    first = page.locator(".tiles").first.inner_text()
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.id") == "s-inventory_days":
            break
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") != "none"
    page.locator(".desk").evaluate("desk => { desk.dataset.state = desk.dataset.answered = 'moved'; }")
    for _ in range(12):
        page.keyboard.press("ArrowLeft")
    page.wait_for_selector(SETTLED, timeout=LONG)
    page.wait_for_function("() => location.search.includes('inventory_days=')")
    told = page.locator(".tiles").first.inner_text()
    assert told != first and "was" in told


def test_the_panel_of_sliders_is_never_cut_by_the_window(watched, server):
    page = solved(watched, server, "?draws=30")
    page.set_viewport_size({"width": 1440, "height": 600})  # lower than the panel
    high, inside, shown = page.locator(".right").evaluate(
        "one => [one.offsetHeight, one.scrollHeight, one.clientHeight]"
    )
    assert high > 600 and inside <= shown + 1  # nothing of it has to be scrolled within
    page.locator("#rest").scroll_into_view_if_needed()
    page.locator("#save button").scroll_into_view_if_needed()  # its last button can be reached by the page alone
    assert page.locator("#save button").bounding_box()["y"] < 600
    page.set_viewport_size({"width": 1440, "height": 2400})  # all of it fits: it stays at the top
    page.wait_for_selector(".right[style*='12px']", timeout=LONG)


def test_a_scenario_travels_as_a_file(watched, server, tmp_path):
    answer = get(f"{server}/case/{CASE}/scenario.json?inventory_days=90&patron_engaged_from=2019-08")
    told = json.loads(answer.text)
    assert told["scenario"] == {"inventory_days": 90.0, "patron_engaged_from": "2019-08"}
    sent = post(f"{server}/scenario", files={"file": ("s.json", answer.content)})
    assert sent.status_code == 303
    assert sent.headers["location"] == f"/case/{CASE}?inventory_days=90&patron_engaged_from=2019-08"


def test_saved_scenarios_stand_under_disputes(server):
    name = 'six months </script><b>"stocks"'
    body = {"case": CASE, "name": name, "inventory_days": "180"}
    assert "Saved" in post(f"{server}/saved", data=body).text
    front = get(f"{server}/disputes").text
    assert "six months &lt;/script&gt;" in front and f"/case/{CASE}?inventory_days=180" in front
    post(f"{server}/saved/delete", data={"name": name})
    assert "six months" not in get(f"{server}/disputes").text
    assert post(f"{server}/saved", data=body | {"name": " "}).status_code == 422


def test_the_licence_desk_answers_in_words_with_a_link(watched, server):
    page = watched.page
    page.goto(f"{server}/licence")
    page.locator("[name=on]").fill("2019-07-05")
    page.get_by_role("button", name="Ask").click()
    page.wait_for_selector("#answer .ansc", timeout=LONG)
    text = page.inner_text("#answer")
    assert "Licence needed, case by case" in text and "from Japan to Korea" in text
    assert "3 October 2019" in text and "Not legal advice" in text and "announcement, items 1 to 3" in text
    assert page.locator("#answer figure svg:visible").count() == 1
    assert "item=hydrogen+fluoride" in page.url and "exporter=Japan" in page.url  # the link gives the answer again
    assert watched.errors == [] and watched.outside(server) == []


def test_a_picture_stands_once_before_its_style_has_come(watched, server):
    """Wide and narrow are both in the page; until the style sheet is there only the wide one shows."""
    watched.page.route("**/assets/geoecon.css", lambda route: route.abort())
    watched.page.goto(f"{server}/licence?exporter=Japan&destination=Korea&item=hydrogen+fluoride&on=2019-07-05")
    assert watched.page.locator("#answer figure svg:visible").count() == 1


def test_the_licence_desk_takes_the_names_of_the_command_line(server):
    asked = "item=gallium&on=2026-03-01"
    short, long = (
        get(f"{server}/licence?{one}&{asked}") for one in ("from=China&to=Japan", "exporter=China&destination=Japan")
    )
    assert short.status_code == 200 and short.text == long.text and "Licence needed" in short.text
    both = get(f"{server}/licence?from=Korea&exporter=China&destination=Japan&{asked}")
    assert both.status_code == 422 and "from is asked by no rule" in both.text.replace("'", "").replace("&#39;", "")


def test_a_fact_changes_the_verdict(watched, server):
    page = watched.page
    page.goto(f"{server}/licence?exporter=China&destination=Japan&item=gallium&on=2026-03-01")
    assert "case by case" in page.inner_text(".big")
    page.locator("[name=end_user_class][value=military]").check(force=True)
    page.get_by_role("button", name="Ask again").click()
    page.wait_for_selector(".v-prohibited .big", timeout=LONG)
    assert "end_user_class=military" in page.url


def test_a_question_that_cannot_be_understood_says_what_may_be(server):
    answer = get(f"{server}/licence?exporter=Japn&destination=Korea&item=gallium&on=2026-03-01")
    assert answer.status_code == 422 and "Japan" in answer.text and 'value="Japn"' in answer.text


@pytest.mark.parametrize(
    ("on", "kind"),
    [("2019-07-03", "general_bulk"), ("2019-07-04", "individual"), ("2023-03-23", "special_general_bulk")],
)
def test_the_licence_over_the_interface(server, on, kind):
    query = {"exporter": "JPN", "destination": "KOR", "item": "hydrogen fluoride", "on": on}
    answer = get(f"{server}/api/licence", params=query).json()
    assert answer["answer"]["kind"] == kind and answer["history"] and answer["sentence"]
    asked = {"exporter": "CHN", "destination": "USA", "item": "TERBIUM"}
    both = [*asked.items(), ("on", "2026-05-01"), ("party", "ACME"), ("party", "Lockheed Martin Corporation")]
    assert get(f"{server}/api/licence", params=both).json()["answer"]["kind"] == "prohibited"
    assert get(f"{server}/api/licence", params=asked).json()["answer"]["on"]  # today where no day is given
    wrong = get(f"{server}/api/licence", params=query | {"on": "2019-02-30"})
    assert wrong.status_code == 422 and "allowed" in wrong.json()["message"]


def test_the_shortage_clock_tells_dates_and_what_to_do(watched, server):
    page = watched.page
    page.goto(f"{server}/clock")
    page.locator("[name=start]").fill("2019-07-04")
    page.get_by_role("button", name="Tell the dates").click()
    page.wait_for_selector("table.todo", timeout=LONG)
    assert page.inner_text("h1") == "1 sure, 1 possible, 1 safe"
    text = page.inner_text("main")
    assert "Runs out 3 August 2019" in text and "Order by 14 July 2019" in text  # 900 / 30 days; 40 days less 30
    assert page.locator("#picture-parts svg:visible").count() == 1
    plain = page.locator("#picture-parts svg:visible text:not([font-weight])")
    assert plain.first.evaluate("one => getComputedStyle(one).fontWeight") == "400"  # no style of the page reaches in
    with page.expect_download() as taken:
        page.get_by_role("link", name="Excel with dates").click()
    assert Path(taken.value.path()).read_bytes().startswith(b"PK")
    with page.expect_download() as taken:
        page.get_by_role("link", name="Calendar entries").click()
    assert "SUMMARY:Order film" in Path(taken.value.path()).read_text("utf-8")
    assert watched.errors == [] and watched.outside(server) == []
    page.locator("[name=parts]").fill("part\tstock\nx\t=1+1")
    page.get_by_role("button", name="Tell the dates").click()
    page.wait_for_selector(".faults", timeout=LONG)
    assert "allowed" in page.inner_text(".faults") and page.locator("[name=parts]").input_value().startswith("part")


def test_a_parts_list_as_a_workbook(server):
    import io

    import pandas as pd

    made = io.BytesIO()
    rows = {"part": ["gas"], "stock": [900], "use_per_day": [30], "supplier": ["A"], "lead_time_days": [180]}
    pd.DataFrame(rows).to_excel(made, index=False, engine="xlsxwriter")
    answer = post(f"{server}/clock", data={"start": "2019-07-04"}, files={"file": ("parts.xlsx", made.getvalue())})
    assert answer.status_code == 200 and "1 sure" in answer.text
    wrong = post(f"{server}/clock", data={"start": "2019-07-04"}, files={"file": ("p.exe", b"MZ\0\0")})
    assert wrong.status_code == 422 and "Excel" in wrong.text


def test_the_explorer_uses_the_bundled_trade_at_once(watched, server):
    page = watched.page
    page.goto(f"{server}/dependence?country=Korea")
    assert "one-sided goods that Korea buys" in page.inner_text("h1")
    assert page.locator("table.dep tbody tr").count() >= 3
    assert page.locator("#picture-world svg:visible").count() == 1 and page.locator("#picture-trend").count() == 1
    second = page.locator("table.dep tbody a").nth(1)
    name = second.inner_text()
    second.click()
    page.wait_for_load_state()
    assert page.inner_text(".det h2") == name and "product=" in page.url
    assert watched.errors == [] and watched.outside(server) == []
    assert get(f"{server}/dependence?country=Atlantis").status_code == 422


TRADE = "year,exporter,importer,product,value_usd\n" + "".join(
    f"{year},{seller},{buyer},{good},{usd}000000\n"
    for year in (2020, 2021, 2022)
    for good in ("250410", "281820")
    for seller, buyer, usd in (("CHN", "KOR", 900), ("JPN", "KOR", 100), ("CHN", "JPN", 300))
)


def test_a_table_of_ones_own_opens_in_the_explorer_and_answers_questions(server):
    with httpx.Client(timeout=240, follow_redirects=True) as client:
        found = client.post(f"{server}/table", files={"file": ("mine.csv", TRADE)}, data={"importer": "Korea"})
        assert found.status_code == 200 and "&table=table-" in str(found.url) and "90 %" in found.text
        assert "picture-trend" in found.text and "no chips" not in found.text and "mine.csv" in found.text
        key = str(found.url).rsplit("=", 1)[1]
        bad = client.post(f"{server}/table", files={"file": ("mine.csv", TRADE)}, data={"reading": "colour=red"})
        assert bad.status_code == 422 and "decimal" in bad.text
        nothing = re.sub(r"(2021.*,)\d+000000", r"\g<1>0", TRADE)  # a year without trade has no share: a hole, no fault
        hole = client.post(f"{server}/table", files={"file": ("mine.csv", nothing)}, data={"importer": "Korea"})
        assert hole.status_code == 200 and "one-sided" in hole.text
        again = client.post(f"{server}/table", files={"file": ("mine.csv", TRADE)}, data={"importer": "Korea"})
        assert str(again.url).endswith(key)  # the same file answers the same links
    gone = get(f"{server}/dependence?country=Korea&table={key}")
    assert gone.status_code == 422 and "bring the same file again" in gone.text


def test_what_is_watched_is_listed_and_asked_again(server):
    with httpx.Client(timeout=240, follow_redirects=True) as client:
        lacking = client.post(f"{server}/watch", data={"kind": "licence", "exporter": "China"})
        assert lacking.status_code == 422 and "destination: empty" in lacking.text and "item: empty" in lacking.text
        asked = {"kind": "licence", "exporter": "China", "destination": "Japan", "item": "gallium"}
        page = client.post(f"{server}/watch", data=asked)
        assert page.status_code == 200 and "gallium from China to Japan" in page.text
        assert "Nothing changed in 1 watched question." in client.post(f"{server}/watch/again").text


def test_precedents_answer_in_words_as_known_on_a_day(server):
    found = get(f"{server}/precedents?product=nickel+ore&supplier=Indonesia&importer=Japan&cut=86&known_by=2013-12-31")
    assert found.status_code == 200
    assert "200 most similar of" in found.text and "2014</li>" not in found.text
    bad = get(f"{server}/precedents?product=nickel+ore&supplier=Indonesia&importer=Japan&cut=0&known_by=2013-13-31")
    assert bad.status_code == 422 and "2 things" in bad.text and "allowed: per cent above 1 up to 100" in bad.text
    half = get(f"{server}/precedents?product=nickel+ore&supplier=Indonesia&importer=Japan&cut=0.5")
    assert half.status_code == 422 and "0.5%" in half.text  # a half on the command line


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("/?draws=20", "none on this page"),
        ("/precedents?product=250410&supplier=CHN&importer=KOR&known=2023-10-25", "importer, cut, known_by"),
        ("/precedents?product=250410&supplier=CHN", "importer: empty"),
        ("/ask?question=China+stops+graphite+to+Korea&seed=2", "question, sender, target, product, from, draws"),
        ("/ask?question=China+stops+graphite+to+Korea&draws=many", "a whole number from 0"),
        (f"/ask?question={'a' * 201}", "201 letters; allowed: at most 200"),
        ("/compare?case=nowhere", "japan-korea-2019"),
        ("/dependence?country=Korea&country=Japan", "stands 2 times; allowed: once"),
        (f"/case/{CASE}?inventory_day=30", "inventory_days"),
        ("/licence?exporter=China&destination=Japan&item=gallium&on=2026-03-01&colour=red", "is asked by no rule"),
        ("/api/cases?long=1", "none on this page"),
        ("/api/licence?exporter=CHN&destination=JPN&item=gallium&on=2026-03-01&on=2026-03-02", "allowed: once"),
    ],
)
def test_a_name_without_effect_is_refused_in_every_address(server, address, said):
    found = get(server + address)
    assert found.status_code == 422 and said in found.text.replace("&#39;", "'")


def test_a_question_may_bring_its_day_and_its_runs_as_on_the_command_line(server):
    found = get(f"{server}/ask?question=China+stops+graphite+to+Korea&from=2023-12-01&draws=20")
    assert found.status_code == 200 and "1 December 2023" in found.text and "20 runs" in found.text


def test_two_scenarios_compared(watched, server):
    page = watched.page
    page.goto(f"{server}/compare?case={CASE}&b=inventory_days+%3D+15&draws=20")  # the link gives the answer
    page.wait_for_selector("#answer table", timeout=LONG)
    assert "Some plant stops" in page.inner_text("#answer")
    told = page.inner_text("#answer")
    assert "stock" in told and watched.errors == [], told


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


PAGES = [
    "/", "/licence?exporter=China&destination=Japan&item=gallium&on=2026-03-01", "/dependence", "/clock", "/compare",
    "/precedents", "/ask", "/watch", "/disputes", "/api", f"/case/{CASE}?draws=30", "/nowhere",
]  # fmt: skip


@pytest.mark.parametrize("path", PAGES)
def test_nothing_is_clipped_and_axe_finds_nothing_serious(server, browser, path):
    looked_at(server, browser, path, ((1440, "light"), (390, "dark")))


@pytest.mark.nightly
@pytest.mark.parametrize("path", PAGES)
def test_every_page_at_four_sizes(server, browser, path):
    looked_at(server, browser, path, ((360, "light"), (768, "dark"), (1024, "light"), (1920, "dark")))


def looked_at(server, browser, path, sizes):
    from axe_playwright_python.sync_playwright import Axe

    for width, scheme in sizes:
        context = browser.new_context(viewport={"width": width, "height": 800}, color_scheme=scheme, bypass_csp=True)
        page = context.new_page()
        page.goto(server + path, timeout=LONG)
        if path.startswith("/case"):
            page.wait_for_selector("[data-answered=final]", timeout=LONG)
        found = Axe().run(page).response["violations"]
        serious = [(one["id"], one["nodes"][0]["html"]) for one in found if one["impact"] in ("serious", "critical")]
        assert serious == []
        assert page.evaluate(measured.CLIPPED) == []
        context.close()


def test_the_start_page_works_by_keyboard_alone(watched, server):
    page = watched.page
    page.goto(server)
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.name") == "country":
            break
    page.keyboard.press("Enter")
    page.wait_for_url("**/dependence?country=Korea**", timeout=LONG)


def test_the_interface_page_names_every_address(server):
    paths = get(f"{server}/api/openapi.json").json()["paths"]
    page = get(f"{server}/api").text
    assert len(paths) >= 10 and all(path in page for path in paths)


def upload(watched, server, file):
    page = watched.page
    page.goto(f"{server}/dependence")
    page.locator("input[name=file]").set_input_files(file)
    page.get_by_role("button", name="Scan").click()
    page.wait_for_selector("#scanned .lead, #scanned .faults", timeout=LONG)
    return page


def test_scripts_in_an_upload_stay_text(watched, server):
    """T89."""
    page = upload(watched, server, TRAPS / "89_script_in_a_cell" / "trade.csv")
    assert "hydrogen fluoride </script><script>alert(1)</script>" in page.inner_text("#scanned")
    assert watched.dialogs == [] and watched.errors == []
    body = (TRAPS / "89_script_in_a_cell" / "trade.csv").read_bytes()
    answer = post(f"{server}/api/scan?importer=KOR", content=body)
    assert "</script>" in answer.json()["rows"][0][0]


def test_an_odd_upload_is_told_by_line(watched, server, tmp_path):
    """T91: the line of the file, not of the record; and long names neither break the page nor a file name."""
    file = TRAPS / "91_long_and_odd_names" / "trade.csv"
    page = upload(watched, server, file)
    assert "trade.csv line 6" in page.inner_text("#scanned") and "XXX" in page.inner_text("#scanned")
    kept = tmp_path / "kept.csv"
    kept.write_text("".join(file.read_text("utf-8").splitlines(keepends=True)[:-1]), "utf-8")
    page = upload(watched, server, kept)
    text = page.inner_text("#scanned")
    assert 'People\'s "Sample" Works, Co.' in text and "…" in text
    assert page.evaluate("document.documentElement.scrollWidth") <= 1000
    ids = page.evaluate("[...document.querySelectorAll('[id]')].map(one => one.id)")
    assert all(len(one.encode()) <= 120 for one in ids) and watched.errors == []


def test_names_from_right_to_left_stay_in_their_cells(watched, server):
    """T92."""
    page = upload(watched, server, TRAPS / "92_right_to_left_names.csv")
    assert "חברת דוגמה" in page.inner_text("#scanned table") and "\u202e" not in page.inner_text("#scanned")
    left = page.evaluate(
        "[...document.querySelectorAll('#scanned tbody tr')].every(row => {"
        " const cells = [...row.cells].map(cell => cell.getBoundingClientRect().left);"
        " return cells.every((x, k) => k === 0 || x > cells[k - 1]); })"
    )
    assert left and page.locator("#scanned tbody td bdi").count() > 0


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


def test_a_column_can_be_named_by_hand_and_a_number_read_two_ways_is_asked_about(server):
    table = "what\ton the shelf\tper week\twho\tlead time (weeks)\ngas\t1,900\t210\tA\t26\nfilm\t40\t7\tC\t4\n"
    wrong = post(f"{server}/clock", data={"parts": table, "start": "2026-11-28"})
    assert wrong.status_code == 422 and 'name="as-1"' in wrong.text and "--decimal" not in wrong.text
    named = {"as-0": "part", "as-1": "stock", "as-2": "use_per_day", "as-3": "supplier", "decimal": ".,"}
    answer = post(f"{server}/clock", data={"parts": table, "start": "2026-11-28", **named})
    assert answer.status_code == 200 and "2 parts read" in answer.text
    assert "31 January 2027" in answer.text or "30 January 2027" in answer.text  # 1900 / (210 / 7) = 63 days


@pytest.mark.parametrize(("written", "point", "comma"), [("1,250", "1250", "1.25"), ("1.250", "1.25", "1250")])
def test_each_reading_of_a_number_is_a_button_with_its_own_sign(server, written, point, comma):
    table = f"part\tsupplier\tstock\tuse per day\tlead time\nA\tJapan\t{written}\t100\t30\n"
    asked = post(f"{server}/clock", data={"parts": table, "start": "2026-12-01"}).text
    shown = dict(re.findall(r'name="decimal_now" value="([.,]+)">([^<]+)</button>', asked))
    assert {sign.replace(".,", "."): words for sign, words in shown.items()} == {
        ".": f"{written} is {point}", ",": f"{written} is {comma}"}  # fmt: skip
    for sign, words in shown.items():
        read = post(f"{server}/clock", data={"parts": table, "start": "2026-12-01", "decimal_now": sign})
        stock = float(words.rsplit(" ", 1)[1])
        gone = {1250.0: "13 December 2026", 1.25: "1 December 2026"}[stock]  # 12.5 days, less than one
        assert read.status_code == 200 and gone in read.text, read.text[:2000]


def test_a_question_becomes_a_case_that_can_be_taken_along(server):
    with httpx.Client(timeout=240) as client:
        made = client.post(f"{server}/ask/case", data={"question": "Chile stops copper ore to Japan"})
        assert made.status_code == 303
        key = made.headers["location"].rsplit("/", 1)[1]
        assert client.get(f"{server}/case/{key}").status_code == 200
        assert "folder.zip" in client.get(f"{server}/disputes").text
        packed = client.get(f"{server}/case/{key}/folder.zip")
        assert packed.content.startswith(b"PK") and packed.headers["content-type"] == "application/zip"
        assert client.post(f"{server}/ask/case", data={"question": "hello"}).status_code == 422
    assert get(f"{server}/case/{key}/folder.zip").status_code == 422  # another session's


def test_the_link_of_a_questions_case_makes_it_again_in_another_session(server):
    assert get(f"{server}/case/asked-Chile_stops_copper_ore_to_Japan").status_code == 200
    assert "bring the same zip again" in get(f"{server}/case/upload-0123456789").text


@pytest.mark.parametrize(("encoding", "status"), [("cp932", 200), ("", 200), ("latin-9", 422)])
def test_a_parts_list_from_a_japanese_spreadsheet(server, encoding, status):
    table = "品名,stock,use_per_day,supplier,lead_time_days\nフッ化水素,900,30,A,180\n".encode("cp932")
    sent = {"start": "2019-07-04", "encoding": encoding, "decimal": "."}
    answer = post(f"{server}/clock", data=sent, files={"file": ("parts.csv", table)})
    assert answer.status_code == status and ("フッ化水素" if status == 200 else "allowed") in answer.text


@pytest.mark.parametrize("encoding", ["utf-16", "iso2022_jp"])
def test_a_parts_list_that_excel_saved_as_unicode_text_or_a_mail_carried(server, encoding):
    table = "品名\tstock\tuse_per_day\tsupplier\tlead_time_days\nフッ化水素\t900\t30\tA\t180\n".encode(encoding)
    answer = post(f"{server}/clock", data={"start": "2019-07-04"}, files={"file": ("parts.txt", table)})
    assert answer.status_code == 200 and "フッ化水素" in answer.text and "1 sure" in answer.text


def test_a_picture_can_be_cited_and_a_card_says_what_a_fact_would_make_worse(watched, server):
    page = watched.page
    page.goto(f"{server}/licence?exporter=China&destination=Japan&item=gallium&on=2026-03-01")
    assert "Prohibited if the user is military" in page.inner_text(".turn")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.locator("[data-take=cite]").first.click()
    told = page.evaluate("navigator.clipboard.readText()")
    assert told.startswith("The geoecon authors, geoecon 0.") and "Data: " in told and "/licence?" in told


def test_a_form_keeps_its_origin(server):
    """With no-referrer a browser sends a form as from "null", which the guard refuses."""
    assert get(f"{server}/").headers["referrer-policy"] == "same-origin"


@pytest.mark.nightly
def test_what_was_saved_outlives_a_killed_server(tmp_path):
    import signal
    import socket
    import subprocess
    import sys
    import time

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    log = tmp_path / "stderr.txt"
    server, command = f"http://127.0.0.1:{port}", [sys.executable, "-m", "geoecon", "serve", "--port", str(port)]

    def started():
        running = subprocess.Popen(command, cwd=tmp_path, stderr=log.open("ab"))
        for _ in range(600):
            try:
                get(f"{server}/api/cases")
                return running
            except httpx.TransportError:
                time.sleep(0.2)
        raise AssertionError("the server did not start")

    first = started()
    assert "Saved" in post(f"{server}/saved", data={"case": CASE, "name": "long stock", "inventory_days": "180"}).text
    post(f"{server}/api/run", json={"case": CASE, "draws": 500})  # killed in the middle of a run
    first.send_signal(signal.SIGKILL)
    first.wait()
    second = started()
    try:
        page = get(f"{server}/disputes").text
        assert "long stock" in page and f"/case/{CASE}?inventory_days=180" in page
        time.sleep(5)  # the workers of the killed server have met that nobody listens
        assert "Traceback" not in log.read_text()
    finally:
        second.terminate()
        second.wait()
