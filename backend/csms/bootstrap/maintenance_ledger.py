"""What `csms ledger check` does. A background job can call `check_ledger` just the same."""

from csms.adapters.sql.ledger_check import LedgerReport, check_ledger
from csms.bootstrap.maintenance import Maintenance

__all__ = ["LedgerReport", "checked_ledger"]


async def checked_ledger(desk: Maintenance) -> LedgerReport:
    """Add the whole ledger up again. Raises StorageUnavailableError."""
    return await check_ledger(desk.database)
