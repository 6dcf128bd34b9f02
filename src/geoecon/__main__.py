"""`python -m geoecon`: the command line."""

from geoecon.cli import main

main()
