"""A made-up BACI year of 10.9 million rows, the same on every machine: layout and sizes as in the real one.

Columns as CEPII gives them: t, i, j, k (text), v (thousand USD), q (tonnes, some missing). Values are lognormal,
flows follow the sizes of countries and products, so that most cells are empty and a few suppliers dominate.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from geoecon import countries

ROWS, PRODUCTS, SEED = 10_900_000, 5_000, 20_190_701


def codes() -> np.ndarray:
    """The numeric codes of 226 countries as BACI writes them."""
    table = countries.table("comtrade").query("kind == 'country' and valid_to == ''").drop_duplicates("iso3")
    return np.sort(table["code"].astype(int).to_numpy())[:226].astype(np.int32)


def year(rows: int = ROWS, products: int = PRODUCTS, seed: int = SEED, t: int = 2022) -> pa.Table:
    """The year as an Arrow table, sorted as CEPII sorts it (exporter, importer, product)."""
    rng = np.random.default_rng([seed, t])
    country = codes()
    n = len(country)
    size = rng.pareto(1.1, n) + 0.05
    demand = rng.pareto(1.3, products) + 0.2
    keys = np.empty(0, dtype=np.int64)
    while len(keys) < rows:
        draw = int(rows * 1.3)
        i, j = (rng.choice(n, draw, p=w / w.sum()) for w in (np.sqrt(size), np.sqrt(np.roll(size, 1))))
        k = rng.choice(products, draw, p=np.sqrt(demand) / np.sqrt(demand).sum())
        fresh = (i * n + j) * products + k
        keys = np.unique(np.concatenate([keys, fresh[i != j]]))
    keys = np.sort(rng.choice(keys, rows, replace=False))
    i, j, k = keys // products // n, keys // products % n, keys % products
    size_of_flow = np.log(size[i] * size[np.roll(np.arange(n), -1)[j]] * demand[k])
    value = np.round(np.exp(0.8 * size_of_flow + rng.normal(2.0, 2.2, rows)), 3) + 0.001
    tonnes = np.round(value * np.exp(rng.normal(-1.0, 1.0, rows)), 3)
    hs = np.array([f"{10121 + 197 * c:06d}" for c in range(products)])
    text = pa.DictionaryArray.from_arrays(pa.array(k.astype(np.int32)), pa.array(hs)).cast(pa.string())
    return pa.table(
        {
            "t": pa.array(np.full(rows, t, dtype=np.int32)),
            "i": pa.array(country[i]),
            "j": pa.array(country[j]),
            "k": text,
            "v": pa.array(value),
            "q": pa.array(tonnes, mask=rng.random(rows) < 0.02),
        }
    )


def write(folder: Path, rows: int = ROWS, t: int = 2022) -> Path:
    """The year as Parquet in the folder, made once."""
    path = folder / f"BACI_HS17_Y{t}_V202501_{rows}.parquet"
    if not path.is_file():
        folder.mkdir(parents=True, exist_ok=True)
        pq.write_table(year(rows, t=t), path, compression="snappy", row_group_size=1_000_000)
    return path


def years(folder: Path, first: int, count: int, rows: int = ROWS) -> list[Path]:
    """Yearly files as `write` makes one, of the same flows: each year a tenth of them rests and the rest move."""
    paths = [folder / f"BACI_HS17_Y{t}_V202501_{rows}.parquet" for t in range(first, first + count)]
    if all(path.is_file() for path in paths):
        return paths
    folder.mkdir(parents=True, exist_ok=True)
    pool = year(rows * 10 // 9, t=first)
    for t, path in enumerate(paths, first):
        rng = np.random.default_rng([SEED, t, count])
        kept = np.sort(rng.permutation(pool.num_rows)[:rows])
        moved = np.exp(rng.normal(0, 0.25, rows))
        table = pool.take(pa.array(kept))
        new = {
            "t": pa.array(np.full(rows, t, dtype=np.int32)),
            "v": pa.array(np.round(table["v"].to_numpy() * moved, 3) + 0.001),
            "q": pa.array(table["q"].to_numpy(zero_copy_only=False) * moved, from_pandas=True),
        }
        for name, column in new.items():
            table = table.set_column(table.schema.get_field_index(name), name, column)
        part = path.with_suffix(".part")
        pq.write_table(table, part, compression="snappy", row_group_size=1_000_000)
        part.rename(path)
    return paths


if __name__ == "__main__":
    print(write(Path(sys.argv[1])))
