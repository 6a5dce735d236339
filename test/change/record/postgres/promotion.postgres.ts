import { expect, test } from 'vitest'
import type { EventBody } from '../../../../src/change/record/event/event.ts'
import { systemClock } from '../../../../src/project/system/machine/system-clock.ts'
import { asSuperuser, freshDatabase, openedAt, promote, withStandby } from '../../../postgres/store-for-test.ts'
import { ONE_OF_EACH } from '../one-of-each-event.ts'
import { thrownBy } from '../sqlite/open-for-test.ts'

const STARTED = ONE_OF_EACH[0] as EventBody & { readonly type: 'ExecutionStarted' }
const RESUMED: EventBody = { type: 'ExecutionResumed' }
const LIVING = "SELECT is_living(w) AS living FROM worker w WHERE w.id = 'owner'"

const servers = withStandby()

test('an owner that could not beat while its standby took over has a whole term from the first beat on, and none after that', async () => {
  const address = await freshDatabase(servers.primary)
  const owner = await openedAt(address, { worker: { id: 'owner', ttl: 2_000, beat: 500 } })
  await owner.append('x1', [STARTED])
  await systemClock.sleep(500)
  await servers.primary.stop('immediate')
  await systemClock.sleep(3_000)
  const later = { ...address, port: servers.standby.port }
  await promote({ ...later, user: 'postgres', database: 'postgres' })
  const living = async () => (await asSuperuser(later, 'SET search_path = eosflow', LIVING))[0]
  expect(await living()).toEqual({ living: true })
  const other = await openedAt(later, { worker: { id: 'other', ttl: 2_000, beat: 500 } })
  const after = (await other.read('x1')).at(-1)?.seq
  expect(await thrownBy(() => other.append('x1', [RESUMED], after))).toMatchObject({ kind: 'busy' })
  await systemClock.sleep(3_000)
  expect(await living()).toEqual({ living: false })
  expect(await other.append('x1', [RESUMED], after)).toMatchObject([{ type: 'ExecutionResumed' }])
})
