import Database from 'better-sqlite3'
import { KeyRing } from '../src/change/record/seal/store-keys.ts'
import { Connection, type RowReader, Views } from '../src/change/record/sqlite/connection.ts'
import { atRest, type CommitTurn } from '../src/change/record/sqlite/group-commit.ts'
import {
  connect,
  partsOver,
  type SqliteStore,
  type SqliteStoreParts,
  sqliteStore,
} from '../src/change/record/sqlite/open-store.ts'
import type { Clock } from '../src/model/clock.ts'
import { signingKeyOf } from '../src/model/ed25519.ts'
import { KEY } from './change-under-test.ts'

/** What a process of a history has of its own, over the store that all of them have open. */
type ProcessTerms = Pick<SqliteStoreParts, 'clock'> &
  Partial<Pick<SqliteStoreParts, 'moment' | 'quarantineSeconds' | 'leaseTime'>>

const IN_MEMORY = ':memory:'
/** Made once: it takes longer than all the rest of an opening. */
const SIGNING = signingKeyOf(new KeyRing(KEY).checkpoint)

/** The store that is shipped, on a database in memory, as one process of a history has it: its leases are its own, its records are everybody's. */
export type SimulatedStore = SqliteStore & {
  /** As a further process has it open: with the leases that this one takes. */
  opened(terms?: ProcessTerms): SimulatedStore
  /** A copy, as of now: from here on neither knows what the other does. */
  copied(): Promise<SimulatedStore>
  /** The newest record of an execution; 0 where it has none. */
  lastOf(execution: string): number
}

function simulatedStore(parts: SqliteStoreParts): SimulatedStore {
  const { connection, clock, moment, heads } = parts
  return Object.assign(sqliteStore(parts), {
    opened: (terms?: ProcessTerms) =>
      simulatedStore({ ...parts, ...(terms && { ...ownTimes(terms.clock), ...terms }) }),
    copied: () => openedOver(copyOf(connection), clock, moment),
    lastOf: (execution: string) => connection.moment(() => heads.execution(execution)?.last ?? 0),
  })
}

/** When a process writes: each append alone and at once, or what has come in together in one transaction. */
export const COMMITS = { alone: (write: () => void) => write(), together: atRest } as const

/** A store on which nothing is on record. */
export function newSimulatedStore(clock: Clock, commits: keyof typeof COMMITS = 'alone'): Promise<SimulatedStore> {
  return openedOver(connect(IN_MEMORY, new KeyRing(KEY)), clock, COMMITS[commits])
}

async function openedOver(connection: Connection, clock: Clock, moment: CommitTurn): Promise<SimulatedStore> {
  const options = { path: IN_MEMORY, installKey: KEY, clock, checkpointKey: () => SIGNING, moment }
  return simulatedStore(await partsOver(connection, new KeyRing(KEY), options, new Snapshots(connection)))
}

function copyOf({ database }: Connection): Connection {
  return new Connection(new Database(database.serialize()), IN_MEMORY)
}

const ownTimes = (clock: Clock): Pick<SqliteStoreParts, 'clock' | 'leaseTime'> => ({
  clock,
  leaseTime: () => clock.now(),
})

/** Views of a copy each: who verifies holds up nobody who writes, as with a file, so that a history is the same whether it is checked or not. */
class Snapshots extends Views {
  readonly #written: Connection

  constructor(written: Connection) {
    super(written)
    this.#written = written
  }

  override async view<T>(work: (asked: RowReader) => Promise<T>): Promise<T> {
    const copy = copyOf(this.#written)
    try {
      return await work(copy)
    } finally {
      copy.close()
    }
  }
}
