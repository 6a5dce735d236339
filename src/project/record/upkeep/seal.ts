import { hash as digestOf, randomBytes } from 'node:crypto'
import {
  accessSync,
  closeSync,
  constants,
  mkdirSync,
  openSync,
  readdirSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'
import { headsOf } from '../../../change/record/audit/chains-checkpoint.ts'
import { readChainsExport } from '../../../change/record/audit/chains-export.ts'
import type { LeavingPart, RetiringExecution } from '../../../change/record/chains/records.ts'
import type { Retirement, SegmentContent } from '../../../change/record/chains/retirement.ts'
import { byPlace } from '../../../change/record/event/cursor.ts'
import { BrokenChainError } from '../../../change/record/seal/chain.ts'
import { LACKING_HINT, lackingWords } from '../../../change/record/seal/store-keys.ts'
import { segmentFolder } from '../../../change/record/segment-folder.ts'
import { giveSpaceBack } from '../../../change/record/sqlite/retirement.ts'
import { OutageError } from '../../../change/record/store/journal.ts'
import type { Store } from '../../../change/record/store/store.ts'
import type { DeviceEnd } from '../../../model/act.ts'
import { codeOf, EosflowError } from '../../../model/error.ts'
import { asGiven } from '../../../model/install-keys.ts'
import { definedMembers } from '../../../model/json.ts'
import { count } from '../../../report/text/text.ts'
import { requireAllowed, underSeenPolicy, writeAllowed } from '../../access/policy/authority.ts'
import { anchorsOf } from '../../app/store/lost-store.ts'
import { ownVerifier } from '../../app/store/own-verifier.ts'
import { openProjectStore, type ProjectStore } from '../../app/store/project-store.ts'
import type { Project } from '../../files/project.ts'
import { trailOf } from '../../history/trail-of.ts'
import type { Caller } from '../../identity/caller-of.ts'
import { withFileLock } from '../../system/machine/file-lock.ts'
import { readRegular } from '../../system/machine/regular-file.ts'
import type { Host } from '../../system/process/host.ts'
import { InputError } from '../../system/process/input-error.ts'
import { newFile } from '../../system/process/new-file.ts'
import { noSeams } from '../../system/process/seams.ts'
import { linesOf } from '../audit/lines-of.ts'
import { judgedFile } from '../audit/verify.ts'
import type { judgedDatabase } from '../audit/verify-database.ts'

const NOTHING = 'no record has left the store'

/** Verifies a store before records leave it: what is broken would be sealed as if it were good. Throws BrokenChainError, which names the record, and `store` where a text is of a key that is not here: whether another text names it could not be told. */
export async function requireSound(
  project: Project,
  app: Host & Pick<ProjectStore, 'key' | 'keys' | 'clock'>,
): Promise<void> {
  const { database } = project
  const installKey = asGiven(app.key)
  const measure = { verifier: undefined, anchors: anchorsOf(project), now: app.clock.now(), words: app.words }
  const evidence = { installKey, verifier: ownVerifier(app.keys, installKey) }
  const {
    fault,
    unread,
    lacking = [],
  } = database === undefined
    ? await judgedFile(project.store, evidence, measure)
    : await judgedInDatabase({ ...project, database }, app, evidence, measure)
  if (fault !== undefined) throw new BrokenChainError({ ...fault, reason: `${fault.reason}: ${NOTHING}` })
  if (unread === undefined || unread.texts === 0) return
  const { texts, executions } = unread
  const of = executions.length === 0 ? '' : ` of ${executions.join(', ')}`
  throw new EosflowError('store', `${count(texts, 'text')}${of} may be of ${lackingWords(lacking)}: ${NOTHING}`, {
    hint: LACKING_HINT,
  })
}

async function judgedInDatabase(...asked: Parameters<typeof judgedDatabase>) {
  const { judgedDatabase } = await import('../audit/verify-database.ts')
  return judgedDatabase(...asked)
}

/** What a segment that the disk did not take is refused with (`store`); `left` says what is as it was. */
export function segmentFailure(folder: string, thrown: unknown, left: string): unknown {
  // The database was not reached: its error names a call of the system as well.
  if (thrown instanceof OutageError) return thrown
  const isWrapped = thrown instanceof EosflowError || thrown instanceof InputError
  const code = codeOfDisk(thrown) ?? (isWrapped ? codeOfDisk(thrown.cause) : undefined)
  if (code === undefined) return thrown
  return new EosflowError('store', `no segment can be put into ${folder} (${code}): ${left}`, {
    hint: 'Check the folder, its rights, and the room on its disk; then seal again.',
    cause: thrown,
  })
}

function codeOfDisk(thrown: unknown) {
  if (!(thrown instanceof Error) || !('code' in thrown) || typeof thrown.code !== 'string') return undefined
  return 'syscall' in thrown || REFUSALS.some((one) => String(thrown.code).startsWith(one)) ? thrown.code : undefined
}

const REFUSALS = ['SQLITE_FULL', 'SQLITE_IOERR', 'SQLITE_READONLY', 'SQLITE_PERM', 'SQLITE_CANTOPEN']

// For how many milliseconds another process that seals is waited for.
const WAIT = 1_000

// Throws `busy`, and `store` where the disk does not take it.
async function whileSealing<T>(folder: string, host: Pick<Host, 'seams'>, work: () => Promise<T>) {
  makeSegmentFolder(folder)
  const { clock } = host.seams ?? noSeams
  let isBegun = false
  const begin = () => {
    isBegun = true
    return work()
  }
  try {
    return await withFileLock(join(folder, 'sealing'), { clock, milliseconds: WAIT }, begin)
  } catch (thrown) {
    if (isBegun || !(thrown instanceof EosflowError) || thrown.kind !== 'store') throw thrown
    const { message, hint, cause } = thrown
    throw new EosflowError('store', `${message}: nothing was sealed`, {
      ...definedMembers({ hint }),
      cause,
    })
  }
}

// Throws `store` for one that cannot be made or written to.
function makeSegmentFolder(folder: string) {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    accessSync(folder, constants.W_OK | constants.X_OK)
  } catch (cause) {
    const code = codeOf(cause)
    throw new EosflowError('store', `no segment can be put into ${folder} (${code}): nothing was sealed`, {
      hint: 'Check that it is a folder, its rights and its disk.',
      cause,
    })
  }
}

const { O_NOFOLLOW, O_WRONLY } = constants

/** Which executions leave: those that ended before a time, in milliseconds since the epoch, or all but the newest. */
export type SealedPart = { readonly before: number } | { readonly keep: number }

export interface RetiredSegment {
  readonly file: string
  /** How large the file is, in bytes. */
  readonly bytes: number
  readonly executions: number
  readonly records: number
  /** How many of the records are in the store as well, because everyday commands find executions by them. */
  readonly carried: number
}

export interface SealedStore {
  readonly segments: readonly RetiredSegment[]
  /** The encrypted texts that no record in the store names any more: how many were taken out, and how many bytes. */
  readonly texts: { readonly texts: number; readonly bytes: number }
  readonly strange: readonly string[]
  /** Why the file of the store has not become smaller, as SQLite names it. */
  readonly hindrance?: string
}

export type SealStep = 'chosen' | 'written' | 'verified' | 'named' | 'recorded' | 'cleared'

interface SealRequest {
  readonly part: SealedPart
  readonly reason: string
  readonly heed?: (step: SealStep) => void
}

type Opened = Host & ProjectStore & { readonly retirement: Retirement }

/** A file is at its place, verified and synced, before the record that its executions have left takes their rows out: both are one transaction. Throws `not-authorised`, `busy` while this machine seals already, and `store`. */
export async function seal(
  project: Project,
  host: Host,
  caller: Caller,
  { part, reason, heed = () => undefined }: SealRequest,
): Promise<SealedStore> {
  const folder = segmentFolder(project.store)
  return whileSealing(folder, host, async () => {
    const sealed = await sealOpened(project, host, caller, { part, reason, heed })
    const hindrance = project.database === undefined ? giveSpaceBack(project.store) : undefined
    return hindrance === undefined ? sealed : { ...sealed, hindrance }
  })
}

async function sealOpened(
  project: Project,
  host: Host,
  caller: Caller,
  { part, reason, heed }: Required<SealRequest>,
): Promise<SealedStore> {
  const folder = segmentFolder(project.store)
  const opened = await openProjectStore(project, host)
  const { retirement } = opened
  try {
    if (retirement === undefined) throw new EosflowError('bug', 'the records of this store do not leave it')
    const app = { ...host, ...opened, retirement }
    const judged = await underSeenPolicy(project, app, caller)
    const allowed = await requireAllowed({ ...app, project: judged }, caller, 'audit.export')
    await app.clockRule?.require()
    await requireSound(project, app)
    const said = { principal: caller.principal, reason }
    discardHalves(folder)
    const segments: RetiredSegment[] = []
    for (let leaving = await leavingOf(project, app, part); leaving.length > 0; ) {
      const made = await segmentOf(app, folder, leaving, heed).catch((thrown: unknown) => {
        throw segmentFailure(folder, thrown, leftWords(segments))
      })
      const { record, segment } = made
      try {
        await writeAllowed(app, caller, allowed, (by) => [{ type: 'SegmentRetired', ...said, ...record, ...by }])
      } catch (refusal) {
        // Where nobody knows whether it is on record the file stays.
        if (!(refusal instanceof OutageError)) discard(segment.file)
        throw refusal
      }
      heed('recorded')
      discardOthers(folder, record.file)
      segments.push(segment)
      leaving = leaving.slice(segment.executions)
    }
    const texts = await retirement.takeOutTexts()
    heed('cleared')
    await app.audit?.checkpoint()
    return { segments, texts, strange: await strangeIn(folder, app) }
  } finally {
    await opened.store.close()
  }
}

async function leavingOf(project: Project, app: Opened, part: SealedPart) {
  const { retirement, store, clock } = app
  const sinks = project.settings.audit.sinks.map(({ name }) => trailOf(app).delivery(`sink ${name}`))
  const sent = (await Promise.all(sinks)).map((delivery) => delivery?.position ?? 0)
  const wanted: LeavingPart = 'keep' in part ? part : { before: new Date(part.before).toISOString() }
  return retirement.leaving(wanted, {
    executions: await executionsInUse(store),
    through: Math.min(...sent, Number.MAX_SAFE_INTEGER),
    now: new Date(clock.now()).toISOString(),
  })
}

async function segmentOf(
  { retirement }: Opened,
  folder: string,
  leaving: readonly RetiringExecution[],
  heed: (step: SealStep) => void,
) {
  const content = await retirement.content(leaving)
  heed('chosen')
  const hash = Buffer.from(content.root, 'base64').toString('hex').slice(0, ROOT)
  // Another machine may make a segment of the same executions just now: only one of the files gets on record, and none takes the place of that.
  const file = `executions-${content.first}-${content.last}-${hash}${randomBytes(ROOT / 2).toString('hex')}.jsonl`
  const made = newFile(join(folder, file), file)
  try {
    const draft = openSync(made.draft, O_WRONLY | O_NOFOLLOW)
    try {
      await retirement.write(content, (line) => void writeSync(draft, line))
    } finally {
      closeSync(draft)
    }
    heed('written')
    requireContent(made.draft, content)
    const digest = digestOf('sha256', readRegular(made.draft, { most: Number.POSITIVE_INFINITY }), 'base64')
    const bytes = statSync(made.draft).size
    heed('verified')
    made.finish()
    heed('named')
    const { executions, carried } = content
    const records = Object.values(executions).reduce((sum, n) => sum + n, 0)
    const segment = { file: join(folder, file), bytes, executions: Object.keys(executions).length, records, carried }
    return { segment, record: { ...content, file, digest } }
  } finally {
    made.discard()
  }
}

// Throws `store` where a file that was written does not verify, or holds something else than is to leave.
function requireContent(path: string, { executions, root }: SegmentContent) {
  const read = readChainsExport(linesOf(path))
  const heads = Object.keys(executions).map((chain) => read?.chains.head(chain))
  const found = heads.filter((head) => head !== undefined)
  const isSame = Buffer.from(headsOf(found).root).toString('base64') === root
  if (read !== undefined && read.chains.fault === undefined && isSame) return
  const why = read?.chains.fault?.reason ?? 'it holds other records'
  throw new EosflowError('store', `the segment that was written does not verify (${why}): no record has left the store`)
}

const SEGMENT = /^executions-\d+-\d+-[0-9a-f]{16}\.jsonl$/
const ROOT = 8
const HALF = /^\.executions-\d+-\d+-[0-9a-f]{16}\.jsonl\.part$/

function discardHalves(folder: string) {
  for (const name of readdirSync(folder)) if (HALF.test(name)) discard(join(folder, name))
}

// What was made of the same executions before never gets on record: its process was killed, or refused.
function discardOthers(folder: string, file: string) {
  const same = file.slice(0, -`${'0'.repeat(ROOT)}.jsonl`.length)
  for (const name of readdirSync(folder))
    if (SEGMENT.test(name) && name.startsWith(same) && name !== file) discard(join(folder, name))
}

function discard(path: string) {
  try {
    rmSync(path, { force: true })
  } catch {
    // Nothing depends on it.
  }
}

function leftWords(before: readonly RetiredSegment[]) {
  const own = 'its records are in the store as they were'
  return before.length === 0 ? own : `${own}; segments before it that are whole and on record: ${before.length}`
}

async function strangeIn(folder: string, { retirement }: Opened) {
  const known = await retirement.files()
  return readdirSync(folder)
    .filter((file) => SEGMENT.test(file) && !known.includes(file))
    .toSorted()
}

async function executionsInUse(store: Pick<Store, 'executions'>) {
  const [changed, sent] = [new Set<string>(), new Set<string>()]
  const endedLast = (await store.executions()).toSorted((one, other) => byPlace(other.last, one.last))
  // Whether an execution that ended a switch like this is still asked for because of it; the newest are asked about first.
  const isInUse = ([device, end]: readonly [string, DeviceEnd]) => {
    if (end === 'unchanged' || end === 'untouched') return false
    const isNewest = !sent.has(device) || (end === 'changed' && !changed.has(device))
    sent.add(device)
    if (end === 'changed') changed.add(device)
    return isNewest || end === 'unknown'
  }
  return endedLast.flatMap(({ id, first, last }) => {
    if (last.type !== 'ExecutionEnded') return [id]
    // Of a change over several sites the execution of each site has what is asked for.
    const isDivided = first.type === 'ExecutionStarted' && first.divided === true
    if (isDivided) return last.outcome === 'unknown' ? [id] : []
    return Object.entries(last.devices).filter(isInUse).length > 0 ? [id] : []
  })
}
