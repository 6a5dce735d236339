import { copyFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { expect, test } from 'vitest'
import { BrokenChainError } from '../../../src/journal/chain.ts'
import type { ArtefactRef } from '../../../src/journal/event.ts'
import type { Journal } from '../../../src/journal/journal.ts'
import { openStore } from '../../../src/journal/sqlite/open-store.ts'
import { readTrail } from '../../../src/journal/sqlite/read-trail.ts'
import { rotateKey } from '../../../src/journal/sqlite/rotate-key.ts'
import type { SqliteStore } from '../../../src/journal/sqlite/sqlite-store.ts'
import { storeKeys } from '../../../src/journal/store-keys.ts'
import { signingKeyOf } from '../../../src/model/ed25519.ts'
import type { InstallKeys } from '../../../src/model/install-keys.ts'
import { VirtualClock } from '../../../src/trial/virtual-clock.ts'
import { ALICE, PLAN, STATEMENT } from '../one-of-each-event.ts'
import { asAlice, freshFolder, KEY as OLD, tamper, thrownBy } from './open-for-test.ts'

const NEW = 'fedcba9876543210'.repeat(4)
const THIRD = '00112233445566778899aabbccddeeff'.repeat(2)
// The first eight digits of HKDF-SHA256 with the info "eosflow-store-v1/check", computed with Python's hmac.
const OLD_ID = '1fcb497e'
const NEW_ID = '189f80f5'
const SIGNING = signingKeyOf(Buffer.alloc(32, 7))
const NOW = '2026-01-05T09:00:00.000Z'

const opened = (path: string, installKey: string | InstallKeys): SqliteStore & Journal =>
  asAlice(openStore({ path, installKey, clock: new VirtualClock(), checkpointKey: () => SIGNING }))

const rotated = (path: string, installKey: InstallKeys = { key: OLD, next: NEW, old: [] }) =>
  rotateKey(path, {
    installKey,
    principal: ALICE,
    reason: 'a laptop was lost',
    now: NOW,
    signing: SIGNING,
    scrub: (text) => text,
  })

/** A store under the old key: x1 has ended, x2 is open; one plan and one decision. Gives its path and the reference of a text. */
async function filled(): Promise<{ readonly path: string; readonly text: ArtefactRef }> {
  const path = join(freshFolder(), 'store.db')
  const store = opened(path, OLD)
  const text = await store.put('hostname leaf1')
  await store.append('x1', [
    { type: 'StateEntered', path: '', state: 'plan' },
    { type: 'PlanMade', digest: PLAN, plan: text, waves: [['leaf1']], unchanged: [] },
    { type: 'ExecutionEnded', outcome: 'succeeded', devices: {} },
  ])
  await store.append(undefined, [{ type: 'ApprovalDecided', statement: STATEMENT, seal: 'hmac:1' }])
  await store.append('x2', [{ type: 'StateEntered', path: '', state: 'push' }])
  await store.close()
  return { path, text }
}

test('an execution goes on under the new key, and what was written under the old one is read', async () => {
  const { path, text } = await filled()
  expect(rotated(path)).toEqual({ from: OLD_ID, to: NEW_ID })

  const store = opened(path, { key: NEW, old: [OLD] })
  await store.append('x2', [{ type: 'StateEntered', path: '', state: 'confirm' }])
  expect((await store.verifyChain()).seq).toBe(7)
  expect((await store.read('x2')).map(({ seq }) => seq)).toEqual([5, 7])
  expect(await store.openExecutions()).toEqual([{ id: 'x2', hasActed: false }])
  expect(await store.get(text)).toBe('hostname leaf1')
  expect(await store.approvals(PLAN)).toMatchObject([{ verified: true }])
  await store.close()

  const trail = readTrail(path, { key: NEW, old: [OLD] }, ({ fault, keyed, lacking }) => ({ fault, keyed, lacking }))
  expect(trail).toEqual({ fault: undefined, keyed: true, lacking: [] })
})

test('the record names both keys by their checks and who did it, and holds neither key', async () => {
  const { path } = await filled()
  rotated(path)
  const database = new Database(path)
  const body = String(database.prepare('SELECT body FROM journal WHERE seq = 6').pluck().get())
  database.close()
  expect(JSON.parse(body)).toMatchObject({
    type: 'KeyRotated',
    key: 'install',
    from: expect.stringMatching(new RegExp(`^${OLD_ID}[0-9a-f]{56}$`)),
    to: expect.stringMatching(new RegExp(`^${NEW_ID}[0-9a-f]{56}$`)),
    reason: 'a laptop was lost',
    principal: { id: 'local:1000:alice@noc1' },
    actor: 'local:1000:alice@noc1',
    proofs: { from: expect.stringMatching(/^[0-9a-f]{64}$/), to: expect.stringMatching(/^[0-9a-f]{64}$/) },
  })
  expect(body).not.toContain(OLD)
  expect(body).not.toContain(NEW)
})

test('a store is under one key, whatever else is here: who has only the other is refused by name', async () => {
  const { path } = await filled()
  const before = opened(path, { key: OLD, next: NEW, old: [] })
  expect(before.installKey).toMatchObject({ text: OLD, former: [] })
  await before.close()
  rotated(path)
  const after = opened(path, { key: OLD, next: NEW, old: [] })
  expect(after.installKey).toMatchObject({ text: NEW, former: [OLD] })
  await after.close()
  expect(await thrownBy(() => opened(path, OLD))).toMatchObject({
    kind: 'store',
    message: `${path} was written under another key: under ${NEW_ID}, and the one here is ${OLD_ID}`,
  })
  expect(rotated(path)).toBeUndefined()
})

test('who has the new key alone verifies the whole chain, and is told which key is not here', async () => {
  const { path, text } = await filled()
  rotated(path)
  const store = opened(path, NEW)
  expect((await store.verifyChain()).seq).toBe(6)
  expect(await thrownBy(() => store.get(text))).toMatchObject({ kind: 'store' })
  await store.close()
  expect(readTrail(path, NEW, ({ fault, lacking }) => ({ fault, lacking }))).toEqual({
    fault: undefined,
    lacking: [OLD_ID],
  })
})

/** Seals the head anew, over what is there now, by a key: what a thief does who has it, and the file. */
function sealHead(path: string, key: string): void {
  const database = new Database(path)
  const { origin } = database.prepare<[], { origin: string }>('SELECT origin FROM store').get() ?? { origin: '' }
  const head = database
    .prepare<[], { seq: number; hash: Buffer; latest: string | null }>("SELECT * FROM mark WHERE name = 'head'")
    .get()
  if (head === undefined) throw new Error('no head')
  const { seq, hash, latest } = head
  const content = JSON.stringify({ hash: hash.toString('hex'), latest, name: 'head', origin, seq })
  database.prepare("UPDATE mark SET seal = ? WHERE name = 'head'").run(storeKeys(key).seal(content))
  database.close()
}

test('what is sealed by the old key behind the rotation is found, with either key here', async () => {
  const { path } = await filled()
  rotated(path)
  sealHead(path, OLD)
  for (const keys of [
    { key: NEW, old: [OLD] },
    { key: OLD, next: NEW, old: [] },
  ]) {
    const error = await thrownBy(() => opened(path, keys))
    expect(error).toBeInstanceOf(BrokenChainError)
    expect(error).toMatchObject({ reason: 'the seal on the head of the chain is broken' })
    expect(readTrail(path, keys, ({ fault }) => fault)).toMatchObject({ reason: expect.stringContaining('broken') })
  }
})

test('a store that is put back as it was before the rotation, by who has the old key, is not opened with the new one', async () => {
  const { path } = await filled()
  const copy = `${path}.before`
  copyFileSync(path, copy)
  rotated(path)
  const thief = opened(copy, OLD)
  await thief.append('x9', [{ type: 'StateEntered', path: '', state: 'forged' }])
  await thief.close()
  copyFileSync(copy, path)
  const error = await thrownBy(() => opened(path, { key: NEW, old: [OLD] }))
  expect(error).toMatchObject({
    kind: 'store',
    message: `${path} is under the key ${OLD_ID}, which is given here as an old one, that only reads`,
  })
})

test('the key that a store says it is under must be the one that it was rotated to', async () => {
  const { path } = await filled()
  rotated(path)
  tamper(path, `UPDATE store SET key_check = '${storeKeys(OLD).check}'`)
  expect(readTrail(path, undefined, ({ fault }) => fault)).toEqual({
    seq: 6,
    reason: `the store was rotated to the key ${NEW_ID}, and says that it is under ${OLD_ID}`,
  })
})

test('a store is rotated more than once, and every key before reads', async () => {
  const { path, text } = await filled()
  rotated(path)
  expect(rotated(path, { key: NEW, next: THIRD, old: [OLD] })).toMatchObject({ from: NEW_ID })
  const keys = { key: THIRD, old: [NEW, OLD] }
  expect(readTrail(path, keys, ({ fault, lacking }) => ({ fault, lacking }))).toEqual({ fault: undefined, lacking: [] })
  const store = opened(path, keys)
  expect(await store.get(text)).toBe('hostname leaf1')
  await store.close()
})

test('a store that is open elsewhere is not rotated, and nothing has changed', async () => {
  const { path } = await filled()
  const store = opened(path, OLD)
  expect(await thrownBy(() => rotated(path))).toMatchObject({ kind: 'busy' })
  await store.close()
  await opened(path, OLD).close()
})

test('a store that was tampered with before is not sealed anew', async () => {
  const { path } = await filled()
  tamper(path, "UPDATE journal SET body = replace(body, 'push', 'pull') WHERE seq = 5")
  expect(await thrownBy(() => rotated(path))).toBeInstanceOf(BrokenChainError)
  expect(await thrownBy(() => opened(path, NEW))).toMatchObject({ kind: 'store' })
})

test('no store goes back to a key that was replaced', async () => {
  const { path } = await filled()
  rotated(path)
  const back = await thrownBy(() => rotated(path, { key: NEW, next: OLD, old: [] }))
  expect(back).toMatchObject({ kind: 'store', message: expect.stringContaining(`${OLD_ID} was replaced before`) })
})

test('a key that is given as the next and as an old one is an old one', async () => {
  const { path } = await filled()
  const before = join(freshFolder(), 'before.db')
  copyFileSync(path, before)
  rotated(path)
  const swapped = { key: NEW, next: OLD, old: [OLD] }
  await opened(path, swapped).close()
  expect(await thrownBy(async () => opened(before, swapped))).toMatchObject({
    kind: 'store',
    message: expect.stringContaining('is given here as an old one'),
  })
})
