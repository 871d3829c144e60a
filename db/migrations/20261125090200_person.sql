-- +goose Up

-- A person as the county knows one: a name to call, a place to reach. Never a
-- personal identity number.
CREATE TABLE person (
	tenant_id text COLLATE "C" NOT NULL,
	id uuid NOT NULL,
	name text COLLATE "sv-x-icu" NOT NULL CONSTRAINT person_named CHECK (btrim(name) <> ''),
	title text NOT NULL DEFAULT '',
	organisation_id uuid,
	email text NOT NULL DEFAULT '',
	phone text NOT NULL DEFAULT '',
	demo boolean NOT NULL DEFAULT false,
	valid_from date,
	valid_to date,
	version bigint NOT NULL DEFAULT 1,
	CONSTRAINT person_pkey PRIMARY KEY (tenant_id, id),
	CONSTRAINT person_of FOREIGN KEY (tenant_id) REFERENCES county (tenant_id),
	CONSTRAINT person_organisation FOREIGN KEY (tenant_id, organisation_id) REFERENCES organisation (tenant_id, id),
	CONSTRAINT person_days CHECK (valid_to > valid_from)
);
CREATE INDEX person_by_name ON person (tenant_id, name, id);
-- An organisation's people, on its page.
CREATE INDEX person_by_organisation ON person (tenant_id, organisation_id);
CALL protect('person', ARRAY['name', 'title', 'email', 'phone'], 'SELECT, INSERT, UPDATE');

CREATE TABLE person_word (
	tenant_id text COLLATE "C" NOT NULL,
	word text COLLATE "C" NOT NULL,
	person_id uuid NOT NULL,
	CONSTRAINT person_word_pkey PRIMARY KEY (tenant_id, word, person_id),
	CONSTRAINT person_word_of FOREIGN KEY (tenant_id, person_id) REFERENCES person (tenant_id, id)
);
CREATE INDEX person_word_back ON person_word (tenant_id, person_id);
CALL guard('person_word', 'SELECT, INSERT, DELETE');

-- A counter that moves when a person's rights do. The opening of every unit of
-- work compares it, so that a right that has ended is gone in open sessions too.
CREATE TABLE person_rights (
	tenant_id text COLLATE "C" NOT NULL,
	person_id uuid NOT NULL,
	version bigint NOT NULL,
	CONSTRAINT person_rights_pkey PRIMARY KEY (tenant_id, person_id),
	CONSTRAINT person_rights_of FOREIGN KEY (tenant_id, person_id) REFERENCES person (tenant_id, id)
);
CALL guard('person_rights', 'SELECT, INSERT, UPDATE');

-- rights_moved is fired by every table that rights follow from. Argument: the
-- column that names the person.
-- +goose StatementBegin
CREATE FUNCTION rights_moved() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
	r jsonb := to_jsonb(CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END);
BEGIN
	INSERT INTO person_rights (tenant_id, person_id, version) VALUES (r ->> 'tenant_id', (r ->> TG_ARGV[0])::uuid, 1)
		ON CONFLICT (tenant_id, person_id) DO UPDATE SET version = person_rights.version + 1;
	RETURN NULL;
END
$$;
-- +goose StatementEnd
CREATE TRIGGER person_rights AFTER INSERT OR UPDATE OF valid_from, valid_to ON person FOR EACH ROW EXECUTE FUNCTION rights_moved('id');

-- Who a person is at an identity provider: (issuer, subject), where subject is
-- the claim that the county chose for it. Never an e-mail address.
CREATE TABLE identity (
	tenant_id text COLLATE "C" NOT NULL,
	id uuid NOT NULL,
	person_id uuid NOT NULL,
	issuer text COLLATE "C" NOT NULL,
	subject text COLLATE "C" NOT NULL,
	bound_at timestamptz NOT NULL,
	CONSTRAINT identity_pkey PRIMARY KEY (tenant_id, id),
	CONSTRAINT identity_person FOREIGN KEY (tenant_id, person_id) REFERENCES person (tenant_id, id),
	CONSTRAINT identity_once UNIQUE (tenant_id, issuer, subject)
);
CREATE INDEX identity_by_person ON identity (tenant_id, person_id);
CALL protect('identity', ARRAY['subject'], 'SELECT, INSERT, DELETE');
CREATE TRIGGER identity_rights AFTER INSERT OR DELETE ON identity FOR EACH ROW EXECUTE FUNCTION rights_moved('person_id');

-- +goose Down
DROP TABLE identity, person_rights, person_word, person;
DROP FUNCTION rights_moved();
