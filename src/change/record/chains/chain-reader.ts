import type { JournalEvent } from '../event/event.ts'
import { isRead, mayBeRead, type TypesRead } from '../event/of-type.ts'
import { BrokenChainError, hexOf, sameBytes } from '../seal/chain.ts'
import { type LinkPoint, type LinkRow, linkGenesis } from '../seal/link.ts'
import type { StoreKeys } from '../seal/store-keys.ts'
import type { ExecutionHead, PlacedRow, RecordRows, RegisteredRow, RegisterHead } from './record-rows.ts'
import { eventOf, type StoredRow, walkRows } from './rows.ts'
import { executionText, registerText } from './seal.ts'

const NO_HEAD: RegisterHead = { head: null, head_hash: null, seal: null }

export interface LeftRows {
  rowsOf(execution: string): Promise<readonly LinkRow[]>
  /** The rows between two positions, both included, in order; at most `limit`. */
  between(from: number, through: number, limit: number): Promise<readonly { readonly row: LinkRow }[]>
}

type Keep<Kept> = (row: StoredRow) => Kept | undefined

export class ChainReader {
  readonly #rows: RecordRows
  readonly #origin: string
  readonly #keys: StoreKeys
  readonly #left: LeftRows
  readonly #retired = new Set<string>()

  constructor(rows: RecordRows, origin: string, keys: StoreKeys, left: LeftRows) {
    this.#left = left
    this.#rows = rows
    this.#origin = origin
    this.#keys = keys
  }

  rowsOf(execution: string): Promise<readonly StoredRow[]> {
    return this.#kept(execution, (row) => row)
  }

  async #kept<Kept>(execution: string, keep: Keep<Kept>) {
    const found = await this.#rows.execution(execution, (head, rows) => {
      // Of one whose records have left some are here.
      const isLeft = head.retired !== null && [...rows].length > 0
      return { head, kept: isLeft ? undefined : this.#walked(head, rows, keep) }
    })
    if (found === undefined) {
      await this.#requireNone(execution)
      return []
    }
    return found.kept ?? this.#walked(found.head, await this.#fromSegment(execution), keep)
  }

  isRetired(execution: string): boolean {
    return this.#retired.has(execution)
  }

  async #fromSegment(execution: string): Promise<readonly StoredRow[]> {
    this.#retired.add(execution)
    return (await this.#left.rowsOf(execution)).map((row) => ({ ...row, execution }))
  }

  /** The records between two positions, both included, of executions that have left the store; at most `limit`. Throws where their segment is missing. */
  async leftBetween(from: number, through: number, limit: number): Promise<readonly JournalEvent[]> {
    return (await this.#left.between(from, through, limit)).map(({ row }) => eventOf(row))
  }

  async eventsOf(execution: string, types?: TypesRead): Promise<readonly JournalEvent[]> {
    // Whether the chain is whole is said first.
    let unread: { readonly error: unknown } | undefined
    const events = await this.#kept(execution, (row) => {
      if (unread !== undefined || (types !== undefined && !mayBeRead(row.body, types))) return undefined
      try {
        const event = eventOf(row)
        return types === undefined || isRead(event.type, types) ? event : undefined
      } catch (error) {
        unread = { error }
        return undefined
      }
    })
    if (unread !== undefined) throw unread.error
    return events
  }

  #walked<Kept>(head: ExecutionHead, rows: Iterable<StoredRow>, keep: Keep<Kept>) {
    this.requireSealed(head)
    const { id, last } = head
    const kept: Kept[] = []
    const positions: { first?: number; last?: number } = {}
    function* passing(): Iterable<StoredRow> {
      for (const row of rows) {
        positions.first ??= row.pos
        positions.last = row.pos
        yield row
        const one = keep(row)
        if (one !== undefined) kept.push(one)
      }
    }
    requireEnd(this.#origin, id, passing(), { n: head.head, hash: head.head_hash, last })
    if (positions.first !== head.first || positions.last !== last) throw otherEnd(id, last)
    return kept
  }

  /** Throws BrokenChainError where the seal of an execution does not fit. */
  requireSealed({ id, head, head_hash, seal, is_open, has_acted, last }: ExecutionHead): void {
    const sealed = { n: head, hash: hexOf(head_hash), isOpen: is_open, hasActed: has_acted }
    if (this.#keys.isSeal(executionText(this.#origin, id, sealed), hexOf(seal))) return
    throw new BrokenChainError({ seq: last, reason: `the seal of execution ${id} is broken` })
  }

  requireUnder(rows: readonly PlacedRow[]): void {
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

  requireRegistered(rows: readonly RegisteredRow[]): void {
    const [first] = rows
    if (first === undefined) return
    const head = this.#sealedRegister(first, first.pos)
    for (const row of rows) requireCounted(row, head.n)
  }

  #sealedRegister({ head: n, head_hash: hash, seal }: RegisterHead, seq: number): LinkPoint {
    if (n === null || hash === null || seal === null)
      throw new BrokenChainError({ seq, reason: 'the head of the register is gone' })
    if (!this.#keys.isSeal(registerText(this.#origin, { n, hash: hexOf(hash) }), hexOf(seal)))
      throw new BrokenChainError({ seq, reason: 'the seal of the register is broken' })
    return { n, hash }
  }

  async #requireNone(execution: string) {
    const seq = await this.#rows.mirrorOfGone(execution)
    if (seq !== undefined)
      throw new BrokenChainError({ seq, reason: `execution ${execution}, which begins there, is gone` })
  }

  async registerEnd(): Promise<LinkPoint & { readonly uncovered: RegisterHead['uncovered'] | undefined }> {
    const head = (await this.#rows.registerHead()) ?? NO_HEAD
    return { ...this.#sealedRegister(head, 0), uncovered: head.uncovered }
  }
}

/** Requires that the rows of an execution follow each other from its first one to the end that was sealed, whose row is in the position `last`. */
export function requireEnd(
  origin: string,
  execution: string,
  rows: Iterable<StoredRow>,
  { n, hash, last }: LinkPoint & { readonly last: number },
): void {
  const end = walkRows({ ...linkGenesis(origin, execution), uncovered: [] }, rows)
  if (end.n !== n || !sameBytes(end.hash, hash)) throw otherEnd(execution, last)
}

function otherEnd(execution: string, seq: number) {
  return new BrokenChainError({ seq, reason: `execution ${execution} does not end where it was sealed` })
}

export function requireCounted({ n, pos }: Pick<StoredRow, 'n' | 'pos'>, sealed: number): void {
  if (n >= 1 && n <= sealed) return
  throw new BrokenChainError({ seq: pos, reason: 'it was not written by eosflow: its chain was sealed without it' })
}
