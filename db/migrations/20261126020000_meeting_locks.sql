-- +goose Up

-- What hangs on a matter hangs on the matter's own meeting: a vote noted at a
-- meeting that is open cannot be of a matter that another has closed. As long as
-- something does, the matter stays on that agenda.
ALTER TABLE agenda_item ADD CONSTRAINT agenda_item_at UNIQUE (tenant_id, meeting_id, id);
ALTER TABLE decision ADD CONSTRAINT decision_at UNIQUE (tenant_id, meeting_id, id);
ALTER TABLE minutes_paragraph ADD CONSTRAINT minutes_paragraph_at UNIQUE (tenant_id, meeting_id, id);
ALTER TABLE meeting DROP CONSTRAINT meeting_item,
	ADD CONSTRAINT meeting_item FOREIGN KEY (tenant_id, id, item_id) REFERENCES agenda_item (tenant_id, meeting_id, id);
ALTER TABLE attendance DROP CONSTRAINT attendance_arrived_item, DROP CONSTRAINT attendance_left_item,
	ADD CONSTRAINT attendance_arrived_item FOREIGN KEY (tenant_id, meeting_id, arrived_item) REFERENCES agenda_item (tenant_id, meeting_id, id),
	ADD CONSTRAINT attendance_left_item FOREIGN KEY (tenant_id, meeting_id, left_item) REFERENCES agenda_item (tenant_id, meeting_id, id);
ALTER TABLE bias DROP CONSTRAINT bias_item,
	ADD CONSTRAINT bias_item FOREIGN KEY (tenant_id, meeting_id, item_id) REFERENCES agenda_item (tenant_id, meeting_id, id);
ALTER TABLE ballot DROP CONSTRAINT ballot_item,
	ADD CONSTRAINT ballot_item FOREIGN KEY (tenant_id, meeting_id, item_id) REFERENCES agenda_item (tenant_id, meeting_id, id);
ALTER TABLE remark DROP CONSTRAINT remark_item,
	ADD CONSTRAINT remark_item FOREIGN KEY (tenant_id, meeting_id, item_id) REFERENCES agenda_item (tenant_id, meeting_id, id);
ALTER TABLE decision DROP CONSTRAINT decision_item,
	ADD CONSTRAINT decision_item FOREIGN KEY (tenant_id, meeting_id, item_id) REFERENCES agenda_item (tenant_id, meeting_id, id);
ALTER TABLE minutes_paragraph DROP CONSTRAINT minutes_paragraph_item,
	ADD CONSTRAINT minutes_paragraph_item FOREIGN KEY (tenant_id, meeting_id, item_id) REFERENCES agenda_item (tenant_id, meeting_id, id);
ALTER TABLE adjusting DROP CONSTRAINT adjusting_paragraph,
	ADD CONSTRAINT adjusting_paragraph FOREIGN KEY (tenant_id, meeting_id, paragraph_id) REFERENCES minutes_paragraph (tenant_id, meeting_id, id);
ALTER TABLE amendment DROP CONSTRAINT amendment_paragraph,
	ADD CONSTRAINT amendment_paragraph FOREIGN KEY (tenant_id, meeting_id, paragraph_id) REFERENCES minutes_paragraph (tenant_id, meeting_id, id);
ALTER TABLE sharing DROP CONSTRAINT sharing_decision,
	ADD CONSTRAINT sharing_decision FOREIGN KEY (tenant_id, meeting_id, decision_id) REFERENCES decision (tenant_id, meeting_id, id);

-- The public reads what was attested, word for word; another text only in place
-- of what is confidential. What was published before this was asked stays.
ALTER TABLE minutes_paragraph ADD CONSTRAINT minutes_paragraph_public
	CHECK (confidential OR NOT published OR public_heading = heading AND public_wording = wording) NOT VALID;

-- Of a meeting whose minutes have been adjusted only what is published moves, and
-- only that way; when its minutes are published, or it is cancelled, nothing.
-- +goose StatementBegin
CREATE OR REPLACE FUNCTION meeting_moves() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
	free text[] := CASE WHEN OLD.state = 'adjusted' AND NEW.state = 'published' THEN '{state,published,published_at,version}'
		WHEN OLD.state = 'adjusted' THEN '{published,version}' ELSE '{version}' END;
BEGIN
	IF NEW.state <> OLD.state AND NOT (OLD.state || '>' || NEW.state = ANY (ARRAY['announced>draft', 'announced>cancelled', 'draft>announced', 'draft>called',
		'draft>cancelled', 'called>open', 'called>cancelled', 'open>closed', 'closed>open', 'closed>drafted', 'drafted>closed', 'drafted>adjusted', 'adjusted>published'])) THEN
		RAISE EXCEPTION 'a meeting does not go from % to %', OLD.state, NEW.state USING ERRCODE = 'check_violation', CONSTRAINT = 'meeting_moves', TABLE = 'meeting';
	END IF;
	IF OLD.state IN ('adjusted', 'published', 'cancelled') AND (OLD.published AND NOT NEW.published OR to_jsonb(NEW) - free IS DISTINCT FROM to_jsonb(OLD) - free) THEN
		RAISE EXCEPTION 'the meeting is closed' USING ERRCODE = 'check_violation', CONSTRAINT = 'meeting_locked', TABLE = 'meeting';
	END IF;
	IF NEW.body <> OLD.body OR NEW.kind <> OLD.kind THEN
		RAISE EXCEPTION 'a meeting stays its body''s' USING ERRCODE = 'check_violation', CONSTRAINT = 'meeting_moves', TABLE = 'meeting';
	END IF;
	RETURN NEW;
END
$$;
-- +goose StatementEnd

-- As before, of both meetings where something goes from one to another; and what
-- the public reads moves until it does, not after.
-- +goose StatementBegin
CREATE OR REPLACE FUNCTION meeting_lock() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
	was jsonb := CASE WHEN TG_OP <> 'INSERT' THEN to_jsonb(OLD) END;
	is_now jsonb := CASE WHEN TG_OP <> 'DELETE' THEN to_jsonb(NEW) END;
	marks text[] := '{published,public_heading,public_wording,version}';
	marked boolean := coalesce(was - marks = is_now - marks, false);
	held text;
	at uuid;
BEGIN
	IF was - 'version' = is_now - 'version' THEN
		RETURN NEW;
	END IF;
	-- In one order, whichever way it goes.
	FOR at IN SELECT DISTINCT (r ->> 'meeting_id')::uuid FROM unnest(ARRAY[was, is_now]) AS r WHERE r ->> 'meeting_id' IS NOT NULL ORDER BY 1 LOOP
		SELECT state INTO held FROM meeting m WHERE m.tenant_id = coalesce(is_now, was) ->> 'tenant_id' AND m.id = at FOR SHARE;
		IF marked AND (held IN ('published', 'cancelled') OR held = 'adjusted' AND (was ->> 'published')::boolean)
			OR NOT marked AND held <> ALL (string_to_array(TG_ARGV[0], ',')) THEN
			RAISE EXCEPTION 'the meeting is %', held USING ERRCODE = 'check_violation', CONSTRAINT = 'meeting_locked', TABLE = 'meeting';
		END IF;
	END LOOP;
	RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END
$$;
-- +goose StatementEnd

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

-- A paper is its matter's: it can be written while the meeting that the matter is
-- on can, whichever meeting it was added for. It is not added for one that is over.
-- +goose StatementBegin
CREATE FUNCTION agenda_paper_lock() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
	matters uuid[] := ARRAY[NEW.item_id];
	meetings uuid[] := ARRAY[NEW.meeting_id];
	held text;
BEGIN
	IF TG_OP = 'UPDATE' THEN
		matters := matters || OLD.item_id;
		meetings := CASE WHEN NEW.meeting_id IS DISTINCT FROM OLD.meeting_id THEN meetings || OLD.meeting_id ELSE '{}' END;
	END IF;
	FOR held IN SELECT m.state FROM meeting m WHERE m.tenant_id = NEW.tenant_id AND m.id IN (
			SELECT i.meeting_id FROM agenda_item i WHERE i.tenant_id = NEW.tenant_id AND i.id = ANY (matters) UNION SELECT unnest(meetings)) ORDER BY m.id FOR SHARE LOOP
		IF held IN ('adjusted', 'published', 'cancelled') THEN
			RAISE EXCEPTION 'the meeting is %', held USING ERRCODE = 'check_violation', CONSTRAINT = 'meeting_locked', TABLE = 'meeting';
		END IF;
	END LOOP;
	RETURN NEW;
END
$$;
-- +goose StatementEnd
DROP TRIGGER agenda_paper_lock ON agenda_paper;
CREATE TRIGGER agenda_paper_lock BEFORE INSERT OR UPDATE ON agenda_paper FOR EACH ROW EXECUTE FUNCTION agenda_paper_lock();

-- A correction that the public reads stays where it is read.
CREATE TRIGGER amendment_public BEFORE UPDATE ON amendment FOR EACH ROW WHEN (OLD.published) EXECUTE FUNCTION meeting_lock('');

-- A paragraph that has been attested at once binds what it tells of, also while
-- the meeting goes on: what came of the matter, its decision, votes, remarks and
-- interests, and who attested it. Arguments: the column that leads to the
-- paragraph, and what may move all the same.
-- +goose StatementBegin
CREATE FUNCTION minutes_paragraph_binds() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
	was jsonb := CASE WHEN TG_OP <> 'INSERT' THEN to_jsonb(OLD) END;
	is_now jsonb := CASE WHEN TG_OP <> 'DELETE' THEN to_jsonb(NEW) END;
	told uuid[] := ARRAY[(was ->> TG_ARGV[0])::uuid, (is_now ->> TG_ARGV[0])::uuid];
BEGIN
	-- Held, so that nobody attests it beside.
	IF (was - string_to_array(TG_ARGV[1], ',') = is_now - string_to_array(TG_ARGV[1], ',')) IS NOT TRUE AND EXISTS (
			SELECT FROM (
				SELECT p.adjusted_at FROM minutes_paragraph p WHERE p.tenant_id = coalesce(is_now, was) ->> 'tenant_id'
					AND (TG_ARGV[0] = 'paragraph_id' AND p.id = ANY (told) OR TG_ARGV[0] <> 'paragraph_id' AND p.item_id = ANY (told)) FOR SHARE
			) p WHERE p.adjusted_at IS NOT NULL) THEN
		RAISE EXCEPTION 'the paragraph is adjusted' USING ERRCODE = 'check_violation', CONSTRAINT = 'minutes_paragraph_attested', TABLE = 'minutes_paragraph';
	END IF;
	RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END
$$;
-- +goose StatementEnd
CREATE TRIGGER agenda_item_told BEFORE UPDATE OR DELETE ON agenda_item FOR EACH ROW EXECUTE FUNCTION minutes_paragraph_binds('id', 'position,published,version');
CREATE TRIGGER decision_told BEFORE INSERT OR UPDATE OR DELETE ON decision FOR EACH ROW
	EXECUTE FUNCTION minutes_paragraph_binds('item_id', 'status,status_on,status_note,due_on,owner_id,owner,registry_number,acted_at,acted_on,published,version');
CREATE TRIGGER bias_told BEFORE INSERT OR UPDATE OR DELETE ON bias FOR EACH ROW EXECUTE FUNCTION minutes_paragraph_binds('item_id', '');
CREATE TRIGGER ballot_told BEFORE INSERT OR UPDATE OR DELETE ON ballot FOR EACH ROW EXECUTE FUNCTION minutes_paragraph_binds('item_id', '');
CREATE TRIGGER remark_told BEFORE INSERT OR UPDATE OR DELETE ON remark FOR EACH ROW EXECUTE FUNCTION minutes_paragraph_binds('item_id', '');
CREATE TRIGGER adjusting_told BEFORE INSERT OR UPDATE OR DELETE ON adjusting FOR EACH ROW EXECUTE FUNCTION minutes_paragraph_binds('paragraph_id', 'version');

-- A party is asked when the decision is made. What it answers it may answer anew,
-- one answer at a time and each in the trail; who was asked what, and by when, stays.
-- +goose StatementBegin
CREATE FUNCTION ratification_stands() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
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
CREATE TRIGGER ratification_stands BEFORE INSERT OR UPDATE ON ratification FOR EACH ROW EXECUTE FUNCTION ratification_stands();

-- +goose Down
DROP TRIGGER ratification_stands ON ratification;
DROP FUNCTION ratification_stands();
DROP TRIGGER adjusting_told ON adjusting;
DROP TRIGGER remark_told ON remark;
DROP TRIGGER ballot_told ON ballot;
DROP TRIGGER bias_told ON bias;
DROP TRIGGER decision_told ON decision;
DROP TRIGGER agenda_item_told ON agenda_item;
DROP FUNCTION minutes_paragraph_binds();
DROP TRIGGER amendment_public ON amendment;
DROP TRIGGER agenda_paper_lock ON agenda_paper;
DROP FUNCTION agenda_paper_lock();
CREATE TRIGGER agenda_paper_lock BEFORE INSERT OR UPDATE OR DELETE ON agenda_paper FOR EACH ROW
	EXECUTE FUNCTION meeting_lock('announced,draft,called,open,closed,drafted');
-- +goose StatementBegin
CREATE OR REPLACE FUNCTION decision_stands() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
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
-- +goose StatementBegin
CREATE OR REPLACE FUNCTION meeting_lock() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
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
-- +goose StatementBegin
CREATE OR REPLACE FUNCTION meeting_moves() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
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
ALTER TABLE minutes_paragraph DROP CONSTRAINT minutes_paragraph_public;
ALTER TABLE sharing DROP CONSTRAINT sharing_decision, ADD CONSTRAINT sharing_decision FOREIGN KEY (tenant_id, decision_id) REFERENCES decision (tenant_id, id);
ALTER TABLE amendment DROP CONSTRAINT amendment_paragraph, ADD CONSTRAINT amendment_paragraph FOREIGN KEY (tenant_id, paragraph_id) REFERENCES minutes_paragraph (tenant_id, id);
ALTER TABLE adjusting DROP CONSTRAINT adjusting_paragraph, ADD CONSTRAINT adjusting_paragraph FOREIGN KEY (tenant_id, paragraph_id) REFERENCES minutes_paragraph (tenant_id, id);
ALTER TABLE minutes_paragraph DROP CONSTRAINT minutes_paragraph_item, ADD CONSTRAINT minutes_paragraph_item FOREIGN KEY (tenant_id, item_id) REFERENCES agenda_item (tenant_id, id);
ALTER TABLE decision DROP CONSTRAINT decision_item, ADD CONSTRAINT decision_item FOREIGN KEY (tenant_id, item_id) REFERENCES agenda_item (tenant_id, id);
ALTER TABLE remark DROP CONSTRAINT remark_item, ADD CONSTRAINT remark_item FOREIGN KEY (tenant_id, item_id) REFERENCES agenda_item (tenant_id, id);
ALTER TABLE ballot DROP CONSTRAINT ballot_item, ADD CONSTRAINT ballot_item FOREIGN KEY (tenant_id, item_id) REFERENCES agenda_item (tenant_id, id);
ALTER TABLE bias DROP CONSTRAINT bias_item, ADD CONSTRAINT bias_item FOREIGN KEY (tenant_id, item_id) REFERENCES agenda_item (tenant_id, id);
ALTER TABLE attendance DROP CONSTRAINT attendance_arrived_item, DROP CONSTRAINT attendance_left_item,
	ADD CONSTRAINT attendance_arrived_item FOREIGN KEY (tenant_id, arrived_item) REFERENCES agenda_item (tenant_id, id),
	ADD CONSTRAINT attendance_left_item FOREIGN KEY (tenant_id, left_item) REFERENCES agenda_item (tenant_id, id);
ALTER TABLE meeting DROP CONSTRAINT meeting_item, ADD CONSTRAINT meeting_item FOREIGN KEY (tenant_id, item_id) REFERENCES agenda_item (tenant_id, id);
ALTER TABLE minutes_paragraph DROP CONSTRAINT minutes_paragraph_at;
ALTER TABLE decision DROP CONSTRAINT decision_at;
ALTER TABLE agenda_item DROP CONSTRAINT agenda_item_at;
