"""Runs the command line: `python -m geoecon`, and `geoecon` where it is installed."""

import sys


def main() -> None:
    """The command line; an interrupt while it is still being loaded ends it as any other does."""
    try:
        from geoecon.cli import main as command_line
    except KeyboardInterrupt:
        print("geoecon: interrupted; nothing was written", file=sys.stderr)
        raise SystemExit(130) from None
    command_line()


if __name__ == "__main__":
    main()
