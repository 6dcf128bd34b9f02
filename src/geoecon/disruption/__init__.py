"""Disruption room: from a missing chemical to lost output, in days."""

from geoecon.disruption.economy import BOARIO as BOARIO
from geoecon.disruption.economy import Behaviour as Behaviour
from geoecon.disruption.economy import Economy as Economy
from geoecon.disruption.economy import build as build
from geoecon.disruption.materials import MaterialPath as MaterialPath
from geoecon.disruption.materials import Materials as Materials
from geoecon.disruption.materials import material_path as material_path
from geoecon.disruption.path import DisruptionPath as DisruptionPath
from geoecon.disruption.shocks import Shocks as Shocks
from geoecon.disruption.simulate import Course as Course
from geoecon.disruption.simulate import run as run
from geoecon.disruption.stage import for_case as for_case
from geoecon.disruption.states import by_state as by_state
