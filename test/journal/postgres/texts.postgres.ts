import { expect, test } from 'vitest'
import type { ArtefactRef } from '../../../src/journal/event.ts'
import { asSuperuser, freshDatabase, openedAt, serverForTests } from '../../postgres/store-for-test.ts'
import { thrownBy } from '../sqlite/open-for-test.ts'

const servers = serverForTests(['fsync = off'])

/** Texts of one byte to 300 kB. */
const TEXTS = Array.from({ length: 60 }, (_, index) => `${index} ${'x'.repeat(Math.min(300_000, 1.23 ** index))}`)

test('texts that many keep and read at once are each the one that its reference names', async () => {
  const address = await freshDatabase(servers.server)
  const [one, other, reader] = [await openedAt(address), await openedAt(address), await openedAt(address)]
  const [kept, again] = await Promise.all([
    Promise.all(TEXTS.map((text) => one.put(text))),
    Promise.all(TEXTS.toReversed().map((text) => other.put(text))),
  ])
  expect(again.toReversed()).toEqual(kept)
  expect(new Set(kept).size).toBe(60)
  expect(await Promise.all(kept.map((ref) => reader.get(ref)))).toEqual(TEXTS)
  expect(await Promise.all(kept.map((ref) => reader.get(ref)))).toEqual(TEXTS)
})

test('a text that is not there, or was altered, fails alone', async () => {
  const address = await freshDatabase(servers.server)
  const writer = await openedAt(address)
  const [good = 'blob:', bad = 'blob:'] = await Promise.all([
    writer.put('hostname leaf1'),
    writer.put('hostname leaf2'),
  ])
  await asSuperuser(
    address,
    'SET session_replication_role = replica',
    `UPDATE eosflow.blob SET bytes = set_byte(bytes, 20, get_byte(bytes, 20) # 1) WHERE ref = '${bad}'`,
  )
  const reader = await openedAt(address)
  const asked = [reader.get(good), thrownBy(() => reader.get(bad)), thrownBy(() => reader.get('blob:00'))] as const
  expect(await asked[0]).toBe('hostname leaf1')
  expect(await asked[1]).toMatchObject({ kind: 'store', message: expect.stringContaining('was altered') })
  expect(await asked[2]).toMatchObject({ kind: 'store', message: 'the store has no blob:00' })
  // What was altered is not kept, and what was read of it is not believed.
  expect(await thrownBy(() => reader.get(bad))).toMatchObject({ kind: 'store' })
})

test('more text than is kept in memory is read all the same', async () => {
  const address = await freshDatabase(servers.server)
  const [writer, reader] = [await openedAt(address), await openedAt(address)]
  const refs: ArtefactRef[] = []
  for (let index = 0; index < 20; index += 1) refs.push(await writer.put(`${index}`.padEnd(1_000_000, '.')))
  for (let round = 0; round < 2; round += 1) {
    for (const [index, ref] of refs.entries())
      expect((await reader.get(ref)).slice(0, 4)).toBe(`${index}`.padEnd(4, '.'))
  }
})
