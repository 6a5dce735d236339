import type { AppendRequest } from '../chains/append-request.ts'
import { type PlacedAppend, type PlacedRow, placedBehind } from '../chains/placing.ts'
import type { SentAppend } from '../chains/prepare.ts'
import type { Connection } from './connection.ts'
import type { Heads } from './heads.ts'

const EVENT =
  'INSERT INTO event(pos, execution, n, at, type, plan, covers, prev, hash, body) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)'
const REGISTER = `INSERT INTO register(n, pos, mirror, execution, at, type, plan, receiver, schedule, instant, covers, prev, hash, body)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`
const NONE = '[]'

/** Writes the rows of requests, and keeps the heads of their chains as they are behind them. */
export class RowWriter {
  readonly #connection: Connection
  readonly #heads: Heads

  constructor(connection: Connection, heads: Heads) {
    this.#connection = connection
    this.#heads = heads
  }

  /** All rows of a request that was judged. */
  write(request: AppendRequest, prepared: SentAppend): PlacedAppend {
    const id = request.execution ?? ''
    const present = this.#heads.executions.get(id)
    const placed = placedBehind(request, prepared, present, this.#heads.present)
    const { rows, registerRows, register, execution, newest, clockSince, latest } = placed
    for (const row of rows) this.#writeEvent(id, row)
    for (const row of registerRows) this.#writeRegister(row)
    this.#heads.put({ ...(registerRows.length === 0 ? {} : { register }), newest, clockSince, latest })
    if (execution !== undefined) this.#heads.putExecution(id, { ...execution, retired: present?.retired ?? null })
    return placed
  }

  /** Keeps that something is used up. */
  use(key: string, execution: string | undefined): void {
    this.#connection.run('INSERT INTO used(key, execution) VALUES (?, ?)', key, execution ?? null)
  }

  #writeEvent(execution: string, row: PlacedRow): void {
    const { pos, n, columns, token } = row
    const { at, type, plan } = columns
    this.#connection.run(EVENT, pos, execution, n, at, type, plan, ...contentOf(row))
    if (token === undefined) return
    this.#connection.run('INSERT OR IGNORE INTO task_token(token, execution) VALUES (?, ?)', token, execution)
  }

  #writeRegister(row: PlacedRow): void {
    const { pos, n, mirror = null, execution = null, columns } = row
    const { at, type, plan, receiver, schedule, instant } = columns
    const found = [at, type, plan, receiver, schedule, instant] as const
    this.#connection.run(REGISTER, n, pos, mirror, execution, ...found, ...contentOf(row))
  }
}

function contentOf({ covers, prev, hash, body }: PlacedRow): readonly [string, Buffer, Buffer, string] {
  return [covers.length === 0 ? NONE : JSON.stringify(covers), Buffer.from(prev, 'hex'), Buffer.from(hash, 'hex'), body]
}
