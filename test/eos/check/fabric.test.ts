import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { stateAreas } from '../../../src/eos/check/area/index.ts'
import { commandsOfAreas, readAreas } from '../../../src/eos/check/area/read-areas.ts'
import { type CheckSpec, checkNamed } from '../../../src/eos/check/builtin/known-checks.ts'
import { commandsOf, judgeAll } from '../../../src/eos/check/run.ts'
import { eapiTransport } from '../../../src/eos/transport/eapi/eapi-transport.ts'
import { channelOver } from '../../../src/eos/transport/eapi/exchange.ts'
import { type RunningFabric, startFabric } from '../../../src/lab/trial/start-fabric.ts'
import { VirtualClock } from '../../../src/lab/trial/timeline.ts'
import { canonicalJson } from '../../../src/model/digest.ts'
import { noFence } from '../../../src/model/fence.ts'
import type { Json } from '../../../src/model/json.ts'
import { Secret } from '../../../src/model/secret.ts'
import { DC1 } from '../../lab/checkout.ts'

const SPECS: readonly CheckSpec[] = [
  'bgp-established',
  'interfaces-up',
  'lldp-as-before',
  'mlag-healthy',
  'reachable',
].map((name) => ({ name, input: checkNamed(name)?.input.parse({}) as Json }))

describe('on the bundled fabric', () => {
  let clock: VirtualClock
  let fabric: RunningFabric
  beforeEach(async () => {
    clock = new VirtualClock()
    fabric = await startFabric({ folder: DC1, clock })
  })
  afterEach(() => fabric.close())

  const connect = (name: string) => {
    const { eapi, username, password } = fabric.device(name)
    return eapiTransport({ openChannel: () => channelOver(eapi, username) }).connect(
      { name, host: '127.0.0.1', port: 1, transport: 'eapi', protocol: 'http', tls: { mode: 'system' } },
      { username, password: new Secret(password) },
      noFence,
    )
  }
  /** All state areas of a switch, in one look. */
  const stateOf = async (name: string) => {
    const device = await connect(name)
    const areas = stateAreas.map(({ name: area }) => area)
    const { replies } = await device.look(commandsOfAreas(areas))
    return { ...readAreas(areas, replies) }
  }
  const judged = async (name: string, baseline: Record<string, Json>) => {
    const device = await connect(name)
    const { replies } = await device.look(commandsOf(SPECS))
    const judgements = await judgeAll(SPECS, replies, { device: name, baseline })
    return Object.fromEntries(judgements.map(({ check, verdict }) => [check, verdict.status]))
  }
  const HEALTHY = {
    'bgp-established': 'pass',
    'interfaces-up': 'pass',
    'lldp-as-before': 'pass',
    'mlag-healthy': 'pass',
    reachable: 'pass',
  }

  test('whatever interface a switch shows is in the area, with its link', { tags: ['long', 'turn'] }, async () => {
    const seen = new Set<string>()
    for (const { name } of fabric.devices) {
      const [shown] = (await (await connect(name)).look([{ cmd: 'show interfaces', revision: 1 }])).replies
      const { interfaces } = (shown?.ok === true ? shown.json : {}) as {
        interfaces: Record<string, { interfaceStatus: string }>
      }
      const area = (await stateOf(name)).interfaces as Record<string, { link: string }>
      expect(Object.keys(area).toSorted()).toEqual(Object.keys(interfaces).toSorted())
      for (const [port, { interfaceStatus }] of Object.entries(interfaces)) {
        expect(area[port]?.link, `${name} ${port}`).toBe(interfaceStatus)
        seen.add(port.replace(/[\d/]+$/, ''))
      }
    }
    expect([...seen].sort()).toEqual(['Ethernet', 'Loopback', 'Management', 'Port-Channel', 'Vlan', 'Vxlan'])
  })

  test('every area of every switch is read in two requests, models and texts, and reads the same an hour later', async () => {
    expect(fabric.devices).toHaveLength(6)
    for (const { name, counters } of fabric.devices) {
      const first = await stateOf(name)
      expect(canonicalJson(first)).not.toContain('unreadable')
      expect(counters().requests).toBe(2)
      await clock.advance(3_600_000)
      expect(canonicalJson(await stateOf(name))).toBe(canonicalJson(first))
    }
  })

  test('every check passes on every healthy switch, and MLAG is skipped where there is none', async () => {
    for (const { name } of fabric.devices) {
      const mlag = name.startsWith('spine') ? { 'mlag-healthy': 'skip' } : {}
      expect(await judged(name, await stateOf(name))).toEqual({ ...HEALTHY, ...mlag })
    }
  })

  test('a link that goes down fails what it carried, and heals', { tags: ['long', 'turn'] }, async () => {
    const before = await stateOf('leaf1')
    await fabric.fault({ device: 'leaf1', kind: 'link-down', port: 'Ethernet49/1', for: 600 })
    await clock.advance(300_000)
    expect(await judged('leaf1', before)).toEqual({
      ...HEALTHY,
      'bgp-established': 'fail',
      'interfaces-up': 'fail',
      'lldp-as-before': 'fail',
    })
    await clock.advance(900_000)
    expect(await judged('leaf1', before)).toEqual(HEALTHY)
  })

  test('a BGP session that does not come up fails that check alone', { tags: ['long', 'turn'] }, async () => {
    const before = await stateOf('leaf3')
    await fabric.fault({ device: 'leaf3', kind: 'bgp-peer-down', peer: '10.0.250.1' })
    await clock.advance(300_000)
    expect(await judged('leaf3', before)).toEqual({ ...HEALTHY, 'bgp-established': 'fail' })
  })

  test('MLAG that is not active fails', { tags: ['long', 'turn'] }, async () => {
    const before = await stateOf('leaf2')
    await fabric.fault({ device: 'leaf2', kind: 'mlag-inactive' })
    await clock.advance(300_000)
    expect((await judged('leaf2', before))['mlag-healthy']).toBe('fail')
  })
})
