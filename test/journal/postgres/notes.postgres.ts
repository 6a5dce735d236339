import { describe, expect, onTestFinished, test } from 'vitest'
import { openPostgresStore } from '../../../src/journal/postgres/open-postgres-store.ts'
import { systemClock } from '../../../src/system/system-clock.ts'
import { asSuperuser, freshDatabase, serverForTests } from '../../postgres/store-for-test.ts'
import { KEY } from '../sqlite/open-for-test.ts'

const servers = serverForTests(['fsync = off'])

const LONG = { lasts: 60_000 }

/** The notes of a store, as so many processes have them. */
async function notesOf(processes: number) {
  const address = await freshDatabase(servers.server)
  const opened = await Promise.all(
    Array.from({ length: processes }, () => openPostgresStore({ address, installKey: KEY, clock: systemClock })),
  )
  onTestFinished(async () => {
    for (const { store } of opened) await store.close()
  })
  return { address, all: opened }
}

const wait = (milliseconds: number): Promise<void> => systemClock.sleep(milliseconds)

describe('notes beside the record', () => {
  test('a name is given once, and what has it is taken once, whichever of three processes tries it: 50 times', async () => {
    const { all } = await notesOf(3)
    for (let round = 0; round < 50; round += 1) {
      const name = `name ${round}`
      const puts = await Promise.all(all.map(({ notes }, index) => notes.put('kind', name, `text ${index}`, LONG)))
      expect(puts.filter(Boolean)).toHaveLength(1)
      const takes = await Promise.all(all.map(({ notes }) => notes.take('kind', name)))
      expect(takes.filter((text) => text !== undefined)).toEqual([`text ${puts.indexOf(true)}`])
    }
  })

  test('what its time is over of is not there, is nobody else’s, and its name is free; who is asked for goes on', async () => {
    const [{ notes } = never()] = (await notesOf(1)).all
    for (const name of ['short', 'longer']) await notes.put('kind', name, 'a', { lasts: 400 })
    expect([await notes.extend('kind', 'longer', 60_000), await notes.extend('kind', 'none', 60_000)]).toEqual([
      true,
      false,
    ])
    expect((await notes.read('kind', 'short'))?.left).toBeLessThanOrEqual(400)
    await wait(500)
    expect([
      await notes.read('kind', 'short'),
      await notes.take('kind', 'short'),
      await notes.extend('kind', 'short', 1),
    ]).toEqual([undefined, undefined, false])
    expect((await notes.read('kind', 'longer'))?.text).toBe('a')
    expect(await notes.present('kind', ['short', 'longer'])).toEqual(new Set(['longer']))
    expect(await notes.put('kind', 'short', 'b', LONG)).toBe(true)
    expect(await notes.all('kind')).toEqual(['a', 'b'])
    const other = { name: 'longer', kind: 'other' }
    expect([await notes.read(other.kind, other.name), await notes.all(other.kind)]).toEqual([undefined, []])
  })

  test('they do not grow: the oldest of a kind make room, and what is over is taken away by whoever writes', async () => {
    const { address, all } = await notesOf(1)
    const [{ notes } = never()] = all
    for (let at = 0; at < 30; at += 1) await notes.put('few', `n${at}`, String(at), { ...LONG, most: 10 })
    expect(await notes.all('few')).toEqual(['20', '21', '22', '23', '24', '25', '26', '27', '28', '29'])
    for (let at = 0; at < 150; at += 1) await notes.put('brief', `n${at}`, '', { lasts: 50 })
    await wait(100)
    await notes.put('few', 'a', '', LONG)
    await notes.put('few', 'b', '', LONG)
    expect(await asSuperuser(address, "SELECT count(*)::int AS kept FROM eosflow.note WHERE kind = 'brief'")).toEqual([
      { kept: 0 },
    ])
  })

  test('the database has neither names nor texts, and what it makes of them is no note', async () => {
    const { address, all } = await notesOf(1)
    const [{ notes } = never()] = all
    await notes.put('session', 'digest-of-alice', 'alice and a secret', LONG)
    await notes.put('session', 'digest-of-bob', 'bob', LONG)
    const [row] = await asSuperuser(
      address,
      "SELECT string_agg(kind || name || encode(body, 'escape'), ' ') AS kept FROM eosflow.note",
    )
    expect(row?.kept).toMatch(/^session[0-9a-f]{64}/)
    for (const word of ['digest-of', 'alice', 'secret', 'bob']) expect(row?.kept).not.toContain(word)
    // Of one person under the name of another, and altered.
    await asSuperuser(address, 'UPDATE eosflow.note n SET body = o.body FROM eosflow.note o WHERE o.name <> n.name')
    expect([await notes.read('session', 'digest-of-alice'), await notes.all('session')]).toEqual([undefined, []])
  })

  test('whoever works with the store changes them by functions alone, and a store of another layout is not used', async () => {
    const { address, all } = await notesOf(1)
    const [{ notes } = never()] = all
    await notes.requireUsable()
    await asSuperuser(address, "INSERT INTO eosflow.migration(number, name) VALUES (99, 'of a newer version')")
    await expect(notes.requireUsable()).rejects.toMatchObject({
      kind: 'store',
      message: expect.stringContaining('has layout 99'),
    })
    const rights = await asSuperuser(
      address,
      "SELECT has_table_privilege('eos_app', 'eosflow.note', p) AS may FROM unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE']) p",
    )
    expect(rights.map(({ may }) => may)).toEqual([true, false, false, false, false])
  })

  test('a name that is held is given to another once its holder is silent; that one is dead then, and writes nothing', async () => {
    const address = await freshDatabase(servers.server)
    const open = (beat: number) =>
      openPostgresStore({
        address,
        installKey: KEY,
        clock: systemClock,
        isReplicated: false,
        worker: { ttl: 1_000, beat },
      })
    const silent = await open(3_600_000)
    const other = await open(200)
    onTestFinished(async () => {
      for (const { store } of [silent, other]) await store.close()
    })
    const [held, wanted] = [await silent.claims.claim('serve'), await other.claims.claim('serve')]
    expect([await held.renew(), await wanted.renew()]).toEqual([true, false])
    await wait(1_200)
    expect([await wanted.renew(), await held.renew(), await wanted.renew()]).toEqual([true, false, true])
    const asked = { type: 'SecretResolved', reference: 'env:A', outcome: 'ok' } as const
    const by = { issuer: 'local', id: 'test', auth: 'os' } as const
    await expect(silent.store.as(by).append(undefined, [asked])).rejects.toMatchObject({ kind: 'busy' })
    expect(await other.store.as(by).append(undefined, [asked])).toHaveLength(1)
  })
})

function never(): never {
  throw new Error('no process')
}
