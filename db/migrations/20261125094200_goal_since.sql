-- +goose Up

-- The first day as one that can be compared without asking whether it is known,
-- as the last is: one range of one index is then all that stands on a day. Asked
-- with OR it was two, for each goal of a level and for all that lies under it.
ALTER TABLE goal_version ADD since date NOT NULL GENERATED ALWAYS AS (coalesce(valid_from, date '0001-01-01')) STORED;
DROP INDEX goal_version_tree;
CREATE INDEX goal_version_tree ON goal_version (tenant_id, under, until, since) INCLUDE (id);

-- +goose StatementBegin
CREATE OR REPLACE FUNCTION goal_version_closed() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
	IF TG_OP = 'DELETE' THEN
		IF NOT EXISTS (SELECT FROM instrument i WHERE i.tenant_id = OLD.tenant_id AND i.id = OLD.instrument_id AND i.draft) THEN
			RAISE EXCEPTION 'only what is drafted can be taken away' USING ERRCODE = 'check_violation', CONSTRAINT = 'goal_version_kept', TABLE = 'goal_version';
		END IF;
		RETURN OLD;
	END IF;
	-- What is generated is not there yet when this runs; it follows from the rest.
	IF OLD.valid_to IS NOT NULL AND to_jsonb(NEW) - '{published,under,since,until}'::text[] IS DISTINCT FROM to_jsonb(OLD) - '{published,under,since,until}'::text[] THEN
		RAISE EXCEPTION 'a closed version cannot be changed' USING ERRCODE = 'check_violation', CONSTRAINT = 'goal_version_closed', TABLE = 'goal_version';
	END IF;
	RETURN NEW;
END
$$;
-- +goose StatementEnd

-- +goose Down
-- +goose StatementBegin
CREATE OR REPLACE FUNCTION goal_version_closed() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
	IF TG_OP = 'DELETE' THEN
		IF NOT EXISTS (SELECT FROM instrument i WHERE i.tenant_id = OLD.tenant_id AND i.id = OLD.instrument_id AND i.draft) THEN
			RAISE EXCEPTION 'only what is drafted can be taken away' USING ERRCODE = 'check_violation', CONSTRAINT = 'goal_version_kept', TABLE = 'goal_version';
		END IF;
		RETURN OLD;
	END IF;
	IF OLD.valid_to IS NOT NULL AND to_jsonb(NEW) - '{published,under,until}'::text[] IS DISTINCT FROM to_jsonb(OLD) - '{published,under,until}'::text[] THEN
		RAISE EXCEPTION 'a closed version cannot be changed' USING ERRCODE = 'check_violation', CONSTRAINT = 'goal_version_closed', TABLE = 'goal_version';
	END IF;
	RETURN NEW;
END
$$;
-- +goose StatementEnd
DROP INDEX goal_version_tree;
CREATE INDEX goal_version_tree ON goal_version (tenant_id, under, until, valid_from) INCLUDE (id);
ALTER TABLE goal_version DROP COLUMN since;
