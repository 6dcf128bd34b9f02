"""Alliance room: how unequal a patron and two allies are, who fears being left and who being drawn in."""

from geoecon.triangle.bond import ARCHITECTURES as ARCHITECTURES
from geoecon.triangle.measures import betweenness as betweenness
from geoecon.triangle.measures import centralisation as centralisation
from geoecon.triangle.measures import concentration as concentration
from geoecon.triangle.measures import drawdown as drawdown
from geoecon.triangle.measures import drift as drift
from geoecon.triangle.measures import net_patronage as net_patronage
from geoecon.triangle.measures import security_dependence as security_dependence
from geoecon.triangle.measures import similarity as similarity
from geoecon.triangle.measures import spoke_exercises as spoke_exercises
from geoecon.triangle.measures import spoke_index as spoke_index
from geoecon.triangle.measures import trilateral_share as trilateral_share
from geoecon.triangle.patrons import allies as allies
from geoecon.triangle.patrons import facts as facts
from geoecon.triangle.patrons import patron_of as patron_of
from geoecon.triangle.records import exercises as exercises
from geoecon.triangle.result import Triangle as Triangle
from geoecon.triangle.second import output_dependence as output_dependence
from geoecon.triangle.second import readings as readings
from geoecon.triangle.second import replacement_outlay as replacement_outlay
from geoecon.triangle.stage import alliance as alliance
from geoecon.triangle.stage import for_case as for_case
from geoecon.triangle.trade import TradeShare as TradeShare
from geoecon.triangle.trade import trade_dependence as trade_dependence
from geoecon.triangle.triad import Triad as Triad
from geoecon.triangle.triad import triad as triad
