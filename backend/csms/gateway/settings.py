"""Every limit and wait of the gateway, by name. Bootstrap fills them from the environment."""

from dataclasses import dataclass

MEBIBYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class GatewaySettings:
    """Settings of one gateway process; `_s` are seconds, `_bytes` bytes, `_max` counts.

    `path_prefix`: what a proxy puts before /ocpp. `trusted_proxies`: peers whose X-Forwarded-For
    and X-Forwarded-Proto count, and whose `proxy_certificate_header` holds the certificate that
    the client proved. `server_key`: the secret under which generated charger keys are hashed.
    `operator_name`: the organization in chargers' certificates (WP A00.FR.404).
    """

    server_key: bytes
    node: str = "local"
    path_prefix: str = ""
    trusted_proxies: frozenset[str] = frozenset()
    proxy_certificate_header: str | None = None
    operator_name: str = "CSMS"
    archived_grace_s: float = 7 * 86400
    retry_after_s: int = 10

    failed_handshakes_max: int = 30
    failed_handshakes_window_s: float = 60
    failed_addresses_max: int = 10_000
    handshake_timeout_s: float = 30
    handshakes_at_once_max: int = 200
    tls_handshake_timeout_s: float = 15
    tls_handshakes_at_once_max: int = 1_000
    handshake_log_max: int = 2_000
    early_data_max_bytes: int = 64 * 1024
    verified_keys_max: int = 50_000
    slow_hash_threads: int = 2

    takeovers_max: int = 5
    takeovers_window_s: float = 60
    takeover_delay_s: float = 5

    message_max_bytes: int = MEBIBYTE
    logged_head_bytes: int = 1024
    inbox_messages_max: int = 64
    inbox_max_bytes: int = 2 * MEBIBYTE
    garbage_max: int = 50
    garbage_window_s: float = 60
    journal_backlog_max: int = 5_000
    backlog_pause_s: float = 0.02

    unstorable_hold_s: float = 20
    unstorable_retry_s: float = 0.25
    repeats_max: int = 16

    call_timeout_s: float = 30
    calls_waiting_max: int = 32
    late_calls_max: int = 16

    repairs_counted_every_s: float = 10
    repair_counts_max: int = 20_000

    liveness_tick_s: float = 1
    missed_pings_max: int = 3
    idle_heartbeats_max: int = 3
    seen_interval_s: float = 10
    stored_seen_interval_s: float = 120
    closing_wait_s: float = 10
    close_timeout_s: float = 2
