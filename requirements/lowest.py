"""Prints the lowest versions that pyproject.toml allows, one a line, as pip takes them: `make lowest` installs them."""

import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[1]


def lowest(requirements: list[str]) -> list[str]:
    """`name>=1.2,<2` as `name==1.2`; extras of a name stay, what is pinned stays as it is."""
    found = []
    for line in requirements:
        name, bound = re.match(r"([A-Za-z0-9._\[\]-]+)\s*(?:>=\s*([0-9][A-Za-z0-9.]*))?", line).groups()
        found.append(f"{name}=={bound}" if bound else line)
    return found


if __name__ == "__main__":
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    extras = project["project"]["optional-dependencies"]
    named = [*project["project"]["dependencies"], *extras["web"], *extras["office"]]
    print("\n".join(lowest(named)))
