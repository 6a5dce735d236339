import { expect, test } from 'vitest'
import type { EventBody } from '../../../../src/change/record/event/event.ts'
import { judgeServer, serverFacts } from '../../../../src/change/record/postgres/server-check.ts'
import { OutageError } from '../../../../src/change/record/store/journal.ts'
import { systemClock } from '../../../../src/project/system/machine/system-clock.ts'
import { asSuperuser, freshDatabase, openedAt, withStandby } from '../../../postgres/store-for-test.ts'
import { ALICE, ONE_OF_EACH } from '../one-of-each-event.ts'
import { thrownBy } from '../sqlite/open-for-test.ts'

const STARTED = ONE_OF_EACH[0] as EventBody & { readonly type: 'ExecutionStarted' }
const STAGED: EventBody = { type: 'ActIntended', device: 'leaf1', act: 'stage', session: 'eosflow-1', checkpoint: 'c' }
const ABORTED: EventBody = { type: 'ActIntended', device: 'leaf1', act: 'abort', session: 'eosflow-1' }
const ASKED: EventBody = { type: 'SecretResolved', reference: 'env:A', outcome: 'ok' }

const servers = withStandby()

const admin = () => ({ host: '127.0.0.1', port: servers.primary.port, database: 'postgres', user: 'postgres' })

/** Sets which standbys a commit waits for; empty: none. */
async function waitsFor(names: string) {
  await asSuperuser(admin(), `ALTER SYSTEM SET synchronous_standby_names = '${names}'`, 'SELECT pg_reload_conf()')
  await systemClock.sleep(300)
}

test('what leads a change on needs a standby that commits wait for, and what puts it back does not', async () => {
  await waitsFor('')
  const address = await freshDatabase(servers.primary)
  const store = await openedAt(address, { isReplicated: true })
  await store.append('x1', [STARTED])
  const refused = await thrownBy(() => store.append('x1', [STAGED]))
  expect(refused).toMatchObject({ kind: 'guard', message: expect.stringContaining('no synchronous standby') })
  await store.append('x1', [ABORTED])
  const facts = await serverFacts({ ...address, user: 'postgres' }, () => systemClock.now())
  const lines = judgeServer(facts, 'replicated').map(({ level, what }) => `${level}: ${what}`)
  expect(lines).toContain('warning: no commit waits for a standby: what leads a change on is refused')
  await waitsFor('second')
  await store.append('x1', [STAGED])
  expect((await store.read('x1')).map(({ type }) => type)).toEqual(['ExecutionStarted', 'ActIntended', 'ActIntended'])
  const seen = judgeServer(await serverFacts({ ...address, user: 'postgres' }, () => systemClock.now()), 'replicated')
  expect(seen.map(({ what }) => what)).toContain('a commit waits for second (synchronous_standby_names = second)')
})

test('a commit that was cancelled while it waits for its standby does not count before a standby has it', {
  tags: 'turn',
}, async () => {
  await waitsFor('second')
  const address = await freshDatabase(servers.primary)
  const store = await openedAt(address, { isReplicated: true, worker: { ttl: 60_000 } })
  await store.append('x1', [STARTED])
  await servers.standby.stop('immediate')
  const write = thrownBy(() => store.append('x1', [ASKED]))
  await systemClock.sleep(700)
  const cancelled = await asSuperuser(
    { ...address, user: 'postgres' },
    'SET synchronous_commit = local',
    "SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE wait_event = 'SyncRep' AND query LIKE '%append_group(%'",
  )
  expect(cancelled).toHaveLength(1)
  // PostgreSQL has said that it is done, with a warning.
  const error = await write
  if (!(error instanceof OutageError) || error.doubt === undefined) throw error
  await servers.standby.start()
  const again = { write: error.doubt, ifLost: 'send' } as const
  let written = 0
  for (let tries = 0; tries < 5 && written === 0; tries += 1) {
    written = await store
      .as(ALICE)
      .append('x1', [ASKED], undefined, again)
      .then(
        ({ length }) => length,
        () => 0,
      )
  }
  expect(written).toBe(1)
  expect(await store.read('x1')).toHaveLength(2)
})
