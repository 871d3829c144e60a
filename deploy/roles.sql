-- The roles of Överens. They belong to the cluster, not to the database, so no
-- migration makes them. Run this as a superuser, connected to the database that
-- Överens shall use; running it again changes nothing. Passwords are set
-- afterwards, by the operator: ALTER ROLE overens PASSWORD '…'.
--
--   overens           the server's login. Owns nothing, inherits nothing; may become the three below
--   overens_app       one county at a time, by row-level security
--   overens_public    what a county has published, read only
--   overens_national  what all counties have published, read only
--   overens_owner     owns the schema and runs migrations; never the server
--   overens_backup    reads everything for pg_dump; never the server
DO $roles$
DECLARE
	r text;
BEGIN
	-- Two installers at once would both find a role missing.
	PERFORM pg_advisory_xact_lock(hashtext('overens.roles'));

	FOREACH r IN ARRAY ARRAY['overens_app', 'overens_public', 'overens_national'] LOOP
		IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = r) THEN
			EXECUTE format('CREATE ROLE %I NOLOGIN NOINHERIT', r);
		END IF;
	END LOOP;
	IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'overens') THEN
		CREATE ROLE overens LOGIN NOINHERIT;
	END IF;
	IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'overens_owner') THEN
		CREATE ROLE overens_owner LOGIN NOINHERIT BYPASSRLS;
	END IF;
	IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'overens_backup') THEN
		CREATE ROLE overens_backup LOGIN NOINHERIT BYPASSRLS;
		GRANT pg_read_all_data TO overens_backup;
		ALTER ROLE overens_backup INHERIT;
	END IF;

	-- Until PostgreSQL 15 the role's own NOINHERIT decides whether it has the
	-- use of its memberships' rights; from 16 on the grant does.
	IF current_setting('server_version_num')::int >= 160000 THEN
		EXECUTE 'GRANT overens_app, overens_public, overens_national TO overens WITH INHERIT FALSE, SET TRUE';
	ELSE
		GRANT overens_app, overens_public, overens_national TO overens;
	END IF;

	EXECUTE format('GRANT CONNECT, CREATE ON DATABASE %I TO overens_owner', current_database());
	EXECUTE format('GRANT CONNECT ON DATABASE %I TO overens, overens_backup', current_database());
	EXECUTE format('REVOKE ALL ON DATABASE %I FROM PUBLIC', current_database());
	GRANT USAGE, CREATE ON SCHEMA public TO overens_owner;
	GRANT USAGE ON SCHEMA public TO overens, overens_app, overens_public, overens_national, overens_backup;
	REVOKE CREATE ON SCHEMA public FROM PUBLIC;
END
$roles$;
