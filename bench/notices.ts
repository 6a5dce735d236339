import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import { type ServerProcess, startServerWith } from '../test/control-room/server-process.ts'
import { type FleetProject, fleetProject } from '../test/soak/fleet-project.ts'
import { TIMER, told } from './engine-timer.ts'
import type { Print } from './main.ts'
import { median, rounded } from './median.ts'
import { percentile } from './percentile.ts'

const SWITCHES = 8
const CHANGES = Number(process.env.NOTICES_CHANGES ?? 8)
/** Longer than eosflow waits for an acknowledgement, so that the target never takes anything. */
const SLOW = 20_000

const COMMAND = fileURLToPath(new URL('../dist/cli/main.js', import.meta.url))
const SECRET = `whsec_${Buffer.from('0123456789abcdef0123456789abcdef').toString('base64')}`

const WORKFLOW = `name: measured
params: { vlan: { type: integer, minimum: 2, maximum: 4094 } }
targets: role:leaf
change: { mode: merge, lines: ['vlan {{ vlan }}', '   name MEASURED'] }
rollout: { waves: ['100%'], concurrency: 100, atomic: change }
steps:
  - snapshot: { state: [interfaces, lldp] }
  - plan
  - approve
  - push: { confirmWithin: 10m }
  - verify: { within: 60s, stableFor: 1s, every: 1s, checks: [reachable, { vlans-present: { vlans: ['{{ vlan }}'] } }] }
  - confirm
`

/** A receiver of notices: what it was asked, and how long it waits before it answers. */
interface Target {
  readonly url: string
  requests: number
  close(): void
}

/**
 * Changes while a target of notices takes everything at once, while one answers after 20 s, and without a target: how long a change takes, and how
 * late the timer of the engine is meanwhile, as it was and without the time in which other programs had the processors.
 */
export async function notices(print: Print): Promise<void> {
  const fleet = await fleetProject(SWITCHES)
  const [fast, slow] = [await startTarget(0), await startTarget(SLOW)]
  let vlan = 1000
  try {
    fleet.write('measured.yaml', WORKFLOW)
    // The first changes of a process are slower than those that follow, and so are the first of a store.
    for (const [what, target] of [
      ['to warm up', undefined],
      ['no target', undefined],
      ['a target that answers at once', fast],
      ['a target that answers after 20 s', slow],
      ['no target, again', undefined],
    ] as const) {
      const row = await measured(fleet, target, () => {
        vlan += 1
        return vlan
      })
      if (what !== 'to warm up') print({ bench: 'notices', what, ...row })
    }
  } finally {
    fast.close()
    slow.close()
    fleet.close()
  }
}

async function startTarget(milliseconds: number): Promise<Target> {
  const server = createServer((request, response) => {
    target.requests += 1
    request.resume()
    setTimeout(() => response.writeHead(204).end(), milliseconds).unref()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const target: Target = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/notices`,
    requests: 0,
    close: () => {
      server.closeAllConnections()
      server.close()
    },
  }
  return target
}

async function measured(fleet: FleetProject, target: Target | undefined, nextVlan: () => number): Promise<object> {
  const settings =
    target === undefined
      ? ''
      : `notify:
  targets: [{ name: target-${new URL(target.url).port}, webhook: '${target.url}', secret: '\${env:NOTICES_SECRET}' }]
  rules: [{ severity: info, to: [target-${new URL(target.url).port}] }]
`
  process.env.NOTICES_SECRET = SECRET
  const server = await startServerWith(fleet.dir, settings, '--import', TIMER, COMMAND)
  try {
    await told(server.process)
    const seconds: number[] = []
    for (let change = 0; change < CHANGES; change += 1) seconds.push(await changed(server, nextVlan()))
    const { late, own } = await told(server.process)
    return {
      changes: CHANGES,
      switches: SWITCHES,
      requests: target?.requests ?? 0,
      seconds: rounded(median(seconds)),
      most: rounded(Math.max(...seconds)),
      p99: rounded(percentile(late, 99)),
      own99: rounded(percentile(own, 99)),
      ownMost: rounded(percentile(own, 100)),
      limit: 20,
    }
  } finally {
    await server.kill()
  }
}

/** One change that is planned, approved and made: for how many seconds it was sent, verified and confirmed. */
async function changed(server: ServerProcess, vlan: number): Promise<number> {
  const asked = { workflow: 'measured.yaml', params: { vlan } }
  const id = String((await server.post('/api/v1/executions', asked)).json.execution)
  const path = `/api/v1/executions/${id}`
  await until(server, path, ({ waitingFor }) => waitingFor !== undefined)
  const plan = String((await server.get(path)).json.plan)
  const begun = performance.now()
  await server.post(`/api/v1/plans/${plan}/decisions`, { decision: 'approve' })
  const { outcome } = await until(server, path, ({ status }) => status === 'ended')
  if (outcome !== 'succeeded') throw new Error(`${id}: ${String(outcome)}`)
  return (performance.now() - begun) / 1000
}

async function until(
  server: ServerProcess,
  path: string,
  holds: (execution: Readonly<Record<string, unknown>>) => boolean,
): Promise<Readonly<Record<string, unknown>>> {
  const end = Date.now() + 120_000
  for (;;) {
    const { json } = await server.get(path)
    if (holds(json)) return json
    if (Date.now() > end) throw new Error(`${path} did not end`)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}
