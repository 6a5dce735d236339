import { copyFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { rotateKey } from '../../../src/journal/sqlite-chains/rotate-key.ts'
import { signingKeyOf } from '../../../src/model/ed25519.ts'
import type { InstallKeys } from '../../../src/model/install-keys.ts'
import { fill } from '../fill-store.ts'
import { ALICE } from '../one-of-each-event.ts'
import { freshFolder, KEY as OLD, tamper, thrownBy } from '../sqlite/open-for-test.ts'
import { openForTest } from '../sqlite/open-for-test.ts'

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
  const path = join(freshFolder(), 'store.sqlite')
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
