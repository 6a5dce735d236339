import { definedMembers } from '../../../model/defined-members.ts'
import { EosflowError } from '../../../model/error.ts'
import { addressWords, type PostgresAddress } from './address.ts'
import { type Ask, askOver, Questions, type Session } from './database.ts'
import { MEANT, OWNER, SCHEMAS, TRIGGERS, WORKER } from './rights.ts'

const OBJECTS = `SELECT 'schema' AS kind, n.nspname::text AS schema, n.nspname::text AS name, 'SCHEMA' AS word, format('%I', n.nspname) AS id,
    n.nspowner AS owner, coalesce(n.nspacl, acldefault('n', n.nspowner)) AS acl FROM pg_catalog.pg_namespace n WHERE n.nspname = ANY(${SCHEMAS})
  UNION ALL SELECT CASE c.relkind WHEN 'S' THEN 'sequence' WHEN 'r' THEN 'table' ELSE 'other' END, n.nspname::text, c.relname::text,
    CASE c.relkind WHEN 'S' THEN 'SEQUENCE' WHEN 'v' THEN 'VIEW' WHEN 'm' THEN 'MATERIALIZED VIEW' WHEN 'f' THEN 'FOREIGN TABLE' ELSE 'TABLE' END,
    format('%I.%I', n.nspname, c.relname), c.relowner,
    coalesce(c.relacl, acldefault(CASE c.relkind WHEN 'S' THEN 's'::"char" ELSE 'r'::"char" END, c.relowner))
    FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname = ANY(${SCHEMAS}) AND c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S')
  UNION ALL SELECT 'function', n.nspname::text, p.proname::text, 'ROUTINE',
    (pg_identify_object('pg_proc'::regclass, p.oid, 0)).identity, p.proowner,
    coalesce(p.proacl, acldefault('f', p.proowner))
    FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace WHERE n.nspname = ANY(${SCHEMAS})`

// What is none of eosflow. What has rows is looked at by a person before it goes.
const STRANGE = `SELECT i.type, i.identity, upper(i.type) AS word, i.type IN ('table', 'materialized view', 'foreign table', 'sequence') AS has_rows
  FROM pg_catalog.pg_depend d JOIN pg_catalog.pg_namespace n ON d.refclassid = 'pg_catalog.pg_namespace'::regclass AND d.refobjid = n.oid,
    LATERAL (SELECT f.type, f.identity, coalesce(
        (SELECT p.proname::text FROM pg_catalog.pg_proc p WHERE d.classid = 'pg_catalog.pg_proc'::regclass AND p.oid = d.objid),
        (SELECT c.relname::text FROM pg_catalog.pg_class c WHERE d.classid = 'pg_catalog.pg_class'::regclass AND c.oid = d.objid)) AS name
      FROM pg_catalog.pg_identify_object(d.classid, d.objid, d.objsubid) AS f) AS i
  WHERE n.nspname = ANY(${SCHEMAS}) AND i.type <> 'default acl'
    AND NOT EXISTS (SELECT 1 FROM meant m WHERE m.kind = i.type AND m.schema = n.nspname AND m.object = i.name)`

// Those that belong to a foreign key are PostgreSQL's.
const FIRED = `SELECT format('%s.%s %s', n.nspname, c.relname, t.tgname) AS known, format('%I', t.tgname) AS name, format('%I.%I', n.nspname, c.relname) AS id,
    t.tgenabled = 'O' AS enabled FROM pg_catalog.pg_trigger t JOIN pg_catalog.pg_class c ON c.oid = t.tgrelid
    JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = ANY(${SCHEMAS}) AND NOT t.tgisinternal`

const FACTS = `WITH meant AS (${MEANT}), strange AS MATERIALIZED (${STRANGE}), fired AS (${FIRED}),
  objects AS MATERIALIZED (SELECT * FROM (${OBJECTS}) AS o WHERE NOT EXISTS (SELECT 1 FROM strange s WHERE s.identity = o.id AND NOT s.has_rows)),
  given AS (SELECT o.*, coalesce(g.rolname::text, 'PUBLIC') AS role, coalesce(quote_ident(g.rolname), 'PUBLIC') AS grantee, a.privilege_type AS "right", a.is_grantable AS further
    FROM objects o CROSS JOIN LATERAL aclexplode(o.acl) AS a LEFT JOIN pg_catalog.pg_roles g ON g.oid = a.grantee WHERE a.grantee <> o.owner)`

const ROLES = `SELECT d.what, d.hint FROM pg_catalog.pg_roles r,
    LATERAL (SELECT string_agg(b.rolname::text, ', ' ORDER BY b.rolname) AS more FROM pg_catalog.pg_roles b
      WHERE r.rolname = '${WORKER}' AND b.oid <> r.oid AND pg_has_role(r.oid, b.oid, 'MEMBER')) AS m,
    LATERAL (VALUES
      (1, r.rolcanlogin OR r.rolsuper OR r.rolcreaterole OR r.rolcreatedb OR r.rolreplication OR r.rolbypassrls,
        format('the role %s may log in, or do more than own tables', r.rolname),
        format('ALTER ROLE %s NOLOGIN NOSUPERUSER NOCREATEROLE NOCREATEDB NOREPLICATION NOBYPASSRLS;', r.rolname)),
      (2, m.more IS NOT NULL, format('the role %s is a member of %s', r.rolname, m.more), format('REVOKE %s FROM %s;', m.more, r.rolname))
    ) AS d(place, has, what, hint) WHERE d.has AND r.rolname IN ('${OWNER}', '${WORKER}') ORDER BY r.rolname, d.place`

// Logins of workers, also by way of another role, that own the store or may do what makes somebody an owner, themselves or in a role that they
// can take (SET ROLE): give roles (CREATEROLE before PostgreSQL 16), read every row, copy the server, read or write every table, or read,
// write and run as the user of the server (postgresql.org/docs/current/predefined-roles.html).
const BOTH = `SELECT d.what, d.hint FROM pg_catalog.pg_roles r,
    LATERAL (SELECT format('"%s"', replace(r.rolname, '"', '""')) AS login, pg_has_role(r.oid, '${OWNER}', 'MEMBER') AS owns,
      (SELECT string_agg(w.what || CASE WHEN b.oid = r.oid OR w.what = b.rolname THEN '' ELSE ' of ' || b.rolname END, ', ' ORDER BY w.what COLLATE "C", b.rolname)
        FROM pg_catalog.pg_roles b, LATERAL (VALUES ('SUPERUSER', b.rolsuper), ('CREATEROLE', b.rolcreaterole), ('REPLICATION', b.rolreplication), ('BYPASSRLS', b.rolbypassrls),
          (b.rolname::text, b.rolname IN ('pg_execute_server_program', 'pg_read_server_files', 'pg_write_server_files', 'pg_read_all_data', 'pg_write_all_data'))) AS w(what, has)
        WHERE w.has AND pg_has_role(r.oid, b.oid, 'MEMBER')) AS more) AS m,
    LATERAL (VALUES
      (m.owns, format('%s is a login of workers and owns the store: whoever has its password can alter every record', r.rolname),
        format('REVOKE ${OWNER} FROM %s; eosflow store init and migrate need another login.', m.login)),
      (NOT m.owns AND m.more IS NOT NULL,
        format('%s is a login of workers and may do more (%s): whoever has its password can become the owner of the store', r.rolname, m.more),
        format('ALTER ROLE %s NOCREATEROLE NOREPLICATION NOBYPASSRLS; and REVOKE from it the roles that are named here.', m.login))
    ) AS d(has, what, hint)
  WHERE d.has AND r.rolcanlogin AND NOT r.rolsuper AND pg_has_role(r.oid, '${WORKER}', 'USAGE') ORDER BY r.rolname`

// An event trigger would run with each statement that mends something.
const EVENTS = `SELECT format('the event trigger %I runs with what the owner of the store does, and %I can alter its function', e.evtname, r.rolname) AS what,
    'Give its function to a superuser.' AS hint, true AS stops FROM pg_catalog.pg_event_trigger e JOIN pg_catalog.pg_proc p ON p.oid = e.evtfoid
  JOIN pg_catalog.pg_roles r ON r.oid = p.proowner WHERE NOT r.rolsuper ORDER BY format('%I', e.evtname)`

const OWNED = `SELECT format('%s %s belongs to %s', lower(o.word), o.id, r.rolname) AS what,
    CASE WHEN t.trusted THEN format('ALTER %s %s OWNER TO ${OWNER}', o.word, o.id) END AS mend, NOT t.trusted AS stops,
    CASE WHEN t.trusted THEN NULL WHEN o.id LIKE 'dbos%' THEN
      'It may run what a login of workers has left there. The queues hold nothing that is not on record: a superuser runs DROP SCHEMA dbos CASCADE; then: eosflow store init.'
      ELSE 'Somebody who may log in has made it: find out who, and what it does.' END AS hint
  FROM objects o JOIN pg_catalog.pg_roles r ON r.oid = o.owner, LATERAL (SELECT r.rolsuper OR pg_has_role(r.oid, '${OWNER}', 'MEMBER') AS trusted) AS t
  WHERE r.rolname <> '${OWNER}' ORDER BY o.kind <> 'schema', o.word, o.id`

const LYING = `SELECT format('%s %s is none of eosflow', s.type, s.identity) AS what,
    CASE WHEN s.has_rows THEN format('Look at it; then: DROP %s %s CASCADE', s.word, s.identity) END AS hint,
    CASE WHEN NOT s.has_rows THEN format('DROP %s IF EXISTS %s CASCADE', s.word, s.identity) END AS mend FROM strange s ORDER BY s.type, s.identity`

const ELSEWHERE = `SELECT format('%s %s is none of eosflow and belongs to ${OWNER}: it acts with the rights of the owner of the store', i.type, i.identity) AS what,
    format('Look at it; then: DROP %s %s', upper(i.type), i.identity) AS hint
  FROM pg_catalog.pg_shdepend d, LATERAL pg_catalog.pg_identify_object(d.classid, d.objid, d.objsubid) AS i
  WHERE d.deptype = 'o' AND d.refclassid = 'pg_catalog.pg_authid'::regclass AND d.refobjid = (SELECT r.oid FROM pg_catalog.pg_roles r WHERE r.rolname = '${OWNER}')
    AND d.dbid = (SELECT b.oid FROM pg_catalog.pg_database b WHERE b.datname = current_database())
    AND i.type <> 'default acl' AND coalesce(i.schema, i.name) <> ALL(${SCHEMAS}) ORDER BY i.type, i.identity`

const GUARDS = `(SELECT format('the trigger %s of %s is none of eosflow', f.name, f.id) AS what,
    format('DROP TRIGGER IF EXISTS %s ON %s', f.name, f.id) AS mend, NULL AS hint, f.known AS place FROM fired f WHERE f.known <> ALL(${TRIGGERS})
  UNION ALL SELECT format('the trigger %s of %s is switched off', f.name, f.id), format('ALTER TABLE %s ENABLE TRIGGER %s', f.id, f.name), NULL, f.known
    FROM fired f WHERE f.known = ANY(${TRIGGERS}) AND NOT f.enabled ORDER BY place)
  UNION ALL SELECT format('the trigger %s of %s is missing: records can be altered', split_part(g.known, ' ', 2), split_part(g.known, ' ', 1)), NULL,
    'Somebody who owns the store has dropped it: eosflow audit verify says whether the record holds.', NULL
    FROM unnest(${TRIGGERS}) AS g(known) WHERE EXISTS (SELECT 1 FROM objects o WHERE o.id = 'eosflow.register') AND NOT EXISTS (SELECT 1 FROM fired f WHERE f.known = g.known)`

const BOUND = `SELECT format('the rule %I of %I.%I is none of eosflow', w.rulename, n.nspname, c.relname) AS what,
    format('DROP RULE IF EXISTS %I ON %I.%I', w.rulename, n.nspname, c.relname) AS mend, 'rule' AS kind, format('%I', w.rulename) AS name FROM pg_catalog.pg_rewrite w
    JOIN pg_catalog.pg_class c ON c.oid = w.ev_class JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname = ANY(${SCHEMAS}) AND c.relkind NOT IN ('v', 'm')
  UNION ALL SELECT format('the policy %I of %I.%I is none of eosflow', p.polname, n.nspname, c.relname),
    format('DROP POLICY IF EXISTS %I ON %I.%I', p.polname, n.nspname, c.relname), 'policy', format('%I', p.polname) FROM pg_catalog.pg_policy p
    JOIN pg_catalog.pg_class c ON c.oid = p.polrelid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = ANY(${SCHEMAS})
  UNION ALL SELECT format('%I.%I is bound to a table of eosflow (%I)', m.nspname, b.relname, k.conname),
    format('ALTER TABLE %I.%I DROP CONSTRAINT IF EXISTS %I', m.nspname, b.relname, k.conname), 'constraint', format('%I', k.conname) FROM pg_catalog.pg_constraint k
    JOIN pg_catalog.pg_class c ON c.oid = k.confrelid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    JOIN pg_catalog.pg_class b ON b.oid = k.conrelid JOIN pg_catalog.pg_namespace m ON m.oid = b.relnamespace
    WHERE k.contype = 'f' AND n.nspname = ANY(${SCHEMAS}) AND m.nspname <> n.nspname ORDER BY kind, name`

const HIDDEN = `SELECT format('rows of %I.%I are hidden from some (row level security)', n.nspname, c.relname) AS what,
    format('ALTER TABLE %I.%I DISABLE ROW LEVEL SECURITY', n.nspname, c.relname) AS mend
  FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  WHERE n.nspname = ANY(${SCHEMAS}) AND c.relrowsecurity ORDER BY format('%I.%I', n.nspname, c.relname)`

const LEFT_OVER = `SELECT format('%s has %s on %s %s', g.role, string_agg(g.right || CASE WHEN g.further THEN ' and may give it' ELSE '' END, ', ' ORDER BY g.right), lower(g.word), g.id) AS what,
    format('REVOKE ALL ON %s %s FROM %s CASCADE', CASE WHEN g.kind = 'other' THEN 'TABLE' ELSE g.word END, g.id, g.grantee) AS mend
  FROM given g WHERE g.further OR NOT EXISTS (
    SELECT 1 FROM meant m WHERE g.role = '${WORKER}' AND m.kind = g.kind AND m.schema = g.schema AND m.object = g.name AND g.right = ANY(m.rights))
  GROUP BY g.word, g.id, g.kind, g.role, g.grantee ORDER BY g.word, g.id, g.role`

const GIVEN_COLUMNS = `SELECT format('%s has %s on the column %s of %s', c.role, c.right, c.name, c.id) AS what,
    format('REVOKE ALL (%s) ON TABLE %s FROM %s CASCADE', c.name, c.id, c.role) AS mend
  FROM (SELECT format('%I.%I', n.nspname, c.relname) AS id, format('%I', t.attname) AS name, coalesce(quote_ident(g.rolname), 'PUBLIC') AS role,
    a.privilege_type AS "right" FROM pg_catalog.pg_attribute t JOIN pg_catalog.pg_class c ON c.oid = t.attrelid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    CROSS JOIN LATERAL aclexplode(t.attacl) AS a LEFT JOIN pg_catalog.pg_roles g ON g.oid = a.grantee
    WHERE n.nspname = ANY(${SCHEMAS}) AND a.grantee <> c.relowner) AS c ORDER BY c.id, c.name, c.role, c.right`

const GIVEN_LATER = `SELECT format('%s has rights on %s that %s makes later%s', l.role, lower(l.word), l.owner, ' in ' || l.schema) AS what,
    format('ALTER DEFAULT PRIVILEGES FOR ROLE %s %sREVOKE ALL ON %s FROM %s CASCADE', l.owner, 'IN SCHEMA ' || l.schema || ' ', l.word, l.role) AS mend
  FROM (SELECT DISTINCT format('%I', r.rolname) AS owner, quote_ident(n.nspname) AS schema, coalesce(quote_ident(g.rolname), 'PUBLIC') AS role,
    CASE d.defaclobjtype WHEN 'r' THEN 'TABLES' WHEN 'S' THEN 'SEQUENCES' WHEN 'f' THEN 'ROUTINES' WHEN 'T' THEN 'TYPES' ELSE 'SCHEMAS' END AS word
    FROM pg_catalog.pg_default_acl d JOIN pg_catalog.pg_roles r ON r.oid = d.defaclrole LEFT JOIN pg_catalog.pg_namespace n ON n.oid = d.defaclnamespace
    CROSS JOIN LATERAL aclexplode(d.defaclacl) AS a LEFT JOIN pg_catalog.pg_roles g ON g.oid = a.grantee
    WHERE (n.nspname = ANY(${SCHEMAS}) OR (d.defaclnamespace = 0 AND r.rolname = '${OWNER}'))
      AND (r.rolsuper OR pg_has_role(r.oid, '${OWNER}', 'MEMBER')) AND a.grantee <> d.defaclrole) AS l ORDER BY l.owner, l.schema, l.role, l.word`

const LACKING = `SELECT format('${WORKER} has no %s on %s %s', l.rights, lower(o.word), o.id) AS what, format('GRANT %s ON %s %s TO ${WORKER}', l.rights, o.word, o.id) AS mend
  FROM objects o JOIN meant m ON m.kind = o.kind AND m.schema = o.schema AND m.object = o.name,
    LATERAL (SELECT string_agg(w."right", ', ' ORDER BY w.place) AS rights FROM unnest(m.rights) WITH ORDINALITY AS w("right", place)
      WHERE NOT EXISTS (SELECT 1 FROM given g WHERE g.word = o.word AND g.id = o.id AND g.role = '${WORKER}' AND g.right = w."right" AND NOT g.further)) AS l
  WHERE l.rights IS NOT NULL ORDER BY o.kind <> 'schema', o.word, o.id`

const AROUND = `SELECT format('%s may make objects in the %s %s: who works there by hand may run what a login of workers has left',
      CASE WHEN a.role = 'PUBLIC' THEN 'everybody' ELSE a.role END, a.kind, a.name) AS what,
    format('REVOKE CREATE ON %s %s FROM %s;', upper(a.kind), a.name, a.role) AS hint, true AS "isAround"
  FROM (SELECT p.kind, p.name, CASE WHEN a.grantee = 0 THEN 'PUBLIC' ELSE quote_ident(g.rolname) END AS role
    FROM (SELECT 'database' AS kind, format('%I', d.datname) AS name, coalesce(d.datacl, acldefault('d', d.datdba)) AS acl
        FROM pg_catalog.pg_database d WHERE d.datname = current_database()
      UNION ALL SELECT 'schema', format('%I', n.nspname), coalesce(n.nspacl, acldefault('n', n.nspowner)) FROM pg_catalog.pg_namespace n WHERE n.nspname = 'public') AS p
      CROSS JOIN LATERAL aclexplode(p.acl) AS a LEFT JOIN pg_catalog.pg_roles g ON g.oid = a.grantee
    WHERE a.privilege_type = 'CREATE' AND (a.grantee = 0 OR (NOT g.rolsuper AND pg_has_role(a.grantee, '${WORKER}', 'MEMBER') AND NOT pg_has_role(a.grantee, '${OWNER}', 'MEMBER')))
  ) AS a ORDER BY a.kind, a.name, a.role`

const KINDS = [
  ROLES,
  BOTH,
  EVENTS,
  OWNED,
  LYING,
  ELSEWHERE,
  GUARDS,
  BOUND,
  HIDDEN,
  LEFT_OVER,
  GIVEN_COLUMNS,
  GIVEN_LATER,
  LACKING,
  AROUND,
]

export interface Deviation {
  readonly what: string
  /** The statement that puts it right; absent where a person has to decide. */
  readonly mend?: string
  readonly hint?: string
  readonly stops?: boolean
  readonly isAround?: boolean
}

export async function deviations(ask: Ask): Promise<readonly Deviation[]> {
  const [roles] = await ask<{ made: boolean }>(
    `SELECT count(*) = 2 AS made FROM pg_catalog.pg_roles WHERE rolname IN ('${OWNER}', '${WORKER}')`,
  )
  if (roles?.made !== true) return []
  const found: Deviation[] = []
  for (const kind of KINDS) {
    const rows = await ask<{ deviation: Deviation }>(
      `${FACTS} SELECT jsonb_strip_nulls(to_jsonb(d)) AS deviation FROM (${kind}) AS d`,
    )
    found.push(...rows.map(({ deviation }) => deviation))
  }
  return found
}

// Functions and operators are those of PostgreSQL, whatever lies in a schema of the store.
const ONLY_CATALOG = 'SET LOCAL search_path = pg_catalog, pg_temp'
const AS_BEFORE = 'SET LOCAL search_path = eosflow, pg_temp'

const TABLES = `SELECT string_agg(format('%I.%I', n.nspname, c.relname), ', ' ORDER BY n.nspname, c.relname) AS tables
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = ANY(${SCHEMAS}) AND c.relkind IN ('r', 'p')`

/**
 * Has the schemas of eosflow as the table of rights says, within a transaction of whoever owns them and before anything is written there: what somebody
 * has planted would run with the rights of who writes. Throws `store` where something is there that only a person can judge.
 */
export async function putRight(session: Session, address: PostgresAddress): Promise<void> {
  await session.send(ONLY_CATALOG)
  const ask = askOver(session)
  const found = await deviations(ask)
  requireNone(found, address)
  if (found.some(({ mend }) => mend !== undefined)) {
    const [{ tables } = {}] = await ask<{ tables: string | null }>(TABLES)
    if (typeof tables === 'string') await session.send(`LOCK TABLE ${tables} IN ACCESS EXCLUSIVE MODE`)
    // Looked at again as often as something comes to light that was behind something else: a right that is given again once all were taken back.
    for (let round = 0; round < 3; round += 1) {
      const left = await deviations(ask)
      requireNone(left, address)
      for (const { mend } of left) if (mend !== undefined) await session.send(mend)
    }
    requireNothingLeft(await deviations(ask), address)
  }
  await session.send(AS_BEFORE)
}

function requireNone(found: readonly Deviation[], address: PostgresAddress) {
  const grave = found.find(({ stops }) => stops)
  if (grave !== undefined) throw nothingWritten(address, grave.what, grave.hint)
}

function requireNothingLeft(found: readonly Deviation[], address: PostgresAddress) {
  requireNone(found, address)
  const left = found.find(({ mend }) => mend !== undefined)
  if (left === undefined) return
  const hint = 'Find out who puts it there again, and take it away; then try again.'
  throw nothingWritten(address, `${left.what}, also once it was put right`, hint)
}

function nothingWritten(address: PostgresAddress, what: string, hint: string | undefined) {
  return new EosflowError('store', `nothing is written to ${addressWords(address)}: ${what}`, definedMembers({ hint }))
}

/** Throws `store`. */
export async function foundDeviations(address: PostgresAddress): Promise<readonly Deviation[]> {
  const questions = new Questions(address, { name: 'eosflow, checking' })
  try {
    return await questions.view(async (ask) => {
      await ask(ONLY_CATALOG)
      return deviations(ask)
    })
  } finally {
    await questions.close()
  }
}
