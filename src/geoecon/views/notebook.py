"""Results in a notebook: sentence, chart and a small table, never two hundred rows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from geoecon.views import vega
from geoecon.views.content import ROWS, table_of
from geoecon.views.page import render


def mimebundle(result: Any) -> dict[str, str]:
    """What Jupyter and marimo show of a result, as HTML and as text."""
    table = result.summary().head(ROWS).to_string(index=False)
    return {"text/html": html(result), "text/plain": f"{result.sentence()}\n\n{table}"}


def html(result: Any) -> str:
    """A fragment without scripts, so that it shows everywhere: sentence, the chart as a picture, the table."""
    from base64 import b64encode

    spec = vega.specification(result.chart())
    drawn = b64encode(drawn_svg(spec)).decode()
    title, unit = vega.title(spec)
    return render(
        "notebook.html",
        sentence=result.sentence(),
        drawn=drawn,
        said=f"{title}; {unit}",
        table=table_of(result.summary()),
    )


def drawn_svg(spec: Mapping[str, Any]) -> bytes:
    """A chart as SVG on white, without a browser."""
    import vl_convert

    white = {**spec, "background": "white", "config": {**spec.get("config", {}), "background": "white"}}
    return str(vl_convert.vegalite_to_svg(white, vl_version=vega.LITE)).encode()
