"""Start the virtual chargers' `full-session` scenario; options as in `python -m csms_simulator`."""

import sys

from csms_simulator.cli import main

if __name__ == "__main__":
    sys.exit(main(["--scenario", "full-session", "--frames", *sys.argv[1:]]))
