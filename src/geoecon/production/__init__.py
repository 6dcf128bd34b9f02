"""Production room: input-output tables, how far a country leans on another through its suppliers."""

from geoecon.production.aggregate import aggregate as aggregate
from geoecon.production.aggregate import balanced as balanced
from geoecon.production.aggregate import capital as capital
from geoecon.production.aggregate import concordance as concordance
from geoecon.production.aggregate import converted as converted
from geoecon.production.build import TableWarning as TableWarning
from geoecon.production.eora import read_eora as read_eora
from geoecon.production.figaro import read_figaro as read_figaro
from geoecon.production.icio import read_icio as read_icio
from geoecon.production.peers import from_pymrio as from_pymrio
from geoecon.production.peers import read_exiobase as read_exiobase
from geoecon.production.peers import read_wiod2013 as read_wiod2013
from geoecon.production.read import read_economy as read_economy
from geoecon.production.read import read_table as read_table
from geoecon.production.reliance import Reliance as Reliance
from geoecon.production.reliance import face_value as face_value
from geoecon.production.reliance import hypothetical_extraction as hypothetical_extraction
from geoecon.production.reliance import look_through as look_through
from geoecon.production.reliance import reliance as reliance
from geoecon.production.table import Finding as Finding
from geoecon.production.table import IOTable as IOTable
from geoecon.production.table import economy as economy
from geoecon.production.wiod import read_wiod2016 as read_wiod2016
