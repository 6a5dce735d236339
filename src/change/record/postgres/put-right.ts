import { EosflowError } from '../../../model/error.ts'
import { definedMembers } from '../../../model/json.ts'
import { type Ask, askOver, Questions, type Session } from './database.ts'
import { OWNER, RIGHTS, SCHEMAS, TRIGGERS, WORKER } from './rights.ts'
import { addressWords, type PostgresAddress } from './server-config.ts'

const OBJECTS = `SELECT 'schema' AS kind, n.nspname::text AS schema, n.nspname::text AS name, 'SCHEMA' AS word, format('%I', n.nspname) AS id,
    n.nspowner AS owner, coalesce(n.nspacl, acldefault('n', n.nspowner)) AS acl FROM pg_catalog.pg_namespace n WHERE n.nspname = ANY($1::text[])
  UNION ALL SELECT CASE c.relkind WHEN 'S' THEN 'sequence' WHEN 'r' THEN 'table' ELSE 'other' END, n.nspname::text, c.relname::text,
    CASE c.relkind WHEN 'S' THEN 'SEQUENCE' WHEN 'v' THEN 'VIEW' WHEN 'm' THEN 'MATERIALIZED VIEW' WHEN 'f' THEN 'FOREIGN TABLE' ELSE 'TABLE' END,
    format('%I.%I', n.nspname, c.relname), c.relowner,
    coalesce(c.relacl, acldefault(CASE c.relkind WHEN 'S' THEN 's'::"char" ELSE 'r'::"char" END, c.relowner))
    FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname = ANY($1::text[]) AND c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S')
  UNION ALL SELECT 'function', n.nspname::text, p.proname::text, 'ROUTINE',
    (pg_identify_object('pg_proc'::regclass, p.oid, 0)).identity, p.proowner,
    coalesce(p.proacl, acldefault('f', p.proowner))
    FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace WHERE n.nspname = ANY($1::text[])`

const OWNED = `SELECT o.kind, o.schema, o.name, o.word, o.id, r.rolname::text AS role, r.rolsuper OR pg_has_role(r.oid, '${OWNER}', 'MEMBER') AS trusted
    FROM (${OBJECTS}) AS o JOIN pg_catalog.pg_roles r ON r.oid = o.owner ORDER BY o.kind <> 'schema', o.word, o.id`

const LYING = `SELECT i.type, i.identity, n.nspname::text AS schema, i.name FROM pg_catalog.pg_depend d
    JOIN pg_catalog.pg_namespace n ON d.refclassid = 'pg_catalog.pg_namespace'::regclass AND d.refobjid = n.oid,
    LATERAL (SELECT f.type, f.identity, coalesce(
        (SELECT p.proname::text FROM pg_catalog.pg_proc p WHERE d.classid = 'pg_catalog.pg_proc'::regclass AND p.oid = d.objid),
        (SELECT c.relname::text FROM pg_catalog.pg_class c WHERE d.classid = 'pg_catalog.pg_class'::regclass AND c.oid = d.objid)) AS name
      FROM pg_catalog.pg_identify_object(d.classid, d.objid, d.objsubid) AS f) AS i
  WHERE n.nspname = ANY($1::text[]) AND i.type <> 'default acl' ORDER BY 1, 2`

// Those that belong to a foreign key are PostgreSQL's.
const FIRED = `SELECT format('%s.%s %s', n.nspname, c.relname, t.tgname) AS known, format('%I', t.tgname) AS name, format('%I.%I', n.nspname, c.relname) AS id,
    t.tgenabled = 'O' AS enabled FROM pg_catalog.pg_trigger t JOIN pg_catalog.pg_class c ON c.oid = t.tgrelid
    JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = ANY($1::text[]) AND NOT t.tgisinternal ORDER BY 1`

const BOUND = `SELECT 'rule' AS kind, format('%I', w.rulename) AS name, format('%I.%I', n.nspname, c.relname) AS id FROM pg_catalog.pg_rewrite w
    JOIN pg_catalog.pg_class c ON c.oid = w.ev_class JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname = ANY($1::text[]) AND c.relkind NOT IN ('v', 'm')
  UNION ALL SELECT 'policy', format('%I', p.polname), format('%I.%I', n.nspname, c.relname) FROM pg_catalog.pg_policy p
    JOIN pg_catalog.pg_class c ON c.oid = p.polrelid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = ANY($1::text[])
  UNION ALL SELECT 'constraint', format('%I', k.conname), format('%I.%I', m.nspname, b.relname) FROM pg_catalog.pg_constraint k
    JOIN pg_catalog.pg_class c ON c.oid = k.confrelid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    JOIN pg_catalog.pg_class b ON b.oid = k.conrelid JOIN pg_catalog.pg_namespace m ON m.oid = b.relnamespace
    WHERE k.contype = 'f' AND n.nspname = ANY($1::text[]) AND m.nspname <> n.nspname ORDER BY 1, 2`

const HIDDEN = `SELECT format('%I.%I', n.nspname, c.relname) AS id FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  WHERE n.nspname = ANY($1::text[]) AND c.relrowsecurity ORDER BY 1`

const GIVEN = `SELECT o.kind, o.schema, o.name, o.word, o.id, coalesce(g.rolname::text, 'PUBLIC') AS role, a.privilege_type AS "right", a.is_grantable AS further
    FROM (${OBJECTS}) AS o CROSS JOIN LATERAL aclexplode(o.acl) AS a LEFT JOIN pg_catalog.pg_roles g ON g.oid = a.grantee WHERE a.grantee <> o.owner ORDER BY 4, 5, 6, 7`

const GIVEN_COLUMNS = `SELECT format('%I.%I', n.nspname, c.relname) AS id, format('%I', t.attname) AS name, coalesce(quote_ident(g.rolname), 'PUBLIC') AS role,
    a.privilege_type AS "right" FROM pg_catalog.pg_attribute t JOIN pg_catalog.pg_class c ON c.oid = t.attrelid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    CROSS JOIN LATERAL aclexplode(t.attacl) AS a LEFT JOIN pg_catalog.pg_roles g ON g.oid = a.grantee
    WHERE n.nspname = ANY($1::text[]) AND a.grantee <> c.relowner ORDER BY 1, 2, 3, 4`

const GIVEN_LATER = `SELECT DISTINCT format('%I', r.rolname) AS owner, quote_ident(n.nspname) AS schema, coalesce(quote_ident(g.rolname), 'PUBLIC') AS role,
    CASE d.defaclobjtype WHEN 'r' THEN 'TABLES' WHEN 'S' THEN 'SEQUENCES' WHEN 'f' THEN 'ROUTINES' WHEN 'T' THEN 'TYPES' ELSE 'SCHEMAS' END AS word
    FROM pg_catalog.pg_default_acl d JOIN pg_catalog.pg_roles r ON r.oid = d.defaclrole LEFT JOIN pg_catalog.pg_namespace n ON n.oid = d.defaclnamespace
    CROSS JOIN LATERAL aclexplode(d.defaclacl) AS a LEFT JOIN pg_catalog.pg_roles g ON g.oid = a.grantee
    WHERE (n.nspname = ANY($1::text[]) OR (d.defaclnamespace = 0 AND r.rolname = '${OWNER}'))
      AND (r.rolsuper OR pg_has_role(r.oid, '${OWNER}', 'MEMBER')) AND a.grantee <> d.defaclrole ORDER BY 1, 2, 3, 4`

const ROLES = `SELECT r.rolname::text AS role, r.rolcanlogin OR r.rolsuper OR r.rolcreaterole OR r.rolcreatedb OR r.rolreplication OR r.rolbypassrls AS can,
    (SELECT string_agg(b.rolname::text, ', ' ORDER BY b.rolname) FROM pg_catalog.pg_roles b
      WHERE r.rolname = '${WORKER}' AND b.oid <> r.oid AND pg_has_role(r.oid, b.oid, 'MEMBER')) AS more
    FROM pg_catalog.pg_roles r WHERE r.rolname IN ('${OWNER}', '${WORKER}') ORDER BY 1`

// Logins of workers, also by way of another role, that own the store or may do what makes somebody an owner, themselves or in a role that they
// can take (SET ROLE): give roles (CREATEROLE before PostgreSQL 16), read every row, copy the server, read or write every table, or read,
// write and run as the user of the server (postgresql.org/docs/current/predefined-roles.html).
const BOTH = `SELECT r.rolname::text AS role, pg_has_role(r.oid, '${OWNER}', 'MEMBER') AS owns,
    (SELECT string_agg(w.what || CASE WHEN b.oid = r.oid OR w.what = b.rolname THEN '' ELSE ' of ' || b.rolname END, ', ' ORDER BY w.what COLLATE "C", b.rolname)
      FROM pg_catalog.pg_roles b, LATERAL (VALUES ('SUPERUSER', b.rolsuper), ('CREATEROLE', b.rolcreaterole), ('REPLICATION', b.rolreplication), ('BYPASSRLS', b.rolbypassrls),
        (b.rolname::text, b.rolname IN ('pg_execute_server_program', 'pg_read_server_files', 'pg_write_server_files', 'pg_read_all_data', 'pg_write_all_data'))) AS w(what, has)
      WHERE w.has AND pg_has_role(r.oid, b.oid, 'MEMBER')) AS more
    FROM pg_catalog.pg_roles r WHERE r.rolcanlogin AND NOT r.rolsuper AND pg_has_role(r.oid, '${WORKER}', 'USAGE') ORDER BY 1`

const ELSEWHERE = `SELECT i.type, i.identity FROM pg_catalog.pg_shdepend d, LATERAL pg_catalog.pg_identify_object(d.classid, d.objid, d.objsubid) AS i
  WHERE d.deptype = 'o' AND d.refclassid = 'pg_catalog.pg_authid'::regclass AND d.refobjid = (SELECT r.oid FROM pg_catalog.pg_roles r WHERE r.rolname = '${OWNER}')
    AND d.dbid = (SELECT b.oid FROM pg_catalog.pg_database b WHERE b.datname = current_database())
    AND i.type <> 'default acl' AND coalesce(i.schema, i.name) <> ALL($1::text[]) ORDER BY 1, 2`

const AROUND = `SELECT 'database' AS kind, format('%I', d.datname) AS name, CASE WHEN a.grantee = 0 THEN 'PUBLIC' ELSE quote_ident(g.rolname) END AS role
    FROM pg_catalog.pg_database d CROSS JOIN LATERAL aclexplode(coalesce(d.datacl, acldefault('d', d.datdba))) AS a LEFT JOIN pg_catalog.pg_roles g ON g.oid = a.grantee
    WHERE d.datname = current_database() AND a.privilege_type = 'CREATE' AND (a.grantee = 0 OR (NOT g.rolsuper AND pg_has_role(a.grantee, '${WORKER}', 'MEMBER') AND NOT pg_has_role(a.grantee, '${OWNER}', 'MEMBER')))
  UNION ALL SELECT 'schema', format('%I', n.nspname), CASE WHEN a.grantee = 0 THEN 'PUBLIC' ELSE quote_ident(g.rolname) END
    FROM pg_catalog.pg_namespace n CROSS JOIN LATERAL aclexplode(coalesce(n.nspacl, acldefault('n', n.nspowner))) AS a LEFT JOIN pg_catalog.pg_roles g ON g.oid = a.grantee
    WHERE n.nspname = 'public' AND a.privilege_type = 'CREATE' AND (a.grantee = 0 OR (NOT g.rolsuper AND pg_has_role(a.grantee, '${WORKER}', 'MEMBER') AND NOT pg_has_role(a.grantee, '${OWNER}', 'MEMBER')))
  ORDER BY 1, 2, 3`

const EVENTS = `SELECT format('%I', e.evtname) AS name, format('%I', r.rolname) AS role FROM pg_catalog.pg_event_trigger e JOIN pg_catalog.pg_proc p ON p.oid = e.evtfoid
  JOIN pg_catalog.pg_roles r ON r.oid = p.proowner WHERE NOT r.rolsuper ORDER BY 1`

export interface Deviation {
  readonly what: string
  /** The statement that puts it right; absent where a person has to decide. */
  readonly mend?: string
  readonly hint?: string
  readonly stops?: boolean
  readonly isAround?: boolean
}

type Row = Readonly<Record<string, unknown>>
// What has rows is looked at by a person before it goes.
const WITH_ROWS: ReadonlySet<string> = new Set(['table', 'materialized view', 'foreign table', 'sequence'])

export async function deviations(ask: Ask): Promise<readonly Deviation[]> {
  const schemas = [[...SCHEMAS]]
  const [roles] = await ask<Row>(
    `SELECT count(*) = 2 AS made FROM pg_catalog.pg_roles WHERE rolname IN ('${OWNER}', '${WORKER}')`,
  )
  if (roles?.made !== true) return []
  const strange = (await ask<Row>(LYING, schemas)).filter((row) => !isKnown(row))
  const gone = new Set(strange.filter(({ type }) => !WITH_ROWS.has(String(type))).map(({ identity }) => identity))
  const objects = (await ask<Row>(OWNED, schemas)).filter(({ id }) => !gone.has(id))
  const given = (await ask<Row>(GIVEN, schemas)).filter(({ id }) => !gone.has(id))
  return [
    ...(await ask<Row>(ROLES)).flatMap(roleDeviations),
    ...(await ask<Row>(BOTH)).flatMap(bothDeviations),
    // An event trigger would run with each statement that mends something.
    ...(await ask<Row>(EVENTS)).map(eventDeviation),
    ...objects.filter(({ role }) => role !== OWNER).map(ownerDeviation),
    ...strange.map(strangeObject),
    ...(await ask<Row>(ELSEWHERE, schemas)).map(elsewhereDeviation),
    ...triggerDeviations(await ask<Row>(FIRED, schemas), objects),
    ...(await ask<Row>(BOUND, schemas)).map(boundDeviation),
    ...(await ask<Row>(HIDDEN, schemas)).map(hiddenDeviation),
    ...leftOver(given),
    ...(await ask<Row>(GIVEN_COLUMNS, schemas)).map(columnDeviation),
    ...(await ask<Row>(GIVEN_LATER, schemas)).map(laterDeviation),
    ...lacking(objects, given),
    ...(await ask<Row>(AROUND)).map(aroundDeviation),
  ]
}

function isKnown({ type, schema, name }: Row) {
  return RIGHTS.some((one) => one.schema === schema && one.object === name && one.kind === type)
}

function strangeObject({ type, identity }: Row): Deviation {
  const what = `${type} ${identity} is none of eosflow`
  if (WITH_ROWS.has(String(type)))
    return { what, hint: `Look at it; then: DROP ${String(type).toUpperCase()} ${identity} CASCADE` }
  return { what, mend: `DROP ${String(type).toUpperCase()} IF EXISTS ${identity} CASCADE` }
}

function elsewhereDeviation({ type, identity }: Row): Deviation {
  return {
    what: `${type} ${identity} is none of eosflow and belongs to ${OWNER}: it acts with the rights of the owner of the store`,
    hint: `Look at it; then: DROP ${String(type).toUpperCase()} ${identity}`,
  }
}

function roleDeviations({ role, can, more }: Row): readonly Deviation[] {
  return [
    ...(can === true
      ? [
          {
            what: `the role ${role} may log in, or do more than own tables`,
            hint: `ALTER ROLE ${role} NOLOGIN NOSUPERUSER NOCREATEROLE NOCREATEDB NOREPLICATION NOBYPASSRLS;`,
          },
        ]
      : []),
    ...(more === null
      ? []
      : [{ what: `the role ${role} is a member of ${more}`, hint: `REVOKE ${more} FROM ${role};` }]),
  ]
}

function bothDeviations({ role, owns, more }: Row): readonly Deviation[] {
  const login = quoted(String(role))
  if (owns === true)
    return [
      {
        what: `${role} is a login of workers and owns the store: whoever has its password can alter every record`,
        hint: `REVOKE ${OWNER} FROM ${login}; eosflow store init and migrate need another login.`,
      },
    ]
  if (more === null) return []
  const attributes = 'NOCREATEROLE NOREPLICATION NOBYPASSRLS'
  return [
    {
      what: `${role} is a login of workers and may do more (${more}): whoever has its password can become the owner of the store`,
      hint: `ALTER ROLE ${login} ${attributes}; and REVOKE from it the roles that are named here.`,
    },
  ]
}

function eventDeviation({ name, role }: Row): Deviation {
  return {
    what: `the event trigger ${name} runs with what the owner of the store does, and ${role} can alter its function`,
    hint: 'Give its function to a superuser.',
    stops: true,
  }
}

function ownerDeviation({ word, id, role, trusted }: Row): Deviation {
  const what = `${String(word).toLowerCase()} ${id} belongs to ${role}`
  if (trusted === true) return { what, mend: `ALTER ${word} ${id} OWNER TO ${OWNER}` }
  const hint = String(id).startsWith('dbos')
    ? 'It may run what a login of workers has left there. The queues hold nothing that is not on record: a superuser runs DROP SCHEMA dbos CASCADE; then: eosflow store init.'
    : 'Somebody who may log in has made it: find out who, and what it does.'
  return { what, hint, stops: true }
}

function triggerDeviations(fired: readonly Row[], objects: readonly Row[]): readonly Deviation[] {
  const there = new Set(fired.map(({ known }) => String(known)))
  const isMade = objects.some(({ id }) => id === 'eosflow.register')
  const missing = TRIGGERS.filter((known) => isMade && !there.has(known)).map((known) => known.split(' '))
  return [
    ...fired.flatMap(({ known, name, id, enabled }) => {
      if (!TRIGGERS.includes(String(known)))
        return [
          { what: `the trigger ${name} of ${id} is none of eosflow`, mend: `DROP TRIGGER IF EXISTS ${name} ON ${id}` },
        ]
      if (enabled === true) return []
      return [
        { what: `the trigger ${name} of ${id} is switched off`, mend: `ALTER TABLE ${id} ENABLE TRIGGER ${name}` },
      ]
    }),
    ...missing.map(([table, name]) => ({
      what: `the trigger ${name} of ${table} is missing: records can be altered`,
      hint: 'Somebody who owns the store has dropped it: eosflow audit verify says whether the record holds.',
    })),
  ]
}

function boundDeviation({ kind, name, id }: Row): Deviation {
  if (kind === 'constraint')
    return {
      what: `${id} is bound to a table of eosflow (${name})`,
      mend: `ALTER TABLE ${id} DROP CONSTRAINT IF EXISTS ${name}`,
    }
  return {
    what: `the ${kind} ${name} of ${id} is none of eosflow`,
    mend: `DROP ${String(kind).toUpperCase()} IF EXISTS ${name} ON ${id}`,
  }
}

function hiddenDeviation({ id }: Row): Deviation {
  return {
    what: `rows of ${id} are hidden from some (row level security)`,
    mend: `ALTER TABLE ${id} DISABLE ROW LEVEL SECURITY`,
  }
}

function rightOf(row: Row, role: unknown) {
  return RIGHTS.find(
    (one) => one.kind === row.kind && one.schema === row.schema && one.object === row.name && one.role === role,
  )
}

function leftOver(given: readonly Row[]): readonly Deviation[] {
  const left = new Map<string, { readonly row: Row; readonly rights: string[] }>()
  for (const row of given) {
    const isMeant = row.further !== true && rightOf(row, row.role)?.rights.includes(String(row.right)) === true
    if (isMeant) continue
    const key = `${row.word} ${row.id} ${row.role}`
    const one = left.get(key) ?? { row, rights: [] }
    one.rights.push(`${row.right}${row.further === true ? ' and may give it' : ''}`)
    left.set(key, one)
  }
  return [...left.values()].map(({ row, rights }) => ({
    what: `${row.role} has ${rights.join(', ')} on ${String(row.word).toLowerCase()} ${row.id}`,
    mend: `REVOKE ALL ON ${grantWord(row)} ${row.id} FROM ${row.role === 'PUBLIC' ? 'PUBLIC' : quoted(String(row.role))} CASCADE`,
  }))
}

function lacking(objects: readonly Row[], given: readonly Row[]): readonly Deviation[] {
  return objects.flatMap((object) => {
    const meant = rightOf(object, WORKER)
    if (meant === undefined) return []
    const own = given.filter(({ word, id, role }) => word === object.word && id === object.id && role === WORKER)
    const missing = meant.rights.filter((right) => !own.some((row) => row.right === right && row.further !== true))
    if (missing.length === 0) return []
    const [list, word] = [missing.join(', '), grantWord(object)]
    return [
      {
        what: `${WORKER} has no ${list} on ${word.toLowerCase()} ${object.id}`,
        mend: `GRANT ${list} ON ${word} ${object.id} TO ${WORKER}`,
      },
    ]
  })
}

function columnDeviation({ id, name, role, right }: Row): Deviation {
  return {
    what: `${role} has ${right} on the column ${name} of ${id}`,
    mend: `REVOKE ALL (${name}) ON TABLE ${id} FROM ${role} CASCADE`,
  }
}

function laterDeviation({ owner, schema, role, word }: Row): Deviation {
  const place = schema === null ? '' : `IN SCHEMA ${schema} `
  return {
    what: `${role} has rights on ${String(word).toLowerCase()} that ${owner} makes later${schema === null ? '' : ` in ${schema}`}`,
    mend: `ALTER DEFAULT PRIVILEGES FOR ROLE ${owner} ${place}REVOKE ALL ON ${word} FROM ${role} CASCADE`,
  }
}

function aroundDeviation({ kind, name, role }: Row): Deviation {
  return {
    what: `${role === 'PUBLIC' ? 'everybody' : role} may make objects in the ${kind} ${name}: who works there by hand may run what a login of workers has left`,
    hint: `REVOKE CREATE ON ${String(kind).toUpperCase()} ${name} FROM ${role};`,
    isAround: true,
  }
}

function grantWord({ kind, word }: Row) {
  return kind === 'other' ? 'TABLE' : String(word)
}

function quoted(name: string) {
  return `"${name.replaceAll('"', '""')}"`
}

// Functions and operators are those of PostgreSQL, whatever lies in a schema of the store.
const ONLY_CATALOG = 'SET LOCAL search_path = pg_catalog, pg_temp'
const AS_BEFORE = 'SET LOCAL search_path = eosflow, pg_temp'

const TABLES = `SELECT string_agg(format('%I.%I', n.nspname, c.relname), ', ' ORDER BY n.nspname, c.relname) AS tables
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = ANY($1::text[]) AND c.relkind IN ('r', 'p')`

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
    const [{ tables } = {}] = await ask<{ tables: string | null }>(TABLES, [[...SCHEMAS]])
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
  if (grave === undefined) return
  throw new EosflowError('store', `nothing is written to ${addressWords(address)}: ${grave.what}`, {
    ...definedMembers({ hint: grave.hint }),
  })
}

function requireNothingLeft(found: readonly Deviation[], address: PostgresAddress) {
  requireNone(found, address)
  const left = found.find(({ mend }) => mend !== undefined)
  if (left === undefined) return
  throw new EosflowError(
    'store',
    `nothing is written to ${addressWords(address)}: ${left.what}, also once it was put right`,
    {
      hint: 'Find out who puts it there again, and take it away; then try again.',
    },
  )
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
