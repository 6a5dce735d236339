import { EosflowError } from '../../model/error.ts'
import { headsOf } from '../audit/chains-checkpoint.ts'
import { linkedLine, segmentHeaderLine, segmentTextLine } from '../audit/jsonl-chains.ts'
import { openText } from '../blob-format.ts'
import { BrokenChainError } from '../chain.ts'
import type { Reading } from '../chains/reading.ts'
import type { ArtefactRef } from '../event.ts'
import type { LinkRow } from '../link.ts'
import type { StoreKeys } from '../store-keys.ts'
import type { Questions } from './database.ts'
import { planIn } from './derived.ts'
import { digestOfLeft, stays } from './judge-segments.ts'
import type { PostgresAuditTrail } from './postgres-audit-trail.ts'
import { segmentRecords } from './retired-segments.ts'

/** An execution whose records may leave the store. */
export interface Leaving {
  readonly id: string
  /** How many records it has, and the positions of the first and the last one. */
  readonly n: number
  readonly first: number
  readonly last: number
}

/** Which executions are meant: those that ended before a time, ISO 8601 in UTC, or all but the newest ones. */
export type LeavingPart = { readonly before: string } | { readonly keep: number }

/** What keeps an execution in the store. */
export interface AskedFor {
  /** Executions that a rule asks for though they have ended. */
  readonly executions: readonly string[]
  /** Up to which position everybody has the records who is sent them. */
  readonly through: number
  /** An approval that expires later may still count. ISO 8601 in UTC. */
  readonly now: string
}

/** What is in a segment, as its record says it. */
export interface SegmentContent {
  readonly executions: Readonly<Record<string, number>>
  readonly root: string
  readonly first: number
  readonly last: number
  readonly carried: number
  readonly left: string
}

/** What the records of executions that leave a store are made a segment with. */
export interface RetirementParts {
  readonly questions: Questions
  readonly reading: Reading
  readonly origin: string
  readonly keys: StoreKeys
  readonly audit: PostgresAuditTrail
}

/** A segment has so many executions and records at most: while they are taken out, nobody else writes to the register. */
const EXECUTIONS = 250
const RECORDS = 20_000

const REF = /blob:[0-9a-f]{64}/g
/** So many texts are read at once. */
const TEXTS = 50

const LEAVING = `SELECT x.id, x.n, x.first, x.last FROM execution x JOIN event e ON e.pos = x.last
  WHERE NOT x.is_open AND x.retired IS NULL AND x.last <= $1 AND NOT x.id = ANY($2)
    AND NOT EXISTS (SELECT 1 FROM lease l WHERE l.execution = x.id)
    AND NOT EXISTS (SELECT 1 FROM event p JOIN register r ON r.plan = p.plan AND r.type = 'ApprovalDecided'
      WHERE p.execution = x.id AND p.plan IS NOT NULL AND r.body::json #>> '{statement,expires}' > $3)`

/** How the records of executions leave a store in a database. The file of a segment is for whoever asks to write. */
export class Retirement {
  readonly #parts: RetirementParts

  constructor(parts: RetirementParts) {
    this.#parts = parts
  }

  /** The executions whose records may leave the store, the oldest first. Throws `store` where the user of the database may not take any out. */
  async leaving(part: LeavingPart, { executions, through, now }: AskedFor): Promise<readonly Leaving[]> {
    await this.#requireKeeper()
    const [which, value] =
      'before' in part
        ? ['e.at < $4', part.before]
        : [
            'x.first < coalesce((SELECT min(k.first) FROM (SELECT first FROM execution ORDER BY first DESC LIMIT $4) k), x.first + 1)',
            part.keep,
          ]
    const values = [through, executions, now, value]
    return this.#parts.questions.atLength<Leaving & Record<string, unknown>>(
      `${LEAVING} AND ${which} ORDER BY x.last`,
      values,
    )
  }

  /** What a segment of the first of these executions holds. Throws BrokenChainError where one of them is not what was sealed. */
  async content(leaving: readonly Leaving[]): Promise<SegmentContent> {
    const some = firstOf(leaving)
    const heads = await this.#parts.questions.ask<{
      id: string
      n: number
      hash: Buffer
      uncovered: readonly number[]
    }>('SELECT id, n, hash, uncovered FROM execution WHERE id = ANY($1)', [some.map(({ id }) => id)])
    const hashes: Uint8Array[] = []
    for (const { id, n } of some.toSorted((one, other) => (one.id < other.id ? -1 : 1)))
      for (const row of await this.#rowsOf(id, n)) if (isLeft(row, n)) hashes.push(row.hash)
    const { root } = headsOf(heads.map(({ id, n, hash, uncovered }) => ({ chain: id, n, hash, positions: uncovered })))
    return {
      executions: Object.fromEntries(some.map(({ id, n }) => [id, n])),
      root: Buffer.from(root).toString('base64'),
      first: Math.min(...some.map(({ first }) => first)),
      last: Math.max(...some.map(({ last }) => last)),
      carried: hashes.length,
      left: digestOfLeft(hashes),
    }
  }

  /** Hands every line of a segment to `put`: its records, the texts that they name, and last a checkpoint that is signed over them and its seal. */
  async write({ executions }: SegmentContent, put: (line: string) => void): Promise<void> {
    const { origin, audit } = this.#parts
    put(segmentHeaderLine(origin))
    const refs = new Set<string>()
    for (const [chain, n] of Object.entries(executions)) {
      for (const row of await this.#rowsOf(chain, n)) {
        put(linkedLine({ chain, row, isMirror: false }))
        for (const [ref] of row.body.matchAll(REF)) refs.add(ref)
      }
    }
    for await (const { ref, bytes } of this.#textsWithin(refs)) put(segmentTextLine(ref, bytes))
    put(await audit.linesOver(Object.keys(executions)))
  }

  /** The files of the segments that the record speaks of. */
  async files(): Promise<readonly string[]> {
    return (await segmentRecords((text, values) => this.#parts.questions.ask(text, values))).map(({ file }) => file)
  }

  /** Takes out the texts that no record here names, directly or in another text: how many, and how many bytes. */
  async takeOutTexts(): Promise<{ readonly texts: number; readonly bytes: number }> {
    const { questions } = this.#parts
    const named = await questions.atLength<{ ref: string }>(
      `SELECT named_in[1] AS ref FROM event e JOIN execution x ON x.id = e.execution AND x.retired IS NULL,
        regexp_matches(e.body, 'blob:[0-9a-f]{64}', 'g') AS named_in
        UNION SELECT named_in[1] FROM register r, regexp_matches(r.body, 'blob:[0-9a-f]{64}', 'g') AS named_in`,
    )
    const direct = new Set(named.map(({ ref }) => ref))
    const inner: string[] = []
    for await (const { ref } of this.#textsWithin(new Set(direct))) if (!direct.has(ref)) inner.push(ref)
    const [gone] = await questions.atLength<{ texts: number; bytes: number }>('SELECT * FROM retire_texts($1)', [inner])
    return gone ?? { texts: 0, bytes: 0 }
  }

  async #requireKeeper(): Promise<void> {
    const found = await this.#parts.questions.one<{ who: string; may: boolean }>(
      "SELECT session_user AS who, pg_has_role(session_user, 'eos_owner', 'MEMBER') AS may",
    )
    if (found?.may === true) return
    const who = found?.who ?? 'this user'
    throw new EosflowError('store', `the user ${who} of the database may not take records out of the store`, {
      hint: 'Seal as the user of eosflow store init: a worker may not.',
    })
  }

  /** The rows of an execution, which must have as many as when it was chosen. */
  async #rowsOf(execution: string, n: number): Promise<readonly LinkRow[]> {
    const rows = await this.#parts.reading.rowsOf(execution)
    if (rows.length === n) return rows
    const reason = `execution ${execution} has ${rows.length} records now: it had ${n} when it was chosen`
    throw new BrokenChainError({ seq: rows.at(-1)?.pos ?? 0, reason })
  }

  /** Texts, and those that they name: what only looks like the name of one is passed over. */
  async *#textsWithin(refs: Set<string>): AsyncGenerator<{ readonly ref: ArtefactRef; readonly bytes: Uint8Array }> {
    const { questions, keys } = this.#parts
    for (let asked: string[] = [...refs]; asked.length > 0; ) {
      const some = asked.splice(0, TEXTS)
      const rows = await questions.ask<{ ref: ArtefactRef; bytes: Buffer }>(
        'SELECT ref, bytes FROM blob WHERE ref = ANY($1)',
        [some],
      )
      for (const row of rows) {
        for (const [ref] of openText(keys, row.ref, row.bytes).matchAll(REF))
          if (!refs.has(ref)) {
            refs.add(ref)
            asked.push(ref)
          }
        yield row
      }
    }
  }
}

function isLeft({ n, body }: LinkRow, last: number): boolean {
  const { type } = JSON.parse(body) as { readonly type: string }
  return stays({ n, type, plan: planIn(body) }, last)
}

function firstOf(leaving: readonly Leaving[]): readonly Leaving[] {
  let records = 0
  const end = leaving.findIndex(({ n }, index) => {
    records += n
    return index >= EXECUTIONS || (index > 0 && records > RECORDS)
  })
  return end === -1 ? leaving : leaving.slice(0, end)
}
