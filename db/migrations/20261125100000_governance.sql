-- +goose Up

-- A mandate: a person in a seat, or as deputy for one, over a time. Which bodies
-- and seats there are is the county's configuration of the day; here they are
-- named by their keys. A place is one chair at the table: the seat's key, with
-- the party's key where each party of a type has one, and a number where there
-- are several (municipality/alvesta, expert#2). A deputy of a party's pool has
-- no place of its own.
CREATE TABLE mandate (
	tenant_id text COLLATE "C" NOT NULL,
	id uuid NOT NULL,
	body text COLLATE "C" NOT NULL CONSTRAINT mandate_body CHECK (body ~ '^[a-z][a-z0-9-]{0,39}$'),
	place text COLLATE "C" NOT NULL DEFAULT '' CONSTRAINT mandate_place CHECK (place ~ '^([a-z][a-z0-9-]{0,39}(/[a-z0-9][a-z0-9-]{0,59})?(#[0-9]{1,3})?)?$'),
	organisation_id uuid,
	person_id uuid NOT NULL,
	deputy boolean NOT NULL DEFAULT false,
	-- Which deputy is called first; 0 for who holds the seat.
	rank integer NOT NULL DEFAULT 0,
	appointed_by text NOT NULL DEFAULT '',
	reference text NOT NULL DEFAULT '',
	source text NOT NULL DEFAULT '',
	ended_reason text NOT NULL DEFAULT '',
	imported boolean NOT NULL DEFAULT false,
	demo boolean NOT NULL DEFAULT false,
	valid_from date NOT NULL,
	valid_to date,
	version bigint NOT NULL DEFAULT 1,
	CONSTRAINT mandate_pkey PRIMARY KEY (tenant_id, id),
	CONSTRAINT mandate_of FOREIGN KEY (tenant_id) REFERENCES county (tenant_id),
	CONSTRAINT mandate_person FOREIGN KEY (tenant_id, person_id) REFERENCES person (tenant_id, id),
	CONSTRAINT mandate_organisation FOREIGN KEY (tenant_id, organisation_id) REFERENCES organisation (tenant_id, id),
	CONSTRAINT mandate_days CHECK (valid_to > valid_from),
	CONSTRAINT mandate_rank CHECK (deputy AND rank BETWEEN 1 AND 99 OR NOT deputy AND rank = 0),
	CONSTRAINT mandate_seated CHECK (place <> '' OR deputy AND organisation_id IS NOT NULL),
	-- A seat has one ordinary holder at a time.
	CONSTRAINT mandate_seat_once EXCLUDE USING gist (tenant_id WITH =, body WITH =, place WITH =, daterange(valid_from, valid_to) WITH &&) WHERE (NOT deputy),
	-- Two deputies of one seat, or of one pool, are never called at the same time.
	CONSTRAINT mandate_rank_once EXCLUDE USING gist (tenant_id WITH =, body WITH =, place WITH =,
		coalesce(organisation_id, '00000000-0000-0000-0000-000000000000') WITH =, rank WITH =, daterange(valid_from, valid_to) WITH &&) WHERE (deputy),
	-- A person is in a place once at a time, as holder or as deputy.
	CONSTRAINT mandate_person_once EXCLUDE USING gist (tenant_id WITH =, body WITH =, place WITH =, person_id WITH =,
		coalesce(organisation_id, '00000000-0000-0000-0000-000000000000') WITH =, daterange(valid_from, valid_to) WITH &&)
);
-- A body's members on a day.
CREATE INDEX mandate_of_body ON mandate (tenant_id, body, valid_from);
-- What a person may, and where; a party's people.
CREATE INDEX mandate_of_person ON mandate (tenant_id, person_id);
CREATE INDEX mandate_of_organisation ON mandate (tenant_id, organisation_id);
CALL protect('mandate', grants => 'SELECT, INSERT, UPDATE');
-- What a mandate gives is derived anew at the next request, also in sessions that are open.
CREATE TRIGGER mandate_rights AFTER INSERT OR UPDATE OF valid_from, valid_to ON mandate FOR EACH ROW EXECUTE FUNCTION rights_moved('person_id');

-- A seat that stands only while it is offered: to whom, for which matter, until
-- when, and what was answered.
CREATE TABLE seat_offer (
	tenant_id text COLLATE "C" NOT NULL,
	id uuid NOT NULL,
	body text COLLATE "C" NOT NULL CONSTRAINT seat_offer_body CHECK (body ~ '^[a-z][a-z0-9-]{0,39}$'),
	seat text COLLATE "C" NOT NULL CONSTRAINT seat_offer_seat CHECK (seat ~ '^[a-z][a-z0-9-]{0,39}$'),
	organisation_id uuid NOT NULL,
	matter text NOT NULL CONSTRAINT seat_offer_matter CHECK (btrim(matter) <> ''),
	offered_on date NOT NULL,
	valid_from date NOT NULL,
	valid_to date,
	answer text NOT NULL DEFAULT '' CONSTRAINT seat_offer_answer CHECK (answer IN ('', 'accepted', 'declined', 'withdrawn')),
	answered_on date,
	note text NOT NULL DEFAULT '',
	demo boolean NOT NULL DEFAULT false,
	version bigint NOT NULL DEFAULT 1,
	CONSTRAINT seat_offer_pkey PRIMARY KEY (tenant_id, id),
	CONSTRAINT seat_offer_organisation FOREIGN KEY (tenant_id, organisation_id) REFERENCES organisation (tenant_id, id),
	CONSTRAINT seat_offer_days CHECK (valid_to > valid_from),
	CONSTRAINT seat_offer_answered CHECK ((answer = '') = (answered_on IS NULL)),
	CONSTRAINT seat_offer_once EXCLUDE USING gist (tenant_id WITH =, body WITH =, seat WITH =, organisation_id WITH =, daterange(valid_from, valid_to) WITH &&)
		WHERE (answer IN ('', 'accepted'))
);
CREATE INDEX seat_offer_of_body ON seat_offer (tenant_id, body, valid_from);
-- A party's offers: what it has to answer.
CREATE INDEX seat_offer_of_organisation ON seat_offer (tenant_id, organisation_id);
CALL protect('seat_offer', grants => 'SELECT, INSERT, UPDATE');

-- The handover from who leaves a seat to who comes: a list that both confirm.
CREATE TABLE handover (
	tenant_id text COLLATE "C" NOT NULL,
	id uuid NOT NULL,
	from_id uuid NOT NULL, -- the mandate that ends
	to_id uuid,            -- the mandate that follows, when there is one
	begun_on date NOT NULL,
	note text NOT NULL DEFAULT '',
	demo boolean NOT NULL DEFAULT false,
	version bigint NOT NULL DEFAULT 1,
	CONSTRAINT handover_pkey PRIMARY KEY (tenant_id, id),
	CONSTRAINT handover_from FOREIGN KEY (tenant_id, from_id) REFERENCES mandate (tenant_id, id),
	CONSTRAINT handover_to FOREIGN KEY (tenant_id, to_id) REFERENCES mandate (tenant_id, id),
	CONSTRAINT handover_once UNIQUE (tenant_id, from_id),
	CONSTRAINT handover_of_two CHECK (from_id <> to_id)
);
CREATE INDEX handover_back ON handover (tenant_id, to_id);
CALL protect('handover', grants => 'SELECT, INSERT, UPDATE');

CREATE TABLE handover_item (
	tenant_id text COLLATE "C" NOT NULL,
	id uuid NOT NULL,
	handover_id uuid NOT NULL,
	position integer NOT NULL CONSTRAINT handover_item_position CHECK (position > 0),
	-- A standing point, by key, or one of the county's own words.
	point text COLLATE "C" NOT NULL DEFAULT '' CONSTRAINT handover_item_point CHECK (point IN ('', 'role', 'papers', 'decisions', 'contacts', 'commitments')),
	wording text NOT NULL DEFAULT '',
	given_at timestamptz, -- the outgoing one's word
	given_by uuid,        -- who said it: the outgoing one, or a strategist
	taken_at timestamptz, -- the successor's
	taken_by uuid,
	CONSTRAINT handover_item_pkey PRIMARY KEY (tenant_id, id),
	CONSTRAINT handover_item_of FOREIGN KEY (tenant_id, handover_id) REFERENCES handover (tenant_id, id),
	CONSTRAINT handover_item_once UNIQUE (tenant_id, handover_id, position),
	CONSTRAINT handover_item_says CHECK (point <> '' OR btrim(wording) <> '')
);
CALL protect('handover_item', grants => 'SELECT, INSERT, UPDATE');

-- That a party has been reminded of its empty seats: once a month.
CREATE TABLE vacancy_reminder (
	tenant_id text COLLATE "C" NOT NULL,
	organisation_id uuid NOT NULL,
	month date NOT NULL, -- its first day
	sent_at timestamptz NOT NULL,
	CONSTRAINT vacancy_reminder_pkey PRIMARY KEY (tenant_id, organisation_id, month),
	CONSTRAINT vacancy_reminder_organisation FOREIGN KEY (tenant_id, organisation_id) REFERENCES organisation (tenant_id, id)
);
CALL guard('vacancy_reminder', 'SELECT, INSERT');

-- +goose Down
DROP TABLE vacancy_reminder, handover_item, handover, seat_offer, mandate;
