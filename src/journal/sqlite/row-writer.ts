import type { AppendRequest } from '../chains/append-request.ts'
import { foundBy } from '../chains/found-by.ts'
import type { SentAppend, SentRow } from '../chains/prepare.ts'
import type { JournalEvent } from '../event.ts'
import { planOf } from '../event-uses.ts'
import { takesOver } from '../lease.ts'
import { REGISTER_CHAIN } from '../link.ts'
import type { Connection } from './connection.ts'
import type { Heads } from './heads.ts'

const EVENT =
  'INSERT INTO event(pos, execution, n, at, type, plan, covers, prev, hash, body) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)'
const REGISTER = `INSERT INTO register(n, pos, mirror, execution, at, type, plan, receiver, schedule, instant, covers, prev, hash, body)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`
const NONE = '[]'

/** The positions that a request was given. */
interface Places {
  readonly places: readonly number[]
  readonly register: readonly number[]
}

/** Writes the rows of requests, and keeps the heads of their chains as they are behind them. */
export class RowWriter {
  readonly #connection: Connection
  readonly #heads: Heads

  constructor(connection: Connection, heads: Heads) {
    this.#connection = connection
    this.#heads = heads
  }

  /** All rows of a request that was judged. */
  write(request: AppendRequest, { sent, register: head }: SentAppend): Places {
    const { execution, at } = request
    const places =
      execution === undefined ? [] : this.#writeEvents(execution, request, (sent.rows ?? []) as readonly SentRow[])
    const register = this.#writeRegister(request, sent.register?.rows ?? [], places)
    const { latest, clockSince, newest } = this.#heads.present
    const isReset = request.events.some(({ type }) => type === 'ClockAccepted')
    this.#heads.put({
      ...(register.length === 0 ? {} : { register: { ...head, uncovered: register } }),
      newest: Math.max(newest, places.at(-1) ?? 0, register.at(-1) ?? 0),
      clockSince: isReset ? (register[0] ?? clockSince) : clockSince,
      latest: isReset || latest === null || latest < at ? at : latest,
    })
    if (execution !== undefined && sent.head !== undefined) this.#keepHead(execution, request, sent.head, places)
    return { places, register }
  }

  /** Keeps that something is used up. */
  use(key: string, execution: string | undefined): void {
    this.#connection.run('INSERT INTO used(key, execution) VALUES (?, ?)', key, execution ?? null)
  }

  #writeEvents(execution: string, { events, at }: AppendRequest, rows: readonly SentRow[]): readonly number[] {
    const { newest } = this.#heads.present
    return rows.map(({ n, covers, prev, hash, body }, index) => {
      const event = events[index] as JournalEvent
      const pos = newest + 1 + index
      const bytes = [textOf(covers), Buffer.from(prev, 'hex'), Buffer.from(hash, 'hex')] as const
      this.#connection.run(EVENT, pos, execution, n, at, event.type, planOf(event) ?? null, ...bytes, body)
      if (event.type === 'TaskSubmitted')
        this.#connection.run('INSERT OR IGNORE INTO task_token(token, execution) VALUES (?, ?)', event.token, execution)
      return pos
    })
  }

  /** A mirror has the position of what it mirrors; records outside of executions have positions of their own. */
  #writeRegister(
    { events, at }: AppendRequest,
    rows: readonly SentRow[],
    places: readonly number[],
  ): readonly number[] {
    const { newest } = this.#heads.present
    return rows.map(({ n, covers, prev, hash, body, mirror, execution, of }, index) => {
      const pos = mirror === undefined ? newest + 1 + index : (places[(of ?? 1) - 1] ?? 0)
      const found = columnsOf(mirror === undefined ? events[index] : undefined)
      const bytes = [textOf(covers), Buffer.from(prev, 'hex'), Buffer.from(hash, 'hex')] as const
      this.#connection.run(REGISTER, n, pos, mirror ?? null, execution ?? null, at, ...found, ...bytes, body)
      return pos
    })
  }

  #keepHead(
    execution: string,
    { events }: AppendRequest,
    { n, hash, isOpen, hasActed }: NonNullable<SentAppend['sent']['head']>,
    places: readonly number[],
  ): void {
    const present = this.#heads.executions.get(execution)
    const last = places.at(-1) ?? 0
    // Whoever writes the first record owns the execution by that.
    const takes = events.filter((event, index) => takesOver(event) && (present !== undefined || index > 0)).length
    const token = (present?.token ?? 1) + takes
    this.#heads.putExecution(execution, {
      ...{ n, hash, isOpen, hasActed, token, last },
      uncovered: places,
      first: present?.first ?? places[0] ?? 0,
      worker: null,
      retired: present?.retired ?? null,
    })
  }
}

function columnsOf(event: JournalEvent | undefined): readonly (string | null)[] {
  const { type, plan, receiver, schedule, instant } = foundBy(event, REGISTER_CHAIN)
  return [type, plan, receiver, schedule, instant]
}

function textOf(positions: readonly number[]): string {
  return positions.length === 0 ? NONE : JSON.stringify(positions)
}
