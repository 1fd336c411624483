"""The parameters that every list takes."""

from datetime import UTC, datetime
from typing import Annotated

from fastapi import Depends, Path, Query
from pydantic import AfterValidator

from csms.reads.page import DEFAULT_LIMIT, MAX_LIMIT, MAX_PAGE, PageRequest

MAX_ROW_ID = 2**63 - 1
MAX_TRANSACTION_ID = 2**31 - 1


def _in_utc(moment: datetime) -> datetime:
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


RowId = Annotated[int, Path(ge=1, le=MAX_ROW_ID, examples=[17])]
TransactionNumber = Annotated[int, Path(ge=1, le=MAX_TRANSACTION_ID, examples=[4711])]
RowIdFilter = Annotated[int | None, Query(ge=1, le=MAX_ROW_ID)]
TextFilter = Annotated[str | None, Query(max_length=200)]
Moment = Annotated[datetime, AfterValidator(_in_utc)]
Since = Annotated[
    Moment | None,
    Query(alias="from", description="At or after; a time without a zone is UTC."),
]
Until = Annotated[
    Moment | None, Query(alias="to", description="Before; a time without a zone is UTC.")
]


def page_request(
    page: Annotated[int, Query(ge=1, le=MAX_PAGE, description="Counts from 1.")] = 1,
    limit: Annotated[int, Query(ge=1, le=MAX_LIMIT)] = DEFAULT_LIMIT,
    search: Annotated[str | None, Query(max_length=200, description="Anywhere, any case.")] = None,
    sort: Annotated[str | None, Query(max_length=60, description="`-field` descends.")] = None,
) -> PageRequest:
    """Return which page was asked for."""
    return PageRequest(page, limit, search, sort)


Paging = Annotated[PageRequest, Depends(page_request)]
