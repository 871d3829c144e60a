-- +goose Up

-- A meeting of a body, or a written procedure in place of one. Which rules it
-- works by is the configuration of its day; what was used is stored when it closes.
--
-- The states: announced (its day is public long before), draft (its makers
-- alone see the agenda), called, open, closed, drafted (its minutes are), adjusted,
-- published; cancelled.
CREATE TABLE meeting (
	tenant_id text COLLATE "C" NOT NULL,
	id uuid NOT NULL,
	body text COLLATE "C" NOT NULL CONSTRAINT meeting_body CHECK (body ~ '^[a-z][a-z0-9-]{0,39}$'),
	kind text NOT NULL DEFAULT 'meeting' CONSTRAINT meeting_kind CHECK (kind IN ('meeting', 'written')),
	state text NOT NULL CONSTRAINT meeting_state CHECK (state IN ('announced', 'draft', 'called', 'open', 'closed', 'drafted', 'adjusted', 'published', 'cancelled')),
	announced_at timestamptz,
	title text NOT NULL DEFAULT '',
	-- A written procedure ends on this day.
	on_day date NOT NULL,
	begins text COLLATE "C" NOT NULL DEFAULT '' CONSTRAINT meeting_begins CHECK (begins ~ '^(([01][0-9]|2[0-3]):[0-5][0-9])?$'),
	ends text COLLATE "C" NOT NULL DEFAULT '' CONSTRAINT meeting_ends CHECK (ends ~ '^(([01][0-9]|2[0-3]):[0-5][0-9])?$'),
	location text NOT NULL DEFAULT '',
	link text COLLATE "C" NOT NULL DEFAULT '' CONSTRAINT meeting_link CHECK (link = '' OR link ~ '^https://'),
	note text NOT NULL DEFAULT '',
	answer_by date,
	chair_id uuid,
	secretary_id uuid,
	registry_number text NOT NULL DEFAULT '',
	called_at timestamptz,
	late_reason text NOT NULL DEFAULT '',
	-- Rises each time that those who were called are told something new.
	sequence integer NOT NULL DEFAULT 0,
	opened_at timestamptz,
	closed_at timestamptz,
	adjusted_at timestamptz,
	published_at timestamptz,
	cancelled_at timestamptz,
	cancelled_reason text NOT NULL DEFAULT '',
	-- The item on the table while the meeting is open.
	item_id uuid,
	-- The version of the configuration whose rules it closed by.
	county_version bigint,
	imported boolean NOT NULL DEFAULT false,
	demo boolean NOT NULL DEFAULT false,
	source text NOT NULL DEFAULT '',
	published boolean NOT NULL DEFAULT false, -- its day is public
	version bigint NOT NULL DEFAULT 1,
	CONSTRAINT meeting_pkey PRIMARY KEY (tenant_id, id),
	CONSTRAINT meeting_of FOREIGN KEY (tenant_id) REFERENCES county (tenant_id),
	CONSTRAINT meeting_chair FOREIGN KEY (tenant_id, chair_id) REFERENCES person (tenant_id, id),
	CONSTRAINT meeting_secretary FOREIGN KEY (tenant_id, secretary_id) REFERENCES person (tenant_id, id),
	CONSTRAINT meeting_times CHECK (begins = '' OR ends = '' OR ends > begins),
	CONSTRAINT meeting_cancelled CHECK ((state = 'cancelled') = (cancelled_at IS NOT NULL) AND (cancelled_at IS NULL OR btrim(cancelled_reason) <> '')),
	CONSTRAINT meeting_called CHECK (state IN ('announced', 'draft', 'cancelled') OR called_at IS NOT NULL),
	CONSTRAINT meeting_closed_by CHECK (state NOT IN ('closed', 'drafted', 'adjusted', 'published') OR closed_at IS NOT NULL AND county_version IS NOT NULL)
);
-- The list: a body's, and everybody's, by day.
CREATE INDEX meeting_by_day ON meeting (tenant_id, on_day, id);
CREATE INDEX meeting_of_body ON meeting (tenant_id, body, on_day);
CALL protect('meeting', grants => 'SELECT, INSERT, UPDATE');
CREATE POLICY meeting_published ON meeting FOR SELECT TO overens_public USING (tenant_id = current_tenant() AND published);
GRANT SELECT (tenant_id, id, body, kind, state, title, on_day, begins, ends, location, opened_at, closed_at, adjusted_at, published_at, cancelled_at, imported, demo, source, published, version)
	ON meeting TO overens_public;

-- A meeting moves from state to state by what may follow, and what has been
-- adjusted stays as it is.
-- +goose StatementBegin
CREATE FUNCTION meeting_moves() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
	IF NEW.state <> OLD.state AND NOT (OLD.state || '>' || NEW.state = ANY (ARRAY['announced>draft', 'announced>cancelled', 'draft>announced', 'draft>called',
		'draft>cancelled', 'called>open', 'called>cancelled', 'open>closed', 'closed>open', 'closed>drafted', 'drafted>closed', 'drafted>adjusted', 'adjusted>published'])) THEN
		RAISE EXCEPTION 'a meeting does not go from % to %', OLD.state, NEW.state USING ERRCODE = 'check_violation', CONSTRAINT = 'meeting_moves', TABLE = 'meeting';
	END IF;
	IF OLD.state IN ('adjusted', 'published', 'cancelled') AND to_jsonb(NEW) - '{state,published,published_at,version}'::text[]
		IS DISTINCT FROM to_jsonb(OLD) - '{state,published,published_at,version}'::text[] THEN
		RAISE EXCEPTION 'the meeting is closed' USING ERRCODE = 'check_violation', CONSTRAINT = 'meeting_locked', TABLE = 'meeting';
	END IF;
	IF NEW.body <> OLD.body OR NEW.kind <> OLD.kind THEN
		RAISE EXCEPTION 'a meeting stays its body''s' USING ERRCODE = 'check_violation', CONSTRAINT = 'meeting_moves', TABLE = 'meeting';
	END IF;
	RETURN NEW;
END
$$;
-- +goose StatementEnd
CREATE TRIGGER meeting_moves BEFORE UPDATE ON meeting FOR EACH ROW EXECUTE FUNCTION meeting_moves();

-- What hangs on a meeting can be written only while the meeting is in one of some
-- states. Argument: the states, comma-separated. The meeting's row is held while it is looked at, so that a vote cannot slip in
-- beside the closing. What is published, and what the public reads in place of
-- a masked part, may move afterwards.
-- +goose StatementBegin
CREATE FUNCTION meeting_lock() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
	r jsonb := to_jsonb(CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END);
	held text;
BEGIN
	IF TG_OP = 'UPDATE' AND r - '{published,public_heading,public_wording,version}'::text[] = to_jsonb(OLD) - '{published,public_heading,public_wording,version}'::text[] THEN
		RETURN NEW;
	END IF;
	IF TG_OP = 'UPDATE' AND to_jsonb(OLD) ->> 'meeting_id' IS DISTINCT FROM r ->> 'meeting_id' AND to_jsonb(OLD) ->> 'meeting_id' IS NOT NULL THEN
		SELECT state INTO held FROM meeting m WHERE m.tenant_id = OLD.tenant_id AND m.id = (to_jsonb(OLD) ->> 'meeting_id')::uuid FOR SHARE;
		IF held <> ALL (string_to_array(TG_ARGV[0], ',')) THEN
			RAISE EXCEPTION 'the meeting is %', held USING ERRCODE = 'check_violation', CONSTRAINT = 'meeting_locked', TABLE = 'meeting';
		END IF;
	END IF;
	IF r ->> 'meeting_id' IS NOT NULL THEN
		SELECT state INTO held FROM meeting m WHERE m.tenant_id = r ->> 'tenant_id' AND m.id = (r ->> 'meeting_id')::uuid FOR SHARE;
		IF held <> ALL (string_to_array(TG_ARGV[0], ',')) THEN
			RAISE EXCEPTION 'the meeting is %', held USING ERRCODE = 'check_violation', CONSTRAINT = 'meeting_locked', TABLE = 'meeting';
		END IF;
	END IF;
	RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END
$$;
-- +goose StatementEnd

-- A matter: proposed, kept until its time, on an agenda, handled. It keeps its
-- identity when it is moved, postponed or handed on; its number on an agenda is
-- only its position there.
CREATE TABLE agenda_item (
	tenant_id text COLLATE "C" NOT NULL,
	id uuid NOT NULL,
	body text COLLATE "C" NOT NULL CONSTRAINT agenda_item_body CHECK (body ~ '^[a-z][a-z0-9-]{0,39}$'),
	meeting_id uuid, -- none: it waits
	position integer NOT NULL DEFAULT 0,
	kind text NOT NULL CONSTRAINT agenda_item_kind CHECK (kind IN ('information', 'discussion', 'decision', 'learning')),
	title text COLLATE "sv-x-icu" NOT NULL CONSTRAINT agenda_item_titled CHECK (btrim(title) <> ''),
	background text NOT NULL DEFAULT '', -- Markdown
	proposal text NOT NULL DEFAULT '',   -- the wording that is to be decided
	rapporteur text NOT NULL DEFAULT '',
	duration integer NOT NULL DEFAULT 0 CONSTRAINT agenda_item_duration CHECK (duration BETWEEN 0 AND 600), -- minutes
	organisation_id uuid, -- the party that proposed it
	proposed_by uuid,
	proposed_at timestamptz,
	prepared_by text COLLATE "C" NOT NULL DEFAULT '',
	from_id uuid,         -- the matter in the preparing body that it came from
	standing boolean NOT NULL DEFAULT false,
	confidential boolean NOT NULL DEFAULT false,
	state text NOT NULL DEFAULT 'waiting' CONSTRAINT agenda_item_state CHECK (state IN ('proposed', 'declined', 'waiting', 'planned', 'on-table', 'handled', 'postponed', 'withdrawn')),
	reason text NOT NULL DEFAULT '', -- why it was declined, postponed or withdrawn
	outcome text NOT NULL DEFAULT '' CONSTRAINT agenda_item_outcome CHECK (outcome IN ('', 'noted', 'discussed', 'learned', 'carried', 'rejected', 'advised', 'sent-on', 'postponed', 'withdrawn')),
	result text NOT NULL DEFAULT '', -- what came of it, for the minutes: Markdown
	-- What a decision on it does in the program: which act, and with what.
	act text NOT NULL DEFAULT '' CONSTRAINT agenda_item_act CHECK (act IN ('', 'goal.close', 'goal.add', 'instrument.extend', 'party.admit', 'party.release', 'configuration')),
	act_body jsonb,
	opened_at timestamptz,
	closed_at timestamptz,
	registry_number text NOT NULL DEFAULT '',
	imported boolean NOT NULL DEFAULT false,
	demo boolean NOT NULL DEFAULT false,
	published boolean NOT NULL DEFAULT false,
	version bigint NOT NULL DEFAULT 1,
	CONSTRAINT agenda_item_pkey PRIMARY KEY (tenant_id, id),
	CONSTRAINT agenda_item_of FOREIGN KEY (tenant_id) REFERENCES county (tenant_id),
	CONSTRAINT agenda_item_meeting FOREIGN KEY (tenant_id, meeting_id) REFERENCES meeting (tenant_id, id),
	CONSTRAINT agenda_item_organisation FOREIGN KEY (tenant_id, organisation_id) REFERENCES organisation (tenant_id, id),
	CONSTRAINT agenda_item_proposer FOREIGN KEY (tenant_id, proposed_by) REFERENCES person (tenant_id, id),
	CONSTRAINT agenda_item_from FOREIGN KEY (tenant_id, from_id) REFERENCES agenda_item (tenant_id, id),
	CONSTRAINT agenda_item_placed CHECK ((state IN ('planned', 'on-table', 'handled', 'postponed')) <= (meeting_id IS NOT NULL)),
	CONSTRAINT agenda_item_reasoned CHECK (state NOT IN ('declined', 'withdrawn') OR btrim(reason) <> ''),
	CONSTRAINT agenda_item_unpublished CHECK (NOT (confidential AND published)),
	CONSTRAINT agenda_item_act_whole CHECK ((act = '') = (act_body IS NULL))
);
-- An agenda in its order.
CREATE INDEX agenda_item_of_meeting ON agenda_item (tenant_id, meeting_id, position);
-- What waits for a body.
CREATE INDEX agenda_item_waiting ON agenda_item (tenant_id, body, id) WHERE meeting_id IS NULL;
CREATE INDEX agenda_item_back ON agenda_item (tenant_id, from_id);
CALL protect('agenda_item', grants => 'SELECT, INSERT, UPDATE');
CREATE TRIGGER agenda_item_lock BEFORE INSERT OR UPDATE OR DELETE ON agenda_item FOR EACH ROW
	EXECUTE FUNCTION meeting_lock('announced,draft,called,open,closed,drafted');
CREATE POLICY agenda_item_published ON agenda_item FOR SELECT TO overens_public USING (tenant_id = current_tenant() AND published);
GRANT SELECT (tenant_id, id, body, meeting_id, position, kind, title, background, proposal, rapporteur, duration, organisation_id, prepared_by, standing, state, outcome, result,
	registry_number, imported, demo, published, version) ON agenda_item TO overens_public;
ALTER TABLE meeting ADD CONSTRAINT meeting_item FOREIGN KEY (tenant_id, item_id) REFERENCES agenda_item (tenant_id, id);

-- The agenda as it was called, each time: what was sent stays as it was sent.
CREATE TABLE agenda_called (
	tenant_id text COLLATE "C" NOT NULL,
	id uuid NOT NULL,
	meeting_id uuid NOT NULL,
	sequence integer NOT NULL,
	item_id uuid NOT NULL,
	position integer NOT NULL,
	kind text NOT NULL,
	title text NOT NULL,
	proposal text NOT NULL,
	CONSTRAINT agenda_called_pkey PRIMARY KEY (tenant_id, id),
	CONSTRAINT agenda_called_meeting FOREIGN KEY (tenant_id, meeting_id) REFERENCES meeting (tenant_id, id),
	CONSTRAINT agenda_called_item FOREIGN KEY (tenant_id, item_id) REFERENCES agenda_item (tenant_id, id),
	CONSTRAINT agenda_called_once UNIQUE (tenant_id, meeting_id, sequence, item_id)
);
CALL protect('agenda_called', grants => 'SELECT, INSERT');

-- A paper of a matter, with the version of the document that was sent.
CREATE TABLE agenda_paper (
	tenant_id text COLLATE "C" NOT NULL,
	id uuid NOT NULL,
	item_id uuid NOT NULL,
	meeting_id uuid, -- the meeting it was added for
	document_id uuid NOT NULL,
	number integer NOT NULL CONSTRAINT agenda_paper_number CHECK (number > 0), -- the document's version
	late boolean NOT NULL DEFAULT false,
	note text NOT NULL DEFAULT '', -- what is new in it
	added_by uuid,
	added_at timestamptz NOT NULL,
	replaced_at timestamptz,
	CONSTRAINT agenda_paper_pkey PRIMARY KEY (tenant_id, id),
	CONSTRAINT agenda_paper_item FOREIGN KEY (tenant_id, item_id) REFERENCES agenda_item (tenant_id, id),
	CONSTRAINT agenda_paper_meeting FOREIGN KEY (tenant_id, meeting_id) REFERENCES meeting (tenant_id, id),
	CONSTRAINT agenda_paper_document FOREIGN KEY (tenant_id, document_id) REFERENCES document (tenant_id, id),
	CONSTRAINT agenda_paper_once UNIQUE (tenant_id, item_id, document_id, number)
);
CREATE INDEX agenda_paper_of_document ON agenda_paper (tenant_id, document_id);
CALL protect('agenda_paper', grants => 'SELECT, INSERT, UPDATE');
CREATE TRIGGER agenda_paper_lock BEFORE INSERT OR UPDATE OR DELETE ON agenda_paper FOR EACH ROW
	EXECUTE FUNCTION meeting_lock('announced,draft,called,open,closed,drafted');

-- Who has opened which version of a paper: those are told when a later one comes.
CREATE TABLE paper_read (
	tenant_id text COLLATE "C" NOT NULL,
	paper_id uuid NOT NULL,
	person_id uuid NOT NULL,
	read_at timestamptz NOT NULL,
	CONSTRAINT paper_read_pkey PRIMARY KEY (tenant_id, paper_id, person_id),
	CONSTRAINT paper_read_paper FOREIGN KEY (tenant_id, paper_id) REFERENCES agenda_paper (tenant_id, id),
	CONSTRAINT paper_read_person FOREIGN KEY (tenant_id, person_id) REFERENCES person (tenant_id, id)
);
CALL guard('paper_read', 'SELECT, INSERT');

-- Who is called to a meeting, as what, and what was answered.
CREATE TABLE invitation (
	tenant_id text COLLATE "C" NOT NULL,
	id uuid NOT NULL,
	meeting_id uuid NOT NULL,
	person_id uuid NOT NULL,
	mandate_id uuid,
	role text NOT NULL CONSTRAINT invitation_role CHECK (role IN ('member', 'deputy', 'adjunct', 'guest', 'staff')),
	place text COLLATE "C" NOT NULL DEFAULT '',
	organisation_id uuid,
	instead_of uuid, -- the invitation whose "no" called this deputy
	invited_at timestamptz NOT NULL,
	withdrawn_at timestamptz, -- the one in whose place comes after all
	answer text NOT NULL DEFAULT '' CONSTRAINT invitation_answer CHECK (answer IN ('', 'yes', 'no', 'remote')),
	answered_at timestamptz,
	answered_how text NOT NULL DEFAULT '' CONSTRAINT invitation_how CHECK (answered_how IN ('', 'page', 'link', 'calendar', 'secretary')),
	note text NOT NULL DEFAULT '',
	token_hash bytea,
	version bigint NOT NULL DEFAULT 1,
	CONSTRAINT invitation_pkey PRIMARY KEY (tenant_id, id),
	CONSTRAINT invitation_meeting FOREIGN KEY (tenant_id, meeting_id) REFERENCES meeting (tenant_id, id),
	CONSTRAINT invitation_person FOREIGN KEY (tenant_id, person_id) REFERENCES person (tenant_id, id),
	CONSTRAINT invitation_mandate FOREIGN KEY (tenant_id, mandate_id) REFERENCES mandate (tenant_id, id),
	CONSTRAINT invitation_organisation FOREIGN KEY (tenant_id, organisation_id) REFERENCES organisation (tenant_id, id),
	CONSTRAINT invitation_instead FOREIGN KEY (tenant_id, instead_of) REFERENCES invitation (tenant_id, id),
	CONSTRAINT invitation_once UNIQUE (tenant_id, meeting_id, person_id),
	CONSTRAINT invitation_answered CHECK ((answer = '') = (answered_at IS NULL))
);
CREATE UNIQUE INDEX invitation_token_once ON invitation (tenant_id, token_hash) WHERE token_hash IS NOT NULL;
-- What waits for a person's answer.
CREATE INDEX invitation_of_person ON invitation (tenant_id, person_id);
CALL protect('invitation', ARRAY['token_hash'], 'SELECT, INSERT, UPDATE');
CREATE TRIGGER invitation_lock BEFORE INSERT OR UPDATE OR DELETE ON invitation FOR EACH ROW EXECUTE FUNCTION meeting_lock('draft,called,open');

-- What has been sent to whom about a meeting: one mail per person and event.
CREATE TABLE meeting_mail (
	tenant_id text COLLATE "C" NOT NULL,
	id uuid NOT NULL,
	meeting_id uuid NOT NULL,
	event text NOT NULL CONSTRAINT meeting_mail_event CHECK (event IN ('call', 'change', 'cancel', 'deputy', 'stand-down', 'paper', 'reminder', 'adjust', 'minutes', 'share')),
	sequence integer NOT NULL,
	person_id uuid,
	organisation_id uuid, -- the copy to a party's functional mailbox
	about_id uuid,        -- the paper, the paragraph
	queued_at timestamptz NOT NULL,
	sent_at timestamptz,
	failed text NOT NULL DEFAULT '',
	CONSTRAINT meeting_mail_pkey PRIMARY KEY (tenant_id, id),
	CONSTRAINT meeting_mail_meeting FOREIGN KEY (tenant_id, meeting_id) REFERENCES meeting (tenant_id, id),
	CONSTRAINT meeting_mail_person FOREIGN KEY (tenant_id, person_id) REFERENCES person (tenant_id, id),
	CONSTRAINT meeting_mail_organisation FOREIGN KEY (tenant_id, organisation_id) REFERENCES organisation (tenant_id, id),
	CONSTRAINT meeting_mail_once UNIQUE NULLS NOT DISTINCT (tenant_id, meeting_id, event, sequence, person_id, organisation_id, about_id),
	CONSTRAINT meeting_mail_to_one CHECK (num_nonnulls(person_id, organisation_id) = 1)
);
CALL protect('meeting_mail', grants => 'SELECT, INSERT, UPDATE');

-- A calendar that somebody follows: a person's own meetings, or a body's. The
-- address holds a secret, the row its hash.
CREATE TABLE calendar_feed (
	tenant_id text COLLATE "C" NOT NULL,
	id uuid NOT NULL,
	person_id uuid NOT NULL,
	body text COLLATE "C" NOT NULL DEFAULT '', -- empty: the person's own
	token_hash bytea NOT NULL,
	created_at timestamptz NOT NULL,
	revoked_at timestamptz,
	CONSTRAINT calendar_feed_pkey PRIMARY KEY (tenant_id, id),
	CONSTRAINT calendar_feed_person FOREIGN KEY (tenant_id, person_id) REFERENCES person (tenant_id, id),
	CONSTRAINT calendar_feed_token_once UNIQUE (tenant_id, token_hash)
);
CREATE INDEX calendar_feed_of_person ON calendar_feed (tenant_id, person_id);
CALL protect('calendar_feed', ARRAY['token_hash'], 'SELECT, INSERT, UPDATE');

-- Who was there, from when to when.
CREATE TABLE attendance (
	tenant_id text COLLATE "C" NOT NULL,
	id uuid NOT NULL,
	meeting_id uuid NOT NULL,
	person_id uuid NOT NULL,
	remote boolean NOT NULL DEFAULT false,
	arrived_at timestamptz NOT NULL,
	arrived_item uuid, -- the matter on the table then; none: before the first
	left_at timestamptz,
	left_item uuid,
	CONSTRAINT attendance_pkey PRIMARY KEY (tenant_id, id),
	CONSTRAINT attendance_meeting FOREIGN KEY (tenant_id, meeting_id) REFERENCES meeting (tenant_id, id),
	CONSTRAINT attendance_person FOREIGN KEY (tenant_id, person_id) REFERENCES person (tenant_id, id),
	CONSTRAINT attendance_arrived_item FOREIGN KEY (tenant_id, arrived_item) REFERENCES agenda_item (tenant_id, id),
	CONSTRAINT attendance_left_item FOREIGN KEY (tenant_id, left_item) REFERENCES agenda_item (tenant_id, id),
	CONSTRAINT attendance_times CHECK (left_at >= arrived_at),
	CONSTRAINT attendance_once EXCLUDE USING gist (tenant_id WITH =, meeting_id WITH =, person_id WITH =, tstzrange(arrived_at, left_at) WITH &&)
);
CALL protect('attendance', grants => 'SELECT, INSERT, UPDATE, DELETE');
CREATE TRIGGER attendance_lock BEFORE INSERT OR UPDATE OR DELETE ON attendance FOR EACH ROW EXECUTE FUNCTION meeting_lock('open');

-- Who has an interest in a matter, as told at the meeting.
CREATE TABLE bias (
	tenant_id text COLLATE "C" NOT NULL,
	id uuid NOT NULL,
	meeting_id uuid NOT NULL,
	item_id uuid NOT NULL,
	person_id uuid NOT NULL,
	reason text NOT NULL DEFAULT '',
	told_at timestamptz NOT NULL,
	CONSTRAINT bias_pkey PRIMARY KEY (tenant_id, id),
	CONSTRAINT bias_meeting FOREIGN KEY (tenant_id, meeting_id) REFERENCES meeting (tenant_id, id),
	CONSTRAINT bias_item FOREIGN KEY (tenant_id, item_id) REFERENCES agenda_item (tenant_id, id),
	CONSTRAINT bias_person FOREIGN KEY (tenant_id, person_id) REFERENCES person (tenant_id, id),
	CONSTRAINT bias_once UNIQUE (tenant_id, item_id, person_id)
);
CALL protect('bias', ARRAY['reason'], 'SELECT, INSERT, DELETE');
CREATE TRIGGER bias_lock BEFORE INSERT OR UPDATE OR DELETE ON bias FOR EACH ROW EXECUTE FUNCTION meeting_lock('open');

-- A vote: one for each seat that is served.
CREATE TABLE ballot (
	tenant_id text COLLATE "C" NOT NULL,
	id uuid NOT NULL,
	meeting_id uuid NOT NULL,
	item_id uuid NOT NULL,
	place text COLLATE "C" NOT NULL CONSTRAINT ballot_place CHECK (place <> ''),
	person_id uuid NOT NULL,
	vote text NOT NULL CONSTRAINT ballot_vote CHECK (vote IN ('for', 'against', 'abstains')),
	cast_at timestamptz NOT NULL,
	how text NOT NULL CONSTRAINT ballot_how CHECK (how IN ('self', 'secretary')),
	CONSTRAINT ballot_pkey PRIMARY KEY (tenant_id, id),
	CONSTRAINT ballot_meeting FOREIGN KEY (tenant_id, meeting_id) REFERENCES meeting (tenant_id, id),
	CONSTRAINT ballot_item FOREIGN KEY (tenant_id, item_id) REFERENCES agenda_item (tenant_id, id),
	CONSTRAINT ballot_person FOREIGN KEY (tenant_id, person_id) REFERENCES person (tenant_id, id),
	CONSTRAINT ballot_once UNIQUE (tenant_id, item_id, place)
);
CALL protect('ballot', grants => 'SELECT, INSERT, UPDATE');
CREATE TRIGGER ballot_lock BEFORE INSERT OR UPDATE OR DELETE ON ballot FOR EACH ROW EXECUTE FUNCTION meeting_lock('open');

-- An objection before a decision, or what somebody wants written beside it.
CREATE TABLE remark (
	tenant_id text COLLATE "C" NOT NULL,
	id uuid NOT NULL,
	meeting_id uuid NOT NULL,
	item_id uuid NOT NULL,
	person_id uuid NOT NULL,
	organisation_id uuid,
	kind text NOT NULL CONSTRAINT remark_kind CHECK (kind IN ('objection', 'reservation', 'dissent', 'statement')),
	wording text NOT NULL DEFAULT '',
	made_at timestamptz NOT NULL,
	withdrawn_at timestamptz,
	CONSTRAINT remark_pkey PRIMARY KEY (tenant_id, id),
	CONSTRAINT remark_meeting FOREIGN KEY (tenant_id, meeting_id) REFERENCES meeting (tenant_id, id),
	CONSTRAINT remark_item FOREIGN KEY (tenant_id, item_id) REFERENCES agenda_item (tenant_id, id),
	CONSTRAINT remark_person FOREIGN KEY (tenant_id, person_id) REFERENCES person (tenant_id, id),
	CONSTRAINT remark_organisation FOREIGN KEY (tenant_id, organisation_id) REFERENCES organisation (tenant_id, id),
	CONSTRAINT remark_once UNIQUE (tenant_id, item_id, person_id, kind)
);
CALL protect('remark', grants => 'SELECT, INSERT, UPDATE');
CREATE TRIGGER remark_lock BEFORE INSERT OR UPDATE OR DELETE ON remark FOR EACH ROW EXECUTE FUNCTION meeting_lock('open');

-- The last number that a body has given a decision in a year. Its row is the
-- lock that puts two deciders in order.
CREATE TABLE decision_count (
	tenant_id text COLLATE "C" NOT NULL,
	body text COLLATE "C" NOT NULL,
	year integer NOT NULL,
	latest integer NOT NULL,
	CONSTRAINT decision_count_pkey PRIMARY KEY (tenant_id, body, year)
);
CALL guard('decision_count', 'SELECT, INSERT, UPDATE');

-- A decision, with the reckoning it rests on: who was entitled, whether they
-- were enough, how they voted, by which rule.
CREATE TABLE decision (
	tenant_id text COLLATE "C" NOT NULL,
	id uuid NOT NULL,
	meeting_id uuid NOT NULL,
	item_id uuid NOT NULL,
	body text COLLATE "C" NOT NULL,
	year integer NOT NULL,
	number integer NOT NULL CONSTRAINT decision_number CHECK (number > 0),
	title text COLLATE "sv-x-icu" NOT NULL,
	wording text NOT NULL CONSTRAINT decision_worded CHECK (btrim(wording) <> ''),
	outcome text NOT NULL CONSTRAINT decision_outcome CHECK (outcome IN ('carried', 'rejected', 'advised')),
	reckoning jsonb NOT NULL,
	decided_on date NOT NULL,
	effective_on date NOT NULL,
	owner_id uuid, -- the party that carries it out
	owner text NOT NULL DEFAULT '',
	due_on date,
	status text NOT NULL DEFAULT 'open' CONSTRAINT decision_status CHECK (status IN ('open', 'done', 'lapsed', 'none')),
	status_on date,
	status_note text NOT NULL DEFAULT '',
	registry_number text NOT NULL DEFAULT '',
	ratification boolean NOT NULL DEFAULT false,
	revises_id uuid,
	act text NOT NULL DEFAULT '',
	act_body jsonb,
	acted_at timestamptz,
	acted_on text NOT NULL DEFAULT '', -- what it did: subject and id, or section and version
	confidential boolean NOT NULL DEFAULT false,
	imported boolean NOT NULL DEFAULT false,
	demo boolean NOT NULL DEFAULT false,
	source text NOT NULL DEFAULT '',
	published boolean NOT NULL DEFAULT false,
	version bigint NOT NULL DEFAULT 1,
	CONSTRAINT decision_pkey PRIMARY KEY (tenant_id, id),
	CONSTRAINT decision_meeting FOREIGN KEY (tenant_id, meeting_id) REFERENCES meeting (tenant_id, id),
	CONSTRAINT decision_item FOREIGN KEY (tenant_id, item_id) REFERENCES agenda_item (tenant_id, id),
	CONSTRAINT decision_owner FOREIGN KEY (tenant_id, owner_id) REFERENCES organisation (tenant_id, id),
	CONSTRAINT decision_revises FOREIGN KEY (tenant_id, revises_id) REFERENCES decision (tenant_id, id),
	CONSTRAINT decision_number_once UNIQUE (tenant_id, body, year, number),
	CONSTRAINT decision_item_once UNIQUE (tenant_id, item_id),
	CONSTRAINT decision_unpublished CHECK (NOT (confidential AND published))
);
-- The register, latest first; what is still open.
CREATE INDEX decision_by_day ON decision (tenant_id, decided_on DESC, id);
CREATE INDEX decision_open ON decision (tenant_id, due_on, id) WHERE status = 'open';
CREATE INDEX decision_of_meeting ON decision (tenant_id, meeting_id);
CALL protect('decision', grants => 'SELECT, INSERT, UPDATE');
CREATE POLICY decision_published ON decision FOR SELECT TO overens_public USING (tenant_id = current_tenant() AND published);
GRANT SELECT (tenant_id, id, meeting_id, item_id, body, year, number, title, wording, outcome, decided_on, effective_on, owner_id, owner, due_on, status, status_on, registry_number,
	ratification, revises_id, imported, demo, source, published, version) ON decision TO overens_public;

-- What was decided stays; what comes of it moves on.
-- +goose StatementBegin
CREATE FUNCTION decision_stands() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
	held text;
	free text[] := '{status,status_on,status_note,due_on,owner_id,owner,registry_number,acted_at,acted_on,published,version}';
BEGIN
	SELECT state INTO held FROM meeting m WHERE m.tenant_id = NEW.tenant_id AND m.id = NEW.meeting_id FOR SHARE;
	IF TG_OP = 'INSERT' AND held <> 'open' OR TG_OP = 'UPDATE' AND held IN ('adjusted', 'published', 'cancelled') AND to_jsonb(NEW) - free IS DISTINCT FROM to_jsonb(OLD) - free THEN
		RAISE EXCEPTION 'the meeting is %', held USING ERRCODE = 'check_violation', CONSTRAINT = 'meeting_locked', TABLE = 'meeting';
	END IF;
	RETURN NEW;
END
$$;
-- +goose StatementEnd
CREATE TRIGGER decision_stands BEFORE INSERT OR UPDATE ON decision FOR EACH ROW EXECUTE FUNCTION decision_stands();

-- A decision at home: with whom it was anchored, and what the party decided.
CREATE TABLE ratification (
	tenant_id text COLLATE "C" NOT NULL,
	id uuid NOT NULL,
	decision_id uuid NOT NULL,
	organisation_id uuid NOT NULL,
	asked_on date NOT NULL,
	due_on date,
	anchored_with text NOT NULL DEFAULT '',
	anchored_on date,
	answer text NOT NULL DEFAULT '' CONSTRAINT ratification_answer CHECK (answer IN ('', 'ratified', 'refused')),
	answered_on date,
	reference text NOT NULL DEFAULT '',
	note text NOT NULL DEFAULT '',
	version bigint NOT NULL DEFAULT 1,
	CONSTRAINT ratification_pkey PRIMARY KEY (tenant_id, id),
	CONSTRAINT ratification_decision FOREIGN KEY (tenant_id, decision_id) REFERENCES decision (tenant_id, id),
	CONSTRAINT ratification_organisation FOREIGN KEY (tenant_id, organisation_id) REFERENCES organisation (tenant_id, id),
	CONSTRAINT ratification_once UNIQUE (tenant_id, decision_id, organisation_id),
	CONSTRAINT ratification_answered CHECK ((answer = '') = (answered_on IS NULL))
);
-- What a party has to answer.
CREATE INDEX ratification_of_organisation ON ratification (tenant_id, organisation_id);
CALL protect('ratification', grants => 'SELECT, INSERT, UPDATE');

-- A duty that a decision lays on later meetings: "housing shall be raised where relevant".
CREATE TABLE duty (
	tenant_id text COLLATE "C" NOT NULL,
	id uuid NOT NULL,
	decision_id uuid NOT NULL,
	body text COLLATE "C" NOT NULL,
	wording text NOT NULL CONSTRAINT duty_worded CHECK (btrim(wording) <> ''),
	valid_from date NOT NULL,
	valid_to date,
	version bigint NOT NULL DEFAULT 1,
	CONSTRAINT duty_pkey PRIMARY KEY (tenant_id, id),
	CONSTRAINT duty_decision FOREIGN KEY (tenant_id, decision_id) REFERENCES decision (tenant_id, id),
	CONSTRAINT duty_days CHECK (valid_to > valid_from)
);
CREATE INDEX duty_of_body ON duty (tenant_id, body);
CREATE INDEX duty_of_decision ON duty (tenant_id, decision_id);
CALL protect('duty', grants => 'SELECT, INSERT, UPDATE');

-- The minutes' paragraphs, numbered. The text is Markdown. What the program
-- knows (attendance, reckonings, remarks) is written at the drafting and stands in it from then on.
CREATE TABLE minutes_paragraph (
	tenant_id text COLLATE "C" NOT NULL,
	id uuid NOT NULL,
	meeting_id uuid NOT NULL,
	item_id uuid,
	number integer NOT NULL CONSTRAINT minutes_paragraph_number CHECK (number > 0),
	heading text NOT NULL,
	wording text NOT NULL DEFAULT '',
	confidential boolean NOT NULL DEFAULT false,
	-- What the public reads under the same number: the text, or that it is masked.
	public_heading text NOT NULL DEFAULT '',
	public_wording text NOT NULL DEFAULT '',
	adjusted_at timestamptz,         -- at once, before the rest
	published boolean NOT NULL DEFAULT false,
	version bigint NOT NULL DEFAULT 1,
	CONSTRAINT minutes_paragraph_pkey PRIMARY KEY (tenant_id, id),
	CONSTRAINT minutes_paragraph_meeting FOREIGN KEY (tenant_id, meeting_id) REFERENCES meeting (tenant_id, id),
	CONSTRAINT minutes_paragraph_item FOREIGN KEY (tenant_id, item_id) REFERENCES agenda_item (tenant_id, id),
	CONSTRAINT minutes_paragraph_once UNIQUE (tenant_id, meeting_id, number)
);
CALL protect('minutes_paragraph', grants => 'SELECT, INSERT, UPDATE, DELETE');
CREATE TRIGGER minutes_paragraph_lock BEFORE INSERT OR UPDATE OR DELETE ON minutes_paragraph FOR EACH ROW
	EXECUTE FUNCTION meeting_lock('open,closed,drafted');
-- +goose StatementBegin
CREATE FUNCTION minutes_paragraph_stands() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
	IF OLD.adjusted_at IS NOT NULL AND (TG_OP = 'DELETE' OR to_jsonb(NEW) - '{published,public_heading,public_wording,version}'::text[] IS DISTINCT FROM to_jsonb(OLD) - '{published,public_heading,public_wording,version}'::text[]) THEN
		RAISE EXCEPTION 'the paragraph is adjusted' USING ERRCODE = 'check_violation', CONSTRAINT = 'meeting_locked', TABLE = 'meeting';
	END IF;
	RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END
$$;
-- +goose StatementEnd
CREATE TRIGGER minutes_paragraph_stands BEFORE UPDATE OR DELETE ON minutes_paragraph FOR EACH ROW EXECUTE FUNCTION minutes_paragraph_stands();
CREATE POLICY minutes_paragraph_published ON minutes_paragraph FOR SELECT TO overens_public USING (tenant_id = current_tenant() AND published);
GRANT SELECT (tenant_id, id, meeting_id, item_id, number, public_heading, public_wording, published) ON minutes_paragraph TO overens_public;

-- Who attests which text, and when. hash is the digest of what was read.
CREATE TABLE adjusting (
	tenant_id text COLLATE "C" NOT NULL,
	id uuid NOT NULL,
	meeting_id uuid NOT NULL,
	paragraph_id uuid, -- none: all of it
	person_id uuid NOT NULL,
	organisation_id uuid,
	role text NOT NULL CONSTRAINT adjusting_role CHECK (role IN ('chair', 'adjuster')),
	position integer NOT NULL CONSTRAINT adjusting_position CHECK (position > 0),
	asked_at timestamptz,
	adjusted_at timestamptz,
	hash bytea,
	declined_at timestamptz,
	reason text NOT NULL DEFAULT '',
	version bigint NOT NULL DEFAULT 1,
	CONSTRAINT adjusting_pkey PRIMARY KEY (tenant_id, id),
	CONSTRAINT adjusting_meeting FOREIGN KEY (tenant_id, meeting_id) REFERENCES meeting (tenant_id, id),
	CONSTRAINT adjusting_paragraph FOREIGN KEY (tenant_id, paragraph_id) REFERENCES minutes_paragraph (tenant_id, id),
	CONSTRAINT adjusting_person FOREIGN KEY (tenant_id, person_id) REFERENCES person (tenant_id, id),
	CONSTRAINT adjusting_organisation FOREIGN KEY (tenant_id, organisation_id) REFERENCES organisation (tenant_id, id),
	CONSTRAINT adjusting_once UNIQUE NULLS NOT DISTINCT (tenant_id, meeting_id, paragraph_id, person_id),
	CONSTRAINT adjusting_read CHECK ((adjusted_at IS NULL) = (hash IS NULL)),
	CONSTRAINT adjusting_one_answer CHECK (adjusted_at IS NULL OR declined_at IS NULL),
	CONSTRAINT adjusting_declined CHECK (declined_at IS NULL OR btrim(reason) <> '')
);
-- What waits for a person to attest.
CREATE INDEX adjusting_of_person ON adjusting (tenant_id, person_id);
CALL protect('adjusting', grants => 'SELECT, INSERT, UPDATE, DELETE');
CREATE TRIGGER adjusting_lock BEFORE INSERT OR UPDATE OR DELETE ON adjusting FOR EACH ROW EXECUTE FUNCTION meeting_lock('open,closed,drafted');

-- The minutes as they were adjusted: the text and its digest, for ever.
CREATE TABLE minutes (
	tenant_id text COLLATE "C" NOT NULL,
	id uuid NOT NULL,
	meeting_id uuid NOT NULL,
	record text NOT NULL CONSTRAINT minutes_record CHECK (record IN ('minutes', 'notes')),
	body jsonb NOT NULL,
	hash bytea NOT NULL,
	adjusted_on date NOT NULL,
	CONSTRAINT minutes_pkey PRIMARY KEY (tenant_id, id),
	CONSTRAINT minutes_meeting FOREIGN KEY (tenant_id, meeting_id) REFERENCES meeting (tenant_id, id),
	CONSTRAINT minutes_once UNIQUE (tenant_id, meeting_id)
);
CALL protect('minutes', grants => 'SELECT, INSERT');

-- A correction of what has been adjusted: dated, beside it, never in it.
CREATE TABLE amendment (
	tenant_id text COLLATE "C" NOT NULL,
	id uuid NOT NULL,
	meeting_id uuid NOT NULL,
	number integer NOT NULL CONSTRAINT amendment_number CHECK (number > 0),
	paragraph_id uuid,
	on_day date NOT NULL,
	wording text NOT NULL CONSTRAINT amendment_worded CHECK (btrim(wording) <> ''),
	ground text NOT NULL CONSTRAINT amendment_grounded CHECK (btrim(ground) <> ''),
	made_by uuid,
	made_at timestamptz NOT NULL,
	published boolean NOT NULL DEFAULT false,
	CONSTRAINT amendment_pkey PRIMARY KEY (tenant_id, id),
	CONSTRAINT amendment_meeting FOREIGN KEY (tenant_id, meeting_id) REFERENCES meeting (tenant_id, id),
	CONSTRAINT amendment_paragraph FOREIGN KEY (tenant_id, paragraph_id) REFERENCES minutes_paragraph (tenant_id, id),
	CONSTRAINT amendment_person FOREIGN KEY (tenant_id, made_by) REFERENCES person (tenant_id, id),
	CONSTRAINT amendment_once UNIQUE (tenant_id, meeting_id, number)
);
CALL protect('amendment', grants => 'SELECT, INSERT');
GRANT UPDATE (published) ON amendment TO overens_app;
CREATE TRIGGER amendment_lock BEFORE INSERT ON amendment FOR EACH ROW EXECUTE FUNCTION meeting_lock('adjusted,published');
CREATE POLICY amendment_published ON amendment FOR SELECT TO overens_public USING (tenant_id = current_tenant() AND published);
GRANT SELECT (tenant_id, id, meeting_id, number, paragraph_id, on_day, wording, ground, made_at, published) ON amendment TO overens_public;

-- What was given to whom: for comment (it stays working material), for
-- information or decision (it counts as sent), or submitted.
CREATE TABLE sharing (
	tenant_id text COLLATE "C" NOT NULL,
	id uuid NOT NULL,
	meeting_id uuid NOT NULL,
	decision_id uuid,
	document_id uuid,
	kind text NOT NULL CONSTRAINT sharing_kind CHECK (kind IN ('comment', 'information', 'decision', 'submitted')),
	organisation_id uuid,
	recipient text NOT NULL CONSTRAINT sharing_to CHECK (btrim(recipient) <> ''),
	note text NOT NULL DEFAULT '',
	registry_number text NOT NULL DEFAULT '',
	unregistered_reason text NOT NULL DEFAULT '',
	shared_by uuid,
	shared_at timestamptz NOT NULL,
	reply text NOT NULL DEFAULT '',
	replied_on date,
	reply_registry text NOT NULL DEFAULT '',
	version bigint NOT NULL DEFAULT 1,
	CONSTRAINT sharing_pkey PRIMARY KEY (tenant_id, id),
	CONSTRAINT sharing_meeting FOREIGN KEY (tenant_id, meeting_id) REFERENCES meeting (tenant_id, id),
	CONSTRAINT sharing_decision FOREIGN KEY (tenant_id, decision_id) REFERENCES decision (tenant_id, id),
	CONSTRAINT sharing_document FOREIGN KEY (tenant_id, document_id) REFERENCES document (tenant_id, id),
	CONSTRAINT sharing_organisation FOREIGN KEY (tenant_id, organisation_id) REFERENCES organisation (tenant_id, id),
	CONSTRAINT sharing_person FOREIGN KEY (tenant_id, shared_by) REFERENCES person (tenant_id, id),
	-- What counts as sent is registered, or it is said why not.
	CONSTRAINT sharing_registered CHECK (kind = 'comment' OR btrim(registry_number) <> '' OR btrim(unregistered_reason) <> '')
);
CREATE INDEX sharing_of_meeting ON sharing (tenant_id, meeting_id);
CALL protect('sharing', grants => 'SELECT, INSERT, UPDATE');

-- +goose Down
ALTER TABLE meeting DROP CONSTRAINT meeting_item;
DROP TABLE sharing, amendment, minutes, adjusting, minutes_paragraph, duty, ratification, decision, decision_count, remark, ballot, bias, attendance,
	calendar_feed, meeting_mail, invitation, paper_read, agenda_paper, agenda_called, agenda_item, meeting;
DROP FUNCTION minutes_paragraph_stands();
DROP FUNCTION decision_stands();
DROP FUNCTION meeting_lock();
DROP FUNCTION meeting_moves();
