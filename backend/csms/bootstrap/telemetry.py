"""Logs as events with fields; secrets and id tags are masked here and nowhere else."""

import logging
import sys
from collections.abc import MutableMapping
from typing import Any, Literal

import structlog

SECRET_FIELDS = frozenset(
    {"authorization", "cookie", "password", "secret", "token", "key", "database_url", "dsn"}
)
PERSONAL_FIELDS = frozenset({"id_tag", "parent_id_tag", "email", "full_name"})


def configure_logging(
    level: Literal["debug", "info", "warning", "error"],
    log_format: Literal["auto", "json", "console"],
) -> None:
    """Send our events and those of libraries to standard error, as JSON or for a terminal."""
    is_json = log_format == "json" or (log_format == "auto" and not sys.stderr.isatty())
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        mask,
    ]
    if is_json:
        shared.append(structlog.processors.format_exc_info)
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    renderer: structlog.typing.Processor = (
        structlog.processors.JSONRenderer()
        if is_json
        else structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    for noisy in ("uvicorn.access", "tortoise", "asyncio", "uvicorn.error"):
        logging.getLogger(noisy).setLevel(max(logging.WARNING, root.level))


def mask(
    _logger: object, _method: str, event: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    """Replace secrets whole and personal data down to the last two characters."""
    for name, value in event.items():
        if name in SECRET_FIELDS:
            event[name] = "***"
        elif name in PERSONAL_FIELDS and isinstance(value, str):
            event[name] = f"***{value[-2:]}"
    return event
