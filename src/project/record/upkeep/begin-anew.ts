import { closeSync, readSync } from 'node:fs'
import { isMade, lyingAt } from '../../app/store/lost-store.ts'
import type { Project } from '../../files/project.ts'
import type { Caller } from '../../identity/caller-of.ts'
import { openRegular } from '../../system/machine/regular-file.ts'
import type { Host } from '../../system/process/host.ts'
import { inputError } from '../../system/process/input-error.ts'
import { type DatabaseReport, initDatabase, withDatabase } from './database-store.ts'
import { madeReady } from './restore.ts'

/** Throws InputError where a store is there, and `not-authorised`. */
export async function beginAnew(project: Project, host: Host, caller: Caller, reason: string): Promise<void> {
  const other = project.database === undefined ? whatLies(project.store) : undefined
  if (other !== undefined) {
    const hint = host.words({ code: 'replace-damaged-store' })
    throw inputError('store', 'store-damaged', `${other}: no store begins in its place`, hint)
  }
  if (project.database === undefined && isMade(project.store)) {
    const hint = host.words({ code: 'name-other-store' })
    throw inputError('store', 'store-there', `there is a store at ${project.store}`, hint)
  }
  await madeReady(project, host, caller, { reason, records: 0, lost: undefined, isComplete: false }, { begins: true })
}

function whatLies(path: string) {
  const stat = lyingAt(path)
  if (stat?.isDirectory() === true) return `${path} is a folder`
  if (stat === undefined || stat.size === 0) return undefined
  const file = openRegular(path)
  try {
    const head = Buffer.alloc(BEGINNING.length)
    readSync(file, head, 0, head.length, 0)
    return head.equals(BEGINNING) ? undefined : `${path} is damaged, or was never a store`
  } finally {
    closeSync(file)
  }
}

const BEGINNING = Buffer.from('SQLite format 3\0')

interface NewStoreRequest {
  readonly address: string | undefined
  readonly reason: string | undefined
  readonly caller: () => Promise<Caller>
}

/** Throws as {@link beginAnew} and {@link initDatabase} do. */
export async function initStore(
  project: Project,
  host: Host,
  { address, reason, caller }: NewStoreRequest,
): Promise<DatabaseReport> {
  const isFile = reason !== undefined && project.database === undefined && address === undefined
  const wanted = isFile ? project : withDatabase(project, address)
  const begins = reason !== undefined
  const made =
    wanted.database === undefined
      ? undefined
      : await initDatabase({ ...wanted, database: wanted.database }, host, { begins })
  if (reason !== undefined) await beginAnew(wanted, host, await caller(), reason)
  return made ?? { findings: [] }
}
