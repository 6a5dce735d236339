import { expect, test } from 'vitest'
import { ANN, openLab, PEOPLE } from '../../lab/lab.ts'
import { until } from '../../lab/server.ts'

const SCHEDULES = `version: 1
schedules:
  - { name: nightly, cron: '5 8 * * *', tz: UTC, do: plan, workflow: workflow.yaml }
`

test('nobody takes the key of an occurrence, of an event or of an agent: what they are for begins, and as theirs', async () => {
  const bench = await openLab({ files: { 'eosflow.yaml': SCHEDULES } }).serve({
    tokens: { ann: ANN, bot: PEOPLE.bot },
  })
  const occurrence = 'schedule:nightly:2026-01-05T08:05:00.000Z'
  for (const [token, path] of [
    ['ann', 'plans'],
    ['ann', 'executions'],
    ['bot', 'plans'],
  ] as const)
    for (const key of [occurrence, 'hook:', 'hook:netbox:msg_1', 'agent:0123456789abcdef:k']) {
      const told = await bench.ask('POST', `/api/v1/${path}`, { token, body: { workflow: 'workflow.yaml', key } })
      expect([token, key, told.status, told.json.kind]).toEqual([token, key, 422, 'input'])
    }
  expect(await bench.app.store.executionIds()).toEqual([])
  await bench.room.begin()
  await bench.lab.clock.advance(300_000)
  await until(bench, async () => (await bench.app.store.schedules()).at(-1)?.type === 'ScheduleFinished')
  expect((await bench.app.store.requested(occurrence))?.requester?.id).toBe('schedule:nightly')
  // A key that is like theirs is anybody's.
  const mine = { workflow: 'workflow.yaml', key: 'schedules:nightly' }
  expect((await bench.ask('POST', '/api/v1/plans', { token: 'ann', body: mine })).status).toBe(202)
})
