import { expect, test } from 'vitest'
import { leaves, PROJECT_FILES } from '../e2e/two-leaves.ts'
import { openLab } from '../lab/lab.ts'
import { soon } from '../lab/loopback.ts'
import { ask } from '../lab/visitor.ts'
import { type Served, serveProject } from './running.ts'

const PLAN = { workflow: 'workflows/add-vlan.yaml', params: { vlan: 120 } }
const METRICS = 'metrics: { listen: "127.0.0.1:0", perSwitch: true }\n'

test('the built command shows metrics: what it asked of a switch, and the same counts of executions after a restart', {
  tags: 'night',
  timeout: 60_000,
}, async () => {
  const bench = await openLab({ world: 'sockets', switches: leaves(2), ...PROJECT_FILES })
  const shown = async ({ process }: Served) => {
    const [, origin = ''] = await process.said(/Metrics: (http:\/\/127\.0\.0\.1:\d+)\/metrics/)
    return (await ask(origin, 'GET', '/metrics')).text.split('\n')
  }
  const served = await serveProject(bench, METRICS)
  expect((await served.post('/api/v1/plans', PLAN)).status).toBe(202)
  const planned = 'eosflow_executions_total{workflow="add-vlan",outcome="planned"} 1'
  await soon(async () => (await shown(served)).includes(planned))
  const before = await shown(served)
  for (const name of ['leaf1', 'leaf2'])
    expect(before).toContain(
      `eosflow_switch_request_duration_seconds_count{transport="eapi",op="stage",result="ok",switch="${name}"} 1`,
    )
  await soon(async () =>
    (await shown(served)).some((line) =>
      line.startsWith(
        'eosflow_http_request_duration_seconds_count{route="/api/v1/plans",method="POST",status="202"} 1',
      ),
    ),
  )
  for (const thread of ['engine', 'front'])
    expect(before.some((line) => line.startsWith(`eosflow_event_loop_lag_seconds{thread="${thread}"} `))).toBe(true)
  served.process.kill('SIGTERM')
  await served.process.ended

  const again = await serveProject(bench, METRICS)
  await soon(async () => (await shown(again)).includes(planned))
  const counted = (lines: readonly string[]) =>
    lines.filter((line) => /^eosflow_(?:execution|state|retries|rollbacks|approval)/.test(line))
  expect(counted(before).length).toBeGreaterThan(20)
  expect(counted(await shown(again))).toEqual(counted(before))
})
