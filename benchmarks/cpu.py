"""CPU time and memory of the processes of a side, over a window."""

import os
import time

import msgspec
import psutil  # type: ignore[import-untyped]


class CpuSample(msgspec.Struct, frozen=True):
    """CPU seconds (user and system) that each group had used at one moment."""

    at_s: float
    server_s: float
    postgres_s: float
    generator_s: float


class CpuUse(msgspec.Struct, frozen=True):
    """Share of one core each group used in a window; 1.0 is one core, busy."""

    server: float
    postgres: float
    generator: float

    @classmethod
    def between(cls, first: CpuSample, last: CpuSample) -> "CpuUse":
        """Return the use between two samples."""
        window_s = last.at_s - first.at_s
        return cls(
            server=(last.server_s - first.server_s) / window_s,
            postgres=(last.postgres_s - first.postgres_s) / window_s,
            generator=(last.generator_s - first.generator_s) / window_s,
        )


class ProcessGroups:
    """The processes of one measurement: the server's tree, PostgreSQL's tree, the generators.

    A postmaster below the server counts as PostgreSQL only.
    """

    def __init__(self, server_pid: int, postmaster_pid: int | None, generators: list[int]) -> None:
        self._server = server_pid
        self._postmaster = postmaster_pid
        self._generators = generators

    def sample(self) -> CpuSample:
        """Read the clocks of all groups."""
        postgres = _tree(self._postmaster) if self._postmaster is not None else {}
        server = {pid: p for pid, p in _tree(self._server).items() if pid not in postgres}
        generators: dict[int, psutil.Process] = {}
        for pid in self._generators:
            generators.update(_tree(pid))
        return CpuSample(
            at_s=time.monotonic(),
            server_s=_cpu_seconds(server),
            postgres_s=_cpu_seconds(postgres),
            generator_s=_cpu_seconds(generators),
        )

    def server_rss_bytes(self) -> int:
        """Resident memory of the server's processes, without PostgreSQL's."""
        postgres = _tree(self._postmaster) if self._postmaster is not None else {}
        tree = _tree(self._server)
        return sum(_rss_bytes(p) for pid, p in tree.items() if pid not in postgres)

    def pin(self, server_core: int, other_core: int) -> None:
        """Bind the server to one core, PostgreSQL and the generators to another (Linux)."""
        postgres = _tree(self._postmaster) if self._postmaster is not None else {}
        for pid, process in _tree(self._server).items():
            _pin_threads(process, other_core if pid in postgres else server_core)
        for process in postgres.values():
            _pin_threads(process, other_core)
        for pid in self._generators:
            _pin_threads(psutil.Process(pid), other_core)


def _tree(pid: int) -> dict[int, psutil.Process]:
    try:
        root = psutil.Process(pid)
        return {pid: root} | {child.pid: child for child in root.children(recursive=True)}
    except psutil.NoSuchProcess:
        return {}  # it ended since it was named; its parent has inherited its time


def _rss_bytes(process: psutil.Process) -> int:
    try:
        return int(process.memory_info().rss)
    except psutil.NoSuchProcess:
        return 0  # it ended since the tree was read


def _cpu_seconds(processes: dict[int, psutil.Process]) -> float:
    total = 0.0
    for process in processes.values():
        try:
            times = process.cpu_times()
        except psutil.NoSuchProcess:
            # It ended since the tree was read; its parent has inherited its time.
            continue
        total += times.user + times.system
        # What a child used is the parent's once it has been waited for (Linux).
        total += getattr(times, "children_user", 0.0) + getattr(times, "children_system", 0.0)
    return total


def _pin_threads(process: psutil.Process, core: int) -> None:
    for thread in process.threads():
        os.sched_setaffinity(thread.id, {core})
