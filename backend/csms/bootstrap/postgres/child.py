"""Becomes PostgreSQL: a script that drops root, ties itself to its parent, and execs.

Run by path with `python -I -S`, so it imports the standard library only. A script rather than a
preexec_fn, because code between fork and exec is unsafe in a process with threads.
"""

import ctypes
import json
import os
import signal
import sys

EXIT_CANNOT_EXECUTE = 126
_PR_SET_PDEATHSIG = 1  # linux/prctl.h


def main() -> int:
    """Exec the `argv` of the JSON order in argument 1; returns only when that is impossible."""
    order = json.loads(sys.argv[1])
    os.umask(0o077)
    # A session of its own: Ctrl+C in the server's terminal must not reach PostgreSQL first.
    os.setsid()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGQUIT, signal.SIGHUP, signal.SIGPIPE):
        signal.signal(number, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_SETMASK, [])
    if order["uid"] != os.geteuid():
        os.setgroups([])
        os.setgid(order["gid"])
        os.setuid(order["uid"])
    if sys.platform == "linux":
        # After the change of user, which clears it. It follows the parent's thread that spawned us.
        libc = ctypes.CDLL(None, use_errno=True)
        if libc.prctl(_PR_SET_PDEATHSIG, order["death_signal"], 0, 0, 0) != 0:
            sys.stderr.write(f"prctl failed: {os.strerror(ctypes.get_errno())}\n")
            return EXIT_CANNOT_EXECUTE
        if os.getppid() != order["parent_pid"]:
            return EXIT_CANNOT_EXECUTE
    unreadable = [path for path in order["must_read"] if not os.access(path, os.R_OK)]
    if unreadable:
        sys.stderr.write(f"not readable: {', '.join(unreadable)}\n")
        return EXIT_CANNOT_EXECUTE
    try:
        os.execve(order["argv"][0], order["argv"], order["environment"])  # noqa: S606 - no shell wanted
    except OSError as error:
        sys.stderr.write(f"{order['argv'][0]}: {error.strerror}\n")
        return EXIT_CANNOT_EXECUTE


if __name__ == "__main__":
    sys.exit(main())
