import { hash as digestOf } from 'node:crypto'
import { EosflowError } from '../../../model/error.ts'
import { type ChainHead, headsOf } from '../audit/chains-checkpoint.ts'
import { readChainsLine } from '../audit/jsonl-chains.ts'
import type { WalkedChains } from '../audit/walked-chains.ts'
import type { EventOf } from '../event/event.ts'
import { foundBy } from '../event/event-uses.ts'
import { objectIn, ofType, parseEvent } from '../event/record-text.ts'
import {
  BrokenChainError,
  type ChainFault,
  isHashed,
  type LinkRow,
  linkGenesis,
  MissingSegmentError,
  sameBytes,
} from '../seal/chain.ts'
import type { FoundChainRow } from './chain-rows.ts'
import type { RecordView } from './records.ts'

export interface SegmentRow {
  readonly chain: string
  readonly row: LinkRow
}

const LINE_END = 10
const BEGINNING = 200
const TEXT = /^\{"text":"(blob:[0-9a-f]{64})",/

type SegmentFile = ReturnType<typeof segmentFile>

// The file of a segment, as bytes: its rows are read at once, each of its texts when it is asked for.
function segmentFile(origin: string, bytes: Uint8Array) {
  const executions = new Map<string, LinkRow[]>()
  const texts = new Map<string, Uint8Array>()
  const inOrder: SegmentRow[] = []

  const rowsOf = (execution: string): readonly LinkRow[] => executions.get(execution) ?? []

  const read = (line: Uint8Array) =>
    readChainsLine(
      Buffer.from(line).toString(),
      (chain) => rowsOf(chain).at(-1)?.hash ?? linkGenesis(origin, chain).hash,
    )

  for (let from = 0, to = 0; from < bytes.length; from = to + 1) {
    const end = bytes.indexOf(LINE_END, from)
    to = end === -1 ? bytes.length : end
    const line = bytes.subarray(from, to)
    const ref = TEXT.exec(Buffer.from(line.subarray(0, BEGINNING)).toString())?.[1]
    const found = ref === undefined ? read(line) : undefined
    if (ref !== undefined) texts.set(ref, line)
    if (found?.is !== 'row') continue
    const { chain, row } = found
    const rows = executions.get(chain) ?? []
    rows.push(row)
    executions.set(chain, rows)
    inOrder.push({ chain, row })
  }
  inOrder.sort((one, other) => one.row.pos - other.row.pos)

  return {
    rowsOf,

    // Both positions included, in order.
    rowsBetween: (from: number, through: number, limit: number): readonly SegmentRow[] =>
      inOrder.filter(({ row: { pos } }) => pos >= from && pos <= through).slice(0, limit),

    text: (ref: string): Uint8Array | undefined => {
      const found = read(texts.get(ref) ?? new Uint8Array())
      return found?.is === 'text' ? found.bytes : undefined
    },
  }
}

export type SegmentRecord = EventOf<'SegmentRetired'>

export interface SegmentFiles {
  path(file: string): string
  bytes(file: string): Uint8Array | undefined
}

export const noSegmentFiles: SegmentFiles = { path: (file) => file, bytes: () => undefined }

export async function segmentRecords(rows: Pick<RecordView, 'segments'>): Promise<readonly SegmentRecord[]> {
  return ofType(
    'SegmentRetired',
    (await rows.segments()).map(({ pos, body }) => ({ ...parseEvent(body), seq: pos })),
  )
}

export type RetiredSegments = ReturnType<typeof retiredSegments>

/** A file is the one that is on record, by its digest; more proves them elsewhere: their executions are sealed in the store, and each row is linked to the one before it. Throws MissingSegmentError for a file that is not at hand. */
export function retiredSegments(
  rows: Pick<RecordView, 'segments' | 'newestSegment'>,
  origin: string,
  files: SegmentFiles,
) {
  let known: readonly SegmentRecord[] = []
  let open: { readonly file: string; readonly segment: SegmentFile } | undefined

  async function rowsOf(execution: string): Promise<readonly LinkRow[]> {
    const record = (await records()).find(({ executions }) => Object.hasOwn(executions, execution))
    if (record === undefined)
      throw new BrokenChainError({ seq: 0, reason: `no record says that execution ${execution} has left the store` })
    return segment(record).rowsOf(execution)
  }

  async function rowsIfLeft(execution: string): Promise<readonly LinkRow[]> {
    const record = known.find(({ executions }) => Object.hasOwn(executions, execution))
    return record === undefined ? [] : segment(record).rowsOf(execution)
  }

  /** Rows that have left, between two positions, both included, in order; at most `limit`. */
  async function between(from: number, through: number, limit: number): Promise<readonly SegmentRow[]> {
    const touched = (await records()).filter(({ first, last }) => first <= through && last >= from)
    return touched
      .flatMap((record) => segment(record).rowsBetween(from, through, limit))
      .sort((one, other) => one.row.pos - other.row.pos)
      .slice(0, limit)
  }

  async function text(ref: string): Promise<Uint8Array | undefined> {
    let missing: unknown
    for (const record of (await records()).toReversed()) {
      try {
        const found = segment(record).text(ref)
        if (found !== undefined) return found
      } catch (thrown) {
        missing ??= thrown
      }
    }
    if (missing !== undefined) throw missing
    return undefined
  }

  async function records(): Promise<readonly SegmentRecord[]> {
    const isKnown = (await rows.newestSegment()) === (known.at(-1)?.seq ?? 0)
    if (!isKnown) known = await segmentRecords(rows)
    return known
  }

  function segment(record: SegmentRecord): SegmentFile {
    const { file } = record
    if (open?.file !== file) {
      const bytes = files.bytes(file)
      if (bytes === undefined) throw new MissingSegmentError(files.path(file), record)
      const fault = segmentFault(record, bytes)
      if (fault !== undefined) throw new BrokenChainError(fault)
      open = { file, segment: segmentFile(origin, bytes) }
    }
    return open.segment
  }

  return { files, rowsOf, rowsIfLeft, between, text, records }
}

// What speaks against a file: it is not the one of which the record speaks, and nothing of it is given to anybody.
function segmentFault({ file, first, digest }: SegmentRecord, bytes: Uint8Array): ChainFault | undefined {
  if (digestOf('sha256', bytes, 'base64') === digest) return undefined
  return { seq: first, reason: `the segment ${file} was altered: it is not the one that is on record` }
}

/** What is refused about an execution whose records have left the store: nothing follows them (docs/adr/0085). */
export function retiredError(execution: string): EosflowError {
  return new EosflowError(
    'refused',
    `the records of execution ${execution} have left the store: it is not gone on with`,
    {
      hint: 'Begin a new one.',
    },
  )
}

/** Whether a row stays when its execution leaves, whose newest is `last`: the same as the store itself says. */
export function stays({ n, body }: LinkRow, last: number): boolean {
  const { type, plan } = foundBy(objectIn(body) ?? {})
  return n === 1 || n === last || type === 'ExecutionEnded' || plan !== null
}

/** The digest over the rows that are left of executions, in the order of these and of their numbers; base64. */
export function digestOfLeft(hashes: readonly Uint8Array[]): string {
  return digestOf('sha256', Buffer.concat(hashes), 'base64')
}

export interface JudgedSegment {
  readonly view: Pick<RecordView, 'keptHeads'>
  readonly chains: WalkedChains
  readonly record: SegmentRecord
  readonly left: ReadonlyMap<string, readonly FoundChainRow[]>
  readonly files: SegmentFiles
}

/** Where its file is not at hand (`isMissing`), the newest record of each execution and what is left are all that can be judged. */
export async function judgeSegment(judged: JudgedSegment): Promise<{ readonly isMissing: boolean }> {
  const { view, chains, record, files } = judged
  const { file } = record
  const heads = await view.keptHeads(Object.keys(record.executions))
  const bytes = files.bytes(file)
  chains.find(rootFault(record, heads) ?? leftFault(judged))
  if (bytes === undefined) {
    for (const head of heads) chains.begin(head.chain, head)
    return { isMissing: true }
  }
  const fault = segmentFault(record, bytes)
  chains.find(fault)
  if (fault === undefined) walk(judged, segmentFile(chains.origin, bytes))
  return { isMissing: false }
}

function rootFault(
  { file, root, first, executions }: SegmentRecord,
  heads: readonly ChainHead[],
): ChainFault | undefined {
  const other = heads.find(({ chain, n }) => n !== executions[chain])
  if (other !== undefined)
    return { seq: first, reason: `execution ${other.chain} has not as many records as the segment ${file}` }
  const found = Buffer.from(headsOf(heads).root).toString('base64')
  return found === root
    ? undefined
    : { seq: first, reason: `what is kept of the executions in the segment ${file} is not what they ended with` }
}

function leftFault({ record, left }: JudgedSegment): ChainFault | undefined {
  const { file, first, executions, carried } = record
  const rows = Object.keys(executions)
    .toSorted()
    .flatMap((execution) => left.get(execution) ?? [])
  for (const { chain, row } of rows) {
    const which = `record ${row.n} of execution ${chain}`
    if (!isHashed(row)) return { seq: row.pos, reason: `${which} was altered` }
    if (!stays(row, executions[chain] ?? 0))
      return { seq: row.pos, reason: `${which} is in the store again: it has left with the segment ${file}` }
  }
  if (rows.length < carried)
    return {
      seq: first,
      reason: `${carried - rows.length} of the ${carried} records that the segment ${file} has left here are missing`,
    }
  if (rows.length === carried && digestOfLeft(rows.map(({ row }) => row.hash)) === record.left) return undefined
  return { seq: first, reason: `the records that the segment ${file} has left here are not those of then` }
}

function walk({ chains, record, left }: JudgedSegment, segment: SegmentFile) {
  for (const execution of Object.keys(record.executions)) {
    const rows = segment.rowsOf(execution)
    for (const row of rows) chains.take(execution, row, false)
    for (const { row } of left.get(execution) ?? [])
      if (!isSame(row, rows[row.n - 1])) {
        const which = `record ${row.n} of execution ${execution}`
        chains.find({ seq: row.pos, reason: `${which} is not the one in the segment ${record.file}` })
      }
  }
}

function isSame(one: LinkRow, other: LinkRow | undefined) {
  if (other === undefined || one.pos !== other.pos || one.body !== other.body) return false
  const isLinked = sameBytes(one.prev, other.prev) && one.covers.join() === other.covers.join()
  return isLinked && sameBytes(one.hash, other.hash)
}
