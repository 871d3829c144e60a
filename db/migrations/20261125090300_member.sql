-- +goose Up

-- A membership: one person, one role, for one party or the county. It begins as
-- an invitation, is bound to an identity at the first sign-in, confirmed by the
-- party, and ended. The state follows from the dates.
CREATE TABLE membership (
	tenant_id text COLLATE "C" NOT NULL,
	id uuid NOT NULL,
	person_id uuid NOT NULL,
	role text NOT NULL CONSTRAINT membership_role CHECK (role IN ('operator', 'county-administrator', 'strategist', 'officer',
		'party-administrator', 'party-representative', 'party-reporter', 'auditor', 'national-analyst')),
	organisation_id uuid,
	deputy boolean NOT NULL DEFAULT false,
	-- The invitation: the link holds the secret, the row its hash.
	token_hash bytea,
	token_expires_at timestamptz,
	invited_at timestamptz NOT NULL,
	invited_by uuid,
	sent_at timestamptz,
	sends integer NOT NULL DEFAULT 0,
	bound_at timestamptz,
	confirmed_at timestamptz,
	confirmed_by uuid,
	revoked_at timestamptz,
	valid_from date NOT NULL,
	valid_to date,
	version bigint NOT NULL DEFAULT 1,
	CONSTRAINT membership_pkey PRIMARY KEY (tenant_id, id),
	CONSTRAINT membership_person FOREIGN KEY (tenant_id, person_id) REFERENCES person (tenant_id, id),
	CONSTRAINT membership_organisation FOREIGN KEY (tenant_id, organisation_id) REFERENCES organisation (tenant_id, id),
	CONSTRAINT membership_party CHECK ((role LIKE 'party-%') = (organisation_id IS NOT NULL)),
	CONSTRAINT membership_deputy CHECK (NOT deputy OR role = 'party-representative'),
	CONSTRAINT membership_days CHECK (valid_to >= valid_from),
	CONSTRAINT membership_bound_first CHECK (confirmed_at IS NULL OR bound_at IS NOT NULL),
	CONSTRAINT membership_token CHECK ((token_hash IS NULL) = (token_expires_at IS NULL)),
	-- One role once at a time, for one party.
	CONSTRAINT membership_once EXCLUDE USING gist (tenant_id WITH =, person_id WITH =, role WITH =,
		coalesce(organisation_id, '00000000-0000-0000-0000-000000000000') WITH =, daterange(valid_from, valid_to) WITH &&) WHERE (revoked_at IS NULL)
);
CREATE UNIQUE INDEX membership_token_once ON membership (tenant_id, token_hash) WHERE token_hash IS NOT NULL;
-- A person's memberships, when rights are derived; a party's, on its page.
CREATE INDEX membership_by_person ON membership (tenant_id, person_id);
CREATE INDEX membership_by_organisation ON membership (tenant_id, organisation_id);
CALL protect('membership', ARRAY['token_hash'], 'SELECT, INSERT, UPDATE');
-- The identities (table identity) are this room's too: binding one is its verb.
CREATE TRIGGER membership_rights AFTER INSERT OR UPDATE OF role, organisation_id, bound_at, confirmed_at, revoked_at, valid_from, valid_to ON membership
	FOR EACH ROW EXECUTE FUNCTION rights_moved('person_id');

-- What a membership is on a day, at an instant. A day before which the invitation
-- was not answered does not matter: an invitation is a thing of the instant.
-- +goose StatementBegin
CREATE FUNCTION membership_state(revoked_at timestamptz, bound_at timestamptz, confirmed_at timestamptz, token_expires_at timestamptz,
	valid_from date, valid_to date, on_day date, at timestamptz) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
	SELECT CASE
		WHEN revoked_at IS NOT NULL THEN 'revoked'
		WHEN valid_to <= on_day THEN 'ended'
		WHEN bound_at IS NULL AND token_expires_at <= at THEN 'expired'
		WHEN bound_at IS NULL THEN 'invited'
		WHEN confirmed_at IS NULL THEN 'bound'
		WHEN valid_from > on_day THEN 'coming'
		ELSE 'active'
	END
$$;
-- +goose StatementEnd

-- When an organisation ends, begins or changes the words that a county's
-- configuration names it by, and when the configuration itself changes, the
-- rights of anybody may move, by membership or by claim. Everyone who can sign
-- in is derived anew; it happens seldom.
-- +goose StatementBegin
CREATE FUNCTION all_rights_moved() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
	UPDATE person_rights r SET version = r.version + 1 WHERE r.tenant_id = NEW.tenant_id
		AND EXISTS (SELECT FROM identity i WHERE i.tenant_id = r.tenant_id AND i.person_id = r.person_id);
	RETURN NULL;
END
$$;
-- +goose StatementEnd
CREATE TRIGGER organisation_rights AFTER UPDATE OF key, type, official_code, valid_from, valid_to ON organisation FOR EACH ROW
	WHEN ((OLD.key, OLD.type, OLD.official_code, OLD.valid_from, OLD.valid_to) IS DISTINCT FROM (NEW.key, NEW.type, NEW.official_code, NEW.valid_from, NEW.valid_to))
	EXECUTE FUNCTION all_rights_moved();
CREATE TRIGGER county_rights AFTER UPDATE OF version ON county FOR EACH ROW
	WHEN (OLD.version IS DISTINCT FROM NEW.version) EXECUTE FUNCTION all_rights_moved();

-- An operator's visit in a county: for a reason, for a time, seen by the county.
CREATE TABLE operator_entry (
	tenant_id text COLLATE "C" NOT NULL,
	id uuid NOT NULL,
	operator text NOT NULL, -- who, as the nation's membership knows him: "person:<id in sverige>"
	reason text NOT NULL CONSTRAINT operator_entry_reason CHECK (length(btrim(reason)) >= 10),
	from_at timestamptz NOT NULL,
	until_at timestamptz NOT NULL,
	ended_at timestamptz,
	CONSTRAINT operator_entry_pkey PRIMARY KEY (tenant_id, id),
	CONSTRAINT operator_entry_of FOREIGN KEY (tenant_id) REFERENCES county (tenant_id),
	CONSTRAINT operator_entry_short CHECK (until_at > from_at AND until_at <= from_at + interval '8 hours')
);
-- The list, newest first.
CREATE INDEX operator_entry_latest ON operator_entry (tenant_id, from_at DESC, id);
CALL protect('operator_entry', grants => 'SELECT, INSERT, UPDATE');

-- +goose Down
DROP TRIGGER county_rights ON county;
DROP TRIGGER organisation_rights ON organisation;
DROP TABLE operator_entry, membership;
DROP FUNCTION all_rights_moved();
DROP FUNCTION membership_state(timestamptz, timestamptz, timestamptz, timestamptz, date, date, date, timestamptz);
