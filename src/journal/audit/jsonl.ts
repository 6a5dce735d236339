import { isJsonObject, type Json, type JsonObject } from '../../model/json.ts'
import { type ChainFault, type ChainPoint, type ChainRow, chainHash, genesis } from '../chain.ts'
import { type KeptDecision, keptDecisionIn } from './kept-decision.ts'
import { type PolicyRetirement, policyRetirementIn } from './policy-retirement.ts'
import { wrappedNote } from './witness.ts'

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')

/** The line that an export begins with: the chain, and the point of it that the next record follows. */
export function headerLine(origin: string, { seq, hash }: ChainPoint): string {
  return `${JSON.stringify({ kind: 'eosflow.audit', v: 1, origin, after: seq, hash: hex(hash) })}\n`
}

/** The line of a record: its body byte for byte as it was hashed, and its hash. */
export function recordLine({ body, hash }: ChainRow): string {
  return `{"body":${body},"hash":"${hex(hash)}"}\n`
}

/** The line of a checkpoint. */
export function checkpointLine(note: string): string {
  return `${wrappedNote(note)}\n`
}

/** A batch as it is exported: it says first what it follows, so that it can be verified wherever it ends up; checkpoints are behind their records. */
export function chainLines(
  origin: string,
  rows: readonly ChainRow[],
  checkpoints: readonly { readonly seq: number; readonly note: string }[],
): string {
  const [first] = rows
  if (first === undefined) return ''
  const before: ChainPoint = first.seq === 1 ? genesis(origin) : { seq: first.seq - 1, hash: first.prev }
  const notesOf = (seq: number): string =>
    checkpoints
      .filter((one) => one.seq === seq)
      .map(({ note }) => checkpointLine(note))
      .join('')
  const records = rows.map((row) => recordLine(row) + notesOf(row.seq))
  return headerLine(origin, before) + notesOf(before.seq) + records.join('')
}

/** An exported chain, as far as it was read. */
export interface ReadExport {
  readonly origin: string
  readonly start: ChainPoint
  readonly end: ChainPoint
  readonly fault?: ChainFault
  /** The notes of the checkpoints in it. */
  readonly notes: readonly string[]
  /** When the newest record was written, ISO 8601 in UTC. */
  readonly latest: string | undefined
  hashAt(seq: number): Uint8Array | undefined
  /** When a record was written, ISO 8601 in UTC. */
  timeOf(seq: number): string | undefined
  /** The records by which a policy was retired. */
  readonly retirements: readonly PolicyRetirement[]
  /** The decisions about plans. */
  readonly decisions: readonly KeptDecision[]
}

const RECORD = /^\{"body":(\{.*\}),"hash":"([0-9a-f]{64})"\}$/

/**
 * Reads an export and verifies it line by line. What was delivered twice must be the same; a line that was half written is passed
 * over where the next one begins again. Undefined when the first line is not the head of an export.
 */
export function readExport(lines: Iterable<string>): ReadExport | undefined {
  const reader = new ExportReader()
  for (const line of lines) if (line !== '' && !reader.take(line)) break
  return reader.read()
}

class ExportReader {
  #origin: string | undefined
  #start: ChainPoint = { seq: 0, hash: new Uint8Array(32) }
  #at: ChainPoint = this.#start
  #torn = false
  #fault: ChainFault | undefined
  readonly #hashes: Uint8Array[] = []
  readonly #times: string[] = []
  readonly #notes: string[] = []
  readonly #retirements: PolicyRetirement[] = []
  readonly #decisions: KeptDecision[] = []

  /** Whether there is a use in reading on. */
  take(line: string): boolean {
    const header = headerIn(line)
    if (header !== undefined) this.#begin(header)
    else if (this.#origin === undefined) return false
    else if (this.#torn) this.#break(this.#at.seq + 1, 'its line cannot be read')
    else this.#takeLine(line)
    return this.#fault === undefined
  }

  read(): ReadExport | undefined {
    if (this.#origin === undefined) return undefined
    const end = this.#end()
    const hashAt = (seq: number): Uint8Array | undefined => this.#hashes[seq - this.#start.seq - 1]
    const timeOf = (seq: number): string | undefined => this.#times[seq - this.#start.seq - 1]
    if (this.#torn) this.#break(this.#at.seq + 1, 'its line cannot be read')
    return {
      origin: this.#origin,
      start: this.#start,
      end,
      ...(this.#fault === undefined ? {} : { fault: this.#fault }),
      notes: this.#notes,
      latest: this.#times.at(-1),
      hashAt,
      timeOf,
      retirements: this.#retirements,
      decisions: this.#decisions,
    }
  }

  #begin({ origin, point }: Header): void {
    this.#torn = false
    if (this.#origin === undefined) {
      this.#origin = origin
      this.#start = point
    } else if (origin !== this.#origin) this.#break(this.#end().seq + 1, `what follows is of another store, ${origin}`)
    else if (point.seq > this.#end().seq) this.#break(this.#end().seq + 1, 'the record is missing')
    else if (point.seq < this.#start.seq) this.#break(point.seq + 1, 'it is before the first record of the export')
    else if (point.seq >= this.#start.seq && hex(point.hash) !== hex(this.#hashOf(point.seq)))
      this.#break(point.seq, 'the export goes on from a record that is not this one')
    this.#at = point
  }

  #takeLine(line: string): void {
    const [, body, hash] = RECORD.exec(line) ?? []
    if (body !== undefined && hash !== undefined) {
      this.#takeRecord(body, hash)
      return
    }
    const value = objectIn(line)
    if (isCheckpoint(value)) this.#notes.push(value.checkpoint)
    else if (value !== undefined) this.#break(this.#at.seq + 1, 'its line cannot be read')
    else this.#torn = true
  }

  #takeRecord(body: string, hash: string): void {
    const seq = this.#at.seq + 1
    const said = objectIn(body)
    const computed = chainHash(seq, this.#at.hash, body)
    const isAltered = hex(computed) !== hash
    if (typeof said?.seq === 'number' && said.seq > seq) this.#break(seq, 'the record is missing')
    else if (isAltered) this.#break(seq, 'its content or one before it was altered')
    if (isAltered) return
    this.#at = { seq, hash: computed }
    if (seq > this.#end().seq) this.#keep(computed, said, body)
    else if (seq > this.#start.seq && hex(this.#hashOf(seq)) !== hash)
      this.#break(seq, 'it is there twice, and differs')
  }

  #keep(hash: Uint8Array, said: JsonObject | undefined, body: string): void {
    const retirement = said === undefined ? undefined : policyRetirementIn(body)
    if (retirement !== undefined) this.#retirements.push(retirement)
    const decision = said === undefined ? undefined : keptDecisionIn(body)
    if (decision !== undefined) this.#decisions.push(decision)
    this.#hashes.push(hash)
    this.#times.push(typeof said?.at === 'string' ? said.at : '')
  }

  #end(): ChainPoint {
    return { seq: this.#start.seq + this.#hashes.length, hash: this.#hashes.at(-1) ?? this.#start.hash }
  }

  #hashOf(seq: number): Uint8Array {
    return this.#hashes[seq - this.#start.seq - 1] ?? this.#start.hash
  }

  #break(seq: number, reason: string): void {
    this.#fault ??= { seq, reason }
  }
}

/** A line that holds a checkpoint holds nothing else. */
function isCheckpoint(value: JsonObject | undefined): value is { readonly checkpoint: string } {
  return typeof value?.checkpoint === 'string' && Object.keys(value).length === 1
}

interface Header {
  readonly origin: string
  readonly point: ChainPoint
}

function headerIn(line: string): Header | undefined {
  const value = line.startsWith('{"kind":') ? objectIn(line) : undefined
  if (value === undefined || value.kind !== 'eosflow.audit' || value.v !== 1) return undefined
  const { origin, after, hash } = value
  if (typeof origin !== 'string' || !Number.isSafeInteger(after) || typeof hash !== 'string') return undefined
  return { origin, point: { seq: Number(after), hash: Buffer.from(hash, 'hex') } }
}

function objectIn(text: string): JsonObject | undefined {
  try {
    const value = JSON.parse(text) as Json
    return isJsonObject(value) ? value : undefined
  } catch {
    return undefined
  }
}
