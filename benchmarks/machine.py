"""What the figures were measured on."""

import os
import platform
from importlib.metadata import version
from pathlib import Path

import msgspec
import psutil  # type: ignore[import-untyped]

_LIBRARIES = (
    "csms",
    "picows",
    "uvloop",
    "msgspec",
    "asyncpg",
    "fastapi",
    "uvicorn",
    "websockets",
    "httptools",
    "ocpp",
    "tortoise-orm",
    "pydantic",
)


class Machine(msgspec.Struct, frozen=True):
    """CPU, memory, system and the versions of everything that takes part."""

    cpu: str
    cores: int
    memory_gib: float
    system: str
    python: str
    postgres: str
    libraries: dict[str, str]
    load_average_1min: float


def describe_machine(postgres: str) -> Machine:
    """Return the facts of this machine; `postgres` is what the server itself answered."""
    return Machine(
        cpu=_cpu_model(),
        cores=psutil.cpu_count() or 0,
        memory_gib=round(psutil.virtual_memory().total / 2**30, 1),
        system=f"{platform.system()} {platform.release()}",
        python=platform.python_version(),
        postgres=postgres,
        libraries={name: version(name) for name in _LIBRARIES},
        load_average_1min=round(os.getloadavg()[0], 2),
    )


def _cpu_model() -> str:
    info = Path("/proc/cpuinfo")
    if info.exists():
        for line in info.read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()
