import { describe, expect, test } from 'vitest'
import { leaves } from '../../e2e/two-leaves.ts'
import { exits, openLab, prints, runningConfig, type SocketLab, soon, warns } from '../../lab/lab.ts'
import { ask } from '../../lab/visitor.ts'
import { eosflow } from './eosflow.ts'
import { openLeaves, type Served, serveProject } from './running.ts'

const METRICS = 'metrics: { listen: "127.0.0.1:0", perSwitch: true }\n'
const CHANGE = { workflow: 'workflows/add-vlan.yaml', params: { vlan: 120 } }

/** What a server has counted. */
async function counted({ process }: Served) {
  const [, origin = ''] = await process.said(/Metrics: (http:\/\/127\.0\.0\.1:\d+)\/metrics/)
  return (await ask(origin, 'GET', '/metrics')).text
}

test('the built command serves a project: a change from a browser, a second server, SIGTERM while it is live, and what it counts', {
  tags: ['long', 'turn'],
}, async () => {
  const bench = await openLeaves(2)
  const served = await serveProject(bench, METRICS)
  const { origin, get, post } = served
  const page = await get('/')
  expect([page.status, page.text.includes('Plan your first change')]).toEqual([200, true])
  const [, style = ''] = /href="(\/web\/app-[0-9a-f]+\.css)"/.exec(page.text) ?? []
  expect((await get(style)).headers).toMatchObject({ 'content-type': 'text/css; charset=utf-8' })
  expect((await ask(origin, 'GET', '/api/v1/me')).status).toBe(401)

  const second = await bench.start('serve').ended
  expect([second.code, second.err]).toEqual([9, expect.stringContaining('another server serves this store')])

  const { execution } = (await post('/api/v1/executions', CHANGE)).json
  const path = `/api/v1/executions/${String(execution)}`
  const watching = served.watch(`/api/v1/stream?topics=execution:${String(execution)}`)
  await soon(async () => (await get(path)).json.waitingFor !== undefined)
  const { plan } = (await get(path)).json
  const metrics = await counted(served)
  for (const name of ['leaf1', 'leaf2'])
    expect(metrics).toContain(
      `eosflow_switch_request_duration_seconds_count{transport="eapi",op="stage",result="ok",switch="${name}"} 1\n`,
    )
  for (const thread of ['engine', 'front'])
    expect(metrics).toContain(`\neosflow_event_loop_lag_seconds{thread="${thread}"} `)
  // Decided at a command line: the server sees it, and goes on.
  await bench.ok('approve', String(execution))
  await soon(() => watching.text().includes('"ActIntended"'))
  served.process.kill('SIGTERM')
  await exits(0, served.process.ended)
  expect(watching.text()).toContain('event: bye')

  // What was live has been seen through; what was not rests, and goes on with the next server.
  const again = await serveProject(bench, METRICS)
  await soon(async () => (await again.get(path)).json.status === 'ended')
  const ended = (await again.get(path)).json
  expect(ended).toMatchObject({ outcome: 'succeeded', plan })
  // The server before has begun it, and this one counts it.
  const done = 'eosflow_executions_total{workflow="add-vlan",outcome="succeeded"} 1\n'
  await soon(async () => (await counted(again)).includes(done))
  again.process.kill('SIGTERM')
  await exits(0, again.process.ended)
})

const PORT = ['interface Ethernet2', 'description uplink to fw1']
const hasPort = ({ fabric }: SocketLab) =>
  runningConfig(fabric.device('leaf1')).includes('interface Ethernet2\n   description uplink to fw1\n')

/** One leaf over real HTTP, in a project without a workflow. It speaks no protocol that a verification would wait for. */
function bench() {
  const { fabric } = leaves(1)
  const devices = fabric.devices.map((one) => ({ ...one, config: one.config.replace(/router bgp[^!]*!/, '!') }))
  return openLab({ world: 'processes', switches: { fabric: { ...fabric, devices } } })
}

describe('change, as it is shipped', () => {
  test('takes lines from standard input, and ends with exit 12 where nobody is asked', {
    tags: ['long', 'turn'],
  }, async () => {
    const on = await bench()
    await prints(
      12,
      eosflow('change -t leaf1 -', { cwd: on.dir, input: `${PORT.join('\n')}\n` }),
      /Next: eosflow approve \S+ && eosflow resume \S+\n$/,
    )
    await prints(0, on.eosflow('show @latest'), '  -    description HOST_web01\n  +    description uplink to fw1\n')
    expect(hasPort(on)).toBe(false)
    await warns(3, eosflow('change -t leaf1 -', { cwd: on.dir, input: '' }), 'stdin: there is no line to be sent')
    await on.ok('stop @latest --reason test')
  })
})
