import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { type InMemoryEapi, inMemoryEapi } from '../../../src/eos/sim/eapi/in-memory.ts'
import { parseFabric } from '../../../src/eos/sim/fabric/fabric.ts'
import { SimulatedFabric } from '../../../src/eos/sim/fabric/simulated-fabric.ts'
import type { DeviceFault } from '../../../src/eos/sim/fault/fault.ts'
import { faultSchema } from '../../../src/eos/sim/fault/fault-schema.ts'
import { SeededRandom } from '../../../src/lab/trial/seeded-random.ts'
import { VirtualClock } from '../../../src/lab/trial/timeline.ts'

const ROOT = new URL('../../../fixtures/dc1/', import.meta.url)

/** The bundled fabric in memory; answers come from a switch by name. */
function bundled() {
  const read = parseFabric(readFileSync(new URL('fabric.yaml', ROOT)), 'fabric.yaml', (path) => {
    try {
      return readFileSync(new URL(path, ROOT))
    } catch {
      return undefined
    }
  })
  if (!read.ok) throw new Error(JSON.stringify(read.problems))
  const devices = read.value.devices.map((device) => ({ ...device, managementOutside: true }))
  const clock = new VirtualClock()
  const fabric = new SimulatedFabric({ ...read.value, devices }, { clock, random: new SeededRandom(3) })
  const eapis = new Map<string, InMemoryEapi>()
  const ask = async (name: string, command: string, format: 'json' | 'text') => {
    const eapi = eapis.get(name) ?? inMemoryEapi(fabric.get(name).eapi)
    eapis.set(name, eapi)
    const params = { version: 1, cmds: ['enable', command], format }
    const { body } = await eapi(JSON.stringify({ jsonrpc: '2.0', method: 'runCmds', id: 1, params }))
    const { result, error } = JSON.parse(body)
    if (error !== undefined) throw new Error(JSON.stringify(error))
    return format === 'json' ? result[1] : result[1].output
  }
  return {
    clock,
    fabric,
    json: (name: string, command: string) => ask(name, command, 'json'),
    text: (name: string, command: string): Promise<string> => ask(name, command, 'text'),
  }
}

/** As the control port and fabric.yaml take it. */
function fault(written: Record<string, unknown>): DeviceFault {
  return faultSchema.parse(written)
}

test('error counters rise from tick to tick, stay when the fault ends, and show in every command that has them', async () => {
  const { clock, fabric, json, text } = bundled()
  const port = { device: 'leaf1', kind: 'errors-rising', port: 'Ethernet7' }
  fabric.fault(fault({ ...port, counter: 'fcsErrors', perSecond: 10, for: 5 }))
  fabric.fault(fault({ ...port, counter: 'outDiscards', perSecond: 3, for: 5 }))
  const errors = async () => (await json('leaf1', 'show interfaces counters errors')).interfaceErrorCounters.Ethernet7
  expect(await errors()).toMatchObject({ fcsErrors: 0, inErrors: 0 })
  await clock.advance(2000)
  expect(await errors()).toMatchObject({ fcsErrors: 20, inErrors: 20, outErrors: 0 })
  await clock.advance(60_000)
  expect(await errors()).toMatchObject({ fcsErrors: 50 })
  const { interfaceCounters } = (await json('leaf1', 'show interfaces Ethernet7')).interfaces.Ethernet7
  expect(interfaceCounters).toMatchObject({ totalInErrors: 50, outDiscards: 15, inputErrorsDetail: { fcsErrors: 50 } })
  expect(await json('leaf1', 'show interfaces counters discards')).toMatchObject({ outDiscardsTotal: 15 })
  expect(await text('leaf1', 'show interfaces Ethernet7')).toContain('50 input errors, 50 CRC')
})

test('a peer withdraws one prefix, then all: the session stays', { tags: ['long', 'turn'] }, async () => {
  const { fabric, json } = bundled()
  const peer = { device: 'leaf1', kind: 'routes-withdrawn', peer: '10.0.1.0' }
  const received = async () => {
    const { peers } = (await json('leaf1', 'show ip bgp summary')).vrfs.default
    return [peers['10.0.1.0'].peerState, peers['10.0.1.0'].prefixReceived]
  }
  const [, all] = await received()
  fabric.fault(fault({ ...peer, prefixes: ['10.0.250.13/32'] }))
  expect(await received()).toEqual(['Established', all - 1])
  const { routes } = (await json('leaf1', 'show ip route 10.0.250.13/32')).vrfs.default
  expect(routes['10.0.250.13/32'].vias).toHaveLength(1)
  fabric.fault(fault(peer))
  expect(await received()).toEqual(['Established', 0])
  fabric.clearFaults()
  expect(await received()).toEqual(['Established', all])
})

test('a member that is not bundled leaves the port-channel, at both ends', async () => {
  const { fabric, json } = bundled()
  const channel = async (name: string) => (await json(name, 'show port-channel')).portChannels['Port-Channel1000']
  const [first = ''] = Object.keys((await channel('leaf1')).activePorts)
  fabric.fault(fault({ device: 'leaf1', kind: 'member-inactive', port: first }))
  expect(Object.keys((await channel('leaf1')).inactivePorts)).toEqual([first])
  expect(Object.keys((await channel('leaf2')).inactivePorts)).toHaveLength(1)
  const lacp = (await json('leaf1', 'show lacp interface detailed')).portChannels['Port-Channel1000'].interfaces
  expect(lacp[first]).toMatchObject({ actorPortStatus: 'noAgg', actorPortState: { synchronization: false } })
  expect((await json('leaf1', 'show mlag')).state).toBe('active')
})

test('a flood list loses an entry, of one VLAN or of all', async () => {
  const { fabric, json } = bundled()
  const lists = async () => (await json('leaf1', 'show interfaces vxlan 1')).interfaces.Vxlan1.vlanToVtepList
  const before = await lists()
  const [vtep = ''] = before['110'].remoteVtepAddr
  fabric.fault(fault({ device: 'leaf1', kind: 'flood-entry-lost', vtep, vlan: 110 }))
  expect((await lists())['110']).toBeUndefined()
  expect((await lists())['111']).toEqual(before['111'])
  fabric.fault(fault({ device: 'leaf1', kind: 'flood-entry-lost', vtep }))
  expect(await lists()).toEqual({})
  expect((await json('leaf1', 'show vxlan vtep')).interfaces.Vxlan1.vteps).toEqual([vtep])
})

test('the log says what the network did, at the time it did it, between the lines of the configuration agent', {
  tags: ['long', 'turn'],
}, async () => {
  const { clock, fabric, text } = bundled()
  const since = clock.now()
  fabric.fault(fault({ device: 'leaf1', kind: 'link-down', port: 'Ethernet49/1', after: 10, for: 20 }))
  fabric.fault(fault({ device: 'leaf1', kind: 'link-down', port: 'Ethernet7', after: 40 }))
  await clock.advance(60_000)
  await text('leaf1', 'send log level notifications message done')
  const stamp = (seconds: number) => new Date(since + seconds * 1000).toISOString().slice(11, 19)
  const lines = (await text('leaf1', 'show logging last 1 hours')).trimEnd().split('\n')
  const told = lines.map((line) => line.replace(/^\S+ +\d+ /, ''))
  const link = 'Ebra: %LINEPROTO-5-UPDOWN: Line protocol on Interface'
  expect(told).toEqual([
    `${stamp(10)} leaf1 ${link} Ethernet49/1 (P2P_spine1_Ethernet1/1), changed state to down`,
    expect.stringContaining(`${stamp(10)} leaf1 Lldp: %LLDP-5-NEIGHBOR_TIMEOUT`),
    `${stamp(10)} leaf1 Bgp: %BGP-5-ADJCHANGE: peer 10.0.1.0 (VRF default AS 65000) old state Established event Stop new state Idle`,
    `${stamp(30)} leaf1 ${link} Ethernet49/1 (P2P_spine1_Ethernet1/1), changed state to up`,
    expect.stringContaining(`${stamp(30)} leaf1 Lldp: %LLDP-5-NEIGHBOR_NEW`),
    `${stamp(30)} leaf1 Bgp: %BGP-5-ADJCHANGE: peer 10.0.1.0 (VRF default AS 65000) old state OpenConfirm event Established new state Established`,
    `${stamp(40)} leaf1 ${link} Port-Channel7 (HOST_nas01), changed state to down`,
    `${stamp(40)} leaf1 ${link} Ethernet7 (HOST_nas01_eth0), changed state to down`,
    `${stamp(40)} leaf1 Mlag: %MLAG-4-INTF_INACTIVE_LOCAL: Local interface Port-Channel7 is link down. MLAG 7 is inactive.`,
    `${stamp(60)} leaf1 ConfigAgent: %SYS-5-LOGMSG_NOTICE: Message from admin on command-api (memory): done`,
  ])
  expect(await text('leaf1', 'show logging threshold warnings')).toContain('%MLAG-4-INTF_INACTIVE_LOCAL')
  expect(await text('leaf1', 'show logging threshold errors last 7 days')).toBe('')
  expect((await text('leaf1', 'show logging last 2')).split('\n')).toHaveLength(3)
  expect(await text('spine1', 'show logging')).toMatch(/^Syslog logging: enabled\n[\s\S]*peer 10\.0\.1\.1 [\s\S]*Idle/)
})

test('a flapping link is logged at every turn, and a change of the configuration when it was made', {
  tags: ['long', 'turn'],
}, async () => {
  const { clock, fabric, text, json } = bundled()
  const quiet = await text('leaf3', 'show logging last 1 hours')
  expect(quiet).toBe('')
  fabric.fault(fault({ device: 'leaf3', kind: 'link-flap', port: 'Ethernet50/1', period: 10, for: 30 }))
  await clock.advance(120_000)
  const turns = (await text('leaf3', 'show logging')).split('\n').filter((line) => line.includes('LINEPROTO'))
  expect(turns).toHaveLength(6)
  expect(
    (await json('leaf3', 'show interfaces Ethernet50/1')).interfaces['Ethernet50/1'].interfaceCounters
      .linkStatusChanges,
  ).toBe(7)
  const at = new Date(clock.now()).toISOString().slice(11, 19)
  const eapi = inMemoryEapi(fabric.get('leaf4').eapi)
  const cmds = ['enable', 'configure', 'interface Ethernet49/1', 'shutdown']
  await eapi(JSON.stringify({ jsonrpc: '2.0', method: 'runCmds', id: 1, params: { version: 1, cmds } }))
  await clock.advance(30_000)
  expect(await text('leaf4', 'show logging')).toMatch(new RegExp(`${at} leaf4 Ebra: .*Ethernet49/1 .*down`))
})

test('ping answers where the routing tables of both ends say so', { tags: ['long', 'turn'] }, async () => {
  const { fabric, text, json } = bundled()
  expect(await text('leaf1', 'ping vrf default 10.0.250.13 source 10.0.250.11 size 100 repeat 2')).toContain(
    '2 packets transmitted, 2 received, 0% packet loss',
  )
  const far = 'ping vrf MGMT 10.0.250.13 repeat 2'
  expect((await json('leaf1', far)).messages[0]).toContain('2 packets transmitted, 0 received, 100% packet loss')
  for (const port of ['Ethernet49/1', 'Ethernet50/1', 'Ethernet53/1', 'Ethernet54/1']) {
    fabric.fault(fault({ device: 'leaf1', kind: 'link-down', port }))
  }
  expect(await text('leaf1', 'ping 10.0.250.13')).toContain('5 packets transmitted')
})

const peersOfSpine = async ({ json }: ReturnType<typeof bundled>) =>
  Object.fromEntries(
    Object.entries<Record<string, unknown>>((await json('spine1', 'show ip bgp summary')).vrfs.default.peers).map(
      ([address, { peerState, peerStateIdleReason = null }]) => [address, [peerState, peerStateIdleReason]],
    ),
  )

const type = (simulated: ReturnType<typeof bundled>, device: string, ...lines: readonly string[]): void =>
  simulated.fabric.fault(fault({ device, kind: 'hand-edit', lines }))

test('a peer that sends more routes than it may is Idle from then on, whatever it sends later, until somebody clears it', {
  tags: 'long',
}, async () => {
  const simulated = bundled()
  const { clock, json, text } = simulated
  const up = ['Established', null]
  const idle = ['Idle', 'MaxPath']
  expect((await peersOfSpine(simulated))['10.0.1.1']).toEqual(up)
  expect((await json('spine1', 'show ip bgp summary')).vrfs.default.peers['10.0.1.1'].prefixReceived).toBe(3)
  type(simulated, 'spine1', 'router bgp 65000', 'neighbor 10.0.1.1 maximum-routes 3')
  expect((await peersOfSpine(simulated))['10.0.1.1']).toEqual(up)
  type(simulated, 'leaf1', 'interface Loopback7', 'ip address 10.0.250.77/32')
  expect(await peersOfSpine(simulated)).toMatchObject({ '10.0.1.1': idle, '10.0.1.3': up })
  expect(await text('spine1', 'show ip bgp summary')).toMatch(/10\.0\.1\.1 .*Idle\(MaxPath\)/)
  expect((await json('leaf1', 'show ip bgp summary')).vrfs.default.peers['10.0.1.0'].peerState).toBe('Active')
  type(simulated, 'leaf1', 'no interface Loopback7')
  await clock.advance(3_600_000)
  expect((await peersOfSpine(simulated))['10.0.1.1']).toEqual(idle)
  expect(await text('spine1', 'show logging')).toMatch(/BGP.*10\.0\.1\.1.*Established.*Idle/)
  await json('spine1', 'clear ip bgp 10.0.1.3')
  expect((await peersOfSpine(simulated))['10.0.1.1']).toEqual(idle)
  await json('spine1', 'clear ip bgp 10.0.1.1')
  expect((await peersOfSpine(simulated))['10.0.1.1']).toEqual(up)
})

test.each([
  ['shut down and up', ['neighbor 10.0.1.1 shutdown'], ['no neighbor 10.0.1.1 shutdown']],
  [
    'taken out and put in',
    ['no neighbor 10.0.1.1'],
    ['neighbor 10.0.1.1 peer group IPv4-UNDERLAY-PEERS', 'neighbor 10.0.1.1 remote-as 65101'],
  ],
])('a peer that is kept Idle comes back when it is %s', { tags: ['long', 'turn'] }, async (_, out, back) => {
  const simulated = bundled()
  type(simulated, 'spine1', 'router bgp 65000', 'neighbor 10.0.1.1 maximum-routes 1')
  expect((await peersOfSpine(simulated))['10.0.1.1']).toEqual(['Idle', 'MaxPath'])
  type(simulated, 'spine1', 'router bgp 65000', 'neighbor 10.0.1.1 maximum-routes 100')
  expect((await peersOfSpine(simulated))['10.0.1.1']).toEqual(['Idle', 'MaxPath'])
  type(simulated, 'spine1', 'router bgp 65000', ...out)
  await peersOfSpine(simulated)
  type(simulated, 'spine1', 'router bgp 65000', ...back)
  expect((await peersOfSpine(simulated))['10.0.1.1']).toEqual(['Established', null])
})

test('with warning-only a session goes on above its limit, and 0 is no limit', { tags: ['long', 'turn'] }, async () => {
  const simulated = bundled()
  for (const limit of ['1 warning-only', '0']) {
    type(simulated, 'spine1', 'router bgp 65000', `neighbor 10.0.1.1 maximum-routes ${limit}`)
    expect((await peersOfSpine(simulated))['10.0.1.1']).toEqual(['Established', null])
  }
})

test('an errdisabled port is down at both ends until somebody shuts it down and up', {
  tags: ['long', 'turn'],
}, async () => {
  const simulated = bundled()
  const { fabric, clock, json, text } = simulated
  const link = async (name: string, port: string) =>
    (await json(name, 'show interfaces status')).interfaceStatuses[port].linkStatus
  fabric.fault(fault({ device: 'leaf1', kind: 'port-errdisabled', port: 'Ethernet49/1', after: 10 }))
  expect(await link('leaf1', 'Ethernet49/1')).toBe('connected')
  await clock.advance(10_000)
  expect(await link('leaf1', 'Ethernet49/1')).toBe('errdisabled')
  expect((await json('leaf1', 'show interfaces status errdisabled')).interfaceStatuses).toMatchObject({
    'Ethernet49/1': { causes: ['bpduguard'] },
  })
  expect(await text('leaf1', 'show interfaces status errdisabled')).toContain('bpduguard')
  await clock.advance(3_600_000)
  type(simulated, 'leaf1', 'interface Ethernet49/1', 'description TO-SPINE')
  expect(await link('leaf1', 'Ethernet49/1')).toBe('errdisabled')
  type(simulated, 'leaf1', 'interface Ethernet49/1', 'shutdown')
  expect(await link('leaf1', 'Ethernet49/1')).toBe('disabled')
  type(simulated, 'leaf1', 'interface Ethernet49/1', 'no shutdown')
  expect(await link('leaf1', 'Ethernet49/1')).toBe('connected')
})
