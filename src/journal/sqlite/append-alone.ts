import type { SigningKey } from '../../model/ed25519.ts'
import type { Principal } from '../../model/principal.ts'
import { checkpointSigner } from '../audit/checkpoint-key.ts'
import { Checkpoints } from '../chains/checkpoints.ts'
import { draftsOf } from '../draft-context.ts'
import type { EventBody } from '../event.ts'
import type { KeyRing } from '../key-ring.ts'
import { readBack } from '../read-back.ts'
import { recordAt } from '../record-text.ts'
import type { Scrub } from '../without-secrets.ts'
import { Appends } from './append.ts'
import { type Connection, Views } from './connection.ts'
import { Heads } from './heads.ts'
import { sqliteRecords } from './records.ts'

/** A store that this process has alone, in a transaction, and what its names and numbers begin with. */
export interface SoleStore {
  readonly connection: Connection
  readonly origin: string
  readonly ring: KeyRing
}

/** By whom and when something is put on record, and what signs it. */
export interface AloneRecord {
  readonly principal: Principal
  /** ISO 8601 in UTC. */
  readonly now: string
  /** Signs the checkpoint over the record. */
  readonly signing: SigningKey
  readonly scrub: Scrub
}

/** Puts something outside of executions on record, and signs a checkpoint over it. Throws what an append throws. */
export async function appendAlone(
  { connection, origin, ring }: SoleStore,
  event: EventBody,
  { principal, now, scrub, signing }: AloneRecord,
): Promise<void> {
  const heads = new Heads(connection, origin, ring)
  const drafts = draftsOf([event], { actor: principal, at: now, execution: undefined, scrub })
  const events = drafts.map((draft) => readBack(recordAt(draft, 1)))
  const appends = new Appends({ connection, heads, origin, keys: ring, quarantineSeconds: 0 })
  const [outcome] = appends.write([{ execution: undefined, at: now, leaseAt: now, drafts, events, after: undefined }])
  if (outcome?.status === 'rejected') throw outcome.reason
  const views = new Views(connection)
  const records = sqliteRecords({ connection, views, heads, check: ring.check, now: () => Date.parse(now) })
  await new Checkpoints({ records, origin, keys: ring, signer: checkpointSigner(signing) }).sign(now)
}
