-- +goose Up

-- By what decision a version was made and by whom: what its history shows.
ALTER TABLE county_version ADD decision text NOT NULL DEFAULT '', ADD actor text NOT NULL DEFAULT '';

-- Who keeps a section of the configuration: its file, or the county's own
-- administrator on the pages. A section without a row is kept in the file.
-- version moves with each change of the section: two who change different
-- sections do not stand in each other's way.
CREATE TABLE county_section (
	tenant_id text COLLATE "C" NOT NULL,
	section text COLLATE "C" NOT NULL,
	manager text NOT NULL CONSTRAINT county_section_manager CHECK (manager IN ('file', 'pages')),
	version bigint NOT NULL DEFAULT 1,
	CONSTRAINT county_section_pkey PRIMARY KEY (tenant_id, section),
	CONSTRAINT county_section_of FOREIGN KEY (tenant_id) REFERENCES county (tenant_id)
);
CALL protect('county_section', grants => 'SELECT, INSERT, UPDATE');

-- Which versions of the configuration changed a section: its history.
CREATE TABLE county_section_change (
	tenant_id text COLLATE "C" NOT NULL,
	section text COLLATE "C" NOT NULL,
	version bigint NOT NULL,
	CONSTRAINT county_section_change_pkey PRIMARY KEY (tenant_id, section, version),
	CONSTRAINT county_section_change_of FOREIGN KEY (tenant_id, version) REFERENCES county_version (tenant_id, version)
);
CALL protect('county_section_change', grants => 'SELECT, INSERT');

-- The configuration as it was known at an instant.
CREATE INDEX county_version_known ON county_version (tenant_id, created_at);

-- +goose Down
DROP INDEX county_version_known;
DROP TABLE county_section_change, county_section;
ALTER TABLE county_version DROP decision, DROP actor;
