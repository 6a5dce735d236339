import {
  AROUND,
  BOTH,
  BOUND,
  ELSEWHERE,
  EVENTS,
  FIRED,
  GIVEN,
  GIVEN_COLUMNS,
  GIVEN_LATER,
  HIDDEN,
  LYING,
  OWNED,
  ROLES,
} from './catalogue-questions.ts'
import type { Session } from './database.ts'
import { OWNER, RIGHTS, type RoleRight, SCHEMAS, TRIGGERS, WORKER } from './rights.ts'

/** Something in the live catalogue that is not as {@link RIGHTS} has it. */
export interface Deviation {
  readonly what: string
  /** The statement that puts it right; absent where a person has to decide. */
  readonly mend?: string
  /** What a person does. */
  readonly hint?: string
  /** Nothing is written as long as it is so: it would run. */
  readonly stops?: boolean
  /** It is nothing of the store, but of the database around it: nothing of eosflow looks there. */
  readonly isAround?: boolean
}

type Row = Readonly<Record<string, unknown>>
/** Asks one statement. */
export type Ask = (text: string, values?: readonly unknown[]) => Promise<readonly Row[]>

/** The same over a session. */
export function askOver(session: Session): Ask {
  return async (text, values = []) => (await session.send(text, values)).rows
}

/** What has rows is looked at by a person before it goes. */
const WITH_ROWS: ReadonlySet<string> = new Set(['table', 'materialized view', 'foreign table', 'sequence'])

/** What of the live catalogue is not as the table of rights has it. A schema that is not there deviates in nothing. */
export async function deviations(ask: Ask): Promise<readonly Deviation[]> {
  const schemas = [[...SCHEMAS]]
  const [roles] = await ask(
    `SELECT count(*) = 2 AS made FROM pg_catalog.pg_roles WHERE rolname IN ('${OWNER}', '${WORKER}')`,
  )
  if (roles?.made !== true) return []
  const strange = (await ask(LYING, schemas)).filter((row) => !isKnown(row))
  const gone = new Set(strange.filter(({ type }) => !WITH_ROWS.has(String(type))).map(({ identity }) => identity))
  const objects = (await ask(OWNED, schemas)).filter(({ id }) => !gone.has(id))
  const given = (await ask(GIVEN, schemas)).filter(({ id }) => !gone.has(id))
  return [
    ...(await ask(ROLES)).flatMap(roleDeviations),
    ...(await ask(BOTH)).flatMap(bothDeviations),
    // An event trigger would run with each statement that mends something.
    ...(await ask(EVENTS)).map(eventDeviation),
    ...objects.filter(({ role }) => role !== OWNER).map(ownerDeviation),
    ...strange.map(strangeObject),
    ...(await ask(ELSEWHERE, schemas)).map(elsewhereDeviation),
    ...triggerDeviations(await ask(FIRED, schemas), objects),
    ...(await ask(BOUND, schemas)).map(boundDeviation),
    ...(await ask(HIDDEN, schemas)).map(hiddenDeviation),
    ...leftOver(given),
    ...(await ask(GIVEN_COLUMNS, schemas)).map(columnDeviation),
    ...(await ask(GIVEN_LATER, schemas)).map(laterDeviation),
    ...lacking(objects, given),
    ...(await ask(AROUND)).map(aroundDeviation),
  ]
}

function isKnown({ type, schema, name }: Row): boolean {
  return RIGHTS.some((one) => one.schema === schema && one.object === name && one.kind === type)
}

/** What something else was dropped with is not there any more. */
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

/** One of somebody who may log in, and do less, is not taken over: its defaults and indexes run what they name. */
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

function rightOf(row: Row, role: unknown): RoleRight | undefined {
  return RIGHTS.find(
    (one) => one.kind === row.kind && one.schema === row.schema && one.object === row.name && one.role === role,
  )
}

/** Rights that somebody has and should not. */
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

/** Rights that a role lacks. Where one is taken back that should not be there, all of them are given again. */
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

function grantWord({ kind, word }: Row): string {
  return kind === 'other' ? 'TABLE' : String(word)
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}
