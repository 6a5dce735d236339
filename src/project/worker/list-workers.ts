import type { ExecutionSummary } from '../../change/record/store/store.ts'
import type { WorkerRecord, Workers } from '../../change/record/store/workers.ts'
import { problemOf } from '../../model/problem.ts'
import type { WorkerRow, WorkersListing } from '../../report/phrases/workers.ts'
import { requireAllowed } from '../access/policy/authority.ts'
import type { RecordApp } from '../app/app.ts'
import { keptExecutions } from '../history/executions/kept-executions.ts'
import { leftAloneAmong } from '../history/executions/left-alone-executions.ts'
import { unservedAmong } from '../history/sites/unserved.ts'
import type { SilentCaller } from '../identity/caller.ts'
import { InputError } from '../system/process/input-error.ts'

/** Throws InputError for a store of one machine. */
export function workersOf({ shared }: Pick<RecordApp, 'shared'>): Workers {
  if (shared !== undefined) return shared.workers
  throw new InputError([
    problemOf(
      'eosflow.yaml',
      'no-workers',
      'the store of this project is a file of one machine: it has no workers',
      'Workers need a store on PostgreSQL: `store: postgres://…`.',
    ),
  ])
}

/** Throws as the policy does, and InputError. */
export async function listWorkers(app: RecordApp, caller: SilentCaller): Promise<WorkersListing> {
  await requireAllowed(app, caller, 'execution.read')
  const workers = workersOf(app)
  const ttl = app.project.settings.workers.ttl * 1000
  const found = await workers.list()
  const rows = found.filter(({ id }) => id !== workers.own).map((row) => rowOf(row, ttl))
  const open = await app.store.executions({ open: true })
  return { rows, unserved: unservedAmong(open, found), leftAlone: await leftAloneOfDead(app, workers, open) }
}

async function leftAloneOfDead(app: RecordApp, workers: Workers, open: readonly ExecutionSummary[]) {
  const died = await Promise.all(open.map(({ id }) => workers.hasDied(id)))
  const ids = open.flatMap(({ id }, index) => (died[index] === true ? [id] : []))
  return leftAloneAmong(app, await keptExecutions(app.store).each(ids))
}

function rowOf(record: WorkerRecord, ttl: number): WorkerRow {
  const { id, name, kind, sites, version, since, age, driven } = record
  const drives = driven.map(({ execution }) => execution)
  const named = name === undefined ? {} : { name }
  return { id, ...named, kind, sites, version, since, state: stateOf(record, ttl), silentFor: age / 1000, drives }
}

function stateOf({ dead, drain, age }: WorkerRecord, ttl: number): WorkerRow['state'] {
  if (dead !== undefined) return 'dead'
  if (age > ttl) return 'silent'
  return drain === undefined ? 'alive' : 'draining'
}
