-- +goose Up

-- What would have been written when somebody wrote in a paragraph, as its digest:
-- where it would be written otherwise now, something has been noted since. None:
-- nobody has written in it, or did before this was kept.
ALTER TABLE minutes_paragraph ADD COLUMN noted bytea CONSTRAINT minutes_paragraph_noted CHECK (octet_length(noted) = 32);

-- As before; and what a decision says stays when a party has decided on those words
-- at home, or they have been carried out.
-- +goose StatementBegin
CREATE OR REPLACE FUNCTION decision_stands() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
	free text[] := '{status,status_on,status_note,due_on,owner_id,owner,registry_number,acted_at,acted_on,published,version}';
	held text;
	at uuid;
BEGIN
	FOR at IN SELECT DISTINCT m FROM unnest(ARRAY[NEW.meeting_id, CASE WHEN TG_OP = 'UPDATE' THEN OLD.meeting_id END]) AS m WHERE m IS NOT NULL ORDER BY 1 LOOP
		SELECT state INTO held FROM meeting m WHERE m.tenant_id = NEW.tenant_id AND m.id = at FOR SHARE;
		IF TG_OP = 'INSERT' AND held <> 'open'
			OR TG_OP = 'UPDATE' AND held IN ('adjusted', 'published', 'cancelled') AND to_jsonb(NEW) - free IS DISTINCT FROM to_jsonb(OLD) - free
			OR TG_OP = 'UPDATE' AND NEW.published <> OLD.published AND (held IN ('published', 'cancelled') OR held = 'adjusted' AND OLD.published) THEN
			RAISE EXCEPTION 'the meeting is %', held USING ERRCODE = 'check_violation', CONSTRAINT = 'meeting_locked', TABLE = 'meeting';
		END IF;
	END LOOP;
	IF TG_OP = 'UPDATE' AND NEW.wording <> OLD.wording AND (OLD.acted_at IS NOT NULL
		OR EXISTS (SELECT FROM ratification r WHERE r.tenant_id = NEW.tenant_id AND r.decision_id = NEW.id AND r.answer <> '')) THEN
		RAISE EXCEPTION 'others have gone by these words' USING ERRCODE = 'check_violation', CONSTRAINT = 'decision_binding', TABLE = 'decision';
	END IF;
	RETURN NEW;
END
$$;
-- +goose StatementEnd

-- +goose Down
-- +goose StatementBegin
CREATE OR REPLACE FUNCTION decision_stands() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
	free text[] := '{status,status_on,status_note,due_on,owner_id,owner,registry_number,acted_at,acted_on,published,version}';
	held text;
	at uuid;
BEGIN
	FOR at IN SELECT DISTINCT m FROM unnest(ARRAY[NEW.meeting_id, CASE WHEN TG_OP = 'UPDATE' THEN OLD.meeting_id END]) AS m WHERE m IS NOT NULL ORDER BY 1 LOOP
		SELECT state INTO held FROM meeting m WHERE m.tenant_id = NEW.tenant_id AND m.id = at FOR SHARE;
		IF TG_OP = 'INSERT' AND held <> 'open'
			OR TG_OP = 'UPDATE' AND held IN ('adjusted', 'published', 'cancelled') AND to_jsonb(NEW) - free IS DISTINCT FROM to_jsonb(OLD) - free
			OR TG_OP = 'UPDATE' AND NEW.published <> OLD.published AND (held IN ('published', 'cancelled') OR held = 'adjusted' AND OLD.published) THEN
			RAISE EXCEPTION 'the meeting is %', held USING ERRCODE = 'check_violation', CONSTRAINT = 'meeting_locked', TABLE = 'meeting';
		END IF;
	END LOOP;
	RETURN NEW;
END
$$;
-- +goose StatementEnd
ALTER TABLE minutes_paragraph DROP COLUMN noted;
