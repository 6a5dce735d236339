import { expect, test } from 'vitest'
import {
  CONFIRMED_ONCE,
  DC1,
  isSaved,
  openLab,
  PUT_BACK_ONCE,
  planIn,
  runningConfig,
  type SocketLab,
  whereIs,
  workflowFor,
} from '../lab/lab.ts'

const TARGETS = 'leaf1 or leaf3 or spine1'

/** The bundled fabric in a project that reaches every switch over SSH, by its host key. */
async function overSsh(workflow: string, hostKey?: string) {
  const bench = await openLab({ world: 'sockets', switches: { folder: DC1 }, files: { 'workflow.yaml': workflow } })
  const [first] = bench.fabric.devices
  bench.write(
    'inventory.yaml',
    JSON.stringify({
      defaults: { transport: 'ssh', credentials: 'sim' },
      credentials: { sim: { username: first?.username, password: first?.password, simulated: true } },
      devices: Object.fromEntries(
        bench.fabric.devices.map(({ name, ssh }) => [
          name,
          { host: ssh.host, port: ssh.port, ssh: { hostKey: hostKey ?? ssh.hostKey }, tags: { mlag: name } },
        ]),
      ),
    }),
  )
  return bench
}

/** How the switches were spoken to since the fabric started. */
const methods = (bench: SocketLab) => [
  ...new Set(bench.fabric.devices.flatMap((device) => device.requests().map(({ method }) => method))),
]

test('a change goes its whole way over SSH: planned, approved, pushed, verified, confirmed, saved', {
  tags: 'long',
}, async () => {
  const bench = await overSsh(workflowFor(TARGETS))
  const plan = planIn(await bench.eosflow('plan workflow.yaml -o vlan.plan --json'))
  const { host, port, hostKey } = bench.device('leaf1').ssh
  expect(plan.content.devices.find(({ name }) => name === 'leaf1')?.inventory.address).toEqual({
    host,
    port,
    transport: 'ssh',
    hostKey: { mode: 'pin', fingerprint: hostKey },
  })
  await bench.ok('approve vlan.plan')
  await bench.ok('run vlan.plan')
  for (const name of ['leaf1', 'leaf3', 'spine1']) {
    const device = bench.device(name)
    expect(whereIs(device), name).toBe('AFTER')
    expect(isSaved(device), name).toBe(true)
    expect(device.counters().commits).toEqual(CONFIRMED_ONCE)
  }
  expect(bench.whereIs('leaf2')).toBe('BEFORE')
  expect(methods(bench)).toEqual(['SSH'])
})

test('a change that is not verified is rolled back over SSH and read back', { tags: ['long', 'turn'] }, async () => {
  const verify = '{ within: 1s, stableFor: 0s, every: 1s, checks: [{ vlans-present: { vlans: [997] } }] }'
  const bench = await overSsh(workflowFor('leaf1', { verify }))
  const before = runningConfig(bench.device('leaf1'))
  const ended = await bench.eosflowWith({ answers: ['yes'] }, 'run workflow.yaml')
  expect(ended.out + ended.err).toMatch(/rolled back/i)
  expect(ended.code).toBe(6)
  expect(runningConfig(bench.device('leaf1'))).toBe(before)
  expect(bench.commits('leaf1')).toEqual(PUT_BACK_ONCE)
})

test('a switch that shows another host key is named nothing', async () => {
  const bench = await overSsh(workflowFor('leaf1'), 'SHA256:oyz7Rds2huGaVo9EJElkFMsyu+OB59RN8L9EL/rMsj8')
  const ended = await bench.exits(10, 'plan workflow.yaml')
  expect(ended.out + ended.err).toMatch(/leaf1: the host key SHA256:\S+ is not the one that the inventory names/)
  expect(methods(bench)).toEqual([])
})
