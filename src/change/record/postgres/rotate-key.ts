import type { Principal } from '../../../model/principal.ts'
import { requestOf } from '../chains/append-request.ts'
import { prepare } from '../chains/prepare.ts'
import { type ChainEnd, newestResealed } from '../chains/records.ts'
import { executionText, registerText, verifiedHead } from '../chains/seal.ts'
import type { Scrub } from '../event/record-text.ts'
import { BrokenChainError, type ChainFault, hexOf } from '../seal/chain.ts'
import { type KeyRing, keyId, type StoreKeys } from '../seal/store-keys.ts'
import { requireNewKey, rotationOf } from '../store/install-rotation.ts'
import { notesFault, notesUnder } from '../store/sealed-notes.ts'
import { type Ask, askOver, type Session } from './database.ts'
import { deliveriesFault, deliveriesText, keptDeliveries } from './deliveries.ts'
import { lastSeenState } from './last-seen-state.ts'
import { asOwner, becomeOwner } from './layout.ts'
import { allNotes } from './postgres-notes.ts'
import { EXECUTION_ENDS, REGISTER_END, recordViewOver } from './records.ts'
import { addressWords, type PostgresAddress } from './server-config.ts'
import { keptWorkers, workersFault, workerText } from './worker-row.ts'

export interface DatabaseRotation {
  /** Has a next key, unless the store is under that already. */
  readonly ring: KeyRing
  readonly principal: Principal
  readonly reason: string
  /** ISO 8601 in UTC. */
  readonly now: string
  readonly scrub: Scrub
}

// So many seals are sent at once.
const BATCH = 1_000

const LOCK = 'LOCK TABLE execution, register_head, checkpoint_head, delivery_head, note_head IN EXCLUSIVE MODE'

// As an append does before it takes a position: see sql/append.ts.
const FLOOR =
  'SELECT pg_advisory_xact_lock_shared(1163087686, (CASE WHEN is_called THEN last_value ELSE 0 END & 2147483647)::int) FROM position'

/** Puts a store under its next install key: that goes on record, and every head is sealed anew, in one transaction. Others write before it or behind it, by the key that the store is under then. */
export function rotateKey(
  address: PostgresAddress,
  rotation: DatabaseRotation,
): Promise<{ readonly from: string; readonly to: string } | undefined> {
  return asOwner(address, async (session) => {
    await becomeOwner(session, address)
    await session.send(LOCK)
    await session.send('LOCK TABLE worker IN SHARE ROW EXCLUSIVE MODE')
    const { rows } = await session.send('SELECT origin, key_check FROM store')
    const { ring } = rotation
    ring.require(`the store ${addressWords(address)}`, String(rows[0]?.key_check))
    const { next, check } = ring
    if (next === undefined) return undefined
    const ask = askOver(session)
    const view = recordViewOver(ask)
    requireNewKey(await view.rotations(), next)
    const origin = String(rows[0]?.origin)
    const keyed: Rekeying = { session, ask, origin, keys: ring, next }
    await sealExecutions(keyed)
    const seal = await newestResealed(view, { origin, keys: ring }, next)
    await session.send("UPDATE checkpoint_head SET seal = decode($1, 'hex')", [seal])
    await sealBeside(keyed)
    await record(session, origin, rotation, next)
    await session.send('UPDATE store SET key_check = $1', [next.check])
    return { from: keyId(check), to: keyId(next.check) }
  })
}

interface Rekeying {
  readonly session: Session
  readonly ask: Ask
  readonly origin: string
  readonly keys: StoreKeys
  readonly next: StoreKeys
}

function requireSealed(fault: ChainFault | undefined) {
  if (fault !== undefined) throw new BrokenChainError(fault)
}

async function sealExecutions({ session, ask, origin, keys, next }: Rekeying) {
  const seals = (await ask<ChainEnd>(EXECUTION_ENDS)).map((row) => {
    verifiedHead(keys, origin, row)
    const { chain, n, hash, isOpen, hasActed } = row
    return { chain, seal: next.seal(executionText(origin, chain, { n, hash: hexOf(hash), isOpen, hasActed })) }
  })
  for (let at = 0; at < seals.length; at += BATCH) {
    const some = seals.slice(at, at + BATCH)
    await session.send(
      `UPDATE execution x SET seal = decode(s.seal, 'hex') FROM unnest($1::text[], $2::text[]) AS s(id, seal) WHERE x.id = s.id`,
      [some.map(({ chain }) => chain), some.map(({ seal }) => seal)],
    )
  }
}

async function sealBeside({ session, ask, origin, keys, next }: Rekeying) {
  const kept = await keptDeliveries(ask)
  requireSealed(deliveriesFault(kept, keys, origin))
  await session.send("UPDATE delivery_head SET seal = decode($1, 'hex')", [
    next.seal(deliveriesText(origin, kept.rows)),
  ])
  const workers = await keptWorkers(ask)
  requireSealed(workersFault(workers, keys, origin))
  for (const worker of workers)
    await session.send("UPDATE worker SET seal = decode($2, 'hex') WHERE id = $1", [
      worker.id,
      next.seal(workerText(origin, worker)),
    ])
  const notes = await allNotes(ask)
  const by = { keys, origin }
  requireSealed(notesFault(notes, by))
  const { lists, rows } = notesUnder(notes, by, { keys: next, origin })
  await session.send('DELETE FROM note')
  await session.send('DELETE FROM note_head')
  for (const { kind, body } of lists)
    await session.send('INSERT INTO note_head(kind, body) VALUES ($1, $2)', [kind, body])
  for (let at = 0; at < rows.length; at += BATCH) {
    const some = rows.slice(at, at + BATCH)
    await session.send('INSERT INTO note(name, kind, body) SELECT * FROM unnest($1::text[], $2::text[], $3::bytea[])', [
      some.map(({ name }) => name),
      some.map(({ kind }) => kind),
      some.map(({ body }) => body),
    ])
  }
}

async function record(
  session: Session,
  origin: string,
  { ring, principal, reason, now, scrub }: DatabaseRotation,
  next: StoreKeys,
) {
  const [head] = (await session.send(REGISTER_END)).rows as unknown as readonly ChainEnd[]
  if (head === undefined) throw new BrokenChainError({ seq: 0, reason: 'the head of the register is gone' })
  verifiedHead(ring, origin, head)
  const event = { ...rotationOf(ring, next, { origin, before: head.hash }), reason, principal }
  const none = async () => []
  const known = lastSeenState({ session, origin, keys: ring, read: none, freezes: none })
  const request = requestOf([event], { actor: principal, at: now, leaseAt: now, execution: undefined, scrub })
  await known.load([request])
  const { registerRows: rows, register: after } = prepare(request, known.register, known, {
    origin,
    quarantineSeconds: 0,
  })
  const sealed = { ...after, seal: next.seal(registerText(origin, after)) }
  await session.send(FLOOR)
  await session.send("SELECT write_register($1::jsonb, '{}', false)", [JSON.stringify({ rows, head: sealed })])
}
