import type { Database, Statement } from 'better-sqlite3'
import type { EventBody } from '../event.ts'
import {
  abandonedIn,
  type Lease,
  leasedAct,
  QUARANTINE_ON_ONE_MACHINE,
  quarantined,
  requireNewestWriter,
  requireToken,
  TOKENS_BEYOND,
  takeLease,
  takesOver,
} from '../lease.ts'

/** The place of an event. */
interface Occasion {
  readonly execution: string
  /** ISO 8601 in UTC. */
  readonly at: string
}

/** A lease as its table has it. */
type Row = Omit<Lease, 'quarantine'> & { readonly quarantine: string | null }

/** The tokens of each execution by switch. */
type Tokens = Map<string, Map<string, number>>

/** The leases of a store, and the tokens that this connection has taken. Written inside the transactions of the journal alone. */
export class LeaseTable {
  readonly #select: Statement<[device: string], Row>
  readonly #upsert: Statement<
    [device: string, execution: string, token: number, until: string | null, quarantine: string | null]
  >
  readonly #release: Statement<[execution: string]>
  readonly #pass: Statement<[execution: string]>
  readonly #forsake: Statement<[beyond: number]>
  readonly #last: Statement<[execution: string], string>
  /** The newest record of each execution that this connection has written to. */
  readonly #written = new Map<string, number>()
  /** What was taken in transactions that are committed, and in the one under way. */
  readonly #held: Tokens = new Map()
  #taken: Tokens = new Map()
  /** The executions that changed hands in the transaction under way. */
  #passed = new Set<string>()

  constructor(database: Database) {
    this.#select = database.prepare('SELECT device, execution, token, until, quarantine FROM lease WHERE device = ?')
    this.#upsert =
      database.prepare(`INSERT INTO lease(device, execution, token, until, quarantine) VALUES (?, ?, ?, ?, ?)
      ON CONFLICT(device) DO UPDATE SET execution = excluded.execution, token = excluded.token, until = excluded.until,
        quarantine = excluded.quarantine`)
    this.#release = database.prepare('UPDATE lease SET until = NULL WHERE execution = ?')
    this.#forsake = database.prepare('UPDATE lease SET token = token + ?, until = NULL, quarantine = NULL')
    this.#last = database
      .prepare<[string], string>(
        "SELECT body ->> '$.type' FROM journal WHERE seq = (SELECT max(seq) FROM journal WHERE execution = ?)",
      )
      .pluck()
    this.#pass = database.prepare('UPDATE lease SET token = token + 1 WHERE execution = ?')
  }

  leaseOf(device: string): Lease | undefined {
    const row = this.#select.get(device)
    if (row === undefined) return undefined
    const { quarantine, ...lease } = row
    return quarantine === null ? lease : { ...lease, quarantine }
  }

  /** Throws `busy` unless an execution, whose newest record is `newest`, is this connection's and holds the lease of a switch. */
  requireLease(execution: string, device: string, newest: number | null): void {
    requireNewestWriter(newest, this.#written.get(execution), { execution, device })
    const held = this.#held.get(execution)?.get(device)
    if (held !== undefined) requireToken(this.leaseOf(device), held, { execution, device })
  }

  /** A transaction of the journal begins; what one took that was not committed is not there. */
  begin(): void {
    this.#taken = new Map()
    this.#passed = new Set()
  }

  /** Takes, renews or gives back what an event of an execution needs. Throws `busy`, and then nothing was written. */
  heed(event: EventBody, { execution, at }: Occasion): void {
    if (event.type === 'ExecutionEnded') this.#release.run(execution)
    if (takesOver(event)) {
      this.#pass.run(execution)
      this.#passed.add(execution)
      this.#taken.delete(execution)
    }
    for (const device of abandonedIn(event)) {
      const lease = this.leaseOf(device)
      if (lease?.execution === execution) this.#put(quarantined(lease, at, QUARANTINE_ON_ONE_MACHINE))
    }
    const act = leasedAct(event)
    if (act === undefined) return
    const known = this.#tokenOf(execution, act.device)
    const lease = takeLease(this.leaseOf(act.device), known, {
      execution,
      at,
      ...act,
      quarantineSeconds: QUARANTINE_ON_ONE_MACHINE,
      // Records of executions that have ended may be in a segment.
      isOver: (other) => (this.#last.get(other) ?? 'ExecutionEnded') === 'ExecutionEnded',
    })
    this.#put(lease)
    tokensOf(this.#taken, execution).set(lease.device, lease.token)
  }

  /**
   * Ends the quarantine that an event outside of an execution says to be over. Where the store was restored from a backup every lease
   * ends, and its token is one that nobody can have been given behind the backup.
   */
  heedOutside(event: EventBody): void {
    if (event.type === 'StoreRestored') this.#forsake.run(TOKENS_BEYOND)
    if (event.type !== 'DeviceReleased') return
    const lease = this.leaseOf(event.device)
    // Another execution may have been taken over since somebody looked: its quarantine is not the one that is meant.
    if (lease?.execution !== event.released) return
    const { quarantine: _, ...left } = lease
    this.#put(left)
  }

  #put({ device, execution, token, until, quarantine = null }: Row | Lease): void {
    this.#upsert.run(device, execution, token, until, quarantine)
  }

  #tokenOf(execution: string, device: string): number | undefined {
    const taken = this.#taken.get(execution)?.get(device)
    return taken ?? (this.#passed.has(execution) ? undefined : this.#held.get(execution)?.get(device))
  }

  /** The transaction was committed. */
  commit(written: ReadonlyMap<string, number>, ended: readonly string[]): void {
    for (const [execution, seq] of written) this.#written.set(execution, seq)
    for (const execution of this.#passed) this.#held.delete(execution)
    for (const [execution, tokens] of this.#taken) {
      for (const [device, token] of tokens) tokensOf(this.#held, execution).set(device, token)
    }
    for (const execution of ended) {
      this.#held.delete(execution)
      this.#written.delete(execution)
    }
  }
}

function tokensOf(all: Tokens, execution: string): Map<string, number> {
  const tokens = all.get(execution) ?? new Map<string, number>()
  all.set(execution, tokens)
  return tokens
}
