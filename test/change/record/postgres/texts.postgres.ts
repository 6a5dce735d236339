import { expect, test } from 'vitest'
import type { ArtefactRef } from '../../../../src/change/record/event/event.ts'
import { Session } from '../../../../src/change/record/postgres/database.ts'
import { OutageError } from '../../../../src/change/record/store/journal.ts'
import { asSuperuser, freshDatabase, openedAt, serverForTests } from '../../../postgres/store-for-test.ts'
import { thrownBy } from '../sqlite/open-for-test.ts'

const servers = serverForTests()

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
  expect(await thrownBy(() => reader.get(bad))).toMatchObject({ kind: 'store' })
})

test('a text has the same mark until what is kept is another, or gone', async () => {
  const address = await freshDatabase(servers.server)
  const [store, other] = [await openedAt(address), await openedAt(address)]
  const [ref = 'blob:', next = 'blob:'] = await Promise.all([store.put('hostname leaf1'), store.put('hostname leaf2')])
  const [mark, again, ofNext] = await Promise.all([store.markOf(ref), store.markOf(ref), store.markOf(next)])
  expect(mark).toMatch(/^[0-9a-f]{64}$/)
  expect([again, ofNext === mark]).toEqual([mark, false])
  await other.put('hostname leaf1')
  await other.put('hostname leaf3')
  expect(await store.markOf(ref)).toBe(mark)
  const replica = 'SET session_replication_role = replica'
  await asSuperuser(address, replica, `UPDATE eosflow.blob SET bytes = bytes || '\\x00' WHERE ref = '${ref}'`)
  expect([mark, undefined]).not.toContain(await store.markOf(ref))
  expect(await store.markOf(next)).toBe(ofNext)
  await asSuperuser(address, replica, `DELETE FROM eosflow.blob WHERE ref = '${ref}'`)
  expect(await store.markOf(ref)).toBeUndefined()
  expect(await store.markOf(next)).toBe(ofNext)
})

test('the mark of a text is another one where each row has other bytes, and is as it was', async () => {
  const address = await freshDatabase(servers.server)
  const store = await openedAt(address)
  const ref = await store.put('hostname leaf1')
  const mark = await store.markOf(ref)
  await asSuperuser(
    address,
    'ALTER TABLE eosflow.blob RENAME COLUMN bytes TO was',
    "ALTER TABLE eosflow.blob ADD COLUMN bytes bytea NOT NULL DEFAULT '\\x00'",
  )
  expect([mark, undefined]).not.toContain(await store.markOf(ref))
  await asSuperuser(
    address,
    'REVOKE SELECT ON eosflow.blob FROM eos_worker',
    'GRANT SELECT (ref, put) ON eosflow.blob TO eos_worker',
  )
  expect(await thrownBy(() => store.markOf(ref))).toMatchObject({ kind: 'store' })
})

test('a text that was taken away is not there for who has read it before', async () => {
  const address = await freshDatabase(servers.server)
  const store = await openedAt(address)
  const ref = await store.put('hostname leaf1')
  expect(await store.get(ref)).toBe('hostname leaf1')
  await asSuperuser(address, 'SET session_replication_role = replica; DELETE FROM eosflow.blob')
  expect(await thrownBy(() => store.get(ref))).toMatchObject({ kind: 'store', message: `the store has no ${ref}` })
})

test('more text than one statement reads is read by several', async () => {
  const address = await freshDatabase(servers.server)
  const [writer, reader] = [await openedAt(address), await openedAt(address)]
  const texts = Array.from({ length: 12 }, (_, index) => `${index}`.padEnd(200_000, '.'))
  const refs = await Promise.all(texts.map((text) => writer.put(text)))
  expect(await Promise.all(refs.map((ref) => reader.get(ref)))).toEqual(texts)
})

test('a reference, or a switch, that the server refuses is refused alone', async () => {
  const store = await openedAt(await freshDatabase(servers.server))
  await store.append('x1', [{ type: 'StateEntered', path: '', state: 'push' }])
  const ref = await store.put('hostname leaf1')
  const texts = await Promise.allSettled([ref, 'blob:\0', ref].map((one) => store.get(one as ArtefactRef)))
  expect(texts.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
  const fences = await Promise.allSettled(['leaf1', 'le\0af', 'leaf2'].map((device) => store.fence('x1', device)))
  expect(fences.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
})

test('a text whose row somebody has locked holds up no other one for long', { tags: 'turn' }, async () => {
  const address = await freshDatabase(servers.server)
  const store = await openedAt(address)
  const ref = await store.put('locked')
  await asSuperuser(
    address,
    'SET session_replication_role = replica',
    "UPDATE eosflow.blob SET put = now() - interval '2 days'",
  )
  const seal = new Session({ ...address, user: 'postgres' }, { name: 'seal' })
  await seal.open()
  await seal.send('SET idle_in_transaction_session_timeout = 0')
  await seal.send('BEGIN')
  await seal.send('SELECT 1 FROM blob FOR UPDATE')
  const locked = [1, 2].map(() => store.put('locked').catch((fault: unknown) => fault))
  // Those that were sent with it wait as long as it does, and are sent again as whoever drives a change does.
  const patiently = async (text: string) => {
    for (;;) {
      try {
        return await store.put(text)
      } catch (fault) {
        if (!(fault instanceof OutageError)) throw fault
      }
    }
  }
  const began = performance.now()
  const others = await Promise.all(Array.from({ length: 40 }, (_, index) => patiently(`new ${index}`)))
  expect(new Set(others).size).toBe(40)
  expect(performance.now() - began).toBeLessThan(12_000)
  await seal.send('ROLLBACK')
  await seal.close()
  for (const fault of await Promise.all(locked)) expect(fault).toBeInstanceOf(OutageError)
  expect(await store.put('locked')).toBe(ref)
})
