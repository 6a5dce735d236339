import type { SigningKey } from '../../../model/ed25519.ts'
import type { InstallKeys } from '../../../model/install-keys.ts'
import type { Principal } from '../../../model/principal.ts'
import { checkpointSigner } from '../audit/checkpoint-key.ts'
import { requestOf } from '../chains/append-request.ts'
import { Checkpoints } from '../chains/checkpoints.ts'
import type { EventBody } from '../event/event.ts'
import type { Scrub } from '../event/record-text.ts'
import { KeyRing } from '../seal/key-ring.ts'
import { appendsOver } from './append.ts'
import { type Connection, Views } from './connection.ts'
import { openAlone } from './database-file.ts'
import { chainHeads } from './heads.ts'
import { recordViewOver, sqliteRecords } from './records.ts'

export interface SoleStore {
  readonly connection: Connection
  /** What its chains begin with, and the check of the key that it is under. */
  readonly origin: string
  readonly check: string
  readonly ring: KeyRing
}

/** Throws `busy` where another process has it open, with the hint `then`, and `store`. */
export async function withSoleStore<T>(
  path: string,
  { installKey, then }: { readonly installKey: InstallKeys; readonly then: string },
  work: (store: SoleStore) => Promise<T>,
): Promise<T> {
  const connection = openAlone(path, then)
  try {
    connection.run('BEGIN EXCLUSIVE')
    const ring = new KeyRing(installKey)
    const said = (await recordViewOver(connection).said()) ?? { origin: '', check: '' }
    ring.require(path, said.check)
    const given = await work({ connection, ring, ...said })
    connection.run('COMMIT')
    return given
  } finally {
    // What is not committed is not written.
    connection.close()
  }
}

export interface AloneRecord {
  readonly principal: Principal
  /** ISO 8601 in UTC. */
  readonly now: string
  readonly signing: SigningKey
  readonly scrub: Scrub
}

/** Throws what an append throws. */
export async function appendAlone(
  { connection, origin, ring }: Pick<SoleStore, 'connection' | 'origin' | 'ring'>,
  event: EventBody,
  { principal, now, scrub, signing }: AloneRecord,
): Promise<void> {
  const heads = chainHeads(connection, origin, ring)
  const request = requestOf([event], { actor: principal, at: now, leaseAt: now, execution: undefined, scrub })
  const appends = appendsOver({ connection, heads, origin, quarantineSeconds: 0 })
  const [outcome] = appends.write([request])
  if (outcome?.status === 'rejected') throw outcome.reason
  const views = new Views(connection)
  const records = sqliteRecords({ connection, views, heads, check: ring.check, now: () => Date.parse(now) })
  await new Checkpoints({ records, origin, keys: ring, signer: checkpointSigner(signing) }).sign(now)
}
