import { count, plain, present, tableLines, visibleLine } from '../text/text.ts'
import { type LeftAloneExecution, leftAloneWords } from './left-alone-execution.ts'

export interface WorkerRow {
  readonly id: string
  /** A worker is `worker:NAME` on record, with this name; another process has that of its machine. */
  readonly name?: string
  readonly kind: string
  readonly sites: readonly string[]
  readonly version: string
  /** When it began, ISO 8601 in UTC. */
  readonly since: string
  readonly state: 'alive' | 'silent' | 'draining' | 'dead'
  /** How long ago its last sign of life was, in seconds. */
  readonly silentFor: number
  readonly drives: readonly string[]
}

export interface UnservedSite {
  readonly site: string
  readonly executions: readonly string[]
}

export interface WorkersListing {
  readonly rows: readonly WorkerRow[]
  readonly unserved: readonly UnservedSite[]
  readonly leftAlone: readonly LeftAloneExecution[]
}

const NAMED = 5

/** Processes as JSON, version 1. */
export function workersJson({ rows, unserved, leftAlone }: WorkersListing): object {
  return { version: 1, kind: 'workers', workers: rows, unserved, leftAlone }
}

export function workersText({ rows, unserved, leftAlone }: WorkersListing): string {
  const alone = leftAlone.map((one) => visibleLine(`! ${leftAloneWords(one)}`))
  return [tableOf(rows), ...unserved.map(unservedLine), ...alone].join('\n')
}

/** Says that no worker serves these sites; an empty text for none. */
export function unservedWords(sites: readonly string[]): string {
  if (sites.length === 0) return ''
  return `no worker serves the ${sites.length === 1 ? 'site' : 'sites'} ${sites.map(visibleLine).join(', ')}`
}

function unservedLine({ site, executions }: UnservedSite) {
  const more = executions.length - NAMED
  const names = present(executions.slice(0, NAMED), more > 0 && `and ${more} more`)
  return `! ${unservedWords([site])}: ${count(executions.length, 'open execution')} ${executions.length === 1 ? 'waits' : 'wait'} (${names.join(' ')})`
}

function tableOf(rows: readonly WorkerRow[]) {
  if (rows.length === 0) return 'No process has this store open.'
  const head = ['worker', 'name', 'kind', 'state', 'sites', 'version', 'last sign', 'drives']
  const cells = rows.map(({ id, name = '-', kind, state, sites, version, silentFor, drives }) => [
    id,
    name,
    kind,
    state,
    sites.join(',') || '-',
    version,
    `${silentFor.toFixed(1)} s ago`,
    drives.length === 0 ? '-' : drives.join(' '),
  ])
  return tableLines([head, ...cells.map((row) => row.map(visibleLine))], plain).join('\n')
}
