"""Database roles and what each may touch: the server connects as neither owner nor superuser."""

from dataclasses import dataclass

import asyncpg

from csms.adapters.sql.row_security import lay_row_security

LOGIN_ROLE = "csms_app"
GROUPS = ("csms_api", "csms_gateway", "csms_worker")

_APPEND_ONLY = ("ledger_account", "ledger_transfer", "ledger_entry", "audit_entry")
_ACCESS = ("role_grant", "api_key", "webhook_endpoint")
_WANTED = ("campaign_charger", "charger_pushes", "configuration_template", "firmware_campaign")
_KEPT = (
    "transaction",
    "message",
    "meter_value",
    "connector_status_event",
    "connection",
    "quarantine",
)
_EDITED = (
    "app_user", "charger", "charger_credential", "charger_epoch", "configuration_key", "connector",
    "desk_case", "handshake_attempt", "id_tag", "idempotency_key", "job", "journal_marker",
    "operation", "organization", "server_secret", "station", "tariff",
)  # fmt: skip
_SIGN_IN = (
    "external_identity", "mail_token", "outgoing_mail", "recovery_code", "refresh_token",
    "second_factor", "user_session", "webhook_receipt",
)  # fmt: skip
_TOLD = (
    "authorization_state", "authorization_step", "certificate_request", "charger_profile", "fault",
    "leniency_count", "local_list", "local_list_update",
    "maintenance_event", "maintenance_job", "reservation", "security_event",
    "certificate_authority", "issued_certificate",
)  # fmt: skip
_READS, _ADDS, _KEEPS, _EDITS = (
    "SELECT",
    "SELECT, INSERT",
    "SELECT, INSERT, UPDATE",
    "SELECT, INSERT, UPDATE, DELETE",
)
_RIGHTS: dict[str, dict[str, tuple[str, ...]]] = {
    "csms_api": {
        _READS: (
            "message", "meter_value", "connector_status_event", "journal_marker",
            "installed_certificate", "audit_seal", "signed_reading", *_TOLD,
        ),
        _ADDS: _APPEND_ONLY,
        _KEEPS: (
            "connection", "quarantine", "transaction", "organization", "webhook_delivery", "retention",
            "connection", "quarantine", "transaction", "organization", "certificate_authority",
            "certificate_request", "issued_certificate",
        ),
        _EDITS: (
            *(t for t in _EDITED if t not in {"journal_marker", "organization"}),
            "charging_profile", "model_leniency", *_ACCESS, *_SIGN_IN, *_WANTED, "meter_key",
        ),
    },
    "csms_gateway": {
        _READS: (
            "app_user", "id_tag", "organization", "station", "tariff", "webhook_endpoint", "role_grant",
            "model_leniency",
        ),
        _ADDS: (*_APPEND_ONLY, "webhook_delivery", "handshake_attempt", "journal_marker", "server_secret"),
        _KEEPS: (
            *_KEPT, "charger", "charger_credential", "charger_epoch", "configuration_key",
            "connector", "desk_case", "job", "operation", *_TOLD,
        ),
        _EDITS: ("installed_certificate",),
    },
    "csms_worker": {
        _READS: (
            "id_tag", "organization", "server_secret", "station", "tariff", "role_grant",
            "retention", "charging_profile", "configuration_template", "meter_key",
        ),
        _ADDS: (*_APPEND_ONLY, "audit_seal"),
        _KEEPS: (
            *_KEPT, "charger", "charger_credential", "charger_epoch", "configuration_key",
            "connector", "desk_case", "operation", "webhook_endpoint", "app_user", *_TOLD, "charger_pushes",
            "firmware_campaign", "campaign_charger", "signed_reading",
        ),
        _EDITS: (
            "handshake_attempt", "idempotency_key", "job", "journal_marker", "webhook_delivery",
            *_SIGN_IN,
        ),
    },
}  # fmt: skip
_WORKER_FUNCTIONS = (
    "csms_make_partitions(integer)",
    "csms_drop_partitions(text, timestamptz)",
)


@dataclass(frozen=True, slots=True)
class RolesReport:
    """`is_separated`: the server can act as csms_app. Otherwise `problem` says why not."""

    is_separated: bool
    problem: str | None = None


async def lay_roles(connection: asyncpg.Connection) -> RolesReport:
    """Create the roles where that is permitted, and give each its rights; safe to repeat."""
    try:
        async with connection.transaction():
            for name in (LOGIN_ROLE, *GROUPS):
                await _create_role(connection, name)
            for group in GROUPS:
                await connection.execute(f"GRANT {group} TO {LOGIN_ROLE}")
            await connection.execute(_become_member())
            await connection.execute(_grants())
            await lay_row_security(connection)
    except asyncpg.InsufficientPrivilegeError as error:
        return RolesReport(
            is_separated=False,
            problem=f"the database user may not create roles ({error}); the server acts as that user",
        )
    return RolesReport(is_separated=True)


async def _create_role(connection: asyncpg.Connection, name: str) -> None:
    kind = "LOGIN" if name == LOGIN_ROLE else "NOLOGIN"
    if await connection.fetchval("SELECT 1 FROM pg_roles WHERE rolname = $1", name):
        return
    try:
        async with connection.transaction():
            await connection.execute(f"CREATE ROLE {name} {kind}")
    except (asyncpg.DuplicateObjectError, asyncpg.UniqueViolationError):
        return  # roles belong to the cluster: another database of it was quicker


def _become_member() -> str:
    """Let the owner act as the server's role; a superuser may anyway."""
    return (
        "DO $$ BEGIN IF NOT pg_has_role(current_user, 'csms_app', 'MEMBER') THEN "
        "EXECUTE format('GRANT csms_app TO %I', current_user); END IF; END $$"
    )


def _grants() -> str:
    everyone = ", ".join(GROUPS)
    lines = [
        f"GRANT USAGE ON SCHEMA public TO {everyone}",
        f"REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {everyone}, {LOGIN_ROLE}",
        f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {everyone}",
    ]
    for role, rights in _RIGHTS.items():
        for right, tables in rights.items():
            lines.append(f"GRANT {right} ON {', '.join(tables)} TO {role}")
    lines += [f"GRANT EXECUTE ON FUNCTION {name} TO csms_worker" for name in _WORKER_FUNCTIONS]
    return ";\n".join(lines)
