import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { Session } from '../../../../src/change/record/postgres/database.ts'
import { openPostgresStore } from '../../../../src/change/record/postgres/open-postgres-store.ts'
import { systemClock } from '../../../../src/project/system/machine/system-clock.ts'
import { freshDatabase, serverForTests } from '../../../postgres/store-for-test.ts'
import { KEY } from '../sqlite/open-for-test.ts'

const servers = serverForTests()

/** What Node has warned of in this process; of a deprecation it warns once. */
const warned: string[] = []
const heed = ({ message }: Error) => void warned.push(message)
beforeAll(() => void process.on('warning', heed))
afterAll(() => void process.off('warning', heed))

/** A warning is given in a later turn. */
const turn = () => systemClock.sleep(50)

describe('a connection asks one thing at a time', () => {
  test('where a process begins, listens and gives a sign of life at once', async () => {
    const address = await freshDatabase(servers.server)
    const worker = { kind: 'worker', sites: [], version: '1', ttl: 3_000, beat: 20 }
    const { store, workers, claims } = await openPostgresStore({ address, installKey: KEY, clock: systemClock, worker })
    onTestFinished(() => store.close())
    const heard: (string | undefined)[] = []
    const unlisten = (['words', 'records', 'words'] as const).map((of) => workers.listen(of, (id) => heard.push(id)))
    const claim = await claims.claim('one')
    await turn()
    await claim.release()
    for (const end of unlisten) end()
    expect(warned).toEqual([])
  })

  test('each statement has its own rows and its own notices, in the order in which they were sent; one that fails keeps no other', async () => {
    const address = await freshDatabase(servers.server)
    const session = new Session(address, { name: 'test' })
    await session.open()
    onTestFinished(() => session.close())
    const noticed = session.send(
      "DO $$ BEGIN PERFORM pg_sleep(0.1); RAISE WARNING 'mine' USING ERRCODE = '01EOS'; END $$",
    )
    const failed = session.send('SELECT 1 / 0')
    const given = session.send('SELECT 7 AS seven')
    await expect(failed).rejects.toMatchObject({ code: '22012' })
    expect((await noticed).notices).toEqual(['01EOS'])
    expect(await given).toEqual({ rows: [{ seven: 7 }], notices: [] })
    await turn()
    expect(warned).toEqual([])
  })

  test('what waits for a connection that is let go of meanwhile is not sent over the next one', async () => {
    const address = await freshDatabase(servers.server)
    const session = new Session(address, { name: 'test' })
    await session.open()
    onTestFinished(() => session.close())
    const ends = Promise.allSettled([session.send('SELECT pg_sleep(1)'), session.send('CREATE TEMP TABLE late(n int)')])
    session.drop()
    await session.open()
    expect((await ends).map(({ status }) => status)).toEqual(['rejected', 'rejected'])
    expect((await session.send("SELECT to_regclass('pg_temp.late') AS there")).rows).toEqual([{ there: null }])
  })
})
