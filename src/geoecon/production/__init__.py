"""Production room: input-output tables, how far a country leans on another through its suppliers."""

from geoecon.production.table import Finding as Finding
from geoecon.production.table import IOTable as IOTable
from geoecon.production.table import economy as economy
