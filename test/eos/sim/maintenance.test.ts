import { describe, expect, test } from 'vitest'
import { parseConfig } from '../../../src/eos/config/text/parse.ts'
import { readMaintenance } from '../../../src/eos/sim/converge/read-maintenance.ts'
import { SHOW_COMMANDS } from '../../../src/eos/sim/show/registry.ts'
import { refusal } from '../../../src/eos/transport/session/session-words.ts'
import type { Command } from '../../../src/model/command.ts'
import type { Json } from '../../../src/model/json.ts'
import { type Lab, openLab, typeOn } from '../../lab/lab.ts'
import { type Fabric, readFabric, settle, stateOf } from './converge-fabric.ts'
import { contextOf } from './recorded.ts'

const QUIESCED = 'maintenance\n   unit System\n      quiesce\n'

const HEEDING = '   neighbor 10.0.1.0 route-map RM-HEED in\n'

/** The bundled fabric with more lines on some switches. */
function fabricWith(lines: Readonly<Record<string, string>>) {
  const fabric = readFabric()
  const configs = [...fabric.configs].map(([name, text]) => {
    const heeds = lines[name]?.includes('RM-HEED') === true
    const own = heeds ? text.replace(/^router bgp .*\n/m, `$&${HEEDING}`) : text
    return [name, `${own}${lines[name] ?? ''}`] as const
  })
  return { ...fabric, configs: new Map(configs) }
}

const nexthops = (fabric: Fabric, prefix: string) =>
  (stateOf(settle(fabric), 'leaf1').routes.get('default')?.get(prefix)?.vias ?? []).map(({ nexthop }) => nexthop)

/** One command of an eAPI client, as JSON. */
async function shown(lab: Lab, device: string, cmd: string) {
  const params = { version: 1, format: 'json', cmds: [cmd] }
  const { body } = await lab.fabric
    .device(device)
    .eapi(JSON.stringify({ jsonrpc: '2.0', method: 'runCmds', id: 'test', params }))
  return (JSON.parse(body) as { result: Json[] }).result[0] ?? null
}

describe('maintenance mode as it is configured', () => {
  test.each([
    ['nothing', '', {}],
    ['the block alone has the built-in unit', 'maintenance\n', { System: { quiesced: false } }],
    ['a quiesced unit', QUIESCED, { System: { quiesced: true } }],
    [
      'a unit beside it',
      'maintenance\n   unit U1\n      quiesce\n',
      { System: { quiesced: false }, U1: { quiesced: true } },
    ],
  ])('%s', (_what, text, units) => {
    expect(Object.fromEntries(readMaintenance(parseConfig(text)).units)).toEqual(units)
  })

  test('its default profiles', () => {
    const text =
      'maintenance\n   profile bgp P\n      initiator route-map RM inout\n   profile bgp P default\n   profile interface I\n      rate-monitoring threshold 500\n   profile interface I default\n'
    const { initiator, threshold } = readMaintenance(parseConfig(text))
    expect([initiator, threshold]).toEqual(['RM', 500])
    expect(readMaintenance(parseConfig(QUIESCED))).toMatchObject({ initiator: undefined, threshold: 100 })
  })

  test('a unit with a group holds its neighbors and peer groups alone, in their VRF', () => {
    const text =
      'group bgp G\n   vrf PROD\n   neighbor 10.0.0.1\n   neighbor LEAVES\nmaintenance\n   unit U1\n      group bgp G\n      quiesce\n'
    const { holds } = readMaintenance(parseConfig(text))
    expect([
      holds('PROD', '10.0.0.1', ''),
      holds('PROD', '10.9.9.9', 'LEAVES'),
      holds('default', '10.0.0.1', ''),
      holds('PROD', '10.9.9.9', ''),
    ]).toEqual([true, true, false, false])
  })
})

describe('show maintenance', () => {
  test('is disabled where nothing is configured, as ANTA has it', async () => {
    expect(await shown(openLab(), 'leaf1', 'show maintenance')).toEqual({
      units: {},
      interfaces: {},
      vrfs: {},
      warnings: ['Maintenance Mode is disabled.'],
    })
  })

  test('entering and leaving take time, and the words are those of ANTA', async () => {
    const lab = openLab()
    const unit = async () =>
      ((await shown(lab, 'spine1', 'show maintenance')) as { units: { System: Json } }).units.System
    const idle = { onBootMaintenance: false, intfsViolatingTrafficThreshold: false, aggInBpsRate: 0, aggOutBpsRate: 0 }
    await typeOn(lab.device('spine1'), 'configure', 'maintenance', 'unit System', 'quiesce', 'end')
    const at = lab.clock.now() / 1000
    const entering = { state: 'maintenanceModeEnter', adminState: 'underMaintenance', stateChangeTime: at, ...idle }
    expect(await unit()).toEqual(entering)
    await lab.clock.advance(9_000)
    expect(await unit()).toEqual(entering)
    await lab.clock.advance(1_000)
    expect(await unit()).toEqual({ ...entering, state: 'underMaintenance' })
    await typeOn(lab.device('spine1'), 'configure', 'maintenance', 'unit System', 'no quiesce', 'end')
    const leaving = { state: 'underMaintenance', adminState: 'active', stateChangeTime: at + 10, ...idle }
    expect(await unit()).toEqual(leaving)
    await lab.clock.advance(10_000)
    expect(await unit()).toEqual({ ...leaving, state: 'active' })
    lab.device('spine1').switch.config.save(lab.clock.now())
  })

  test('a port that carries too much keeps the unit on its way', { tags: ['long', 'turn'] }, () => {
    const one = { from: 'spine1', to: '10.0.250.11', rate: 500_000 }
    const states = [500, 501].map((threshold) => {
      const profile = `   profile interface I\n      rate-monitoring threshold ${threshold - 1}\n   profile interface I default\n`
      const fabric = { ...fabricWith({ spine1: `${QUIESCED}${profile}` }), demands: [one] }
      const context = contextOf(fabric, settle(fabric), 'spine1')
      const model = SHOW_COMMANDS.find(({ words }) => words === 'show maintenance')?.json?.(context, {})
      return (model as { units: { System: Json } }).units.System
    })
    expect(states).toMatchObject([
      { state: 'maintenanceModeEnter', intfsViolatingTrafficThreshold: true, aggOutBpsRate: 500_000 },
      { state: 'underMaintenance', intfsViolatingTrafficThreshold: false, aggOutBpsRate: 500_000 },
    ])
  })

  test('the BGP summary of the switch says of each neighbor that it is under maintenance', {
    tags: ['long', 'turn'],
  }, () => {
    const words = 'show ip bgp summary [vrf <vrf>]'
    const said = [{}, { spine1: QUIESCED }].map((lines) => {
      const fabric = fabricWith(lines)
      const model = SHOW_COMMANDS.find((one) => one.words === words)?.json?.(
        contextOf(fabric, settle(fabric), 'spine1'),
        {},
      )
      const { peers } = (model as { vrfs: { default: { peers: Record<string, { underMaintenance: boolean }> } } }).vrfs
        .default
      return [...new Set(Object.values(peers).map(({ underMaintenance }) => underMaintenance))]
    })
    expect(said).toEqual([[false], [true]])
  })
})

describe('what the neighbours do', () => {
  const PREFIX = '10.0.251.13/32'
  const HEEDS =
    'ip community-list CL-GSHUT permit GSHUT\nroute-map RM-HEED permit 10\n   match community CL-GSHUT\n   set local-preference 0\nroute-map RM-HEED permit 20\n'
  const PREPENDS =
    'route-map RM-OUT permit 10\n   set as-path prepend auto auto\nmaintenance\n   profile bgp P\n      initiator route-map RM-OUT inout\n   profile bgp P default\n'

  test.each([
    ['a switch in service is used', {}, ['10.0.1.0', '10.0.2.0']],
    ['who does not heed GSHUT goes on', { spine1: QUIESCED }, ['10.0.1.0', '10.0.2.0']],
    ['who heeds it takes the other spine', { spine1: QUIESCED, leaf1: HEEDS }, ['10.0.2.0']],
    ['who heeds it sees nothing of a switch in service', { leaf1: HEEDS }, ['10.0.1.0', '10.0.2.0']],
    ['a longer path is heeded by all', { spine1: `${PREPENDS}   unit System\n      quiesce\n` }, ['10.0.2.0']],
    ['not without the quiesce', { spine1: `${PREPENDS}   unit System\n` }, ['10.0.1.0', '10.0.2.0']],
  ])('%s', (_what, lines, expected) => {
    expect(nexthops(fabricWith(lines), PREFIX)).toEqual(expected)
  })
})

test.each([
  [
    'maintenance',
    'This EOS has no maintenance mode on this switch. Drain it by its routes instead: the bundled workflow drain-spine does.',
  ],
  ['quiesce', 'Correct it where the change is written: under `change:` in the workflow, or in its template.'],
])('a switch that refuses the line `%s` is answered with what to do', (cmd, hint) => {
  const command: Command = { cmd }
  expect(refusal({ device: 'leaf1', command, errors: ['Invalid input'], secrets: [], line: 1 }).hint).toBe(hint)
})
