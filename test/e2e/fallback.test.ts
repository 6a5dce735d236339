import { expect, test } from 'vitest'
import { freePort } from '../free-ports.ts'
import { DC1, openLab, type SocketLab, workflowFor } from '../lab/lab.ts'

/** leaf1 whose eAPI cannot be reached, and whose SSH can. */
async function withoutEapi(hostKey?: string) {
  const bench = await openLab({
    world: 'sockets',
    switches: { folder: DC1 },
    files: { 'workflow.yaml': workflowFor('leaf1') },
  })
  const { username, password, ssh } = bench.device('leaf1')
  const device = {
    host: ssh.host,
    port: await freePort(),
    protocol: 'http',
    fallback: { transport: 'ssh', port: ssh.port },
    ssh: { hostKey: hostKey ?? ssh.hostKey },
  }
  const inventory = {
    defaults: { credentials: 'sim' },
    credentials: { sim: { username, password, simulated: true } },
    devices: { leaf1: device },
  }
  bench.write('inventory.yaml', JSON.stringify(inventory))
  bench.write('checks.yaml', '- reachable\n- vlans-present: { vlans: 110 }\n')
  return bench
}

const methods = (bench: SocketLab) => [
  ...new Set(bench.fabric.devices.flatMap((device) => device.requests().map(({ method }) => method))),
]

test('what only reads goes over SSH where eAPI cannot be reached', async () => {
  const bench = await withoutEapi()
  for (const argv of [['check', 'run'], ['snapshot', 'take', 'before'], ['drift']]) {
    await bench.ok(...argv)
  }
  expect(methods(bench)).toEqual(['SSH'])
})

test('a change never does: it is 10, and the switch is named nothing', { tags: 'long' }, async () => {
  const bench = await withoutEapi()
  await bench.exits(10, 'run workflow.yaml --detach')
  expect(methods(bench)).toEqual([])
})

test('credentials that eAPI refuses are not tried elsewhere', async () => {
  const bench = await withoutEapi()
  const { http, ssh } = bench.device('leaf1')
  const device = {
    ...http,
    protocol: 'http',
    fallback: { transport: 'ssh', port: ssh.port },
    ssh: { hostKey: ssh.hostKey },
  }
  const credentials = { sim: { username: 'nobody', password: 'wrong', simulated: true } }
  bench.write(
    'inventory.yaml',
    JSON.stringify({ defaults: { credentials: 'sim' }, credentials, devices: { leaf1: device } }),
  )
  const ended = await bench.exits(10, 'check run')
  expect(ended.out).toContain('leaf1: the switch refused the user nobody (HTTP 401)')
  expect(bench.device('leaf1').requests().length).toBeGreaterThan(0)
})

test('another host key is not believed there either', async () => {
  const bench = await withoutEapi('SHA256:oyz7Rds2huGaVo9EJElkFMsyu+OB59RN8L9EL/rMsj8')
  const ended = await bench.exits(10, 'check run')
  expect(ended.out).toMatch(/the host key SHA256:\S+ is not the one that the inventory names/)
  expect(methods(bench)).toEqual([])
})
