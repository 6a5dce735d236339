import { hash as digestOf } from 'node:crypto'
import { type ChainHead, headsOf } from '../audit/chains-checkpoint.ts'
import type { WalkedChains } from '../audit/walked-chains.ts'
import { foundBy } from '../event/event-uses.ts'
import { objectIn } from '../event/record-text.ts'
import { type ChainFault, sameBytes } from '../seal/chain.ts'
import { isHashed, type LinkRow } from '../seal/link.ts'
import type { FoundChainRow } from './chain-rows.ts'
import type { RecordView } from './records.ts'
import {
  type SegmentFile,
  type SegmentFiles,
  type SegmentRecord,
  segmentFault,
  segmentFile,
} from './retired-segments.ts'

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
