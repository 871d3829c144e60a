-- +goose Up

-- The places of a meeting's body and who had a mandate there, as they were when it
-- was closed. A party or a mandate that comes later from a day before is not at
-- that table. What people are called is theirs, and is read from them.
CREATE TABLE meeting_seating (
	tenant_id text COLLATE "C" NOT NULL,
	id uuid NOT NULL,
	meeting_id uuid NOT NULL,
	places jsonb NOT NULL,
	mandates jsonb NOT NULL,
	CONSTRAINT meeting_seating_pkey PRIMARY KEY (tenant_id, id),
	CONSTRAINT meeting_seating_once UNIQUE (tenant_id, meeting_id),
	CONSTRAINT meeting_seating_meeting FOREIGN KEY (tenant_id, meeting_id) REFERENCES meeting (tenant_id, id)
);
CALL protect('meeting_seating', grants => 'SELECT, INSERT, UPDATE');
CREATE TRIGGER meeting_seating_lock BEFORE INSERT OR UPDATE OR DELETE ON meeting_seating FOR EACH ROW EXECUTE FUNCTION meeting_lock('open');

-- +goose Down
DROP TABLE meeting_seating;
