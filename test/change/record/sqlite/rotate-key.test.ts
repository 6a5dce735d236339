import { copyFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { expect, test } from 'vitest'
import { noSegmentFiles } from '../../../../src/change/record/chains/retired-segments.ts'
import { BrokenChainError } from '../../../../src/change/record/seal/chain.ts'
import { KeyRing, storeKeys } from '../../../../src/change/record/seal/store-keys.ts'
import { Connection } from '../../../../src/change/record/sqlite/connection.ts'
import { readWhole, wholeText } from '../../../../src/change/record/sqlite/kept-rows.ts'
import { readChainsFile } from '../../../../src/change/record/sqlite/read-chains.ts'
import { rotateKey } from '../../../../src/change/record/sqlite/rotate-key.ts'
import { signingKeyOf } from '../../../../src/model/ed25519.ts'
import type { InstallKeys } from '../../../../src/model/install-keys.ts'
import { temporaryFolder } from '../../../lab/folder.ts'
import { fill } from '../fill-store.ts'
import { ALICE } from '../one-of-each-event.ts'
import { NEW, OLD_ID } from '../place-contract.ts'
import { freshPath, KEY as OLD, openForTest, tamper, thrownBy } from './open-for-test.ts'

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

async function filled() {
  const path = freshPath()
  const store = await openForTest(path)
  await fill(store, () => store.audit.close())
  await store.close()
  return path
}

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

test('a store is under one key, whatever else is here', async () => {
  const path = await filled()
  const before = await under(path, { key: OLD, next: NEW, old: [] })
  expect(before.installKey).toMatchObject({ text: OLD, former: [] })
  await before.close()
  await rotated(path)
  const after = await under(path, { key: OLD, next: NEW, old: [] })
  expect(after.installKey).toMatchObject({ text: NEW, former: [OLD] })
  expect(await verified(path, NEW)).toEqual({ fault: undefined, lacking: [OLD_ID] })
  expect(await after.audit.newestCheckpoint()).toMatchObject({ seq: 17, at: NOW })
  await after.close()
  expect(await rotated(path)).toBeUndefined()
})

const verified = async (path: string, keys: InstallKeys | string | undefined) => {
  const ring = keys === undefined ? undefined : new KeyRing(keys)
  const { chains, lacking } = await readChainsFile(path, ring, noSegmentFiles)
  return { fault: chains.fault, lacking }
}

test('what is sealed by the old key behind the rotation is found, with either key here', async () => {
  const path = await filled()
  await rotated(path)
  const database = new Database(path)
  const whole = readWhole(new Connection(database, path))
  if (whole === undefined) throw new Error('no sealed row')
  const origin = String(database.prepare('SELECT origin FROM store').pluck().get())
  const seal = storeKeys(OLD).seal(wholeText(origin, whole))
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
