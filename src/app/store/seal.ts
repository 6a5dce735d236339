import { existsSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { ChainRow } from '../../journal/chain.ts'
import { parseEvent } from '../../journal/parse-event.ts'
import { segmentFolder } from '../../journal/segment-folder.ts'
import { markAsSegment } from '../../journal/sqlite/mark-segment.ts'
import { giveSpaceBack, sealRecords } from '../../journal/sqlite/seal-records.ts'
import { type SegmentRecord, segmentName } from '../../journal/sqlite/segment-file.ts'
import type { Store } from '../../journal/store.ts'
import { EosflowError } from '../../model/error.ts'
import { asGiven } from '../../model/install-keys.ts'
import type { Caller } from '../caller.ts'
import type { Host } from '../host.ts'
import { requireAllowed } from '../policy/authority.ts'
import { underSeenPolicy } from '../policy/seen-policy.ts'
import type { Project } from '../project/project.ts'
import { openProjectStore, type ProjectStore } from '../project/project-store.ts'
import { verifiedCopy } from './backup.ts'
import { executionsInUse } from './executions-in-use.ts'
import { newFile } from './new-file.ts'
import { segmentFailure } from './segment-failure.ts'
import { whileSealing } from './while-sealing.ts'

/** Which records are sealed: those from before a time, in milliseconds since the epoch, or all but the newest executions. */
export type SealedPart = { readonly before: number } | { readonly keep: number }

/** What is sealed, and why; the reason goes on record. */
export interface SealRequest {
  readonly part: SealedPart
  readonly reason: string
}

/** A segment that was made. */
export interface SealResult {
  /** Absolute; undefined where there was nothing to seal. */
  readonly file?: string
  readonly first: number
  readonly last: number
  /** How many of these records are in the store as well, because a rule asks for them. */
  readonly carried: number
  /** Why the store has not become smaller, as SQLite names it. */
  readonly hindrance?: string
  /** Files in the folder of the segments, by their names, that no record of this store speaks of. */
  readonly strange: readonly string[]
}

/**
 * Seals records as a segment. While others use the store, a verified copy of it is put into the folder of its segments; then, alone, the
 * records are taken out of the store in one transaction. Until that nothing has changed. Throws `not-authorised`, `busy` while another
 * process has the store open, and `store`.
 */
export async function seal(project: Project, host: Host, caller: Caller, request: SealRequest): Promise<SealResult> {
  const folder = segmentFolder(project.store)
  return whileSealing(folder, host, async () => {
    const app = { ...host, ...(await openProjectStore(project, host)) }
    const known = (app.file?.segments() ?? []).map(({ file }) => file)
    const made = await preparedSegment(project, app, caller, request).finally(() => app.store.close())
    if (made === undefined)
      return { first: 0, last: 0, carried: 0, ...giveSpaceBack(project.store), strange: strangeIn(folder, known) }
    const { file, first, last } = made.segment
    const sealing = { ...made, now: new Date(app.clock.now()).toISOString() }
    const left = sealRecords(project.store, asGiven(app.key), sealing, () => {
      if (!made.wasThere) rmSync(join(folder, file), { force: true })
    })
    return { file: join(folder, file), first, last, ...left, strange: strangeIn(folder, [...known, file]) }
  })
}

/** A segment by its name; what a killed process has left of one that it was making begins with a dot. */
const SEGMENT = /^records-\d+-\d+-[0-9a-f]{16}\.db$/
const HALF = /^\.records-\d+-\d+-[0-9a-f]{16}\.db\.part/

/** The segments that no record of this store speaks of: a killed process made them, or another store has them, as one that was set aside. */
function strangeIn(folder: string, known: readonly string[]): readonly string[] {
  return readdirSync(folder)
    .filter((file) => SEGMENT.test(file) && !known.includes(file))
    .toSorted()
}

/** What is sealed, and whether a segment of these records was there already: a store that was set aside may have no other. */
type Prepared = Omit<Parameters<typeof sealRecords>[2], 'now'> & { readonly wasThere: boolean }

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
  const sealed = app.file?.segments() ?? []
  const base = sealed.at(-1)?.last ?? 0
  const last = 'keep' in part ? await beforeNewest(app.store, part.keep) : await lastBefore(app, base, part.before)
  if (last <= base || (await isNewestSealing(app, base + 1, last))) return undefined
  const executions = await executionsInUse(app.store)
  return {
    ...(await copied(project.store, app, { first: base + 1, last }).catch((thrown: unknown) => {
      throw segmentFailure(segmentFolder(project.store), thrown, 'nothing was sealed, and the store is as it was')
    })),
    signing: app.keys.readOrMake('checkpoint').key,
    scrub: (text) => app.scrubber.scrub(text),
    principal: caller.principal,
    reason,
    executions,
    ...(policy === null ? {} : { allowed: { rules, policy } }),
  }
}

/** Makes the file of a segment: a verified copy of the store, which is then at its place, synced to the disk. */
async function copied(
  store: string,
  app: Host & ProjectStore,
  { first, last }: Pick<SegmentRecord, 'first' | 'last'>,
): Promise<Pick<Prepared, 'segment' | 'wasThere'>> {
  const root = Buffer.from((await rowAt(app, last)).hash).toString('base64')
  const file = segmentName({ first, last, root })
  const path = join(segmentFolder(store), file)
  if (app.file === undefined) throw new EosflowError('bug', 'this store is not in a file')
  // Who seals is alone: what is half made was left by a process that was killed.
  const folder = segmentFolder(store)
  for (const left of readdirSync(folder, { withFileTypes: true }))
    if (HALF.test(left.name) && !left.isDirectory()) rmSync(join(folder, left.name), { force: true })
  // A segment of this name has the same records: it stays until the new one is whole.
  const wasThere = existsSync(path)
  const made = newFile(path, file, { replaces: true })
  try {
    await app.file.copyInto(made.draft)
    markAsSegment(made.draft)
    verifiedCopy(made.draft, { ...app, store })
    made.finish()
  } finally {
    made.discard()
  }
  return { segment: { first, last, root, file }, wasThere }
}

/** The last record before the first one of so many newest executions; 0 where there are no more than those. */
async function beforeNewest(store: Store, keep: number): Promise<number> {
  if (keep === 0) return (await store.head()).seq
  const newest = await store.executions({ limit: keep })
  return newest.length < keep ? 0 : Math.min(...newest.map(({ first }) => first.seq)) - 1
}

/** The last of the records behind `base` that are from before a time: by halves, for their times go up. */
async function lastBefore(app: ProjectStore, base: number, time: number): Promise<number> {
  let [low, high] = [base, (await app.store.head()).seq]
  while (low < high) {
    const middle = Math.ceil((low + high) / 2)
    if (Date.parse(parseEvent((await rowAt(app, middle)).body).at) < time) low = middle
    else high = middle - 1
  }
  return low
}

/** Whether the record of the newest sealing is all that there is to seal: it stays in the store. */
async function isNewestSealing(app: ProjectStore, first: number, last: number): Promise<boolean> {
  return first === last && parseEvent((await rowAt(app, first)).body).type === 'StoreSealed'
}

async function rowAt({ audit }: ProjectStore, seq: number): Promise<ChainRow> {
  const [row] = (await audit?.records(seq, 1)) ?? []
  if (row === undefined) throw new EosflowError('bug', `there is no record ${seq}`)
  return row
}
