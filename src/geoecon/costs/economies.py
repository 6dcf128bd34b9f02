"""Whatever a user has, as a model: a model, an input-output table, or a case with a table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from geoecon.case import Case, load_case
from geoecon.costs.model import Model, elasticities_for, model_from_table
from geoecon.costs.thetas import as_mapping, elasticities
from geoecon.draws import Array

if TYPE_CHECKING:
    from geoecon.production import IOTable

Economies: TypeAlias = "Model | IOTable | Case | str | Path"


def model_of(economy: Economies, elasticity: Mapping[str, float] | Array | float | None = None) -> Model:
    """A `Model` as it is; an `IOTable`, or the table of a case, with `elasticity` or else the published ones.

    Raises MissingData for a case without a table, InputError for a traded sector without an elasticity.
    """
    if isinstance(economy, Model):
        if elasticity is None:
            return economy
        value, _ = elasticities_for(economy.sectors, elasticity, economy.traded)
        return economy.with_elasticities(value)
    from geoecon import production

    if not isinstance(economy, production.IOTable):
        economy = production.economy(load_case(economy))
    if elasticity is not None:
        return model_from_table(economy, elasticity)
    return _published(economy)


@lru_cache(maxsize=4)
def _published(table: IOTable) -> Model:
    found = elasticities(table.sectors)
    model = model_from_table(table, as_mapping(found))
    return replace(model, sources=model.sources | set(found["source"]))
