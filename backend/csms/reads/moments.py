"""Moments as the API shows them: RFC 3339 in UTC, ending in Z."""

from datetime import datetime
from typing import Annotated

import msgspec

Moment = Annotated[datetime, msgspec.Meta(tz=True)]
