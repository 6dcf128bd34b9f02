"""Runs the command line: `python -m geoecon`, and `geoecon` where it is installed."""

import gc
import sys


def main() -> None:
    """The command line; an interrupt while it is still being loaded ends it as any other does."""
    try:
        from geoecon.cli import main as command_line
    except KeyboardInterrupt:
        print("geoecon: interrupted; nothing was written", file=sys.stderr)
        raise SystemExit(130) from None
    try:
        command_line()
    finally:
        gc.freeze()  # what still lives goes with the process: looking it through for circles took a second after a run


if __name__ == "__main__":
    main()
