"""Keeps the site free of other hosts: the theme's search shim comes from docs/assets instead of a network."""

from __future__ import annotations

from typing import Any

SHIM = "https://unpkg.com/iframe-worker/shim"
OURS = "assets/iframe-worker-1.0.4.js"


def on_post_page(output: str, page: Any, config: Any) -> str:
    return output.replace(SHIM, "../" * page.url.count("/") + OURS)


def on_post_template(output_content: str, template_name: str, config: Any) -> str:
    return output_content.replace(SHIM, "/" + OURS)
