"""Stations, chargers, their connectors, keys, connections and configuration."""

from tortoise import fields
from tortoise.fields.db_defaults import Now, SqlDefault
from tortoise.models import Model

from csms.adapters.sql.models.columns import created, moment, owner, reference


class Station(Model):
    """A site with an address where chargers stand."""

    id = fields.BigIntField(primary_key=True)
    organization = owner()
    name = fields.TextField()
    latitude = fields.DecimalField(max_digits=9, decimal_places=6)
    longitude = fields.DecimalField(max_digits=9, decimal_places=6)
    address = fields.TextField(db_default="")
    time_zone = fields.TextField(db_default="UTC")
    created_at = created()
    updated_at = fields.DatetimeField(db_default=Now())
    archived_at = moment()

    class Meta:
        table = "station"
        app = "csms"


class Charger(Model):
    """One charging unit with one OCPP connection. `leniency` names the rules switched off.

    `pushes_authorizations`: its cache and local list are kept in step with the id tags.
    `resends_availability`: what it was told of its availability is told again when it comes back.
    `pending_security_profile` is a higher one that the charger has accepted and not used yet.
    """

    id = fields.BigIntField(primary_key=True)
    organization = owner()
    station = reference("Station")
    charge_point_id = fields.TextField()
    name = fields.TextField()
    vendor = fields.TextField(null=True)
    model = fields.TextField(null=True)
    serial_number = fields.TextField(null=True)
    box_serial_number = fields.TextField(null=True)
    firmware_version = fields.TextField(null=True)
    iccid = fields.TextField(null=True)
    imsi = fields.TextField(null=True)
    meter_type = fields.TextField(null=True)
    meter_serial_number = fields.TextField(null=True)
    security_profile = fields.SmallIntField(db_default=1)
    pending_security_profile = fields.SmallIntField(null=True)
    is_strict = fields.BooleanField(db_default=False)
    leniency = fields.JSONField(db_default=SqlDefault("'[]'::jsonb"))  # type: ignore[var-annotated]
    registration = fields.TextField(db_default="Accepted")
    is_disabled = fields.BooleanField(db_default=False)
    heartbeat_interval_s = fields.IntField(db_default=300)
    ping_interval_s = fields.IntField(db_default=25)
    free_id_tag = fields.TextField(null=True)
    assumes_subprotocol = fields.BooleanField(db_default=False)
    pushes_authorizations = fields.BooleanField(db_default=False)
    resends_availability = fields.BooleanField(db_default=False)
    booted_at = moment()
    last_seen_at = moment()
    created_at = created()
    updated_at = fields.DatetimeField(db_default=Now())
    archived_at = moment()

    class Meta:
        table = "charger"
        app = "csms"


class ChargerCredential(Model):
    """One key of a charger: `generated` (salted HMAC) or `chosen` (argon2 text); three at most.

    `operation_id` is the change that proposed it, while the charger has not decided;
    `reboot_needed_at` when the charger said that it takes it after a reboot.
    """

    id = fields.BigIntField(primary_key=True)
    charger = reference("Charger", is_part=True)
    kind = fields.TextField()
    hash = fields.BinaryField()
    salt = fields.BinaryField(db_default=SqlDefault("'\\x'::bytea"))
    created_at = created()
    retired_at = moment()
    operation_id = fields.BigIntField(null=True)
    reboot_needed_at = moment()

    class Meta:
        table = "charger_credential"
        app = "csms"


class ChargerEpoch(Model):
    """The narrow row that every commit of a charger locks for share and every admission raises."""

    charger_id = fields.BigIntField(primary_key=True, generated=False)
    epoch = fields.BigIntField()
    node = fields.TextField()
    connected_at = fields.DatetimeField()
    disconnected_at = moment()
    protocol = fields.TextField(null=True)

    class Meta:
        table = "charger_epoch"
        app = "csms"


class Connector(Model):
    """One outlet as registered and as last reported; connector 0 is the charger as a whole.

    `id` is for lists; the key that everything uses is (charger_id, connector_id). `wanted_type`
    is what the operator last had the charger agree to, `wanted_answer` how it agreed.
    """

    id = fields.BigIntField(primary_key=True)
    organization = owner()
    charger = reference("Charger", is_indexed=False, is_part=True)
    connector_id = fields.SmallIntField()
    connector_type = fields.TextField(null=True)
    max_power_kw = fields.DecimalField(max_digits=10, decimal_places=3, null=True)
    status = fields.TextField(null=True)
    error_code = fields.TextField(null=True)
    info = fields.TextField(null=True)
    vendor_id = fields.TextField(null=True)
    vendor_error_code = fields.TextField(null=True)
    status_at = moment()
    status_received_at = moment()
    wanted_type = fields.TextField(null=True)
    wanted_answer = fields.TextField(null=True)
    wanted_at = moment()
    wanted_operation_id = fields.BigIntField(null=True)

    class Meta:
        table = "connector"
        app = "csms"
        unique_together = (("charger", "connector_id"),)


class ConnectorStatusEvent(Model):
    """Every status report, partitioned by month of `received_at`."""

    id = fields.BigIntField(primary_key=True)
    organization_id = fields.BigIntField()
    charger_id = fields.BigIntField()
    connector_id = fields.SmallIntField()
    status = fields.TextField()
    error_code = fields.TextField()
    info = fields.TextField(null=True)
    vendor_id = fields.TextField(null=True)
    vendor_error_code = fields.TextField(null=True)
    reported_at = fields.DatetimeField()
    received_at = fields.DatetimeField()
    is_current = fields.BooleanField()
    clock_note = fields.TextField(null=True)

    class Meta:
        table = "connector_status_event"
        app = "csms"


class ConfigurationKey(Model):
    """A configuration key as the charger last told it.

    `pending_value` waits for a reboot; `needs_reboot`: a change of it did so before.
    """

    id = fields.BigIntField(primary_key=True)
    charger = reference("Charger", is_indexed=False, is_part=True)
    key = fields.TextField()
    value = fields.TextField(null=True)
    is_readonly = fields.BooleanField()
    learned_at = fields.DatetimeField()
    pending_value = fields.TextField(null=True)
    needs_reboot = fields.BooleanField(db_default=False)

    class Meta:
        table = "configuration_key"
        app = "csms"
        unique_together = (("charger", "key"),)


class Connection(Model):
    """One connection of a charger, open while `disconnected_at` is NULL.

    `tls` is version and suite; `client_certificate` the fingerprint of what it proved itself with.
    """

    id = fields.BigIntField(primary_key=True)
    organization = owner()
    charger = reference("Charger", is_indexed=False)
    epoch = fields.BigIntField()
    node = fields.TextField()
    remote_address = fields.TextField(null=True)
    user_agent = fields.TextField(null=True)
    protocol = fields.TextField()
    security_profile = fields.SmallIntField()
    tls = fields.TextField(null=True)
    client_certificate = fields.TextField(null=True)
    connected_at = fields.DatetimeField()
    disconnected_at = moment()
    close_code = fields.IntField(null=True)
    close_reason = fields.TextField(null=True)

    class Meta:
        table = "connection"
        app = "csms"
        unique_together = (("charger", "epoch"),)
        indexes = (("charger_id", "connected_at"),)
