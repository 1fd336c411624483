"""What chargers hold of local lists, and which tags they should hold."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

import asyncpg
import msgspec

from csms.adapters.sql.availability import answering
from csms.adapters.sql.engine import Database
from csms.domain.authorization.authorize import has_credit
from csms.domain.authorization.rules import CreditRules
from csms.domain.authorization.verdict import IdTagRecord
from csms.domain.local_lists.service import HeldList
from csms.domain.operations.commands import ListedTag
from csms.kernel.ids import ChargerId, IdTag, OrganizationId, UserId

_FEATURE: Final = "localauthlistmanagement"

_HELD = """
SELECT l.accepted_version, l.accepted_at, l.told_version, l.told_at, l.entries,
       (SELECT k.value FROM configuration_key k
         WHERE k.charger_id = c.id AND lower(k.key) = 'sendlocallistmaxlength') AS part_max,
       (SELECT k.value FROM configuration_key k
         WHERE k.charger_id = c.id AND lower(k.key) = 'supportedfeatureprofiles') AS profiles,
       (SELECT u.status FROM local_list_update u
         WHERE u.charger_id = c.id AND u.status IS NOT NULL ORDER BY u.id DESC LIMIT 1) AS last_word
  FROM charger c LEFT JOIN local_list l ON l.charger_id = c.id
 WHERE c.id = $1
"""
_REGISTERED = """
SELECT t.id_tag, t.parent_id_tag, t.user_id,
       date_trunc('milliseconds', t.expires_at) AS expires_at,
       CASE WHEN t.is_blocked THEN 'Blocked'
            WHEN t.expires_at <= now() THEN 'Expired'
            WHEN u.id IS NOT NULL AND NOT u.is_active THEN 'Blocked'
            ELSE 'Accepted' END AS status,
       CASE WHEN NOT (t.is_app_tag AND u.role = 'ADMIN') THEN coalesce(money.balance, 0)
            END AS balance,
       coalesce(o.minimum_balance, $2) AS minimum_balance
  FROM id_tag t
  JOIN organization o ON o.id = t.organization_id
  LEFT JOIN app_user u ON u.id = t.user_id
  LEFT JOIN (SELECT a.user_id, a.currency, sum(e.amount) AS balance
               FROM ledger_account a JOIN ledger_entry e ON e.account_id = a.id
              WHERE a.organization_id = $1 AND a.kind IN ('wallet', 'hold')
              GROUP BY a.user_id, a.currency) AS money
         ON money.user_id = t.user_id AND money.currency = o.currency
 WHERE t.organization_id = $1 AND length(t.id_tag) <= 20
 ORDER BY t.folded
"""


class SqlLocalListStore:
    """Implements csms.domain.local_lists.service.LocalListStore."""

    def __init__(self, database: Database, rules: CreditRules | None = None) -> None:
        self._database = database
        self._rules = rules or CreditRules()

    async def held(self, charger_id: ChargerId) -> HeldList:
        """Return what the charger holds as far as we know."""
        with answering():
            row = await self._database.pool.fetchrow(_HELD, charger_id)
        if row is None:
            return HeldList(None, {})
        limit = row["part_max"]
        part_max = (
            int(limit) if limit is not None and limit.isdecimal() and int(limit) > 0 else None
        )
        version = row["accepted_version"]
        has_told_later = row["told_at"] is not None and (
            row["accepted_at"] is None or row["told_at"] > row["accepted_at"]
        )
        if has_told_later and row["told_version"] != version:
            version = None
        entries = msgspec.json.decode(row["entries"] or "{}")
        return HeldList(
            version,
            {tag: _entry(one) for tag, one in entries.items()},
            part_max,
            is_possible=row["last_word"] != "NotSupported"
            and (row["profiles"] is None or _FEATURE in row["profiles"].lower()),
        )

    async def registered(self, organization_id: OrganizationId) -> Sequence[ListedTag]:
        """Return the organization's id tags as entries of a list, Blocked where money is lacking.

        What is set aside for running sessions still counts: nobody is broke for charging.
        """
        with answering():
            rows = await self._database.pool.fetch(
                _REGISTERED, organization_id, self._rules.minimum_balance
            )
        return [
            ListedTag(
                id_tag=row["id_tag"],
                status=_status(row),
                parent_id_tag=row["parent_id_tag"],
                expires_at=row["expires_at"],
            )
            for row in rows
        ]


def _status(row: asyncpg.Record) -> str:
    status: str = row["status"]
    if status != "Accepted" or row["user_id"] is None or row["balance"] is None:
        return status
    record = IdTagRecord(
        id_tag=IdTag(row["id_tag"]),
        parent_id_tag=None,
        expires_at=None,
        is_blocked=False,
        forbids_concurrent=False,
        user_id=UserId(row["user_id"]),
        is_user_active=True,
        available=row["balance"],
        open_elsewhere=0,
    )
    return "Accepted" if has_credit(record, row["minimum_balance"]) else "Blocked"


def _entry(wire: dict[str, Any]) -> ListedTag:
    info = wire.get("idTagInfo", {})
    expires_at = info.get("expiryDate")
    return ListedTag(
        id_tag=wire["idTag"],
        status=info.get("status"),
        parent_id_tag=info.get("parentIdTag"),
        expires_at=None if expires_at is None else datetime.fromisoformat(expires_at),
    )
