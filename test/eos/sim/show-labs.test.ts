import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { inMemoryEapi } from '../../../src/eos/sim/eapi/in-memory.ts'
import { SimulatedFabric } from '../../../src/eos/sim/fabric/simulated-fabric.ts'
import { SeededRandom } from '../../../src/lab/trial/seeded-random.ts'
import { VirtualClock } from '../../../src/lab/trial/timeline.ts'
import { recordings } from '../../recordings.ts'
import { type Lab, labFabric } from './lab-fabric.ts'
import { heardBy, macOf, SHOW_LAB_CLASSES } from './published.ts'
import { block, routed, row } from './recorded.ts'

/** Three labs of eight vEOS switches of 4.24.0F each: a folder for each switch, and in it a file for each command. */
function readShowLabs(folder: string) {
  return ['ISIS_unnumbered', 'ebgp', 'ospf'].map((name) => {
    const switches = readdirSync(join(folder, name))
      .sort()
      .map((one) => switchOf(one, join(folder, name, one)))
    return { name, switches }
  })
}

function switchOf(name: string, folder: string) {
  const show: Record<string, unknown> = Object.fromEntries(
    readdirSync(folder).map((file) => [file.slice(0, -'.txt'.length), readFileSync(join(folder, file), 'utf8')]),
  )
  const config = String(show['show running-config']).trimEnd()
  return {
    name,
    config: `${/^! device/m.test(config) ? '' : `! device: ${name} (vEOS, EOS-4.24.0F)\n`}${config}\n`,
    show: {
      ...show,
      'show version | json': { systemMacAddress: macOf(String(show['show version'])) },
      'show lldp neighbors detail | json': { lldpNeighbors: heardBy(String(show['show lldp neighbors'])) },
    },
  }
}

const LABS = fileURLToPath(recordings('eos-corpus/more/show-labs'))

/** How many answers of a command are as recorded in every row, of how many: it may grow, not fall. */
const AS_RECORDED: Readonly<Record<string, readonly [number, number]>> = {
  'show bgp evpn summary': [24, 24],
  'show ip bgp': [3, 8],
  'show ip bgp summary': [8, 8],
  'show ip interface brief': [12, 24],
  'show ip ospf interface': [0, 8],
  'show ip ospf neighbor': [8, 8],
  'show ip route': [20, 24],
  'show ip route bgp': [8, 8],
  'show ip route isis': [6, 8],
  'show ip route ospf': [6, 8],
  'show isis hostname': [0, 8],
  'show isis interface': [0, 8],
  'show isis interface ethernet 1 detail': [0, 8],
  'show isis neighbors': [8, 8],
  'show lldp neighbors': [24, 24],
  'show vrf': [3, 8],
}

describe('three labs of vEOS 4.24.0F', () => {
  test.skipIf(!existsSync(LABS))('[3T16] show what their switches showed', { timeout: 60_000 }, async () => {
    const found = new Map<string, [number, number]>()
    for (const lab of readShowLabs(LABS)) {
      for (const [command, isEqual] of await answered(lab)) {
        const [equal, all] = found.get(command) ?? [0, 0]
        found.set(command, [equal + (isEqual ? 1 : 0), all + 1])
      }
    }
    expect(Object.fromEntries([...found].sort(([a], [b]) => (a < b ? -1 : 1)))).toEqual(AS_RECORDED)
    expect([...found.values()].reduce((sum, [, all]) => sum + all, 0)).toBe(192)
  })
})

/** What the switches of a lab were asked, and whether each answer is as recorded in every row. */
async function answered(lab: Lab) {
  const fabric = new SimulatedFabric(labFabric(lab), { clock: new VirtualClock(), random: new SeededRandom(1) })
  const asked = lab.switches.flatMap((one) =>
    Object.entries(one.show).flatMap(([command, recorded]) => {
      const of = SHOW_LAB_CLASSES.find((each) => each.command === command || each.every?.test(command) === true)
      return of === undefined ? [] : [{ one, command, recorded, of }]
    }),
  )
  return Promise.all(
    asked.map(async ({ one, command, recorded, of }) => {
      const params = { version: 1, cmds: ['enable', command], format: 'text' }
      const request = JSON.stringify({ jsonrpc: '2.0', method: 'runCmds', id: 1, params })
      const { result, error } = JSON.parse((await inMemoryEapi(fabric.get(one.name).eapi)(request)).body)
      const said = result?.[1] ?? error.data.at(-1)
      const [theirs, ours] = [recorded, said].map((answer) => of.rows(answer).toSorted().join('\n'))
      return [command, theirs === ours] as const
    }),
  )
}

describe('EOS 4.24', () => {
  const link = (address: string) => [`ip address ${address}`, 'isis enable UNDER', 'isis network point-to-point']
  const router = (at: number, ports: Readonly<Record<string, readonly string[]>>, ...lines: readonly string[]) => [
    `hostname r${at}`,
    '!',
    ...block('interface Loopback0', `ip address 10.0.0.${at}/32`, 'isis enable UNDER', 'isis passive'),
    ...Object.entries(ports).flatMap(([port, more]) => routed(port, ...more)),
    'ip routing',
    '!',
    ...block('router isis UNDER', `net 49.0001.0000.0000.000${at}.00`, 'is-type level-1', ...lines),
  ]
  const show = row(
    '4.24.0F',
    router(1, { Ethernet2: link('10.1.0.0/31') }, 'advertise passive-only'),
    router(2, { Ethernet1: link('10.1.0.1/31'), Ethernet2: link('10.2.0.0/31') }, 'advertise passive-only'),
    router(3, { Ethernet1: link('10.2.0.1/31') }),
  )
  const rows = (name: string, command: string) =>
    (show(name, command).text ?? '').split('\n').map((line) => line.replaceAll(/ +/g, ' ').trim())

  test('prints the neighbours of IS-IS as text, an instance by nine letters', () => {
    const [head, first, second] = (show('r2', 'show isis neighbors').text ?? '').split('\n')
    expect(head).toBe(
      'Instance  VRF      System Id        Type Interface          SNPA              State Hold time   Circuit Id          ',
    )
    expect(first).toMatch(/^UNDER {5}default {2}r1 {15}L1 {3}Ethernet1 {10}P2P {15}UP {4}\d+ +[0-9A-F]+ *$/)
    expect(second).toMatch(/^UNDER {5}default {2}r3 /)
  })

  test('[3T16] advertise passive-only keeps the links back, and neighbours are found on them', () => {
    const learned = rows('r3', 'show ip route').filter((line) => line.startsWith('I L1 '))
    expect(learned.map((line) => line.split(' ')[2])).toEqual(['10.0.0.1/32', '10.0.0.2/32'])
    const all = rows('r1', 'show ip route').filter((line) => line.startsWith('I L1 '))
    expect(all.map((line) => line.split(' ')[2])).toEqual(['10.0.0.2/32', '10.0.0.3/32', '10.2.0.0/31'])
  })

  test('says that BGP is off, names the route cache, and has a column for who owns an address', () => {
    for (const command of ['show ip bgp summary', 'show ip bgp', 'show bgp evpn summary'])
      expect(show('r1', command).text).toBe('BGP is disabled for VRF default\n')
    expect(rows('r1', 'show ip route')).toContain('RC - Route Cache Route')
    expect(rows('r1', 'show ip interface brief').slice(0, 2)).toEqual([
      'Address',
      'Interface IP Address Status Protocol MTU Owner',
    ])
    expect(rows('r1', 'show vrf')[0]).toBe('Maximum number of vrfs allowed: 1024')
  })

  test('a port of a virtual machine costs 10 in OSPF, whatever `auto-cost` says', () => {
    const ospf = (at: number, port: string, address: string) => [
      `hostname r${at}`,
      '!',
      ...block('interface Loopback0', `ip address 10.0.0.${at}/32`, 'ip ospf area 0.0.0.0'),
      ...routed(port, `ip address ${address}`, 'ip ospf network point-to-point', 'ip ospf area 0.0.0.0'),
      'ip routing',
      '!',
      ...block('router ospf 1', `router-id 10.0.0.${at}`, 'auto-cost reference-bandwidth 1000000'),
    ]
    const two = row('4.24.0F', ospf(1, 'Ethernet2', '10.1.0.0/31'), ospf(2, 'Ethernet1', '10.1.0.1/31'))
    expect(two('r1', 'show ip route').text).toContain('10.0.0.2/32 [110/20] via 10.1.0.1, Ethernet2')
  })
})
