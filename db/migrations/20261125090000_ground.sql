-- +goose Up

CREATE EXTENSION IF NOT EXISTS btree_gist;

-- The county of this unit of work. Unset means no county, hence no rows: after
-- a transaction the setting reads '' and not NULL. It is a plain SQL expression,
-- so that the planner writes it into the query and uses the index.
-- +goose StatementBegin
CREATE FUNCTION current_tenant() RETURNS text LANGUAGE sql STABLE PARALLEL SAFE
	AS $$ SELECT nullif(current_setting('app.tenant', true), '') $$;
-- +goose StatementEnd

-- The party that the actor acts for, when it is one. Policies on a party's
-- unsubmitted drafts compare with it.
-- +goose StatementBegin
CREATE FUNCTION current_party() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE
	AS $$ SELECT nullif(current_setting('app.party', true), '')::uuid $$;
-- +goose StatementEnd

-- A county (or the nation, or a sandbox), and which version of its configuration
-- is in force. The names are the ones in force when it was written: what the list of
-- counties shows.
CREATE TABLE county (
	tenant_id text COLLATE "C" NOT NULL CONSTRAINT county_slug CHECK (tenant_id ~ '^[a-z][a-z-]{1,39}$'),
	kind text NOT NULL CONSTRAINT county_kind CHECK (kind IN ('county', 'national', 'sandbox')),
	version bigint NOT NULL,
	code text COLLATE "C",
	names jsonb NOT NULL,
	administrations jsonb NOT NULL,
	created_at timestamptz NOT NULL,
	CONSTRAINT county_pkey PRIMARY KEY (tenant_id)
);

CREATE TABLE county_version (
	tenant_id text COLLATE "C" NOT NULL,
	version bigint NOT NULL CONSTRAINT county_version_positive CHECK (version > 0),
	body jsonb NOT NULL,
	source text NOT NULL CONSTRAINT county_version_source CHECK (source IN ('file', 'pages')),
	reason text NOT NULL,
	created_at timestamptz NOT NULL,
	CONSTRAINT county_version_pkey PRIMARY KEY (tenant_id, version),
	CONSTRAINT county_version_of FOREIGN KEY (tenant_id) REFERENCES county (tenant_id)
);

-- The trail. One row for each changed row, chained per county: hash covers the
-- row and the hash before it. Personal fields lie in audit_personal, and only
-- their digest is in the chain: they can be masked and the chain still holds.
CREATE TABLE audit_entry (
	tenant_id text COLLATE "C" NOT NULL,
	seq bigint NOT NULL,
	at timestamptz NOT NULL,
	actor text NOT NULL,
	request text NOT NULL,
	subject text NOT NULL,
	row_id text NOT NULL,
	action text NOT NULL CONSTRAINT audit_entry_action CHECK (action IN ('insert', 'update', 'delete')),
	changed jsonb NOT NULL,
	personal_digest bytea,
	hash bytea NOT NULL,
	CONSTRAINT audit_entry_pkey PRIMARY KEY (tenant_id, seq)
);
-- A thing's history.
CREATE INDEX audit_entry_row ON audit_entry (tenant_id, subject, row_id, seq);
-- What one person did.
CREATE INDEX audit_entry_actor ON audit_entry (tenant_id, actor, seq);

CREATE TABLE audit_personal (
	tenant_id text COLLATE "C" NOT NULL,
	seq bigint NOT NULL,
	salt bytea,
	body jsonb,
	masked_at timestamptz,
	masked_reason text,
	CONSTRAINT audit_personal_pkey PRIMARY KEY (tenant_id, seq),
	CONSTRAINT audit_personal_of FOREIGN KEY (tenant_id, seq) REFERENCES audit_entry (tenant_id, seq),
	CONSTRAINT audit_personal_whole CHECK ((body IS NULL) = (masked_at IS NOT NULL) AND (salt IS NULL) = (body IS NULL))
);

-- Where a county's chain ends. Its row is the lock that puts commits in order,
-- and it shows when rows at the end have been taken away.
CREATE TABLE audit_head (
	tenant_id text COLLATE "C" NOT NULL,
	seq bigint NOT NULL,
	hash bytea NOT NULL,
	CONSTRAINT audit_head_pkey PRIMARY KEY (tenant_id)
);

-- The text that a row's hash is made of. jsonb writes itself in one way only.
-- +goose StatementBegin
CREATE FUNCTION audit_hash(previous bytea, tenant text, seq bigint, at timestamptz, actor text, request text,
	subject text, row_id text, action text, changed jsonb, personal_digest bytea)
	RETURNS bytea LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
	SELECT sha256(convert_to(jsonb_build_array(encode(previous, 'hex'), tenant, seq, (extract(epoch FROM at) * 1000000)::bigint,
		actor, request, subject, row_id, action, changed, encode(personal_digest, 'hex'))::text, 'UTF8'))
$$;
-- +goose StatementEnd

-- audit_row writes the trail. Arguments: the subject's name (a shard's name is
-- not the table's), then the personal columns, comma-separated.
--
-- It runs as its owner because the server's role must not be able to write the
-- trail by itself; it names the county in every statement because the owner
-- stands outside row-level security.
-- +goose StatementBegin
CREATE FUNCTION audit_row() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
	was jsonb := CASE WHEN TG_OP <> 'INSERT' THEN to_jsonb(OLD) END;
	now_is jsonb := CASE WHEN TG_OP <> 'DELETE' THEN to_jsonb(NEW) END;
	tenant text := coalesce(now_is, was) ->> 'tenant_id';
	ident text := coalesce(coalesce(now_is, was) ->> 'id', coalesce(now_is, was) ->> 'version', tenant);
	personal text[] := string_to_array(TG_ARGV[1], ',');
	before jsonb; after jsonb; body jsonb; salt bytea; digest bytea; changed jsonb;
	head record; sealed bytea; instant timestamptz := clock_timestamp();
	who text := coalesce(nullif(current_setting('app.actor', true), ''), 'database:' || session_user);
	req text := coalesce(current_setting('app.request', true), '');
BEGIN
	IF TG_OP = 'UPDATE' THEN
		SELECT jsonb_object_agg(k, was -> k), jsonb_object_agg(k, now_is -> k) INTO before, after
			FROM jsonb_object_keys(now_is) k WHERE was -> k IS DISTINCT FROM now_is -> k;
		IF after IS NULL THEN RETURN NULL; END IF;
	ELSE
		before := was; after := now_is;
	END IF;
	IF personal IS NOT NULL THEN
		SELECT jsonb_strip_nulls(jsonb_build_object(
			'before', (SELECT jsonb_object_agg(k, before -> k) FROM unnest(personal) k WHERE before ? k AND before -> k NOT IN ('null', '""')),
			'after',  (SELECT jsonb_object_agg(k, after -> k)  FROM unnest(personal) k WHERE after ? k AND after -> k NOT IN ('null', '""')))) INTO body;
		IF body <> '{}' THEN
			salt := uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid());
			digest := sha256(salt || convert_to(body::text, 'UTF8'));
		END IF;
	END IF;
	changed := jsonb_strip_nulls(jsonb_build_object('before', before - coalesce(personal, '{}'), 'after', after - coalesce(personal, '{}'),
		'personal', (SELECT jsonb_agg(k ORDER BY k) FROM unnest(personal) k WHERE coalesce(after, before) ? k)));

	INSERT INTO audit_head (tenant_id, seq, hash) VALUES (tenant, 0, '\x') ON CONFLICT (tenant_id) DO NOTHING;
	SELECT h.seq, h.hash INTO head FROM audit_head h WHERE h.tenant_id = tenant FOR UPDATE;
	sealed := audit_hash(head.hash, tenant, head.seq + 1, instant, who, req, TG_ARGV[0], ident, lower(TG_OP), changed, digest);
	INSERT INTO audit_entry (tenant_id, seq, at, actor, request, subject, row_id, action, changed, personal_digest, hash)
		VALUES (tenant, head.seq + 1, instant, who, req, TG_ARGV[0], ident, lower(TG_OP), changed, digest, sealed);
	IF digest IS NOT NULL THEN
		INSERT INTO audit_personal (tenant_id, seq, salt, body) VALUES (tenant, head.seq + 1, salt, body);
	END IF;
	UPDATE audit_head h SET seq = head.seq + 1, hash = sealed WHERE h.tenant_id = tenant;
	RETURN NULL;
END
$$;
-- +goose StatementEnd

-- Whoever may hang it on a table of his own could write a trail of what never was.
REVOKE ALL ON FUNCTION audit_row() FROM PUBLIC;

-- Masking is the one change of the trail: body and salt go, nothing else moves.
-- +goose StatementBegin
CREATE FUNCTION audit_personal_mask() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
	IF OLD.body IS NULL OR NEW.body IS NOT NULL OR NEW.salt IS NOT NULL OR coalesce(NEW.masked_reason, '') = ''
		OR NEW.tenant_id <> OLD.tenant_id OR NEW.seq <> OLD.seq THEN
		RAISE EXCEPTION 'the trail can only be masked' USING ERRCODE = 'check_violation', CONSTRAINT = 'audit_personal_mask', TABLE = 'audit_personal';
	END IF;
	RETURN NEW;
END
$$;
-- +goose StatementEnd
CREATE TRIGGER audit_personal_mask BEFORE UPDATE ON audit_personal FOR EACH ROW EXECUTE FUNCTION audit_personal_mask();

-- guard puts a county's table behind the wall: tenant by default the county of
-- the unit of work, row-level security for owner and all, one policy, no
-- TRUNCATE for anyone.
-- +goose StatementBegin
CREATE PROCEDURE guard(tab text, grants text DEFAULT 'SELECT, INSERT, UPDATE, DELETE') LANGUAGE plpgsql AS $$
BEGIN
	EXECUTE format('ALTER TABLE public.%I ALTER tenant_id SET DEFAULT public.current_tenant()', tab);
	EXECUTE format('ALTER TABLE public.%I ENABLE ROW LEVEL SECURITY', tab);
	EXECUTE format('ALTER TABLE public.%I FORCE ROW LEVEL SECURITY', tab);
	EXECUTE format('CREATE POLICY %I ON public.%I TO overens_app USING (tenant_id = public.current_tenant()) WITH CHECK (tenant_id = public.current_tenant())', tab || '_of_county', tab);
	EXECUTE format('GRANT %s ON public.%I TO overens_app', grants, tab);
END
$$;
-- +goose StatementEnd

-- protect is guard and the trail. The trigger is deferred: it takes the county's
-- place in the chain at commit; taken earlier, two units of work that change
-- several rows would wait for each other.
-- +goose StatementBegin
CREATE PROCEDURE protect(tab text, personal text[] DEFAULT NULL, grants text DEFAULT 'SELECT, INSERT, UPDATE, DELETE') LANGUAGE plpgsql AS $$
BEGIN
	CALL guard(tab, grants);
	EXECUTE format('CREATE CONSTRAINT TRIGGER %I AFTER INSERT OR UPDATE OR DELETE ON public.%I DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION public.audit_row(%L%s)',
		tab || '_audit', tab, tab, CASE WHEN personal IS NULL THEN '' ELSE ', ' || quote_literal(array_to_string(personal, ',')) END);
END
$$;
-- +goose StatementEnd

CALL protect('county', grants => 'SELECT, INSERT, UPDATE');
CALL protect('county_version', grants => 'SELECT, INSERT');
CALL guard('audit_entry', 'SELECT');
CALL guard('audit_personal', 'SELECT, UPDATE');
CALL guard('audit_head', 'SELECT');

-- That a county exists, and what it is called, is known to all.
CREATE POLICY county_known ON county FOR SELECT TO overens_public, overens_national USING (true);
GRANT SELECT ON county TO overens_public, overens_national;

-- What a POST with a key was answered, for a day: the same key, the same answer.
CREATE TABLE idempotency (
	tenant_id text COLLATE "C" NOT NULL,
	actor text NOT NULL,
	key bytea NOT NULL,
	request bytea NOT NULL,
	status integer NOT NULL,
	location text NOT NULL,
	etag text NOT NULL,
	body bytea NOT NULL,
	created_at timestamptz NOT NULL,
	CONSTRAINT idempotency_pkey PRIMARY KEY (tenant_id, actor, key)
);
CALL guard('idempotency', 'SELECT, INSERT, DELETE');
-- The sweep of what is older than a day.
CREATE INDEX idempotency_age ON idempotency (tenant_id, created_at);

-- +goose Down
DROP TABLE idempotency, audit_personal, audit_head, audit_entry, county_version, county;
DROP PROCEDURE protect(text, text[], text);
DROP PROCEDURE guard(text, text);
DROP FUNCTION audit_row(), audit_personal_mask(), audit_hash(bytea, text, bigint, timestamptz, text, text, text, text, text, jsonb, bytea), current_party(), current_tenant();
