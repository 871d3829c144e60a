-- +goose Up

-- What was sent with a call stays as it was sent, and minutes come only of a
-- meeting that is over.
CREATE TRIGGER agenda_called_lock BEFORE INSERT OR UPDATE OR DELETE ON agenda_called FOR EACH ROW EXECUTE FUNCTION meeting_lock('draft,called,open');
CREATE TRIGGER minutes_lock BEFORE INSERT OR UPDATE OR DELETE ON minutes FOR EACH ROW EXECUTE FUNCTION meeting_lock('closed,drafted,adjusted');

-- The words a decision is found by, and each one's Swedish stem. Derived, so not in the trail.
CREATE TABLE decision_word (
	tenant_id text COLLATE "C" NOT NULL,
	word text COLLATE "C" NOT NULL,
	decision_id uuid NOT NULL,
	CONSTRAINT decision_word_pkey PRIMARY KEY (tenant_id, word, decision_id),
	CONSTRAINT decision_word_of FOREIGN KEY (tenant_id, decision_id) REFERENCES decision (tenant_id, id)
);
-- Taking a decision's words away when it is worded anew.
CREATE INDEX decision_word_back ON decision_word (tenant_id, decision_id);
CALL guard('decision_word', 'SELECT, INSERT, DELETE');

-- Where a thing that a decision did something to asks which decision that was.
CREATE INDEX decision_acted ON decision (tenant_id, acted_on) WHERE acted_on <> '';

-- +goose Down
DROP INDEX decision_acted;
DROP TABLE decision_word;
DROP TRIGGER minutes_lock ON minutes;
DROP TRIGGER agenda_called_lock ON agenda_called;
