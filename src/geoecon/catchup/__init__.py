"""Catch-up room: how a technology gap closes, and how fast an importer escapes from a supplier."""

from geoecon.catchup.diffusion import CatchUp as CatchUp
from geoecon.catchup.diffusion import catch_up as catch_up
from geoecon.catchup.diffusion import diffusion as diffusion
from geoecon.catchup.diffusion import fit_diffusion as fit_diffusion
from geoecon.catchup.diffusion import inflow_growth as inflow_growth
from geoecon.catchup.diffusion import resting_gap as resting_gap
from geoecon.catchup.diffusion import technology_gap as technology_gap
from geoecon.catchup.history import share_history as share_history
from geoecon.catchup.localisation import Fit as Fit
from geoecon.catchup.localisation import Prior as Prior
from geoecon.catchup.localisation import backtest as backtest
from geoecon.catchup.localisation import favours_learning as favours_learning
from geoecon.catchup.localisation import fit as fit
from geoecon.catchup.localisation import learning_curve_remaining as learning_curve_remaining
from geoecon.catchup.localisation import learning_remaining as learning_remaining
from geoecon.catchup.localisation import logistic_remaining as logistic_remaining
from geoecon.catchup.localisation import months_until as months_until
from geoecon.catchup.localisation import share_path as share_path
from geoecon.catchup.localisation import subsidised_midpoint as subsidised_midpoint
from geoecon.catchup.localisation import trend as trend
from geoecon.catchup.path import Path as Path
from geoecon.catchup.path import path_of as path_of
from geoecon.catchup.result import Localisation as Localisation
from geoecon.catchup.result import for_case as for_case
