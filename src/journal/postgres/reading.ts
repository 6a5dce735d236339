import { BrokenChainError, sameBytes } from '../chain.ts'
import type { JournalEvent } from '../event.ts'
import { type LinkPoint, linkGenesis, REGISTER_CHAIN } from '../link.ts'
import type { StoreKeys } from '../store-keys.ts'
import type { Questions } from './database.ts'
import type { RetiredSegments } from './retired-segments.ts'
import { EVENT_ROW, eventOf, REGISTER_ROW, type StoredRow, type WalkPoint, walkRows } from './rows.ts'
import { isExecutionSeal, isRegisterSeal } from './seal.ts'

/** The head of an execution as its columns are read. */
export interface ExecutionHead {
  readonly id: string
  readonly first: number
  readonly last: number
  readonly head: number
  readonly head_hash: Uint8Array
  readonly seal: Uint8Array
  readonly is_open: boolean
  readonly has_acted: boolean
  /** The number of the record in the register by which its records have left the store; null while they are here. */
  readonly retired: number | null
}

/** The columns of {@link ExecutionHead}. */
export const EXECUTION_HEAD =
  'x.id, x.first, x.last, x.n AS head, x.hash AS head_hash, x.seal, x.is_open, x.has_acted, x.retired'

/** The head of the register as its columns are read: null where there is none. */
export interface RegisterHead {
  readonly head: number | null
  readonly head_hash: Uint8Array | null
  readonly seal: Uint8Array | null
}

/** The columns of {@link RegisterHead}. */
export const REGISTER_HEAD = 'h.n AS head, h.hash AS head_hash, h.seal'

/** How long a statement of a walk over a part of the register may take, in milliseconds: there may be a hundred thousand records, and a change waits for its approvals. */
const WALK = 30_000

const NO_HEAD: RegisterHead = { head: null, head_hash: null, seal: null }

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')

/** Reads chains as they were sealed. Whatever does not verify throws BrokenChainError. */
export class Reading {
  readonly #questions: Questions
  readonly #origin: string
  readonly #keys: StoreKeys
  readonly #segments: RetiredSegments
  readonly #retired = new Set<string>()

  constructor(questions: Questions, origin: string, keys: StoreKeys, segments: RetiredSegments) {
    this.#segments = segments
    this.#questions = questions
    this.#origin = origin
    this.#keys = keys
  }

  /** The rows of one execution, verified from its first record to its sealed head. None where there is no such execution. */
  async rowsOf(execution: string): Promise<readonly StoredRow[]> {
    const rows = await this.#questions.ask<StoredRow & ExecutionHead>(
      `SELECT ${EVENT_ROW}, ${EXECUTION_HEAD} FROM execution x LEFT JOIN event e ON e.execution = x.id WHERE x.id = $1 ORDER BY e.n`,
      [execution],
    )
    const [first] = rows
    if (first === undefined) {
      await this.#requireNone(execution)
      return []
    }
    const whole = first.retired === null ? rows : await this.#fromSegment(execution)
    this.requireWhole(first, first.n === null ? [] : whole)
    return whole
  }

  /** Whether the records of an execution that was read have left the store. */
  isRetired(execution: string): boolean {
    return this.#retired.has(execution)
  }

  async #fromSegment(execution: string): Promise<readonly StoredRow[]> {
    this.#retired.add(execution)
    return (await this.#segments.rowsOf(execution)).map((row) => ({ ...row, execution }))
  }

  /** The records of one execution. */
  async eventsOf(execution: string): Promise<readonly JournalEvent[]> {
    return (await this.rowsOf(execution)).map(eventOf)
  }

  /** Requires that the rows of an execution are all that its sealed head speaks of. */
  requireWhole(head: ExecutionHead, rows: readonly StoredRow[]): WalkPoint {
    this.requireSealed(head)
    const { id, last } = head
    const end = walkRows({ ...linkGenesis(this.#origin, id), uncovered: [] }, rows)
    const reason = `execution ${id} does not end where it was sealed`
    if (end.n !== head.head || !sameBytes(end.hash, head.head_hash)) throw new BrokenChainError({ seq: last, reason })
    if (rows[0]?.pos !== head.first || rows.at(-1)?.pos !== last) throw new BrokenChainError({ seq: last, reason })
    return end
  }

  /** Throws BrokenChainError where the seal of an execution does not fit. */
  requireSealed({ id, head, head_hash, seal, is_open, has_acted, last }: ExecutionHead): void {
    const sealed = {
      execution: id,
      n: head,
      hash: hex(head_hash),
      isOpen: is_open,
      hasActed: has_acted,
      seal: hex(seal),
    }
    if (isExecutionSeal(this.#keys, this.#origin, sealed)) return
    throw new BrokenChainError({ seq: last, reason: `the seal of execution ${id} is broken` })
  }

  /**
   * Requires that records of an execution are among those that its sealed head speaks of: whoever may write and has no key can put
   * others behind them, and cannot take any away.
   */
  requireUnder(rows: readonly (StoredRow & ExecutionHead)[]): void {
    const sealed = new Set<string>()
    for (const row of rows) {
      const { id, pos, execution, head } = row
      if (head === null)
        throw new BrokenChainError({ seq: pos, reason: `the sealed head of execution ${execution} is gone` })
      if (!sealed.has(id)) this.requireSealed(row)
      sealed.add(id)
      requireCounted(row, head)
    }
  }

  /** The same of records of the register, as of one moment. */
  requireRegistered(rows: readonly (StoredRow & RegisterHead)[]): void {
    const [first] = rows
    if (first === undefined) return
    const head = this.#sealedRegister(first, first.pos)
    for (const row of rows) requireCounted(row, head.n)
  }

  /** The head of the register, where its seal fits. */
  #sealedRegister({ head: n, head_hash: hash, seal }: RegisterHead, seq: number): LinkPoint {
    if (n === null || hash === null || seal === null)
      throw new BrokenChainError({ seq, reason: 'the head of the register is gone' })
    if (!isRegisterSeal(this.#keys, this.#origin, { n, hash: hex(hash), seal: hex(seal) }))
      throw new BrokenChainError({ seq, reason: 'the seal of the register is broken' })
    return { n, hash }
  }

  /** An execution that is gone is still in the register. */
  async #requireNone(execution: string): Promise<void> {
    const [mirror] = await this.#questions.ask<{ pos: number }>(
      `SELECT r.pos FROM register r WHERE r.execution = $1 AND r.mirror IS NOT NULL
        AND NOT EXISTS (SELECT 1 FROM execution x WHERE x.id = $1) LIMIT 1`,
      [execution],
    )
    if (mirror !== undefined)
      throw new BrokenChainError({ seq: mirror.pos, reason: `execution ${execution}, which begins there, is gone` })
  }

  /** The rows of the register from a number on, verified up to its sealed head. The row before the first is taken as it is. */
  async registerFrom(from: number): Promise<{ readonly rows: readonly StoredRow[]; readonly end: WalkPoint }> {
    return this.#questions.view(async (ask) => {
      const [head] = await ask<RegisterHead>(`SELECT ${REGISTER_HEAD} FROM register_head h`)
      const before = from <= 1 ? [] : await this.#uncoveredBefore(ask, from)
      const rows = await ask<StoredRow>(`SELECT ${REGISTER_ROW} FROM register r WHERE r.n >= $1 ORDER BY r.n`, [from])
      return { rows, end: this.requireRegister(head, before, rows) }
    }, WALK)
  }

  /** Requires that rows of the register behind others end at its sealed head. */
  requireRegister(head: RegisterHead | undefined, before: readonly StoredRow[], rows: readonly StoredRow[]): WalkPoint {
    const genesis = linkGenesis(this.#origin, REGISTER_CHAIN)
    const newest = before.at(-1)
    const start =
      newest === undefined
        ? { ...genesis, uncovered: [] }
        : { n: newest.n, hash: newest.hash, uncovered: before.map(({ pos }) => pos) }
    const end = walkRows(start, rows)
    const seq = rows.at(-1)?.pos ?? newest?.pos ?? 0
    const sealed = this.#sealedRegister(head ?? NO_HEAD, seq)
    if (end.n !== sealed.n || !sameBytes(end.hash, sealed.hash))
      throw new BrokenChainError({ seq, reason: 'the register does not end where it was sealed' })
    return end
  }

  /** The rows before a number that no row before it covers. */
  async #uncoveredBefore(ask: Questions['ask'], from: number): Promise<readonly StoredRow[]> {
    const [start] = await ask<{ n: number }>(
      'SELECT coalesce(max(n), 1) AS n FROM register WHERE n < $1 AND cardinality(covers) > 0',
      [from],
    )
    return ask<StoredRow>(`SELECT ${REGISTER_ROW} FROM register r WHERE r.n >= $1 AND r.n < $2 ORDER BY r.n`, [
      start?.n ?? 1,
      from,
    ])
  }
}

/** Which record of its chain a row is must be one that was sealed. */
function requireCounted({ n, pos }: StoredRow, sealed: number): void {
  if (n >= 1 && n <= sealed) return
  throw new BrokenChainError({ seq: pos, reason: 'it was not written by eosflow: its chain was sealed without it' })
}
