import { accessSync, constants, mkdirSync, readdirSync } from 'node:fs'
import { dirname } from 'node:path'
import type { Project } from '../../files/project.ts'
import type { Console } from '../../system/process/console.ts'
import type { WordedHost } from '../../system/process/host.ts'
import { lossFileOf, lostHeadWords } from './lost-store.ts'
import type { FoundLostTail } from './missing-records.ts'
import type { ProjectStore } from './project-store.ts'

export async function tellLost(
  { shared, lostThrough, store: record }: Pick<ProjectStore, 'shared' | 'lostThrough' | 'store'>,
  { store }: Pick<Project, 'store'>,
  isWorker: boolean,
  { tell, words }: Pick<Console, 'tell'> & WordedHost,
): Promise<void> {
  if (lostThrough !== undefined)
    tell(
      `! ${lostHeadWords(store, lostThrough)}${await lostExecutions(record, dirname(store))}. ${words({ code: 'put-log-back', note: lossFileOf(store) })}\n`,
    )
  if (shared === undefined) return
  const lost = await shared.lostTail().catch(() => undefined)
  if (lost !== undefined)
    tell(`! ${lostWords(lost)}: nothing leads on until that is accepted. ${words({ code: 'scan-then-accept' })}\n`)
  if (isWorker && !isWritable(dirname(store)))
    tell(`! ${dirname(store)} cannot be written to: what the database may lose is not found by this machine\n`)
}

const LOCK = /^running-(\d{8}-\d{6}-[0-9a-f]{4,})$/

async function lostExecutions(store: Pick<ProjectStore['store'], 'read'>, folder: string) {
  const locked = readdirSync(folder).flatMap((name) => LOCK.exec(name)?.[1] ?? [])
  const known = await Promise.all(locked.map((id) => store.read(id).then(({ length }) => length > 0)))
  const lost = locked.filter((_, at) => known[at] === false).toSorted()
  return lost.length === 0 ? '' : `; it knows nothing of ${lost.join(', ')}, which was running`
}

function isWritable(folder: string) {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    accessSync(folder, constants.W_OK | constants.X_OK)
    return true
  } catch {
    return false
  }
}

export function lostWords({ records, through }: FoundLostTail): string {
  // Each machine remembers the newest that it has seen: of a chain the highest number says it all.
  const newest = new Map<string, number>()
  for (const { chain, n } of records) newest.set(chain, Math.max(n, newest.get(chain) ?? 0))
  const named = [...newest]
    .slice(0, 3)
    .map(([chain, n]) => (chain === 'register' ? `${n} of the register` : `${n} of ${chain}`))
  const more = newest.size > 3 ? ` and ${newest.size - 3} more` : ''
  return `the store lacks records that it has acknowledged, up to position ${through} (record ${named.join(', ')}${more})`
}
