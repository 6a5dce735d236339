import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { STATE_AREAS } from '../../../../src/change/workflow/schema/state-areas.ts'
import { stateAreas } from '../../../../src/eos/check/area/index.ts'
import { commandsOfAreas, readAreas } from '../../../../src/eos/check/area/read-areas.ts'
import { canonicalJson } from '../../../../src/model/digest.ts'
import type { Json } from '../../../../src/model/json.ts'
import { reply } from '../check-table.ts'
import { type AreaReading, becomes, links, type Planted, routing, showInterfaces } from './readings.ts'

/** A bridge as its identifier is shown. */
const bridge = (priority: number, systemIdExtension: number) => ({
  priority,
  systemIdExtension,
  macAddress: '00:1c:73:aa:01:01',
})

/** What areas of VLANs and their overlay read. */
const switching: Readonly<Record<string, AreaReading>> = {
  gateways: {
    replies: (moving) => [
      showInterfaces(moving),
      {
        virtualMacs: [{ macAddress: '00:1c:73:00:00:99', macType: 'varp' }],
        virtualRouters: [
          { interface: 'Vlan20', vrfName: 'PROD', state: 'up', virtualIps: [{ ip: '10.10.20.1', mask: 32 }] },
          { interface: 'Ethernet10', vrfName: 'default', virtualIps: [{ ip: '10.1.0.254' }] },
        ],
      },
    ],
    state: {
      macs: ['00:1c:73:00:00:99'],
      interfaces: {
        Ethernet10: { state: '', addresses: ['10.1.0.254'] },
        Vlan20: { state: 'up', addresses: ['10.10.20.1', '10.10.21.1'] },
      },
    },
    planted: [
      becomes('0 / interfaces / Vlan20 / lineProtocolStatus', 'lowerLayerDown', 'gateway Vlan20: up -> lowerLayerDown'),
      becomes(
        '0 / interfaces / Vlan20 / interfaceAddress / 0 / virtualSecondaryIpsOrderedList',
        [],
        'gateway Vlan20: 10.10.21.1 removed',
      ),
      becomes('1 / virtualRouters / 1 / virtualIps', [], 'gateway Ethernet10 removed: was 10.1.0.254'),
      becomes('1 / virtualMacs', [], 'gateway MAC address: 00:1c:73:00:00:99 removed'),
    ],
  },
  mac: {
    replies: ({ count, time }) => [
      {
        multicastTable: { tableEntries: [] },
        unicastTable: {
          tableEntries: ['01', '02', '03', '04'].map((host) => ({
            vlanId: host === '04' ? 20 : 100,
            macAddress: `00:1c:73:00:00:${host}`,
            interface: 'Ethernet9',
            entryType: 'dynamic',
            moves: count,
            lastMove: time,
          })),
        },
      },
    ],
    state: { '20': 1, '100': 3 },
    planted: [becomes('0 / unicastTable / tableEntries', [{ vlanId: 20 }], 'MAC addresses in VLAN 100: 3 -> 0')],
  },
  'spanning-tree': {
    replies: ({ time }) => [
      {
        instances: {
          MST0: { rootBridge: { ...bridge(4096, 0), helloTime: 2.0, maxAge: 20, forwardDelay: 15 } },
          VL10: { rootBridge: bridge(32_768, 10) },
        },
      },
      {
        spanningTreeInstances: {
          VL10: { protocol: 'rapidPvst', bridge: bridge(32_768, 10), interfaces: {} },
          MST0: {
            protocol: 'mstp',
            interfaces: {
              Ethernet2: { role: 'alternate', state: 'discarding', cost: 2000, linkType: 'p2p', isEdgePort: false },
              Ethernet1: { role: 'root', state: 'forwarding', cost: 2000, linkType: 'p2p', isEdgePort: false },
            },
          },
        },
      },
      {
        unmappedVlans: [],
        topologies: {
          Cist: {
            interfaces: {
              Cpu: { state: 'forwarding', numChanges: 1, lastChange: time },
              Ethernet1: { state: 'forwarding', numChanges: 3, lastChange: time },
            },
          },
          NoStp: { interfaces: { Ethernet2: { state: 'forwarding', numChanges: 15 } } },
        },
      },
    ],
    state: {
      MST0: {
        root: '4096 00:1c:73:aa:01:01',
        ports: {
          Ethernet1: { role: 'root', state: 'forwarding', topologyChanges: 3 },
          Ethernet2: { role: 'alternate', state: 'discarding' },
        },
      },
      VL10: { root: '32778 00:1c:73:aa:01:01', ports: {} },
    },
    planted: [
      becomes(
        '0 / instances / MST0 / rootBridge',
        { ...bridge(0, 0), macAddress: '00:1c:73:aa:09:09' },
        'spanning tree MST0 root: 4096 00:1c:73:aa:01:01 -> 0 00:1c:73:aa:09:09',
      ),
      becomes(
        '1 / spanningTreeInstances / MST0 / interfaces / Ethernet2',
        { role: 'designated', state: 'forwarding' },
        'spanning tree MST0 Ethernet2: alternate discarding -> designated forwarding',
      ),
      becomes(
        '2 / topologies / Cist / interfaces / Ethernet1 / numChanges',
        5,
        'spanning tree MST0 Ethernet1 changed in between: 3 -> 5 topology changes',
      ),
      becomes(
        '1 / spanningTreeInstances / MST0 / interfaces / Ethernet1',
        undefined,
        'spanning tree MST0 Ethernet1 removed: was root forwarding',
      ),
      becomes(
        '1 / spanningTreeInstances / VL10',
        undefined,
        'spanning tree VL10 removed: was root 32778 00:1c:73:aa:01:01',
      ),
    ],
  },
  vlan: {
    replies: () => [
      {
        sourceDetail: '',
        vlans: {
          '100': {
            name: 'BLUE',
            status: 'active',
            dynamic: false,
            interfaces: { Vxlan1: {}, Ethernet10: {}, Ethernet9: {} },
          },
          '20': { name: 'VLAN0020', status: 'suspended', interfaces: {} },
          '1006': { name: 'VLAN1006', status: 'active', dynamic: true, interfaces: { Cpu: {} } },
        },
      },
    ],
    state: {
      '20': { name: 'VLAN0020', status: 'suspended', dynamic: false, interfaces: [] },
      '100': { name: 'BLUE', status: 'active', dynamic: false, interfaces: ['Ethernet9', 'Ethernet10', 'Vxlan1'] },
      '1006': { name: 'VLAN1006', status: 'active', dynamic: true, interfaces: ['Cpu'] },
    },
    planted: [
      becomes('0 / vlans / 20', undefined, 'VLAN 20 removed: was VLAN0020'),
      becomes('0 / vlans / 100 / interfaces / Ethernet9', undefined, 'VLAN 100: Ethernet9 removed'),
    ],
  },
  vxlan: {
    replies: (moving) => [
      showInterfaces(moving),
      { vteps: {}, interfaces: { Vxlan1: { vteps: ['10.0.255.13', '10.0.255.12'] } } },
    ],
    state: {
      source: 'Loopback1',
      vlans: { '20': { vni: 10020, flood: ['10.0.255.12', '10.0.255.13'] }, '120': { vni: 10120, flood: [] } },
      vrfs: { PROD: 500 },
      vteps: ['10.0.255.12', '10.0.255.13'],
    },
    planted: [
      becomes(
        '0 / interfaces / Vxlan1 / vlanToVtepList / 20 / remoteVtepAddr',
        ['10.0.255.12'],
        'VXLAN VLAN 20 flood list: 10.0.255.13 removed',
      ),
      becomes('0 / interfaces / Vxlan1 / vlanToVniMap / 120 / vni', 10121, 'VXLAN VLAN 120 VNI: 10120 -> 10121'),
      becomes('0 / interfaces / Vxlan1 / vrfToVniMap / PROD', undefined, 'VXLAN VRF PROD removed: was VNI 500'),
      becomes(
        '1 / interfaces / Vxlan1 / vteps',
        ['10.0.255.12', '10.0.255.13', '10.0.255.14'],
        'VXLAN VTEP 10.0.255.14 added',
      ),
    ],
  },
}

const CRASH = [
  '===> /var/log/agents/Bgp-830 Fri Jul  7 15:07:00 2023 <===',
  '===== Output from /usr/bin/Bgp [] (PID=830) started Jul  7 15:06:10.871700 ===',
  'EntityManager::doBackoff waiting for remote sysdb version ....ok',
  '',
].join('\n')

const hardwareTable = (table: string, feature: string, chip: string, usedPercent: number, highWatermark: number) => ({
  table,
  feature,
  chip,
  usedPercent,
  highWatermark,
})

/** What areas of the switch itself read. */
const box: Readonly<Record<string, AreaReading>> = {
  agents: {
    replies: ({ time }) => [
      { output: CRASH },
      { agents: { Rib: { agentStartTime: time, restartCount: 0 }, Bgp: { agentStartTime: time, restartCount: 1 } } },
    ],
    state: { crashes: ['/var/log/agents/Bgp-830 Fri Jul  7 15:07:00 2023'], restarts: { Bgp: 1, Rib: 0 } },
    planted: [
      becomes('1 / agents / Rib / restartCount', 1, 'agent Rib restarted: 0 -> 1 times'),
      becomes(
        '0 / output',
        `${CRASH}===> /var/log/agents/Rib-901 Fri Jul  7 16:00:00 2023 <===\n`,
        'agent Rib crashed: /var/log/agents/Rib-901 Fri Jul  7 16:00:00 2023',
      ),
    ],
  },
  'hardware-capacity': {
    replies: ({ count }) => [
      {
        tables: [
          hardwareTable('InLIF', 'PortDefault', 'Fap14/0', 94, count),
          hardwareTable('InLIF', '', '', 81, count),
        ],
      },
    ],
    state: { InLIF: 81, 'InLIF PortDefault Fap14/0': 94 },
    planted: [
      becomes('0 / tables / 1', hardwareTable('InLIF', '', '', 99, 0), 'hardware table InLIF: 81 % -> 99 %'),
      becomes(
        '0 / tables',
        [hardwareTable('InLIF', 'PortDefault', 'Fap14/0', 94, 0)],
        'hardware table InLIF: 81 % -> at most 50 %',
      ),
    ],
  },
  environment: {
    replies: ({ count, time }) => [
      {
        systemStatus: 'coolingOk',
        ambientTemperature: time,
        fanTraySlots: [
          { label: '1', status: 'ok', speed: count, fans: [{ label: '1/1', status: 'ok', actualSpeed: count }] },
        ],
        powerSupplySlots: [
          { label: 'PowerSupply1', status: 'ok', fans: [{ label: 'PowerSupply1/1', status: 'ok', uptime: time }] },
        ],
      },
      { powerSupplies: { '1': { state: 'ok', modelName: 'PWR-500AC-F', outputPower: time, uptime: time } } },
      {
        systemStatus: 'temperatureOk',
        tempSensors: [{ name: 'TempSensor1', hwStatus: 'ok', inAlertState: false, currentTemperature: time }],
        powerSupplySlots: [{ relPos: '1', tempSensors: [{ name: 'TempSensorP1/1', hwStatus: 'ok' }] }],
        cardSlots: [],
      },
    ],
    state: {
      cooling: 'coolingOk',
      'fan 1/1': 'ok',
      'fan PowerSupply1/1': 'ok',
      'power supply 1': 'ok',
      'sensor TempSensor1': 'ok',
      'sensor TempSensorP1/1': 'ok',
      temperature: 'temperatureOk',
    },
    planted: [
      becomes('1 / powerSupplies / 1 / state', 'powerLoss', 'power supply 1: ok -> powerLoss'),
      becomes('0 / fanTraySlots / 0 / fans / 0 / status', 'failed', 'fan 1/1: ok -> failed'),
      becomes('2 / tempSensors / 0 / inAlertState', true, 'sensor TempSensor1: ok -> ok, too hot'),
      becomes('2 / systemStatus', 'temperatureOverheat', 'temperature: temperatureOk -> temperatureOverheat'),
    ],
  },
  ntp: {
    replies: ({ count }) => [
      { output: `synchronised to NTP server (10.0.0.5) at stratum 3\n   time correct to within ${count} ms\n` },
      {
        peers: {
          '10.0.0.6': {
            condition: count % 2 === 0 ? 'candidate' : 'sys.peer',
            peerIpAddr: '10.0.0.6',
            stratumLevel: 2,
          },
          '10.0.0.5': {
            condition: count % 2 === 0 ? 'sys.peer' : 'candidate',
            peerIpAddr: '10.0.0.5',
            stratumLevel: 2,
          },
        },
      },
    ],
    state: { clock: 'synchronised', servers: { '10.0.0.5': 'usable', '10.0.0.6': 'usable' } },
    planted: [
      becomes('0 / output', 'unsynchronised\npoll interval unknown\n', 'NTP: synchronised -> unsynchronised'),
      becomes('1 / peers / 10.0.0.6 / condition', 'reject', 'NTP server 10.0.0.6: usable -> reject'),
    ],
  },
  'reload-cause': {
    replies: () => [
      {
        resetCauses: [
          { description: 'Reload requested by the user.', timestamp: 1_683_186_892.4, debugInfoIsDir: false },
        ],
        full: false,
      },
    ],
    state: [{ cause: 'Reload requested by the user.', at: 1_683_186_892 }],
    planted: [
      becomes(
        '0 / resetCauses / 0 / timestamp',
        1_683_190_492.1,
        'last reload: Reload requested by the user. (2023-05-04T07:54:52Z) -> Reload requested by the user. (2023-05-04T08:54:52Z)',
      ),
    ],
  },
}

const READINGS = { ...box, ...links, ...routing, ...switching }

const readingOf = (name: string) => {
  const reading = READINGS[name]
  if (reading === undefined) throw new Error(`no reading is prepared for the area ${name}`)
  return reading
}

/** The same JSON with the members of every object in another order: EOS keeps none. */
function reordered(value: Json, turn: number): Json {
  if (Array.isArray(value)) return value.map((one: Json) => reordered(one, turn))
  if (value === null || typeof value !== 'object') return value
  const entries = Object.entries(value).map(([key, member]): [string, Json] => [key, reordered(member, turn)])
  const at = entries.length === 0 ? 0 : turn % entries.length
  return Object.fromEntries([...entries.slice(at), ...entries.slice(0, at)])
}

/** The same JSON with another value at a place; undefined takes the member away. */
function replaced(value: Json, [step, ...rest]: readonly string[], is: Json | undefined): Json {
  if (step === undefined) return is ?? null
  const put = (member: Json): Json => (rest.length === 0 && is !== undefined ? is : replaced(member, rest, is))
  if (Array.isArray(value)) return value.map((one: Json, index) => (String(index) === step ? put(one) : one))
  if (value === null || typeof value !== 'object') throw new Error(`there is no ${step}`)
  const members = value as Readonly<Record<string, Json>>
  if (rest.length === 0 && is === undefined) {
    return Object.fromEntries(Object.entries(members).filter(([key]) => key !== step))
  }
  return { ...members, [step]: put(members[step] ?? null) }
}

const STILL = { count: 7, time: 1_700_000_000.5 }

describe.each(stateAreas.map((area) => [area.name, area] as const))('the area %s', (name, area) => {
  const { replies, state, planted } = readingOf(name)
  const changed = ({ answer, path, is }: Planted) =>
    replies(STILL).map((one, index) => (index === answer ? replaced(one, path, is) : one))

  test('keeps what is state', () => {
    const answers = replies(STILL)
    expect(answers).toHaveLength(area.commands.length)
    expect(area.read(answers.map(reply))).toEqual(state)
  })

  test('reads an unchanged network the same, whatever its counters, times and order, and tells no change', () => {
    const moving = fc.record({ count: fc.nat(), time: fc.double({ min: 0, max: 2e9, noNaN: true }) })
    fc.assert(
      fc.property(moving, fc.nat(9), (numbers, turn) => {
        const answers = replies(numbers).map((answer) => reply(reordered(answer, turn)))
        expect(canonicalJson(area.read(answers))).toBe(canonicalJson(state))
        expect(JSON.stringify(area.read(answers))).toBe(JSON.stringify(area.read(replies(numbers).map(reply))))
        expect(area.describe(state, area.read(answers))).toEqual({ comparable: true, changes: [] })
      }),
      { numRuns: 30 },
    )
  })

  test.each(planted)('tells one thing in one line: $line', (one) => {
    const after = area.read(changed(one).map(reply))
    const comparison = area.describe(state, after)
    expect(comparison).toMatchObject({ comparable: true, changes: [{ text: one.line }] })
    expect(area.describe(after, after)).toEqual({ comparable: true, changes: [] })
  })

  test.each([
    ['a refusal', 'Invalid input'],
    ['an empty answer', {}],
    ['another shape', { vlans: 7, vrfs: [], interfaceStatuses: null }],
    ['an error inside a successful answer', { errors: ['Not supported'] }],
  ])('keeps why it could not be read, and is never "no change" then: %s', (_, answer) => {
    const read = area.read(area.commands.map(() => reply(answer)))
    expect(Object.keys(read as object)).toEqual(['unreadable'])
    expect(canonicalJson(read)).toContain(area.commands[0]?.cmd)
    expect(area.describe(read, read)).toMatchObject({ comparable: false, fault: 'unreadable' })
    expect(area.describe(undefined, state)).toMatchObject({ comparable: false, fault: 'missing' })
  })
})

test('there are 30 areas, each prepared here, in order, and known to workflows', () => {
  expect(stateAreas).toHaveLength(30)
  const names = stateAreas.map(({ name }) => name)
  expect(names).toEqual(names.toSorted())
  expect(Object.keys(READINGS).sort()).toEqual(names)
  expect([...STATE_AREAS].sort()).toEqual(names)
})

test('null is what is not told', () => {
  const port = { linkStatus: 'connected', bandwidth: null, duplex: null, vlanInformation: null }
  const [interfaces, routes] = ['interfaces', 'routes'].map((name) => stateAreas.find((area) => area.name === name))
  expect(interfaces?.read([reply({ interfaceStatuses: { Ethernet1: port } })])).toEqual({
    Ethernet1: { link: 'connected', mode: '', vlan: 0, bandwidth: 0, duplex: '' },
  })
  const via = { nexthopAddr: null, interface: 'Ethernet1', vtepAddr: null, vni: null }
  const connected = { routeType: 'connected', preference: null, metric: null, vias: [via] }
  expect(routes?.read([reply({ vrfs: { default: { routes: { '10.1.0.8/31': connected } } } })])).toEqual({
    default: { routes: { '10.1.0.8/31': 'connected via Ethernet1' }, hosts: 0 },
  })
})

test('all areas together ask each command once, and each reads its own answers', () => {
  const names = stateAreas.map(({ name }) => name)
  const commands = commandsOfAreas(names)
  expect(new Set(commands.map(({ cmd }) => cmd)).size).toBe(commands.length)
  expect(commands.filter(({ format }) => format === 'text').map(({ cmd }) => cmd)).toEqual([
    'show agent logs crash',
    'show ntp status',
  ])
  const own = new Map(
    stateAreas.flatMap(({ name, commands: asked }) => {
      const answers = readingOf(name).replies(STILL)
      return asked.map((command, index) => [command.cmd, answers[index] ?? null] as const)
    }),
  )
  const read = readAreas(
    names,
    commands.map(({ cmd }) => reply(own.get(cmd) ?? null)),
  )
  expect(Object.keys(read)).toEqual(names)
  for (const name of names) expect(read[name], name).toEqual(readingOf(name).state)
})
