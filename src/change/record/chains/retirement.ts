import { headsOf } from '../audit/chains-checkpoint.ts'
import { linkedLine, segmentHeaderLine, segmentTextLine } from '../audit/jsonl-chains.ts'
import { BrokenChainError, type LinkRow } from '../seal/chain.ts'
import type { StoreKeys } from '../seal/store-keys.ts'
import { openText } from '../store/blob-format.ts'
import type { ChainReader } from './chain-reader.ts'
import type { ChainsAuditTrail } from './chains-audit-trail.ts'
import type { KeptReasons, LeavingPart, Records, RemovedTexts, RetiringExecution, TextRow } from './records.ts'
import { digestOfLeft, segmentRecords, stays } from './retired-segments.ts'

export interface SegmentContent {
  readonly executions: Readonly<Record<string, number>>
  readonly root: string
  readonly first: number
  readonly last: number
  readonly carried: number
  readonly left: string
}

export interface RetirementParts {
  readonly records: Records
  readonly reading: ChainReader
  readonly origin: string
  readonly keys: StoreKeys
  readonly audit: ChainsAuditTrail
}

// A segment has so many executions and records at most: while they are taken out, nobody else writes to the register.
const EXECUTIONS = 250
const RECORDS = 20_000

const REF = /blob:[0-9a-f]{64}/g
// So many texts are read at once.
const TEXTS = 50

export type Retirement = ReturnType<typeof retirementOver>

export function retirementOver(parts: RetirementParts) {
  /** The executions whose records may leave the store, the oldest first. Throws `store` where whoever asks may not take any out. */
  function leaving(part: LeavingPart, asked: KeptReasons): Promise<readonly RetiringExecution[]> {
    return parts.records.retirement.leaving(part, asked)
  }

  /** Throws BrokenChainError where one of them is not what was sealed. */
  async function content(leaving: readonly RetiringExecution[]): Promise<SegmentContent> {
    const some = firstOf(leaving)
    const heads = await parts.records.now.keptHeads(some.map(({ id }) => id))
    const hashes: Uint8Array[] = []
    for (const { id, n } of some.toSorted((one, other) => (one.id < other.id ? -1 : 1)))
      for (const row of await rowsOf(id, n)) if (stays(row, n)) hashes.push(row.hash)
    const { root } = headsOf(heads)
    return {
      executions: Object.fromEntries(some.map(({ id, n }) => [id, n])),
      root: Buffer.from(root).toString('base64'),
      first: Math.min(...some.map(({ first }) => first)),
      last: Math.max(...some.map(({ last }) => last)),
      carried: hashes.length,
      left: digestOfLeft(hashes),
    }
  }

  async function write({ executions }: SegmentContent, put: (line: string) => void): Promise<void> {
    const { origin, audit } = parts
    put(segmentHeaderLine(origin))
    const refs = new Set<string>()
    for (const [chain, n] of Object.entries(executions)) {
      for (const row of await rowsOf(chain, n)) {
        put(linkedLine({ chain, row, isMirror: false }))
        for (const [ref] of row.body.matchAll(REF)) refs.add(ref)
      }
    }
    for await (const { ref, bytes } of textsWithin(refs)) put(segmentTextLine(ref, bytes))
    put(await audit.linesOver(Object.keys(executions)))
  }

  async function files(): Promise<readonly string[]> {
    return (await segmentRecords(parts.records.now)).map(({ file }) => file)
  }

  /** Takes out the texts that no record here names, directly or in another text: how many, and how many bytes. */
  async function takeOutTexts(): Promise<RemovedTexts> {
    const { retirement } = parts.records
    const direct = new Set(await retirement.named())
    const inner: string[] = []
    for await (const { ref } of textsWithin(new Set(direct))) if (!direct.has(ref)) inner.push(ref)
    return retirement.takeOutTexts(inner)
  }

  async function rowsOf(execution: string, n: number): Promise<readonly LinkRow[]> {
    const rows = await parts.reading.rowsOf(execution)
    if (rows.length === n) return rows
    const reason = `execution ${execution} has ${rows.length} records now: it had ${n} when it was chosen`
    throw new BrokenChainError({ seq: rows.at(-1)?.pos ?? 0, reason })
  }

  async function* textsWithin(refs: Set<string>): AsyncGenerator<TextRow> {
    const { records, keys } = parts
    for (let asked: string[] = [...refs]; asked.length > 0; ) {
      const some = asked.splice(0, TEXTS)
      for (const row of await records.retirement.texts(some)) {
        for (const [ref] of openText(keys, row.ref, row.bytes).matchAll(REF))
          if (!refs.has(ref)) {
            refs.add(ref)
            asked.push(ref)
          }
        yield row
      }
    }
  }

  return { leaving, content, write, files, takeOutTexts }
}

function firstOf(leaving: readonly RetiringExecution[]) {
  let records = 0
  const end = leaving.findIndex(({ n }, index) => {
    records += n
    return index >= EXECUTIONS || (index > 0 && records > RECORDS)
  })
  return end === -1 ? leaving : leaving.slice(0, end)
}
