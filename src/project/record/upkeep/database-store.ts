import { dirname, join } from 'node:path'
import type { Questions } from '../../../change/record/postgres/database.ts'
import type { LayoutChange } from '../../../change/record/postgres/layout.ts'
import type { ServerFinding } from '../../../change/record/postgres/server-check.ts'
import type { PostgresAddress } from '../../../change/record/postgres/server-config.ts'
import { KeyRing } from '../../../change/record/seal/store-keys.ts'
import { idInUseAt } from '../../../change/record/sqlite/move-out.ts'
import { EosflowError } from '../../../model/error.ts'
import { definedItems, definedMembers } from '../../../model/json.ts'
import { withFetchedKey } from '../../app/secrets/open-secrets.ts'
import { requireDriver } from '../../app/store/driver.ts'
import { requireNoneSeen } from '../../app/store/lost-store.ts'
import { type DatabaseProject, databaseAddress, databaseKey } from '../../files/database-place.ts'
import type { Project } from '../../files/project.ts'
import { isDatabase, readStoreAddress } from '../../files/settings/store-address.ts'
import { installKeysWith, readOrMakeInstallKey } from '../../system/machine/key-files.ts'
import type { Host } from '../../system/process/host.ts'
import { inputError } from '../../system/process/input-error.ts'
import { keptFromPrint } from '../../system/process/kept-from-print.ts'
import { noSeams } from '../../system/process/seams.ts'
import type { MovedStore, moveStore } from './move.ts'

export interface DatabaseReport {
  readonly findings: readonly ServerFinding[]
  readonly change?: LayoutChange
}

/** Throws InputError where there is none. */
export function withDatabase(project: Project, named: string | undefined): DatabaseProject {
  if (named === undefined) {
    const { database } = project
    if (database !== undefined) return { ...project, database }
    throw inputError(
      'eosflow.yaml',
      'no-database',
      'the store of this project is a file',
      'Name the database: `store: postgres://…`.',
    )
  }
  if (!isDatabase(named)) {
    throw inputError('argument', 'bad-store', `${named} is no address of a database`, 'It begins with `postgres://`.')
  }
  const database = readStoreAddress(named)
  if ('fault' in database) throw inputError('argument', 'bad-store', database.fault, database.hint)
  return { ...project, database, store: join(dirname(project.store), 'store.db') }
}

/** Throws `store` where it cannot be asked. */
export async function checkDatabase(project: DatabaseProject, host: Host): Promise<DatabaseReport> {
  await requireDriver()
  const { serverFacts, judgeServer } = await import('../../../change/record/postgres/server-check.ts')
  const { clock } = host.seams ?? noSeams
  const facts = await serverFacts(databaseAddress(project, host), () => clock.now())
  const findings = judgeServer(facts, project.settings.workers.durability)
  const others = [await queuesFinding(project, host), await fileFinding(project, host)]
  return { findings: [...findings, ...others.filter((one) => one !== undefined)] }
}

async function fileFinding(project: DatabaseProject, host: Host): Promise<ServerFinding | undefined> {
  const file = join(dirname(project.store), 'store.db')
  const id = idInUseAt(file)
  if (id === undefined) return undefined
  const { isStoreOf } = await import('../../../change/record/postgres/copied.ts')
  const isHere = await checking(databaseAddress(project, host), (questions) =>
    isStoreOf(questions, id).catch(() => false),
  )
  if (!isHere) return undefined
  return {
    level: 'fault',
    what: `${file} is a backup of the store that was moved here: who uses it writes to another store than everybody else`,
    hint: 'Move it away, and look at what was written to it since the move: that is in it alone.',
  }
}

export async function checkStore(project: DatabaseProject, host: Host): Promise<DatabaseReport> {
  const { findings } = await checkDatabase(project, host)
  const address = databaseAddress(project, host)
  const layout = await layoutFinding(address)
  return { findings: [...findings, layout, ...(layout.level === 'good' ? await rightsFindings(address, host) : [])] }
}

async function rightsFindings(address: PostgresAddress, host: Host): Promise<readonly ServerFinding[]> {
  const { foundDeviations } = await import('../../../change/record/postgres/put-right.ts')
  const { mayOwn } = await import('../../../change/record/postgres/layout.ts')
  const found = (await foundDeviations(address)).map(
    ({ what, hint = host.words({ code: 'put-rights-right' }), isAround }) =>
      ({ level: isAround === true ? 'warning' : 'fault', what, hint }) as const,
  )
  const own: ServerFinding = {
    level: 'warning',
    what: `${address.user} owns the store: whoever has its password can alter every record`,
    hint: 'Name in eosflow.yaml a login that is a member of eos_worker alone (docs/store-on-postgresql.md).',
  }
  return definedItems(
    !found.some(({ level }) => level === 'fault') &&
      ({ level: 'good', what: 'its roles have the rights that they need, and no others' } as const),
    ...found,
    (await mayOwn(address)) && own,
  )
}

async function layoutFinding(address: PostgresAddress): Promise<ServerFinding> {
  const { foundLayout } = await import('../../../change/record/postgres/layout.ts')
  const { requireLayout } = await import('../../../change/record/postgres/layout.ts')
  try {
    const layout = await checking(address, (questions) => foundLayout(questions, address))
    requireLayout(address, layout)
    return { level: 'good', what: `the store has layout ${layout}` }
  } catch (error) {
    if (!(error instanceof EosflowError) || error.kind !== 'store') throw error
    const { message, hint } = error
    return { level: 'fault', what: message, ...definedMembers({ hint }) }
  }
}

async function queuesFinding(project: DatabaseProject, host: Host): Promise<ServerFinding | undefined> {
  if (project.settings.workers.dispatch !== 'dbos') return undefined
  const tables = await dispatchTables()
  if (tables === undefined) {
    return {
      level: 'warning',
      what: 'the package @dbos-inc/dbos-sdk is not installed here: no worker runs on this machine, and nothing is known of the queues',
      hint: 'npm install @dbos-inc/dbos-sdk@5.3.0',
    }
  }
  const found = await tables.tablesAre(databaseAddress(project, host))
  if (found === 'there') return { level: 'good', what: 'the queues of the workers are there (schema dbos)' }
  if (found === 'forbidden') {
    return {
      level: 'warning',
      what: 'this user may not use the queues of the workers (schema dbos)',
      hint: 'GRANT eos_worker TO it; whoever has made the store makes it once more, which gives the rights.',
    }
  }
  return {
    level: 'warning',
    what: 'the queues of the workers are not there, or of another version (schema dbos)',
    hint: 'Whoever has made the store makes it once more: what is there stays, what lacks is made.',
  }
}

function dispatchTables() {
  return import('../../app/dispatch/dbos/dbos-tables.ts').catch(() => undefined)
}

async function makeQueues(project: DatabaseProject, host: Host) {
  if (project.settings.workers.dispatch !== 'dbos') return
  await (await dispatchTables())?.makeTables(databaseAddress(project, host), (host.seams ?? noSeams).clock)
}

/** Makes a store in a database, unless one is there; with `begins` also where one is lost, with `isForMove` for that of a file. The install key is made where there is neither. */
export async function initDatabase(
  project: DatabaseProject,
  given: Host,
  { begins = false, isForMove = false }: { readonly begins?: boolean; readonly isForMove?: boolean } = {},
): Promise<DatabaseReport> {
  const host = await withFetchedKey(project, given)
  const report = await checkDatabase(project, host)
  const faults = report.findings.filter(({ level }) => level === 'fault')
  if (faults.length > 0) {
    const [first] = faults
    throw new EosflowError('store', `no store was made: ${faults.map(({ what }) => what).join('; ')}`, {
      ...(first?.hint === undefined ? {} : { hint: first.hint }),
    })
  }
  const { makeStore } = await import('../../../change/record/postgres/layout.ts')
  // A key that was made beside a store of another key would be in the way of the one that belongs there.
  const folder = dirname(project.store)
  const isThere = await hasStore(databaseAddress(project, host))
  if (!isThere && !begins) requireNoneSeen(project, host)
  const key = isThere ? databaseKey(folder, host) : readOrMakeInstallKey(folder, host.env)
  const keys = keptFromPrint(host, installKeysWith(key, folder, host.env))
  const change = await makeStore(databaseAddress(project, host), new KeyRing(keys), { isForMove })
  await makeQueues(project, host)
  return { ...(await checkDatabase(project, host)), change }
}

async function hasStore(address: PostgresAddress) {
  const found = await checking(address, (questions) =>
    questions.one<{ there: boolean }>("SELECT to_regclass('eosflow.store') IS NOT NULL AS there"),
  )
  return found?.there === true
}

async function checking<T>(address: PostgresAddress, ask: (questions: Questions) => Promise<T>) {
  const { Questions } = await import('../../../change/record/postgres/database.ts')
  const questions = new Questions(address, { name: 'eosflow, checking' })
  try {
    return await ask(questions)
  } finally {
    await questions.close()
  }
}

/** Throws `store`. */
export async function migrateDatabase(project: DatabaseProject, host: Host): Promise<DatabaseReport> {
  await requireDriver()
  const { migrateStore } = await import('../../../change/record/postgres/layout.ts')
  const change = await migrateStore(databaseAddress(project, host))
  await makeQueues(project, host)
  return { findings: [], change }
}

/**
 * Moves a store from its file into a database, making a store there where there is none, unless the keys beside the file are not those that it would
 * be made under. Throws what `moveStore` throws.
 */
export async function moveIntoDatabase(
  ...[project, host, caller, options]: Parameters<typeof moveStore>
): Promise<MovedStore> {
  await requireDriver()
  const move = await import('./move.ts')
  const make = async () => {
    if (dirname(options.file) !== dirname(project.store) || (await hasStore(databaseAddress(project, host)))) return
    await initDatabase(project, host, { isForMove: true })
  }
  return move.moveStore(project, host, caller, { ...options, make })
}
