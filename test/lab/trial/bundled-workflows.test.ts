import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { parseInventory } from '../../../src/change/inventory/inventory.ts'
import { SimulatedFabric } from '../../../src/eos/sim/fabric/simulated-fabric.ts'
import { SeededRandom } from '../../../src/lab/trial/seeded-random.ts'
import { readFabricFolder } from '../../../src/lab/trial/start-fabric.ts'
import { VirtualClock } from '../../../src/lab/trial/timeline.ts'
import { arrangedFabric } from '../../../src/lab/workflow-test/read-test-file.ts'
import { inventoryText, portsFrom } from '../../../src/report/new-project/inventory.ts'
import { eosflow } from '../../doors/cli/eosflow.ts'
import { linesOf } from '../../table.ts'

const ROOT = fileURLToPath(new URL('../../..', import.meta.url))
const NAMES = readdirSync(`${ROOT}/workflows`)
  .filter((name) => name.endsWith('.yaml'))
  .map((name) => name.replace('.yaml', ''))

interface Case {
  readonly name: string
  readonly faults?: readonly { readonly kind: string; readonly when?: string }[]
  readonly approvals?: readonly { readonly decision?: string }[]
  readonly expect: { readonly outcome?: string; readonly exit?: number; readonly plan?: string }
}

const casesOf = (name: string) =>
  (parse(readFileSync(`${ROOT}/workflows/tests/${name}.test.yaml`, 'utf8')) as { cases: readonly Case[] }).cases

/** What every bundled workflow is tried with. */
const KINDS: readonly (readonly [kind: string, is: (one: Case) => boolean])[] = [
  ['the happy end, with a golden plan', ({ expect: end }) => end.outcome === 'succeeded' && end.plan !== undefined],
  ['a failed verification', ({ expect: end }) => end.outcome === 'rolled-back' && end.exit === 6],
  ['an unreachable switch', ({ faults, expect: end }) => faults?.[0]?.kind === 'unreachable' && end.exit === 10],
  ['a refused line', ({ faults }) => faults?.[0]?.kind === 'refuse-line'],
  ['a rejected approval', ({ approvals, expect: end }) => approvals?.at(-1)?.decision === 'reject' && end.exit === 4],
  [
    'drift before the push',
    ({ faults, expect: end }) =>
      faults?.[0]?.kind === 'hand-edit' && faults[0].when?.startsWith('Approve') === true && end.exit === 5,
  ],
]

describe('the bundled workflows', () => {
  test('pass their tests, as the built command runs them in the checkout', {
    tags: 'night',
    timeout: 180_000,
  }, async () => {
    const ended = await eosflow('test --json', { cwd: ROOT })
    const { cases, passed, failed } = JSON.parse(ended.stdout) as {
      cases: readonly { name: string; status: string; failures: readonly object[] }[]
      passed: number
      failed: number
    }
    expect(cases.filter(({ status }) => status !== 'passed')).toEqual([])
    expect({ failed, code: ended.code, stderr: ended.stderr }).toEqual({ failed: 0, code: 0, stderr: '' })
    expect(passed).toBeGreaterThanOrEqual(116)
    expect(passed).toBe(NAMES.flatMap(casesOf).length)
  })

  test('[3N2] are seventeen', () => {
    expect(NAMES.toSorted()).toEqual(
      linesOf(`
        acl-line
        add-bgp-peer
        add-evpn-tenant
        add-vlan
        change-acl
        drain-spine
        maintenance-enter
        maintenance-exit
        ntp
        port-description
        replace-config
        rotate-services
        rotate-snmp
        rotate-user
        tune-mlag-pairs
        turn-up-port
        vlan-access
      `),
    )
  })

  test.each(NAMES)('%s is tried in all the ways that things go wrong', (name) => {
    const cases = casesOf(name)
    expect(KINDS.filter(([, is]) => !cases.some(is)).map(([kind]) => kind)).toEqual([])
    const plans = cases.flatMap(({ expect: end }) => end.plan ?? [])
    expect(plans.filter((plan) => !existsSync(`${ROOT}/workflows/tests/${plan}`))).toEqual([])
  })
})

test('the inventory of the checkout has the switches and tags of a new project, at the addresses of the fabric', () => {
  const read = (text: string) => {
    const inventory = parseInventory(text, 'inventory.yaml')
    if (!inventory.ok) throw new Error(inventory.problems[0].message)
    return inventory.value.devices
  }
  const own = read(readFileSync(`${ROOT}/inventory.yaml`, 'utf8'))
  const tagsOf = (devices: typeof own) => devices.map(({ name, tags }) => [name, tags])
  expect(own).toHaveLength(6)
  expect(tagsOf(own)).toEqual(tagsOf(read(inventoryText(portsFrom(18100)))))
  for (const { name, host } of own) {
    const config = readFileSync(`${ROOT}/fixtures/dc1/${name}/running-config`, 'utf8')
    expect(config).toMatch(new RegExp(`\\ninterface Management1\\n(?:   .*\\n)*   ip address ${host}/24\\n`))
  }
})

test('a spine that drain-spine has drained carries nothing between leaves, and is still there', () => {
  const fabric = readFabricFolder(`${ROOT}/fixtures/dc1`)
  if (!fabric.ok) throw new Error(fabric.problems[0].message)
  const lines = [
    'route-map RM-DRAIN permit 10',
    '   set as-path prepend 65000 65000 65000',
    'router bgp 65000',
    '   neighbor IPv4-UNDERLAY-PEERS route-map RM-DRAIN out',
  ]
  const nexthops = (drained: readonly string[], prefix: string) => {
    const arranged = arrangedFabric(fabric.value, { lines: { spine1: drained }, cables: [] })
    const simulated = new SimulatedFabric(arranged, { clock: new VirtualClock(), random: new SeededRandom() })
    const routes = simulated.network.context(simulated.get('leaf1').device).state.routes.get('default')
    return (routes?.get(prefix)?.vias ?? []).map(({ nexthop }) => nexthop)
  }
  expect(nexthops([], '10.0.251.13/32')).toEqual(['10.0.1.0', '10.0.2.0'])
  expect(nexthops(lines, '10.0.251.13/32')).toEqual(['10.0.2.0'])
  expect(nexthops(lines, '10.0.250.1/32')).toEqual(['10.0.1.0'])
})
