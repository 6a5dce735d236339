import type { JournalEvent } from '../event/event.ts'
import { foundByEvent, NOT_IN_REGISTER } from '../event/event-uses.ts'
import { takesOver } from '../store/lease.ts'
import type { ExecutionRow, HeadRow } from './append-basis.ts'
import type { AppendRequest } from './append-request.ts'
import type { Columns } from './chain-rows.ts'
import type { SentAppend, SentRow } from './prepare.ts'

export interface PlacedRow extends SentRow {
  readonly pos: number
  readonly columns: Required<Columns>
  readonly token?: string
}

interface KnownOfAll {
  readonly newest: number
  readonly clockSince: number
  // The newest of them, ISO 8601 in UTC.
  readonly latest: string | null
}

export interface PlacedAppend extends KnownOfAll {
  readonly rows: readonly PlacedRow[]
  readonly registerRows: readonly PlacedRow[]
  readonly register: HeadRow
  readonly execution: Omit<ExecutionRow, 'seal'> | undefined
}

/** Gives the rows of a request the positions behind the newest one: of a store in which nobody else writes meanwhile. `present`: its execution before it. */
export function placedBehind(
  request: AppendRequest,
  { sent, register: after }: SentAppend,
  present: ExecutionRow | undefined,
  before: KnownOfAll,
): PlacedAppend {
  const { execution, events, at } = request
  const rows = ((sent.rows ?? []) as readonly SentRow[]).map((row, index): PlacedRow => {
    const event = events[index] as JournalEvent
    const columns = { ...foundByEvent(event), ...NOT_IN_REGISTER }
    const token = event.type === 'TaskSubmitted' ? { token: event.token } : {}
    return { ...row, pos: before.newest + 1 + index, columns, ...token }
  })
  // A mirror has the position of what it mirrors.
  const registerRows = (sent.register?.rows ?? []).map((row, index): PlacedRow => {
    const mirrored = row.mirror === undefined ? undefined : rows[(row.of ?? 1) - 1]?.pos
    const found = row.mirror === undefined ? foundByEvent(events[index] as JournalEvent) : NOTHING
    return { ...row, pos: mirrored ?? before.newest + 1 + index, columns: { ...found, at } }
  })
  const [places, register] = [positionsOf(rows), positionsOf(registerRows)]
  const isReset = events.some(({ type }) => type === 'ClockAccepted')
  return {
    rows,
    registerRows,
    register: register.length === 0 ? after : { ...after, uncovered: register },
    execution: execution === undefined ? undefined : executionAfter(events, sent.head, present, places),
    newest: Math.max(before.newest, ...places.slice(-1), ...register.slice(-1)),
    clockSince: isReset ? (register[0] ?? before.clockSince) : before.clockSince,
    latest: isReset || before.latest === null || before.latest < at ? at : before.latest,
  }
}

export function positionsOf(rows: readonly PlacedRow[]): readonly number[] {
  return rows.map(({ pos }) => pos)
}

function executionAfter(
  events: readonly JournalEvent[],
  head: SentAppend['sent']['head'],
  present: ExecutionRow | undefined,
  places: readonly number[],
): Omit<ExecutionRow, 'seal'> | undefined {
  if (head === undefined) return undefined
  const { n, hash, isOpen, hasActed } = head
  // Whoever writes the first record owns the execution by that.
  const takes = events.filter((event, index) => takesOver(event) && (present !== undefined || index > 0)).length
  const first = present?.first ?? places[0] ?? 0
  const token = (present?.token ?? 1) + takes
  return { n, hash, isOpen, hasActed, first, last: places.at(-1) ?? 0, token, uncovered: places, worker: null }
}

const NOTHING = { type: null, plan: null, ...NOT_IN_REGISTER } as const
