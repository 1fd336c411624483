"""Server processes in miniature: a gateway on a port of its own and a worker, over one database."""

import asyncio
import contextlib
import socket
from collections.abc import Awaitable, Callable
from typing import Any

import msgspec
import uvicorn

from csms.adapters.sql.admissions import SqlAdmissions
from csms.adapters.sql.bills import SqlBills
from csms.adapters.sql.engine import Database
from csms.adapters.sql.id_tags import SqlIdTagRecords
from csms.adapters.sql.jobs import JobQueue
from csms.adapters.sql.journal import SqlJournal
from csms.adapters.sql.session_closer import SqlSessionCloser
from csms.adapters.sql.transaction_reads import SqlTransactionReads
from csms.adapters.sql.upkeep import CLOSE_OVERDUE_SESSION
from csms.domain.billing.jobs import BILL, BillJob, bill_job_of
from csms.domain.billing.settlement import decide_bill
from csms.domain.transactions.reconcile import Reconciliation
from csms.domain.transactions.rules import SessionRules
from csms.gateway.gateway import Gateway
from csms.gateway.settings import GatewaySettings
from csms.kernel.clock import SystemClock
from csms.kernel.facts import Fact, TransactionStopped
from csms.kernel.ids import TransactionId
from csms.kernel.jobs import ClaimedJob, JobOfFact
from csms.worker.runner import Worker

JOBS_FOR: dict[type[Fact], JobOfFact] = {TransactionStopped: bill_job_of}
RULES = SessionRules()


async def _no_api(scope: Any, receive: Any, send: Any) -> None:
    """Serve nothing but chargers."""


class _Overdue(msgspec.Struct):
    transaction_id: TransactionId


class ServerNode:
    """One process's worth of the product. It comes back on the same port after `stop`."""

    def __init__(self, dsn: str, name: str) -> None:
        self._dsn, self._name = dsn, name
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = int(probe.getsockname()[1])
        self._stack = contextlib.AsyncExitStack()

    async def start(self) -> None:
        """Serve chargers and do jobs."""
        stack = self._stack = contextlib.AsyncExitStack()
        database = await Database.connect(self._dsn)
        stack.push_async_callback(database.close)
        journal = SqlJournal(database, JOBS_FOR, writers=2)
        await journal.start()
        stack.push_async_callback(journal.close)
        admissions = SqlAdmissions(database)
        await admissions.recover(self._name)
        stack.push_async_callback(admissions.close)
        gateway = Gateway(
            journal=journal,
            admissions=admissions,
            reads=SqlTransactionReads(database),
            id_tags=SqlIdTagRecords(database),
            clock=SystemClock(),
            settings=GatewaySettings(
                # Hours of links pass in a second: that is no contested id.
                server_key=b"a key for tests",
                node=self._name,
                takeovers_max=1_000_000,
            ),
            rules=RULES,
        )
        gateway.start()
        await self._work(database, gateway, stack)
        await self._serve(gateway, stack)

    async def stop(self) -> None:
        """End as a process ends that is asked to."""
        await self._stack.aclose()

    async def _work(
        self, database: Database, gateway: Gateway, stack: contextlib.AsyncExitStack
    ) -> None:
        queue = JobQueue(database)
        await queue.start()
        stack.push_async_callback(queue.close)
        bills = SqlBills(database)
        closer = SqlSessionCloser(database, JOBS_FOR, gateway.forget_session)
        closing = Reconciliation(closer, SystemClock(), RULES)

        async def bill(job: ClaimedJob) -> object:
            order = msgspec.json.decode(job.payload, type=BillJob)
            return await bills.settle(order.transaction_id, decide_bill)

        async def close_overdue(job: ClaimedJob) -> object:
            order = msgspec.json.decode(job.payload, type=_Overdue)
            return await closing.close_overdue(order.transaction_id)

        handlers: dict[str, Callable[[ClaimedJob], Awaitable[object]]] = {
            BILL: bill,
            CLOSE_OVERDUE_SESSION: close_overdue,
        }
        worker = Worker(queue, handlers, (), SystemClock(), poll_s=0.2)
        running = asyncio.create_task(worker.run())

        async def end() -> None:
            await worker.close()
            await running

        stack.push_async_callback(end)

    async def _serve(self, gateway: Gateway, stack: contextlib.AsyncExitStack) -> None:
        config = uvicorn.Config(
            _no_api,
            host="127.0.0.1",
            port=self.port,
            ws=gateway.uvicorn_protocol(),
            lifespan="off",
            log_config=None,
            timeout_graceful_shutdown=2,
        )
        server = uvicorn.Server(config)
        serving = asyncio.create_task(server.serve())
        while not server.started:  # noqa: ASYNC110 - uvicorn sets no event
            await asyncio.sleep(0.005)

        async def end() -> None:
            await gateway.close()
            server.should_exit = True
            await serving

        stack.push_async_callback(end)
