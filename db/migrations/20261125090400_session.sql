-- +goose Up

-- Who is signed in. The cookie holds the secret, the row its hash. Of the
-- provider's claims only those are kept that the county's configuration names;
-- roles follow from them at each request. Sessions are not in the audit trail:
-- they say who is here, not what was changed.
CREATE TABLE session (
	tenant_id text COLLATE "C" NOT NULL,
	id uuid NOT NULL,
	token_hash bytea NOT NULL,
	person_id uuid, -- NULL for an operator's visit, who is no person of this county
	entry_id uuid,
	issuer text NOT NULL,
	claims jsonb NOT NULL,
	device text NOT NULL,
	created_at timestamptz NOT NULL,
	seen_at timestamptz NOT NULL,
	ends_at timestamptz NOT NULL,
	ended_at timestamptz,
	version bigint NOT NULL DEFAULT 1,
	CONSTRAINT session_pkey PRIMARY KEY (tenant_id, id),
	CONSTRAINT session_once UNIQUE (tenant_id, token_hash),
	CONSTRAINT session_person FOREIGN KEY (tenant_id, person_id) REFERENCES person (tenant_id, id),
	CONSTRAINT session_entry FOREIGN KEY (tenant_id, entry_id) REFERENCES operator_entry (tenant_id, id),
	CONSTRAINT session_of_one CHECK (num_nonnulls(person_id, entry_id) = 1)
);
CREATE INDEX session_by_person ON session (tenant_id, person_id);
-- The sweep of sessions long ended.
CREATE INDEX session_by_end ON session (tenant_id, ends_at);
CALL guard('session');

-- A national unit of work stands in no county, but its actor is signed in to
-- the nation; that much is seen, to know whether the session still holds.
CREATE POLICY session_national ON session FOR SELECT TO overens_national USING (tenant_id = 'sverige');
GRANT SELECT (tenant_id, id, version, ended_at) ON session TO overens_national;
CREATE POLICY person_rights_national ON person_rights FOR SELECT TO overens_national USING (tenant_id = 'sverige');
GRANT SELECT ON person_rights TO overens_national;

-- +goose Down
DROP TABLE session;
