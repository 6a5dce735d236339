import type { JournalEvent } from '../event/event.ts'
import { isRead, mayBeRead, type TypesRead } from '../event/record-text.ts'
import { BrokenChainError, type LinkPoint, type LinkRow, linkGenesis, sameBytes } from '../seal/chain.ts'
import type { StoreKeys } from '../seal/store-keys.ts'
import {
  type ExecutionHead,
  eventOf,
  type PlacedRow,
  type RecordRows,
  type RegisteredRow,
  type RegisterHead,
  type StoredRow,
  walkRows,
} from './record-rows.ts'
import { isSealedHead } from './seal.ts'

const NO_HEAD: RegisterHead = { head: null, head_hash: null, seal: null }

export interface LeftRows {
  rowsOf(execution: string): Promise<readonly LinkRow[]>
  /** The rows between two positions, both included, in order; at most `limit`. */
  between(from: number, through: number, limit: number): Promise<readonly { readonly row: LinkRow }[]>
}

type Keep<Kept> = (row: StoredRow) => Kept | undefined

export type ChainReader = ReturnType<typeof chainReader>

export function chainReader(rows: RecordRows, origin: string, keys: StoreKeys, left: LeftRows) {
  const retired = new Set<string>()

  function rowsOf(execution: string): Promise<readonly StoredRow[]> {
    return kept(execution, (row) => row)
  }

  async function kept<Kept>(execution: string, keep: Keep<Kept>) {
    const found = await rows.execution(execution, (head, its) => {
      // Of one whose records have left some are here.
      const isLeft = head.retired !== null && [...its].length > 0
      return { head, kept: isLeft ? undefined : walked(head, its, keep) }
    })
    if (found === undefined) {
      await requireNone(execution)
      return []
    }
    return found.kept ?? walked(found.head, await fromSegment(execution), keep)
  }

  function isRetired(execution: string): boolean {
    return retired.has(execution)
  }

  async function fromSegment(execution: string): Promise<readonly StoredRow[]> {
    retired.add(execution)
    return (await left.rowsOf(execution)).map((row) => ({ ...row, execution }))
  }

  /** The records between two positions, both included, of executions that have left the store; at most `limit`. Throws where their segment is missing. */
  async function leftBetween(from: number, through: number, limit: number): Promise<readonly JournalEvent[]> {
    return (await left.between(from, through, limit)).map(({ row }) => eventOf(row))
  }

  async function eventsOf(execution: string, types?: TypesRead): Promise<readonly JournalEvent[]> {
    // Whether the chain is whole is said first.
    let unread: { readonly error: unknown } | undefined
    const events = await kept(execution, (row) => {
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

  function walked<Kept>(head: ExecutionHead, rows: Iterable<StoredRow>, keep: Keep<Kept>) {
    requireSealed(head)
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
    requireEnd(origin, id, passing(), { n: head.head, hash: head.head_hash, last })
    if (positions.first !== head.first || positions.last !== last) throw otherEnd(id, last)
    return kept
  }

  /** Throws BrokenChainError where the seal of an execution does not fit. */
  function requireSealed({
    id,
    head: n,
    head_hash: hash,
    seal,
    is_open: isOpen,
    has_acted: hasActed,
    last,
  }: ExecutionHead): void {
    if (isSealedHead(keys, origin, id, { n, hash, seal, isOpen, hasActed })) return
    throw new BrokenChainError({ seq: last, reason: `the seal of execution ${id} is broken` })
  }

  function requireUnder(rows: readonly PlacedRow[]): void {
    const sealed = new Set<string>()
    for (const row of rows) {
      const { id, pos, execution, head } = row
      if (head === null)
        throw new BrokenChainError({ seq: pos, reason: `the sealed head of execution ${execution} is gone` })
      if (!sealed.has(id)) requireSealed(row)
      sealed.add(id)
      requireCounted(row, head)
    }
  }

  function requireRegistered(rows: readonly RegisteredRow[]): void {
    const [first] = rows
    if (first === undefined) return
    const head = sealedRegister(first, first.pos)
    for (const row of rows) requireCounted(row, head.n)
  }

  function sealedRegister({ head: n, head_hash: hash, seal }: RegisterHead, seq: number): LinkPoint {
    if (n === null || hash === null || seal === null)
      throw new BrokenChainError({ seq, reason: 'the head of the register is gone' })
    if (!isSealedHead(keys, origin, null, { n, hash, seal }))
      throw new BrokenChainError({ seq, reason: 'the seal of the register is broken' })
    return { n, hash }
  }

  async function requireNone(execution: string) {
    const seq = await rows.mirrorOfGone(execution)
    if (seq !== undefined)
      throw new BrokenChainError({ seq, reason: `execution ${execution}, which begins there, is gone` })
  }

  async function registerEnd(): Promise<LinkPoint & { readonly uncovered: RegisterHead['uncovered'] | undefined }> {
    const head = (await rows.registerHead()) ?? NO_HEAD
    return { ...sealedRegister(head, 0), uncovered: head.uncovered }
  }

  return { rowsOf, isRetired, leftBetween, eventsOf, requireSealed, requireUnder, requireRegistered, registerEnd }
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
