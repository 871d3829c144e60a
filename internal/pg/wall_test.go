package pg_test

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/overens/overens/internal/dbtest"
	"github.com/overens/overens/internal/pg"
	"github.com/overens/overens/internal/text"
)

// rule is a sentence about the schema and a query that gives what breaks it.
type rule struct {
	says   string
	broken string            // one text column: what breaks the rule, by name
	but    map[string]string // those that may, with the reason
}

// tables are a county's tables: every table there is and every table to come.
// goose_db_version alone stands outside; it says which migrations have run.
const tables = `WITH tables AS (SELECT c.* FROM pg_class c
	WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND c.relname <> 'goose_db_version') `

// A shape of queries: names of roles that the server can have.
const servers = `('overens', 'overens_app', 'overens_public', 'overens_national')`

// unheard are the tables whose changes leave no trail.
var unheard = map[string]string{
	"audit_entry":               "is the trail; nobody but the trail itself writes it",
	"audit_personal":            "is the trail; it can only be masked",
	"audit_head":                "is the trail; nobody but the trail itself writes it",
	"agreement_word":            "derived from instruments, goals, networks and local agreements, which have their own trails",
	"document_word":             "derived from the document, which has its own trail",
	"cost_bundle":               "made of an adopted run, which has its own trail, and can be made again",
	"decision_count":            "a counter that follows from the decisions, which have their own trail",
	"decision_word":             "derived from the decision, which has its own trail",
	"population_import_content": "what an import has read and not written yet; the figures have their own trail",
	"paper_read":                "says what somebody has opened, not what was changed",
	"idempotency":               "answers already given, kept for a day; what was done has its own trail",
	"organisation_word":         "derived from the organisation, which has its own trail",
	"person_word":               "derived from the person, who has his own trail",
	"person_rights":             "a counter that follows from what has its own trail",
	"vacancy_reminder":          "says that a letter went, not what was changed",
	"session":                   "says who is here, not what was changed",
}

// beyond is what the public and the nation may read, one policy a line.
var beyond = map[string]string{
	"county overens_national SELECT county_known":                                   "that a county exists, and its name, is known to all",
	"county overens_public SELECT county_known":                                     "that a county exists, and its name, is known to all",
	"agenda_item overens_public SELECT agenda_item_published":                       "what the county has published",
	"amendment overens_public SELECT amendment_published":                           "what the county has published",
	"decision overens_public SELECT decision_published":                             "what the county has published",
	"meeting overens_public SELECT meeting_published":                               "what the county has published",
	"minutes_paragraph overens_public SELECT minutes_paragraph_published":           "the public's wording of what the county has published",
	"document overens_public SELECT document_published":                             "what the county has published",
	"document_about overens_public SELECT document_about_published":                 "what a published document is about",
	"document_version overens_public SELECT document_version_published":             "what the county has published, until it is withdrawn",
	"instrument overens_national SELECT instrument_published_all":                   "what counties have published",
	"instrument overens_public SELECT instrument_published":                         "what the county has published",
	"instrument_validity overens_national SELECT instrument_validity_published_all": "what counties have published",
	"instrument_validity overens_public SELECT instrument_validity_published":       "what the county has published",
	"participation overens_national SELECT participation_published_all":             "what counties have published",
	"participation overens_public SELECT participation_published":                   "what the county has published",
	"goal_version overens_national SELECT goal_version_published_all":               "what counties have published",
	"goal_version overens_public SELECT goal_version_published":                     "what the county has published",
	"local_agreement overens_national SELECT local_agreement_published_all":         "what counties have published",
	"local_agreement overens_public SELECT local_agreement_published":               "what the county has published",
	"organisation overens_national SELECT organisation_published_all":               "what counties have published",
	"organisation overens_public SELECT organisation_published":                     "what the county has published",
	"population_figure overens_national SELECT population_figure_known":             "the nation's own figures are for everybody",
	"population_figure overens_public SELECT population_figure_known":               "the nation's own figures are for everybody",
	"person_rights overens_national SELECT person_rights_national":                  "whether the nation's own people still have their rights",
	"session overens_national SELECT session_national":                              "whether the nation's own people are still signed in",
}

var rules = []rule{
	{
		says:   "there is no schema but public",
		broken: `SELECT nspname FROM pg_namespace WHERE nspname !~ '^pg_' AND nspname NOT IN ('public', 'information_schema')`,
		but:    map[string]string{"river": "the queue: a library's tables without row-level security; arguments carry ids only"},
	},
	{
		says: "a primary key begins with tenant_id",
		broken: tables + `SELECT relname FROM tables t WHERE NOT EXISTS (
			SELECT FROM pg_index i JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = i.indkey[0]
			WHERE i.indrelid = t.oid AND i.indisprimary AND a.attname = 'tenant_id')`,
	},
	{
		says: "a unique index begins with tenant_id: otherwise it tells one county what another has",
		broken: tables + `SELECT i.indexrelid::regclass::text FROM tables t JOIN pg_index i ON i.indrelid = t.oid
			WHERE (i.indisunique OR i.indisexclusion) AND NOT EXISTS (
				SELECT FROM pg_attribute a WHERE a.attrelid = t.oid AND a.attnum = i.indkey[0] AND a.attname = 'tenant_id')`,
	},
	{
		says: "an exclusion compares tenant_id for equality",
		broken: tables + `SELECT c.conname FROM tables t JOIN pg_constraint c ON c.conrelid = t.oid
			WHERE c.contype = 'x' AND (SELECT oprname FROM pg_operator WHERE oid = c.conexclop[1]) <> '='`,
	},
	{
		says: "a foreign key carries tenant_id on both sides: it is checked without row-level security",
		broken: tables + `SELECT c.conname FROM tables t JOIN pg_constraint c ON c.conrelid = t.oid
			WHERE c.contype = 'f' AND NOT EXISTS (
				SELECT FROM unnest(c.conkey, c.confkey) AS k (here, there)
				JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = k.here AND a.attname = 'tenant_id'
				JOIN pg_attribute b ON b.attrelid = c.confrelid AND b.attnum = k.there AND b.attname = 'tenant_id')`,
	},
	{
		says: "a foreign key neither sets null or default nor cascades an update: shards cannot",
		broken: `SELECT conname FROM pg_constraint WHERE connamespace = 'public'::regnamespace AND contype = 'f'
			AND (confdeltype IN ('n', 'd') OR confupdtype IN ('c', 'n', 'd'))`,
	},
	{
		says: "tenant_id is text in \"C\" order, never null, and by default the county of the unit of work",
		broken: tables + `SELECT relname FROM tables t WHERE NOT EXISTS (
			SELECT FROM pg_attribute a JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
			JOIN pg_collation l ON l.oid = a.attcollation
			WHERE a.attrelid = t.oid AND a.attname = 'tenant_id' AND a.atttypid = 'text'::regtype AND l.collname = 'C'
				AND a.attnotnull AND pg_get_expr(d.adbin, d.adrelid) = 'current_tenant()')`,
	},
	{
		says:   "row-level security is enabled and forced",
		broken: tables + `SELECT relname FROM tables WHERE NOT (relrowsecurity AND relforcerowsecurity)`,
	},
	{
		says: "the county's role has a policy that asks for the county when reading and when writing",
		broken: tables + `SELECT relname FROM tables t WHERE NOT EXISTS (
			SELECT FROM pg_policies p WHERE p.schemaname = 'public' AND p.tablename = t.relname AND p.roles = '{overens_app}' AND p.cmd = 'ALL'
				AND p.qual IS NOT NULL AND p.with_check IS NOT NULL)`,
	},
	{
		// One policy that permits more would be enough to open the wall: the
		// county stands first in each, with nothing but AND behind it.
		says: "every policy for the county's role asks for the county",
		broken: `SELECT tablename || ' ' || policyname FROM pg_policies WHERE permissive = 'PERMISSIVE' AND roles && '{overens_app, overens, public}'
			AND (coalesce(qual, with_check) !~ '^(\(tenant_id = current_tenant\(\)\)|\(\(tenant_id = current_tenant\(\)\) AND .*)$'
				OR coalesce(with_check, qual) !~ '^(\(tenant_id = current_tenant\(\)\)|\(\(tenant_id = current_tenant\(\)\) AND .*)$')`,
		but: map[string]string{"population_figure population_figure_known": "lets every county read the nation's own figures, which are public; writing asks for the county, which a check says is the nation"},
	},
	{
		says: "a policy is a plain expression without a subquery",
		broken: `SELECT polrelid::regclass || ' ' || polname FROM pg_policy
			WHERE polqual::text ~ 'SUBLINK|SUBPLAN' OR polwithcheck::text ~ 'SUBLINK|SUBPLAN'`,
	},
	{
		says: "the public and the nation read what is listed here, and nothing else",
		broken: `SELECT tablename || ' ' || r || ' ' || cmd || ' ' || policyname FROM pg_policies, unnest(roles) r
			WHERE schemaname = 'public' AND r IN ('overens_public', 'overens_national')`,
		but: beyond,
	},
	{
		says: "the public and the nation are granted SELECT and nothing else",
		broken: `SELECT c.relname || ' ' || x.privilege_type FROM pg_class c, aclexplode(c.relacl) x
				WHERE x.grantee IN ('overens_public'::regrole, 'overens_national'::regrole) AND x.privilege_type <> 'SELECT'
			UNION SELECT a.attrelid::regclass || '.' || a.attname FROM pg_attribute a, aclexplode(a.attacl) x
				WHERE x.grantee IN ('overens_public'::regrole, 'overens_national'::regrole) AND x.privilege_type <> 'SELECT'`,
	},
	{
		says: "personal columns are granted to the county's role alone",
		broken: `SELECT a.attrelid::regclass || '.' || a.attname FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
			WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND a.attname IN ('email', 'phone', 'claims', 'token_hash', 'subject')
				AND (has_column_privilege('overens_public', c.oid, a.attnum, 'SELECT') OR has_column_privilege('overens_national', c.oid, a.attnum, 'SELECT'))`,
	},
	{
		says: "TRUNCATE, which no policy filters, is granted to nobody",
		broken: `SELECT c.oid::regclass || ' ' || x.grantee::regrole FROM pg_class c, aclexplode(c.relacl) x
			WHERE c.relnamespace IN ('public'::regnamespace, 'river'::regnamespace) AND x.privilege_type = 'TRUNCATE' AND x.grantee <> c.relowner`,
	},
	{
		says: "nothing is granted to PUBLIC, nor may anybody pass a grant on",
		broken: `SELECT c.oid::regclass::text FROM pg_class c, aclexplode(c.relacl) x
				WHERE c.relnamespace IN ('public'::regnamespace, 'river'::regnamespace) AND (x.grantee = 0 OR (x.is_grantable AND x.grantee <> c.relowner))
			UNION SELECT a.attrelid::regclass || '.' || a.attname FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid, aclexplode(a.attacl) x
				WHERE c.relnamespace IN ('public'::regnamespace, 'river'::regnamespace) AND (x.grantee = 0 OR x.is_grantable)
			UNION SELECT 'default privileges' FROM pg_default_acl, aclexplode(defaclacl) x WHERE x.grantee = 0`,
	},
	{
		says: "the login itself has rights on the queue and no other table",
		broken: `SELECT c.oid::regclass || ' ' || x.privilege_type FROM pg_class c, aclexplode(c.relacl) x
			WHERE c.relnamespace = 'public'::regnamespace AND x.grantee = 'overens'::regrole`,
		but: map[string]string{"goose_db_version SELECT": "readiness asks which migrations have run"},
	},
	{
		says: "the login and its roles own nothing",
		broken: `SELECT oid::regclass::text FROM pg_class WHERE relowner::regrole::text IN ` + servers + `
			UNION SELECT oid::regprocedure::text FROM pg_proc WHERE proowner::regrole::text IN ` + servers + `
			UNION SELECT nspname FROM pg_namespace WHERE nspowner::regrole::text IN ` + servers + `
			UNION SELECT datname FROM pg_database WHERE datdba::regrole::text IN ` + servers,
	},
	{
		says: "the login has the use of no other role's rights, nor its roles of another's",
		broken: `SELECT s.rolname || ' uses ' || r.rolname FROM pg_roles s, pg_roles r
			WHERE s.rolname IN ` + servers + ` AND r.oid <> s.oid AND pg_has_role(s.oid, r.oid, 'USAGE')`,
	},
	{
		says: "the login and its roles stand under the wall and cannot make roles or databases",
		broken: `SELECT rolname FROM pg_roles WHERE rolname IN ` + servers + `
			AND (rolsuper OR rolbypassrls OR rolcreaterole OR rolcreatedb OR rolreplication OR rolinherit)`,
	},
	{
		says:   "the login may become its three roles and no other",
		broken: `SELECT r.rolname FROM pg_roles r WHERE r.rolname NOT IN ` + servers + ` AND pg_has_role('overens', r.oid, 'MEMBER')`,
	},
	{
		says: "nobody but the owner makes things in the schema",
		broken: `SELECT r.rolname FROM pg_roles r, unnest('{public,river}'::text[]) s
			WHERE has_schema_privilege(r.oid, s, 'CREATE') AND NOT r.rolsuper AND r.rolname NOT IN ('overens_owner', 'pg_database_owner')`,
	},
	{
		says: "a view sees with its reader's eyes",
		broken: `SELECT relname FROM pg_class c WHERE relnamespace = 'public'::regnamespace AND relkind = 'v' AND NOT EXISTS (
			SELECT FROM pg_options_to_table(c.reloptions) WHERE option_name = 'security_invoker' AND option_value IN ('true', 'on'))`,
	},
	{
		says:   "there are no materialized views and no foreign tables: row-level security does not reach them",
		broken: `SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('m', 'f')`,
	},
	{
		says:   "no function runs with its owner's rights",
		broken: `SELECT proname FROM pg_proc WHERE pronamespace IN ('public'::regnamespace, 'river'::regnamespace) AND prosecdef`,
		but:    map[string]string{"audit_row": "writes the trail, which the server's role must not be able to write by itself"},
	},
	{
		says: "a function with its owner's rights has a fixed search path, and nobody else may hang it on a table",
		broken: `SELECT proname FROM pg_proc p WHERE pronamespace IN ('public'::regnamespace, 'river'::regnamespace) AND prosecdef
			AND (NOT EXISTS (SELECT FROM unnest(proconfig) c WHERE c LIKE 'search_path=%')
				OR EXISTS (SELECT FROM aclexplode(coalesce(proacl, acldefault('f', proowner))) x WHERE x.grantee <> p.proowner))`,
	},
	{
		says: "what policies ask is written into the query by the planner",
		broken: `SELECT proname FROM pg_proc JOIN pg_language l ON l.oid = prolang WHERE pronamespace = 'public'::regnamespace
			AND proname IN ('current_tenant', 'current_party') AND (l.lanname <> 'sql' OR prosecdef OR proisstrict OR proconfig IS NOT NULL OR provolatile <> 's')`,
	},
	{
		says: "every change leaves a trail, at commit, under the table's own name",
		broken: tables + `SELECT relname FROM tables t WHERE NOT EXISTS (
			SELECT FROM pg_trigger g WHERE g.tgrelid = t.oid AND g.tgfoid = 'public.audit_row'::regproc AND g.tgenabled = 'O'
				AND g.tgdeferrable AND g.tginitdeferred AND g.tgqual IS NULL AND g.tgattr = ''
				AND g.tgtype & 1 = 1 AND g.tgtype & 2 = 0 AND g.tgtype & 28 = 28 -- row, after, insert and delete and update
				AND split_part(encode(g.tgargs, 'escape'), '\000', 1) = t.relname)`,
		but: unheard,
	},
	{
		says: "a trail's personal columns are columns",
		broken: tables + `SELECT t.relname || '.' || p FROM tables t JOIN pg_trigger g ON g.tgrelid = t.oid AND g.tgfoid = 'public.audit_row'::regproc,
			string_to_array(split_part(encode(g.tgargs, 'escape'), '\000', 2), ',') ps, unnest(ps) p
			WHERE p <> '' AND NOT EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = t.oid AND a.attname = p)`,
	},
	{
		says: "what reaches or names a person is personal in the trail",
		broken: tables + `SELECT t.relname || '.' || a.attname FROM tables t JOIN pg_attribute a ON a.attrelid = t.oid
			JOIN pg_trigger g ON g.tgrelid = t.oid AND g.tgfoid = 'public.audit_row'::regproc
			WHERE (a.attname IN ('email', 'phone', 'subject', 'token_hash') OR (t.relname = 'person' AND a.attname IN ('name', 'title')))
				AND a.attname <> ALL (string_to_array(split_part(encode(g.tgargs, 'escape'), '\000', 2), ','))`,
	},
	{
		says: "no trigger's function asks for the table's name or tells others: on a shard the name is the shard's",
		broken: `SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace AND prorettype = 'trigger'::regtype
			AND prosrc ~* 'TG_TABLE_NAME|TG_RELNAME|pg_notify|\mNOTIFY\M'`,
	},
	{
		says: "a column's default is a constant or the county: ids and instants are the program's",
		broken: tables + `SELECT t.relname || '.' || a.attname FROM tables t JOIN pg_attribute a ON a.attrelid = t.oid
			LEFT JOIN pg_attrdef d ON d.adrelid = t.oid AND d.adnum = a.attnum
			WHERE a.attidentity <> '' OR (a.attgenerated = ''
				AND pg_get_expr(d.adbin, d.adrelid) !~ '^(current_tenant\(\)|''[^'']*''::[a-z "]+(\[\])?|-?[0-9.]+|true|false)$')`,
	},
	{
		says:   "no table inherits from another",
		broken: `SELECT inhrelid::regclass::text FROM pg_inherits JOIN pg_class c ON c.oid = inhrelid WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')`,
	},
	{
		says: "a table on a shard is called what it is called: no name ends with a number",
		broken: tables + `SELECT relname FROM tables WHERE relname ~ '_[0-9]+$'
			UNION SELECT conname FROM pg_constraint WHERE connamespace = 'public'::regnamespace AND conname ~ '_[0-9]+$'`,
	},
}

func TestTheWallStandsAroundEveryTable(t *testing.T) {
	t.Parallel()
	conn := dbtest.New(t).Owner(t)
	for _, r := range rules {
		t.Run(r.says, func(t *testing.T) {
			broken := names(t, conn, r.broken)
			for _, name := range broken {
				if r.but[name] == "" {
					t.Errorf("%s: %s does not keep to it", r.says, name)
				}
			}
			for name := range r.but {
				if !slices.Contains(broken, name) && exists(t, conn, name) {
					t.Errorf("%s: %s keeps to it by now; take it off the list", r.says, name)
				}
			}
		})
	}
}

// A rule that finds nothing may be a query that cannot find anything: each is
// shown a schema that breaks them.
func TestTheWallsRulesSeeWhatBreaksThem(t *testing.T) {
	t.Parallel()
	conn := dbtest.New(t).Owner(t)
	super, err := pgx.ConnectConfig(t.Context(), as(t, conn, "postgres"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = super.Close(context.WithoutCancel(t.Context())) }()
	tx, err := super.Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = tx.Rollback(context.WithoutCancel(t.Context())) }()
	// The roles belong to the cluster, and other tests use them: undone at the end.
	_, err = tx.Exec(t.Context(), `
		CREATE SCHEMA elsewhere;
		CREATE TABLE bad_1 (tenant_id text DEFAULT now()::text, id serial PRIMARY KEY, email text, code text UNIQUE, other text,
			EXCLUDE USING gist (tenant_id WITH <>, code WITH =), FOREIGN KEY (id) REFERENCES bad_1 (id) ON DELETE SET NULL);
		CREATE TABLE child () INHERITS (bad_1);
		CREATE POLICY open ON bad_1 TO overens_app USING (tenant_id = current_tenant() OR true);
		CREATE POLICY asks ON bad_1 FOR SELECT TO overens_public USING (EXISTS (SELECT FROM county));
		GRANT SELECT, UPDATE ON bad_1 TO overens_public, overens, PUBLIC;
		GRANT TRUNCATE ON bad_1 TO overens_app;
		GRANT CREATE ON SCHEMA public TO overens_app;
		ALTER TABLE child OWNER TO overens;
		CREATE VIEW seen AS SELECT FROM bad_1;
		CREATE MATERIALIZED VIEW stale AS SELECT FROM bad_1;
		CREATE FUNCTION deep() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$ BEGIN PERFORM pg_notify('a', TG_TABLE_NAME); RETURN NULL; END $$;
		CREATE CONSTRAINT TRIGGER bad_audit AFTER INSERT ON bad_1 FOR EACH ROW EXECUTE FUNCTION audit_row('worse', 'nothing');
		ALTER FUNCTION current_party() VOLATILE;
		ALTER ROLE overens_app INHERIT;
		CREATE ROLE bad_role NOLOGIN;
		GRANT bad_role TO overens_app;
		GRANT overens_owner TO overens;`)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range rules {
		found := slices.DeleteFunc(names(t, tx, r.broken), func(name string) bool { return r.but[name] != "" })
		if len(found) == 0 {
			t.Errorf("%q finds nothing broken in a schema that breaks it", r.says)
		}
	}
}

// unspoken are the constraints that only a bug can run into: no input of a
// person's reaches them. Primary keys are among them by their sort, since ids
// are the program's.
var unspoken = map[string]string{
	"adjusting.meeting":                  justRead,
	"adjusting.once":                     asked,
	"adjusting.one_answer":               asked,
	"adjusting.organisation":             justRead,
	"adjusting.paragraph":                justRead,
	"adjusting.person":                   justRead,
	"adjusting.position":                 "the program counts",
	"adjusting.read":                     asked,
	"adjusting.role":                     asked,
	"agenda_called.item":                 justRead,
	"agenda_called.meeting":              justRead,
	"agenda_called.once":                 asked,
	"agenda_item.act":                    asked,
	"agenda_item.act_whole":              asked,
	"agenda_item.at":                     inKey,
	"agenda_item.body":                   asked,
	"agenda_item.from":                   justRead,
	"agenda_item.meeting":                justRead,
	"agenda_item.of":                     noCounty,
	"agenda_item.organisation":           justRead,
	"agenda_item.outcome":                asked,
	"agenda_item.placed":                 asked,
	"agenda_item.proposer":               justRead,
	"agenda_item.short":                  "the room writes all three at once",
	"agenda_item.short_counted":          "counted from who serves",
	"agenda_item.short_needed":           "reckoned from the rule",
	"agenda_item.state":                  asked,
	"agenda_paper.document":              justRead,
	"agenda_paper.item":                  justRead,
	"agenda_paper.meeting":               justRead,
	"agenda_paper.number":                "the program counts",
	"amendment.meeting":                  justRead,
	"amendment.number":                   "the program counts",
	"amendment.once":                     asked,
	"amendment.paragraph":                justRead,
	"amendment.person":                   justRead,
	"attendance.arrived_item":            justRead,
	"attendance.left_item":               justRead,
	"attendance.meeting":                 justRead,
	"attendance.person":                  justRead,
	"ballot.how":                         asked,
	"ballot.item":                        justRead,
	"ballot.meeting":                     justRead,
	"ballot.person":                      justRead,
	"ballot.place":                       asked,
	"ballot.vote":                        asked,
	"bias.item":                          justRead,
	"bias.meeting":                       justRead,
	"bias.person":                        justRead,
	"calendar_feed.person":               justRead,
	"calendar_feed.token_once":           "the program's random number",
	"cost_bundle.done":                   "the program counts",
	"cost_bundle.lang":                   asked,
	"cost_bundle.once":                   asked,
	"cost_bundle.run":                    justRead,
	"cost_question.answered":             asked,
	"cost_question.asked":                asked,
	"cost_question.statement":            justRead,
	"cost_run.basis":                     asked,
	"cost_run.by":                        asked,
	"cost_run.configuration":             "the unit of work has just read it",
	"cost_run.days":                      asked,
	"cost_run.decision":                  justRead,
	"cost_run.function":                  asked,
	"cost_run.kind":                      asked,
	"cost_run.names_origin":              asked,
	"cost_run.origin":                    justRead,
	"cost_run.previous":                  justRead,
	"cost_run.shared":                    asked,
	"cost_run.state":                     asked,
	"cost_statement.once":                "the program bills each payer once",
	"cost_statement.organisation":        justRead,
	"cost_statement.position":            "the program counts",
	"cost_statement.run":                 justRead,
	"cost_statement.share":               "the program works it out",
	"cost_statement.sum":                 "the program works it out",
	"decision.at":                        inKey,
	"decision.item":                      justRead,
	"decision.meeting":                   justRead,
	"decision.number":                    "the program counts",
	"decision.act_open":                  "the matter is asked for it",
	"decision.series":                    "the program counts",
	"ratification_earlier.answer":        "it was an answer before",
	"ratification_earlier.of":            justRead,
	"ratification_earlier.once":          "who comes second finds another version",
	"ratification_earlier.reason":        asked,
	"decision.number_once":               asked,
	"decision.outcome":                   asked,
	"decision.owner":                     justRead,
	"decision.revises":                   justRead,
	"decision.status":                    asked,
	"decision_word.of":                   derived,
	"duty.decision":                      justRead,
	"invitation.answer":                  asked,
	"invitation.answered":                asked,
	"invitation.how":                     asked,
	"invitation.instead":                 justRead,
	"invitation.mandate":                 justRead,
	"invitation.meeting":                 justRead,
	"invitation.organisation":            justRead,
	"invitation.person":                  justRead,
	"invitation.role":                    asked,
	"invitation.token_once":              "the program's random number",
	"meeting.body":                       asked,
	"meeting.called":                     asked,
	"meeting.chair":                      justRead,
	"meeting.closed_by":                  asked,
	"meeting.item":                       justRead,
	"meeting.kind":                       asked,
	"meeting.of":                         noCounty,
	"meeting.secretary":                  justRead,
	"meeting.state":                      asked,
	"meeting_mail.event":                 asked,
	"meeting_mail.meeting":               justRead,
	"meeting_mail.once":                  asked,
	"meeting_mail.organisation":          justRead,
	"meeting_mail.person":                justRead,
	"meeting_mail.to_one":                asked,
	"meeting_seating.meeting":            justRead,
	"meeting_seating.once":               "the program keeps one at a time",
	"minutes.meeting":                    justRead,
	"minutes.record":                     asked,
	"minutes_paragraph.at":               inKey,
	"minutes_paragraph.item":             justRead,
	"minutes_paragraph.meeting":          justRead,
	"minutes_paragraph.noted":            "the program reckons the digest",
	"minutes_paragraph.of_item":          "the program writes each matter's paragraph once",
	"minutes_paragraph.part":             "the program knows the parts",
	"minutes_paragraph.public":           "the program publishes the text as it is",
	"minutes_paragraph.number":           "the program counts",
	"minutes_paragraph.once":             asked,
	"paper_read.paper":                   justRead,
	"paper_read.person":                  justRead,
	"ratification.answered":              asked,
	"ratification.decision":              justRead,
	"ratification.organisation":          justRead,
	"remark.item":                        justRead,
	"remark.meeting":                     justRead,
	"remark.organisation":                justRead,
	"remark.person":                      justRead,
	"sharing.decision":                   justRead,
	"sharing.document":                   justRead,
	"sharing.meeting":                    justRead,
	"sharing.organisation":               justRead,
	"sharing.person":                     justRead,
	"instrument.key_shape":               keyed,
	"instrument.of":                      noCounty,
	"instrument_validity.from_precision": dated,
	"instrument_validity.to_precision":   dated,
	"instrument_validity.instrument":     justRead,
	"instrument_lead.instrument":         justRead,
	"instrument_succession.earlier":      justRead,
	"instrument_succession.later":        justRead,
	"instrument_event.precision":         dated,
	"instrument_event.instrument":        justRead,
	"instrument_event.corrects":          asked,
	"instrument_text.number":             "the program counts texts",
	"instrument_text.precision":          dated,
	"instrument_text.instrument":         justRead,
	"instrument_text.errata_of":          asked,
	"adoption.precision":                 dated,
	"adoption.instrument":                justRead,
	"adoption.corrects":                  asked,
	"participation.from_precision":       dated,
	"participation.to_precision":         dated,
	"participation.instrument":           justRead,
	"signature.precision":                dated,
	"signature.participation":            justRead,
	"signature.corrects":                 justRead,
	"goal.key_shape":                     keyed,
	"goal.instrument":                    justRead,
	"goal_version.from_precision":        dated,
	"goal_version.decided_precision":     dated,
	"goal_version.ending":                "the program's word",
	"goal_version.end_has_ground":        "the program's word",
	"goal_version.goal":                  justRead,
	"goal_version.instrument":            justRead,
	"goal_note.goal":                     justRead,
	"goal_note.instrument":               justRead,
	"instrument_count.instrument":        justRead,
	"network.key_shape":                  keyed,
	"network_goal.network":               justRead,
	"network_goal.once":                  "the room takes each goal once",
	"local_agreement.key_shape":          keyed,
	"local_agreement.from_precision":     dated,
	"local_agreement.to_precision":       dated,
	"local_agreement.of":                 noCounty,
	"local_party.agreement":              justRead,
	"local_party.once":                   "the room takes each party once",
	"draft_choice.instrument":            justRead,
	"draft_choice.goal_once":             "the room takes the old choice away first",
	"draft_choice.party_once":            "the room takes the old choice away first",
	"agreement_word.subject":             derived,
	"mandate.of":                         noCounty,
	"mandate.body":                       asked,
	"mandate.place":                      asked,
	"seat_offer.body":                    asked,
	"seat_offer.seat":                    asked,
	"seat_offer.answer":                  "the program's word",
	"seat_offer.answered":                "the room writes answer and day together",
	"handover_item.of":                   "written with the handover",
	"handover_item.once":                 "the program counts points",
	"handover_item.position":             "the program counts points",
	"handover_item.point":                "the program's word",
	"handover_item.says":                 "the room leaves empty points out",
	"vacancy_reminder.organisation":      justRead,
	"audit_entry.action":                 byTrigger,
	"audit_personal.of":                  byTrigger,
	"audit_personal.whole":               "audit.Mask takes body and salt away together",
	"county.kind":                        byFile,
	"county.slug":                        byFile,
	"county_section.manager":             "the room says county.manager_unknown",
	"county_section.of":                  "county.Put writes the county first",
	"county_section_change.of":           "written with the version",
	"county_version.of":                  "county.Apply writes the county first",
	"county_version.positive":            "the program counts versions",
	"county_version.source":              "the program's word",
	"document.kind":                      "the room knows every kind",
	"document.of":                        noCounty,
	"document.withdrawn":                 "the room asks for the reason",
	"document_about.of":                  "written with the document",
	"document_about.once":                "the room takes doubles away",
	"document_about.shape":               "the room says document.about_unknown",
	"document_word.of":                   derived,
	"document_version.counted":           "the program counts versions",
	"document_version.dead":              "the room says document.no_link",
	"document_version.file":              "made by document.Accept",
	"document_version.key_once":          "the program's random number",
	"document_version.link":              "the room says document.link_wrong",
	"document_version.of":                "written with the document",
	"document_version.of_one":            "the room makes one of two sorts",
	"document_version.once":              "counted under the document's lock",
	"identity.person":                    "bound to the person that was just read",
	"membership.bound_first":             "the room's order of deeds",
	"membership.deputy":                  "the room asks first",
	"membership.organisation":            "the room asks first",
	"membership.party":                   "the room asks first",
	"membership.person":                  "the room asks first",
	"membership.role":                    "the room asks first",
	"membership.token":                   "the program makes both",
	"membership.token_once":              "the program's random number",
	"operator_entry.of":                  noCounty,
	"organisation.code_shape":            "the room knows every official code",
	"organisation.key_shape":             "the program makes keys; facts and configuration are checked when loaded",
	"organisation.number_shape":          "the room checks the number",
	"organisation.of":                    noCounty,
	"organisation.type":                  "the room says organisation.type_unknown",
	"organisation_word.of":               derived,
	"population_figure.code":             "the room knows every municipality",
	"population_figure.import":           justRead,
	"population_figure.national":         asked,
	"population_figure.once":             "the room counts revisions, one writer at a time",
	"population_figure.revision":         "the room counts revisions",
	"population_figure.some":             asked,
	"population_figure.sourced":          asked,
	"population_import.ended":            "the room writes state and end together",
	"population_import.from":             asked,
	"population_import.national":         asked,
	"population_import.state":            "the program's word",
	"population_import_content.even":     "the room writes one of each for each figure",
	"population_import_content.of":       "written with the import",
	"person.of":                          noCounty,
	"person_rights.of":                   byTrigger,
	"person_word.of":                     derived,
	"session.entry":                      "made of what was just read",
	"session.of_one":                     "the room makes one of two sorts",
	"session.once":                       "the program's random number",
	"session.person":                     "made of what was just read",
	"succession.kind":                    "the doors know the kinds, and the room asks for one",
	"succession.predecessor":             "the organisation that was just read",
}

// Reasons that several have.
const (
	byTrigger = "a trigger writes it, from what stands in the row"
	byFile    = "checked in the county's file before it comes here"
	derived   = "written with the thing it is derived from"
	noCounty  = "a unit of work is opened in a county that is there"
	dated     = "agreement.When makes day and precision together"
	justRead  = "made of what was just read"
	asked     = "the room asks first"
	inKey     = "the primary key is in it"
	keyed     = "the program makes keys; facts are checked when loaded"
)

func TestEveryConstraintAPersonCanRunIntoHasWords(t *testing.T) {
	t.Parallel()
	conn := dbtest.New(t).Owner(t)
	rs, err := conn.Query(t.Context(), `
		SELECT conrelid::regclass::text, conname FROM pg_constraint WHERE connamespace = 'public'::regnamespace AND contype IN ('c', 'u', 'x', 'f') AND conrelid <> 0
		UNION SELECT indrelid::regclass::text, c.relname FROM pg_index JOIN pg_class c ON c.oid = indexrelid
			WHERE c.relnamespace = 'public'::regnamespace AND indisunique AND NOT indisprimary
		ORDER BY 1, 2`)
	if err != nil {
		t.Fatal(err)
	}
	type constraint struct{ Table, Name string }
	all, err := pgx.CollectRows(rs, pgx.RowToStructByPos[constraint])
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for _, c := range all {
		key := pg.Key(&pgconn.PgError{TableName: c.Table, ConstraintName: c.Name})
		seen[key] = true
		if !strings.HasPrefix(c.Name, c.Table+"_") {
			t.Errorf("the constraint %s of %s is not called %s_…, so its key would be %q", c.Name, c.Table, c.Table, key)
		}
		if !text.Has(key) && unspoken[key] == "" {
			t.Errorf("the constraint %s of %s has no words: add %q to package text, or say here why only a bug runs into it", c.Name, c.Table, key)
		}
	}
	for _, key := range slices.Sorted(maps.Keys(unspoken)) {
		if !seen[key] {
			t.Errorf("no constraint has the key %q any more; take it off the list", key)
		}
	}
}

// The planner writes what a policy asks into the query, so that an index is
// used; a function left standing would be called for each row.
func TestAPolicyIsWrittenIntoTheQuery(t *testing.T) {
	t.Parallel()
	ctx, tx := dbtest.Kronoberg(t)
	rs, err := tx.Query(ctx, "EXPLAIN SELECT * FROM organisation")
	if err != nil {
		t.Fatal(err)
	}
	lines, err := pgx.CollectRows(rs, pgx.RowTo[string])
	if err != nil {
		t.Fatal(err)
	}
	plan := strings.Join(lines, "\n")
	if !strings.Contains(plan, "current_setting") || strings.Contains(plan, "current_tenant") {
		t.Errorf("the policy is not written into the plan:\n%s", plan)
	}
}

type querier interface {
	Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error)
}

func names(t *testing.T, q querier, sql string) []string {
	t.Helper()
	rs, err := q.Query(t.Context(), sql)
	if err != nil {
		t.Fatalf("%v in\n%s", err, sql)
	}
	ns, err := pgx.CollectRows(rs, pgx.RowTo[string])
	if err != nil {
		t.Fatalf("%v in\n%s", err, sql)
	}
	return ns
}

// exists tells whether a name on a list names a thing of the schema that is
// there by now: a later subject's tables may be listed before they come.
func exists(t *testing.T, q querier, name string) bool {
	t.Helper()
	table, _, _ := strings.Cut(cmp.Or(name, " "), " ")
	return len(names(t, q, "SELECT relname::text FROM pg_class WHERE relname = '"+table+"' UNION SELECT proname FROM pg_proc WHERE proname = '"+table+"' UNION SELECT nspname FROM pg_namespace WHERE nspname = '"+table+"'")) > 0
}

// as is conn's configuration for another login.
func as(t *testing.T, conn *pgx.Conn, login string) *pgx.ConnConfig {
	t.Helper()
	c := conn.Config().Copy()
	c.User = login
	return c
}
