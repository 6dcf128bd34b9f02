"""Results that are one table."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd


@dataclass(frozen=True, eq=False)
class Tabled:
    """A result whose rows are its table, the most important first."""

    table: pd.DataFrame

    def to_frame(self) -> pd.DataFrame:
        return self.table

    def summary(self) -> pd.DataFrame:
        """The first twelve rows."""
        return self.table.head(12)
