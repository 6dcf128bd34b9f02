"""Welfare room: what a dispute costs each side, now and for good; exact-hat equilibrium and closed forms."""

from geoecon.costs.change import WelfareChange as WelfareChange
from geoecon.costs.change import for_case as for_case
from geoecon.costs.losses import Losses as Losses
from geoecon.costs.losses import losses_for_case as losses_for_case
