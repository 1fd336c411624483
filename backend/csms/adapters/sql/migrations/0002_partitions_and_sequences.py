"""Turns the three log tables into partitioned ones, and makes the sequences of wire and log ids."""

from tortoise import migrations
from tortoise.migrations import operations as ops

# CreateModel cannot say PARTITION BY, so each table is laid again, empty, with the same columns.
_PARTITIONED = """
ALTER TABLE message RENAME TO message_plain;
CREATE TABLE message (LIKE message_plain INCLUDING DEFAULTS INCLUDING COMMENTS) PARTITION BY RANGE (received_at);
DROP TABLE message_plain;
ALTER TABLE message ADD CONSTRAINT message_pkey PRIMARY KEY (received_at, id);
CREATE INDEX message_of_charger ON message (charger_id, received_at DESC, id DESC);
CREATE INDEX message_of_organization ON message (organization_id, received_at DESC, id DESC);
CREATE INDEX message_of_correlation ON message (correlation_id) WHERE correlation_id IS NOT NULL;
CREATE TABLE message_default PARTITION OF message DEFAULT;
COMMENT ON TABLE message IS 'One exchange on the wire; one partition per day of received_at. Ids rise with time.';

ALTER TABLE meter_value RENAME TO meter_value_plain;
ALTER SEQUENCE meter_value_id_seq OWNED BY NONE;
CREATE TABLE meter_value (LIKE meter_value_plain INCLUDING DEFAULTS) PARTITION BY RANGE (received_at);
DROP TABLE meter_value_plain;
ALTER SEQUENCE meter_value_id_seq OWNED BY meter_value.id CACHE 100;
CREATE INDEX meter_value_of_transaction ON meter_value (transaction_id, sampled_at) WHERE transaction_id IS NOT NULL;
CREATE INDEX meter_value_of_charger ON meter_value (charger_id, sampled_at);
CREATE TABLE meter_value_default PARTITION OF meter_value DEFAULT;
COMMENT ON TABLE meter_value IS 'The samples of one moment at one connector; one partition per month of received_at.';

ALTER TABLE connector_status_event RENAME TO connector_status_event_plain;
ALTER SEQUENCE connector_status_event_id_seq OWNED BY NONE;
CREATE TABLE connector_status_event (LIKE connector_status_event_plain INCLUDING DEFAULTS) PARTITION BY RANGE (received_at);
DROP TABLE connector_status_event_plain;
ALTER SEQUENCE connector_status_event_id_seq OWNED BY connector_status_event.id CACHE 20;
CREATE INDEX connector_status_event_of_connector ON connector_status_event (charger_id, connector_id, reported_at);
CREATE TABLE connector_status_event_default PARTITION OF connector_status_event DEFAULT;
COMMENT ON TABLE connector_status_event IS 'Every status report; one partition per month of received_at.';
"""

_FUNCTIONS = """
CREATE FUNCTION csms_make_partition(parent text, lower_bound timestamptz, upper_bound timestamptz, suffix text)
RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp SET timezone = 'UTC' AS $$
DECLARE
  part text := parent || '_' || suffix;
BEGIN
  IF to_regclass(part) IS NOT NULL THEN
    RETURN false;
  END IF;
  EXECUTE format('CREATE TABLE %I (LIKE %I INCLUDING DEFAULTS INCLUDING CONSTRAINTS)', part, parent);
  -- Rows that came before their partition wait in the default one; they move in the same transaction.
  EXECUTE format('LOCK TABLE %I IN ACCESS EXCLUSIVE MODE', parent || '_default');
  EXECUTE format('WITH moved AS (DELETE FROM %I WHERE received_at >= $1 AND received_at < $2 RETURNING *) '
                 'INSERT INTO %I SELECT * FROM moved', parent || '_default', part)
    USING lower_bound, upper_bound;
  EXECUTE format('ALTER TABLE %I ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)', parent, part, lower_bound, upper_bound);
  RETURN true;
END $$;

CREATE FUNCTION csms_make_partitions(days_ahead integer) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp SET timezone = 'UTC' AS $$
DECLARE
  made integer := 0;
  day timestamptz := date_trunc('day', now());
  month timestamptz;
  parent text;
BEGIN
  PERFORM pg_advisory_xact_lock(hashtext('csms_make_partitions'));
  FOR i IN 0..days_ahead LOOP
    IF csms_make_partition('message', day + i * interval '1 day', day + (i + 1) * interval '1 day',
                           to_char(day + i * interval '1 day', 'YYYYMMDD')) THEN
      made := made + 1;
    END IF;
  END LOOP;
  FOREACH parent IN ARRAY ARRAY['meter_value', 'connector_status_event'] LOOP
    month := date_trunc('month', now());
    WHILE month <= now() + days_ahead * interval '1 day' LOOP
      IF csms_make_partition(parent, month, month + interval '1 month', to_char(month, 'YYYYMM')) THEN
        made := made + 1;
      END IF;
      month := month + interval '1 month';
    END LOOP;
  END LOOP;
  RETURN made;
END $$;

CREATE FUNCTION csms_drop_partitions(parent text, older_than timestamptz) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp SET timezone = 'UTC' AS $$
DECLARE
  part record;
  dropped integer := 0;
BEGIN
  IF parent NOT IN ('message', 'meter_value', 'connector_status_event') THEN
    RAISE EXCEPTION '% is not a partitioned log', parent;
  END IF;
  FOR part IN
    SELECT c.relname, (regexp_match(pg_get_expr(c.relpartbound, c.oid), 'TO \\(''([^'']+)''\\)'))[1]::timestamptz AS upper_bound
      FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
     WHERE i.inhparent = to_regclass(parent)
  LOOP
    IF part.upper_bound <= older_than THEN
      EXECUTE format('DROP TABLE %I', part.relname);
      dropped := dropped + 1;
    END IF;
  END LOOP;
  EXECUTE format('DELETE FROM %I WHERE received_at < $1', parent || '_default') USING older_than;
  RETURN dropped;
END $$;

REVOKE ALL ON FUNCTION csms_make_partition(text, timestamptz, timestamptz, text) FROM PUBLIC;
REVOKE ALL ON FUNCTION csms_make_partitions(integer) FROM PUBLIC;
REVOKE ALL ON FUNCTION csms_drop_partitions(text, timestamptz) FROM PUBLIC;
"""

# A random first id: a charger that still sends ids of a former system does not hit ours.
_SEQUENCES = """
CREATE SEQUENCE message_id_seq AS bigint INCREMENT BY 1000 CACHE 1;
DO $$ BEGIN
  EXECUTE format('CREATE SEQUENCE transaction_id_seq AS integer MINVALUE 1 MAXVALUE 2147483647 START WITH %s NO CYCLE',
                 1 + floor(random() * (2 ^ 30 - 1))::bigint);
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("csms", "0001_initial")]

    operations = [
        ops.RunSQL(_PARTITIONED),
        ops.RunSQL(_FUNCTIONS),
        ops.RunSQL(_SEQUENCES),
        ops.RunSQL("SELECT csms_make_partitions(7);"),
    ]
