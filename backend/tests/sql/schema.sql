CREATE FUNCTION public.csms_append_only() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
  RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;

CREATE FUNCTION public.csms_charger_event() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
DECLARE
  the_kind text := TG_ARGV[0];
BEGIN
  IF NOT csms_has_listener(NEW.organization_id, the_kind) THEN
    RETURN NULL;
  END IF;
  PERFORM csms_emit(NEW.organization_id, the_kind, jsonb_build_object(
    'charger_id', NEW.charger_id,
    'charge_point_id', (SELECT c.charge_point_id FROM charger c WHERE c.id = NEW.charger_id),
    'connected_at', csms_moment(NEW.connected_at),
    'disconnected_at', csms_moment(NEW.disconnected_at),
    'reason', NEW.close_reason));
  RETURN NULL;
END $$;

CREATE FUNCTION public.csms_desk_event() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
  IF NOT csms_has_listener(NEW.organization_id, 'desk.opened') THEN
    RETURN NULL;
  END IF;
  PERFORM csms_emit(NEW.organization_id, 'desk.opened', jsonb_build_object(
    'case_id', NEW.id, 'kind', NEW.kind, 'summary', NEW.summary,
    'charger_id', NEW.charger_id, 'transaction_id', NEW.transaction_id,
    'opened_at', csms_moment(NEW.opened_at)));
  RETURN NULL;
END $$;

CREATE FUNCTION public.csms_drop_partitions(parent text, older_than timestamp with time zone) RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    SET "TimeZone" TO 'UTC'
    AS $_$
DECLARE
  part record;
  dropped integer := 0;
BEGIN
  IF parent NOT IN ('message', 'meter_value', 'connector_status_event') THEN
    RAISE EXCEPTION '% is not a partitioned log', parent;
  END IF;
  FOR part IN
    SELECT c.relname, (regexp_match(pg_get_expr(c.relpartbound, c.oid), 'TO \(''([^'']+)''\)'))[1]::timestamptz AS upper_bound
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
END $_$;

CREATE FUNCTION public.csms_emit(the_organization bigint, the_kind text, the_data jsonb) RETURNS void
    LANGUAGE plpgsql
    AS $$
DECLARE
  one record;
  the_message text := 'msg_' || replace(gen_random_uuid()::text, '-', '');
BEGIN
  FOR one IN SELECT id FROM webhook_endpoint
              WHERE organization_id = the_organization AND is_active AND kinds ? the_kind
  LOOP
    PERFORM csms_queue_delivery(the_organization, one.id, the_message, the_kind,
      jsonb_build_object(
        'type', the_kind,
        'timestamp', to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
        'data', the_data)::text, NULL);
  END LOOP;
END $$;

CREATE FUNCTION public.csms_fault_event() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
  IF NOT csms_has_listener(NEW.organization_id, 'connector.faulted') THEN
    RETURN NULL;
  END IF;
  PERFORM csms_emit(NEW.organization_id, 'connector.faulted', jsonb_build_object(
    'charger_id', NEW.charger_id,
    'charge_point_id', (SELECT c.charge_point_id FROM charger c WHERE c.id = NEW.charger_id),
    'connector_id', NEW.connector_id,
    'status', NEW.status,
    'error_code', NEW.error_code,
    'info', NEW.info,
    'vendor_error_code', NEW.vendor_error_code,
    'reported_at', csms_moment(NEW.reported_at)));
  RETURN NULL;
END $$;

CREATE FUNCTION public.csms_has_listener(the_organization bigint, the_kind text) RETURNS boolean
    LANGUAGE sql STABLE
    AS $$
  SELECT EXISTS (SELECT 1 FROM webhook_endpoint
                  WHERE organization_id = the_organization AND is_active AND kinds ? the_kind)
$$;

CREATE FUNCTION public.csms_make_partition(parent text, lower_bound timestamp with time zone, upper_bound timestamp with time zone, suffix text) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    SET "TimeZone" TO 'UTC'
    AS $_$
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
END $_$;

CREATE FUNCTION public.csms_make_partitions(days_ahead integer) RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'public', 'pg_temp'
    SET "TimeZone" TO 'UTC'
    AS $$
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

CREATE FUNCTION public.csms_moment(the_moment timestamp with time zone) RETURNS text
    LANGUAGE sql STABLE
    AS $$
  SELECT to_char(the_moment AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')
$$;

CREATE FUNCTION public.csms_never_deleted() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
  RAISE EXCEPTION 'rows of % are never deleted', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;

CREATE FUNCTION public.csms_queue_delivery(the_organization bigint, the_endpoint bigint, the_message text, the_kind text, the_payload text, the_original bigint) RETURNS bigint
    LANGUAGE plpgsql
    AS $$
DECLARE
  the_delivery bigint;
BEGIN
  INSERT INTO webhook_delivery (organization_id, endpoint_id, message_id, kind, payload, replay_of)
  VALUES (the_organization, the_endpoint, the_message, the_kind, the_payload, the_original)
  RETURNING id INTO the_delivery;
  INSERT INTO job (organization_id, kind, unique_key, payload, max_attempts)
  VALUES (the_organization, 'deliver_webhook', 'webhook:' || the_delivery,
          json_build_object('delivery_id', the_delivery)::text, 20);
  PERFORM pg_notify('csms_jobs', '');
  RETURN the_delivery;
END $$;

CREATE FUNCTION public.csms_session_event() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
DECLARE
  the_kind text := TG_ARGV[0];
BEGIN
  IF the_kind = 'session.changed' THEN
    the_kind := CASE NEW.status WHEN 'ENDED' THEN 'session.ended' WHEN 'ACTIVE' THEN 'session.resumed'
                ELSE 'session.pending' END;
  ELSIF the_kind = 'billing.changed' THEN
    the_kind := CASE NEW.billing_status WHEN 'BILLED' THEN 'billing.billed' WHEN 'FAILED' THEN 'billing.failed' END;
  END IF;
  IF the_kind IS NULL OR NOT csms_has_listener(NEW.organization_id, the_kind) THEN
    RETURN NULL;
  END IF;
  PERFORM csms_emit(NEW.organization_id, the_kind, jsonb_build_object(
    'transaction_id', NEW.id,
    'charger_id', NEW.charger_id,
    'charge_point_id', (SELECT c.charge_point_id FROM charger c WHERE c.id = NEW.charger_id),
    'connector_id', NEW.connector_id,
    'user_id', NEW.user_id,
    'status', NEW.status,
    'started_at', csms_moment(NEW.started_at),
    'stopped_at', csms_moment(NEW.stopped_at),
    'stop_reason', NEW.stop_reason,
    'meter_start_wh', NEW.meter_start_wh,
    'meter_stop_wh', NEW.meter_stop_wh,
    'energy_wh', NEW.energy_wh,
    'billing_status', NEW.billing_status,
    'billing_error', NEW.billing_error,
    'cost', CASE WHEN NEW.cost_amount IS NOT NULL THEN
      jsonb_build_object('amount', NEW.cost_amount::text, 'currency', NEW.currency) END));
  RETURN NULL;
END $$;

CREATE FUNCTION public.csms_three_credentials() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
BEGIN
  PERFORM 1 FROM charger WHERE id = NEW.charger_id FOR UPDATE;
  IF (SELECT count(*) FROM charger_credential WHERE charger_id = NEW.charger_id AND retired_at IS NULL) > 3 THEN
    RAISE EXCEPTION 'charger % has three active keys already', NEW.charger_id
      USING ERRCODE = 'check_violation', CONSTRAINT = 'charger_credential_three';
  END IF;
  RETURN NULL;
END $$;

CREATE FUNCTION public.csms_transaction_keeps_its_word() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
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

CREATE FUNCTION public.csms_transfer_balances() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
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

CREATE TABLE public.api_key (
    id bigint NOT NULL,
    name text NOT NULL,
    prefix character varying(20) NOT NULL,
    secret_hash bytea NOT NULL,
    permissions jsonb NOT NULL,
    station_ids jsonb,
    created_at timestamp with time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
    expires_at timestamp with time zone,
    last_used_at timestamp with time zone,
    last_used_from text,
    revoked_at timestamp with time zone,
    organization_id bigint NOT NULL,
    user_id bigint NOT NULL,
    CONSTRAINT api_key_permissions CHECK ((jsonb_typeof(permissions) = 'array'::text))
);

COMMENT ON TABLE public.api_key IS 'A key of a person for programs: only its SHA-256 is kept, `prefix` tells keys apart.';

CREATE SEQUENCE public.api_key_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

ALTER SEQUENCE public.api_key_id_seq OWNED BY public.api_key.id;

CREATE TABLE public.app_user (
    id bigint NOT NULL,
    email text NOT NULL,
    full_name text NOT NULL,
    role text NOT NULL,
    password_hash text,
    is_active boolean DEFAULT true NOT NULL,
    token_version integer DEFAULT 0 NOT NULL,
    created_at timestamp with time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
    updated_at timestamp with time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
    deactivated_at timestamp with time zone,
    erased_at timestamp with time zone,
    organization_id bigint NOT NULL,
    email_verified_at timestamp with time zone,
    CONSTRAINT app_user_deactivated CHECK ((is_active = (deactivated_at IS NULL))),
    CONSTRAINT app_user_erased CHECK (((erased_at IS NULL) OR ((NOT is_active) AND (password_hash IS NULL)))),
    CONSTRAINT app_user_role CHECK ((role = ANY (ARRAY['ADMIN'::text, 'USER'::text])))
);

COMMENT ON TABLE public.app_user IS 'A person. `erased_at`: the personal data is gone, the ledger is not.';

CREATE SEQUENCE public.app_user_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

ALTER SEQUENCE public.app_user_id_seq OWNED BY public.app_user.id;

CREATE TABLE public.audit_entry (
    id bigint NOT NULL,
    at timestamp with time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
    actor_user_id bigint,
    actor text NOT NULL,
    action text NOT NULL,
    target_kind text NOT NULL,
    target_id text NOT NULL,
    before jsonb,
    after jsonb,
    remote_address text,
    organization_id bigint NOT NULL
);

COMMENT ON TABLE public.audit_entry IS 'Who changed what; append-only.';

CREATE SEQUENCE public.audit_entry_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

ALTER SEQUENCE public.audit_entry_id_seq OWNED BY public.audit_entry.id;

CREATE TABLE public.audit_seal (
    id bigint NOT NULL,
    sequence bigint NOT NULL,
    entry_id bigint NOT NULL,
    hash bytea NOT NULL,
    sealed_at timestamp with time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
    organization_id bigint NOT NULL
);

COMMENT ON TABLE public.audit_seal IS 'The place of an audit entry in its organization''s chain; each hash covers the one before.';

CREATE SEQUENCE public.audit_seal_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

ALTER SEQUENCE public.audit_seal_id_seq OWNED BY public.audit_seal.id;

CREATE TABLE public.authorization_state (
    organization_id bigint NOT NULL,
    digest text NOT NULL,
    revision bigint NOT NULL,
    changed_at timestamp with time zone NOT NULL
);

COMMENT ON TABLE public.authorization_state IS 'What chargers should know of an organization''s id tags: a digest, and how often it changed.';

CREATE TABLE public.authorization_step (
    charger_id bigint NOT NULL,
    revision bigint NOT NULL,
    stepped_at timestamp with time zone NOT NULL,
    organization_id bigint NOT NULL
);

COMMENT ON TABLE public.authorization_step IS 'The revision of the id tags that a charger was last brought in step with.';

CREATE TABLE public.campaign_charger (
    id bigint NOT NULL,
    wave integer NOT NULL,
    status text DEFAULT 'WAITING'::text NOT NULL,
    attempts integer DEFAULT 0 NOT NULL,
    operation_id bigint,
    request_id integer,
    version_before text,
    version_after text,
    reason text,
    not_before timestamp with time zone,
    asked_at timestamp with time zone,
    ended_at timestamp with time zone,
    campaign_id bigint NOT NULL,
    charger_id bigint NOT NULL,
    organization_id bigint NOT NULL,
    CONSTRAINT campaign_charger_status CHECK ((status = ANY (ARRAY['WAITING'::text, 'ASKED'::text, 'DONE'::text, 'FAILED'::text, 'CANCELLED'::text])))
);

COMMENT ON TABLE public.campaign_charger IS 'One charger of a campaign. DONE only when it booted with the campaign''s version.';

CREATE SEQUENCE public.campaign_charger_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

ALTER SEQUENCE public.campaign_charger_id_seq OWNED BY public.campaign_charger.id;

CREATE TABLE public.certificate_authority (
    id bigint NOT NULL,
    key_type text NOT NULL,
    certificate text NOT NULL,
    fingerprint text NOT NULL,
    encrypted_key bytea NOT NULL,
    crl_number bigint DEFAULT 0 NOT NULL,
    crl bytea,
    crl_next_update timestamp with time zone,
    created_at timestamp with time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
    organization_id bigint NOT NULL,
    CONSTRAINT certificate_authority_key_type CHECK ((key_type = ANY (ARRAY['ECDSA'::text, 'RSA'::text])))
);

COMMENT ON TABLE public.certificate_authority IS 'A root of ours, one per kind of key, with its private key under the passphrase (PKCS #8).';

CREATE SEQUENCE public.certificate_authority_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

ALTER SEQUENCE public.certificate_authority_id_seq OWNED BY public.certificate_authority.id;

CREATE TABLE public.certificate_request (
    id bigint NOT NULL,
    csr text NOT NULL,
    status text NOT NULL,
    reason text,
    received_at timestamp with time zone NOT NULL,
    charger_id bigint NOT NULL,
    organization_id bigint NOT NULL,
    decided_at timestamp with time zone,
    decided_by bigint,
    state text DEFAULT 'WAITING'::text NOT NULL,
    CONSTRAINT certificate_request_state CHECK ((state = ANY (ARRAY['WAITING'::text, 'REJECTED'::text, 'SIGNED'::text, 'DECLINED'::text, 'INSTALLED'::text, 'REFUSED'::text, 'REPLACED'::text])))
);

COMMENT ON TABLE public.certificate_request IS 'A CSR that a charger sent, with what we answered.';

CREATE SEQUENCE public.certificate_request_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

ALTER SEQUENCE public.certificate_request_id_seq OWNED BY public.certificate_request.id;

CREATE TABLE public.charger (
    id bigint NOT NULL,
    charge_point_id text NOT NULL,
    name text NOT NULL,
    vendor text,
    model text,
    serial_number text,
    box_serial_number text,
    firmware_version text,
    iccid text,
    imsi text,
    meter_type text,
    meter_serial_number text,
    security_profile smallint DEFAULT 1 NOT NULL,
    is_strict boolean DEFAULT false NOT NULL,
    leniency jsonb DEFAULT '[]'::jsonb NOT NULL,
    registration text DEFAULT 'Accepted'::text NOT NULL,
    is_disabled boolean DEFAULT false NOT NULL,
    heartbeat_interval_s integer DEFAULT 300 NOT NULL,
    ping_interval_s integer DEFAULT 25 NOT NULL,
    free_id_tag text,
    assumes_subprotocol boolean DEFAULT false NOT NULL,
    booted_at timestamp with time zone,
    last_seen_at timestamp with time zone,
    created_at timestamp with time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
    updated_at timestamp with time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
    archived_at timestamp with time zone,
    organization_id bigint NOT NULL,
    station_id bigint NOT NULL,
    pushes_authorizations boolean DEFAULT false NOT NULL,
    resends_availability boolean DEFAULT false NOT NULL,
    pending_security_profile smallint,
    CONSTRAINT charger_intervals CHECK (((heartbeat_interval_s > 0) AND (ping_interval_s >= 0))),
    CONSTRAINT charger_leniency CHECK ((jsonb_typeof(leniency) = 'array'::text)),
    CONSTRAINT charger_named CHECK ((charge_point_id <> ''::text)),
    CONSTRAINT charger_pending_profile CHECK (((pending_security_profile >= 1) AND (pending_security_profile <= 3))),
    CONSTRAINT charger_profile CHECK (((security_profile >= 0) AND (security_profile <= 3))),
    CONSTRAINT charger_registration CHECK ((registration = ANY (ARRAY['Accepted'::text, 'Pending'::text, 'Rejected'::text])))
);

COMMENT ON TABLE public.charger IS 'One charging unit with one OCPP connection. `leniency` names the rules switched off.';

CREATE TABLE public.charger_credential (
    id bigint NOT NULL,
    kind text NOT NULL,
    hash bytea NOT NULL,
    salt bytea DEFAULT '\x'::bytea NOT NULL,
    created_at timestamp with time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
    retired_at timestamp with time zone,
    charger_id bigint NOT NULL,
    operation_id bigint,
    reboot_needed_at timestamp with time zone,
    CONSTRAINT charger_credential_kind CHECK ((kind = ANY (ARRAY['generated'::text, 'chosen'::text])))
);

COMMENT ON TABLE public.charger_credential IS 'One key of a charger: `generated` (salted HMAC) or `chosen` (argon2 text); two at most.';

CREATE SEQUENCE public.charger_credential_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

ALTER SEQUENCE public.charger_credential_id_seq OWNED BY public.charger_credential.id;

CREATE TABLE public.charger_epoch (
    charger_id bigint NOT NULL,
    epoch bigint NOT NULL,
    node text NOT NULL,
    connected_at timestamp with time zone NOT NULL,
    disconnected_at timestamp with time zone,
    protocol text,
    CONSTRAINT charger_epoch_positive CHECK ((epoch > 0))
);

COMMENT ON TABLE public.charger_epoch IS 'The narrow row that every commit of a charger locks for share and every admission raises.';

CREATE SEQUENCE public.charger_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

ALTER SEQUENCE public.charger_id_seq OWNED BY public.charger.id;

CREATE TABLE public.charger_profile (
    id bigint NOT NULL,
    connector_id smallint NOT NULL,
    profile_id integer NOT NULL,
    purpose text NOT NULL,
    stack_level integer NOT NULL,
    transaction_id integer,
    charging_profile text NOT NULL,
    status text DEFAULT 'ASKED'::text NOT NULL,
    operation_id bigint NOT NULL,
    asked_at timestamp with time zone NOT NULL,
    answered_at timestamp with time zone,
    ended_at timestamp with time zone,
    charger_id bigint NOT NULL,
    organization_id bigint NOT NULL,
    CONSTRAINT charger_profile_status CHECK ((status = ANY (ARRAY['ASKED'::text, 'ACCEPTED'::text, 'REJECTED'::text, 'NOT_SUPPORTED'::text, 'REPLACED'::text, 'CLEARED'::text, 'ENDED'::text])))
);

COMMENT ON TABLE public.charger_profile IS 'A profile as one charger was told it, and what became of it there.';

CREATE SEQUENCE public.charger_profile_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

ALTER SEQUENCE public.charger_profile_id_seq OWNED BY public.charger_profile.id;

CREATE TABLE public.charger_pushes (
    charger_id bigint NOT NULL,
    has_default_profiles boolean DEFAULT false NOT NULL,
    checked_at timestamp with time zone,
    problem text,
    updated_at timestamp with time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
    organization_id bigint NOT NULL,
    template_id bigint
);

COMMENT ON TABLE public.charger_pushes IS 'Which things are kept in step at a charger; all are off until somebody switches them on.';

CREATE SEQUENCE public.wire_number_seq
    AS integer
    START WITH <random>
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

CREATE TABLE public.charging_profile (
    id integer DEFAULT nextval('public.wire_number_seq'::regclass) NOT NULL,
    description text NOT NULL,
    charging_profile jsonb NOT NULL,
    created_at timestamp with time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
    updated_at timestamp with time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
    organization_id bigint NOT NULL,
    is_default boolean DEFAULT false NOT NULL,
    CONSTRAINT charging_profile_id CHECK ((id > 0)),
    CONSTRAINT charging_profile_object CHECK ((jsonb_typeof(charging_profile) = 'object'::text))
);

COMMENT ON TABLE public.charging_profile IS 'A profile that operators keep; the id is its chargingProfileId on the wire.';

CREATE TABLE public.configuration_key (
    id bigint NOT NULL,
    key text NOT NULL,
    value text,
    is_readonly boolean NOT NULL,
    learned_at timestamp with time zone NOT NULL,
    charger_id bigint NOT NULL,
    needs_reboot boolean DEFAULT false NOT NULL,
    pending_value text
);

COMMENT ON TABLE public.configuration_key IS 'A configuration key as the charger last told it.';

CREATE SEQUENCE public.configuration_key_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

ALTER SEQUENCE public.configuration_key_id_seq OWNED BY public.configuration_key.id;

CREATE TABLE public.configuration_template (
    id bigint NOT NULL,
    name text NOT NULL,
    vendor text,
    model text,
    "values" jsonb NOT NULL,
    created_at timestamp with time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
    updated_at timestamp with time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
    organization_id bigint NOT NULL,
    CONSTRAINT configuration_template_values CHECK ((jsonb_typeof("values") = 'object'::text))
);

COMMENT ON TABLE public.configuration_template IS 'Keys with the values that chargers of a vendor and model should have; null is any.';

CREATE SEQUENCE public.configuration_template_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

ALTER SEQUENCE public.configuration_template_id_seq OWNED BY public.configuration_template.id;

CREATE TABLE public.connection (
    id bigint NOT NULL,
    epoch bigint NOT NULL,
    node text NOT NULL,
    remote_address text,
    user_agent text,
    protocol text NOT NULL,
    security_profile smallint NOT NULL,
    connected_at timestamp with time zone NOT NULL,
    disconnected_at timestamp with time zone,
    close_code integer,
    close_reason text,
    charger_id bigint NOT NULL,
    organization_id bigint NOT NULL,
    client_certificate text,
    tls text,
    CONSTRAINT connection_order CHECK ((disconnected_at >= connected_at))
);

COMMENT ON TABLE public.connection IS 'One connection of a charger, open while `disconnected_at` is NULL.';

CREATE SEQUENCE public.connection_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

ALTER SEQUENCE public.connection_id_seq OWNED BY public.connection.id;

CREATE TABLE public.connector (
    id bigint NOT NULL,
    connector_id smallint NOT NULL,
    connector_type text,
    max_power_kw numeric(10,3),
    status text,
    error_code text,
    info text,
    vendor_id text,
    vendor_error_code text,
    status_at timestamp with time zone,
    status_received_at timestamp with time zone,
    charger_id bigint NOT NULL,
    organization_id bigint NOT NULL,
    wanted_type text,
    wanted_answer text,
    wanted_at timestamp with time zone,
    wanted_operation_id bigint,
    CONSTRAINT connector_number CHECK ((connector_id >= 0)),
    CONSTRAINT connector_power CHECK ((max_power_kw > (0)::numeric)),
    CONSTRAINT connector_wanted CHECK ((wanted_type = ANY (ARRAY['Operative'::text, 'Inoperative'::text]))),
    CONSTRAINT connector_wanted_answer CHECK ((wanted_answer = ANY (ARRAY['Accepted'::text, 'Scheduled'::text]))),
    CONSTRAINT connector_wanted_whole CHECK ((((wanted_type IS NULL) = (wanted_at IS NULL)) AND ((wanted_type IS NULL) = (wanted_answer IS NULL))))
);

COMMENT ON TABLE public.connector IS 'One outlet as registered and as last reported; connector 0 is the charger as a whole.';

CREATE SEQUENCE public.connector_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

ALTER SEQUENCE public.connector_id_seq OWNED BY public.connector.id;

CREATE TABLE public.connector_status_event (
    id bigint NOT NULL,
    organization_id bigint NOT NULL,
    charger_id bigint NOT NULL,
    connector_id smallint NOT NULL,
    status text NOT NULL,
    error_code text NOT NULL,
    info text,
    vendor_id text,
    vendor_error_code text,
    reported_at timestamp with time zone NOT NULL,
    received_at timestamp with time zone NOT NULL,
    is_current boolean NOT NULL,
    clock_note text
)
PARTITION BY RANGE (received_at);

COMMENT ON TABLE public.connector_status_event IS 'Every status report; one partition per month of received_at.';

CREATE SEQUENCE public.connector_status_event_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 20;

ALTER SEQUENCE public.connector_status_event_id_seq OWNED BY public.connector_status_event.id;

CREATE TABLE public.connector_status_event_default (
    id bigint DEFAULT nextval('public.connector_status_event_id_seq'::regclass) CONSTRAINT connector_status_event_id_not_null NOT NULL,
    organization_id bigint CONSTRAINT connector_status_event_organization_id_not_null NOT NULL,
    charger_id bigint CONSTRAINT connector_status_event_charger_id_not_null NOT NULL,
    connector_id smallint CONSTRAINT connector_status_event_connector_id_not_null NOT NULL,
    status text CONSTRAINT connector_status_event_status_not_null NOT NULL,
    error_code text CONSTRAINT connector_status_event_error_code_not_null NOT NULL,
    info text,
    vendor_id text,
    vendor_error_code text,
    reported_at timestamp with time zone CONSTRAINT connector_status_event_reported_at_not_null NOT NULL,
    received_at timestamp with time zone CONSTRAINT connector_status_event_received_at_not_null NOT NULL,
    is_current boolean CONSTRAINT connector_status_event_is_current_not_null NOT NULL,
    clock_note text
);

CREATE TABLE public.desk_case (
    id bigint NOT NULL,
    kind text NOT NULL,
    case_key text NOT NULL,
    summary text NOT NULL,
    evidence text NOT NULL,
    opened_at timestamp with time zone NOT NULL,
    resolved_at timestamp with time zone,
    resolved_by bigint,
    resolution text,
    charger_id bigint,
    organization_id bigint NOT NULL,
    transaction_id integer,
    CONSTRAINT desk_case_resolved CHECK (((resolved_at IS NULL) = (resolution IS NULL)))
);

COMMENT ON TABLE public.desk_case IS 'Something that a machine must not decide waits for a person.';

CREATE SEQUENCE public.desk_case_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

ALTER SEQUENCE public.desk_case_id_seq OWNED BY public.desk_case.id;

CREATE TABLE public.external_identity (
    id bigint NOT NULL,
    issuer text NOT NULL,
    subject text NOT NULL,
    profile_as_of timestamp with time zone,
    role_as_of timestamp with time zone,
    created_at timestamp with time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
    deleted_at timestamp with time zone,
    organization_id bigint NOT NULL,
    user_id bigint
);

COMMENT ON TABLE public.external_identity IS 'A person as another issuer knows them. `deleted_at`: the issuer has deleted them, for good.';

CREATE SEQUENCE public.external_identity_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

ALTER SEQUENCE public.external_identity_id_seq OWNED BY public.external_identity.id;

CREATE TABLE public.fault (
    id bigint NOT NULL,
    connector_id smallint NOT NULL,
    status text NOT NULL,
    error_code text NOT NULL,
    vendor_id text,
    vendor_error_code text,
    info text,
    opened_at timestamp with time zone NOT NULL,
    received_at timestamp with time zone NOT NULL,
    resolved_at timestamp with time zone,
    resolution text,
    is_history boolean DEFAULT false NOT NULL,
    charger_id bigint NOT NULL,
    organization_id bigint NOT NULL,
    CONSTRAINT fault_history CHECK (((NOT is_history) OR (resolved_at IS NOT NULL))),
    CONSTRAINT fault_order CHECK ((resolved_at >= opened_at)),
    CONSTRAINT fault_resolved CHECK (((resolved_at IS NULL) = (resolution IS NULL)))
);

COMMENT ON TABLE public.fault IS 'A fault of one connector, open while `resolved_at` is NULL; history was told afterwards.';

CREATE SEQUENCE public.fault_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

ALTER SEQUENCE public.fault_id_seq OWNED BY public.fault.id;

CREATE TABLE public.firmware_campaign (
    id bigint NOT NULL,
    name text NOT NULL,
    kind text NOT NULL,
    location text NOT NULL,
    version text NOT NULL,
    signing_certificate text,
    signature text,
    retrieve_at timestamp with time zone,
    status text DEFAULT 'RUNNING'::text NOT NULL,
    status_reason text,
    parallel_max integer NOT NULL,
    attempts_max integer NOT NULL,
    boot_timeout_s integer NOT NULL,
    failures_max integer,
    wave integer DEFAULT 1 NOT NULL,
    created_by bigint,
    created_at timestamp with time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
    ended_at timestamp with time zone,
    organization_id bigint NOT NULL,
    CONSTRAINT firmware_campaign_bounds CHECK (((parallel_max > 0) AND (attempts_max > 0) AND (boot_timeout_s > 0))),
    CONSTRAINT firmware_campaign_kind CHECK ((kind = ANY (ARRAY['FIRMWARE'::text, 'SIGNED_FIRMWARE'::text]))),
    CONSTRAINT firmware_campaign_signed CHECK (((kind = 'SIGNED_FIRMWARE'::text) = ((signing_certificate IS NOT NULL) AND (signature IS NOT NULL)))),
    CONSTRAINT firmware_campaign_status CHECK ((status = ANY (ARRAY['RUNNING'::text, 'PAUSED'::text, 'CANCELLED'::text, 'DONE'::text])))
);

COMMENT ON TABLE public.firmware_campaign IS 'What is to be installed where, and how carefully. `wave` is the one that runs.';

CREATE SEQUENCE public.firmware_campaign_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

ALTER SEQUENCE public.firmware_campaign_id_seq OWNED BY public.firmware_campaign.id;

CREATE TABLE public.handshake_attempt (
    id bigint NOT NULL,
    at timestamp with time zone NOT NULL,
    charge_point_id text NOT NULL,
    charger_id bigint,
    organization_id bigint,
    remote_address text,
    outcome text NOT NULL,
    http_status smallint NOT NULL,
    reason text NOT NULL,
    subprotocols text,
    CONSTRAINT handshake_attempt_status CHECK (((http_status >= 100) AND (http_status <= 599)))
);

COMMENT ON TABLE public.handshake_attempt IS 'One try to connect, admitted or not, with the reason.';

CREATE SEQUENCE public.handshake_attempt_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

ALTER SEQUENCE public.handshake_attempt_id_seq OWNED BY public.handshake_attempt.id;

CREATE TABLE public.id_tag (
    id bigint NOT NULL,
    id_tag text NOT NULL,
    folded text NOT NULL,
    parent_id_tag text,
    parent_folded text,
    expires_at timestamp with time zone,
    is_blocked boolean DEFAULT false NOT NULL,
    is_app_tag boolean DEFAULT false NOT NULL,
    forbids_concurrent boolean DEFAULT false NOT NULL,
    created_at timestamp with time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
    updated_at timestamp with time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
    organization_id bigint NOT NULL,
    user_id bigint,
    CONSTRAINT id_tag_app CHECK (((NOT is_app_tag) OR (user_id IS NOT NULL))),
    CONSTRAINT id_tag_parent CHECK (((parent_id_tag IS NULL) = (parent_folded IS NULL))),
    CONSTRAINT id_tag_said CHECK (((id_tag <> ''::text) AND (folded <> ''::text)))
);

COMMENT ON TABLE public.id_tag IS 'A token as spelled, and `folded` as compared; unique per organization.';

CREATE SEQUENCE public.id_tag_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

ALTER SEQUENCE public.id_tag_id_seq OWNED BY public.id_tag.id;

CREATE TABLE public.idempotency_key (
    id bigint NOT NULL,
    user_id bigint NOT NULL,
    key text NOT NULL,
    method text NOT NULL,
    path text NOT NULL,
    body_hash bytea NOT NULL,
    status integer,
    response text,
    created_at timestamp with time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
    organization_id bigint NOT NULL
);

COMMENT ON TABLE public.idempotency_key IS 'An unsafe call that carried a key, with its answer once there is one.';

CREATE SEQUENCE public.idempotency_key_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

ALTER SEQUENCE public.idempotency_key_id_seq OWNED BY public.idempotency_key.id;

CREATE TABLE public.installed_certificate (
    id bigint NOT NULL,
    use text NOT NULL,
    hash_algorithm text NOT NULL,
    issuer_name_hash text NOT NULL,
    issuer_key_hash text NOT NULL,
    serial_number text NOT NULL,
    told_at timestamp with time zone NOT NULL,
    charger_id bigint NOT NULL,
    organization_id bigint NOT NULL
);

COMMENT ON TABLE public.installed_certificate IS 'A root certificate as the charger listed it, by its hashes.';

CREATE SEQUENCE public.installed_certificate_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

ALTER SEQUENCE public.installed_certificate_id_seq OWNED BY public.installed_certificate.id;

CREATE TABLE public.issued_certificate (
    id bigint NOT NULL,
    serial_number text NOT NULL,
    subject text NOT NULL,
    fingerprint text NOT NULL,
    certificate text NOT NULL,
    not_before timestamp with time zone NOT NULL,
    not_after timestamp with time zone NOT NULL,
    issued_at timestamp with time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
    revoked_at timestamp with time zone,
    revocation_reason text,
    authority_id bigint NOT NULL,
    charger_id bigint NOT NULL,
    organization_id bigint NOT NULL,
    request_id bigint NOT NULL,
    CONSTRAINT issued_certificate_order CHECK ((not_after > not_before))
);

COMMENT ON TABLE public.issued_certificate IS 'A client certificate that our authority signed for a charger.';

CREATE SEQUENCE public.issued_certificate_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

ALTER SEQUENCE public.issued_certificate_id_seq OWNED BY public.issued_certificate.id;

CREATE TABLE public.job (
    id bigint NOT NULL,
    organization_id bigint,
    kind text NOT NULL,
    unique_key text NOT NULL,
    payload text NOT NULL,
    state text DEFAULT 'READY'::text NOT NULL,
    attempts integer DEFAULT 0 NOT NULL,
    max_attempts integer DEFAULT 25 NOT NULL,
    run_at timestamp with time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
    leased_until timestamp with time zone,
    lease_owner text,
    last_error text,
    created_at timestamp with time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
    finished_at timestamp with time zone,
    CONSTRAINT job_attempts CHECK (((attempts >= 0) AND (max_attempts > 0))),
    CONSTRAINT job_finished CHECK (((state = ANY (ARRAY['DONE'::text, 'DEAD'::text])) = (finished_at IS NOT NULL))),
    CONSTRAINT job_lease CHECK ((((state = 'RUNNING'::text) = (leased_until IS NOT NULL)) AND ((state = 'RUNNING'::text) = (lease_owner IS NOT NULL)))),
    CONSTRAINT job_state CHECK ((state = ANY (ARRAY['READY'::text, 'RUNNING'::text, 'DONE'::text, 'DEAD'::text])))
);

COMMENT ON TABLE public.job IS 'A job until it is done or dead; `unique_key` names its effect for good.';

CREATE SEQUENCE public.job_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

ALTER SEQUENCE public.job_id_seq OWNED BY public.job.id;

CREATE TABLE public.journal_marker (
    id bigint NOT NULL,
    at timestamp with time zone DEFAULT CURRENT_TIMESTAMP NOT NULL
);

COMMENT ON TABLE public.journal_marker IS 'Tells whether a commit without messages happened, when its acknowledgement was lost.';

CREATE TABLE public.ledger_account (
    id bigint NOT NULL,
    kind text NOT NULL,
    currency character varying(3) NOT NULL,
    created_at timestamp with time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
    organization_id bigint NOT NULL,
    user_id bigint,
    CONSTRAINT ledger_account_currency CHECK (((currency)::text ~ '^[A-Z]{3}$'::text)),
    CONSTRAINT ledger_account_kind CHECK ((kind = ANY (ARRAY['wallet'::text, 'hold'::text, 'cash'::text, 'revenue'::text, 'adjustment'::text]))),
    CONSTRAINT ledger_account_person CHECK (((kind = ANY (ARRAY['wallet'::text, 'hold'::text])) = (user_id IS NOT NULL)))
);

COMMENT ON TABLE public.ledger_account IS 'An account; its balance is the sum of its entries. Wallet and hold belong to a person.';

CREATE SEQUENCE public.ledger_account_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

ALTER SEQUENCE public.ledger_account_id_seq OWNED BY public.ledger_account.id;

CREATE TABLE public.ledger_entry (
    id bigint NOT NULL,
    amount numeric(18,4) NOT NULL,
    currency character varying(3) NOT NULL,
    account_id bigint NOT NULL,
    transfer_id bigint NOT NULL
);

COMMENT ON TABLE public.ledger_entry IS 'One immutable line of a transfer; a positive amount raises the account''s balance.';

CREATE SEQUENCE public.ledger_entry_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

ALTER SEQUENCE public.ledger_entry_id_seq OWNED BY public.ledger_entry.id;

CREATE TABLE public.ledger_transfer (
    id bigint NOT NULL,
    kind text NOT NULL,
    idempotency_key text NOT NULL,
    content_hash bytea NOT NULL,
    note text NOT NULL,
    created_by bigint,
    created_at timestamp with time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
    organization_id bigint NOT NULL,
    transaction_id integer,
    CONSTRAINT ledger_transfer_keyed CHECK ((idempotency_key <> ''::text)),
    CONSTRAINT ledger_transfer_kind CHECK ((kind = ANY (ARRAY['top_up'::text, 'charge'::text, 'correction'::text, 'hold'::text, 'release'::text, 'refund'::text, 'adjustment'::text])))
);

COMMENT ON TABLE public.ledger_transfer IS 'An immutable transfer; its key makes a repeat a no-op, `content_hash` tells repeat from reuse.';

CREATE SEQUENCE public.ledger_transfer_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

ALTER SEQUENCE public.ledger_transfer_id_seq OWNED BY public.ledger_transfer.id;

CREATE TABLE public.leniency_count (
    id bigint NOT NULL,
    rule text NOT NULL,
    day date NOT NULL,
    hits bigint NOT NULL,
    last_at timestamp with time zone NOT NULL,
    charger_id bigint NOT NULL,
    organization_id bigint NOT NULL
);

COMMENT ON TABLE public.leniency_count IS 'How often a rule repaired something of a charger on one day (UTC).';

CREATE SEQUENCE public.leniency_count_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

ALTER SEQUENCE public.leniency_count_id_seq OWNED BY public.leniency_count.id;

CREATE TABLE public.local_list (
    charger_id bigint NOT NULL,
    sent_version integer,
    accepted_version integer,
    accepted_at timestamp with time zone,
    told_version integer,
    told_at timestamp with time zone,
    entries jsonb DEFAULT '{}'::jsonb NOT NULL,
    organization_id bigint NOT NULL,
    CONSTRAINT local_list_entries CHECK ((jsonb_typeof(entries) = 'object'::text))
);

COMMENT ON TABLE public.local_list IS 'A charger''s list. `entries`, by folded tag, are those of `accepted_version`.';

CREATE TABLE public.local_list_update (
    id bigint NOT NULL,
    operation_id bigint NOT NULL,
    version integer NOT NULL,
    update_type text NOT NULL,
    entries jsonb NOT NULL,
    status text,
    sent_at timestamp with time zone NOT NULL,
    answered_at timestamp with time zone,
    charger_id bigint NOT NULL,
    organization_id bigint NOT NULL,
    CONSTRAINT local_list_update_type CHECK ((update_type = ANY (ARRAY['Full'::text, 'Differential'::text])))
);

COMMENT ON TABLE public.local_list_update IS 'One SendLocalList with its answer. `entries` are as on the wire.';

CREATE SEQUENCE public.local_list_update_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

ALTER SEQUENCE public.local_list_update_id_seq OWNED BY public.local_list_update.id;

CREATE TABLE public.mail_token (
    id bigint NOT NULL,
    purpose text NOT NULL,
    hash bytea NOT NULL,
    email text NOT NULL,
    full_name text,
    created_at timestamp with time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    used_at timestamp with time zone,
    organization_id bigint NOT NULL,
    user_id bigint,
    CONSTRAINT mail_token_purpose CHECK ((purpose = ANY (ARRAY['SIGN_UP'::text, 'RESET_PASSWORD'::text, 'VERIFY_EMAIL'::text]))),
    CONSTRAINT mail_token_user CHECK (((purpose = 'SIGN_UP'::text) = (user_id IS NULL)))
);

COMMENT ON TABLE public.mail_token IS 'What a link in a letter stands for, by its hash; good for one use.';

CREATE SEQUENCE public.mail_token_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

ALTER SEQUENCE public.mail_token_id_seq OWNED BY public.mail_token.id;

CREATE TABLE public.maintenance_event (
    id bigint NOT NULL,
    kind text NOT NULL,
    status text NOT NULL,
    request_id integer,
    received_at timestamp with time zone NOT NULL,
    charger_id bigint NOT NULL,
    job_id bigint,
    organization_id bigint NOT NULL
);

COMMENT ON TABLE public.maintenance_event IS 'One status that a charger reported; without a job where none was asked for.';

CREATE SEQUENCE public.maintenance_event_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

ALTER SEQUENCE public.maintenance_event_id_seq OWNED BY public.maintenance_event.id;

CREATE TABLE public.maintenance_job (
    id bigint NOT NULL,
    kind text NOT NULL,
    operation_id bigint NOT NULL,
    request_id integer,
    location text NOT NULL,
    file_name text,
    charger_status text,
    status text DEFAULT 'ASKED'::text NOT NULL,
    version_before text,
    version_after text,
    asked_at timestamp with time zone NOT NULL,
    status_at timestamp with time zone NOT NULL,
    ended_at timestamp with time zone,
    confirmed_at timestamp with time zone,
    charger_id bigint NOT NULL,
    organization_id bigint NOT NULL,
    CONSTRAINT maintenance_job_kind CHECK ((kind = ANY (ARRAY['FIRMWARE'::text, 'SIGNED_FIRMWARE'::text, 'DIAGNOSTICS'::text, 'LOG'::text]))),
    CONSTRAINT maintenance_job_status CHECK ((status = ANY (ARRAY['ASKED'::text, 'RUNNING'::text, 'DONE'::text, 'FAILED'::text, 'REFUSED'::text, 'REPLACED'::text])))
);

COMMENT ON TABLE public.maintenance_job IS 'One firmware update or upload. `confirmed_at`: a boot with another version proved it.';

CREATE SEQUENCE public.maintenance_job_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

ALTER SEQUENCE public.maintenance_job_id_seq OWNED BY public.maintenance_job.id;

CREATE TABLE public.message (
    id bigint NOT NULL,
    organization_id bigint NOT NULL,
    charger_id bigint NOT NULL,
    charge_point_id text NOT NULL,
    epoch bigint NOT NULL,
    direction text NOT NULL,
    action text,
    message_id text,
    request text,
    answer text,
    received_at timestamp with time zone NOT NULL,
    answered_at timestamp with time zone,
    outcome text NOT NULL,
    correlation_id text,
    repairs text,
    is_repeat boolean NOT NULL,
    CONSTRAINT message_direction CHECK ((direction = ANY (ARRAY['IN'::text, 'OUT'::text])))
)
PARTITION BY RANGE (received_at);

COMMENT ON TABLE public.message IS 'One exchange on the wire; one partition per day of received_at. Ids rise with time.';

CREATE TABLE public.message_default (
    id bigint CONSTRAINT message_id_not_null NOT NULL,
    organization_id bigint CONSTRAINT message_organization_id_not_null NOT NULL,
    charger_id bigint CONSTRAINT message_charger_id_not_null NOT NULL,
    charge_point_id text CONSTRAINT message_charge_point_id_not_null NOT NULL,
    epoch bigint CONSTRAINT message_epoch_not_null NOT NULL,
    direction text CONSTRAINT message_direction_not_null NOT NULL,
    action text,
    message_id text,
    request text,
    answer text,
    received_at timestamp with time zone CONSTRAINT message_received_at_not_null NOT NULL,
    answered_at timestamp with time zone,
    outcome text CONSTRAINT message_outcome_not_null NOT NULL,
    correlation_id text,
    repairs text,
    is_repeat boolean CONSTRAINT message_is_repeat_not_null NOT NULL,
    CONSTRAINT message_direction CHECK ((direction = ANY (ARRAY['IN'::text, 'OUT'::text])))
);

CREATE SEQUENCE public.message_id_seq
    START WITH 1
    INCREMENT BY 1000
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

CREATE TABLE public.meter_key (
    id bigint NOT NULL,
    connector_id smallint NOT NULL,
    public_key text NOT NULL,
    fingerprint text NOT NULL,
    created_at timestamp with time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
    charger_id bigint NOT NULL,
    organization_id bigint NOT NULL,
    CONSTRAINT meter_key_connector CHECK ((connector_id >= 0))
);

COMMENT ON TABLE public.meter_key IS 'The public key of a charger''s meter, set by a person; connector 0 is for all without an own.';

CREATE SEQUENCE public.meter_key_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

ALTER SEQUENCE public.meter_key_id_seq OWNED BY public.meter_key.id;

CREATE TABLE public.meter_value (
    id bigint NOT NULL,
    organization_id bigint NOT NULL,
    charger_id bigint NOT NULL,
    connector_id smallint NOT NULL,
    transaction_id integer,
    sampled_at timestamp with time zone NOT NULL,
    received_at timestamp with time zone NOT NULL,
    register_wh numeric(16,3),
    power_w numeric(16,3),
    soc_percent numeric(6,3),
    is_suspect boolean NOT NULL,
    is_inferred boolean NOT NULL,
    note text,
    samples text NOT NULL
)
PARTITION BY RANGE (received_at);

COMMENT ON TABLE public.meter_value IS 'The samples of one moment at one connector; one partition per month of received_at.';

CREATE SEQUENCE public.meter_value_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 100;

ALTER SEQUENCE public.meter_value_id_seq OWNED BY public.meter_value.id;

CREATE TABLE public.meter_value_default (
    id bigint DEFAULT nextval('public.meter_value_id_seq'::regclass) CONSTRAINT meter_value_id_not_null NOT NULL,
    organization_id bigint CONSTRAINT meter_value_organization_id_not_null NOT NULL,
    charger_id bigint CONSTRAINT meter_value_charger_id_not_null NOT NULL,
    connector_id smallint CONSTRAINT meter_value_connector_id_not_null NOT NULL,
    transaction_id integer,
    sampled_at timestamp with time zone CONSTRAINT meter_value_sampled_at_not_null NOT NULL,
    received_at timestamp with time zone CONSTRAINT meter_value_received_at_not_null NOT NULL,
    register_wh numeric(16,3),
    power_w numeric(16,3),
    soc_percent numeric(6,3),
    is_suspect boolean CONSTRAINT meter_value_is_suspect_not_null NOT NULL,
    is_inferred boolean CONSTRAINT meter_value_is_inferred_not_null NOT NULL,
    note text,
    samples text CONSTRAINT meter_value_samples_not_null NOT NULL
);

CREATE TABLE public.model_leniency (
    id bigint NOT NULL,
    vendor text NOT NULL,
    model text NOT NULL,
    rules jsonb DEFAULT '{}'::jsonb NOT NULL,
    note text,
    updated_at timestamp with time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
    organization_id bigint NOT NULL,
    CONSTRAINT model_leniency_named CHECK (((vendor <> ''::text) AND (model <> ''::text))),
    CONSTRAINT model_leniency_rules CHECK ((jsonb_typeof(rules) = 'object'::text))
);

COMMENT ON TABLE public.model_leniency IS 'Which rules all chargers of a model get or do not get; the others are as by default.';

CREATE SEQUENCE public.model_leniency_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

ALTER SEQUENCE public.model_leniency_id_seq OWNED BY public.model_leniency.id;

CREATE TABLE public.operation (
    id bigint NOT NULL,
    charge_point_id text NOT NULL,
    requested_by bigint,
    action text NOT NULL,
    request text NOT NULL,
    status text DEFAULT 'REQUESTED'::text NOT NULL,
    message_id text,
    response text,
    error_code text,
    error_detail text,
    warnings text,
    hold_for bigint,
    hold_amount numeric(18,4),
    hold_currency character varying(3),
    requested_at timestamp with time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
    sent_at timestamp with time zone,
    settled_at timestamp with time zone,
    transaction_id integer,
    charger_id bigint NOT NULL,
    organization_id bigint NOT NULL,
    CONSTRAINT operation_hold CHECK ((((hold_for IS NULL) = (hold_amount IS NULL)) AND ((hold_for IS NULL) = (hold_currency IS NULL)))),
    CONSTRAINT operation_settled CHECK (((status = ANY (ARRAY['REQUESTED'::text, 'SENT'::text])) = (settled_at IS NULL))),
    CONSTRAINT operation_status CHECK ((status = ANY (ARRAY['REQUESTED'::text, 'SENT'::text, 'ANSWERED'::text, 'FAILED'::text, 'TIMED_OUT'::text, 'EXPIRED'::text])))
);

COMMENT ON TABLE public.operation IS 'A request made to a charger, by whom, with its outcome.';

CREATE SEQUENCE public.operation_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

ALTER SEQUENCE public.operation_id_seq OWNED BY public.operation.id;

CREATE TABLE public.organization (
    id bigint NOT NULL,
    name text NOT NULL,
    currency character varying(3) DEFAULT 'EUR'::character varying NOT NULL,
    minimum_balance numeric(18,4) DEFAULT 0 NOT NULL,
    hold_amount numeric(18,4) DEFAULT 20 NOT NULL,
    reconcile_after_s integer DEFAULT 1800 NOT NULL,
    offline_cap_s integer DEFAULT 604800 NOT NULL,
    created_at timestamp with time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
    CONSTRAINT organization_currency CHECK (((currency)::text ~ '^[A-Z]{3}$'::text)),
    CONSTRAINT organization_hold CHECK ((hold_amount >= (0)::numeric)),
    CONSTRAINT organization_waits CHECK (((reconcile_after_s > 0) AND (offline_cap_s > 0)))
);

COMMENT ON TABLE public.organization IS 'Whoever runs a network; its policy on money and reconciliation.';

CREATE SEQUENCE public.organization_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

ALTER SEQUENCE public.organization_id_seq OWNED BY public.organization.id;

CREATE TABLE public.outgoing_mail (
    id bigint NOT NULL,
    kind text NOT NULL,
    recipient text NOT NULL,
    subject text NOT NULL,
    body text NOT NULL,
    created_at timestamp with time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
    sent_at timestamp with time zone,
    organization_id bigint NOT NULL
);

COMMENT ON TABLE public.outgoing_mail IS 'A letter. Its body is emptied once it was sent: links in it are secrets.';

CREATE SEQUENCE public.outgoing_mail_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

ALTER SEQUENCE public.outgoing_mail_id_seq OWNED BY public.outgoing_mail.id;

CREATE TABLE public.quarantine (
    id bigint NOT NULL,
    epoch bigint NOT NULL,
    message_id text,
    action text,
    raw bytea NOT NULL,
    error text NOT NULL,
    received_at timestamp with time zone NOT NULL,
    resolved_at timestamp with time zone,
    charger_id bigint NOT NULL,
    organization_id bigint NOT NULL
);

COMMENT ON TABLE public.quarantine IS 'The raw frame of a message that could not be stored, alone among others that could.';

CREATE SEQUENCE public.quarantine_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

ALTER SEQUENCE public.quarantine_id_seq OWNED BY public.quarantine.id;

CREATE TABLE public.recovery_code (
    id bigint NOT NULL,
    hash bytea NOT NULL,
    used_at timestamp with time zone,
    organization_id bigint NOT NULL,
    user_id bigint NOT NULL
);

COMMENT ON TABLE public.recovery_code IS 'A code for the day when the second factor is lost; good for one use.';

CREATE SEQUENCE public.recovery_code_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

ALTER SEQUENCE public.recovery_code_id_seq OWNED BY public.recovery_code.id;

CREATE TABLE public.refresh_token (
    id bigint NOT NULL,
    hash bytea NOT NULL,
    created_at timestamp with time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
    used_at timestamp with time zone,
    organization_id bigint NOT NULL,
    session_id bigint NOT NULL
);

COMMENT ON TABLE public.refresh_token IS 'A refresh token by its hash; one that comes a second time ends its session.';

CREATE SEQUENCE public.refresh_token_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

ALTER SEQUENCE public.refresh_token_id_seq OWNED BY public.refresh_token.id;

CREATE TABLE public.reservation (
    id integer NOT NULL,
    connector_id smallint NOT NULL,
    id_tag text NOT NULL,
    id_tag_folded text NOT NULL,
    parent_id_tag text,
    expires_at timestamp with time zone NOT NULL,
    status text DEFAULT 'ASKED'::text NOT NULL,
    operation_id bigint,
    transaction_id integer,
    asked_at timestamp with time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
    answered_at timestamp with time zone,
    ended_at timestamp with time zone,
    charger_id bigint NOT NULL,
    organization_id bigint NOT NULL,
    CONSTRAINT reservation_connector CHECK ((connector_id >= 0)),
    CONSTRAINT reservation_id CHECK ((id > 0)),
    CONSTRAINT reservation_status CHECK ((status = ANY (ARRAY['ASKED'::text, 'ACCEPTED'::text, 'REJECTED'::text, 'FAULTED'::text, 'OCCUPIED'::text, 'UNAVAILABLE'::text, 'USED'::text, 'CANCELLED'::text, 'EXPIRED'::text])))
);

COMMENT ON TABLE public.reservation IS 'A reservation from the request to its end; `operation_id` is the request.';

CREATE TABLE public.retention (
    kind character varying(40) NOT NULL,
    keep_days integer,
    updated_at timestamp with time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
    updated_by bigint,
    CONSTRAINT retention_days CHECK (((keep_days >= 1) AND (keep_days <= 36500))),
    CONSTRAINT retention_kind CHECK (((kind)::text = ANY ((ARRAY['messages'::character varying, 'meter_values'::character varying, 'status_events'::character varying])::text[])))
);

COMMENT ON TABLE public.retention IS 'How many days a kind of log is kept, for the whole installation; NULL: for good.';

CREATE TABLE public.role_grant (
    id bigint NOT NULL,
    role text NOT NULL,
    granted_by bigint,
    granted_at timestamp with time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
    organization_id bigint NOT NULL,
    station_id bigint,
    user_id bigint NOT NULL,
    CONSTRAINT role_grant_role CHECK ((role = ANY (ARRAY['viewer'::text, 'operator'::text, 'manager'::text, 'finance'::text])))
);

COMMENT ON TABLE public.role_grant IS 'An operator role that a person holds, for one station or (NULL) the whole organization.';

CREATE SEQUENCE public.role_grant_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

ALTER SEQUENCE public.role_grant_id_seq OWNED BY public.role_grant.id;

CREATE TABLE public.second_factor (
    user_id bigint NOT NULL,
    sealed_secret bytea NOT NULL,
    last_step bigint DEFAULT 0 NOT NULL,
    created_at timestamp with time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
    confirmed_at timestamp with time zone,
    organization_id bigint NOT NULL
);

COMMENT ON TABLE public.second_factor IS 'A person''s TOTP secret, sealed. `last_step` is the newest time step that was used.';

CREATE TABLE public.security_event (
    id bigint NOT NULL,
    type text NOT NULL,
    tech_info text,
    occurred_at timestamp with time zone NOT NULL,
    received_at timestamp with time zone NOT NULL,
    charger_id bigint,
    organization_id bigint NOT NULL,
    remote_address text,
    source text DEFAULT 'CHARGER'::text NOT NULL,
    CONSTRAINT security_event_source CHECK ((source = ANY (ARRAY['CHARGER'::text, 'SERVER'::text])))
);

COMMENT ON TABLE public.security_event IS 'A security event as a charger reported it.';

CREATE SEQUENCE public.security_event_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

ALTER SEQUENCE public.security_event_id_seq OWNED BY public.security_event.id;

CREATE TABLE public.server_secret (
    name character varying(60) NOT NULL,
    value bytea NOT NULL,
    created_at timestamp with time zone DEFAULT CURRENT_TIMESTAMP NOT NULL
);

COMMENT ON TABLE public.server_secret IS 'A key of the server, made once: token signing, charger keys.';

CREATE TABLE public.signed_reading (
    id bigint NOT NULL,
    digest text NOT NULL,
    signed_data text NOT NULL,
    sampled_at timestamp with time zone NOT NULL,
    context text,
    result text NOT NULL,
    reason text,
    algorithm text,
    meter_serial text,
    pagination text,
    begin_wh numeric(16,3),
    end_wh numeric(16,3),
    public_key text,
    key_source text,
    checked_at timestamp with time zone NOT NULL,
    organization_id bigint NOT NULL,
    transaction_id integer NOT NULL,
    CONSTRAINT signed_reading_reason CHECK (((result = 'VERIFIED'::text) = (reason IS NULL))),
    CONSTRAINT signed_reading_result CHECK ((result = ANY (ARRAY['VERIFIED'::text, 'INVALID'::text, 'UNVERIFIABLE'::text])))
);

COMMENT ON TABLE public.signed_reading IS 'A signed record of a session as it came, with the result of its check.';

CREATE SEQUENCE public.signed_reading_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

ALTER SEQUENCE public.signed_reading_id_seq OWNED BY public.signed_reading.id;

CREATE TABLE public.station (
    id bigint NOT NULL,
    name text NOT NULL,
    latitude numeric(9,6) NOT NULL,
    longitude numeric(9,6) NOT NULL,
    address text DEFAULT ''::text NOT NULL,
    time_zone text DEFAULT 'UTC'::text NOT NULL,
    created_at timestamp with time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
    updated_at timestamp with time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
    archived_at timestamp with time zone,
    organization_id bigint NOT NULL,
    CONSTRAINT station_place CHECK ((((latitude >= ('-90'::integer)::numeric) AND (latitude <= (90)::numeric)) AND ((longitude >= ('-180'::integer)::numeric) AND (longitude <= (180)::numeric))))
);

COMMENT ON TABLE public.station IS 'A site with an address where chargers stand.';

CREATE SEQUENCE public.station_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

ALTER SEQUENCE public.station_id_seq OWNED BY public.station.id;

CREATE TABLE public.tariff (
    id bigint NOT NULL,
    name text NOT NULL,
    currency character varying(3) NOT NULL,
    price_per_kwh numeric(12,6) NOT NULL,
    price_per_minute numeric(12,6),
    price_per_session numeric(12,6),
    idle_price_per_minute numeric(12,6),
    idle_grace_minutes integer,
    tax_percent numeric(6,3),
    is_default boolean DEFAULT false NOT NULL,
    created_at timestamp with time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
    updated_at timestamp with time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
    archived_at timestamp with time zone,
    organization_id bigint NOT NULL,
    CONSTRAINT tariff_currency CHECK (((currency)::text ~ '^[A-Z]{3}$'::text)),
    CONSTRAINT tariff_default CHECK (((NOT is_default) OR (archived_at IS NULL))),
    CONSTRAINT tariff_prices CHECK (((price_per_kwh >= (0)::numeric) AND (price_per_minute >= (0)::numeric) AND (price_per_session >= (0)::numeric) AND (idle_price_per_minute >= (0)::numeric) AND (idle_grace_minutes >= 0) AND (tax_percent >= (0)::numeric)))
);

COMMENT ON TABLE public.tariff IS 'A price, tax included. One per organization is the default.';

CREATE SEQUENCE public.tariff_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

ALTER SEQUENCE public.tariff_id_seq OWNED BY public.tariff.id;

CREATE TABLE public.tortoise_migrations (
    id integer NOT NULL,
    app character varying(255) NOT NULL,
    name character varying(255) NOT NULL,
    applied_at timestamp with time zone NOT NULL
);

CREATE SEQUENCE public.tortoise_migrations_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

ALTER SEQUENCE public.tortoise_migrations_id_seq OWNED BY public.tortoise_migrations.id;

CREATE TABLE public.transaction (
    id integer NOT NULL,
    connector_id smallint NOT NULL,
    id_tag text NOT NULL,
    id_tag_folded text NOT NULL,
    started_at timestamp with time zone NOT NULL,
    charger_started_at text NOT NULL,
    received_at timestamp with time zone NOT NULL,
    meter_start_wh numeric(16,3) NOT NULL,
    status text NOT NULL,
    status_reason text,
    status_changed_at timestamp with time zone,
    authorization_status text NOT NULL,
    is_billable boolean NOT NULL,
    start_key text,
    stopped_at timestamp with time zone,
    charger_stopped_at text,
    stop_received_at timestamp with time zone,
    meter_stop_wh numeric(16,3),
    stop_reason text,
    stop_id_tag text,
    stop_source text,
    has_charger_stop boolean DEFAULT false NOT NULL,
    energy_wh numeric(16,3),
    energy_basis text,
    explanation text,
    tariff_terms text,
    currency character varying(3),
    cost_amount numeric(18,4),
    billing_status text NOT NULL,
    billing_error text,
    bill_explanation text,
    bill_revision integer DEFAULT 0 NOT NULL,
    billed_at timestamp with time zone,
    hold_amount numeric(18,4),
    reservation_number integer,
    reconcile_by timestamp with time zone,
    note text,
    created_at timestamp with time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
    updated_at timestamp with time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
    charger_id bigint NOT NULL,
    organization_id bigint NOT NULL,
    remote_start_operation_id bigint,
    tariff_id bigint,
    user_id bigint,
    CONSTRAINT transaction_authorization CHECK ((authorization_status = ANY (ARRAY['Accepted'::text, 'Blocked'::text, 'Expired'::text, 'Invalid'::text, 'ConcurrentTx'::text]))),
    CONSTRAINT transaction_billable CHECK (((NOT is_billable) OR (user_id IS NOT NULL))),
    CONSTRAINT transaction_billed CHECK (((billing_status <> 'BILLED'::text) OR ((status = 'ENDED'::text) AND (cost_amount IS NOT NULL) AND (currency IS NOT NULL) AND (energy_wh IS NOT NULL)))),
    CONSTRAINT transaction_billing CHECK ((billing_status = ANY (ARRAY['NOT_BILLABLE'::text, 'PENDING'::text, 'BILLED'::text, 'FAILED'::text]))),
    CONSTRAINT transaction_charger_stop CHECK ((has_charger_stop = (NOT (stop_source IS DISTINCT FROM 'charger'::text)))),
    CONSTRAINT transaction_ended CHECK (((status = 'ENDED'::text) = (stopped_at IS NOT NULL))),
    CONSTRAINT transaction_energy CHECK ((energy_wh >= (0)::numeric)),
    CONSTRAINT transaction_failed CHECK (((billing_status <> 'FAILED'::text) OR (status = 'ENDED'::text))),
    CONSTRAINT transaction_hold CHECK (((hold_amount IS NULL) OR ((hold_amount >= (0)::numeric) AND (currency IS NOT NULL) AND (user_id IS NOT NULL)))),
    CONSTRAINT transaction_id CHECK ((id > 0)),
    CONSTRAINT transaction_not_billable CHECK ((is_billable OR (billing_status = 'NOT_BILLABLE'::text))),
    CONSTRAINT transaction_outlet CHECK ((connector_id > 0)),
    CONSTRAINT transaction_status CHECK ((status = ANY (ARRAY['ACTIVE'::text, 'PENDING_RECONCILIATION'::text, 'ENDED'::text]))),
    CONSTRAINT transaction_stop_source CHECK ((stop_source = ANY (ARRAY['charger'::text, 'deadline'::text, 'operator'::text]))),
    CONSTRAINT transaction_stop_whole CHECK ((((stopped_at IS NULL) = (stop_source IS NULL)) AND ((stopped_at IS NULL) = (stop_reason IS NULL)) AND ((stopped_at IS NULL) = (stop_received_at IS NULL)) AND ((stopped_at IS NOT NULL) OR ((meter_stop_wh IS NULL) AND (energy_wh IS NULL)))))
);

COMMENT ON TABLE public.transaction IS 'One session. Its id is the transactionId on the wire; price and person never change.';

CREATE SEQUENCE public.transaction_id_seq
    AS integer
    START WITH <random>
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

CREATE TABLE public.user_session (
    id bigint NOT NULL,
    kind text NOT NULL,
    token_version integer NOT NULL,
    secret_hash bytea,
    external_key text,
    user_agent text,
    address text,
    created_at timestamp with time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
    last_seen_at timestamp with time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    ended_at timestamp with time zone,
    end_reason text,
    organization_id bigint NOT NULL,
    user_id bigint NOT NULL,
    CONSTRAINT user_session_ended CHECK (((ended_at IS NULL) = (end_reason IS NULL))),
    CONSTRAINT user_session_external CHECK (((kind = 'EXTERNAL'::text) = (external_key IS NOT NULL))),
    CONSTRAINT user_session_kind CHECK ((kind = ANY (ARRAY['BROWSER'::text, 'API'::text, 'EXTERNAL'::text]))),
    CONSTRAINT user_session_proof CHECK (((kind = 'BROWSER'::text) = (secret_hash IS NOT NULL)))
);

COMMENT ON TABLE public.user_session IS 'One sign-in on one device. It ends by itself, by hand, or when `token_version` moves on.';

CREATE SEQUENCE public.user_session_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

ALTER SEQUENCE public.user_session_id_seq OWNED BY public.user_session.id;

CREATE TABLE public.webhook_delivery (
    id bigint NOT NULL,
    message_id text NOT NULL,
    kind text NOT NULL,
    payload text NOT NULL,
    state text DEFAULT 'PENDING'::text NOT NULL,
    attempts integer DEFAULT 0 NOT NULL,
    replay_of bigint,
    created_at timestamp with time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
    last_attempt_at timestamp with time zone,
    next_attempt_at timestamp with time zone,
    delivered_at timestamp with time zone,
    http_status smallint,
    error text,
    response text,
    duration_ms integer,
    endpoint_id bigint NOT NULL,
    organization_id bigint NOT NULL,
    CONSTRAINT webhook_delivery_state CHECK ((state = ANY (ARRAY['PENDING'::text, 'DELIVERED'::text, 'FAILED'::text])))
);

COMMENT ON TABLE public.webhook_delivery IS 'One event for one endpoint, with what became of it. Inserted by triggers, with the fact.';

CREATE SEQUENCE public.webhook_delivery_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

ALTER SEQUENCE public.webhook_delivery_id_seq OWNED BY public.webhook_delivery.id;

CREATE TABLE public.webhook_endpoint (
    id bigint NOT NULL,
    url text NOT NULL,
    description text DEFAULT ''::text NOT NULL,
    kinds jsonb NOT NULL,
    is_active boolean DEFAULT true NOT NULL,
    secret_version integer DEFAULT 1 NOT NULL,
    failing_since timestamp with time zone,
    disabled_at timestamp with time zone,
    disabled_reason text,
    created_at timestamp with time zone DEFAULT CURRENT_TIMESTAMP NOT NULL,
    created_by bigint,
    organization_id bigint NOT NULL,
    CONSTRAINT webhook_endpoint_disabled CHECK ((is_active OR (disabled_reason IS NOT NULL))),
    CONSTRAINT webhook_endpoint_kinds CHECK ((jsonb_typeof(kinds) = 'array'::text))
);

COMMENT ON TABLE public.webhook_endpoint IS 'Where events are sent. The signing secret is derived from the server''s and `secret_version`.';

CREATE SEQUENCE public.webhook_endpoint_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

ALTER SEQUENCE public.webhook_endpoint_id_seq OWNED BY public.webhook_endpoint.id;

CREATE TABLE public.webhook_receipt (
    id bigint NOT NULL,
    source text NOT NULL,
    message_id text NOT NULL,
    received_at timestamp with time zone DEFAULT CURRENT_TIMESTAMP NOT NULL
);

COMMENT ON TABLE public.webhook_receipt IS 'A webhook''s id, so that it is applied once.';

CREATE SEQUENCE public.webhook_receipt_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

ALTER SEQUENCE public.webhook_receipt_id_seq OWNED BY public.webhook_receipt.id;

ALTER TABLE ONLY public.connector_status_event ATTACH PARTITION public.connector_status_event_default DEFAULT;

ALTER TABLE ONLY public.message ATTACH PARTITION public.message_default DEFAULT;

ALTER TABLE ONLY public.meter_value ATTACH PARTITION public.meter_value_default DEFAULT;

ALTER TABLE ONLY public.api_key ALTER COLUMN id SET DEFAULT nextval('public.api_key_id_seq'::regclass);

ALTER TABLE ONLY public.app_user ALTER COLUMN id SET DEFAULT nextval('public.app_user_id_seq'::regclass);

ALTER TABLE ONLY public.audit_entry ALTER COLUMN id SET DEFAULT nextval('public.audit_entry_id_seq'::regclass);

ALTER TABLE ONLY public.audit_seal ALTER COLUMN id SET DEFAULT nextval('public.audit_seal_id_seq'::regclass);

ALTER TABLE ONLY public.campaign_charger ALTER COLUMN id SET DEFAULT nextval('public.campaign_charger_id_seq'::regclass);

ALTER TABLE ONLY public.certificate_authority ALTER COLUMN id SET DEFAULT nextval('public.certificate_authority_id_seq'::regclass);

ALTER TABLE ONLY public.certificate_request ALTER COLUMN id SET DEFAULT nextval('public.certificate_request_id_seq'::regclass);

ALTER TABLE ONLY public.charger ALTER COLUMN id SET DEFAULT nextval('public.charger_id_seq'::regclass);

ALTER TABLE ONLY public.charger_credential ALTER COLUMN id SET DEFAULT nextval('public.charger_credential_id_seq'::regclass);

ALTER TABLE ONLY public.charger_profile ALTER COLUMN id SET DEFAULT nextval('public.charger_profile_id_seq'::regclass);

ALTER TABLE ONLY public.configuration_key ALTER COLUMN id SET DEFAULT nextval('public.configuration_key_id_seq'::regclass);

ALTER TABLE ONLY public.configuration_template ALTER COLUMN id SET DEFAULT nextval('public.configuration_template_id_seq'::regclass);

ALTER TABLE ONLY public.connection ALTER COLUMN id SET DEFAULT nextval('public.connection_id_seq'::regclass);

ALTER TABLE ONLY public.connector ALTER COLUMN id SET DEFAULT nextval('public.connector_id_seq'::regclass);

ALTER TABLE ONLY public.connector_status_event ALTER COLUMN id SET DEFAULT nextval('public.connector_status_event_id_seq'::regclass);

ALTER TABLE ONLY public.desk_case ALTER COLUMN id SET DEFAULT nextval('public.desk_case_id_seq'::regclass);

ALTER TABLE ONLY public.external_identity ALTER COLUMN id SET DEFAULT nextval('public.external_identity_id_seq'::regclass);

ALTER TABLE ONLY public.fault ALTER COLUMN id SET DEFAULT nextval('public.fault_id_seq'::regclass);

ALTER TABLE ONLY public.firmware_campaign ALTER COLUMN id SET DEFAULT nextval('public.firmware_campaign_id_seq'::regclass);

ALTER TABLE ONLY public.handshake_attempt ALTER COLUMN id SET DEFAULT nextval('public.handshake_attempt_id_seq'::regclass);

ALTER TABLE ONLY public.id_tag ALTER COLUMN id SET DEFAULT nextval('public.id_tag_id_seq'::regclass);

ALTER TABLE ONLY public.idempotency_key ALTER COLUMN id SET DEFAULT nextval('public.idempotency_key_id_seq'::regclass);

ALTER TABLE ONLY public.installed_certificate ALTER COLUMN id SET DEFAULT nextval('public.installed_certificate_id_seq'::regclass);

ALTER TABLE ONLY public.issued_certificate ALTER COLUMN id SET DEFAULT nextval('public.issued_certificate_id_seq'::regclass);

ALTER TABLE ONLY public.job ALTER COLUMN id SET DEFAULT nextval('public.job_id_seq'::regclass);

ALTER TABLE ONLY public.ledger_account ALTER COLUMN id SET DEFAULT nextval('public.ledger_account_id_seq'::regclass);

ALTER TABLE ONLY public.ledger_entry ALTER COLUMN id SET DEFAULT nextval('public.ledger_entry_id_seq'::regclass);

ALTER TABLE ONLY public.ledger_transfer ALTER COLUMN id SET DEFAULT nextval('public.ledger_transfer_id_seq'::regclass);

ALTER TABLE ONLY public.leniency_count ALTER COLUMN id SET DEFAULT nextval('public.leniency_count_id_seq'::regclass);

ALTER TABLE ONLY public.local_list_update ALTER COLUMN id SET DEFAULT nextval('public.local_list_update_id_seq'::regclass);

ALTER TABLE ONLY public.mail_token ALTER COLUMN id SET DEFAULT nextval('public.mail_token_id_seq'::regclass);

ALTER TABLE ONLY public.maintenance_event ALTER COLUMN id SET DEFAULT nextval('public.maintenance_event_id_seq'::regclass);

ALTER TABLE ONLY public.maintenance_job ALTER COLUMN id SET DEFAULT nextval('public.maintenance_job_id_seq'::regclass);

ALTER TABLE ONLY public.meter_key ALTER COLUMN id SET DEFAULT nextval('public.meter_key_id_seq'::regclass);

ALTER TABLE ONLY public.meter_value ALTER COLUMN id SET DEFAULT nextval('public.meter_value_id_seq'::regclass);

ALTER TABLE ONLY public.model_leniency ALTER COLUMN id SET DEFAULT nextval('public.model_leniency_id_seq'::regclass);

ALTER TABLE ONLY public.operation ALTER COLUMN id SET DEFAULT nextval('public.operation_id_seq'::regclass);

ALTER TABLE ONLY public.organization ALTER COLUMN id SET DEFAULT nextval('public.organization_id_seq'::regclass);

ALTER TABLE ONLY public.outgoing_mail ALTER COLUMN id SET DEFAULT nextval('public.outgoing_mail_id_seq'::regclass);

ALTER TABLE ONLY public.quarantine ALTER COLUMN id SET DEFAULT nextval('public.quarantine_id_seq'::regclass);

ALTER TABLE ONLY public.recovery_code ALTER COLUMN id SET DEFAULT nextval('public.recovery_code_id_seq'::regclass);

ALTER TABLE ONLY public.refresh_token ALTER COLUMN id SET DEFAULT nextval('public.refresh_token_id_seq'::regclass);

ALTER TABLE ONLY public.role_grant ALTER COLUMN id SET DEFAULT nextval('public.role_grant_id_seq'::regclass);

ALTER TABLE ONLY public.security_event ALTER COLUMN id SET DEFAULT nextval('public.security_event_id_seq'::regclass);

ALTER TABLE ONLY public.signed_reading ALTER COLUMN id SET DEFAULT nextval('public.signed_reading_id_seq'::regclass);

ALTER TABLE ONLY public.station ALTER COLUMN id SET DEFAULT nextval('public.station_id_seq'::regclass);

ALTER TABLE ONLY public.tariff ALTER COLUMN id SET DEFAULT nextval('public.tariff_id_seq'::regclass);

ALTER TABLE ONLY public.tortoise_migrations ALTER COLUMN id SET DEFAULT nextval('public.tortoise_migrations_id_seq'::regclass);

ALTER TABLE ONLY public.user_session ALTER COLUMN id SET DEFAULT nextval('public.user_session_id_seq'::regclass);

ALTER TABLE ONLY public.webhook_delivery ALTER COLUMN id SET DEFAULT nextval('public.webhook_delivery_id_seq'::regclass);

ALTER TABLE ONLY public.webhook_endpoint ALTER COLUMN id SET DEFAULT nextval('public.webhook_endpoint_id_seq'::regclass);

ALTER TABLE ONLY public.webhook_receipt ALTER COLUMN id SET DEFAULT nextval('public.webhook_receipt_id_seq'::regclass);

ALTER TABLE ONLY public.api_key
    ADD CONSTRAINT api_key_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.api_key
    ADD CONSTRAINT api_key_prefix_key UNIQUE (prefix);

ALTER TABLE ONLY public.app_user
    ADD CONSTRAINT app_user_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.audit_entry
    ADD CONSTRAINT audit_entry_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.audit_seal
    ADD CONSTRAINT audit_seal_entry_id_key UNIQUE (entry_id);

ALTER TABLE ONLY public.audit_seal
    ADD CONSTRAINT audit_seal_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.authorization_state
    ADD CONSTRAINT authorization_state_pkey PRIMARY KEY (organization_id);

ALTER TABLE ONLY public.authorization_step
    ADD CONSTRAINT authorization_step_pkey PRIMARY KEY (charger_id);

ALTER TABLE ONLY public.campaign_charger
    ADD CONSTRAINT campaign_charger_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.certificate_authority
    ADD CONSTRAINT certificate_authority_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.certificate_request
    ADD CONSTRAINT certificate_request_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.charger_credential
    ADD CONSTRAINT charger_credential_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.charger_epoch
    ADD CONSTRAINT charger_epoch_pkey PRIMARY KEY (charger_id);

ALTER TABLE ONLY public.charger
    ADD CONSTRAINT charger_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.charger_profile
    ADD CONSTRAINT charger_profile_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.charger_pushes
    ADD CONSTRAINT charger_pushes_pkey PRIMARY KEY (charger_id);

ALTER TABLE ONLY public.charging_profile
    ADD CONSTRAINT charging_profile_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.configuration_key
    ADD CONSTRAINT configuration_key_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.configuration_template
    ADD CONSTRAINT configuration_template_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.connection
    ADD CONSTRAINT connection_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.connector
    ADD CONSTRAINT connector_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.desk_case
    ADD CONSTRAINT desk_case_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.external_identity
    ADD CONSTRAINT external_identity_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.fault
    ADD CONSTRAINT fault_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.firmware_campaign
    ADD CONSTRAINT firmware_campaign_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.handshake_attempt
    ADD CONSTRAINT handshake_attempt_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.id_tag
    ADD CONSTRAINT id_tag_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.idempotency_key
    ADD CONSTRAINT idempotency_key_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.installed_certificate
    ADD CONSTRAINT installed_certificate_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.issued_certificate
    ADD CONSTRAINT issued_certificate_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.job
    ADD CONSTRAINT job_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.journal_marker
    ADD CONSTRAINT journal_marker_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.ledger_account
    ADD CONSTRAINT ledger_account_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.ledger_entry
    ADD CONSTRAINT ledger_entry_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.ledger_transfer
    ADD CONSTRAINT ledger_transfer_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.leniency_count
    ADD CONSTRAINT leniency_count_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.local_list
    ADD CONSTRAINT local_list_pkey PRIMARY KEY (charger_id);

ALTER TABLE ONLY public.local_list_update
    ADD CONSTRAINT local_list_update_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.mail_token
    ADD CONSTRAINT mail_token_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.maintenance_event
    ADD CONSTRAINT maintenance_event_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.maintenance_job
    ADD CONSTRAINT maintenance_job_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.message
    ADD CONSTRAINT message_pkey PRIMARY KEY (received_at, id);

ALTER TABLE ONLY public.message_default
    ADD CONSTRAINT message_default_pkey PRIMARY KEY (received_at, id);

ALTER TABLE ONLY public.meter_key
    ADD CONSTRAINT meter_key_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.model_leniency
    ADD CONSTRAINT model_leniency_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.operation
    ADD CONSTRAINT operation_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.organization
    ADD CONSTRAINT organization_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.outgoing_mail
    ADD CONSTRAINT outgoing_mail_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.quarantine
    ADD CONSTRAINT quarantine_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.recovery_code
    ADD CONSTRAINT recovery_code_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.refresh_token
    ADD CONSTRAINT refresh_token_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.reservation
    ADD CONSTRAINT reservation_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.retention
    ADD CONSTRAINT retention_pkey PRIMARY KEY (kind);

ALTER TABLE ONLY public.role_grant
    ADD CONSTRAINT role_grant_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.second_factor
    ADD CONSTRAINT second_factor_pkey PRIMARY KEY (user_id);

ALTER TABLE ONLY public.security_event
    ADD CONSTRAINT security_event_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.server_secret
    ADD CONSTRAINT server_secret_pkey PRIMARY KEY (name);

ALTER TABLE ONLY public.signed_reading
    ADD CONSTRAINT signed_reading_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.station
    ADD CONSTRAINT station_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.tariff
    ADD CONSTRAINT tariff_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.tortoise_migrations
    ADD CONSTRAINT tortoise_migrations_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.transaction
    ADD CONSTRAINT transaction_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.audit_seal
    ADD CONSTRAINT uid_audit_seal_organiz_746c07 UNIQUE (organization_id, sequence);

ALTER TABLE ONLY public.campaign_charger
    ADD CONSTRAINT uid_campaign_ch_campaig_1c8ace UNIQUE (campaign_id, charger_id);

ALTER TABLE ONLY public.certificate_authority
    ADD CONSTRAINT uid_certificate_organiz_2667b3 UNIQUE (organization_id, key_type);

ALTER TABLE ONLY public.configuration_key
    ADD CONSTRAINT uid_configurati_charger_ce40ea UNIQUE (charger_id, key);

ALTER TABLE ONLY public.connection
    ADD CONSTRAINT uid_connection_charger_967d40 UNIQUE (charger_id, epoch);

ALTER TABLE ONLY public.connector
    ADD CONSTRAINT uid_connector_charger_7d3bd9 UNIQUE (charger_id, connector_id);

ALTER TABLE ONLY public.desk_case
    ADD CONSTRAINT uid_desk_case_organiz_400f8b UNIQUE (organization_id, case_key);

ALTER TABLE ONLY public.external_identity
    ADD CONSTRAINT uid_external_id_issuer_c996d4 UNIQUE (issuer, subject);

ALTER TABLE ONLY public.id_tag
    ADD CONSTRAINT uid_id_tag_organiz_957679 UNIQUE (organization_id, folded);

ALTER TABLE ONLY public.idempotency_key
    ADD CONSTRAINT uid_idempotency_user_id_1b8b8d UNIQUE (user_id, key);

ALTER TABLE ONLY public.issued_certificate
    ADD CONSTRAINT uid_issued_cert_fingerp_dc00b1 UNIQUE (fingerprint);

ALTER TABLE ONLY public.ledger_transfer
    ADD CONSTRAINT uid_ledger_tran_organiz_95eab8 UNIQUE (organization_id, idempotency_key);

ALTER TABLE ONLY public.leniency_count
    ADD CONSTRAINT uid_leniency_co_charger_df9e53 UNIQUE (charger_id, rule, day);

ALTER TABLE ONLY public.meter_key
    ADD CONSTRAINT uid_meter_key_charger_e2452c UNIQUE (charger_id, connector_id);

ALTER TABLE ONLY public.signed_reading
    ADD CONSTRAINT uid_signed_read_transac_da4573 UNIQUE (transaction_id, digest);

ALTER TABLE ONLY public.tortoise_migrations
    ADD CONSTRAINT uid_tortoise_mi_app_3803a5 UNIQUE (app, name);

ALTER TABLE ONLY public.webhook_receipt
    ADD CONSTRAINT uid_webhook_rec_source_4960ec UNIQUE (source, message_id);

ALTER TABLE ONLY public.user_session
    ADD CONSTRAINT user_session_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.webhook_delivery
    ADD CONSTRAINT webhook_delivery_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.webhook_endpoint
    ADD CONSTRAINT webhook_endpoint_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.webhook_receipt
    ADD CONSTRAINT webhook_receipt_pkey PRIMARY KEY (id);

CREATE INDEX api_key_list ON public.api_key USING btree (organization_id, id DESC);

CREATE UNIQUE INDEX app_user_email ON public.app_user USING btree (organization_id, lower(email)) WHERE (erased_at IS NULL);

CREATE INDEX app_user_list ON public.app_user USING btree (organization_id, created_at DESC, id DESC);

CREATE INDEX audit_entry_list ON public.audit_entry USING btree (organization_id, at DESC, id DESC);

CREATE INDEX audit_entry_target ON public.audit_entry USING btree (target_kind, target_id, at DESC);

CREATE UNIQUE INDEX campaign_charger_asked ON public.campaign_charger USING btree (charger_id) WHERE (status = 'ASKED'::text);

CREATE INDEX campaign_charger_open ON public.campaign_charger USING btree (campaign_id, wave) WHERE (status = ANY (ARRAY['WAITING'::text, 'ASKED'::text]));

CREATE INDEX certificate_request_waiting ON public.certificate_request USING btree (organization_id, id) WHERE (state = 'WAITING'::text);

CREATE UNIQUE INDEX charger_charge_point_id ON public.charger USING btree (charge_point_id);

CREATE INDEX charger_credential_active ON public.charger_credential USING btree (charger_id) WHERE (retired_at IS NULL);

CREATE INDEX charger_list ON public.charger USING btree (organization_id, charge_point_id);

CREATE UNIQUE INDEX charger_profile_operation ON public.charger_profile USING btree (operation_id);

CREATE INDEX charger_profile_transaction ON public.charger_profile USING btree (transaction_id) WHERE (transaction_id IS NOT NULL);

CREATE INDEX charger_pushes_authorizations ON public.charger USING btree (organization_id, id) WHERE pushes_authorizations;

CREATE INDEX charger_resends_availability ON public.charger USING btree (id) WHERE resends_availability;

CREATE UNIQUE INDEX configuration_template_name ON public.configuration_template USING btree (organization_id, lower(name));

CREATE INDEX connection_list ON public.connection USING btree (organization_id, connected_at DESC, id DESC);

CREATE INDEX connection_open ON public.connection USING btree (charger_id) WHERE (disconnected_at IS NULL);

CREATE INDEX connector_status_event_of_connector ON ONLY public.connector_status_event USING btree (charger_id, connector_id, reported_at);

CREATE INDEX connector_status_event_defaul_charger_id_connector_id_repor_idx ON public.connector_status_event_default USING btree (charger_id, connector_id, reported_at);

CREATE INDEX desk_case_list ON public.desk_case USING btree (organization_id, opened_at DESC, id DESC);

CREATE INDEX desk_case_open ON public.desk_case USING btree (organization_id, opened_at DESC) WHERE (resolved_at IS NULL);

CREATE INDEX fault_list ON public.fault USING btree (organization_id, opened_at DESC, id DESC);

CREATE UNIQUE INDEX fault_open ON public.fault USING btree (charger_id, connector_id) WHERE (resolved_at IS NULL);

CREATE INDEX firmware_campaign_list ON public.firmware_campaign USING btree (organization_id, id DESC);

CREATE INDEX firmware_campaign_running ON public.firmware_campaign USING btree (id) WHERE (status = 'RUNNING'::text);

CREATE INDEX handshake_attempt_list ON public.handshake_attempt USING btree (organization_id, at DESC, id DESC);

CREATE UNIQUE INDEX id_tag_app_of_user ON public.id_tag USING btree (user_id) WHERE is_app_tag;

CREATE INDEX idx_api_key_organiz_677338 ON public.api_key USING btree (organization_id);

CREATE INDEX idx_api_key_user_id_a3e0be ON public.api_key USING btree (user_id);

CREATE INDEX idx_app_user_organiz_c49249 ON public.app_user USING btree (organization_id);

CREATE INDEX idx_audit_entry_organiz_d1a6d5 ON public.audit_entry USING btree (organization_id);

CREATE INDEX idx_audit_seal_organiz_8404cc ON public.audit_seal USING btree (organization_id);

CREATE INDEX idx_authorizati_organiz_cf6cfd ON public.authorization_step USING btree (organization_id);

CREATE INDEX idx_campaign_ch_charger_ea5f23 ON public.campaign_charger USING btree (charger_id);

CREATE INDEX idx_campaign_ch_organiz_77c0fa ON public.campaign_charger USING btree (organization_id);

CREATE INDEX idx_certificate_charger_deacb5 ON public.certificate_request USING btree (charger_id, id);

CREATE INDEX idx_certificate_organiz_dfe2da ON public.certificate_authority USING btree (organization_id);

CREATE INDEX idx_certificate_organiz_ed0e9c ON public.certificate_request USING btree (organization_id);

CREATE INDEX idx_charger_cre_charger_0e0597 ON public.charger_credential USING btree (charger_id);

CREATE INDEX idx_charger_organiz_d65b4e ON public.charger USING btree (organization_id);

CREATE INDEX idx_charger_pro_charger_949b52 ON public.charger_profile USING btree (charger_id, status);

CREATE INDEX idx_charger_pro_organiz_fda154 ON public.charger_profile USING btree (organization_id);

CREATE INDEX idx_charger_pus_organiz_fcb014 ON public.charger_pushes USING btree (organization_id);

CREATE INDEX idx_charger_pus_templat_78e168 ON public.charger_pushes USING btree (template_id);

CREATE INDEX idx_charger_station_0ab5ce ON public.charger USING btree (station_id);

CREATE INDEX idx_charging_pr_organiz_2395b5 ON public.charging_profile USING btree (organization_id);

CREATE INDEX idx_configurati_organiz_ee8575 ON public.configuration_template USING btree (organization_id);

CREATE INDEX idx_connection_charger_550e97 ON public.connection USING btree (charger_id, connected_at);

CREATE INDEX idx_connection_organiz_fd3b00 ON public.connection USING btree (organization_id);

CREATE INDEX idx_connector_organiz_48fa60 ON public.connector USING btree (organization_id);

CREATE INDEX idx_desk_case_charger_f22217 ON public.desk_case USING btree (charger_id);

CREATE INDEX idx_desk_case_organiz_b7085b ON public.desk_case USING btree (organization_id);

CREATE INDEX idx_desk_case_resolve_4e8e6e ON public.desk_case USING btree (resolved_by);

CREATE INDEX idx_desk_case_transac_2839f7 ON public.desk_case USING btree (transaction_id);

CREATE INDEX idx_external_id_organiz_d84586 ON public.external_identity USING btree (organization_id);

CREATE INDEX idx_external_id_user_id_1580c4 ON public.external_identity USING btree (user_id);

CREATE INDEX idx_fault_charger_b28c5f ON public.fault USING btree (charger_id, opened_at);

CREATE INDEX idx_fault_organiz_2158be ON public.fault USING btree (organization_id);

CREATE INDEX idx_firmware_ca_organiz_2c308f ON public.firmware_campaign USING btree (organization_id);

CREATE INDEX idx_handshake_a_at_1ad5a4 ON public.handshake_attempt USING btree (at);

CREATE INDEX idx_handshake_a_charge__f55ff4 ON public.handshake_attempt USING btree (charge_point_id, at);

CREATE INDEX idx_handshake_a_charger_e5f068 ON public.handshake_attempt USING btree (charger_id, at);

CREATE INDEX idx_id_tag_organiz_a550f9 ON public.id_tag USING btree (organization_id);

CREATE INDEX idx_id_tag_organiz_e99204 ON public.id_tag USING btree (organization_id, parent_folded);

CREATE INDEX idx_id_tag_user_id_bfe16e ON public.id_tag USING btree (user_id);

CREATE INDEX idx_idempotency_created_98dcfd ON public.idempotency_key USING btree (created_at);

CREATE INDEX idx_idempotency_organiz_fc4e6d ON public.idempotency_key USING btree (organization_id);

CREATE INDEX idx_installed_c_charger_1cdb5c ON public.installed_certificate USING btree (charger_id, use);

CREATE INDEX idx_installed_c_organiz_91eaf6 ON public.installed_certificate USING btree (organization_id);

CREATE INDEX idx_issued_cert_authori_1913f2 ON public.issued_certificate USING btree (authority_id);

CREATE INDEX idx_issued_cert_charger_2023bd ON public.issued_certificate USING btree (charger_id);

CREATE INDEX idx_issued_cert_organiz_9abd82 ON public.issued_certificate USING btree (organization_id);

CREATE INDEX idx_issued_cert_request_7767ee ON public.issued_certificate USING btree (request_id);

CREATE INDEX idx_journal_mar_at_ffd332 ON public.journal_marker USING btree (at);

CREATE INDEX idx_ledger_acco_organiz_e69cfd ON public.ledger_account USING btree (organization_id);

CREATE INDEX idx_ledger_acco_user_id_962779 ON public.ledger_account USING btree (user_id);

CREATE INDEX idx_ledger_entr_transfe_e5894a ON public.ledger_entry USING btree (transfer_id);

CREATE INDEX idx_ledger_tran_created_21b315 ON public.ledger_transfer USING btree (created_by);

CREATE INDEX idx_ledger_tran_organiz_854b59 ON public.ledger_transfer USING btree (organization_id);

CREATE INDEX idx_ledger_tran_transac_03b1b3 ON public.ledger_transfer USING btree (transaction_id);

CREATE INDEX idx_leniency_co_organiz_ed5997 ON public.leniency_count USING btree (organization_id);

CREATE INDEX idx_local_list__charger_ab25e1 ON public.local_list_update USING btree (charger_id, id);

CREATE INDEX idx_local_list__organiz_f1f23a ON public.local_list_update USING btree (organization_id);

CREATE INDEX idx_local_list_organiz_563098 ON public.local_list USING btree (organization_id);

CREATE INDEX idx_mail_token_organiz_96a2c4 ON public.mail_token USING btree (organization_id);

CREATE INDEX idx_mail_token_user_id_22cfa7 ON public.mail_token USING btree (user_id);

CREATE INDEX idx_maintenance_charger_8872dc ON public.maintenance_job USING btree (charger_id, id);

CREATE INDEX idx_maintenance_charger_afe6a6 ON public.maintenance_event USING btree (charger_id, id);

CREATE INDEX idx_maintenance_job_id_5acd7c ON public.maintenance_event USING btree (job_id);

CREATE INDEX idx_maintenance_organiz_12d7e0 ON public.maintenance_event USING btree (organization_id);

CREATE INDEX idx_maintenance_organiz_cba5f1 ON public.maintenance_job USING btree (organization_id);

CREATE INDEX idx_meter_key_organiz_76e855 ON public.meter_key USING btree (organization_id);

CREATE INDEX idx_model_lenie_organiz_2ff73e ON public.model_leniency USING btree (organization_id);

CREATE INDEX idx_operation_hold_fo_de070b ON public.operation USING btree (hold_for);

CREATE INDEX idx_operation_organiz_638781 ON public.operation USING btree (organization_id);

CREATE INDEX idx_operation_request_979dbe ON public.operation USING btree (requested_by);

CREATE INDEX idx_operation_transac_d1dc36 ON public.operation USING btree (transaction_id);

CREATE INDEX idx_outgoing_ma_organiz_f9e2b6 ON public.outgoing_mail USING btree (organization_id);

CREATE INDEX idx_quarantine_charger_f0e473 ON public.quarantine USING btree (charger_id);

CREATE INDEX idx_quarantine_organiz_de2112 ON public.quarantine USING btree (organization_id);

CREATE INDEX idx_recovery_co_organiz_8596a6 ON public.recovery_code USING btree (organization_id);

CREATE INDEX idx_recovery_co_user_id_c9ef0f ON public.recovery_code USING btree (user_id);

CREATE INDEX idx_refresh_tok_organiz_67e8c4 ON public.refresh_token USING btree (organization_id);

CREATE INDEX idx_refresh_tok_session_e0eedc ON public.refresh_token USING btree (session_id);

CREATE INDEX idx_reservation_charger_bc931b ON public.reservation USING btree (charger_id);

CREATE INDEX idx_reservation_organiz_b80b15 ON public.reservation USING btree (organization_id);

CREATE INDEX idx_role_grant_organiz_239469 ON public.role_grant USING btree (organization_id);

CREATE INDEX idx_role_grant_station_c067f0 ON public.role_grant USING btree (station_id);

CREATE INDEX idx_second_fact_organiz_dceb35 ON public.second_factor USING btree (organization_id);

CREATE INDEX idx_security_ev_charger_ea5209 ON public.security_event USING btree (charger_id, id);

CREATE INDEX idx_security_ev_organiz_29d616 ON public.security_event USING btree (organization_id);

CREATE INDEX idx_signed_read_organiz_4c1c10 ON public.signed_reading USING btree (organization_id);

CREATE INDEX idx_station_organiz_680c48 ON public.station USING btree (organization_id);

CREATE INDEX idx_tariff_organiz_7f71de ON public.tariff USING btree (organization_id);

CREATE INDEX idx_transaction_charger_c5adda ON public.transaction USING btree (charger_id);

CREATE INDEX idx_transaction_organiz_0f06fd ON public.transaction USING btree (organization_id);

CREATE INDEX idx_transaction_remote__cdb664 ON public.transaction USING btree (remote_start_operation_id);

CREATE INDEX idx_transaction_tariff__6ce966 ON public.transaction USING btree (tariff_id);

CREATE INDEX idx_transaction_user_id_56f8a1 ON public.transaction USING btree (user_id);

CREATE INDEX idx_user_sessio_organiz_9b11cc ON public.user_session USING btree (organization_id);

CREATE INDEX idx_user_sessio_user_id_314f6d ON public.user_session USING btree (user_id);

CREATE INDEX idx_webhook_del_organiz_94c1e6 ON public.webhook_delivery USING btree (organization_id);

CREATE INDEX idx_webhook_end_organiz_9815c5 ON public.webhook_endpoint USING btree (organization_id);

CREATE INDEX idx_webhook_rec_receive_7605d6 ON public.webhook_receipt USING btree (received_at);

CREATE INDEX issued_certificate_list ON public.issued_certificate USING btree (organization_id, id DESC);

CREATE INDEX issued_certificate_revoked ON public.issued_certificate USING btree (authority_id) WHERE (revoked_at IS NOT NULL);

CREATE INDEX job_finished_at ON public.job USING btree (finished_at) WHERE (state = ANY (ARRAY['DONE'::text, 'DEAD'::text]));

CREATE INDEX job_list ON public.job USING btree (organization_id, created_at DESC, id DESC);

CREATE INDEX job_ready ON public.job USING btree (run_at, id) WHERE (state = 'READY'::text);

CREATE INDEX job_running ON public.job USING btree (leased_until) WHERE (state = 'RUNNING'::text);

CREATE UNIQUE INDEX job_unique_key ON public.job USING btree (unique_key);

CREATE UNIQUE INDEX ledger_account_one ON public.ledger_account USING btree (organization_id, kind, COALESCE(user_id, (0)::bigint), currency);

CREATE INDEX ledger_entry_of_account ON public.ledger_entry USING btree (account_id, id DESC) INCLUDE (amount);

CREATE INDEX ledger_transfer_list ON public.ledger_transfer USING btree (organization_id, created_at DESC, id DESC);

CREATE INDEX leniency_count_list ON public.leniency_count USING btree (organization_id, day);

CREATE UNIQUE INDEX local_list_update_operation ON public.local_list_update USING btree (operation_id);

CREATE UNIQUE INDEX mail_token_hash ON public.mail_token USING btree (hash);

CREATE INDEX mail_token_old ON public.mail_token USING btree (expires_at);

CREATE INDEX maintenance_job_firmware ON public.maintenance_job USING btree (charger_id) WHERE ((kind = ANY (ARRAY['FIRMWARE'::text, 'SIGNED_FIRMWARE'::text])) AND (confirmed_at IS NULL));

CREATE INDEX maintenance_job_list ON public.maintenance_job USING btree (organization_id, id DESC);

CREATE UNIQUE INDEX maintenance_job_operation ON public.maintenance_job USING btree (operation_id);

CREATE INDEX message_of_charger ON ONLY public.message USING btree (charger_id, received_at DESC, id DESC);

CREATE INDEX message_of_correlation ON ONLY public.message USING btree (correlation_id) WHERE (correlation_id IS NOT NULL);

CREATE INDEX message_of_organization ON ONLY public.message USING btree (organization_id, received_at DESC, id DESC);

CREATE INDEX message_default_charger_id_received_at_id_idx ON public.message_default USING btree (charger_id, received_at DESC, id DESC);

CREATE INDEX message_default_correlation_id_idx ON public.message_default USING btree (correlation_id) WHERE (correlation_id IS NOT NULL);

CREATE INDEX message_default_organization_id_received_at_id_idx ON public.message_default USING btree (organization_id, received_at DESC, id DESC);

CREATE INDEX meter_value_of_charger ON ONLY public.meter_value USING btree (charger_id, sampled_at);

CREATE INDEX meter_value_of_transaction ON ONLY public.meter_value USING btree (transaction_id, sampled_at) WHERE (transaction_id IS NOT NULL);

CREATE INDEX meter_value_default_charger_id_sampled_at_idx ON public.meter_value_default USING btree (charger_id, sampled_at);

CREATE INDEX meter_value_default_transaction_id_sampled_at_idx ON public.meter_value_default USING btree (transaction_id, sampled_at) WHERE (transaction_id IS NOT NULL);

CREATE UNIQUE INDEX model_leniency_model ON public.model_leniency USING btree (organization_id, lower(vendor), lower(model));

CREATE INDEX operation_holding ON public.operation USING btree (requested_at) WHERE ((hold_for IS NOT NULL) AND (transaction_id IS NULL));

CREATE INDEX operation_list ON public.operation USING btree (organization_id, requested_at DESC, id DESC);

CREATE INDEX operation_of_charger ON public.operation USING btree (charger_id, requested_at DESC, id DESC);

CREATE INDEX operation_unsettled ON public.operation USING btree (requested_at) WHERE (settled_at IS NULL);

CREATE INDEX outgoing_mail_list ON public.outgoing_mail USING btree (organization_id, id DESC);

CREATE INDEX outgoing_mail_old ON public.outgoing_mail USING btree (created_at);

CREATE INDEX quarantine_open ON public.quarantine USING btree (organization_id, received_at DESC) WHERE (resolved_at IS NULL);

CREATE UNIQUE INDEX recovery_code_hash ON public.recovery_code USING btree (user_id, hash);

CREATE UNIQUE INDEX refresh_token_hash ON public.refresh_token USING btree (hash);

CREATE INDEX reservation_list ON public.reservation USING btree (organization_id, id DESC);

CREATE INDEX reservation_running ON public.reservation USING btree (expires_at) WHERE (status = ANY (ARRAY['ASKED'::text, 'ACCEPTED'::text]));

CREATE UNIQUE INDEX role_grant_once ON public.role_grant USING btree (user_id, role, COALESCE(station_id, (0)::bigint));

CREATE INDEX security_event_list ON public.security_event USING btree (organization_id, id DESC);

CREATE INDEX signed_reading_checked ON public.signed_reading USING btree (checked_at);

CREATE INDEX station_list ON public.station USING btree (organization_id, name, id);

CREATE UNIQUE INDEX tariff_one_default ON public.tariff USING btree (organization_id) WHERE is_default;

CREATE INDEX transaction_due ON public.transaction USING btree (reconcile_by) WHERE (status = 'PENDING_RECONCILIATION'::text);

CREATE INDEX transaction_list ON public.transaction USING btree (organization_id, started_at DESC, id DESC);

CREATE INDEX transaction_of_charger ON public.transaction USING btree (charger_id, started_at DESC, id DESC);

CREATE INDEX transaction_of_tag ON public.transaction USING btree (organization_id, id_tag_folded, started_at DESC);

CREATE INDEX transaction_of_user ON public.transaction USING btree (user_id, started_at DESC, id DESC) WHERE (user_id IS NOT NULL);

CREATE UNIQUE INDEX transaction_one_active ON public.transaction USING btree (charger_id, connector_id) WHERE (status = 'ACTIVE'::text);

CREATE INDEX transaction_open ON public.transaction USING btree (charger_id) WHERE (status <> 'ENDED'::text);

CREATE INDEX transaction_open_of_tag ON public.transaction USING btree (organization_id, id_tag_folded) WHERE (status <> 'ENDED'::text);

CREATE UNIQUE INDEX transaction_same_start ON public.transaction USING btree (charger_id, start_key) WHERE (start_key IS NOT NULL);

CREATE INDEX transaction_unbilled ON public.transaction USING btree (organization_id, billing_status, stopped_at) WHERE ((status = 'ENDED'::text) AND (billing_status = ANY (ARRAY['PENDING'::text, 'FAILED'::text])));

CREATE INDEX transaction_without_stop ON public.transaction USING btree (charger_id) WHERE (NOT has_charger_stop);

CREATE UNIQUE INDEX user_session_external_key ON public.user_session USING btree (external_key) WHERE (external_key IS NOT NULL);

CREATE INDEX user_session_old ON public.user_session USING btree (expires_at);

CREATE INDEX user_session_open ON public.user_session USING btree (user_id, last_seen_at DESC) WHERE (ended_at IS NULL);

CREATE UNIQUE INDEX user_session_secret ON public.user_session USING btree (secret_hash) WHERE (secret_hash IS NOT NULL);

CREATE INDEX webhook_delivery_age ON public.webhook_delivery USING btree (created_at);

CREATE INDEX webhook_delivery_list ON public.webhook_delivery USING btree (endpoint_id, id DESC);

ALTER INDEX public.connector_status_event_of_connector ATTACH PARTITION public.connector_status_event_defaul_charger_id_connector_id_repor_idx;

ALTER INDEX public.message_of_charger ATTACH PARTITION public.message_default_charger_id_received_at_id_idx;

ALTER INDEX public.message_of_correlation ATTACH PARTITION public.message_default_correlation_id_idx;

ALTER INDEX public.message_of_organization ATTACH PARTITION public.message_default_organization_id_received_at_id_idx;

ALTER INDEX public.message_pkey ATTACH PARTITION public.message_default_pkey;

ALTER INDEX public.meter_value_of_charger ATTACH PARTITION public.meter_value_default_charger_id_sampled_at_idx;

ALTER INDEX public.meter_value_of_transaction ATTACH PARTITION public.meter_value_default_transaction_id_sampled_at_idx;

CREATE TRIGGER audit_entry_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON public.audit_entry FOR EACH STATEMENT EXECUTE FUNCTION public.csms_append_only();

CREATE TRIGGER audit_seal_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON public.audit_seal FOR EACH STATEMENT EXECUTE FUNCTION public.csms_append_only();

CREATE TRIGGER charger_credential_three AFTER INSERT OR UPDATE ON public.charger_credential FOR EACH ROW WHEN ((new.retired_at IS NULL)) EXECUTE FUNCTION public.csms_three_credentials();

CREATE TRIGGER connection_closed_event AFTER UPDATE OF disconnected_at ON public.connection FOR EACH ROW WHEN (((old.disconnected_at IS NULL) AND (new.disconnected_at IS NOT NULL))) EXECUTE FUNCTION public.csms_charger_event('charger.disconnected');

CREATE TRIGGER connection_opened_event AFTER INSERT ON public.connection FOR EACH ROW EXECUTE FUNCTION public.csms_charger_event('charger.connected');

CREATE TRIGGER connector_faulted_event AFTER INSERT ON public.connector_status_event FOR EACH ROW WHEN (((new.status = 'Faulted'::text) OR (new.error_code <> 'NoError'::text))) EXECUTE FUNCTION public.csms_fault_event();

CREATE TRIGGER desk_opened_event AFTER INSERT ON public.desk_case FOR EACH ROW EXECUTE FUNCTION public.csms_desk_event();

CREATE TRIGGER ledger_account_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON public.ledger_account FOR EACH STATEMENT EXECUTE FUNCTION public.csms_append_only();

CREATE TRIGGER ledger_entry_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON public.ledger_entry FOR EACH STATEMENT EXECUTE FUNCTION public.csms_append_only();

CREATE CONSTRAINT TRIGGER ledger_entry_balances AFTER INSERT ON public.ledger_entry DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION public.csms_transfer_balances();

CREATE TRIGGER ledger_transfer_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON public.ledger_transfer FOR EACH STATEMENT EXECUTE FUNCTION public.csms_append_only();

CREATE CONSTRAINT TRIGGER ledger_transfer_balances AFTER INSERT ON public.ledger_transfer DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION public.csms_transfer_balances();

CREATE TRIGGER transaction_billed_event AFTER UPDATE OF billing_status, bill_revision ON public.transaction FOR EACH ROW WHEN (((old.billing_status IS DISTINCT FROM new.billing_status) OR (old.bill_revision IS DISTINCT FROM new.bill_revision))) EXECUTE FUNCTION public.csms_session_event('billing.changed');

CREATE TRIGGER transaction_changed_event AFTER UPDATE OF status ON public.transaction FOR EACH ROW WHEN ((old.status IS DISTINCT FROM new.status)) EXECUTE FUNCTION public.csms_session_event('session.changed');

CREATE TRIGGER transaction_keeps_its_word BEFORE UPDATE ON public.transaction FOR EACH ROW EXECUTE FUNCTION public.csms_transaction_keeps_its_word();

CREATE TRIGGER transaction_never_deleted BEFORE DELETE OR TRUNCATE ON public.transaction FOR EACH STATEMENT EXECUTE FUNCTION public.csms_never_deleted();

CREATE TRIGGER transaction_started_event AFTER INSERT ON public.transaction FOR EACH ROW EXECUTE FUNCTION public.csms_session_event('session.started');

ALTER TABLE ONLY public.api_key
    ADD CONSTRAINT api_key_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES public.organization(id) ON DELETE RESTRICT;

ALTER TABLE ONLY public.api_key
    ADD CONSTRAINT api_key_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.app_user(id) ON DELETE RESTRICT;

ALTER TABLE ONLY public.app_user
    ADD CONSTRAINT app_user_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES public.organization(id) ON DELETE RESTRICT;

ALTER TABLE ONLY public.audit_entry
    ADD CONSTRAINT audit_entry_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES public.organization(id) ON DELETE RESTRICT;

ALTER TABLE ONLY public.audit_seal
    ADD CONSTRAINT audit_seal_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES public.organization(id) ON DELETE RESTRICT;

ALTER TABLE ONLY public.authorization_state
    ADD CONSTRAINT authorization_state_organization FOREIGN KEY (organization_id) REFERENCES public.organization(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.authorization_step
    ADD CONSTRAINT authorization_step_charger FOREIGN KEY (charger_id) REFERENCES public.charger(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.authorization_step
    ADD CONSTRAINT authorization_step_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES public.organization(id) ON DELETE RESTRICT;

ALTER TABLE ONLY public.campaign_charger
    ADD CONSTRAINT campaign_charger_campaign_id_fkey FOREIGN KEY (campaign_id) REFERENCES public.firmware_campaign(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.campaign_charger
    ADD CONSTRAINT campaign_charger_charger_id_fkey FOREIGN KEY (charger_id) REFERENCES public.charger(id) ON DELETE RESTRICT;

ALTER TABLE ONLY public.campaign_charger
    ADD CONSTRAINT campaign_charger_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES public.organization(id) ON DELETE RESTRICT;

ALTER TABLE ONLY public.certificate_authority
    ADD CONSTRAINT certificate_authority_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES public.organization(id) ON DELETE RESTRICT;

ALTER TABLE ONLY public.certificate_request
    ADD CONSTRAINT certificate_request_charger_id_fkey FOREIGN KEY (charger_id) REFERENCES public.charger(id) ON DELETE RESTRICT;

ALTER TABLE ONLY public.certificate_request
    ADD CONSTRAINT certificate_request_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES public.organization(id) ON DELETE RESTRICT;

ALTER TABLE ONLY public.charger_credential
    ADD CONSTRAINT charger_credential_charger_id_fkey FOREIGN KEY (charger_id) REFERENCES public.charger(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.charger_epoch
    ADD CONSTRAINT charger_epoch_charger FOREIGN KEY (charger_id) REFERENCES public.charger(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.charger
    ADD CONSTRAINT charger_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES public.organization(id) ON DELETE RESTRICT;

ALTER TABLE ONLY public.charger_profile
    ADD CONSTRAINT charger_profile_charger_id_fkey FOREIGN KEY (charger_id) REFERENCES public.charger(id) ON DELETE RESTRICT;

ALTER TABLE ONLY public.charger_profile
    ADD CONSTRAINT charger_profile_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES public.organization(id) ON DELETE RESTRICT;

ALTER TABLE ONLY public.charger_pushes
    ADD CONSTRAINT charger_pushes_charger FOREIGN KEY (charger_id) REFERENCES public.charger(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.charger_pushes
    ADD CONSTRAINT charger_pushes_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES public.organization(id) ON DELETE RESTRICT;

ALTER TABLE ONLY public.charger_pushes
    ADD CONSTRAINT charger_pushes_template_id_fkey FOREIGN KEY (template_id) REFERENCES public.configuration_template(id) ON DELETE RESTRICT;

ALTER TABLE ONLY public.charger
    ADD CONSTRAINT charger_station_id_fkey FOREIGN KEY (station_id) REFERENCES public.station(id) ON DELETE RESTRICT;

ALTER TABLE ONLY public.charging_profile
    ADD CONSTRAINT charging_profile_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES public.organization(id) ON DELETE RESTRICT;

ALTER TABLE ONLY public.configuration_key
    ADD CONSTRAINT configuration_key_charger_id_fkey FOREIGN KEY (charger_id) REFERENCES public.charger(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.configuration_template
    ADD CONSTRAINT configuration_template_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES public.organization(id) ON DELETE RESTRICT;

ALTER TABLE ONLY public.connection
    ADD CONSTRAINT connection_charger_id_fkey FOREIGN KEY (charger_id) REFERENCES public.charger(id) ON DELETE RESTRICT;

ALTER TABLE ONLY public.connection
    ADD CONSTRAINT connection_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES public.organization(id) ON DELETE RESTRICT;

ALTER TABLE ONLY public.connector
    ADD CONSTRAINT connector_charger_id_fkey FOREIGN KEY (charger_id) REFERENCES public.charger(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.connector
    ADD CONSTRAINT connector_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES public.organization(id) ON DELETE RESTRICT;

ALTER TABLE ONLY public.desk_case
    ADD CONSTRAINT desk_case_charger_id_fkey FOREIGN KEY (charger_id) REFERENCES public.charger(id) ON DELETE RESTRICT;

ALTER TABLE ONLY public.desk_case
    ADD CONSTRAINT desk_case_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES public.organization(id) ON DELETE RESTRICT;

ALTER TABLE ONLY public.desk_case
    ADD CONSTRAINT desk_case_resolved_by FOREIGN KEY (resolved_by) REFERENCES public.app_user(id);

ALTER TABLE ONLY public.desk_case
    ADD CONSTRAINT desk_case_transaction_id_fkey FOREIGN KEY (transaction_id) REFERENCES public.transaction(id) ON DELETE RESTRICT;

ALTER TABLE ONLY public.external_identity
    ADD CONSTRAINT external_identity_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES public.organization(id) ON DELETE RESTRICT;

ALTER TABLE ONLY public.external_identity
    ADD CONSTRAINT external_identity_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.app_user(id) ON DELETE RESTRICT;

ALTER TABLE ONLY public.fault
    ADD CONSTRAINT fault_charger_id_fkey FOREIGN KEY (charger_id) REFERENCES public.charger(id) ON DELETE RESTRICT;

ALTER TABLE ONLY public.fault
    ADD CONSTRAINT fault_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES public.organization(id) ON DELETE RESTRICT;

ALTER TABLE ONLY public.firmware_campaign
    ADD CONSTRAINT firmware_campaign_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES public.organization(id) ON DELETE RESTRICT;

ALTER TABLE ONLY public.id_tag
    ADD CONSTRAINT id_tag_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES public.organization(id) ON DELETE RESTRICT;

ALTER TABLE ONLY public.id_tag
    ADD CONSTRAINT id_tag_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.app_user(id) ON DELETE RESTRICT;

ALTER TABLE ONLY public.idempotency_key
    ADD CONSTRAINT idempotency_key_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES public.organization(id) ON DELETE RESTRICT;

ALTER TABLE ONLY public.installed_certificate
    ADD CONSTRAINT installed_certificate_charger_id_fkey FOREIGN KEY (charger_id) REFERENCES public.charger(id) ON DELETE RESTRICT;

ALTER TABLE ONLY public.installed_certificate
    ADD CONSTRAINT installed_certificate_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES public.organization(id) ON DELETE RESTRICT;

ALTER TABLE ONLY public.issued_certificate
    ADD CONSTRAINT issued_certificate_authority_id_fkey FOREIGN KEY (authority_id) REFERENCES public.certificate_authority(id) ON DELETE RESTRICT;

ALTER TABLE ONLY public.issued_certificate
    ADD CONSTRAINT issued_certificate_charger_id_fkey FOREIGN KEY (charger_id) REFERENCES public.charger(id) ON DELETE RESTRICT;

ALTER TABLE ONLY public.issued_certificate
    ADD CONSTRAINT issued_certificate_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES public.organization(id) ON DELETE RESTRICT;

ALTER TABLE ONLY public.issued_certificate
    ADD CONSTRAINT issued_certificate_request_id_fkey FOREIGN KEY (request_id) REFERENCES public.certificate_request(id) ON DELETE RESTRICT;

ALTER TABLE ONLY public.job
    ADD CONSTRAINT job_organization FOREIGN KEY (organization_id) REFERENCES public.organization(id);

ALTER TABLE ONLY public.ledger_account
    ADD CONSTRAINT ledger_account_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES public.organization(id) ON DELETE RESTRICT;

ALTER TABLE ONLY public.ledger_account
    ADD CONSTRAINT ledger_account_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.app_user(id) ON DELETE RESTRICT;

ALTER TABLE ONLY public.ledger_entry
    ADD CONSTRAINT ledger_entry_account_id_fkey FOREIGN KEY (account_id) REFERENCES public.ledger_account(id) ON DELETE RESTRICT;

ALTER TABLE ONLY public.ledger_entry
    ADD CONSTRAINT ledger_entry_transfer_id_fkey FOREIGN KEY (transfer_id) REFERENCES public.ledger_transfer(id) ON DELETE RESTRICT;

ALTER TABLE ONLY public.ledger_transfer
    ADD CONSTRAINT ledger_transfer_created_by FOREIGN KEY (created_by) REFERENCES public.app_user(id);

ALTER TABLE ONLY public.ledger_transfer
    ADD CONSTRAINT ledger_transfer_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES public.organization(id) ON DELETE RESTRICT;

ALTER TABLE ONLY public.ledger_transfer
    ADD CONSTRAINT ledger_transfer_transaction_id_fkey FOREIGN KEY (transaction_id) REFERENCES public.transaction(id) ON DELETE RESTRICT;

ALTER TABLE ONLY public.leniency_count
    ADD CONSTRAINT leniency_count_charger_id_fkey FOREIGN KEY (charger_id) REFERENCES public.charger(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.leniency_count
    ADD CONSTRAINT leniency_count_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES public.organization(id) ON DELETE RESTRICT;

ALTER TABLE ONLY public.local_list
    ADD CONSTRAINT local_list_charger FOREIGN KEY (charger_id) REFERENCES public.charger(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.local_list
    ADD CONSTRAINT local_list_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES public.organization(id) ON DELETE RESTRICT;

ALTER TABLE ONLY public.local_list_update
    ADD CONSTRAINT local_list_update_charger_id_fkey FOREIGN KEY (charger_id) REFERENCES public.charger(id) ON DELETE RESTRICT;

ALTER TABLE ONLY public.local_list_update
    ADD CONSTRAINT local_list_update_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES public.organization(id) ON DELETE RESTRICT;

ALTER TABLE ONLY public.mail_token
    ADD CONSTRAINT mail_token_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES public.organization(id) ON DELETE RESTRICT;

ALTER TABLE ONLY public.mail_token
    ADD CONSTRAINT mail_token_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.app_user(id) ON DELETE RESTRICT;

ALTER TABLE ONLY public.maintenance_event
    ADD CONSTRAINT maintenance_event_charger_id_fkey FOREIGN KEY (charger_id) REFERENCES public.charger(id) ON DELETE RESTRICT;

ALTER TABLE ONLY public.maintenance_event
    ADD CONSTRAINT maintenance_event_job_id_fkey FOREIGN KEY (job_id) REFERENCES public.maintenance_job(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.maintenance_event
    ADD CONSTRAINT maintenance_event_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES public.organization(id) ON DELETE RESTRICT;

ALTER TABLE ONLY public.maintenance_job
    ADD CONSTRAINT maintenance_job_charger_id_fkey FOREIGN KEY (charger_id) REFERENCES public.charger(id) ON DELETE RESTRICT;

ALTER TABLE ONLY public.maintenance_job
    ADD CONSTRAINT maintenance_job_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES public.organization(id) ON DELETE RESTRICT;

ALTER TABLE ONLY public.meter_key
    ADD CONSTRAINT meter_key_charger_id_fkey FOREIGN KEY (charger_id) REFERENCES public.charger(id) ON DELETE RESTRICT;

ALTER TABLE ONLY public.meter_key
    ADD CONSTRAINT meter_key_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES public.organization(id) ON DELETE RESTRICT;

ALTER TABLE ONLY public.model_leniency
    ADD CONSTRAINT model_leniency_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES public.organization(id) ON DELETE RESTRICT;

ALTER TABLE ONLY public.operation
    ADD CONSTRAINT operation_charger_id_fkey FOREIGN KEY (charger_id) REFERENCES public.charger(id) ON DELETE RESTRICT;

ALTER TABLE ONLY public.operation
    ADD CONSTRAINT operation_hold_for FOREIGN KEY (hold_for) REFERENCES public.app_user(id);

ALTER TABLE ONLY public.operation
    ADD CONSTRAINT operation_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES public.organization(id) ON DELETE RESTRICT;

ALTER TABLE ONLY public.operation
    ADD CONSTRAINT operation_requested_by FOREIGN KEY (requested_by) REFERENCES public.app_user(id);

ALTER TABLE ONLY public.outgoing_mail
    ADD CONSTRAINT outgoing_mail_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES public.organization(id) ON DELETE RESTRICT;

ALTER TABLE ONLY public.quarantine
    ADD CONSTRAINT quarantine_charger_id_fkey FOREIGN KEY (charger_id) REFERENCES public.charger(id) ON DELETE RESTRICT;

ALTER TABLE ONLY public.quarantine
    ADD CONSTRAINT quarantine_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES public.organization(id) ON DELETE RESTRICT;

ALTER TABLE ONLY public.recovery_code
    ADD CONSTRAINT recovery_code_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES public.organization(id) ON DELETE RESTRICT;

ALTER TABLE ONLY public.recovery_code
    ADD CONSTRAINT recovery_code_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.app_user(id) ON DELETE RESTRICT;

ALTER TABLE ONLY public.refresh_token
    ADD CONSTRAINT refresh_token_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES public.organization(id) ON DELETE RESTRICT;

ALTER TABLE ONLY public.refresh_token
    ADD CONSTRAINT refresh_token_session_id_fkey FOREIGN KEY (session_id) REFERENCES public.user_session(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.reservation
    ADD CONSTRAINT reservation_charger_id_fkey FOREIGN KEY (charger_id) REFERENCES public.charger(id) ON DELETE RESTRICT;

ALTER TABLE ONLY public.reservation
    ADD CONSTRAINT reservation_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES public.organization(id) ON DELETE RESTRICT;

ALTER TABLE ONLY public.role_grant
    ADD CONSTRAINT role_grant_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES public.organization(id) ON DELETE RESTRICT;

ALTER TABLE ONLY public.role_grant
    ADD CONSTRAINT role_grant_station_id_fkey FOREIGN KEY (station_id) REFERENCES public.station(id) ON DELETE RESTRICT;

ALTER TABLE ONLY public.role_grant
    ADD CONSTRAINT role_grant_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.app_user(id) ON DELETE RESTRICT;

ALTER TABLE ONLY public.second_factor
    ADD CONSTRAINT second_factor_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES public.organization(id) ON DELETE RESTRICT;

ALTER TABLE ONLY public.second_factor
    ADD CONSTRAINT second_factor_user FOREIGN KEY (user_id) REFERENCES public.app_user(id);

ALTER TABLE ONLY public.security_event
    ADD CONSTRAINT security_event_charger_id_fkey FOREIGN KEY (charger_id) REFERENCES public.charger(id) ON DELETE RESTRICT;

ALTER TABLE ONLY public.security_event
    ADD CONSTRAINT security_event_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES public.organization(id) ON DELETE RESTRICT;

ALTER TABLE ONLY public.signed_reading
    ADD CONSTRAINT signed_reading_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES public.organization(id) ON DELETE RESTRICT;

ALTER TABLE ONLY public.signed_reading
    ADD CONSTRAINT signed_reading_transaction_id_fkey FOREIGN KEY (transaction_id) REFERENCES public.transaction(id) ON DELETE RESTRICT;

ALTER TABLE ONLY public.station
    ADD CONSTRAINT station_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES public.organization(id) ON DELETE RESTRICT;

ALTER TABLE ONLY public.tariff
    ADD CONSTRAINT tariff_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES public.organization(id) ON DELETE RESTRICT;

ALTER TABLE ONLY public.transaction
    ADD CONSTRAINT transaction_charger_id_fkey FOREIGN KEY (charger_id) REFERENCES public.charger(id) ON DELETE RESTRICT;

ALTER TABLE ONLY public.transaction
    ADD CONSTRAINT transaction_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES public.organization(id) ON DELETE RESTRICT;

ALTER TABLE ONLY public.transaction
    ADD CONSTRAINT transaction_remote_start_operation_id_fkey FOREIGN KEY (remote_start_operation_id) REFERENCES public.operation(id) ON DELETE RESTRICT;

ALTER TABLE ONLY public.transaction
    ADD CONSTRAINT transaction_tariff_id_fkey FOREIGN KEY (tariff_id) REFERENCES public.tariff(id) ON DELETE RESTRICT;

ALTER TABLE ONLY public.transaction
    ADD CONSTRAINT transaction_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.app_user(id) ON DELETE RESTRICT;

ALTER TABLE ONLY public.user_session
    ADD CONSTRAINT user_session_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES public.organization(id) ON DELETE RESTRICT;

ALTER TABLE ONLY public.user_session
    ADD CONSTRAINT user_session_user_id_fkey FOREIGN KEY (user_id) REFERENCES public.app_user(id) ON DELETE RESTRICT;

ALTER TABLE ONLY public.webhook_delivery
    ADD CONSTRAINT webhook_delivery_endpoint_id_fkey FOREIGN KEY (endpoint_id) REFERENCES public.webhook_endpoint(id) ON DELETE CASCADE;

ALTER TABLE ONLY public.webhook_delivery
    ADD CONSTRAINT webhook_delivery_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES public.organization(id) ON DELETE RESTRICT;

ALTER TABLE ONLY public.webhook_endpoint
    ADD CONSTRAINT webhook_endpoint_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES public.organization(id) ON DELETE RESTRICT;

ALTER TABLE public.api_key ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.app_user ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.audit_entry ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.audit_seal ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.authorization_state ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.authorization_step ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.campaign_charger ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.certificate_authority ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.certificate_request ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.charger ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.charger_credential ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.charger_epoch ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.charger_profile ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.charger_pushes ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.charging_profile ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.configuration_key ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.configuration_template ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.connection ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.connector ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.connector_status_event ENABLE ROW LEVEL SECURITY;

CREATE POLICY csms_api_v1 ON public.api_key TO csms_api USING ((organization_id = ( SELECT (NULLIF(current_setting('csms.organization_id'::text, true), ''::text))::bigint AS "nullif"))) WITH CHECK ((organization_id = ( SELECT (NULLIF(current_setting('csms.organization_id'::text, true), ''::text))::bigint AS "nullif")));

CREATE POLICY csms_api_v1 ON public.app_user TO csms_api USING ((organization_id = ( SELECT (NULLIF(current_setting('csms.organization_id'::text, true), ''::text))::bigint AS "nullif"))) WITH CHECK ((organization_id = ( SELECT (NULLIF(current_setting('csms.organization_id'::text, true), ''::text))::bigint AS "nullif")));

CREATE POLICY csms_api_v1 ON public.audit_entry TO csms_api USING ((organization_id = ( SELECT (NULLIF(current_setting('csms.organization_id'::text, true), ''::text))::bigint AS "nullif"))) WITH CHECK ((organization_id = ( SELECT (NULLIF(current_setting('csms.organization_id'::text, true), ''::text))::bigint AS "nullif")));

CREATE POLICY csms_api_v1 ON public.audit_seal TO csms_api USING ((organization_id = ( SELECT (NULLIF(current_setting('csms.organization_id'::text, true), ''::text))::bigint AS "nullif"))) WITH CHECK ((organization_id = ( SELECT (NULLIF(current_setting('csms.organization_id'::text, true), ''::text))::bigint AS "nullif")));

CREATE POLICY csms_api_v1 ON public.authorization_state TO csms_api USING ((organization_id = ( SELECT (NULLIF(current_setting('csms.organization_id'::text, true), ''::text))::bigint AS "nullif"))) WITH CHECK ((organization_id = ( SELECT (NULLIF(current_setting('csms.organization_id'::text, true), ''::text))::bigint AS "nullif")));

CREATE POLICY csms_api_v1 ON public.authorization_step TO csms_api USING (((organization_id = ( SELECT (NULLIF(current_setting('csms.organization_id'::text, true), ''::text))::bigint AS "nullif")) AND (( SELECT (COALESCE(current_setting('csms.stations'::text, true), ''::text) = ''::text)) OR (charger_id IN ( SELECT p.id
   FROM public.charger p))))) WITH CHECK (((organization_id = ( SELECT (NULLIF(current_setting('csms.organization_id'::text, true), ''::text))::bigint AS "nullif")) AND (( SELECT (COALESCE(current_setting('csms.stations'::text, true), ''::text) = ''::text)) OR (charger_id IN ( SELECT p.id
   FROM public.charger p)))));

CREATE POLICY csms_api_v1 ON public.campaign_charger TO csms_api USING (((organization_id = ( SELECT (NULLIF(current_setting('csms.organization_id'::text, true), ''::text))::bigint AS "nullif")) AND (( SELECT (COALESCE(current_setting('csms.stations'::text, true), ''::text) = ''::text)) OR (charger_id IN ( SELECT p.id
   FROM public.charger p))))) WITH CHECK (((organization_id = ( SELECT (NULLIF(current_setting('csms.organization_id'::text, true), ''::text))::bigint AS "nullif")) AND (( SELECT (COALESCE(current_setting('csms.stations'::text, true), ''::text) = ''::text)) OR (charger_id IN ( SELECT p.id
   FROM public.charger p)))));

CREATE POLICY csms_api_v1 ON public.certificate_authority TO csms_api USING ((organization_id = ( SELECT (NULLIF(current_setting('csms.organization_id'::text, true), ''::text))::bigint AS "nullif"))) WITH CHECK ((organization_id = ( SELECT (NULLIF(current_setting('csms.organization_id'::text, true), ''::text))::bigint AS "nullif")));

CREATE POLICY csms_api_v1 ON public.certificate_request TO csms_api USING (((organization_id = ( SELECT (NULLIF(current_setting('csms.organization_id'::text, true), ''::text))::bigint AS "nullif")) AND (( SELECT (COALESCE(current_setting('csms.stations'::text, true), ''::text) = ''::text)) OR (charger_id IN ( SELECT p.id
   FROM public.charger p))))) WITH CHECK (((organization_id = ( SELECT (NULLIF(current_setting('csms.organization_id'::text, true), ''::text))::bigint AS "nullif")) AND (( SELECT (COALESCE(current_setting('csms.stations'::text, true), ''::text) = ''::text)) OR (charger_id IN ( SELECT p.id
   FROM public.charger p)))));

CREATE POLICY csms_api_v1 ON public.charger TO csms_api USING (((organization_id = ( SELECT (NULLIF(current_setting('csms.organization_id'::text, true), ''::text))::bigint AS "nullif")) AND (( SELECT (COALESCE(current_setting('csms.stations'::text, true), ''::text) = ''::text)) OR (station_id = ANY ((( SELECT string_to_array(NULLIF(current_setting('csms.stations'::text, true), ''::text), ','::text) AS string_to_array))::bigint[]))))) WITH CHECK (((organization_id = ( SELECT (NULLIF(current_setting('csms.organization_id'::text, true), ''::text))::bigint AS "nullif")) AND (( SELECT (COALESCE(current_setting('csms.stations'::text, true), ''::text) = ''::text)) OR (station_id = ANY ((( SELECT string_to_array(NULLIF(current_setting('csms.stations'::text, true), ''::text), ','::text) AS string_to_array))::bigint[])))));

CREATE POLICY csms_api_v1 ON public.charger_credential TO csms_api USING ((EXISTS ( SELECT 1
   FROM public.charger p
  WHERE (p.id = charger_credential.charger_id)))) WITH CHECK ((EXISTS ( SELECT 1
   FROM public.charger p
  WHERE (p.id = charger_credential.charger_id))));

CREATE POLICY csms_api_v1 ON public.charger_epoch TO csms_api USING ((EXISTS ( SELECT 1
   FROM public.charger p
  WHERE (p.id = charger_epoch.charger_id)))) WITH CHECK ((EXISTS ( SELECT 1
   FROM public.charger p
  WHERE (p.id = charger_epoch.charger_id))));

CREATE POLICY csms_api_v1 ON public.charger_profile TO csms_api USING (((organization_id = ( SELECT (NULLIF(current_setting('csms.organization_id'::text, true), ''::text))::bigint AS "nullif")) AND (( SELECT (COALESCE(current_setting('csms.stations'::text, true), ''::text) = ''::text)) OR (charger_id IN ( SELECT p.id
   FROM public.charger p))))) WITH CHECK (((organization_id = ( SELECT (NULLIF(current_setting('csms.organization_id'::text, true), ''::text))::bigint AS "nullif")) AND (( SELECT (COALESCE(current_setting('csms.stations'::text, true), ''::text) = ''::text)) OR (charger_id IN ( SELECT p.id
   FROM public.charger p)))));

CREATE POLICY csms_api_v1 ON public.charger_pushes TO csms_api USING (((organization_id = ( SELECT (NULLIF(current_setting('csms.organization_id'::text, true), ''::text))::bigint AS "nullif")) AND (( SELECT (COALESCE(current_setting('csms.stations'::text, true), ''::text) = ''::text)) OR (charger_id IN ( SELECT p.id
   FROM public.charger p))))) WITH CHECK (((organization_id = ( SELECT (NULLIF(current_setting('csms.organization_id'::text, true), ''::text))::bigint AS "nullif")) AND (( SELECT (COALESCE(current_setting('csms.stations'::text, true), ''::text) = ''::text)) OR (charger_id IN ( SELECT p.id
   FROM public.charger p)))));

CREATE POLICY csms_api_v1 ON public.charging_profile TO csms_api USING ((organization_id = ( SELECT (NULLIF(current_setting('csms.organization_id'::text, true), ''::text))::bigint AS "nullif"))) WITH CHECK ((organization_id = ( SELECT (NULLIF(current_setting('csms.organization_id'::text, true), ''::text))::bigint AS "nullif")));

CREATE POLICY csms_api_v1 ON public.configuration_key TO csms_api USING ((EXISTS ( SELECT 1
   FROM public.charger p
  WHERE (p.id = configuration_key.charger_id)))) WITH CHECK ((EXISTS ( SELECT 1
   FROM public.charger p
  WHERE (p.id = configuration_key.charger_id))));

CREATE POLICY csms_api_v1 ON public.configuration_template TO csms_api USING ((organization_id = ( SELECT (NULLIF(current_setting('csms.organization_id'::text, true), ''::text))::bigint AS "nullif"))) WITH CHECK ((organization_id = ( SELECT (NULLIF(current_setting('csms.organization_id'::text, true), ''::text))::bigint AS "nullif")));

CREATE POLICY csms_api_v1 ON public.connection TO csms_api USING (((organization_id = ( SELECT (NULLIF(current_setting('csms.organization_id'::text, true), ''::text))::bigint AS "nullif")) AND (( SELECT (COALESCE(current_setting('csms.stations'::text, true), ''::text) = ''::text)) OR (charger_id IN ( SELECT p.id
   FROM public.charger p))))) WITH CHECK (((organization_id = ( SELECT (NULLIF(current_setting('csms.organization_id'::text, true), ''::text))::bigint AS "nullif")) AND (( SELECT (COALESCE(current_setting('csms.stations'::text, true), ''::text) = ''::text)) OR (charger_id IN ( SELECT p.id
   FROM public.charger p)))));

CREATE POLICY csms_api_v1 ON public.connector TO csms_api USING (((organization_id = ( SELECT (NULLIF(current_setting('csms.organization_id'::text, true), ''::text))::bigint AS "nullif")) AND (( SELECT (COALESCE(current_setting('csms.stations'::text, true), ''::text) = ''::text)) OR (charger_id IN ( SELECT p.id
   FROM public.charger p))))) WITH CHECK (((organization_id = ( SELECT (NULLIF(current_setting('csms.organization_id'::text, true), ''::text))::bigint AS "nullif")) AND (( SELECT (COALESCE(current_setting('csms.stations'::text, true), ''::text) = ''::text)) OR (charger_id IN ( SELECT p.id
   FROM public.charger p)))));

CREATE POLICY csms_api_v1 ON public.connector_status_event TO csms_api USING (((organization_id = ( SELECT (NULLIF(current_setting('csms.organization_id'::text, true), ''::text))::bigint AS "nullif")) AND (( SELECT (COALESCE(current_setting('csms.stations'::text, true), ''::text) = ''::text)) OR (charger_id IN ( SELECT p.id
   FROM public.charger p))))) WITH CHECK (((organization_id = ( SELECT (NULLIF(current_setting('csms.organization_id'::text, true), ''::text))::bigint AS "nullif")) AND (( SELECT (COALESCE(current_setting('csms.stations'::text, true), ''::text) = ''::text)) OR (charger_id IN ( SELECT p.id
   FROM public.charger p)))));

CREATE POLICY csms_api_v1 ON public.desk_case TO csms_api USING (((organization_id = ( SELECT (NULLIF(current_setting('csms.organization_id'::text, true), ''::text))::bigint AS "nullif")) AND (( SELECT (COALESCE(current_setting('csms.stations'::text, true), ''::text) = ''::text)) OR (charger_id IN ( SELECT p.id
   FROM public.charger p))))) WITH CHECK (((organization_id = ( SELECT (NULLIF(current_setting('csms.organization_id'::text, true), ''::text))::bigint AS "nullif")) AND (( SELECT (COALESCE(current_setting('csms.stations'::text, true), ''::text) = ''::text)) OR (charger_id IN ( SELECT p.id
   FROM public.charger p)))));

CREATE POLICY csms_api_v1 ON public.external_identity TO csms_api USING ((organization_id = ( SELECT (NULLIF(current_setting('csms.organization_id'::text, true), ''::text))::bigint AS "nullif"))) WITH CHECK ((organization_id = ( SELECT (NULLIF(current_setting('csms.organization_id'::text, true), ''::text))::bigint AS "nullif")));

CREATE POLICY csms_api_v1 ON public.fault TO csms_api USING (((organization_id = ( SELECT (NULLIF(current_setting('csms.organization_id'::text, true), ''::text))::bigint AS "nullif")) AND (( SELECT (COALESCE(current_setting('csms.stations'::text, true), ''::text) = ''::text)) OR (charger_id IN ( SELECT p.id
   FROM public.charger p))))) WITH CHECK (((organization_id = ( SELECT (NULLIF(current_setting('csms.organization_id'::text, true), ''::text))::bigint AS "nullif")) AND (( SELECT (COALESCE(current_setting('csms.stations'::text, true), ''::text) = ''::text)) OR (charger_id IN ( SELECT p.id
   FROM public.charger p)))));

CREATE POLICY csms_api_v1 ON public.firmware_campaign TO csms_api USING ((organization_id = ( SELECT (NULLIF(current_setting('csms.organization_id'::text, true), ''::text))::bigint AS "nullif"))) WITH CHECK ((organization_id = ( SELECT (NULLIF(current_setting('csms.organization_id'::text, true), ''::text))::bigint AS "nullif")));

CREATE POLICY csms_api_v1 ON public.handshake_attempt TO csms_api USING (((((organization_id IS NULL) AND (( SELECT (NULLIF(current_setting('csms.organization_id'::text, true), ''::text))::bigint AS "nullif") IS NOT NULL)) OR (organization_id = ( SELECT (NULLIF(current_setting('csms.organization_id'::text, true), ''::text))::bigint AS "nullif"))) AND (( SELECT (COALESCE(current_setting('csms.stations'::text, true), ''::text) = ''::text)) OR (charger_id IN ( SELECT p.id
   FROM public.charger p))))) WITH CHECK (((((organization_id IS NULL) AND (( SELECT (NULLIF(current_setting('csms.organization_id'::text, true), ''::text))::bigint AS "nullif") IS NOT NULL)) OR (organization_id = ( SELECT (NULLIF(current_setting('csms.organization_id'::text, true), ''::text))::bigint AS "nullif"))) AND (( SELECT (COALESCE(current_setting('csms.stations'::text, true), ''::text) = ''::text)) OR (charger_id IN ( SELECT p.id
   FROM public.charger p)))));

CREATE POLICY csms_api_v1 ON public.id_tag TO csms_api USING ((organization_id = ( SELECT (NULLIF(current_setting('csms.organization_id'::text, true), ''::text))::bigint AS "nullif"))) WITH CHECK ((organization_id = ( SELECT (NULLIF(current_setting('csms.organization_id'::text, true), ''::text))::bigint AS "nullif")));

CREATE POLICY csms_api_v1 ON public.idempotency_key TO csms_api USING ((organization_id = ( SELECT (NULLIF(current_setting('csms.organization_id'::text, true), ''::text))::bigint AS "nullif"))) WITH CHECK ((organization_id = ( SELECT (NULLIF(current_setting('csms.organization_id'::text, true), ''::text))::bigint AS "nullif")));

CREATE POLICY csms_api_v1 ON public.installed_certificate TO csms_api USING (((organization_id = ( SELECT (NULLIF(current_setting('csms.organization_id'::text, true), ''::text))::bigint AS "nullif")) AND (( SELECT (COALESCE(current_setting('csms.stations'::text, true), ''::text) = ''::text)) OR (charger_id IN ( SELECT p.id
   FROM public.charger p))))) WITH CHECK (((organization_id = ( SELECT (NULLIF(current_setting('csms.organization_id'::text, true), ''::text))::bigint AS "nullif")) AND (( SELECT (COALESCE(current_setting('csms.stations'::text, true), ''::text) = ''::text)) OR (charger_id IN ( SELECT p.id
   FROM public.charger p)))));

CREATE POLICY csms_api_v1 ON public.issued_certificate TO csms_api USING (((organization_id = ( SELECT (NULLIF(current_setting('csms.organization_id'::text, true), ''::text))::bigint AS "nullif")) AND (( SELECT (COALESCE(current_setting('csms.stations'::text, true), ''::text) = ''::text)) OR (charger_id IN ( SELECT p.id
   FROM public.charger p))))) WITH CHECK (((organization_id = ( SELECT (NULLIF(current_setting('csms.organization_id'::text, true), ''::text))::bigint AS "nullif")) AND (( SELECT (COALESCE(current_setting('csms.stations'::text, true), ''::text) = ''::text)) OR (charger_id IN ( SELECT p.id
   FROM public.charger p)))));

CREATE POLICY csms_api_v1 ON public.job TO csms_api USING ((organization_id = ( SELECT (NULLIF(current_setting('csms.organization_id'::text, true), ''::text))::bigint AS "nullif"))) WITH CHECK ((organization_id = ( SELECT (NULLIF(current_setting('csms.organization_id'::text, true), ''::text))::bigint AS "nullif")));

CREATE POLICY csms_api_v1 ON public.ledger_account TO csms_api USING ((organization_id = ( SELECT (NULLIF(current_setting('csms.organization_id'::text, true), ''::text))::bigint AS "nullif"))) WITH CHECK ((organization_id = ( SELECT (NULLIF(current_setting('csms.organization_id'::text, true), ''::text))::bigint AS "nullif")));

CREATE POLICY csms_api_v1 ON public.ledger_entry TO csms_api USING ((EXISTS ( SELECT 1
   FROM public.ledger_account p
  WHERE (p.id = ledger_entry.account_id)))) WITH CHECK ((EXISTS ( SELECT 1
   FROM public.ledger_account p
  WHERE (p.id = ledger_entry.account_id))));

CREATE POLICY csms_api_v1 ON public.ledger_transfer TO csms_api USING ((organization_id = ( SELECT (NULLIF(current_setting('csms.organization_id'::text, true), ''::text))::bigint AS "nullif"))) WITH CHECK ((organization_id = ( SELECT (NULLIF(current_setting('csms.organization_id'::text, true), ''::text))::bigint AS "nullif")));

CREATE POLICY csms_api_v1 ON public.leniency_count TO csms_api USING (((organization_id = ( SELECT (NULLIF(current_setting('csms.organization_id'::text, true), ''::text))::bigint AS "nullif")) AND (( SELECT (COALESCE(current_setting('csms.stations'::text, true), ''::text) = ''::text)) OR (charger_id IN ( SELECT p.id
   FROM public.charger p))))) WITH CHECK (((organization_id = ( SELECT (NULLIF(current_setting('csms.organization_id'::text, true), ''::text))::bigint AS "nullif")) AND (( SELECT (COALESCE(current_setting('csms.stations'::text, true), ''::text) = ''::text)) OR (charger_id IN ( SELECT p.id
   FROM public.charger p)))));

CREATE POLICY csms_api_v1 ON public.local_list TO csms_api USING (((organization_id = ( SELECT (NULLIF(current_setting('csms.organization_id'::text, true), ''::text))::bigint AS "nullif")) AND (( SELECT (COALESCE(current_setting('csms.stations'::text, true), ''::text) = ''::text)) OR (charger_id IN ( SELECT p.id
   FROM public.charger p))))) WITH CHECK (((organization_id = ( SELECT (NULLIF(current_setting('csms.organization_id'::text, true), ''::text))::bigint AS "nullif")) AND (( SELECT (COALESCE(current_setting('csms.stations'::text, true), ''::text) = ''::text)) OR (charger_id IN ( SELECT p.id
   FROM public.charger p)))));

CREATE POLICY csms_api_v1 ON public.local_list_update TO csms_api USING (((organization_id = ( SELECT (NULLIF(current_setting('csms.organization_id'::text, true), ''::text))::bigint AS "nullif")) AND (( SELECT (COALESCE(current_setting('csms.stations'::text, true), ''::text) = ''::text)) OR (charger_id IN ( SELECT p.id
   FROM public.charger p))))) WITH CHECK (((organization_id = ( SELECT (NULLIF(current_setting('csms.organization_id'::text, true), ''::text))::bigint AS "nullif")) AND (( SELECT (COALESCE(current_setting('csms.stations'::text, true), ''::text) = ''::text)) OR (charger_id IN ( SELECT p.id
   FROM public.charger p)))));

CREATE POLICY csms_api_v1 ON public.mail_token TO csms_api USING ((organization_id = ( SELECT (NULLIF(current_setting('csms.organization_id'::text, true), ''::text))::bigint AS "nullif"))) WITH CHECK ((organization_id = ( SELECT (NULLIF(current_setting('csms.organization_id'::text, true), ''::text))::bigint AS "nullif")));

CREATE POLICY csms_api_v1 ON public.maintenance_event TO csms_api USING (((organization_id = ( SELECT (NULLIF(current_setting('csms.organization_id'::text, true), ''::text))::bigint AS "nullif")) AND (( SELECT (COALESCE(current_setting('csms.stations'::text, true), ''::text) = ''::text)) OR (charger_id IN ( SELECT p.id
   FROM public.charger p))))) WITH CHECK (((organization_id = ( SELECT (NULLIF(current_setting('csms.organization_id'::text, true), ''::text))::bigint AS "nullif")) AND (( SELECT (COALESCE(current_setting('csms.stations'::text, true), ''::text) = ''::text)) OR (charger_id IN ( SELECT p.id
   FROM public.charger p)))));

CREATE POLICY csms_api_v1 ON public.maintenance_job TO csms_api USING (((organization_id = ( SELECT (NULLIF(current_setting('csms.organization_id'::text, true), ''::text))::bigint AS "nullif")) AND (( SELECT (COALESCE(current_setting('csms.stations'::text, true), ''::text) = ''::text)) OR (charger_id IN ( SELECT p.id
   FROM public.charger p))))) WITH CHECK (((organization_id = ( SELECT (NULLIF(current_setting('csms.organization_id'::text, true), ''::text))::bigint AS "nullif")) AND (( SELECT (COALESCE(current_setting('csms.stations'::text, true), ''::text) = ''::text)) OR (charger_id IN ( SELECT p.id
   FROM public.charger p)))));

CREATE POLICY csms_api_v1 ON public.message TO csms_api USING (((organization_id = ( SELECT (NULLIF(current_setting('csms.organization_id'::text, true), ''::text))::bigint AS "nullif")) AND (( SELECT (COALESCE(current_setting('csms.stations'::text, true), ''::text) = ''::text)) OR (charger_id IN ( SELECT p.id
   FROM public.charger p))))) WITH CHECK (((organization_id = ( SELECT (NULLIF(current_setting('csms.organization_id'::text, true), ''::text))::bigint AS "nullif")) AND (( SELECT (COALESCE(current_setting('csms.stations'::text, true), ''::text) = ''::text)) OR (charger_id IN ( SELECT p.id
   FROM public.charger p)))));

CREATE POLICY csms_api_v1 ON public.meter_key TO csms_api USING (((organization_id = ( SELECT (NULLIF(current_setting('csms.organization_id'::text, true), ''::text))::bigint AS "nullif")) AND (( SELECT (COALESCE(current_setting('csms.stations'::text, true), ''::text) = ''::text)) OR (charger_id IN ( SELECT p.id
   FROM public.charger p))))) WITH CHECK (((organization_id = ( SELECT (NULLIF(current_setting('csms.organization_id'::text, true), ''::text))::bigint AS "nullif")) AND (( SELECT (COALESCE(current_setting('csms.stations'::text, true), ''::text) = ''::text)) OR (charger_id IN ( SELECT p.id
   FROM public.charger p)))));

CREATE POLICY csms_api_v1 ON public.meter_value TO csms_api USING (((organization_id = ( SELECT (NULLIF(current_setting('csms.organization_id'::text, true), ''::text))::bigint AS "nullif")) AND (( SELECT (COALESCE(current_setting('csms.stations'::text, true), ''::text) = ''::text)) OR (charger_id IN ( SELECT p.id
   FROM public.charger p))))) WITH CHECK (((organization_id = ( SELECT (NULLIF(current_setting('csms.organization_id'::text, true), ''::text))::bigint AS "nullif")) AND (( SELECT (COALESCE(current_setting('csms.stations'::text, true), ''::text) = ''::text)) OR (charger_id IN ( SELECT p.id
   FROM public.charger p)))));

CREATE POLICY csms_api_v1 ON public.model_leniency TO csms_api USING ((organization_id = ( SELECT (NULLIF(current_setting('csms.organization_id'::text, true), ''::text))::bigint AS "nullif"))) WITH CHECK ((organization_id = ( SELECT (NULLIF(current_setting('csms.organization_id'::text, true), ''::text))::bigint AS "nullif")));

CREATE POLICY csms_api_v1 ON public.operation TO csms_api USING (((organization_id = ( SELECT (NULLIF(current_setting('csms.organization_id'::text, true), ''::text))::bigint AS "nullif")) AND (( SELECT (COALESCE(current_setting('csms.stations'::text, true), ''::text) = ''::text)) OR (charger_id IN ( SELECT p.id
   FROM public.charger p))))) WITH CHECK (((organization_id = ( SELECT (NULLIF(current_setting('csms.organization_id'::text, true), ''::text))::bigint AS "nullif")) AND (( SELECT (COALESCE(current_setting('csms.stations'::text, true), ''::text) = ''::text)) OR (charger_id IN ( SELECT p.id
   FROM public.charger p)))));

CREATE POLICY csms_api_v1 ON public.organization TO csms_api USING ((id = ( SELECT (NULLIF(current_setting('csms.organization_id'::text, true), ''::text))::bigint AS "nullif"))) WITH CHECK ((id = ( SELECT (NULLIF(current_setting('csms.organization_id'::text, true), ''::text))::bigint AS "nullif")));

CREATE POLICY csms_api_v1 ON public.outgoing_mail TO csms_api USING ((organization_id = ( SELECT (NULLIF(current_setting('csms.organization_id'::text, true), ''::text))::bigint AS "nullif"))) WITH CHECK ((organization_id = ( SELECT (NULLIF(current_setting('csms.organization_id'::text, true), ''::text))::bigint AS "nullif")));

CREATE POLICY csms_api_v1 ON public.quarantine TO csms_api USING (((organization_id = ( SELECT (NULLIF(current_setting('csms.organization_id'::text, true), ''::text))::bigint AS "nullif")) AND (( SELECT (COALESCE(current_setting('csms.stations'::text, true), ''::text) = ''::text)) OR (charger_id IN ( SELECT p.id
   FROM public.charger p))))) WITH CHECK (((organization_id = ( SELECT (NULLIF(current_setting('csms.organization_id'::text, true), ''::text))::bigint AS "nullif")) AND (( SELECT (COALESCE(current_setting('csms.stations'::text, true), ''::text) = ''::text)) OR (charger_id IN ( SELECT p.id
   FROM public.charger p)))));

CREATE POLICY csms_api_v1 ON public.recovery_code TO csms_api USING ((organization_id = ( SELECT (NULLIF(current_setting('csms.organization_id'::text, true), ''::text))::bigint AS "nullif"))) WITH CHECK ((organization_id = ( SELECT (NULLIF(current_setting('csms.organization_id'::text, true), ''::text))::bigint AS "nullif")));

CREATE POLICY csms_api_v1 ON public.refresh_token TO csms_api USING ((organization_id = ( SELECT (NULLIF(current_setting('csms.organization_id'::text, true), ''::text))::bigint AS "nullif"))) WITH CHECK ((organization_id = ( SELECT (NULLIF(current_setting('csms.organization_id'::text, true), ''::text))::bigint AS "nullif")));

CREATE POLICY csms_api_v1 ON public.reservation TO csms_api USING (((organization_id = ( SELECT (NULLIF(current_setting('csms.organization_id'::text, true), ''::text))::bigint AS "nullif")) AND (( SELECT (COALESCE(current_setting('csms.stations'::text, true), ''::text) = ''::text)) OR (charger_id IN ( SELECT p.id
   FROM public.charger p))))) WITH CHECK (((organization_id = ( SELECT (NULLIF(current_setting('csms.organization_id'::text, true), ''::text))::bigint AS "nullif")) AND (( SELECT (COALESCE(current_setting('csms.stations'::text, true), ''::text) = ''::text)) OR (charger_id IN ( SELECT p.id
   FROM public.charger p)))));

CREATE POLICY csms_api_v1 ON public.role_grant TO csms_api USING (((organization_id = ( SELECT (NULLIF(current_setting('csms.organization_id'::text, true), ''::text))::bigint AS "nullif")) AND (( SELECT (COALESCE(current_setting('csms.stations'::text, true), ''::text) = ''::text)) OR (station_id = ANY ((( SELECT string_to_array(NULLIF(current_setting('csms.stations'::text, true), ''::text), ','::text) AS string_to_array))::bigint[]))))) WITH CHECK (((organization_id = ( SELECT (NULLIF(current_setting('csms.organization_id'::text, true), ''::text))::bigint AS "nullif")) AND (( SELECT (COALESCE(current_setting('csms.stations'::text, true), ''::text) = ''::text)) OR (station_id = ANY ((( SELECT string_to_array(NULLIF(current_setting('csms.stations'::text, true), ''::text), ','::text) AS string_to_array))::bigint[])))));

CREATE POLICY csms_api_v1 ON public.second_factor TO csms_api USING ((organization_id = ( SELECT (NULLIF(current_setting('csms.organization_id'::text, true), ''::text))::bigint AS "nullif"))) WITH CHECK ((organization_id = ( SELECT (NULLIF(current_setting('csms.organization_id'::text, true), ''::text))::bigint AS "nullif")));

CREATE POLICY csms_api_v1 ON public.security_event TO csms_api USING (((organization_id = ( SELECT (NULLIF(current_setting('csms.organization_id'::text, true), ''::text))::bigint AS "nullif")) AND (( SELECT (COALESCE(current_setting('csms.stations'::text, true), ''::text) = ''::text)) OR (charger_id IN ( SELECT p.id
   FROM public.charger p))))) WITH CHECK (((organization_id = ( SELECT (NULLIF(current_setting('csms.organization_id'::text, true), ''::text))::bigint AS "nullif")) AND (( SELECT (COALESCE(current_setting('csms.stations'::text, true), ''::text) = ''::text)) OR (charger_id IN ( SELECT p.id
   FROM public.charger p)))));

CREATE POLICY csms_api_v1 ON public.signed_reading TO csms_api USING ((organization_id = ( SELECT (NULLIF(current_setting('csms.organization_id'::text, true), ''::text))::bigint AS "nullif"))) WITH CHECK ((organization_id = ( SELECT (NULLIF(current_setting('csms.organization_id'::text, true), ''::text))::bigint AS "nullif")));

CREATE POLICY csms_api_v1 ON public.station TO csms_api USING (((organization_id = ( SELECT (NULLIF(current_setting('csms.organization_id'::text, true), ''::text))::bigint AS "nullif")) AND (( SELECT (COALESCE(current_setting('csms.stations'::text, true), ''::text) = ''::text)) OR (id = ANY ((( SELECT string_to_array(NULLIF(current_setting('csms.stations'::text, true), ''::text), ','::text) AS string_to_array))::bigint[]))))) WITH CHECK (((organization_id = ( SELECT (NULLIF(current_setting('csms.organization_id'::text, true), ''::text))::bigint AS "nullif")) AND (( SELECT (COALESCE(current_setting('csms.stations'::text, true), ''::text) = ''::text)) OR (id = ANY ((( SELECT string_to_array(NULLIF(current_setting('csms.stations'::text, true), ''::text), ','::text) AS string_to_array))::bigint[])))));

CREATE POLICY csms_api_v1 ON public.tariff TO csms_api USING ((organization_id = ( SELECT (NULLIF(current_setting('csms.organization_id'::text, true), ''::text))::bigint AS "nullif"))) WITH CHECK ((organization_id = ( SELECT (NULLIF(current_setting('csms.organization_id'::text, true), ''::text))::bigint AS "nullif")));

CREATE POLICY csms_api_v1 ON public.transaction TO csms_api USING (((organization_id = ( SELECT (NULLIF(current_setting('csms.organization_id'::text, true), ''::text))::bigint AS "nullif")) AND (( SELECT (COALESCE(current_setting('csms.stations'::text, true), ''::text) = ''::text)) OR (charger_id IN ( SELECT p.id
   FROM public.charger p))))) WITH CHECK (((organization_id = ( SELECT (NULLIF(current_setting('csms.organization_id'::text, true), ''::text))::bigint AS "nullif")) AND (( SELECT (COALESCE(current_setting('csms.stations'::text, true), ''::text) = ''::text)) OR (charger_id IN ( SELECT p.id
   FROM public.charger p)))));

CREATE POLICY csms_api_v1 ON public.user_session TO csms_api USING ((organization_id = ( SELECT (NULLIF(current_setting('csms.organization_id'::text, true), ''::text))::bigint AS "nullif"))) WITH CHECK ((organization_id = ( SELECT (NULLIF(current_setting('csms.organization_id'::text, true), ''::text))::bigint AS "nullif")));

CREATE POLICY csms_api_v1 ON public.webhook_delivery TO csms_api USING ((organization_id = ( SELECT (NULLIF(current_setting('csms.organization_id'::text, true), ''::text))::bigint AS "nullif"))) WITH CHECK ((organization_id = ( SELECT (NULLIF(current_setting('csms.organization_id'::text, true), ''::text))::bigint AS "nullif")));

CREATE POLICY csms_api_v1 ON public.webhook_endpoint TO csms_api USING ((organization_id = ( SELECT (NULLIF(current_setting('csms.organization_id'::text, true), ''::text))::bigint AS "nullif"))) WITH CHECK ((organization_id = ( SELECT (NULLIF(current_setting('csms.organization_id'::text, true), ''::text))::bigint AS "nullif")));

CREATE POLICY csms_exempt_v1 ON public.api_key TO csms_gateway, csms_worker USING (true) WITH CHECK (true);

CREATE POLICY csms_exempt_v1 ON public.app_user TO csms_gateway, csms_worker USING (true) WITH CHECK (true);

CREATE POLICY csms_exempt_v1 ON public.audit_entry TO csms_gateway, csms_worker USING (true) WITH CHECK (true);

CREATE POLICY csms_exempt_v1 ON public.audit_seal TO csms_gateway, csms_worker USING (true) WITH CHECK (true);

CREATE POLICY csms_exempt_v1 ON public.authorization_state TO csms_gateway, csms_worker USING (true) WITH CHECK (true);

CREATE POLICY csms_exempt_v1 ON public.authorization_step TO csms_gateway, csms_worker USING (true) WITH CHECK (true);

CREATE POLICY csms_exempt_v1 ON public.campaign_charger TO csms_gateway, csms_worker USING (true) WITH CHECK (true);

CREATE POLICY csms_exempt_v1 ON public.certificate_authority TO csms_gateway, csms_worker USING (true) WITH CHECK (true);

CREATE POLICY csms_exempt_v1 ON public.certificate_request TO csms_gateway, csms_worker USING (true) WITH CHECK (true);

CREATE POLICY csms_exempt_v1 ON public.charger TO csms_gateway, csms_worker USING (true) WITH CHECK (true);

CREATE POLICY csms_exempt_v1 ON public.charger_credential TO csms_gateway, csms_worker USING (true) WITH CHECK (true);

CREATE POLICY csms_exempt_v1 ON public.charger_epoch TO csms_gateway, csms_worker USING (true) WITH CHECK (true);

CREATE POLICY csms_exempt_v1 ON public.charger_profile TO csms_gateway, csms_worker USING (true) WITH CHECK (true);

CREATE POLICY csms_exempt_v1 ON public.charger_pushes TO csms_gateway, csms_worker USING (true) WITH CHECK (true);

CREATE POLICY csms_exempt_v1 ON public.charging_profile TO csms_gateway, csms_worker USING (true) WITH CHECK (true);

CREATE POLICY csms_exempt_v1 ON public.configuration_key TO csms_gateway, csms_worker USING (true) WITH CHECK (true);

CREATE POLICY csms_exempt_v1 ON public.configuration_template TO csms_gateway, csms_worker USING (true) WITH CHECK (true);

CREATE POLICY csms_exempt_v1 ON public.connection TO csms_gateway, csms_worker USING (true) WITH CHECK (true);

CREATE POLICY csms_exempt_v1 ON public.connector TO csms_gateway, csms_worker USING (true) WITH CHECK (true);

CREATE POLICY csms_exempt_v1 ON public.connector_status_event TO csms_gateway, csms_worker USING (true) WITH CHECK (true);

CREATE POLICY csms_exempt_v1 ON public.desk_case TO csms_gateway, csms_worker USING (true) WITH CHECK (true);

CREATE POLICY csms_exempt_v1 ON public.external_identity TO csms_gateway, csms_worker USING (true) WITH CHECK (true);

CREATE POLICY csms_exempt_v1 ON public.fault TO csms_gateway, csms_worker USING (true) WITH CHECK (true);

CREATE POLICY csms_exempt_v1 ON public.firmware_campaign TO csms_gateway, csms_worker USING (true) WITH CHECK (true);

CREATE POLICY csms_exempt_v1 ON public.handshake_attempt TO csms_gateway, csms_worker USING (true) WITH CHECK (true);

CREATE POLICY csms_exempt_v1 ON public.id_tag TO csms_gateway, csms_worker USING (true) WITH CHECK (true);

CREATE POLICY csms_exempt_v1 ON public.idempotency_key TO csms_gateway, csms_worker USING (true) WITH CHECK (true);

CREATE POLICY csms_exempt_v1 ON public.installed_certificate TO csms_gateway, csms_worker USING (true) WITH CHECK (true);

CREATE POLICY csms_exempt_v1 ON public.issued_certificate TO csms_gateway, csms_worker USING (true) WITH CHECK (true);

CREATE POLICY csms_exempt_v1 ON public.job TO csms_gateway, csms_worker USING (true) WITH CHECK (true);

CREATE POLICY csms_exempt_v1 ON public.ledger_account TO csms_gateway, csms_worker USING (true) WITH CHECK (true);

CREATE POLICY csms_exempt_v1 ON public.ledger_entry TO csms_gateway, csms_worker USING (true) WITH CHECK (true);

CREATE POLICY csms_exempt_v1 ON public.ledger_transfer TO csms_gateway, csms_worker USING (true) WITH CHECK (true);

CREATE POLICY csms_exempt_v1 ON public.leniency_count TO csms_gateway, csms_worker USING (true) WITH CHECK (true);

CREATE POLICY csms_exempt_v1 ON public.local_list TO csms_gateway, csms_worker USING (true) WITH CHECK (true);

CREATE POLICY csms_exempt_v1 ON public.local_list_update TO csms_gateway, csms_worker USING (true) WITH CHECK (true);

CREATE POLICY csms_exempt_v1 ON public.mail_token TO csms_gateway, csms_worker USING (true) WITH CHECK (true);

CREATE POLICY csms_exempt_v1 ON public.maintenance_event TO csms_gateway, csms_worker USING (true) WITH CHECK (true);

CREATE POLICY csms_exempt_v1 ON public.maintenance_job TO csms_gateway, csms_worker USING (true) WITH CHECK (true);

CREATE POLICY csms_exempt_v1 ON public.message TO csms_gateway, csms_worker USING (true) WITH CHECK (true);

CREATE POLICY csms_exempt_v1 ON public.meter_key TO csms_gateway, csms_worker USING (true) WITH CHECK (true);

CREATE POLICY csms_exempt_v1 ON public.meter_value TO csms_gateway, csms_worker USING (true) WITH CHECK (true);

CREATE POLICY csms_exempt_v1 ON public.model_leniency TO csms_gateway, csms_worker USING (true) WITH CHECK (true);

CREATE POLICY csms_exempt_v1 ON public.operation TO csms_gateway, csms_worker USING (true) WITH CHECK (true);

CREATE POLICY csms_exempt_v1 ON public.organization TO csms_gateway, csms_worker USING (true) WITH CHECK (true);

CREATE POLICY csms_exempt_v1 ON public.outgoing_mail TO csms_gateway, csms_worker USING (true) WITH CHECK (true);

CREATE POLICY csms_exempt_v1 ON public.quarantine TO csms_gateway, csms_worker USING (true) WITH CHECK (true);

CREATE POLICY csms_exempt_v1 ON public.recovery_code TO csms_gateway, csms_worker USING (true) WITH CHECK (true);

CREATE POLICY csms_exempt_v1 ON public.refresh_token TO csms_gateway, csms_worker USING (true) WITH CHECK (true);

CREATE POLICY csms_exempt_v1 ON public.reservation TO csms_gateway, csms_worker USING (true) WITH CHECK (true);

CREATE POLICY csms_exempt_v1 ON public.role_grant TO csms_gateway, csms_worker USING (true) WITH CHECK (true);

CREATE POLICY csms_exempt_v1 ON public.second_factor TO csms_gateway, csms_worker USING (true) WITH CHECK (true);

CREATE POLICY csms_exempt_v1 ON public.security_event TO csms_gateway, csms_worker USING (true) WITH CHECK (true);

CREATE POLICY csms_exempt_v1 ON public.signed_reading TO csms_gateway, csms_worker USING (true) WITH CHECK (true);

CREATE POLICY csms_exempt_v1 ON public.station TO csms_gateway, csms_worker USING (true) WITH CHECK (true);

CREATE POLICY csms_exempt_v1 ON public.tariff TO csms_gateway, csms_worker USING (true) WITH CHECK (true);

CREATE POLICY csms_exempt_v1 ON public.transaction TO csms_gateway, csms_worker USING (true) WITH CHECK (true);

CREATE POLICY csms_exempt_v1 ON public.user_session TO csms_gateway, csms_worker USING (true) WITH CHECK (true);

CREATE POLICY csms_exempt_v1 ON public.webhook_delivery TO csms_gateway, csms_worker USING (true) WITH CHECK (true);

CREATE POLICY csms_exempt_v1 ON public.webhook_endpoint TO csms_gateway, csms_worker USING (true) WITH CHECK (true);

ALTER TABLE public.desk_case ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.external_identity ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.fault ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.firmware_campaign ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.handshake_attempt ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.id_tag ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.idempotency_key ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.installed_certificate ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.issued_certificate ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.job ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.ledger_account ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.ledger_entry ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.ledger_transfer ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.leniency_count ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.local_list ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.local_list_update ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.mail_token ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.maintenance_event ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.maintenance_job ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.message ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.meter_key ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.meter_value ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.model_leniency ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.operation ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.organization ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.outgoing_mail ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.quarantine ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.recovery_code ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.refresh_token ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.reservation ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.role_grant ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.second_factor ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.security_event ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.signed_reading ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.station ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.tariff ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.transaction ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.user_session ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.webhook_delivery ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.webhook_endpoint ENABLE ROW LEVEL SECURITY;

GRANT USAGE ON SCHEMA public TO csms_api;
GRANT USAGE ON SCHEMA public TO csms_gateway;
GRANT USAGE ON SCHEMA public TO csms_worker;

REVOKE ALL ON FUNCTION public.csms_drop_partitions(parent text, older_than timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION public.csms_drop_partitions(parent text, older_than timestamp with time zone) TO csms_worker;

REVOKE ALL ON FUNCTION public.csms_make_partition(parent text, lower_bound timestamp with time zone, upper_bound timestamp with time zone, suffix text) FROM PUBLIC;

REVOKE ALL ON FUNCTION public.csms_make_partitions(days_ahead integer) FROM PUBLIC;
GRANT ALL ON FUNCTION public.csms_make_partitions(days_ahead integer) TO csms_worker;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.api_key TO csms_api;

GRANT USAGE ON SEQUENCE public.api_key_id_seq TO csms_api;
GRANT USAGE ON SEQUENCE public.api_key_id_seq TO csms_gateway;
GRANT USAGE ON SEQUENCE public.api_key_id_seq TO csms_worker;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.app_user TO csms_api;
GRANT SELECT ON TABLE public.app_user TO csms_gateway;
GRANT SELECT,INSERT,UPDATE ON TABLE public.app_user TO csms_worker;

GRANT USAGE ON SEQUENCE public.app_user_id_seq TO csms_api;
GRANT USAGE ON SEQUENCE public.app_user_id_seq TO csms_gateway;
GRANT USAGE ON SEQUENCE public.app_user_id_seq TO csms_worker;

GRANT SELECT,INSERT ON TABLE public.audit_entry TO csms_api;
GRANT SELECT,INSERT ON TABLE public.audit_entry TO csms_gateway;
GRANT SELECT,INSERT ON TABLE public.audit_entry TO csms_worker;

GRANT USAGE ON SEQUENCE public.audit_entry_id_seq TO csms_api;
GRANT USAGE ON SEQUENCE public.audit_entry_id_seq TO csms_gateway;
GRANT USAGE ON SEQUENCE public.audit_entry_id_seq TO csms_worker;

GRANT SELECT ON TABLE public.audit_seal TO csms_api;
GRANT SELECT,INSERT ON TABLE public.audit_seal TO csms_worker;

GRANT USAGE ON SEQUENCE public.audit_seal_id_seq TO csms_api;
GRANT USAGE ON SEQUENCE public.audit_seal_id_seq TO csms_gateway;
GRANT USAGE ON SEQUENCE public.audit_seal_id_seq TO csms_worker;

GRANT SELECT ON TABLE public.authorization_state TO csms_api;
GRANT SELECT,INSERT,UPDATE ON TABLE public.authorization_state TO csms_gateway;
GRANT SELECT,INSERT,UPDATE ON TABLE public.authorization_state TO csms_worker;

GRANT SELECT ON TABLE public.authorization_step TO csms_api;
GRANT SELECT,INSERT,UPDATE ON TABLE public.authorization_step TO csms_gateway;
GRANT SELECT,INSERT,UPDATE ON TABLE public.authorization_step TO csms_worker;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.campaign_charger TO csms_api;
GRANT SELECT,INSERT,UPDATE ON TABLE public.campaign_charger TO csms_worker;

GRANT USAGE ON SEQUENCE public.campaign_charger_id_seq TO csms_api;
GRANT USAGE ON SEQUENCE public.campaign_charger_id_seq TO csms_gateway;
GRANT USAGE ON SEQUENCE public.campaign_charger_id_seq TO csms_worker;

GRANT SELECT,INSERT,UPDATE ON TABLE public.certificate_authority TO csms_api;
GRANT SELECT,INSERT,UPDATE ON TABLE public.certificate_authority TO csms_gateway;
GRANT SELECT,INSERT,UPDATE ON TABLE public.certificate_authority TO csms_worker;

GRANT USAGE ON SEQUENCE public.certificate_authority_id_seq TO csms_api;
GRANT USAGE ON SEQUENCE public.certificate_authority_id_seq TO csms_gateway;
GRANT USAGE ON SEQUENCE public.certificate_authority_id_seq TO csms_worker;

GRANT SELECT,INSERT,UPDATE ON TABLE public.certificate_request TO csms_api;
GRANT SELECT,INSERT,UPDATE ON TABLE public.certificate_request TO csms_gateway;
GRANT SELECT,INSERT,UPDATE ON TABLE public.certificate_request TO csms_worker;

GRANT USAGE ON SEQUENCE public.certificate_request_id_seq TO csms_api;
GRANT USAGE ON SEQUENCE public.certificate_request_id_seq TO csms_gateway;
GRANT USAGE ON SEQUENCE public.certificate_request_id_seq TO csms_worker;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.charger TO csms_api;
GRANT SELECT,INSERT,UPDATE ON TABLE public.charger TO csms_gateway;
GRANT SELECT,INSERT,UPDATE ON TABLE public.charger TO csms_worker;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.charger_credential TO csms_api;
GRANT SELECT,INSERT,UPDATE ON TABLE public.charger_credential TO csms_gateway;
GRANT SELECT,INSERT,UPDATE ON TABLE public.charger_credential TO csms_worker;

GRANT USAGE ON SEQUENCE public.charger_credential_id_seq TO csms_api;
GRANT USAGE ON SEQUENCE public.charger_credential_id_seq TO csms_gateway;
GRANT USAGE ON SEQUENCE public.charger_credential_id_seq TO csms_worker;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.charger_epoch TO csms_api;
GRANT SELECT,INSERT,UPDATE ON TABLE public.charger_epoch TO csms_gateway;
GRANT SELECT,INSERT,UPDATE ON TABLE public.charger_epoch TO csms_worker;

GRANT USAGE ON SEQUENCE public.charger_id_seq TO csms_api;
GRANT USAGE ON SEQUENCE public.charger_id_seq TO csms_gateway;
GRANT USAGE ON SEQUENCE public.charger_id_seq TO csms_worker;

GRANT SELECT ON TABLE public.charger_profile TO csms_api;
GRANT SELECT,INSERT,UPDATE ON TABLE public.charger_profile TO csms_gateway;
GRANT SELECT,INSERT,UPDATE ON TABLE public.charger_profile TO csms_worker;

GRANT USAGE ON SEQUENCE public.charger_profile_id_seq TO csms_api;
GRANT USAGE ON SEQUENCE public.charger_profile_id_seq TO csms_gateway;
GRANT USAGE ON SEQUENCE public.charger_profile_id_seq TO csms_worker;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.charger_pushes TO csms_api;
GRANT SELECT,INSERT,UPDATE ON TABLE public.charger_pushes TO csms_worker;

GRANT USAGE ON SEQUENCE public.wire_number_seq TO csms_api;
GRANT USAGE ON SEQUENCE public.wire_number_seq TO csms_gateway;
GRANT USAGE ON SEQUENCE public.wire_number_seq TO csms_worker;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.charging_profile TO csms_api;
GRANT SELECT ON TABLE public.charging_profile TO csms_worker;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.configuration_key TO csms_api;
GRANT SELECT,INSERT,UPDATE ON TABLE public.configuration_key TO csms_gateway;
GRANT SELECT,INSERT,UPDATE ON TABLE public.configuration_key TO csms_worker;

GRANT USAGE ON SEQUENCE public.configuration_key_id_seq TO csms_api;
GRANT USAGE ON SEQUENCE public.configuration_key_id_seq TO csms_gateway;
GRANT USAGE ON SEQUENCE public.configuration_key_id_seq TO csms_worker;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.configuration_template TO csms_api;
GRANT SELECT ON TABLE public.configuration_template TO csms_worker;

GRANT USAGE ON SEQUENCE public.configuration_template_id_seq TO csms_api;
GRANT USAGE ON SEQUENCE public.configuration_template_id_seq TO csms_gateway;
GRANT USAGE ON SEQUENCE public.configuration_template_id_seq TO csms_worker;

GRANT SELECT,INSERT,UPDATE ON TABLE public.connection TO csms_api;
GRANT SELECT,INSERT,UPDATE ON TABLE public.connection TO csms_gateway;
GRANT SELECT,INSERT,UPDATE ON TABLE public.connection TO csms_worker;

GRANT USAGE ON SEQUENCE public.connection_id_seq TO csms_api;
GRANT USAGE ON SEQUENCE public.connection_id_seq TO csms_gateway;
GRANT USAGE ON SEQUENCE public.connection_id_seq TO csms_worker;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.connector TO csms_api;
GRANT SELECT,INSERT,UPDATE ON TABLE public.connector TO csms_gateway;
GRANT SELECT,INSERT,UPDATE ON TABLE public.connector TO csms_worker;

GRANT USAGE ON SEQUENCE public.connector_id_seq TO csms_api;
GRANT USAGE ON SEQUENCE public.connector_id_seq TO csms_gateway;
GRANT USAGE ON SEQUENCE public.connector_id_seq TO csms_worker;

GRANT SELECT ON TABLE public.connector_status_event TO csms_api;
GRANT SELECT,INSERT,UPDATE ON TABLE public.connector_status_event TO csms_gateway;
GRANT SELECT,INSERT,UPDATE ON TABLE public.connector_status_event TO csms_worker;

GRANT USAGE ON SEQUENCE public.connector_status_event_id_seq TO csms_api;
GRANT USAGE ON SEQUENCE public.connector_status_event_id_seq TO csms_gateway;
GRANT USAGE ON SEQUENCE public.connector_status_event_id_seq TO csms_worker;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.desk_case TO csms_api;
GRANT SELECT,INSERT,UPDATE ON TABLE public.desk_case TO csms_gateway;
GRANT SELECT,INSERT,UPDATE ON TABLE public.desk_case TO csms_worker;

GRANT USAGE ON SEQUENCE public.desk_case_id_seq TO csms_api;
GRANT USAGE ON SEQUENCE public.desk_case_id_seq TO csms_gateway;
GRANT USAGE ON SEQUENCE public.desk_case_id_seq TO csms_worker;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.external_identity TO csms_api;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.external_identity TO csms_worker;

GRANT USAGE ON SEQUENCE public.external_identity_id_seq TO csms_api;
GRANT USAGE ON SEQUENCE public.external_identity_id_seq TO csms_gateway;
GRANT USAGE ON SEQUENCE public.external_identity_id_seq TO csms_worker;

GRANT SELECT ON TABLE public.fault TO csms_api;
GRANT SELECT,INSERT,UPDATE ON TABLE public.fault TO csms_gateway;
GRANT SELECT,INSERT,UPDATE ON TABLE public.fault TO csms_worker;

GRANT USAGE ON SEQUENCE public.fault_id_seq TO csms_api;
GRANT USAGE ON SEQUENCE public.fault_id_seq TO csms_gateway;
GRANT USAGE ON SEQUENCE public.fault_id_seq TO csms_worker;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.firmware_campaign TO csms_api;
GRANT SELECT,INSERT,UPDATE ON TABLE public.firmware_campaign TO csms_worker;

GRANT USAGE ON SEQUENCE public.firmware_campaign_id_seq TO csms_api;
GRANT USAGE ON SEQUENCE public.firmware_campaign_id_seq TO csms_gateway;
GRANT USAGE ON SEQUENCE public.firmware_campaign_id_seq TO csms_worker;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.handshake_attempt TO csms_api;
GRANT SELECT,INSERT ON TABLE public.handshake_attempt TO csms_gateway;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.handshake_attempt TO csms_worker;

GRANT USAGE ON SEQUENCE public.handshake_attempt_id_seq TO csms_api;
GRANT USAGE ON SEQUENCE public.handshake_attempt_id_seq TO csms_gateway;
GRANT USAGE ON SEQUENCE public.handshake_attempt_id_seq TO csms_worker;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.id_tag TO csms_api;
GRANT SELECT ON TABLE public.id_tag TO csms_gateway;
GRANT SELECT ON TABLE public.id_tag TO csms_worker;

GRANT USAGE ON SEQUENCE public.id_tag_id_seq TO csms_api;
GRANT USAGE ON SEQUENCE public.id_tag_id_seq TO csms_gateway;
GRANT USAGE ON SEQUENCE public.id_tag_id_seq TO csms_worker;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.idempotency_key TO csms_api;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.idempotency_key TO csms_worker;

GRANT USAGE ON SEQUENCE public.idempotency_key_id_seq TO csms_api;
GRANT USAGE ON SEQUENCE public.idempotency_key_id_seq TO csms_gateway;
GRANT USAGE ON SEQUENCE public.idempotency_key_id_seq TO csms_worker;

GRANT SELECT ON TABLE public.installed_certificate TO csms_api;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.installed_certificate TO csms_gateway;

GRANT USAGE ON SEQUENCE public.installed_certificate_id_seq TO csms_api;
GRANT USAGE ON SEQUENCE public.installed_certificate_id_seq TO csms_gateway;
GRANT USAGE ON SEQUENCE public.installed_certificate_id_seq TO csms_worker;

GRANT SELECT,INSERT,UPDATE ON TABLE public.issued_certificate TO csms_api;
GRANT SELECT,INSERT,UPDATE ON TABLE public.issued_certificate TO csms_gateway;
GRANT SELECT,INSERT,UPDATE ON TABLE public.issued_certificate TO csms_worker;

GRANT USAGE ON SEQUENCE public.issued_certificate_id_seq TO csms_api;
GRANT USAGE ON SEQUENCE public.issued_certificate_id_seq TO csms_gateway;
GRANT USAGE ON SEQUENCE public.issued_certificate_id_seq TO csms_worker;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.job TO csms_api;
GRANT SELECT,INSERT,UPDATE ON TABLE public.job TO csms_gateway;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.job TO csms_worker;

GRANT USAGE ON SEQUENCE public.job_id_seq TO csms_api;
GRANT USAGE ON SEQUENCE public.job_id_seq TO csms_gateway;
GRANT USAGE ON SEQUENCE public.job_id_seq TO csms_worker;

GRANT SELECT ON TABLE public.journal_marker TO csms_api;
GRANT SELECT,INSERT ON TABLE public.journal_marker TO csms_gateway;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.journal_marker TO csms_worker;

GRANT SELECT,INSERT ON TABLE public.ledger_account TO csms_api;
GRANT SELECT,INSERT ON TABLE public.ledger_account TO csms_gateway;
GRANT SELECT,INSERT ON TABLE public.ledger_account TO csms_worker;

GRANT USAGE ON SEQUENCE public.ledger_account_id_seq TO csms_api;
GRANT USAGE ON SEQUENCE public.ledger_account_id_seq TO csms_gateway;
GRANT USAGE ON SEQUENCE public.ledger_account_id_seq TO csms_worker;

GRANT SELECT,INSERT ON TABLE public.ledger_entry TO csms_api;
GRANT SELECT,INSERT ON TABLE public.ledger_entry TO csms_gateway;
GRANT SELECT,INSERT ON TABLE public.ledger_entry TO csms_worker;

GRANT USAGE ON SEQUENCE public.ledger_entry_id_seq TO csms_api;
GRANT USAGE ON SEQUENCE public.ledger_entry_id_seq TO csms_gateway;
GRANT USAGE ON SEQUENCE public.ledger_entry_id_seq TO csms_worker;

GRANT SELECT,INSERT ON TABLE public.ledger_transfer TO csms_api;
GRANT SELECT,INSERT ON TABLE public.ledger_transfer TO csms_gateway;
GRANT SELECT,INSERT ON TABLE public.ledger_transfer TO csms_worker;

GRANT USAGE ON SEQUENCE public.ledger_transfer_id_seq TO csms_api;
GRANT USAGE ON SEQUENCE public.ledger_transfer_id_seq TO csms_gateway;
GRANT USAGE ON SEQUENCE public.ledger_transfer_id_seq TO csms_worker;

GRANT SELECT ON TABLE public.leniency_count TO csms_api;
GRANT SELECT,INSERT,UPDATE ON TABLE public.leniency_count TO csms_gateway;
GRANT SELECT,INSERT,UPDATE ON TABLE public.leniency_count TO csms_worker;

GRANT USAGE ON SEQUENCE public.leniency_count_id_seq TO csms_api;
GRANT USAGE ON SEQUENCE public.leniency_count_id_seq TO csms_gateway;
GRANT USAGE ON SEQUENCE public.leniency_count_id_seq TO csms_worker;

GRANT SELECT ON TABLE public.local_list TO csms_api;
GRANT SELECT,INSERT,UPDATE ON TABLE public.local_list TO csms_gateway;
GRANT SELECT,INSERT,UPDATE ON TABLE public.local_list TO csms_worker;

GRANT SELECT ON TABLE public.local_list_update TO csms_api;
GRANT SELECT,INSERT,UPDATE ON TABLE public.local_list_update TO csms_gateway;
GRANT SELECT,INSERT,UPDATE ON TABLE public.local_list_update TO csms_worker;

GRANT USAGE ON SEQUENCE public.local_list_update_id_seq TO csms_api;
GRANT USAGE ON SEQUENCE public.local_list_update_id_seq TO csms_gateway;
GRANT USAGE ON SEQUENCE public.local_list_update_id_seq TO csms_worker;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.mail_token TO csms_api;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.mail_token TO csms_worker;

GRANT USAGE ON SEQUENCE public.mail_token_id_seq TO csms_api;
GRANT USAGE ON SEQUENCE public.mail_token_id_seq TO csms_gateway;
GRANT USAGE ON SEQUENCE public.mail_token_id_seq TO csms_worker;

GRANT SELECT ON TABLE public.maintenance_event TO csms_api;
GRANT SELECT,INSERT,UPDATE ON TABLE public.maintenance_event TO csms_gateway;
GRANT SELECT,INSERT,UPDATE ON TABLE public.maintenance_event TO csms_worker;

GRANT USAGE ON SEQUENCE public.maintenance_event_id_seq TO csms_api;
GRANT USAGE ON SEQUENCE public.maintenance_event_id_seq TO csms_gateway;
GRANT USAGE ON SEQUENCE public.maintenance_event_id_seq TO csms_worker;

GRANT SELECT ON TABLE public.maintenance_job TO csms_api;
GRANT SELECT,INSERT,UPDATE ON TABLE public.maintenance_job TO csms_gateway;
GRANT SELECT,INSERT,UPDATE ON TABLE public.maintenance_job TO csms_worker;

GRANT USAGE ON SEQUENCE public.maintenance_job_id_seq TO csms_api;
GRANT USAGE ON SEQUENCE public.maintenance_job_id_seq TO csms_gateway;
GRANT USAGE ON SEQUENCE public.maintenance_job_id_seq TO csms_worker;

GRANT SELECT ON TABLE public.message TO csms_api;
GRANT SELECT,INSERT,UPDATE ON TABLE public.message TO csms_gateway;
GRANT SELECT,INSERT,UPDATE ON TABLE public.message TO csms_worker;

GRANT USAGE ON SEQUENCE public.message_id_seq TO csms_api;
GRANT USAGE ON SEQUENCE public.message_id_seq TO csms_gateway;
GRANT USAGE ON SEQUENCE public.message_id_seq TO csms_worker;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.meter_key TO csms_api;
GRANT SELECT ON TABLE public.meter_key TO csms_worker;

GRANT USAGE ON SEQUENCE public.meter_key_id_seq TO csms_api;
GRANT USAGE ON SEQUENCE public.meter_key_id_seq TO csms_gateway;
GRANT USAGE ON SEQUENCE public.meter_key_id_seq TO csms_worker;

GRANT SELECT ON TABLE public.meter_value TO csms_api;
GRANT SELECT,INSERT,UPDATE ON TABLE public.meter_value TO csms_gateway;
GRANT SELECT,INSERT,UPDATE ON TABLE public.meter_value TO csms_worker;

GRANT USAGE ON SEQUENCE public.meter_value_id_seq TO csms_api;
GRANT USAGE ON SEQUENCE public.meter_value_id_seq TO csms_gateway;
GRANT USAGE ON SEQUENCE public.meter_value_id_seq TO csms_worker;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.model_leniency TO csms_api;
GRANT SELECT ON TABLE public.model_leniency TO csms_gateway;

GRANT USAGE ON SEQUENCE public.model_leniency_id_seq TO csms_api;
GRANT USAGE ON SEQUENCE public.model_leniency_id_seq TO csms_gateway;
GRANT USAGE ON SEQUENCE public.model_leniency_id_seq TO csms_worker;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.operation TO csms_api;
GRANT SELECT,INSERT,UPDATE ON TABLE public.operation TO csms_gateway;
GRANT SELECT,INSERT,UPDATE ON TABLE public.operation TO csms_worker;

GRANT USAGE ON SEQUENCE public.operation_id_seq TO csms_api;
GRANT USAGE ON SEQUENCE public.operation_id_seq TO csms_gateway;
GRANT USAGE ON SEQUENCE public.operation_id_seq TO csms_worker;

GRANT SELECT,INSERT,UPDATE ON TABLE public.organization TO csms_api;
GRANT SELECT ON TABLE public.organization TO csms_gateway;
GRANT SELECT ON TABLE public.organization TO csms_worker;

GRANT USAGE ON SEQUENCE public.organization_id_seq TO csms_api;
GRANT USAGE ON SEQUENCE public.organization_id_seq TO csms_gateway;
GRANT USAGE ON SEQUENCE public.organization_id_seq TO csms_worker;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.outgoing_mail TO csms_api;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.outgoing_mail TO csms_worker;

GRANT USAGE ON SEQUENCE public.outgoing_mail_id_seq TO csms_api;
GRANT USAGE ON SEQUENCE public.outgoing_mail_id_seq TO csms_gateway;
GRANT USAGE ON SEQUENCE public.outgoing_mail_id_seq TO csms_worker;

GRANT SELECT,INSERT,UPDATE ON TABLE public.quarantine TO csms_api;
GRANT SELECT,INSERT,UPDATE ON TABLE public.quarantine TO csms_gateway;
GRANT SELECT,INSERT,UPDATE ON TABLE public.quarantine TO csms_worker;

GRANT USAGE ON SEQUENCE public.quarantine_id_seq TO csms_api;
GRANT USAGE ON SEQUENCE public.quarantine_id_seq TO csms_gateway;
GRANT USAGE ON SEQUENCE public.quarantine_id_seq TO csms_worker;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.recovery_code TO csms_api;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.recovery_code TO csms_worker;

GRANT USAGE ON SEQUENCE public.recovery_code_id_seq TO csms_api;
GRANT USAGE ON SEQUENCE public.recovery_code_id_seq TO csms_gateway;
GRANT USAGE ON SEQUENCE public.recovery_code_id_seq TO csms_worker;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.refresh_token TO csms_api;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.refresh_token TO csms_worker;

GRANT USAGE ON SEQUENCE public.refresh_token_id_seq TO csms_api;
GRANT USAGE ON SEQUENCE public.refresh_token_id_seq TO csms_gateway;
GRANT USAGE ON SEQUENCE public.refresh_token_id_seq TO csms_worker;

GRANT SELECT ON TABLE public.reservation TO csms_api;
GRANT SELECT,INSERT,UPDATE ON TABLE public.reservation TO csms_gateway;
GRANT SELECT,INSERT,UPDATE ON TABLE public.reservation TO csms_worker;

GRANT SELECT,INSERT,UPDATE ON TABLE public.retention TO csms_api;
GRANT SELECT ON TABLE public.retention TO csms_worker;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.role_grant TO csms_api;
GRANT SELECT ON TABLE public.role_grant TO csms_gateway;
GRANT SELECT ON TABLE public.role_grant TO csms_worker;

GRANT USAGE ON SEQUENCE public.role_grant_id_seq TO csms_api;
GRANT USAGE ON SEQUENCE public.role_grant_id_seq TO csms_gateway;
GRANT USAGE ON SEQUENCE public.role_grant_id_seq TO csms_worker;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.second_factor TO csms_api;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.second_factor TO csms_worker;

GRANT SELECT ON TABLE public.security_event TO csms_api;
GRANT SELECT,INSERT,UPDATE ON TABLE public.security_event TO csms_gateway;
GRANT SELECT,INSERT,UPDATE ON TABLE public.security_event TO csms_worker;

GRANT USAGE ON SEQUENCE public.security_event_id_seq TO csms_api;
GRANT USAGE ON SEQUENCE public.security_event_id_seq TO csms_gateway;
GRANT USAGE ON SEQUENCE public.security_event_id_seq TO csms_worker;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.server_secret TO csms_api;
GRANT SELECT,INSERT ON TABLE public.server_secret TO csms_gateway;
GRANT SELECT ON TABLE public.server_secret TO csms_worker;

GRANT SELECT ON TABLE public.signed_reading TO csms_api;
GRANT SELECT,INSERT,UPDATE ON TABLE public.signed_reading TO csms_worker;

GRANT USAGE ON SEQUENCE public.signed_reading_id_seq TO csms_api;
GRANT USAGE ON SEQUENCE public.signed_reading_id_seq TO csms_gateway;
GRANT USAGE ON SEQUENCE public.signed_reading_id_seq TO csms_worker;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.station TO csms_api;
GRANT SELECT ON TABLE public.station TO csms_gateway;
GRANT SELECT ON TABLE public.station TO csms_worker;

GRANT USAGE ON SEQUENCE public.station_id_seq TO csms_api;
GRANT USAGE ON SEQUENCE public.station_id_seq TO csms_gateway;
GRANT USAGE ON SEQUENCE public.station_id_seq TO csms_worker;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.tariff TO csms_api;
GRANT SELECT ON TABLE public.tariff TO csms_gateway;
GRANT SELECT ON TABLE public.tariff TO csms_worker;

GRANT USAGE ON SEQUENCE public.tariff_id_seq TO csms_api;
GRANT USAGE ON SEQUENCE public.tariff_id_seq TO csms_gateway;
GRANT USAGE ON SEQUENCE public.tariff_id_seq TO csms_worker;

GRANT USAGE ON SEQUENCE public.tortoise_migrations_id_seq TO csms_api;
GRANT USAGE ON SEQUENCE public.tortoise_migrations_id_seq TO csms_gateway;
GRANT USAGE ON SEQUENCE public.tortoise_migrations_id_seq TO csms_worker;

GRANT SELECT,INSERT,UPDATE ON TABLE public.transaction TO csms_api;
GRANT SELECT,INSERT,UPDATE ON TABLE public.transaction TO csms_gateway;
GRANT SELECT,INSERT,UPDATE ON TABLE public.transaction TO csms_worker;

GRANT USAGE ON SEQUENCE public.transaction_id_seq TO csms_api;
GRANT USAGE ON SEQUENCE public.transaction_id_seq TO csms_gateway;
GRANT USAGE ON SEQUENCE public.transaction_id_seq TO csms_worker;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.user_session TO csms_api;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.user_session TO csms_worker;

GRANT USAGE ON SEQUENCE public.user_session_id_seq TO csms_api;
GRANT USAGE ON SEQUENCE public.user_session_id_seq TO csms_gateway;
GRANT USAGE ON SEQUENCE public.user_session_id_seq TO csms_worker;

GRANT SELECT,INSERT,UPDATE ON TABLE public.webhook_delivery TO csms_api;
GRANT SELECT,INSERT ON TABLE public.webhook_delivery TO csms_gateway;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.webhook_delivery TO csms_worker;

GRANT USAGE ON SEQUENCE public.webhook_delivery_id_seq TO csms_api;
GRANT USAGE ON SEQUENCE public.webhook_delivery_id_seq TO csms_gateway;
GRANT USAGE ON SEQUENCE public.webhook_delivery_id_seq TO csms_worker;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.webhook_endpoint TO csms_api;
GRANT SELECT ON TABLE public.webhook_endpoint TO csms_gateway;
GRANT SELECT,INSERT,UPDATE ON TABLE public.webhook_endpoint TO csms_worker;

GRANT USAGE ON SEQUENCE public.webhook_endpoint_id_seq TO csms_api;
GRANT USAGE ON SEQUENCE public.webhook_endpoint_id_seq TO csms_gateway;
GRANT USAGE ON SEQUENCE public.webhook_endpoint_id_seq TO csms_worker;

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.webhook_receipt TO csms_api;
GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.webhook_receipt TO csms_worker;

GRANT USAGE ON SEQUENCE public.webhook_receipt_id_seq TO csms_api;
GRANT USAGE ON SEQUENCE public.webhook_receipt_id_seq TO csms_gateway;
GRANT USAGE ON SEQUENCE public.webhook_receipt_id_seq TO csms_worker;
