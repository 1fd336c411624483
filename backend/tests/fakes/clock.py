"""A clock that tests turn."""

from datetime import datetime, timedelta


class FakeClock:
    """Stands still until it is turned."""

    def __init__(self, moment: datetime) -> None:
        self.moment = moment

    def now(self) -> datetime:
        """Return the moment it shows."""
        return self.moment

    def turn(self, time: timedelta) -> None:
        """Move on by `time`."""
        self.moment += time
