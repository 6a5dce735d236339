import { copyFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { expect, test } from 'vitest'
import { BrokenChainError } from '../../../src/journal/chain.ts'
import { noSegmentFiles } from '../../../src/journal/chains/retired-segments.ts'
import { KeyRing } from '../../../src/journal/key-ring.ts'
import { Connection } from '../../../src/journal/sqlite/connection.ts'
import { readChainsFile } from '../../../src/journal/sqlite/read-chains.ts'
import { rotateKey } from '../../../src/journal/sqlite/rotate-key.ts'
import { readWhole, wholeSeal } from '../../../src/journal/sqlite/whole.ts'
import { storeKeys } from '../../../src/journal/store-keys.ts'
import { signingKeyOf } from '../../../src/model/ed25519.ts'
import type { InstallKeys } from '../../../src/model/install-keys.ts'
import { temporaryFolder } from '../../lab/folder.ts'
import { fill } from '../fill-store.ts'
import { ALICE } from '../one-of-each-event.ts'
import { freshPath, KEY as OLD, openForTest, tamper, thrownBy } from './open-for-test.ts'

const NEW = 'fedcba9876543210'.repeat(4)
const THIRD = '00112233445566778899aabbccddeeff'.repeat(2)
// The first eight digits of HKDF-SHA256 with the info "eosflow-store-v1/check", computed with Python's hmac.
const OLD_ID = '1fcb497e'
const NEW_ID = '189f80f5'
const SIGNING = signingKeyOf(Buffer.alloc(32, 7))
const NOW = '2026-01-05T09:00:00.000Z'

const rotated = (path: string, installKey: InstallKeys = { key: OLD, next: NEW, old: [] }) =>
  rotateKey(path, {
    installKey,
    principal: ALICE,
    reason: 'a laptop was lost',
    now: NOW,
    signing: SIGNING,
    scrub: (text) => text,
  })

const under = (path: string, installKey: string | InstallKeys) => openForTest(path, undefined, installKey)

async function filled(): Promise<string> {
  const path = freshPath()
  const store = await openForTest(path)
  await fill(store, () => store.audit.close())
  await store.close()
  return path
}

test('an execution goes on under the new key, and what was written under the old one is read and verified', async () => {
  const path = await filled()
  expect(await rotated(path)).toEqual({ from: OLD_ID, to: NEW_ID })
  expect(await rotated(path, { key: NEW, old: [OLD] })).toBeUndefined()
  const store = await under(path, { key: NEW, old: [OLD] })
  const plans = (await store.read('x1')).flatMap((event) => (event.type === 'PlanMade' ? [event.plan] : []))
  expect(await Promise.all(plans.map((ref) => store.get(ref)))).toEqual(['the plan'])
  await store.append('x2', [{ type: 'StateEntered', path: '', state: 'on' }], 15)
  expect((await store.verifyChain()).seq).toBe(18)
  expect(await store.audit.newestCheckpoint()).toMatchObject({ seq: 17, at: NOW })
})

test('what servers had kept for a while is gone, and what was used stays used', async () => {
  const path = await filled()
  const TERM = { lasts: 86_400_000 }
  const before = await openForTest(path)
  await before.notes.put('session', 'ann', 'ann', TERM)
  await before.notes.put('link', 'secret', '', TERM)
  await before.notes.put('spent', 'token', '', TERM)
  await before.close()
  await rotated(path)
  const store = await under(path, { key: NEW, old: [OLD] })
  expect([await store.notes.read('session', 'ann'), await store.notes.take('link', 'secret')]).toEqual([
    undefined,
    undefined,
  ])
  expect(await store.notes.put('spent', 'token', '', TERM)).toBe(false)
  await store.verifyChain()
})

test('nothing counts any more that the old key seals, and no store goes back to it', async () => {
  const path = await filled()
  const before = `${path}-before`
  copyFileSync(path, before)
  await rotated(path)
  expect(await thrownBy(() => under(path, OLD))).toMatchObject({
    kind: 'store',
    message: expect.stringContaining(`was written under another key: under ${NEW_ID}`),
  })
  expect(await thrownBy(() => under(before, { key: NEW, old: [OLD] }))).toMatchObject({
    kind: 'store',
    message: expect.stringContaining('is given here as an old one, that only reads'),
  })
  expect(await thrownBy(() => rotated(path, { key: NEW, next: OLD, old: [] }))).toMatchObject({
    kind: 'store',
    message: expect.stringContaining(`the next install key ${OLD_ID} was replaced before`),
  })
})

test('a store that was altered is not rotated, and neither is one that somebody has open', async () => {
  const path = await filled()
  const open = await openForTest(path)
  await open.read('x1')
  expect(await thrownBy(() => rotated(path))).toMatchObject({ kind: 'busy' })
  await open.close()
  const altered = `${path}-altered`
  copyFileSync(path, altered)
  tamper(altered, `UPDATE event SET body = replace(body, 'leaf2', 'leaf9') WHERE pos = 9`)
  expect(await thrownBy(() => rotated(altered))).toMatchObject({ kind: 'store', seq: 9 })
  // Nothing of either is written.
  expect(await (await openForTest(path)).read('x2')).toHaveLength(7)
})

test('a second rotation goes on from the first, with both keys at hand or the oldest gone', async () => {
  const path = await filled()
  await rotated(path)
  await rotated(path, { key: NEW, next: THIRD, old: [OLD] })
  const store = await under(path, { key: THIRD, old: [NEW, OLD] })
  expect((await store.verifyChain()).seq).toBe(18)
  await store.close()
  const lacking = await under(path, { key: THIRD, old: [NEW] })
  expect(lacking.installKey.lacking).toEqual([OLD_ID])
})

test('the record names both keys by their checks and who did it, and holds neither key', async () => {
  const path = await filled()
  await rotated(path)
  const database = new Database(path, { readonly: true })
  const [body] = database.prepare<[], string>("SELECT body FROM register WHERE type = 'KeyRotated'").pluck().all()
  database.close()
  expect(JSON.parse(body ?? '')).toMatchObject({
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

test('a store is under one key, whatever else is here', async () => {
  const path = await filled()
  const before = await under(path, { key: OLD, next: NEW, old: [] })
  expect(before.installKey).toMatchObject({ text: OLD, former: [] })
  await before.close()
  await rotated(path)
  const after = await under(path, { key: OLD, next: NEW, old: [] })
  expect(after.installKey).toMatchObject({ text: NEW, former: [OLD] })
  await after.close()
  expect(await rotated(path)).toBeUndefined()
})

const verified = async (path: string, keys: InstallKeys | string | undefined) => {
  const ring = keys === undefined ? undefined : new KeyRing(keys)
  const { chains, lacking } = await readChainsFile(path, ring, noSegmentFiles)
  return { fault: chains.fault, lacking }
}

test('who has the new key alone verifies all chains, and hears which key is not here', async () => {
  const path = await filled()
  await rotated(path)
  const store = await under(path, NEW)
  expect((await store.verifyChain()).seq).toBe(17)
  const plans = (await store.read('x1')).flatMap((event) => (event.type === 'PlanMade' ? [event.plan] : []))
  expect(plans).toHaveLength(1)
  for (const ref of plans) expect(await thrownBy(() => store.get(ref))).toMatchObject({ kind: 'store' })
  await store.close()
  expect(await verified(path, NEW)).toEqual({ fault: undefined, lacking: [OLD_ID] })
})

test('what is sealed by the old key behind the rotation is found, with either key here', async () => {
  const path = await filled()
  await rotated(path)
  const database = new Database(path)
  const whole = readWhole(new Connection(database, path))
  if (whole === undefined) throw new Error('no sealed row')
  const origin = String(database.prepare('SELECT origin FROM store').pluck().get())
  const seal = wholeSeal(storeKeys(OLD), origin, whole)
  database.prepare('UPDATE register_head SET whole = ?').run(Buffer.from(seal, 'hex'))
  database.close()
  for (const keys of [
    { key: NEW, old: [OLD] },
    { key: OLD, next: NEW, old: [] },
  ]) {
    const error = await thrownBy(() => under(path, keys))
    expect(error).toBeInstanceOf(BrokenChainError)
    expect(error).toMatchObject({ reason: 'the seal over the ends of all chains is broken' })
    expect((await verified(path, keys)).fault).toMatchObject({ reason: expect.stringContaining('broken') })
  }
})

test('the key that a store says it is under must be the one that it was rotated to', async () => {
  const path = await filled()
  await rotated(path)
  tamper(path, `UPDATE store SET key_check = '${storeKeys(OLD).check}'`)
  expect((await verified(path, undefined)).fault).toEqual({
    seq: 17,
    reason: `the store was rotated to the key ${NEW_ID}, and says that it is under ${OLD_ID}`,
  })
})

test('a key that is given as the next and as an old one is an old one', async () => {
  const path = await filled()
  const before = join(temporaryFolder(), 'before.db')
  copyFileSync(path, before)
  await rotated(path)
  const swapped = { key: NEW, next: OLD, old: [OLD] }
  await (await under(path, swapped)).close()
  expect(await thrownBy(() => under(before, swapped))).toMatchObject({
    kind: 'store',
    message: expect.stringContaining('is given here as an old one'),
  })
})
