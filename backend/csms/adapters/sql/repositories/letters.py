"""Letters to people, and the hashes of what their links carry."""

from datetime import datetime
from typing import Any

import msgspec

from csms.adapters.sql.engine import Database
from csms.adapters.sql.journal_facts import queue_jobs
from csms.adapters.sql.texts import storable
from csms.domain.identity.letters import Letter
from csms.domain.identity.mail_ports import KeptLetter, MailPurpose, MailToken
from csms.domain.identity.post_office import DELIVER_MAIL, DeliverJob
from csms.kernel.ids import OrganizationId, UserId
from csms.kernel.jobs import JobRequest

_ADD_LETTER = """
INSERT INTO outgoing_mail (organization_id, kind, recipient, subject, body)
VALUES ($1, $2, $3, $4, $5) RETURNING id
"""
_ADD_LINK = """
INSERT INTO mail_token (organization_id, purpose, hash, email, full_name, user_id, expires_at)
VALUES ($1, $2, $3, $4, $5, $6, $7)
"""
_PEEK = """
SELECT * FROM mail_token WHERE hash = $1 AND purpose = $2 AND used_at IS NULL AND expires_at > $3
"""
_REDEEM = """
UPDATE mail_token SET used_at = $3
 WHERE hash = $1 AND purpose = $2 AND used_at IS NULL AND expires_at > $3 RETURNING *
"""
_END_OTHERS = """
UPDATE mail_token SET used_at = $3
 WHERE purpose = $1 AND lower(email) = lower($2) AND used_at IS NULL
"""


class SqlLetters:
    """The domain's LetterStore. Without a mail server (`is_sent` False) letters stay here."""

    def __init__(self, database: Database, *, is_sent: bool) -> None:
        self._database = database
        self._is_sent = is_sent

    async def post(
        self, letter: Letter, token: MailToken | None = None, token_hash: bytes | None = None
    ) -> None:
        """Store the letter, its token, and the job that sends it, all or nothing."""
        async with self._database.writes(letter.organization_id) as connection:
            letter_id = await connection.fetchval(
                _ADD_LETTER,
                letter.organization_id,
                letter.kind,
                storable(letter.recipient),
                letter.subject,
                letter.body,
            )
            if token is not None:
                await connection.execute(
                    _ADD_LINK,
                    token.organization_id,
                    token.purpose,
                    token_hash,
                    storable(token.email),
                    storable(token.full_name),
                    token.user_id,
                    token.expires_at,
                )
            if self._is_sent:
                await queue_jobs(connection, [_delivery(letter, letter_id)])

    async def peek(
        self, purpose: MailPurpose, token_hash: bytes, now: datetime
    ) -> MailToken | None:
        """Return what a link stands for while it can be used."""
        return _token(await self._database.pool.fetchrow(_PEEK, token_hash, purpose, now))

    async def redeem(
        self, purpose: MailPurpose, token_hash: bytes, now: datetime
    ) -> MailToken | None:
        """Take a link for its one use; all others of that purpose and address end with it."""
        async with self._database.pool.acquire() as connection, connection.transaction():
            found = _token(await connection.fetchrow(_REDEEM, token_hash, purpose, now))
            if found is not None:
                await connection.execute(_END_OTHERS, purpose, found.email, now)
        return found

    async def letter(self, letter_id: int) -> KeptLetter | None:
        """Return a letter that was posted."""
        row = await self._database.pool.fetchrow(
            "SELECT * FROM outgoing_mail WHERE id = $1", letter_id
        )
        if row is None:
            return None
        letter = Letter(
            organization_id=OrganizationId(row["organization_id"]),
            kind=row["kind"],
            recipient=row["recipient"],
            subject=row["subject"],
            body=row["body"],
        )
        return KeptLetter(row["id"], letter, row["created_at"], is_sent=row["sent_at"] is not None)

    async def mark_sent(self, letter_id: int, now: datetime) -> None:
        """Note that the letter is on its way, and forget its text."""
        await self._database.pool.execute(
            "UPDATE outgoing_mail SET sent_at = $2, body = '' WHERE id = $1", letter_id, now
        )


def _delivery(letter: Letter, letter_id: int) -> JobRequest:
    return JobRequest(
        kind=DELIVER_MAIL,
        unique_key=f"{DELIVER_MAIL}:{letter_id}",
        payload=msgspec.json.encode(DeliverJob(letter_id)).decode(),
        organization_id=letter.organization_id,
    )


def _token(row: Any) -> MailToken | None:
    if row is None:
        return None
    return MailToken(
        organization_id=OrganizationId(row["organization_id"]),
        purpose=row["purpose"],
        email=row["email"],
        user_id=None if row["user_id"] is None else UserId(row["user_id"]),
        full_name=row["full_name"],
        expires_at=row["expires_at"],
    )
