-- +goose Up

-- A paper of the county's: a card, and versions behind it. It is never removed:
-- it is withdrawn, for a reason, and stays in the list.
CREATE TABLE document (
	tenant_id text COLLATE "C" NOT NULL,
	id uuid NOT NULL,
	title text COLLATE "sv-x-icu" NOT NULL CONSTRAINT document_titled CHECK (btrim(title) <> ''),
	kind text COLLATE "C" NOT NULL CONSTRAINT document_kind CHECK (kind ~ '^[a-z][a-z-]{1,39}$'),
	language text COLLATE "C" NOT NULL CONSTRAINT document_language CHECK (language ~ '^[a-z]{2,3}$'),
	published boolean NOT NULL DEFAULT false,
	source text NOT NULL DEFAULT '',
	demo boolean NOT NULL DEFAULT false,
	latest integer NOT NULL, -- the number of its latest version
	withdrawn_at timestamptz,
	withdrawn_reason text NOT NULL DEFAULT '',
	version bigint NOT NULL DEFAULT 1,
	CONSTRAINT document_pkey PRIMARY KEY (tenant_id, id),
	CONSTRAINT document_of FOREIGN KEY (tenant_id) REFERENCES county (tenant_id),
	CONSTRAINT document_withdrawn CHECK ((withdrawn_at IS NOT NULL) = (btrim(withdrawn_reason) <> ''))
);
-- The list, in Swedish order, paged.
CREATE INDEX document_by_title ON document (tenant_id, title, id);
CALL protect('document', grants => 'SELECT, INSERT, UPDATE');

CREATE POLICY document_published ON document FOR SELECT TO overens_public USING (tenant_id = current_tenant() AND published);
-- Not why it was withdrawn: the reason may name what should not be seen.
GRANT SELECT (tenant_id, id, title, kind, language, published, source, demo, latest, withdrawn_at, version) ON document TO overens_public;

-- One version: a file that lies in the store under its key, or the address of a
-- paper elsewhere. A new one is added and none is overwritten, which the grants
-- say as well. A policy asks no other table, so that each row says itself
-- whether the public may see it: it follows the document's card and withdrawal.
CREATE TABLE document_version (
	tenant_id text COLLATE "C" NOT NULL,
	id uuid NOT NULL,
	document_id uuid NOT NULL,
	number integer NOT NULL CONSTRAINT document_version_counted CHECK (number > 0),
	published boolean NOT NULL,
	blob_key text COLLATE "C",
	name text NOT NULL DEFAULT '',
	media_type text COLLATE "C" NOT NULL DEFAULT '',
	archival boolean NOT NULL DEFAULT false, -- a PDF that says of itself that it is PDF/A
	size bigint NOT NULL DEFAULT 0,
	sha256 bytea NOT NULL DEFAULT '',
	url text COLLATE "C",
	dead_on date, -- the day somebody noted that the address leads nowhere
	errata text NOT NULL DEFAULT '',
	uploaded_by uuid, -- NULL: a command or an import
	uploaded_at timestamptz NOT NULL,
	CONSTRAINT document_version_pkey PRIMARY KEY (tenant_id, id),
	CONSTRAINT document_version_of FOREIGN KEY (tenant_id, document_id) REFERENCES document (tenant_id, id),
	CONSTRAINT document_version_once UNIQUE (tenant_id, document_id, number),
	-- A file has one row. The sweep walks the keys in order.
	CONSTRAINT document_version_key_once UNIQUE (tenant_id, blob_key),
	CONSTRAINT document_version_of_one CHECK (num_nonnulls(blob_key, url) = 1),
	-- The store has no wall of its own: a row reaches its own county's files alone.
	CONSTRAINT document_version_file CHECK (blob_key IS NULL OR (starts_with(blob_key, tenant_id || '/')
		AND name <> '' AND media_type <> '' AND size > 0 AND length(sha256) = 32)),
	CONSTRAINT document_version_link CHECK (url ~ '^https://'),
	CONSTRAINT document_version_dead CHECK (dead_on IS NULL OR url IS NOT NULL)
);
CALL protect('document_version', grants => 'SELECT, INSERT');
GRANT UPDATE (published, dead_on, errata) ON document_version TO overens_app;

CREATE POLICY document_version_published ON document_version FOR SELECT TO overens_public USING (tenant_id = current_tenant() AND published);
GRANT SELECT (tenant_id, id, document_id, number, published, blob_key, name, media_type, archival, size, sha256, url, dead_on, errata, uploaded_at)
	ON document_version TO overens_public;

-- What a document is about: rows of any subject, named by subject and id. There
-- is no foreign key to all that a paper can hang on; the subject's own room
-- knows that the row is there when it attaches the paper.
CREATE TABLE document_about (
	tenant_id text COLLATE "C" NOT NULL,
	id uuid NOT NULL,
	document_id uuid NOT NULL,
	about text COLLATE "C" NOT NULL CONSTRAINT document_about_shape CHECK (about ~ '^[a-z][a-z-]{1,39}$'),
	row_id uuid NOT NULL,
	published boolean NOT NULL,
	CONSTRAINT document_about_pkey PRIMARY KEY (tenant_id, id),
	CONSTRAINT document_about_of FOREIGN KEY (tenant_id, document_id) REFERENCES document (tenant_id, id),
	-- A thing's papers, on its page.
	CONSTRAINT document_about_once UNIQUE (tenant_id, about, row_id, document_id)
);
CREATE INDEX document_about_back ON document_about (tenant_id, document_id);
CALL protect('document_about', grants => 'SELECT, INSERT, DELETE');
GRANT UPDATE (published) ON document_about TO overens_app;

CREATE POLICY document_about_published ON document_about FOR SELECT TO overens_public USING (tenant_id = current_tenant() AND published);
GRANT SELECT (tenant_id, id, document_id, about, row_id, published) ON document_about TO overens_public;

-- +goose Down
DROP TABLE document_about, document_version, document;
