"""Start the virtual chargers' `change-availability` scenario; options as in `python -m csms_simulator`."""

import sys

from csms_simulator.cli import main

if __name__ == "__main__":
    sys.exit(main(["--scenario", "change-availability", "--frames", *sys.argv[1:]]))
