import { randomBytes } from 'node:crypto'
import { closeSync, constants, fstatSync, mkdirSync, openSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import Database from 'better-sqlite3'
import type { Clock } from '../../model/clock.ts'
import { type SigningKey, signingKeyOf } from '../../model/ed25519.ts'
import { EosflowError } from '../../model/error.ts'
import type { InstallKeys } from '../../model/install-keys.ts'
import { checkpointSigner } from '../audit/checkpoint-key.ts'
import type { PriorCheckpoint } from '../audit/prior-checkpoint.ts'
import { genesis } from '../chain.ts'
import { KeyRing } from '../key-ring.ts'
import type { Scrub } from '../without-secrets.ts'
import { BlobTable } from './blob-table.ts'
import { CheckpointTable } from './checkpoint-table.ts'
import { ExecutionTable } from './execution-table.ts'
import { atRest, type CommitTurn } from './group-commit.ts'
import { MarkTable } from './mark-table.ts'
import { movedAwayError, movedAwayIn } from './move-destination.ts'
import { APPLICATION_ID, SCHEMA, STORE_VERSION, UPGRADES } from './schema.ts'
import { SEGMENT_ID } from './segment-file.ts'
import { segmentsOf } from './segments-of.ts'
import { guarded, unlessHindered } from './sqlite-error.ts'
import { SqliteStore } from './sqlite-store.ts'
import { originOf, requireRotated } from './store-origin.ts'

/** How long a connection waits for another one that writes, in milliseconds. */
export const BUSY_MILLISECONDS = 5_000
const RETRY_MILLISECONDS = 20

/** What a store needs from outside. */
export interface StoreOptions {
  /** The SQLite file; it and its folder are made when they are not there. `:memory:` keeps nothing. */
  readonly path: string
  /** The install key, or the ring of those that the store was and will be under. */
  readonly installKey: string | InstallKeys
  readonly clock: Clock
  /**
   * Gives the key that signs the checkpoints, by what has signed them until now; undefined: none is signed. It throws where nothing may
   * be written. Default: a key derived from the install key, for stores that nobody else judges; earlier versions had no other.
   */
  readonly checkpointKey?: (before: PriorCheckpoint | undefined) => SigningKey | undefined
  /** Takes secrets out of what is put on record; by default there are none. */
  readonly scrub?: Scrub
  /** Asked before anything is appended; throws where nothing may be. */
  readonly admit?: (latest: () => string | undefined) => void
  /** When appends that came in together are written. Default `atRest`. */
  readonly moment?: CommitTurn
}

/**
 * Opens the store of a project, making it the first time, and verifies what was added to the chain since it was last
 * verified. Durable on return of every append: WAL with `synchronous=FULL`.
 *
 * Throws `store`: not a store, of another version, written under another key, not writable, or
 * BrokenChainError at the first record that does not verify.
 */
export function openStore({
  path,
  installKey,
  checkpointKey,
  clock,
  scrub = (text) => text,
  admit = () => undefined,
  moment = atRest,
}: StoreOptions): SqliteStore {
  return guarded(path, () => {
    const keys = new KeyRing(installKey)
    makePrivateFile(path)
    const database = new Database(path, { timeout: BUSY_MILLISECONDS })
    try {
      prepare(database, path, keys)
      const origin = originOf(database, path, keys)
      upgrade(database)
      requireRotated(database, keys)
      const marks = new MarkTable(database, origin, keys)
      // A key takes longer to make than the rest of the opening, and only stores of earlier versions ask for this one.
      const derived = (): SigningKey => signingKeyOf(keys.checkpoint)
      const signs = checkpointKey === undefined ? derived() : checkpointKey(signedBefore(database, derived))
      const segments = segmentsOf(database, path, { origin, base: marks.find('base') })
      const store = new SqliteStore({
        segments,
        database,
        path,
        marks,
        keys,
        blobs: new BlobTable(database, keys, (ref) => segments.text(ref)),
        executions: new ExecutionTable(database, origin, keys, marks),
        checkpoints: new CheckpointTable(database, origin, checkpointSigner(signs ?? derived()), signs !== undefined),
        origin,
        clock,
        scrub,
        admit,
        moment,
      })
      store.verifyTail()
      unlessHindered(() => store.audit.checkpointDaily())
      return store
    } catch (thrown) {
      database.close()
      throw thrown
    }
  })
}

function signedBefore(database: Database.Database, keyOfEarlier: () => SigningKey): PriorCheckpoint | undefined {
  const newest = database
    .prepare<[], { seq: number; note: string }>('SELECT seq, note FROM checkpoint ORDER BY id DESC LIMIT 1')
    .get()
  if (newest === undefined) return undefined
  const derived = (): string | undefined => {
    const key = keyOfEarlier()
    return 'fault' in checkpointSigner(key).open(newest.note) ? undefined : key.publicKey
  }
  return { ...newest, derived }
}

/** Makes the file with mode 0600, and its folder; SQLite gives its WAL the same mode. */
export function makePrivateFile(path: string): void {
  if (path === ':memory:') return
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
    const file = openSync(path, constants.O_CREAT | constants.O_RDONLY, 0o600)
    try {
      requireOurs(path, fstatSync(file).mode)
    } finally {
      closeSync(file)
    }
  } catch (cause) {
    if (cause instanceof EosflowError) throw cause
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : String(cause)
    throw new EosflowError('store', `the store ${path} cannot be made or read (${code})`, {
      hint: 'Give this user write permission on the folder of the store, or name another with --store.',
      cause,
    })
  }
}

/** Who can write to a store, or put another in its place, decides what is on record. Throws `store`. */
function requireOurs(path: string, mode: number): void {
  if ((mode & 0o077) !== 0) throw openToOthers(path, mode, '600')
  const folder = dirname(path)
  const { mode: around } = statSync(folder)
  const isSticky = (around & 0o1000) !== 0
  if ((around & 0o022) !== 0 && !isSticky) throw openToOthers(folder, around, 'go-w')
}

function openToOthers(path: string, mode: number, mend: string): EosflowError {
  return new EosflowError('store', `${path} is open to others (mode ${(mode & 0o777).toString(8)})`, {
    hint: `If nobody else has written there: chmod ${mend} ${path}`,
  })
}

function prepare(database: Database.Database, path: string, keys: KeyRing): void {
  writeAhead(database)
  database.pragma('synchronous = FULL')
  database.pragma('trusted_schema = OFF')
  const create = database.transaction(() => {
    if (!isEmpty(database)) return
    database.exec(SCHEMA)
    const origin = `eosflow.audit/${randomBytes(8).toString('hex')}`
    database.prepare('INSERT INTO store(origin, key_check) VALUES (?, ?)').run(origin, keys.check)
    const marks = new MarkTable(database, origin, keys)
    const start = { ...genesis(origin), latest: undefined }
    marks.set('head', start)
    marks.set('verified', start)
  })
  if (isEmpty(database)) create.immediate()
  refuseStrangers(database, path)
}

/**
 * Turns on the write-ahead log. Where two processes make a store at the same moment SQLite refuses one of them at once,
 * whatever its busy timeout says, so this one waits and tries again.
 */
export function writeAhead(database: Database.Database): void {
  const pause = new Int32Array(new SharedArrayBuffer(4))
  for (let waited = 0; ; waited += RETRY_MILLISECONDS) {
    try {
      database.pragma('journal_mode = WAL')
      return
    } catch (thrown) {
      const isBusy = thrown instanceof Database.SqliteError && thrown.code.startsWith('SQLITE_BUSY')
      if (!isBusy || waited >= BUSY_MILLISECONDS) throw thrown
      Atomics.wait(pause, 0, 0, RETRY_MILLISECONDS)
    }
  }
}

function isEmpty(database: Database.Database): boolean {
  return database.prepare('SELECT count(*) FROM sqlite_schema').pluck().get() === 0
}

/** Throws `store` for what is no store, and for one of a version that this eosflow neither reads nor, with `upgrades`, brings to its own. */
export function refuseStrangers(database: Database.Database, path: string, { upgrades = true } = {}): void {
  const kind = database.pragma('application_id', { simple: true })
  if (kind === SEGMENT_ID) {
    throw new EosflowError('store', `${path} is a sealed segment of a store: nothing is written to it`, {
      hint: 'Name the store with --store: it reads its segments.',
    })
  }
  if (kind !== APPLICATION_ID) {
    throw new EosflowError('store', `${path} is a SQLite file, but not a store of eosflow`, {
      hint: 'Name the store with --store, or move this file away.',
    })
  }
  const moved = movedAwayIn(database)
  if (moved !== undefined) throw movedAwayError(path, moved)
  const version = versionOf(database)
  if (version !== STORE_VERSION && !(upgrades && UPGRADES.some(([from]) => from === version))) {
    throw new EosflowError(
      'store',
      `${path} is a store of version ${version}; this eosflow reads version ${STORE_VERSION}`,
      {
        hint: 'Use the eosflow that wrote it, or name another store with --store.',
      },
    )
  }
}

function versionOf(database: Database.Database): number {
  return Number(database.pragma('user_version', { simple: true }))
}

/** Brings an older store to the present version. Nothing that is on record changes. */
function upgrade(database: Database.Database): void {
  const steps = database.transaction(() => {
    for (const [from, sql] of UPGRADES) {
      if (versionOf(database) !== from) continue
      database.exec(sql)
      database.pragma(`user_version = ${from + 1}`)
    }
  })
  if (versionOf(database) !== STORE_VERSION) steps.immediate()
}
