import { randomUUID } from 'node:crypto'
import type { Clock } from '../../../model/clock.ts'
import { type SigningKey, signingKeyOf } from '../../../model/ed25519.ts'
import { EosflowError } from '../../../model/error.ts'
import type { InstallKey, InstallKeys } from '../../../model/install-keys.ts'
import { checkpointSigner } from '../audit/checkpoint-key.ts'
import type { PriorCheckpoint } from '../audit/prior-checkpoint.ts'
import { ChainsAuditTrail } from '../chains/chains-audit-trail.ts'
import { Checkpoints } from '../chains/checkpoints.ts'
import type { Records } from '../chains/records.ts'
import { noSegmentFiles, RetiredSegments, type SegmentFiles } from '../chains/retired-segments.ts'
import { isRegisterSeal } from '../chains/seal.ts'
import type { Scrub } from '../event/without-secrets.ts'
import { KeyRing } from '../seal/key-ring.ts'
import type { Claims } from '../store/claims.ts'
import { QUARANTINE_WITH_WORKERS } from '../store/lease.ts'
import type { Notes } from '../store/notes.ts'
import type { Workers } from '../store/workers.ts'
import { addressWords, type PostgresAddress } from './address.ts'
import { requireStore } from './copied.ts'
import { Questions, Session } from './database.ts'
import { foundLayout } from './found-layout.ts'
import { requireLayout } from './layout.ts'
import { LostTail } from './lost-tail.ts'
import { postgresClaims } from './postgres-claims.ts'
import { postgresError } from './postgres-error.ts'
import { postgresNotes } from './postgres-notes.ts'
import { PostgresStore } from './postgres-store.ts'
import { postgresWorkers } from './postgres-workers.ts'
import { PresentKey } from './present-key.ts'
import { postgresRecords, recordViewOver } from './records.ts'
import { type Memory, noMemory } from './remembered.ts'
import { ServerClock } from './server-clock.ts'
import { type WorkerOptions, WorkerRow } from './worker-row.ts'

/** What a store needs from outside. */
export interface PostgresStoreOptions {
  readonly address: PostgresAddress
  /** The install key, or the ring of those that the store was and will be under. */
  readonly installKey: string | InstallKeys
  readonly clock: Clock
  /**
   * Gives the key that signs the checkpoints, by what has signed them until now; undefined: none is signed. It throws where nothing may
   * be written. Default: a key derived from the install key, for stores that nobody else judges.
   */
  readonly checkpointKey?: (before: PriorCheckpoint | undefined) => SigningKey | undefined
  /** Takes secrets out of what is put on record; by default there are none. */
  readonly scrub?: Scrub
  /** Asked before anything is appended; rejects where nothing may be. */
  readonly admit?: () => Promise<void>
  /** What this process says of itself. */
  readonly worker?: Partial<WorkerOptions>
  /** How long a switch is kept from others after an unclean takeover, in seconds. */
  readonly quarantineSeconds?: number
  /** Whether what leads a change on needs a synchronous standby. Default true. */
  readonly isReplicated?: boolean
  /** What this machine remembers of a store, by the id of its chains and that of this process. Default: nothing. */
  readonly memory?: (origin: string, process: string) => Memory
  /** The files of segments that this machine has. Default: none. */
  readonly segments?: SegmentFiles
  /** Called when records are found to be missing while the store is open. */
  readonly missed?: () => void
  /** Whether the clock of this machine is held against that of the server. Default true; a made-up clock is not. */
  readonly isClockHeld?: boolean
}

/** A store in a database, and the processes that share it. */
export interface OpenPostgresStore {
  readonly store: PostgresStore
  readonly claims: Claims
  readonly workers: Workers
  readonly notes: Notes
  /** The install key that the store is under, as long as this process has it open. */
  readonly installKey: InstallKey
}

/** Opens the store in a database. Throws `store`: it cannot be reached, there is none, of another layout, or written under another key. */
export async function openPostgresStore(options: PostgresStoreOptions): Promise<OpenPostgresStore> {
  const { address, installKey, clock, scrub = (text) => text, admit = async () => undefined } = options
  const { quarantineSeconds = QUARANTINE_WITH_WORKERS, isReplicated = true, isClockHeld = true } = options
  const keys = new KeyRing(installKey)
  const own = { id: randomUUID(), kind: 'client', sites: [], version: '', ttl: 10_000, beat: 2_000, ...options.worker }
  const name = `eosflow:${own.id}`
  const questions = new Questions(address, { name, statementTimeout: 60_000 })
  try {
    const presentKey = new PresentKey(questions, keys, address)
    const origin = await originOf({ address, questions, keys, presentKey })
    const memory = options.memory?.(origin, own.id) ?? noMemory
    let isOpen = false
    const heard = (): void => {
      if (isOpen) options.missed?.()
    }
    const tail = new LostTail(memory, heard, (register) => isRegisterSeal(keys, origin, register))
    const compare = (): Promise<void> =>
      presentKey.during(() => tail.compare((text, values) => questions.ask(text, values)))
    await compare()
    const records = postgresRecords({ questions, presentKey, keys, origin })
    const segments = new RetiredSegments(records.now, origin, options.segments ?? noSegmentFiles)
    const audit = await auditTrailOf({ ...options, records, origin, keys, presentKey, segments })
    const serverClock = new ServerClock(questions, clock)
    const worker = new WorkerRow(
      { address, keys, origin, presentKey },
      clock,
      own,
      () => void compare().catch(() => undefined),
    )
    const notes = postgresNotes({ address, questions, keys, origin, presentKey })
    const store = new PostgresStore({
      address,
      origin,
      keys,
      presentKey,
      clock,
      scrub,
      admit: async () => {
        if (isClockHeld) await serverClock.require()
        await admit()
      },
      serverNow: () => serverClock.now(),
      session: new Session(address, { name }),
      questions,
      records,
      audit,
      segments,
      worker,
      tail,
      quarantineSeconds,
      isReplicated,
      notes,
    })
    isOpen = true
    const workers = postgresWorkers({ worker, questions, serverClock, clock, keys, origin })
    const claims = postgresClaims({ questions, worker, clock, tokenOf: (execution) => store.tokenOf(execution) })
    return { store, claims, workers, notes, installKey: keys.installKey }
  } catch (error) {
    await questions.close()
    throw postgresError(address, error)
  }
}

interface TrailParts extends Pick<PostgresStoreOptions, 'checkpointKey' | 'clock'> {
  readonly records: Records
  readonly segments: RetiredSegments
  readonly origin: string
  readonly keys: KeyRing
  readonly presentKey: PresentKey
}

async function auditTrailOf({
  records,
  origin,
  keys,
  presentKey,
  clock,
  checkpointKey,
  segments,
}: TrailParts): Promise<ChainsAuditTrail> {
  const derived = signingKeyOf(keys.checkpoint)
  const newest = await records.now.newestCheckpoint()
  const before = newest === undefined ? undefined : { ...newest, derived: () => undefined }
  const signs = checkpointKey === undefined ? derived : checkpointKey(before)
  const signer = signs === undefined ? undefined : checkpointSigner(signs)
  const checkpoints = new Checkpoints({ records, origin, keys, ...(signer === undefined ? {} : { signer }) })
  const key = signer ?? checkpointSigner(derived)
  return new ChainsAuditTrail({ records, origin, clock, checkpoints: presentKey.of(checkpoints), segments, key })
}

interface Identified {
  readonly address: PostgresAddress
  readonly questions: Questions
  readonly keys: KeyRing
  readonly presentKey: PresentKey
}

/** The id of the store, as of one moment of it, whose rotations lead to the key that it is under. */
async function originOf({ address, questions, keys, presentKey }: Identified): Promise<string> {
  requireLayout(address, await foundLayout(questions, address))
  return questions.view(async (ask) => {
    const rows = recordViewOver(ask)
    const said = await rows.said()
    if (said === undefined) throw new EosflowError('store', `the store ${addressWords(address)} has lost its id`)
    presentKey.requireRotated(said, await rows.rotations())
    await requireStore(ask, address, keys)
    return said.origin
  })
}
