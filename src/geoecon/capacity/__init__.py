"""What export controls let through, by day."""

from geoecon.capacity.at_stake import at_stake
from geoecon.capacity.capacity import for_case, under_licences
from geoecon.capacity.flow import FlowCapacity
from geoecon.capacity.flow_base import imported, usd_million_before
from geoecon.capacity.instrument_rows import Row, switched, unread
from geoecon.capacity.instruments import Shock, profiles, shocks
from geoecon.capacity.pictures import regimes_of_case
from geoecon.capacity.refused_sales import RefusedSales, refused_sales, shuns
from geoecon.capacity.review import (
    Office,
    expiry_coverage,
    first_licence_days,
    fit_review,
    missing_deliveries,
    mmc_wait,
    shortage_days,
    simulate_office,
)

__all__ = [
    "FlowCapacity",
    "Office",
    "RefusedSales",
    "Row",
    "Shock",
    "at_stake",
    "expiry_coverage",
    "first_licence_days",
    "fit_review",
    "for_case",
    "imported",
    "missing_deliveries",
    "mmc_wait",
    "profiles",
    "refused_sales",
    "regimes_of_case",
    "shocks",
    "shortage_days",
    "shuns",
    "simulate_office",
    "switched",
    "under_licences",
    "unread",
    "usd_million_before",
]
