import { expect, onTestFinished, test } from 'vitest'
import { openPostgresStore } from '../../../src/change/record/postgres/open-postgres-store.ts'
import { ScheduleRunner } from '../../../src/features/schedule/schedule-runner.ts'
import { VirtualClock } from '../../../src/lab/trial/timeline.ts'
import { systemClock } from '../../../src/project/system/machine/system-clock.ts'
import { KEY } from '../../change/record/sqlite/open-for-test.ts'
import { freshDatabase, serverForTests } from '../../postgres/store-for-test.ts'

const servers = serverForTests()
const MINUTE = 60_000
const SOMEBODY = { issuer: 'schedule', id: 'schedule:test', auth: 'os' } as const

test('two servers that share a database make each look after a confirm once', async () => {
  const address = await freshDatabase(servers.server)
  const clock = new VirtualClock()
  const timed = { now: () => clock.now(), monotonic: () => systemClock.monotonic(), sleep: systemClock.sleep }
  const made = new Map<string, number>()
  const processes = await Promise.all(
    [1, 2].map(async () => {
      const { store, claims } = await openPostgresStore({
        address,
        installKey: KEY,
        quarantineSeconds: 10,
        isReplicated: false,
        isClockHeld: false,
        clock: timed,
      })
      onTestFinished(() => store.close())
      const runner = new ScheduleRunner({
        app: { store, claims, clock: timed, journalAs: (actor) => store.as(actor) },
        schedules: [],
        mayWait: true,
        perform: async ({ key }) => {
          made.set(key, (made.get(key) ?? 0) + 1)
          await systemClock.sleep(5)
          return { outcome: 'ok', reason: 'good' }
        },
        outside: async () => undefined,
        failed: (_what, error) => {
          throw error
        },
      })
      return { store, runner }
    }),
  )
  const store = processes[0]?.store
  const until = new Date(clock.now() + 20 * MINUTE).toISOString()
  await store?.as(SOMEBODY).append(undefined, [
    {
      type: 'ScheduleChanged',
      schedule: 'after:x1',
      change: 'loaded',
      tz: 'UTC',
      every: 60,
      after: { execution: 'x1', devices: ['leaf1'], until },
    },
  ])
  for (let minute = 0; minute < 20; minute += 1) {
    await clock.advance(MINUTE)
    await Promise.all(
      processes.map(async ({ runner }) => {
        await runner.look()
        await runner.end()
      }),
    )
  }
  const fired = ((await store?.schedules()) ?? []).filter(({ type }) => type === 'ScheduleFired')
  expect([[...made.values()].every((times) => times === 1), made.size, fired.length]).toEqual([true, 20, 20])
})
