"""fetch against a local server: what it says, how it resumes, what it refuses, and that the key stays hidden."""

from __future__ import annotations

import io
import json
import threading
import zipfile
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import ClassVar

import pytest

from geoecon.errors import InputError
from geoecon.flows import fetch, read_flows

KEY = "very-secret-key-0123456789"


def archive(header="t,i,j,k,v,q", member="BACI_HS17_Y2022_V202501.csv"):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as packed:
        packed.writestr(
            member, f"{header}\n2022,392,410,281111,45210.500,19820.400\n" + "2022,156,410,281111,1.0,1.0\n"
        )
        packed.writestr("country_codes_V202501.csv", "country_code,country_name\n410,Rep. of Korea\n")
    return buffer.getvalue()


class Server(BaseHTTPRequestHandler):
    """Serves `files`; `cut` sends only so many bytes once; `seen` keeps the requests."""

    files: ClassVar[dict[str, bytes]] = {}
    cut: ClassVar[dict[str, int]] = {}
    seen: ClassVar[list[tuple[str, dict[str, str]]]] = []
    status = 200

    def do_GET(self):
        path = self.path.split("?")[0]
        Server.seen.append((self.path, dict(self.headers)))
        body = Server.files.get(path)
        if body is None or Server.status != 200:
            self.send_response(404 if body is None else Server.status)
            self.end_headers()
            self.wfile.write(body or b"nothing here")
            return
        start = 0
        asked = self.headers.get("Range")
        if asked:
            start = int(asked.removeprefix("bytes=").rstrip("-"))
            self.send_response(206)
            self.send_header("Content-Range", f"bytes {start}-{len(body) - 1}/{len(body)}")
        else:
            self.send_response(200)
        self.send_header("Content-Length", str(len(body) - start))
        self.end_headers()
        end = Server.cut.pop(path, len(body))
        self.wfile.write(body[start:end])

    def log_message(self, *_):
        pass


@pytest.fixture
def server():
    Server.files, Server.cut, Server.seen, Server.status = {}, {}, [], 200
    running = ThreadingHTTPServer(("127.0.0.1", 0), Server)
    threading.Thread(target=running.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{running.server_port}"
    running.shutdown()
    running.server_close()


def baci(server, folder, said):
    return fetch("baci", folder, base=server, say=said.append, hs="HS17", vintage="202501")


def test_it_says_what_from_whom_and_under_which_licence_and_the_file_reads(server, tmp_path):
    Server.files["/BACI_HS17_V202501.zip"] = archive()
    said: list[str] = []
    path = baci(server, tmp_path, said)
    assert "CEPII" in said[0] and "Etalab" in said[0] and "BACI_HS17_V202501.zip" in said[0]
    assert read_flows(path, quiet=True).to_frame()["value_usd"].sum() == 45_211_500
    assert [p.name for p in tmp_path.iterdir()] == ["BACI_HS17_V202501.zip"]
    baci(server, tmp_path, said)
    assert "already" in said[-1] and len(Server.seen) == 1


def test_a_broken_download_is_taken_up_where_it_ended(server, tmp_path):
    whole = archive()
    Server.files["/BACI_HS17_V202501.zip"] = whole
    Server.cut["/BACI_HS17_V202501.zip"] = 100
    said: list[str] = []
    with pytest.raises(InputError, match=r"100 of \d+ bytes came"):
        baci(server, tmp_path, said)
    assert [p.name for p in tmp_path.iterdir()] == ["BACI_HS17_V202501.zip.part"]
    path = baci(server, tmp_path, said)
    assert path.read_bytes() == whole and "taking up at 100 bytes" in said
    assert Server.seen[-1][1]["Range"] == "bytes=100-"


@pytest.mark.parametrize(
    ("body", "words"),
    [(b"<html>login</html>", "not a whole archive"), (archive(header="a,b,c"), "header 'a,b,c'"),
     (archive(member="other.txt"), "no member like")],
)  # fmt: skip
def test_a_file_that_is_not_what_it_should_be_is_refused_and_removed(server, tmp_path, body, words):
    Server.files["/BACI_HS17_V202501.zip"] = body
    with pytest.raises(InputError, match=words):
        baci(server, tmp_path, [])
    assert list(tmp_path.iterdir()) == []


def test_a_missing_file_and_wrong_choices_say_so(server, tmp_path):
    with pytest.raises(InputError, match="the server answers 404"):
        baci(server, tmp_path, [])
    with pytest.raises(InputError, match=r"vintage missing; allowed: hs=HS92"):
        fetch("baci", tmp_path, base=server, say=lambda _: None, hs="HS17")
    with pytest.raises(InputError, match=r"fetch 'wiod'; allowed: baci"):
        fetch("wiod", tmp_path)
    with pytest.raises(InputError, match="allowed: letters"):
        fetch("baci", tmp_path, base=server, hs="../../x", vintage="1")


def test_no_network_is_one_line(tmp_path):
    with pytest.raises(InputError, match="no connection"):
        fetch("baci", tmp_path, base="http://127.0.0.1:9", say=lambda _: None, hs="HS17", vintage="202501")


def comtrade(server, folder, said, **options):
    query = {"reporterCode": "410", "period": "2018", "cmdCode": "281111", "flowCode": "M"}
    return fetch("comtrade", folder, base=server, say=said.append, query=query, frequency="A", **options)


def reply():
    return (Path(__file__).parent / "traps" / "08_comtrade_truncated.json").read_bytes()


def test_the_key_goes_in_a_header_and_nowhere_else(server, tmp_path, monkeypatch):
    monkeypatch.setenv("COMTRADE_API_KEY", KEY)
    Server.files["/data/v1/get/C/A/HS"] = reply()
    said: list[str] = []
    path = comtrade(server, tmp_path, said)
    assert read_flows(path, quiet=True).to_frame()["value_usd"].sum() == 3_500
    asked, headers = Server.seen[0]
    assert KEY in headers.values() and KEY not in asked
    assert KEY not in "".join(said) + path.name + path.read_text()
    Server.status = 401
    Server.files["/data/v1/get/C/A/HS"] = json.dumps({"statusCode": 401, "message": f"key {KEY} is not valid"}).encode()
    with pytest.raises(InputError, match="error 401") as stop:
        comtrade(server, tmp_path, said)
    assert KEY not in str(stop.value)


def test_without_a_key_the_public_preview_is_asked_and_full_replies_are_refused(server, tmp_path, monkeypatch):
    monkeypatch.delenv("COMTRADE_API_KEY", raising=False)
    Server.files["/public/v1/preview/C/A/HS"] = reply()
    with pytest.raises(InputError, match="equals the limit"):
        comtrade(server, tmp_path, [], limit=5)
    assert list(tmp_path.iterdir()) == []
    assert comtrade(server, tmp_path, []).is_file()
    Server.files["/public/v1/preview/C/A/HS"] = b'{"count":0,"data":[],"error":""}'
    with pytest.raises(InputError, match=r"0 records.*YYYY"):
        comtrade(server, tmp_path, [])


def test_a_key_among_the_parameters_is_refused(tmp_path):
    with pytest.raises(InputError, match="environment variable"):
        fetch("comtrade", tmp_path, say=lambda _: None, frequency="A", query={"subscription-key": KEY})


def test_why_not_comtradeapicall(monkeypatch):
    """Its newest version (1.3.2) has no header for the key: the key stands in the address that goes out."""
    from urllib.parse import urlencode

    import comtradeapicall
    import urllib3
    from urllib3.exceptions import ProtocolError

    sent: list[tuple[dict[str, str], object]] = []

    def request(self, method, url, fields=None, headers=None, **options):
        sent.append((fields or {}, headers))
        raise ProtocolError("no network in a test")

    monkeypatch.setattr(urllib3.PoolManager, "request", request)
    with pytest.raises(ProtocolError):
        comtradeapicall.getFinalData(
            KEY, typeCode="C", freqCode="A", clCode="HS", period="2018", reporterCode="410", cmdCode="281111",
            flowCode="M", partnerCode=None, partner2Code=None, customsCode=None, motCode=None,
        )  # fmt: skip
    fields, headers = sent[0]
    assert KEY in fields.values() and not headers
    assert KEY in urlencode(fields)  # which urllib3 appends to the address of a GET
