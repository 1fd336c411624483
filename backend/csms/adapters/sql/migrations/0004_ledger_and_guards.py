"""The ledger balances or does not commit; history is appended to and never edited."""

from tortoise import migrations
from tortoise.migrations import operations as ops

_LEDGER = """
ALTER TABLE ledger_account
  ADD CONSTRAINT ledger_account_kind CHECK (kind IN ('wallet', 'hold', 'cash', 'revenue', 'adjustment')),
  ADD CONSTRAINT ledger_account_person CHECK ((kind IN ('wallet', 'hold')) = (user_id IS NOT NULL)),
  ADD CONSTRAINT ledger_account_currency CHECK (currency ~ '^[A-Z]{3}$');
CREATE UNIQUE INDEX ledger_account_one ON ledger_account (organization_id, kind, coalesce(user_id, 0), currency);
ALTER TABLE ledger_transfer
  ADD CONSTRAINT ledger_transfer_kind CHECK (kind IN ('top_up', 'charge', 'correction', 'hold', 'release', 'refund', 'adjustment')),
  ADD CONSTRAINT ledger_transfer_keyed CHECK (idempotency_key <> '');
CREATE INDEX ledger_entry_of_account ON ledger_entry (account_id, id DESC) INCLUDE (amount);
CREATE INDEX ledger_transfer_list ON ledger_transfer (organization_id, created_at DESC, id DESC);

CREATE FUNCTION csms_transfer_balances() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  the_transfer bigint := CASE TG_TABLE_NAME WHEN 'ledger_entry' THEN to_jsonb(NEW) ->> 'transfer_id' ELSE to_jsonb(NEW) ->> 'id' END;
  lines integer;
  total numeric;
  currencies integer;
  strangers integer;
BEGIN
  SELECT count(*), sum(e.amount), count(DISTINCT e.currency),
         count(*) FILTER (WHERE a.currency <> e.currency OR a.organization_id <> t.organization_id)
    INTO lines, total, currencies, strangers
    FROM ledger_entry e
    JOIN ledger_account a ON a.id = e.account_id
    JOIN ledger_transfer t ON t.id = e.transfer_id
   WHERE e.transfer_id = the_transfer;
  IF lines < 2 OR total <> 0 OR currencies <> 1 OR strangers <> 0 THEN
    RAISE EXCEPTION 'transfer % does not balance: % lines, sum %, % currencies, % foreign accounts',
      the_transfer, lines, total, currencies, strangers
      USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_transfer_balances';
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER ledger_entry_balances AFTER INSERT ON ledger_entry
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION csms_transfer_balances();
CREATE CONSTRAINT TRIGGER ledger_transfer_balances AFTER INSERT ON ledger_transfer
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION csms_transfer_balances();
"""

_APPEND_ONLY = """
CREATE FUNCTION csms_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER ledger_entry_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger_entry
  FOR EACH STATEMENT EXECUTE FUNCTION csms_append_only();
CREATE TRIGGER ledger_transfer_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger_transfer
  FOR EACH STATEMENT EXECUTE FUNCTION csms_append_only();
CREATE TRIGGER ledger_account_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger_account
  FOR EACH STATEMENT EXECUTE FUNCTION csms_append_only();
CREATE TRIGGER audit_entry_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_entry
  FOR EACH STATEMENT EXECUTE FUNCTION csms_append_only();
"""

_SESSION_GUARD = """
CREATE FUNCTION csms_transaction_keeps_its_word() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.has_charger_stop AND (NEW.has_charger_stop, NEW.stopped_at, NEW.meter_stop_wh, NEW.stop_reason, NEW.charger_stopped_at)
     IS DISTINCT FROM (OLD.has_charger_stop, OLD.stopped_at, OLD.meter_stop_wh, OLD.stop_reason, OLD.charger_stopped_at) THEN
    RAISE EXCEPTION 'transaction % was stopped by its charger; that stop stands', OLD.id
      USING ERRCODE = 'check_violation', CONSTRAINT = 'transaction_stop_stands';
  END IF;
  IF (NEW.id, NEW.organization_id, NEW.charger_id, NEW.connector_id, NEW.user_id, NEW.tariff_id, NEW.tariff_terms,
      NEW.is_billable, NEW.meter_start_wh, NEW.created_at)
     IS DISTINCT FROM (OLD.id, OLD.organization_id, OLD.charger_id, OLD.connector_id, OLD.user_id, OLD.tariff_id, OLD.tariff_terms,
      OLD.is_billable, OLD.meter_start_wh, OLD.created_at)
     OR (OLD.currency IS NOT NULL AND NEW.currency IS DISTINCT FROM OLD.currency) THEN
    RAISE EXCEPTION 'transaction %: place, person, price and meter start are fixed at the start', OLD.id
      USING ERRCODE = 'check_violation', CONSTRAINT = 'transaction_start_stands';
  END IF;
  IF OLD.status = 'ENDED' AND NEW.status <> 'ENDED' THEN
    RAISE EXCEPTION 'transaction % has ended and does not begin again', OLD.id
      USING ERRCODE = 'check_violation', CONSTRAINT = 'transaction_end_stands';
  END IF;
  NEW.updated_at := now();
  RETURN NEW;
END $$;
CREATE TRIGGER transaction_keeps_its_word BEFORE UPDATE ON transaction
  FOR EACH ROW EXECUTE FUNCTION csms_transaction_keeps_its_word();
CREATE FUNCTION csms_never_deleted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'rows of % are never deleted', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER transaction_never_deleted BEFORE DELETE OR TRUNCATE ON transaction
  FOR EACH STATEMENT EXECUTE FUNCTION csms_never_deleted();
"""


class Migration(migrations.Migration):
    dependencies = [("csms", "0003_constraints_and_indexes")]

    operations = [ops.RunSQL(_LEDGER), ops.RunSQL(_APPEND_ONLY), ops.RunSQL(_SESSION_GUARD)]
