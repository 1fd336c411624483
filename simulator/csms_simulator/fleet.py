"""Many chargers playing one scenario: started at a bounded rate, ended together."""

import asyncio
import ssl
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from csms_simulator.charger import VirtualCharger
from csms_simulator.clock import Clock
from csms_simulator.connector import WITH_TRANSACTION
from csms_simulator.errors import ConnectRefusedError, SimulatorError
from csms_simulator.options import ChargerModel, Habits
from csms_simulator.run_options import Credentials, RunOptions
from csms_simulator.scenarios.stage import Stage
from csms_simulator.scenarios.table import SCENARIOS
from csms_simulator.statistics import Statistics

FRAMES_KEPT_MAX = 1000
TALKING_CHARGERS_MAX = 5
EXIT_DONE, EXIT_FAILED, EXIT_UNREACHABLE, EXIT_REFUSED = 0, 1, 3, 4


@dataclass(slots=True)
class Outcome:
    """How a run ended: per charger done, ended from outside, or a reason why not."""

    completed: int = 0
    ended: int = 0
    reasons: Counter[str] = field(default_factory=Counter)
    exit_code: int = EXIT_DONE

    def fail(self, reason: str, exit_code: int) -> None:
        """Count one charger that could not play its scenario; the gravest exit code stays."""
        self.reasons[reason] += 1
        self.exit_code = max(self.exit_code, exit_code)

    def as_dict(self) -> dict[str, Any]:
        """The figures for JSON."""
        return {
            "chargers_completed": self.completed,
            "chargers_ended": self.ended,
            "chargers_failed": sum(self.reasons.values()),
            "failures": dict(self.reasons),
        }


class Fleet:
    """All chargers of a run with their shared statistics."""

    def __init__(self, options: RunOptions, say: Callable[[str], None]) -> None:
        self.options = options
        self.statistics = Statistics()
        self.outcome = Outcome()
        self.chargers: list[VirtualCharger] = []
        self._say = say
        self._tls = tls_context(options)
        self._scenario = SCENARIOS[options.scenario]

    @property
    def connected(self) -> int:
        """How many chargers have a link now."""
        return sum(charger.is_connected for charger in self.chargers)

    @property
    def charging(self) -> int:
        """How many connectors have a session now."""
        return sum(
            connector.status in WITH_TRANSACTION
            for charger in self.chargers
            for connector in charger.outlets
        )

    async def run(self, stop: asyncio.Event) -> Outcome:
        """Play until every charger is done, the duration is over, or `stop` is set."""
        playing = [
            asyncio.create_task(self._play(number, credentials))
            for number, credentials in enumerate(self.options.chargers)
        ]
        everything = asyncio.gather(*playing)
        stopping = asyncio.create_task(stop.wait())
        ends: list[asyncio.Future[Any]] = [everything, stopping]
        try:
            await asyncio.wait(
                ends,
                timeout=self.options.duration_real_s,
                return_when=asyncio.FIRST_COMPLETED,
            )
        finally:
            stopping.cancel()
            for task in playing:
                task.cancel()
            await asyncio.gather(*playing, return_exceptions=True)
            await self._switch_off()
            await asyncio.gather(*(charger.close() for charger in self.chargers))
            await asyncio.gather(everything, return_exceptions=True)
        for charger in self.chargers:
            for error in charger.failures:
                if not isinstance(error, SimulatorError):
                    self.outcome.fail(f"{type(error).__name__}: {error}", EXIT_FAILED)
        return self.outcome

    async def _switch_off(self) -> None:
        """Let chargers end their sessions before they go, where the run asks for it."""
        patience_s = self.options.end_sessions_real_s
        if patience_s <= 0 or not self.chargers:
            return
        ends = [asyncio.create_task(charger.switch_off()) for charger in self.chargers]
        _, late = await asyncio.wait(ends, timeout=patience_s)
        for end in late:
            end.cancel()
        await asyncio.gather(*ends, return_exceptions=True)

    def make_charger(self, charge_point_id: str, password: str | None = None) -> VirtualCharger:
        """A charger with the options of this run."""
        options = self.options
        charger = VirtualCharger(
            options.url,
            charge_point_id,
            password=password,
            clock=Clock(speed=options.speed, is_fast=options.is_clock_fast),
            statistics=self.statistics,
            tls=self._tls,
            response_timeout_s=options.response_timeout_real_s,
            frames_kept_max=FRAMES_KEPT_MAX,
            connectors=options.connectors,
            power_kw=options.power_kw,
            model=ChargerModel(vendor=options.vendor, model=options.model),
            configuration={"MeterValueSampleInterval": str(options.meter_interval_s)},
            habits=Habits(
                reconnect_min_real_s=options.reconnect_min_real_s,
                reconnect_max_real_s=options.reconnect_max_real_s,
                heartbeat_interval_real_s=options.heartbeat_interval_real_s,
                session_duration_s=options.auto_stop_s,
            ),
            seed=options.seed,
        )
        if options.shows_frames:
            charger.watch(lambda way, frame: self._say(f"{charge_point_id} {way} {frame.text}"))
        return charger

    async def _play(self, number: int, credentials: Credentials) -> None:
        await asyncio.sleep(number / self.options.connect_rate_per_s)
        charger = self.make_charger(credentials.charge_point_id, credentials.password)
        self.chargers.append(charger)

        def make_charger(charge_point_id: str) -> VirtualCharger:
            return self.make_charger(charge_point_id, credentials.password)

        is_small = len(self.options.chargers) <= TALKING_CHARGERS_MAX
        stage = Stage(charger, self.options, make_charger, self._say if is_small else _keep_quiet)
        try:
            await self._scenario.play(stage)
        except ConnectRefusedError as error:
            code = EXIT_UNREACHABLE if error.is_unreachable else EXIT_REFUSED
            self.outcome.fail(error.reason, code)
        except SimulatorError as error:
            self.outcome.fail(f"{type(error).__name__}: {error}", EXIT_FAILED)
        except asyncio.CancelledError:
            self.outcome.ended += 1
            raise
        except Exception as error:
            self.outcome.fail(f"{type(error).__name__}: {error}", EXIT_FAILED)
        else:
            self.outcome.completed += 1
            await charger.close()


def _keep_quiet(_line: str) -> None:
    """In a large fleet the figures say more than a line per charger."""


def tls_context(options: RunOptions) -> ssl.SSLContext | None:
    """TLS settings from the options: own roots, own certificate; None when neither is given.

    Raises OSError or ssl.SSLError for unreadable files.
    """
    if options.tls_ca is None and options.tls_certificate is None:
        return None
    context = ssl.create_default_context(cafile=options.tls_ca)
    if options.tls_certificate is not None:
        context.load_cert_chain(options.tls_certificate, options.tls_key)
    return context
