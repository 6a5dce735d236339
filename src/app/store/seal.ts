import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { ChainRow } from '../../journal/chain.ts'
import { parseEvent } from '../../journal/event-schema.ts'
import { markAsSegment } from '../../journal/sqlite/mark-segment.ts'
import { sealRecords } from '../../journal/sqlite/seal-records.ts'
import { type SegmentRecord, segmentFolder, segmentName } from '../../journal/sqlite/segment-file.ts'
import type { Store } from '../../journal/store.ts'
import { EosflowError } from '../../model/error.ts'
import { withFileLock } from '../../system/file-lock.ts'
import type { Caller } from '../caller.ts'
import type { Host } from '../host.ts'
import { requireAllowed } from '../policy/authority.ts'
import { underSeenPolicy } from '../policy/seen-policy.ts'
import type { Project } from '../project.ts'
import { openProjectStore, type ProjectStore } from '../project-store.ts'
import { noSeams } from '../seams.ts'
import { verifiedCopy } from './backup.ts'
import { executionsInUse } from './executions-in-use.ts'
import { newFile } from './new-file.ts'

/** Which records are sealed: those from before a time, in milliseconds since the epoch, or all but the newest executions. */
export type SealedPart = { readonly before: number } | { readonly keep: number }

/** What is sealed, and why; the reason goes on record. */
export interface SealRequest {
  readonly part: SealedPart
  readonly reason: string
}

/** A segment that was made. */
export interface Sealed {
  /** Absolute; undefined where there was nothing to seal. */
  readonly file?: string
  readonly first: number
  readonly last: number
  /** How many of these records are in the store as well, because a rule asks for them. */
  readonly carried: number
}

/** For how many milliseconds another process that seals is waited for. */
const WAIT = 1_000

/**
 * Seals records as a segment. While others use the store, a verified copy of it is put into the folder of its segments; then, alone, the
 * records are taken out of the store in one transaction. Until that nothing has changed. Throws `not-authorised`, `busy` while another
 * process has the store open, and `store`.
 */
export async function seal(project: Project, host: Host, caller: Caller, request: SealRequest): Promise<Sealed> {
  const folder = segmentFolder(project.store)
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const { clock } = host.seams ?? noSeams
  return withFileLock(join(folder, 'sealing'), { clock, milliseconds: WAIT }, async () => {
    const app = { ...host, ...openProjectStore(project, host) }
    const made = await preparedSegment(project, app, caller, request).finally(() => app.store.close())
    if (made === undefined) return { first: 0, last: 0, carried: 0 }
    const { segment, ...sealing } = made
    const carried = sealRecords(project.store, app.key, { ...sealing, segment })
    return { file: join(folder, segment.file), first: segment.first, last: segment.last, carried }
  })
}

type Prepared = Parameters<typeof sealRecords>[2]

/** Asks the policy, and makes the file of the segment. Undefined: there is nothing to seal. */
async function preparedSegment(
  project: Project,
  app: Host & ProjectStore,
  caller: Caller,
  { part, reason }: SealRequest,
): Promise<Prepared | undefined> {
  const judged = await underSeenPolicy(project, app, caller)
  const { rules, policy } = await requireAllowed({ ...app, project: judged }, caller, 'audit.export')
  await app.clockRule?.require()
  const sealed = app.segments?.() ?? []
  const base = sealed.at(-1)?.last ?? 0
  const last = 'keep' in part ? await beforeNewest(app.store, part.keep) : await lastBefore(app, part.before)
  if (last <= base) return undefined
  const executions = await executionsInUse(app.store)
  return {
    segment: await copied(project.store, app, { first: base + 1, last }),
    signing: app.keys.readOrMake('checkpoint').key,
    principal: caller.principal,
    reason,
    executions,
    now: new Date(app.clock.now()).toISOString(),
    ...(policy === null ? {} : { allowed: { rules, policy } }),
  }
}

/** Makes the file of a segment: a verified copy of the store, which is then at its place, synced to the disk. */
async function copied(
  store: string,
  app: Host & ProjectStore,
  { first, last }: Pick<SegmentRecord, 'first' | 'last'>,
): Promise<SegmentRecord> {
  const root = Buffer.from((await rowAt(app, last)).hash).toString('base64')
  const file = segmentName({ first, last, root })
  const path = join(segmentFolder(store), file)
  if (app.copyInto === undefined) throw new EosflowError('bug', 'this store is not in a file')
  // A process was killed before it had sealed, or a backup from before was restored. By its name it has these records. Who seals is alone.
  for (const left of [path, join(segmentFolder(store), `.${file}.part`)]) rmSync(left, { force: true })
  const made = newFile(path, file)
  try {
    await app.copyInto(made.draft)
    markAsSegment(made.draft)
    verifiedCopy(made.draft, app)
    made.finish()
  } finally {
    made.discard()
  }
  return { first, last, root, file }
}

/** The last record before the first one of so many newest executions; 0 where there are no more than those. */
async function beforeNewest(store: Store, keep: number): Promise<number> {
  if (keep === 0) return (await store.head()).seq
  const newest = await store.executions({ limit: keep })
  return newest.length < keep ? 0 : Math.min(...newest.map(({ first }) => first.seq)) - 1
}

/** The last of the records from before a time: by halves, for their times go up. */
async function lastBefore(app: ProjectStore, time: number): Promise<number> {
  let [low, high] = [0, (await app.store.head()).seq]
  while (low < high) {
    const middle = Math.ceil((low + high) / 2)
    if (Date.parse(parseEvent((await rowAt(app, middle)).body).at) < time) low = middle
    else high = middle - 1
  }
  return low
}

async function rowAt({ audit }: ProjectStore, seq: number): Promise<ChainRow> {
  const [row] = (await audit?.records(seq, 1)) ?? []
  if (row === undefined) throw new EosflowError('bug', `there is no record ${seq}`)
  return row
}
