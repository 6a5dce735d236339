import { describe, expect, onTestFinished, test } from 'vitest'
import { openPostgresStore } from '../../../../src/change/record/postgres/open-postgres-store.ts'
import { systemClock } from '../../../../src/project/system/machine/system-clock.ts'
import { asSuperuser, freshDatabase, serverForTests } from '../../../postgres/store-for-test.ts'
import { describeNotes } from '../notes-contract.ts'
import { KEY } from '../sqlite/open-for-test.ts'

const servers = serverForTests()

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

const wait = (milliseconds: number) => systemClock.sleep(milliseconds)

describeNotes('on PostgreSQL', async (processes) => {
  const { address, all } = await notesOf(processes)
  const countOf = async (kind: string) => {
    const [row] = await asSuperuser(address, `SELECT count(*)::int AS kept FROM eosflow.note WHERE kind = '${kind}'`)
    return Number(row?.kept)
  }
  return { all: all.map(({ notes }) => notes), wait, countOf }
})

describe('notes beside the record', () => {
  test('the database has neither names nor texts, and what it makes of them is no note', async () => {
    const { address, all } = await notesOf(1)
    const [{ notes } = never()] = all
    await notes.put('session', 'digest-of-alice', 'alice and a secret', LONG)
    await notes.put('session', 'digest-of-bob', 'bob', LONG)
    const [row] = await asSuperuser(
      address,
      "SELECT string_agg(kind || name || encode(body, 'escape'), ' ') AS kept FROM eosflow.note",
    )
    expect(row?.kept).toMatch(/^session[0-9a-f]{32}/)
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
      "SELECT has_table_privilege('eos_app', t, p) AS may FROM unnest(ARRAY['eosflow.note', 'eosflow.note_head']) t, unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE']) p",
    )
    const reads = [true, false, false, false, false]
    expect(rights.map(({ may }) => may)).toEqual([...reads, ...reads])
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

describe('what somebody does to notes who has the rights of the owner and no key', () => {
  /** Keeps both tables as they are, or puts one of them back. */
  const keep = 'CREATE TABLE was AS TABLE eosflow.note; CREATE TABLE was_head AS TABLE eosflow.note_head'
  const rowsBack = 'DELETE FROM eosflow.note; INSERT INTO eosflow.note TABLE was'
  const listsBack = 'DELETE FROM eosflow.note_head; INSERT INTO eosflow.note_head TABLE was_head'

  test('a link that was used and is put back is used by nobody again, and found', async () => {
    const { address, all } = await notesOf(2)
    const [one = never(), other = never()] = all
    await one.notes.put('link', 'secret', 'in', LONG)
    await asSuperuser(address, keep)
    expect(await one.notes.take('link', 'secret')).toBe('in')
    await asSuperuser(address, rowsBack)
    expect([await one.notes.take('link', 'secret'), await other.notes.read('link', 'secret')]).toEqual([
      undefined,
      undefined,
    ])
    await expect(one.store.verifyChain()).rejects.toThrow('a note of the kind "link" was put there, or put back')
  })

  test('its list that is put back, too, is refused by every process that has seen a newer one', async () => {
    const { address, all } = await notesOf(2)
    const [one = never(), other = never()] = all
    await one.notes.put('link', 'secret', 'in', LONG)
    await asSuperuser(address, keep)
    expect(await one.notes.take('link', 'secret')).toBe('in')
    expect(await other.notes.read('link', 'secret')).toBeUndefined()
    await asSuperuser(address, `${rowsBack}; ${listsBack}`)
    const refused = {
      kind: 'store',
      message: expect.stringContaining('which notes of the kind "link" there are is not what was sealed last'),
    }
    for (const { notes } of [one, other]) {
      await expect(notes.take('link', 'secret')).rejects.toMatchObject(refused)
      await expect(notes.all('link')).rejects.toMatchObject(refused)
    }
  })

  test('what marks that a token was used is not taken away with its list', async () => {
    const { address, all } = await notesOf(1)
    const [one = never()] = all
    await one.notes.put('spent', 'token', '', LONG)
    await asSuperuser(address, 'DELETE FROM eosflow.note; DELETE FROM eosflow.note_head')
    await expect(one.notes.put('spent', 'token', '', LONG)).rejects.toMatchObject({ kind: 'store' })
  })

  test('no text is put in the place of another, older one of its own name included', async () => {
    const { address, all } = await notesOf(1)
    const [one = never()] = all
    await one.notes.set('drift', 'leaf1', 'same', LONG)
    await asSuperuser(address, keep)
    await one.notes.set('drift', 'leaf1', 'differs', LONG)
    await asSuperuser(address, rowsBack)
    expect([await one.notes.read('drift', 'leaf1'), await one.notes.all('drift')]).toEqual([undefined, []])
    await expect(one.store.verifyChain()).rejects.toThrow('a note of the kind "drift" was altered')
  })
})

function never(): never {
  throw new Error('no process')
}
