import { visibleLine } from './visible.ts'

/** A process that shares the store, as people and programs see it. */
export interface WorkerRow {
  readonly id: string
  /** `worker`, `server` or `client`. */
  readonly kind: string
  readonly sites: readonly string[]
  readonly version: string
  /** When it began, ISO 8601 in UTC. */
  readonly since: string
  readonly state: 'alive' | 'silent' | 'draining' | 'dead'
  /** How long ago its last sign of life was, in seconds. */
  readonly silentFor: number
  /** The open executions that are its own. */
  readonly drives: readonly string[]
}

/** Processes as JSON, version 1. */
export function workersJson(rows: readonly WorkerRow[]): object {
  return { version: 1, kind: 'workers', workers: rows }
}

/** Processes as a table for a terminal. */
export function workersText(rows: readonly WorkerRow[]): string {
  if (rows.length === 0) return 'No process has this store open.'
  const head = ['worker', 'kind', 'state', 'sites', 'version', 'last sign', 'drives']
  const cells = rows.map(({ id, kind, state, sites, version, silentFor, drives }) => [
    id,
    kind,
    state,
    sites.join(',') || '-',
    version,
    `${silentFor.toFixed(1)} s ago`,
    drives.length === 0 ? '-' : drives.join(' '),
  ])
  const widths = head.map((title, column) => Math.max(title.length, ...cells.map((row) => row[column]?.length ?? 0)))
  return [head, ...cells]
    .map((row) => visibleLine(row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')).trimEnd())
    .join('\n')
}
