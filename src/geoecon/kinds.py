"""Types that many rooms name: a cell of a table, a value that JSON can tell, a table as a user brings it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping
    from datetime import date
    from pathlib import Path

    import duckdb
    import narwhals as nw
    import numpy as np
    import pandas as pd
    from _typeshed import DataclassInstance
    from narwhals.typing import IntoFrame
    from numpy.typing import NDArray

    Cell: TypeAlias = str | float | bool | date | np.generic | pd.api.typing.NaTType | None  # of a table
    Json: TypeAlias = str | float | bool | list["Json"] | dict[str, "Json"] | None  # as a parser reads it
    Value: TypeAlias = Cell | NDArray[np.generic] | Mapping[str, "Value"] | Collection["Value"]  # as JSON can tell it
    Shown: TypeAlias = Value | DataclassInstance | Collection[DataclassInstance]  # what a template shows
    Rows: TypeAlias = str | Path | IntoFrame  # a table as a user brings it: a file, or a frame of any library
    Frame: TypeAlias = nw.LazyFrame[Any]  # rows on whatever engine holds them
    Relation: TypeAlias = duckdb.DuckDBPyRelation  # rows in the embedded engine
    Option: TypeAlias = Cell | Path | Iterable[str] | Mapping[str, str] | Mapping[str, float]  # of a reader of files
    Ints: TypeAlias = NDArray[np.int64]
    Reals: TypeAlias = NDArray[np.floating]  # in double or in single precision
