-- +goose Up

-- What a party has answered stands: what it decided, when, by which decision of its
-- own, and what it said of it. A correction keeps the answer that stood, with the reason.
CREATE TABLE ratification_earlier (
	tenant_id text COLLATE "C" NOT NULL,
	id uuid NOT NULL,
	ratification_id uuid NOT NULL,
	version bigint NOT NULL, -- of the ratification when it said so
	answer text NOT NULL CONSTRAINT ratification_earlier_answer CHECK (answer IN ('ratified', 'refused')),
	answered_on date NOT NULL,
	reference text NOT NULL,
	note text NOT NULL,
	reason text NOT NULL CONSTRAINT ratification_earlier_reason CHECK (btrim(reason) <> ''),
	corrected_at timestamptz NOT NULL,
	CONSTRAINT ratification_earlier_pkey PRIMARY KEY (tenant_id, id),
	CONSTRAINT ratification_earlier_of FOREIGN KEY (tenant_id, ratification_id) REFERENCES ratification (tenant_id, id),
	CONSTRAINT ratification_earlier_once UNIQUE (tenant_id, ratification_id, version)
);
CALL protect('ratification_earlier', grants => 'SELECT, INSERT');

-- Who was asked what, and by when, stays; so does an answer, unless it is corrected
-- beside; and one that something has been done on stands as long as that does. The
-- decision is held while a party answers, so that nobody words it anew, or carries it
-- out, beside.
-- +goose StatementBegin
CREATE OR REPLACE FUNCTION ratification_stands() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
	free text[] := '{anchored_with,anchored_on,answer,answered_on,reference,note,version}';
	held text;
BEGIN
	IF TG_OP = 'UPDATE' THEN
		IF to_jsonb(NEW) - free IS DISTINCT FROM to_jsonb(OLD) - free OR NEW IS DISTINCT FROM OLD AND NEW.version <> OLD.version + 1 THEN
			RAISE EXCEPTION 'a party answers what it was asked' USING ERRCODE = 'check_violation', CONSTRAINT = 'ratification_stands', TABLE = 'ratification';
		END IF;
		IF NEW.answer <> OLD.answer THEN
			PERFORM FROM decision d WHERE d.tenant_id = NEW.tenant_id AND d.id = NEW.decision_id FOR SHARE;
		END IF;
		IF OLD.answer <> '' AND (NEW.answer, NEW.answered_on, NEW.reference, NEW.note) IS DISTINCT FROM (OLD.answer, OLD.answered_on, OLD.reference, OLD.note) AND NOT EXISTS (
			SELECT FROM ratification_earlier e WHERE e.tenant_id = OLD.tenant_id AND e.ratification_id = OLD.id AND e.version = OLD.version) THEN
			RAISE EXCEPTION 'an answer is corrected beside' USING ERRCODE = 'check_violation', CONSTRAINT = 'ratification_corrected', TABLE = 'ratification';
		END IF;
		IF OLD.answer = 'ratified' AND NEW.answer <> 'ratified' AND EXISTS (
			SELECT FROM decision d WHERE d.tenant_id = OLD.tenant_id AND d.id = OLD.decision_id AND d.acted_at IS NOT NULL) THEN
			RAISE EXCEPTION 'the decision has been carried out' USING ERRCODE = 'check_violation', CONSTRAINT = 'ratification_acted', TABLE = 'ratification';
		END IF;
		RETURN NEW;
	END IF;
	SELECT m.state INTO held FROM decision d JOIN meeting m ON m.tenant_id = d.tenant_id AND m.id = d.meeting_id
		WHERE d.tenant_id = NEW.tenant_id AND d.id = NEW.decision_id FOR SHARE OF m;
	IF held <> 'open' THEN
		RAISE EXCEPTION 'the meeting is %', held USING ERRCODE = 'check_violation', CONSTRAINT = 'meeting_locked', TABLE = 'meeting';
	END IF;
	RETURN NEW;
END
$$;
-- +goose StatementEnd

-- +goose Down
-- +goose StatementBegin
CREATE OR REPLACE FUNCTION ratification_stands() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
	free text[] := '{anchored_with,anchored_on,answer,answered_on,reference,note,version}';
	held text;
BEGIN
	IF TG_OP = 'UPDATE' THEN
		IF to_jsonb(NEW) - free IS DISTINCT FROM to_jsonb(OLD) - free OR NEW IS DISTINCT FROM OLD AND NEW.version <> OLD.version + 1 THEN
			RAISE EXCEPTION 'a party answers what it was asked' USING ERRCODE = 'check_violation', CONSTRAINT = 'ratification_stands', TABLE = 'ratification';
		END IF;
		RETURN NEW;
	END IF;
	SELECT m.state INTO held FROM decision d JOIN meeting m ON m.tenant_id = d.tenant_id AND m.id = d.meeting_id
		WHERE d.tenant_id = NEW.tenant_id AND d.id = NEW.decision_id FOR SHARE OF m;
	IF held <> 'open' THEN
		RAISE EXCEPTION 'the meeting is %', held USING ERRCODE = 'check_violation', CONSTRAINT = 'meeting_locked', TABLE = 'meeting';
	END IF;
	RETURN NEW;
END
$$;
-- +goose StatementEnd
DROP TABLE ratification_earlier;
