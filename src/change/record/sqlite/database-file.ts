import {
  closeSync,
  constants,
  existsSync,
  fstatSync,
  linkSync,
  mkdirSync,
  openSync,
  renameSync,
  statSync,
} from 'node:fs'
import { dirname } from 'node:path'
import Database from 'better-sqlite3'
import { codeOf, EosflowError } from '../../../model/error.ts'
import { BrokenChainError } from '../seal/chain.ts'
import { Connection, guarded, type RowReader } from './connection.ts'

// How long a connection waits for another one that writes, in milliseconds.
const BUSY_MILLISECONDS = 5_000
const RETRY_MILLISECONDS = 20

// SQLite's own 1,000 do not.
const LOG_PAGES = 800

// KiB of pages that a connection keeps which only reads. better-sqlite3 would keep 16 MB.
const CACHE = 4_000

/** Opens the database of a store for writing; one that is empty, or not there, is made by `make`. Throws `store`. */
export function writer(path: string, make: (database: Database.Database) => void): Connection {
  makePrivateFile(path)
  return opened(path, { timeout: BUSY_MILLISECONDS }, (database) => {
    writeAhead(database)
    database.pragma('synchronous = FULL')
    database.pragma(`wal_autocheckpoint = ${LOG_PAGES}`)
    const isEmpty = () => database.prepare('SELECT count(*) FROM sqlite_schema').pluck().get() === 0
    const create = database.transaction(() => {
      if (isEmpty()) make(database)
    })
    if (isEmpty()) create.immediate()
  })
}

/**
 * A connection to the file of a store, by which SQLite itself refuses every write (sqlite.org/c3ref/open.html, SQLITE_OPEN_READONLY). Throws `store`: see
 * {@link requireLayout}.
 */
export function reader(path: string, { moved = false } = {}): Connection {
  const how = { readonly: true, fileMustExist: true, timeout: BUSY_MILLISECONDS }
  return opened(
    path,
    how,
    (database) => {
      database.pragma('query_only = ON')
      database.pragma(`cache_size = -${CACHE}`)
    },
    moved,
  )
}

/** Throws `busy` where another process has it open, and `store`. `hint` is that of `busy`. */
export function openAlone(path: string, hint: string): Connection {
  const held = (cause?: unknown) =>
    new EosflowError('busy', `another process has the store ${path} open`, { hint, cause })
  return opened(path, { timeout: 0, fileMustExist: true }, (database) => {
    try {
      database.pragma('locking_mode = EXCLUSIVE')
      if (database.pragma('journal_mode = DELETE', { simple: true }) !== 'delete') throw held()
    } catch (thrown) {
      throw isBusy(thrown) ? held(thrown) : thrown
    }
    // The journal of a transaction is deleted when it is over: that, too, is to be on the disk.
    database.pragma('synchronous = EXTRA')
  })
}

function opened(
  path: string,
  options: Database.Options,
  prepare: (database: Database.Database) => void,
  moved = false,
) {
  return guarded(path, () => {
    const database = new Database(path, options)
    try {
      prepare(database)
      database.pragma('trusted_schema = OFF')
      const connection = new Connection(database, path)
      requireLayout(connection, moved)
      return connection
    } catch (thrown) {
      database.close()
      throw thrown
    }
  })
}

function isBusy(thrown: unknown) {
  return thrown instanceof Database.SqliteError && /^SQLITE_(?:BUSY|LOCKED)/.test(thrown.code)
}

function writeAhead(database: Database.Database) {
  const pause = new Int32Array(new SharedArrayBuffer(4))
  for (let waited = 0; ; waited += RETRY_MILLISECONDS) {
    try {
      database.pragma('journal_mode = WAL')
      return
    } catch (thrown) {
      if (!isBusy(thrown) || waited >= BUSY_MILLISECONDS) throw thrown
      Atomics.wait(pause, 0, 0, RETRY_MILLISECONDS)
    }
  }
}

function makePrivateFile(path: string) {
  if (path === ':memory:') return
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
    const file = openSync(path, constants.O_CREAT | constants.O_RDONLY, 0o600)
    try {
      requirePrivate(path, fstatSync(file).mode)
    } finally {
      closeSync(file)
    }
  } catch (cause) {
    if (cause instanceof EosflowError) throw cause
    const code = codeOf(cause)
    throw new EosflowError('store', `the store ${path} cannot be made or read (${code})`, {
      hint: 'Give this user write permission on the folder of the store, or name another with --store.',
      cause,
    })
  }
}

// Throws `store`.
function requirePrivate(path: string, mode: number) {
  if ((mode & 0o077) !== 0) throw openToOthers(path, mode, '600')
  const folder = dirname(path)
  const { mode: around } = statSync(folder)
  const isSticky = (around & 0o1000) !== 0
  if ((around & 0o022) !== 0 && !isSticky) throw openToOthers(folder, around, 'go-w')
}

function openToOthers(path: string, mode: number, mend: string) {
  return new EosflowError('store', `${path} is open to others (mode ${(mode & 0o777).toString(8)})`, {
    hint: `If nobody else has written there: chmod ${mend} ${path}`,
  })
}

// What is beside the file of a store: what SQLite keeps there, and what was acknowledged last.
const BESIDE = ['-wal', '-shm', '-journal', '-head', '-lost'] as const

/** What was there keeps its content under the name `aside`. Throws `busy` when another process has the store at the place open. */
export function replaceStore(path: string, by: string, aside: string): void {
  const isThere = existsSync(path)
  if (isThere) gather(path)
  // Where the store at the place is none that SQLite can read, its log goes with it: behind another file it would be written into that.
  for (const suffix of BESIDE) if (existsSync(path + suffix)) renameSync(path + suffix, aside + suffix)
  if (isThere) linkSync(path, aside)
  renameSync(by, path)
}

function gather(path: string) {
  let database: Database.Database | undefined
  try {
    database = new Database(path, { timeout: 0, fileMustExist: true })
    database.pragma('journal_mode = DELETE')
  } catch (thrown) {
    if (!isBusy(thrown)) return
    throw new EosflowError('busy', `another process has the store ${path} open`, {
      hint: 'Stop what runs (eosflow executions names it), and restore then.',
      cause: thrown,
    })
  } finally {
    database?.close()
  }
}

/** `EOSF`: distinguishes our file from any other SQLite file. */
export const APPLICATION_ID = 0x454f5346

/** The layout below, in `user_version`. Stores of the one-chain layout have numbers up to 12. */
export const LAYOUT = 16

export const MOVED = 1_000_000

const hash = (name: string) => `${name} BLOB NOT NULL CHECK(length(${name}) = 32)`
const flag = (name: string) => `${name} INTEGER NOT NULL CHECK(${name} IN (0, 1))`
const ONE = 'one INTEGER PRIMARY KEY CHECK(one = 1)'

export const BLOB_KEPT = `CREATE TRIGGER blob_kept BEFORE DELETE ON blob BEGIN SELECT RAISE(ABORT, 'texts are kept'); END;`

/** Whether the text of a row of `event` may say that an execution has ended, or was begun again: as its index has it, word for word, so that SQLite uses that (sqlite.org/partialindex.html). */
export const MAY_TURN = `(instr(body, '"type":"ExecutionEnded"') OR instr(body, '"type":"ExecutionRedriven"'))`

/** The tables of a store with a chain for each execution and one register: those of PostgreSQL (src/change/record/postgres/sql/tables.ts), without what processes on several machines need. Beside them is a tree of hashes over the rows of \`execution\` and one over those of \`lease\`, each row in the place of its number, and \`register_head\` seals the tops of both with the head of the register: one row vouches for all ends and all leases, so that no set of them is put back unseen. */
export const SCHEMA = `
PRAGMA application_id = ${APPLICATION_ID};
PRAGMA user_version = ${LAYOUT};
CREATE TABLE store(${ONE}, origin TEXT NOT NULL, key_check TEXT NOT NULL) STRICT;

CREATE TABLE execution(
  place INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  first INTEGER NOT NULL,
  last INTEGER NOT NULL,
  n INTEGER NOT NULL,
  ${hash('hash')},
  ${hash('seal')},
  uncovered TEXT NOT NULL,
  ${flag('is_open')},
  ${flag('has_acted')},
  token INTEGER NOT NULL CHECK(token > 0),
  -- The number in the register of the record that took its records out.
  retired INTEGER
) STRICT;
CREATE INDEX execution_open ON execution(place) WHERE is_open = 1;

-- What is computed from the body, to find a row by it, says nothing that the hashed text does not.
CREATE TABLE event(
  pos INTEGER PRIMARY KEY,
  execution TEXT NOT NULL,
  n INTEGER NOT NULL,
  plan TEXT,
  covers TEXT NOT NULL,
  ${hash('prev')},
  ${hash('hash')},
  body TEXT NOT NULL,
  UNIQUE(execution, n)
) STRICT;
CREATE INDEX event_plan ON event(plan, pos) WHERE plan IS NOT NULL;
-- Whether an execution of a plan has ended is asked for each of its switches.
CREATE INDEX event_turn ON event(execution, pos) WHERE ${MAY_TURN};

-- A mirror has the position of the record that it mirrors, and names its execution; any other row is a record.
CREATE TABLE register(
  n INTEGER PRIMARY KEY,
  pos INTEGER NOT NULL,
  mirror TEXT CHECK(mirror IN ('begun', 'ended')),
  execution TEXT,
  type TEXT,
  plan TEXT,
  receiver TEXT,
  schedule TEXT,
  instant TEXT,
  covers TEXT NOT NULL,
  ${hash('prev')},
  ${hash('hash')},
  body TEXT NOT NULL,
  CHECK((mirror IS NULL) = (execution IS NULL))
) STRICT;
CREATE UNIQUE INDEX register_record ON register(pos) WHERE mirror IS NULL;
CREATE INDEX register_mirror ON register(execution, n) WHERE mirror IS NOT NULL;
CREATE INDEX register_type ON register(type, pos) WHERE mirror IS NULL;
CREATE INDEX register_plan ON register(plan, pos) WHERE plan IS NOT NULL;
CREATE INDEX register_receiver ON register(receiver, pos) WHERE receiver IS NOT NULL;
CREATE INDEX register_schedule ON register(schedule, instant, pos) WHERE schedule IS NOT NULL;

-- \`seal\` is that of the newest row of the register, \`whole\` that of this row, both trees and the newest checkpoint.
CREATE TABLE register_head(
  ${ONE},
  n INTEGER NOT NULL,
  ${hash('hash')},
  ${hash('seal')},
  uncovered TEXT NOT NULL,
  -- Behind this position times are judged by records (ClockAccepted); the newest of them, and the newest position of all chains.
  clock_since INTEGER NOT NULL,
  latest TEXT,
  newest INTEGER NOT NULL,
  executions INTEGER NOT NULL,
  -- How many of them have not ended, so that none of these is hidden.
  open INTEGER NOT NULL,
  ${hash('execution_root')},
  leases INTEGER NOT NULL,
  ${hash('lease_root')},
  -- A digest over all rows of delivery, and one over those of note_head.
  ${hash('deliveries')},
  ${hash('notes')},
  ${hash('whole')}
) STRICT;

CREATE TABLE lease(
  place INTEGER PRIMARY KEY,
  device TEXT NOT NULL UNIQUE,
  execution TEXT NOT NULL,
  token INTEGER NOT NULL CHECK(token > 0),
  until TEXT,
  quarantine TEXT
) STRICT;
CREATE INDEX lease_execution ON lease(execution);

-- The nodes of the two trees.
CREATE TABLE node(
  tree TEXT NOT NULL CHECK(tree IN ('execution', 'lease')),
  level INTEGER NOT NULL,
  place INTEGER NOT NULL,
  digests BLOB NOT NULL,
  PRIMARY KEY(tree, level, place)
) STRICT, WITHOUT ROWID;

-- What is used once: an approval, the key of a run, the decision about an instant of a schedule.
CREATE TABLE used(key TEXT PRIMARY KEY, execution TEXT) STRICT, WITHOUT ROWID;

-- For which execution the answer to a task is.
CREATE TABLE task_token(token TEXT PRIMARY KEY, execution TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE INDEX task_token_execution ON task_token(execution);

-- \`put\`: when somebody put it last, within an hour, in milliseconds since the epoch.
CREATE TABLE blob(ref TEXT PRIMARY KEY, bytes BLOB NOT NULL, put INTEGER NOT NULL) STRICT;

-- \`heads\`: the chains that its root is over, and how many records each had.
CREATE TABLE checkpoint(
  id INTEGER PRIMARY KEY CHECK(id > 0),
  seq INTEGER NOT NULL,
  at TEXT NOT NULL,
  note TEXT NOT NULL,
  heads TEXT NOT NULL
) STRICT;

-- Seals the newest one, so that nobody without the key takes it away unseen.
CREATE TABLE checkpoint_head(${ONE}, id INTEGER NOT NULL, ${hash('seal')}) STRICT;

CREATE TABLE delivery(receiver TEXT PRIMARY KEY, position INTEGER NOT NULL, at TEXT NOT NULL, fault TEXT) STRICT, WITHOUT ROWID;

-- What servers and commands keep for a while: \`note_head\` says which notes of a kind there are (src/change/record/store/sealed-notes.ts).
CREATE TABLE note(name TEXT PRIMARY KEY, kind TEXT NOT NULL, body BLOB NOT NULL) STRICT, WITHOUT ROWID;
CREATE INDEX note_kind ON note(kind);
CREATE TABLE note_head(kind TEXT PRIMARY KEY, body BLOB NOT NULL) STRICT, WITHOUT ROWID;

CREATE TRIGGER event_stands BEFORE UPDATE ON event BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;
-- The record of a segment has said that the execution has left: its first and last rows, its ends and what names a plan stay.
CREATE TRIGGER event_kept BEFORE DELETE ON event
  WHEN NOT EXISTS (SELECT 1 FROM execution x WHERE x.id = OLD.execution AND x.retired IS NOT NULL
    AND OLD.n > 1 AND OLD.n < x.n AND OLD.body ->> '$.type' <> 'ExecutionEnded' AND OLD.plan IS NULL)
  BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;
CREATE TRIGGER register_stands BEFORE UPDATE ON register BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;
CREATE TRIGGER register_kept BEFORE DELETE ON register BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;
CREATE TRIGGER checkpoint_stands BEFORE UPDATE ON checkpoint BEGIN SELECT RAISE(ABORT, 'checkpoints are kept'); END;
CREATE TRIGGER checkpoint_kept BEFORE DELETE ON checkpoint BEGIN SELECT RAISE(ABORT, 'checkpoints are kept'); END;
CREATE TRIGGER blob_stands BEFORE UPDATE OF ref, bytes ON blob BEGIN SELECT RAISE(ABORT, 'texts are kept'); END;
${BLOB_KEPT}
`

export interface MoveDestination {
  readonly copy: string
  readonly to: string
}

/** Where a store was moved to; undefined for one that was not. */
export function movedAwayIn(asked: RowReader): MoveDestination | undefined {
  if (asked.one<{ user_version: number }>('PRAGMA user_version')?.user_version !== MOVED) return undefined
  const last = `SELECT body ->> '$.copy' AS copy, body ->> '$.to' AS "to" FROM register WHERE type = 'StoreMovedTo' ORDER BY n DESC LIMIT 1`
  return asked.one<MoveDestination>(last) ?? { copy: '', to: 'a place that its last record does not say' }
}

export function movedAwayError(path: string, { to }: Pick<MoveDestination, 'to'>): EosflowError {
  return new EosflowError('store', `the store ${path} was moved to ${to}: nothing is written to it any more`, {
    hint: `Write \`store: ${to}\` into eosflow.yaml, with the settings of its connection. eosflow audit verify --store ${path} verifies what is here.`,
  })
}

/** Throws BrokenChainError where the file has an index, a view or a trigger that eosflow does not make, or a table of eosflow with another text: by a trigger or a view somebody who has no key would have this process alter what it writes, or read something else than what is there. */
export function requireOwnTables(asked: RowReader): void {
  const made = asked.all<Made>('SELECT type, name, sql FROM sqlite_schema WHERE sql IS NOT NULL')
  const foreign = made.find((one) => !SCHEMA.includes(`\n${one.sql};`) && !isFurtherTable(one))
  if (foreign === undefined) return
  const reason = `the ${foreign.type} ${foreign.name} in its file was not made by eosflow, or was altered`
  throw new BrokenChainError({ seq: 0, reason })
}

interface Made {
  readonly type: string
  readonly name: string
  readonly sql: string
}

function isFurtherTable({ type, name }: Made) {
  return type === 'table' && !SCHEMA.includes(`CREATE TABLE ${name.toLowerCase()}(`)
}

/**
 * Throws `store` for what is no store, for one of another layout, and, unless it is `moved` that may be read, for one that was moved into a database; and as
 * {@link requireOwnTables} does.
 */
export function requireLayout(connection: Connection, moved = false): void {
  const { database, path } = connection
  if (database.pragma('application_id', { simple: true }) !== APPLICATION_ID)
    throw new EosflowError('store', `${path} is a SQLite file, but not a store of eosflow`, {
      hint: 'Name the store with --store, or move this file away.',
    })
  const layout = Number(database.pragma('user_version', { simple: true }))
  if (layout === LAYOUT || (layout === MOVED && moved)) {
    requireOwnTables(connection)
    return
  }
  const away = movedAwayIn(connection)
  if (away !== undefined) throw movedAwayError(path, away)
  throw new EosflowError('store', `${path} is a store of layout ${layout}; this eosflow reads layout ${LAYOUT}`, {
    hint: 'Use the eosflow that wrote it, or name another store with --store.',
  })
}
