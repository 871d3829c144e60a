-- +goose Up

-- An instrument is what parties agree on: an agreement, a strategy, a plan, or
-- a partnership without a paper. What kinds there are is the county's own word.
--
-- A day that is known to its month, season or year only is kept as the first
-- day of it together with its precision; 'by' is the last day of something
-- that is known to have happened no later.
CREATE TABLE instrument (
	tenant_id text COLLATE "C" NOT NULL,
	id uuid NOT NULL,
	key text COLLATE "C" NOT NULL CONSTRAINT instrument_key_shape CHECK (key ~ '^[a-z0-9][a-z0-9-]{0,59}$'),
	kind text COLLATE "C" NOT NULL CONSTRAINT instrument_kind CHECK (kind ~ '^[a-z][a-z0-9-]{0,59}$'),
	title text COLLATE "sv-x-icu" NOT NULL CONSTRAINT instrument_titled CHECK (btrim(title) <> ''),
	short_name text NOT NULL DEFAULT '',
	registry_number text NOT NULL DEFAULT '',
	purpose text NOT NULL DEFAULT '',
	-- Not decided yet: what it holds may still be taken away.
	draft boolean NOT NULL DEFAULT false,
	published boolean NOT NULL DEFAULT false,
	demo boolean NOT NULL DEFAULT false,
	source text NOT NULL DEFAULT '',
	version bigint NOT NULL DEFAULT 1,
	CONSTRAINT instrument_pkey PRIMARY KEY (tenant_id, id),
	CONSTRAINT instrument_of FOREIGN KEY (tenant_id) REFERENCES county (tenant_id),
	CONSTRAINT instrument_key_once UNIQUE (tenant_id, key),
	CONSTRAINT instrument_draft_unpublished CHECK (NOT (draft AND published))
);
CALL protect('instrument', grants => 'SELECT, INSERT, UPDATE');
CREATE POLICY instrument_published ON instrument FOR SELECT TO overens_public USING (tenant_id = current_tenant() AND published);
CREATE POLICY instrument_published_all ON instrument FOR SELECT TO overens_national USING (published);
GRANT SELECT ON instrument TO overens_public, overens_national;

-- From when until when it holds. An extension is a row of its own, known from
-- the day it was decided: the day before, the old end still stood.
CREATE TABLE instrument_validity (
	tenant_id text COLLATE "C" NOT NULL,
	id uuid NOT NULL,
	instrument_id uuid NOT NULL,
	kind text NOT NULL CONSTRAINT instrument_validity_kind CHECK (kind IN ('fixed', 'extended', 'until-further-notice', 'open', 'ended', 'none')),
	review_months integer NOT NULL DEFAULT 0 CONSTRAINT instrument_validity_review CHECK (review_months BETWEEN 0 AND 120),
	valid_from date,
	from_precision text NOT NULL DEFAULT 'day' CONSTRAINT instrument_validity_from_precision CHECK (from_precision IN ('day', 'month', 'season', 'year', 'by')),
	valid_to date,
	to_precision text NOT NULL DEFAULT 'day' CONSTRAINT instrument_validity_to_precision CHECK (to_precision IN ('day', 'month', 'season', 'year', 'by')),
	known_from date,
	reference text NOT NULL DEFAULT '',
	source text NOT NULL DEFAULT '',
	published boolean NOT NULL DEFAULT false,
	CONSTRAINT instrument_validity_pkey PRIMARY KEY (tenant_id, id),
	CONSTRAINT instrument_validity_instrument FOREIGN KEY (tenant_id, instrument_id) REFERENCES instrument (tenant_id, id),
	-- Two that are known from the same day would leave open which one stands.
	CONSTRAINT instrument_validity_once UNIQUE NULLS NOT DISTINCT (tenant_id, instrument_id, known_from),
	CONSTRAINT instrument_validity_days CHECK (valid_to > valid_from)
);
CALL protect('instrument_validity', grants => 'SELECT, INSERT, UPDATE');
CREATE POLICY instrument_validity_published ON instrument_validity FOR SELECT TO overens_public USING (tenant_id = current_tenant() AND published);
CREATE POLICY instrument_validity_published_all ON instrument_validity FOR SELECT TO overens_national USING (published);
GRANT SELECT ON instrument_validity TO overens_public, overens_national;

-- Who leads: the county alone, two together, somebody else.
CREATE TABLE instrument_lead (
	tenant_id text COLLATE "C" NOT NULL,
	id uuid NOT NULL,
	instrument_id uuid NOT NULL,
	organisation_id uuid NOT NULL,
	valid_from date,
	valid_to date,
	source text NOT NULL DEFAULT '',
	CONSTRAINT instrument_lead_pkey PRIMARY KEY (tenant_id, id),
	CONSTRAINT instrument_lead_instrument FOREIGN KEY (tenant_id, instrument_id) REFERENCES instrument (tenant_id, id),
	CONSTRAINT instrument_lead_organisation FOREIGN KEY (tenant_id, organisation_id) REFERENCES organisation (tenant_id, id),
	CONSTRAINT instrument_lead_once EXCLUDE USING gist (tenant_id WITH =, instrument_id WITH =, organisation_id WITH =, daterange(valid_from, valid_to) WITH &&),
	CONSTRAINT instrument_lead_days CHECK (valid_to > valid_from)
);
CALL protect('instrument_lead', grants => 'SELECT, INSERT, UPDATE');

-- Which instrument came after which.
CREATE TABLE instrument_succession (
	tenant_id text COLLATE "C" NOT NULL,
	id uuid NOT NULL,
	earlier_id uuid NOT NULL,
	later_id uuid NOT NULL,
	source text NOT NULL DEFAULT '',
	CONSTRAINT instrument_succession_pkey PRIMARY KEY (tenant_id, id),
	CONSTRAINT instrument_succession_earlier FOREIGN KEY (tenant_id, earlier_id) REFERENCES instrument (tenant_id, id),
	CONSTRAINT instrument_succession_later FOREIGN KEY (tenant_id, later_id) REFERENCES instrument (tenant_id, id),
	CONSTRAINT instrument_succession_once UNIQUE (tenant_id, earlier_id, later_id),
	CONSTRAINT instrument_succession_of_two CHECK (earlier_id <> later_id)
);
CREATE INDEX instrument_succession_back ON instrument_succession (tenant_id, later_id);
CALL protect('instrument_succession', grants => 'SELECT, INSERT');

-- What happened. Sources that say different days stand side by side; what was
-- written wrong is corrected by a row of its own.
CREATE TABLE instrument_event (
	tenant_id text COLLATE "C" NOT NULL,
	id uuid NOT NULL,
	instrument_id uuid NOT NULL,
	kind text NOT NULL CONSTRAINT instrument_event_kind CHECK (kind IN ('commissioned', 'referred', 'decided', 'adopted', 'signed', 'effective',
		'began-to-apply', 'published', 'edited', 'corrected', 'extended', 'ended', 'dissolved', 'lives-on', 'other')),
	on_day date NOT NULL,
	precision text NOT NULL DEFAULT 'day' CONSTRAINT instrument_event_precision CHECK (precision IN ('day', 'month', 'season', 'year', 'by')),
	note text NOT NULL DEFAULT '',
	reference text NOT NULL DEFAULT '',
	link text NOT NULL DEFAULT '',
	source text NOT NULL CONSTRAINT instrument_event_sourced CHECK (btrim(source) <> ''),
	corrects_id uuid,
	CONSTRAINT instrument_event_pkey PRIMARY KEY (tenant_id, id),
	CONSTRAINT instrument_event_instrument FOREIGN KEY (tenant_id, instrument_id) REFERENCES instrument (tenant_id, id),
	CONSTRAINT instrument_event_corrects FOREIGN KEY (tenant_id, corrects_id) REFERENCES instrument_event (tenant_id, id),
	-- What has been corrected is corrected further through its correction.
	CONSTRAINT instrument_event_corrected_once UNIQUE (tenant_id, corrects_id)
);
CREATE INDEX instrument_event_by_day ON instrument_event (tenant_id, instrument_id, on_day);
CALL protect('instrument_event', grants => 'SELECT, INSERT');

-- The text as it was adopted, edited afterwards, corrected. None replaces another.
CREATE TABLE instrument_text (
	tenant_id text COLLATE "C" NOT NULL,
	id uuid NOT NULL,
	instrument_id uuid NOT NULL,
	number integer NOT NULL CONSTRAINT instrument_text_number CHECK (number > 0),
	kind text NOT NULL CONSTRAINT instrument_text_kind CHECK (kind IN ('adopted', 'edited', 'errata', 'revised', 'appendix')),
	name text NOT NULL CONSTRAINT instrument_text_named CHECK (btrim(name) <> ''),
	on_day date,
	precision text NOT NULL DEFAULT 'day' CONSTRAINT instrument_text_precision CHECK (precision IN ('day', 'month', 'season', 'year', 'by')),
	note text NOT NULL DEFAULT '',
	pages integer NOT NULL DEFAULT 0 CONSTRAINT instrument_text_pages CHECK (pages BETWEEN 0 AND 10000),
	link text NOT NULL DEFAULT '',
	document_id uuid,
	-- The text that an errata is about.
	of_id uuid,
	source text NOT NULL CONSTRAINT instrument_text_sourced CHECK (btrim(source) <> ''),
	CONSTRAINT instrument_text_pkey PRIMARY KEY (tenant_id, id),
	CONSTRAINT instrument_text_instrument FOREIGN KEY (tenant_id, instrument_id) REFERENCES instrument (tenant_id, id),
	CONSTRAINT instrument_text_errata_of FOREIGN KEY (tenant_id, of_id) REFERENCES instrument_text (tenant_id, id),
	CONSTRAINT instrument_text_number_once UNIQUE (tenant_id, instrument_id, number),
	CONSTRAINT instrument_text_errata_names_text CHECK (kind <> 'errata' OR of_id IS NOT NULL)
);
CALL protect('instrument_text', grants => 'SELECT, INSERT');

-- Who adopted it, or decided to extend it: a body of one organisation, or of
-- two, each by its own minutes.
CREATE TABLE adoption (
	tenant_id text COLLATE "C" NOT NULL,
	id uuid NOT NULL,
	instrument_id uuid NOT NULL,
	kind text NOT NULL CONSTRAINT adoption_kind CHECK (kind IN ('adopted', 'extended', 'ended')),
	organisation_id uuid,
	body text NOT NULL CONSTRAINT adoption_by CHECK (btrim(body) <> ''),
	on_day date,
	precision text NOT NULL DEFAULT 'day' CONSTRAINT adoption_precision CHECK (precision IN ('day', 'month', 'season', 'year', 'by')),
	mode text NOT NULL DEFAULT '',
	minutes text NOT NULL DEFAULT '',
	source text NOT NULL CONSTRAINT adoption_sourced CHECK (btrim(source) <> ''),
	corrects_id uuid,
	CONSTRAINT adoption_pkey PRIMARY KEY (tenant_id, id),
	CONSTRAINT adoption_instrument FOREIGN KEY (tenant_id, instrument_id) REFERENCES instrument (tenant_id, id),
	CONSTRAINT adoption_organisation FOREIGN KEY (tenant_id, organisation_id) REFERENCES organisation (tenant_id, id),
	CONSTRAINT adoption_corrects FOREIGN KEY (tenant_id, corrects_id) REFERENCES adoption (tenant_id, id),
	CONSTRAINT adoption_corrected_once UNIQUE (tenant_id, corrects_id)
);
CREATE INDEX adoption_of_instrument ON adoption (tenant_id, instrument_id);
CALL protect('adoption', grants => 'SELECT, INSERT');

-- An organisation's part in an instrument. That a municipality lies in the
-- county makes it no party.
CREATE TABLE participation (
	tenant_id text COLLATE "C" NOT NULL,
	id uuid NOT NULL,
	instrument_id uuid NOT NULL,
	organisation_id uuid NOT NULL,
	status text COLLATE "C" NOT NULL CONSTRAINT participation_status CHECK (status ~ '^[a-z][a-z0-9-]{0,59}$'),
	-- What it is party as, where that is more than its type says: one
	-- organisation that is both municipality and region is one party.
	roles text[] NOT NULL DEFAULT '{}',
	valid_from date,
	from_precision text NOT NULL DEFAULT 'day' CONSTRAINT participation_from_precision CHECK (from_precision IN ('day', 'month', 'season', 'year', 'by')),
	valid_to date,
	to_precision text NOT NULL DEFAULT 'day' CONSTRAINT participation_to_precision CHECK (to_precision IN ('day', 'month', 'season', 'year', 'by')),
	ground text NOT NULL DEFAULT '',
	ended_ground text NOT NULL DEFAULT '',
	source text NOT NULL DEFAULT '',
	published boolean NOT NULL DEFAULT false,
	version bigint NOT NULL DEFAULT 1,
	CONSTRAINT participation_pkey PRIMARY KEY (tenant_id, id),
	CONSTRAINT participation_instrument FOREIGN KEY (tenant_id, instrument_id) REFERENCES instrument (tenant_id, id),
	CONSTRAINT participation_organisation FOREIGN KEY (tenant_id, organisation_id) REFERENCES organisation (tenant_id, id),
	CONSTRAINT participation_once EXCLUDE USING gist (tenant_id WITH =, instrument_id WITH =, organisation_id WITH =, daterange(valid_from, valid_to) WITH &&),
	CONSTRAINT participation_days CHECK (valid_to > valid_from)
);
-- The parties of an instrument, and an organisation's instruments.
CREATE INDEX participation_of_instrument ON participation (tenant_id, instrument_id);
CREATE INDEX participation_of_organisation ON participation (tenant_id, organisation_id);
CALL protect('participation', grants => 'SELECT, INSERT, UPDATE, DELETE');
CREATE POLICY participation_published ON participation FOR SELECT TO overens_public USING (tenant_id = current_tenant() AND published);
CREATE POLICY participation_published_all ON participation FOR SELECT TO overens_national USING (published);
GRANT SELECT ON participation TO overens_public, overens_national;

CREATE TABLE signature (
	tenant_id text COLLATE "C" NOT NULL,
	id uuid NOT NULL,
	participation_id uuid NOT NULL,
	person_id uuid,
	signed_by text NOT NULL DEFAULT '',
	capacity text NOT NULL DEFAULT '',
	on_day date NOT NULL,
	precision text NOT NULL DEFAULT 'day' CONSTRAINT signature_precision CHECK (precision IN ('day', 'month', 'season', 'year', 'by')),
	-- The party's own decision at home.
	decision text NOT NULL DEFAULT '',
	decided_day date,
	source text NOT NULL CONSTRAINT signature_sourced CHECK (btrim(source) <> ''),
	corrects_id uuid,
	CONSTRAINT signature_pkey PRIMARY KEY (tenant_id, id),
	CONSTRAINT signature_participation FOREIGN KEY (tenant_id, participation_id) REFERENCES participation (tenant_id, id),
	CONSTRAINT signature_person FOREIGN KEY (tenant_id, person_id) REFERENCES person (tenant_id, id),
	CONSTRAINT signature_corrects FOREIGN KEY (tenant_id, corrects_id) REFERENCES signature (tenant_id, id),
	CONSTRAINT signature_corrected_once UNIQUE (tenant_id, corrects_id)
);
-- A party signs once; a second row has to say what it corrects.
CREATE UNIQUE INDEX signature_once ON signature (tenant_id, participation_id) WHERE corrects_id IS NULL;
CALL protect('signature', ARRAY['signed_by', 'capacity'], 'SELECT, INSERT');

-- A goal's identity, kept when it is renamed, moved or carried on.
CREATE TABLE goal (
	tenant_id text COLLATE "C" NOT NULL,
	id uuid NOT NULL,
	instrument_id uuid NOT NULL,
	key text COLLATE "C" NOT NULL CONSTRAINT goal_key_shape CHECK (key ~ '^[a-z0-9][a-z0-9-]{0,59}$'),
	version bigint NOT NULL DEFAULT 1,
	CONSTRAINT goal_pkey PRIMARY KEY (tenant_id, id),
	CONSTRAINT goal_instrument FOREIGN KEY (tenant_id, instrument_id) REFERENCES instrument (tenant_id, id),
	CONSTRAINT goal_key_once UNIQUE (tenant_id, instrument_id, key)
);
CALL protect('goal');

-- What a goal said from one day to another.
CREATE TABLE goal_version (
	tenant_id text COLLATE "C" NOT NULL,
	id uuid NOT NULL,
	goal_id uuid NOT NULL,
	instrument_id uuid NOT NULL,
	parent_id uuid,
	-- Where it lies in the tree: under a goal, or under the instrument itself.
	under uuid NOT NULL GENERATED ALWAYS AS (coalesce(parent_id, instrument_id)) STORED,
	level text COLLATE "C" NOT NULL CONSTRAINT goal_version_level CHECK (level ~ '^[a-z][a-z0-9-]{0,59}$'),
	position integer NOT NULL DEFAULT 0,
	name text COLLATE "sv-x-icu" NOT NULL CONSTRAINT goal_version_named CHECK (btrim(name) <> ''),
	wording text NOT NULL DEFAULT '',
	ground text NOT NULL DEFAULT '' CONSTRAINT goal_version_ground CHECK (ground IN ('', 'prerequisite', 'judged')),
	measure text NOT NULL DEFAULT 'unknown' CONSTRAINT goal_version_measure CHECK (measure IN ('unknown', 'measured', 'unmeasurable', 'not-measured')),
	themes text[] NOT NULL DEFAULT '{}' CONSTRAINT goal_version_themes CHECK (themes <@ ARRAY['work', 'housing', 'education-language', 'health', 'participation']),
	responsible_id uuid,
	valid_from date,
	from_precision text NOT NULL DEFAULT 'day' CONSTRAINT goal_version_from_precision CHECK (from_precision IN ('day', 'month', 'season', 'year', 'by')),
	valid_to date,
	-- The same as a day that can be compared behind row-level security: coalesce in
	-- a query is not known to be leakproof and would reach no index.
	until date NOT NULL GENERATED ALWAYS AS (coalesce(valid_to, date '9999-12-31')) STORED,
	-- Why there is an end: the next version took over, or the goal was closed.
	ending text NOT NULL DEFAULT '' CONSTRAINT goal_version_ending CHECK (ending IN ('', 'changed', 'closed')),
	decided_day date,
	decided_precision text NOT NULL DEFAULT 'day' CONSTRAINT goal_version_decided_precision CHECK (decided_precision IN ('day', 'month', 'season', 'year', 'by')),
	decision text NOT NULL DEFAULT '',
	reason text NOT NULL DEFAULT '',
	source text NOT NULL DEFAULT '',
	published boolean NOT NULL DEFAULT false,
	CONSTRAINT goal_version_pkey PRIMARY KEY (tenant_id, id),
	CONSTRAINT goal_version_goal FOREIGN KEY (tenant_id, goal_id) REFERENCES goal (tenant_id, id),
	CONSTRAINT goal_version_instrument FOREIGN KEY (tenant_id, instrument_id) REFERENCES instrument (tenant_id, id),
	CONSTRAINT goal_version_parent FOREIGN KEY (tenant_id, parent_id) REFERENCES goal (tenant_id, id),
	CONSTRAINT goal_version_responsible FOREIGN KEY (tenant_id, responsible_id) REFERENCES organisation (tenant_id, id),
	CONSTRAINT goal_version_own_parent CHECK (parent_id <> goal_id),
	CONSTRAINT goal_version_once EXCLUDE USING gist (tenant_id WITH =, goal_id WITH =, daterange(valid_from, valid_to) WITH &&),
	CONSTRAINT goal_version_days CHECK (valid_to > valid_from),
	CONSTRAINT goal_version_end_has_ground CHECK ((valid_to IS NULL) = (ending = ''))
);
-- One level of the tree as of a day. What stands on a late day is a short range
-- at the index's end, however many versions came before it.
CREATE INDEX goal_version_tree ON goal_version (tenant_id, under, until, valid_from) INCLUDE (id);
-- The closed ones of a level, which are shown beside those that stand.
CREATE INDEX goal_version_tree_closed ON goal_version (tenant_id, under, valid_to) INCLUDE (id, goal_id) WHERE ending = 'closed';
-- A goal's versions in order: what it was called, and whether it came back after it was closed.
CREATE INDEX goal_version_of_goal ON goal_version (tenant_id, goal_id, valid_from);
-- All goals of an instrument as of a day: what is offered, and what two days differ in.
CREATE INDEX goal_version_of_instrument ON goal_version (tenant_id, instrument_id, until);

-- A version that has ended is closed: nothing in it moves but whether it is
-- published. What was wrong is told by a note with its own day.
-- +goose StatementBegin
CREATE FUNCTION goal_version_closed() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
	IF TG_OP = 'DELETE' THEN
		IF NOT EXISTS (SELECT FROM instrument i WHERE i.tenant_id = OLD.tenant_id AND i.id = OLD.instrument_id AND i.draft) THEN
			RAISE EXCEPTION 'only what is drafted can be taken away' USING ERRCODE = 'check_violation', CONSTRAINT = 'goal_version_kept', TABLE = 'goal_version';
		END IF;
		RETURN OLD;
	END IF;
	-- What is generated is not there yet when this runs; it follows from the rest.
	IF OLD.valid_to IS NOT NULL AND to_jsonb(NEW) - '{published,under,until}'::text[] IS DISTINCT FROM to_jsonb(OLD) - '{published,under,until}'::text[] THEN
		RAISE EXCEPTION 'a closed version cannot be changed' USING ERRCODE = 'check_violation', CONSTRAINT = 'goal_version_closed', TABLE = 'goal_version';
	END IF;
	RETURN NEW;
END
$$;
-- +goose StatementEnd
CREATE TRIGGER goal_version_closed BEFORE UPDATE OR DELETE ON goal_version FOR EACH ROW EXECUTE FUNCTION goal_version_closed();

CALL protect('goal_version');
CREATE POLICY goal_version_published ON goal_version FOR SELECT TO overens_public USING (tenant_id = current_tenant() AND published);
CREATE POLICY goal_version_published_all ON goal_version FOR SELECT TO overens_national USING (published);
GRANT SELECT ON goal_version TO overens_public, overens_national;

-- What links one goal to another, within an instrument or to its successor.
CREATE TABLE goal_link (
	tenant_id text COLLATE "C" NOT NULL,
	id uuid NOT NULL,
	kind text NOT NULL CONSTRAINT goal_link_kind CHECK (kind IN ('linked', 'carried-over')),
	from_id uuid NOT NULL,
	to_id uuid NOT NULL,
	valid_from date,
	valid_to date,
	source text NOT NULL DEFAULT '',
	CONSTRAINT goal_link_pkey PRIMARY KEY (tenant_id, id),
	CONSTRAINT goal_link_from FOREIGN KEY (tenant_id, from_id) REFERENCES goal (tenant_id, id),
	CONSTRAINT goal_link_to FOREIGN KEY (tenant_id, to_id) REFERENCES goal (tenant_id, id),
	CONSTRAINT goal_link_of_two CHECK (from_id <> to_id),
	CONSTRAINT goal_link_once EXCLUDE USING gist (tenant_id WITH =, from_id WITH =, to_id WITH =, kind WITH =, daterange(valid_from, valid_to) WITH &&),
	CONSTRAINT goal_link_days CHECK (valid_to > valid_from)
);
CREATE INDEX goal_link_back ON goal_link (tenant_id, to_id);
CALL protect('goal_link');

-- What is said about a goal afterwards: a correction, above all of a closed version.
CREATE TABLE goal_note (
	tenant_id text COLLATE "C" NOT NULL,
	id uuid NOT NULL,
	goal_id uuid NOT NULL,
	instrument_id uuid NOT NULL,
	kind text NOT NULL CONSTRAINT goal_note_kind CHECK (kind IN ('correction', 'note')),
	on_day date NOT NULL,
	note text NOT NULL CONSTRAINT goal_note_says CHECK (btrim(note) <> ''),
	source text NOT NULL CONSTRAINT goal_note_sourced CHECK (btrim(source) <> ''),
	CONSTRAINT goal_note_pkey PRIMARY KEY (tenant_id, id),
	CONSTRAINT goal_note_goal FOREIGN KEY (tenant_id, goal_id) REFERENCES goal (tenant_id, id),
	CONSTRAINT goal_note_instrument FOREIGN KEY (tenant_id, instrument_id) REFERENCES instrument (tenant_id, id)
);
CREATE INDEX goal_note_of_goal ON goal_note (tenant_id, goal_id, on_day);
CREATE INDEX goal_note_of_instrument ON goal_note (tenant_id, instrument_id, on_day);
CALL protect('goal_note', grants => 'SELECT, INSERT');

-- How many there are, where that is known and their names or wordings are not:
-- goals of a level, or parties.
CREATE TABLE instrument_count (
	tenant_id text COLLATE "C" NOT NULL,
	id uuid NOT NULL,
	instrument_id uuid NOT NULL,
	what text NOT NULL CONSTRAINT instrument_count_what CHECK (what IN ('goals', 'parties')),
	level text COLLATE "C" NOT NULL DEFAULT '',
	known_count integer NOT NULL CONSTRAINT instrument_count_known CHECK (known_count BETWEEN 0 AND 1000000),
	valid_from date,
	valid_to date,
	source text NOT NULL CONSTRAINT instrument_count_sourced CHECK (btrim(source) <> ''),
	CONSTRAINT instrument_count_pkey PRIMARY KEY (tenant_id, id),
	CONSTRAINT instrument_count_instrument FOREIGN KEY (tenant_id, instrument_id) REFERENCES instrument (tenant_id, id),
	CONSTRAINT instrument_count_level CHECK ((what = 'goals') = (level <> '')),
	CONSTRAINT instrument_count_once EXCLUDE USING gist (tenant_id WITH =, instrument_id WITH =, what WITH =, level WITH =, daterange(valid_from, valid_to) WITH &&),
	CONSTRAINT instrument_count_days CHECK (valid_to > valid_from)
);
CALL protect('instrument_count', grants => 'SELECT, INSERT, UPDATE');

-- Networks and groups of others that the agreement leans on. We neither seat
-- them nor keep their minutes.
CREATE TABLE network (
	tenant_id text COLLATE "C" NOT NULL,
	id uuid NOT NULL,
	key text COLLATE "C" NOT NULL CONSTRAINT network_key_shape CHECK (key ~ '^[a-z0-9][a-z0-9-]{0,59}$'),
	instrument_id uuid,
	name text COLLATE "sv-x-icu" NOT NULL CONSTRAINT network_named CHECK (btrim(name) <> ''),
	purpose text NOT NULL DEFAULT '',
	led_by_id uuid,
	-- Whom to ask, as it is told: an office, a mailbox, a name.
	contact text NOT NULL DEFAULT '',
	website text NOT NULL DEFAULT '',
	valid_from date,
	valid_to date,
	source text NOT NULL DEFAULT '',
	version bigint NOT NULL DEFAULT 1,
	CONSTRAINT network_pkey PRIMARY KEY (tenant_id, id),
	CONSTRAINT network_instrument FOREIGN KEY (tenant_id, instrument_id) REFERENCES instrument (tenant_id, id),
	CONSTRAINT network_led_by FOREIGN KEY (tenant_id, led_by_id) REFERENCES organisation (tenant_id, id),
	CONSTRAINT network_key_once UNIQUE (tenant_id, key),
	CONSTRAINT network_days CHECK (valid_to > valid_from)
);
CALL protect('network', ARRAY['contact'], 'SELECT, INSERT, UPDATE');

CREATE TABLE network_goal (
	tenant_id text COLLATE "C" NOT NULL,
	id uuid NOT NULL,
	network_id uuid NOT NULL,
	goal_id uuid NOT NULL,
	CONSTRAINT network_goal_pkey PRIMARY KEY (tenant_id, id),
	CONSTRAINT network_goal_network FOREIGN KEY (tenant_id, network_id) REFERENCES network (tenant_id, id),
	CONSTRAINT network_goal_goal FOREIGN KEY (tenant_id, goal_id) REFERENCES goal (tenant_id, id),
	CONSTRAINT network_goal_once UNIQUE (tenant_id, network_id, goal_id)
);
CREATE INDEX network_goal_back ON network_goal (tenant_id, goal_id);
CALL protect('network_goal', grants => 'SELECT, INSERT, DELETE');

-- Local agreements under the regional one, with parties of their own, who are
-- never parties of the regional one for that.
CREATE TABLE local_agreement (
	tenant_id text COLLATE "C" NOT NULL,
	id uuid NOT NULL,
	key text COLLATE "C" NOT NULL CONSTRAINT local_agreement_key_shape CHECK (key ~ '^[a-z0-9][a-z0-9-]{0,59}$'),
	instrument_id uuid,
	title text COLLATE "sv-x-icu" NOT NULL CONSTRAINT local_agreement_titled CHECK (btrim(title) <> ''),
	registry_number text NOT NULL DEFAULT '',
	initiated_by_id uuid,
	valid_from date,
	from_precision text NOT NULL DEFAULT 'day' CONSTRAINT local_agreement_from_precision CHECK (from_precision IN ('day', 'month', 'season', 'year', 'by')),
	valid_to date,
	to_precision text NOT NULL DEFAULT 'day' CONSTRAINT local_agreement_to_precision CHECK (to_precision IN ('day', 'month', 'season', 'year', 'by')),
	-- That it was there is known; from when until when is not.
	period_known boolean NOT NULL DEFAULT true,
	note text NOT NULL DEFAULT '',
	link text NOT NULL DEFAULT '',
	source text NOT NULL DEFAULT '',
	published boolean NOT NULL DEFAULT false,
	version bigint NOT NULL DEFAULT 1,
	CONSTRAINT local_agreement_pkey PRIMARY KEY (tenant_id, id),
	CONSTRAINT local_agreement_of FOREIGN KEY (tenant_id) REFERENCES county (tenant_id),
	CONSTRAINT local_agreement_instrument FOREIGN KEY (tenant_id, instrument_id) REFERENCES instrument (tenant_id, id),
	CONSTRAINT local_agreement_initiated_by FOREIGN KEY (tenant_id, initiated_by_id) REFERENCES organisation (tenant_id, id),
	CONSTRAINT local_agreement_key_once UNIQUE (tenant_id, key),
	CONSTRAINT local_agreement_days CHECK (valid_to > valid_from),
	CONSTRAINT local_agreement_period CHECK (period_known OR (valid_from IS NULL AND valid_to IS NULL))
);
CREATE INDEX local_agreement_under ON local_agreement (tenant_id, instrument_id);
CALL protect('local_agreement', grants => 'SELECT, INSERT, UPDATE');
CREATE POLICY local_agreement_published ON local_agreement FOR SELECT TO overens_public USING (tenant_id = current_tenant() AND published);
CREATE POLICY local_agreement_published_all ON local_agreement FOR SELECT TO overens_national USING (published);
GRANT SELECT (tenant_id, id, key, instrument_id, title, valid_from, from_precision, valid_to, to_precision, period_known, published) ON local_agreement TO overens_public, overens_national;

CREATE TABLE local_party (
	tenant_id text COLLATE "C" NOT NULL,
	id uuid NOT NULL,
	local_agreement_id uuid NOT NULL,
	organisation_id uuid NOT NULL,
	CONSTRAINT local_party_pkey PRIMARY KEY (tenant_id, id),
	CONSTRAINT local_party_agreement FOREIGN KEY (tenant_id, local_agreement_id) REFERENCES local_agreement (tenant_id, id),
	CONSTRAINT local_party_organisation FOREIGN KEY (tenant_id, organisation_id) REFERENCES organisation (tenant_id, id),
	CONSTRAINT local_party_once UNIQUE (tenant_id, local_agreement_id, organisation_id)
);
CREATE INDEX local_party_of_organisation ON local_party (tenant_id, organisation_id);
CALL protect('local_party', grants => 'SELECT, INSERT, DELETE');

-- What becomes of each goal and party of the old instrument in the new one.
CREATE TABLE draft_choice (
	tenant_id text COLLATE "C" NOT NULL,
	id uuid NOT NULL,
	instrument_id uuid NOT NULL,
	goal_id uuid,
	organisation_id uuid,
	choice text NOT NULL CONSTRAINT draft_choice_choice CHECK (choice IN ('carry', 'change', 'leave-out')),
	reason text NOT NULL CONSTRAINT draft_choice_reasoned CHECK (btrim(reason) <> ''),
	-- What it became in the draft.
	new_goal_id uuid,
	new_participation_id uuid,
	CONSTRAINT draft_choice_pkey PRIMARY KEY (tenant_id, id),
	CONSTRAINT draft_choice_instrument FOREIGN KEY (tenant_id, instrument_id) REFERENCES instrument (tenant_id, id),
	CONSTRAINT draft_choice_goal FOREIGN KEY (tenant_id, goal_id) REFERENCES goal (tenant_id, id),
	CONSTRAINT draft_choice_organisation FOREIGN KEY (tenant_id, organisation_id) REFERENCES organisation (tenant_id, id),
	CONSTRAINT draft_choice_of_one CHECK ((goal_id IS NULL) <> (organisation_id IS NULL)),
	CONSTRAINT draft_choice_goal_once UNIQUE (tenant_id, instrument_id, goal_id),
	CONSTRAINT draft_choice_party_once UNIQUE (tenant_id, instrument_id, organisation_id)
);
CALL protect('draft_choice');

-- The words that instruments, goals, networks and local agreements are found
-- by: as written, without marks, and their Swedish stems, so that another form
-- of the word finds them. They lie apart because the operators of full-text
-- search cannot use an index behind row-level security, while comparing text
-- in "C" order can. Derived, so not in the trail.
CREATE TABLE agreement_word (
	tenant_id text COLLATE "C" NOT NULL,
	word text COLLATE "C" NOT NULL,
	subject text COLLATE "C" NOT NULL CONSTRAINT agreement_word_subject CHECK (subject IN ('instrument', 'goal', 'network', 'local-agreement')),
	subject_id uuid NOT NULL,
	CONSTRAINT agreement_word_pkey PRIMARY KEY (tenant_id, word, subject, subject_id)
);
CREATE INDEX agreement_word_back ON agreement_word (tenant_id, subject_id);
CALL guard('agreement_word', 'SELECT, INSERT, DELETE');

-- +goose Down
DROP TABLE agreement_word, draft_choice, local_party, local_agreement, network_goal, network, instrument_count, goal_note, goal_link, goal_version, goal,
	signature, participation, adoption, instrument_text, instrument_event, instrument_succession, instrument_lead, instrument_validity, instrument;
DROP FUNCTION goal_version_closed();
