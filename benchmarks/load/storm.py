"""The boot storm: every charger connects and boots at the same moment."""

import asyncio
import random
import time
from urllib.parse import urlsplit

from benchmarks.chargers import ChargerAccount
from benchmarks.histogram import Histogram
from benchmarks.load.contract import LoadSpec
from benchmarks.load.knock import Knock, RefusedError
from benchmarks.load.timing import sleep_until

# One loopback address has about 28,000 ephemeral ports towards one server port.
_CHARGERS_PER_SOURCE = 20_000
_ATTEMPTS_MAX = 6
_BACKOFF_S = 1.0
_EXAMPLES_MAX = 5


class Storm:
    """Latencies from the storm's first moment to each charger's answered boot, retries included."""

    def __init__(self, accounts: list[ChargerAccount], spec: LoadSpec) -> None:
        url = urlsplit(spec.url)
        if url.hostname is None or url.port is None:
            raise ValueError(f"a storm needs host and port: {spec.url}")
        self._host, self._port, self._path = url.hostname, url.port, url.path
        self._timeout_s = spec.answer_timeout_s
        self._accounts = accounts
        self.standing: list[Knock] = []
        self.latency = Histogram()
        self.failed = 0
        self.retries = 0
        self.seconds = 0.0
        self.examples: list[str] = []
        # The first attempts are ready before the storm, so that it measures the server.
        self._first = [self._knock(account) for account in accounts]

    async def run(self, start_at_s: float) -> None:
        """Connect all at once; a refused or broken attempt is tried again with back-off."""
        await sleep_until(start_at_s)
        await asyncio.gather(
            *(self._charger(number, start_at_s) for number in range(len(self._accounts)))
        )
        self.seconds = time.monotonic() - start_at_s

    async def close(self, timeout_s: float) -> int:
        """Close what stands; return how many had already been closed by the server."""
        early = sum(knock.closed.done() for knock in self.standing)
        for knock in self.standing:
            knock.close()
        if self.standing:
            await asyncio.wait([knock.closed for knock in self.standing], timeout=timeout_s)
        return early

    async def _charger(self, number: int, start_at_s: float) -> None:
        knock = self._first[number]
        for attempt in range(1, _ATTEMPTS_MAX + 1):
            try:
                async with asyncio.timeout(self._timeout_s):
                    await self._attempt(knock, number)
            except (OSError, RefusedError) as error:
                if len(self.examples) < _EXAMPLES_MAX:
                    self.examples.append(f"attempt {attempt}: {type(error).__name__}: {error}")
                knock.abort()
                if attempt == _ATTEMPTS_MAX:
                    self.failed += 1
                    return
                self.retries += 1
                await asyncio.sleep(_BACKOFF_S * attempt * random.uniform(0.5, 1.0))
                knock = self._knock(self._accounts[number])
            else:
                self.latency.record(int((time.monotonic() - start_at_s) * 1e6))
                self.standing.append(knock)
                return

    async def _attempt(self, knock: Knock, number: int) -> None:
        source = None
        if number >= _CHARGERS_PER_SOURCE:
            source = (f"127.0.0.{1 + number // _CHARGERS_PER_SOURCE}", 0)
        await asyncio.get_running_loop().create_connection(
            lambda: knock, self._host, self._port, local_addr=source
        )
        await knock.booted

    def _knock(self, account: ChargerAccount) -> Knock:
        return Knock(account, f"{self._host}:{self._port}", self._path)
