"""The browser of the views' tests."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

_place = Path(__file__).parents[1] / "views" / "conftest.py"
_spec = importlib.util.spec_from_file_location("views_browser", _place)
assert _spec is not None and _spec.loader is not None
_shared = importlib.util.module_from_spec(_spec)
sys.modules[_spec.name] = _shared
_spec.loader.exec_module(_shared)
browser, watched = _shared.browser, _shared.watched
