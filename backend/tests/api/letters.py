"""What lies in the outbox, and the jobs that put it there."""

import re

import msgspec

from csms.adapters.sql.engine import Database
from csms.api.services import Services
from csms.domain.identity.self_service import (
    ANSWER_RESET,
    ANSWER_SIGN_UP,
    ResetJob,
    SignUpJob,
)


class Post:
    """Does the jobs that answer by letter, and reads the letters."""

    def __init__(self, database: Database, services: Services) -> None:
        self._database = database
        self._services = services

    async def work(self) -> int:
        """Do the jobs that wait; return how many there were."""
        rows = await self._database.pool.fetch(
            "UPDATE job SET state = 'DONE', finished_at = now() WHERE state = 'READY' "
            "AND kind = ANY ($1) RETURNING kind, payload",
            [ANSWER_SIGN_UP, ANSWER_RESET],
        )
        for row in rows:
            if row["kind"] == ANSWER_SIGN_UP:
                order = msgspec.json.decode(row["payload"], type=SignUpJob)
                await self._services.self_service.answer_sign_up(order)
            else:
                answer = msgspec.json.decode(row["payload"], type=ResetJob)
                await self._services.self_service.answer_reset(answer)
        return len(rows)

    async def letters(self, recipient: str) -> list[tuple[str, str]]:
        """Return kind and text of the letters to somebody, the newest first."""
        rows = await self._database.pool.fetch(
            "SELECT kind, body FROM outgoing_mail WHERE recipient = $1 ORDER BY id DESC", recipient
        )
        return [(row["kind"], row["body"]) for row in rows]

    async def link(self, recipient: str) -> str:
        """Return the token of the newest letter's link."""
        _, body = (await self.letters(recipient))[0]
        found = re.search(r"#token=([\w-]+)", body)
        assert found is not None, body
        return found.group(1)
