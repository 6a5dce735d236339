import { expect, test } from 'vitest'
import type { EventBody } from '../../../../src/change/record/event/event.ts'
import { Session } from '../../../../src/change/record/postgres/database.ts'
import type { PostgresAddress } from '../../../../src/change/record/postgres/server-config.ts'
import { systemClock } from '../../../../src/project/system/machine/system-clock.ts'
import { asSuperuser, freshDatabase, openedAt, serverForTests } from '../../../postgres/store-for-test.ts'
import { ONE_OF_EACH } from '../one-of-each-event.ts'
import { thrownBy } from '../sqlite/open-for-test.ts'

const servers = serverForTests()

const STARTED = ONE_OF_EACH[0] as EventBody & { readonly type: 'ExecutionStarted' }
const RESUMED: EventBody = { type: 'ExecutionResumed' }
/** A process that beats once, and then as good as never. */
const SILENT = { id: 'silent', ttl: 1_000, beat: 600_000 }
const OTHER = { id: 'other', ttl: 1_000, beat: 200 }

const living = async (address: PostgresAddress) =>
  (
    await asSuperuser(
      address,
      'SET search_path = eosflow',
      "SELECT is_living(w) AS living FROM worker w WHERE id = 'silent'",
    )
  )[0]?.living

test('a beat that comes while its execution is being taken is heard first: nobody is declared dead who lives', async () => {
  const address = await freshDatabase(servers.server)
  const owner = await openedAt(address, { worker: SILENT })
  await owner.append('x1', [STARTED])
  const other = await openedAt(address, { worker: OTHER })
  const after = (await other.read('x1')).at(-1)?.seq
  await systemClock.sleep(1_100)
  expect(await living(address)).toBe(false)
  const beating = new Session({ ...address, user: 'postgres' }, { name: 'test' })
  await beating.open()
  await beating.send('BEGIN')
  await beating.send("SELECT eosflow.worker_beat('silent')")
  const taking = thrownBy(() => other.append('x1', [RESUMED], after))
  await systemClock.sleep(300)
  await beating.send('COMMIT')
  await beating.close()
  expect(await taking).toMatchObject({ kind: 'busy' })
  expect(await living(address)).toBe(true)
  // It goes on as the owner that it is.
  await owner.append('x1', [{ type: 'SecretResolved', reference: 'env:A', outcome: 'ok' }])
})

test('where the clock of the server is set back by an hour, everybody has one whole term more, and no longer', {
  tags: 'turn',
}, async () => {
  const address = await freshDatabase(servers.server)
  const owner = await openedAt(address, { worker: SILENT })
  await owner.append('x1', [STARTED])
  // What was written before is ahead of a clock that is set back.
  await asSuperuser(address, 'SET search_path = eosflow', "UPDATE worker SET beat = beat + interval '1 hour'")
  await asSuperuser(
    address,
    'SET search_path = eosflow',
    "UPDATE timeline SET since = clock_timestamp() + interval '1 hour'",
  )
  const other = await openedAt(address, { worker: OTHER })
  const after = (await other.read('x1')).at(-1)?.seq
  expect(await thrownBy(() => other.append('x1', [RESUMED], after))).toMatchObject({ kind: 'busy' })
  await systemClock.sleep(700)
  expect(await living(address)).toBe(true)
  await systemClock.sleep(1_300)
  expect(await living(address)).toBe(false)
  expect(await other.append('x1', [RESUMED], after)).toMatchObject([{ type: 'ExecutionResumed' }])
})
