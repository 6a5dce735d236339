import type { ExecutionSummary } from '../../change/record/store/store.ts'
import type { WorkerRecord, Workers } from '../../change/record/store/workers.ts'
import type { WorkerRow, WorkersListing } from '../../report/phrases/workers.ts'
import { visibleLine } from '../../report/text/text.ts'
import { requireAllowed, writeAllowed } from '../access/policy/authority.ts'
import type { RecordApp } from '../app/app.ts'
import { sitesOf } from '../app/dispatch/site-of.ts'
import type { Project } from '../files/project.ts'
import { projectOfBundle } from '../history/bundle/published.ts'
import { keptExecutions, leftAloneAmong } from '../history/executions/kept-executions.ts'
import { openSites, unservedAmong } from '../history/sites/parts.ts'
import type { Caller, SilentCaller } from '../identity/caller-of.ts'
import { readyInventory } from '../switches/inventory/refresh-sources.ts'
import type { Console } from '../system/process/console.ts'
import { inputError } from '../system/process/input-error.ts'
import { passClock } from '../system/process/pass-clock.ts'

/** Throws InputError for a store of one machine. */
export function workersOf({ shared }: Pick<RecordApp, 'shared'>): Workers {
  if (shared !== undefined) return shared.workers
  throw inputError(
    'eosflow.yaml',
    'no-workers',
    'the store of this project is a file of one machine: it has no workers',
    'Workers need a store on PostgreSQL: `store: postgres://…`.',
  )
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

const WORKER = 'worker:'

/** `word` is its id, a beginning of that, or its name, with or without `worker:`, where it means one living worker alone. Throws as the policy does, and InputError. */
export async function drainWorker(app: RecordApp, caller: Caller, word: string): Promise<string> {
  const allowed = await requireAllowed(app, caller, 'worker.drain')
  const workers = workersOf(app)
  const meant = meantBy(word, await workers.list())
  const [one] = meant
  if (one === undefined || meant.length > 1) throw unknown(app, word, meant)
  await passClock(app.clockRule, caller)
  const { id: worker, name, sites, version } = one
  const named = name === undefined ? {} : { name }
  const asked = {
    type: 'DrainRequested',
    principal: caller.principal,
    worker,
    ...named,
    sites,
    version,
  } as const
  await writeAllowed(app, caller, allowed, (by) => [{ ...asked, ...by }])
  if (await workers.askToDrain(worker)) return worker
  throw unknown(app, word, [])
}

function meantBy(word: string, all: readonly WorkerRecord[]) {
  const living = all.filter(({ kind, dead }) => kind === 'worker' && dead === undefined)
  const exact = living.filter(({ id }) => id === word)
  if (exact.length > 0 || word === '') return exact
  const named = living.filter(({ name }) => name !== undefined && (name === word || `${WORKER}${name}` === word))
  const heard = named.filter(({ age, ttl }) => age <= ttl)
  const begun = living.filter(({ id }) => id.startsWith(word))
  return [...new Set([...begun, ...(heard.length > 0 ? heard : named)])]
}

function unknown({ words }: Pick<RecordApp, 'words'>, word: string, meant: readonly WorkerRecord[]) {
  const list = meant.map(
    ({ id, name, drain }) =>
      `${name === undefined ? id : `${name} (${id})`}${drain === undefined ? '' : ', which drains'}`,
  )
  const message =
    meant.length > 1
      ? `${meant.length} workers are meant by that: ${visibleLine(list.join(', '))}`
      : 'no such worker lives'
  return inputError(visibleLine(word), 'no-such-worker', message, words({ code: 'list-workers' }))
}

// So many executions of one site at once, where nobody says another number.
const LIMIT = 20
const MOST = 200

interface WorkerTerms {
  readonly sites?: readonly string[]
  readonly limit: number
}

/** Whether a site is there is asked with {@link servedSites}, of what is published: a worker may have no inventory but that. Throws InputError. */
export function workerTerms({
  site,
  limit,
}: {
  readonly site: string | undefined
  readonly limit: string | undefined
}): WorkerTerms {
  const most = limit === undefined ? LIMIT : Number(limit)
  if (!Number.isInteger(most) || most < 1 || most > MOST)
    throw inputError('limit', 'bad-usage', `it is a number from 1 to ${MOST}`, 'For example 20.')
  return { ...(site === undefined ? {} : { sites: site.split(',').map((name) => name.trim()) }), limit: most }
}

// Throws InputError where one of these sites has no switch in the inventory, and no open execution: its switches may have left the inventory
// since.
function requireSites(project: Pick<Project, 'inventory'>, sites: readonly string[], open: readonly string[]) {
  const known = [...new Set([...sitesOf(project), ...open])]
  const unknown = sites.filter((name) => !known.includes(name))
  if (unknown.length === 0) return
  const message = `no switch is of the site ${unknown.join(', ')}`
  throw inputError('site', 'no-such-site', message, `The inventory has: ${known.join(', ')}.`)
}

function publishedSites(app: RecordApp, console: Console) {
  let seen = app.project.published?.digest()
  return async () => {
    const [newest] = await app.store.bundles(1)
    if (newest === undefined || newest.bundle === seen) return []
    const project = await projectOfBundle(app, newest.bundle)
    await readyInventory({ ...app, project }, console, false)
    seen = newest.bundle
    return sitesOf(project)
  }
}

/** Throws InputError where one that is asked for is not there, `store`, and as reading an inventory does. */
export async function servedSites(
  app: RecordApp,
  workers: Pick<Workers, 'serve'>,
  console: Console,
  asked: readonly string[] | undefined,
): Promise<{ readonly sites: readonly string[]; readonly newSites?: () => Promise<readonly string[]> }> {
  if (asked !== undefined) {
    requireSites(app.project, asked, await openSites(app))
    return { sites: asked }
  }
  const newSites = publishedSites(app, console)
  const sites = sitesOf(app.project)
  await workers.serve(sites)
  return { sites, newSites }
}
