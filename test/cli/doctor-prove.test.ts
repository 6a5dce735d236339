import { describe, expect, test } from 'vitest'
import type { Device } from '../../src/device/device.ts'
import type { Transport } from '../../src/device/transport.ts'
import {
  inventoryOf,
  type Lab,
  type LabOptions,
  openLab,
  prints,
  runningConfig,
  warns,
  workflowFor,
} from '../lab/lab.ts'

interface Written {
  readonly devices: Readonly<Record<string, object>>
}

/** The bundled fabric, with these switches marked as a lab. */
function labWith(...names: readonly string[]): Lab {
  return labOf({}, ...names)
}

/** Switches that say nothing against a session that is gone: the requests never show one. */
const unheeding = (transport: Transport): Transport => ({
  connect: async (...given) => {
    const device = await transport.connect(...given)
    const get = (_: Device, key: keyof Device) => {
      if (key === 'heldBy') return () => device
      const found = device[key]
      return typeof found === 'function' ? found.bind(device) : found
    }
    return new Proxy(device, { get } as ProxyHandler<Device>)
  },
})

function labOf(options: LabOptions, ...names: readonly string[]) {
  const lab = openLab(options)
  const inventory = JSON.parse(inventoryOf(lab.fabric)) as Written
  const devices = Object.fromEntries(
    Object.entries(inventory.devices).map(([name, one]) => [name, names.includes(name) ? { ...one, lab: true } : one]),
  )
  lab.write('inventory.yaml', JSON.stringify({ ...inventory, devices }))
  return lab
}

const left = ({ fabric }: Lab, name: string) => {
  const { sessions, config, lock } = fabric.device(name).switch
  return {
    open: sessions.all().filter(({ state }) => state === 'pending' || state === 'armed').length,
    timer: sessions.timer,
    ours: config.checkpoints.all().filter(({ name: checkpoint }) => checkpoint.startsWith('eosflow-')).length,
    locked: lock.held,
  }
}
const NOTHING = { open: 0, timer: undefined, ours: 0, locked: false }

describe('doctor --prove', () => {
  test('proves owner: an empty session stays, and nothing is done under one that is gone', async () => {
    const lab = labWith('leaf1', 'leaf3')
    const before = ['leaf1', 'leaf3'].map((name) => runningConfig(lab.fabric.device(name) as never))
    await prints(
      0,
      lab.eosflow('doctor --prove owner'),
      '✔ leaf1, EOS 4.31.4M: owner: an empty config session stays, and a request',
      "proven:\n  '4.31.4M': { owner: true }\n  '4.32.2F': { owner: true }\n",
    )
    expect(['leaf1', 'leaf3'].map((name) => runningConfig(lab.fabric.device(name) as never))).toEqual(before)
    expect([left(lab, 'leaf1'), left(lab, 'leaf3')]).toEqual([NOTHING, NOTHING])
  })

  test('types the forms of the workflows, names what is refused, and leaves nothing', async () => {
    const lab = labWith('leaf1')
    const before = runningConfig(lab.fabric.device('leaf1') as never)
    const lines = ['vlan 997', 'vlan 998', '   name TESTED', 'interface Ethernet2', '   description a', '   mtu 9000']
    lab.write('workflows/vlan.yaml', workflowFor('leaf3', { lines }))
    const taken = await prints(
      0,
      lab.eosflow('doctor --prove syntax'),
      '✔ leaf1, EOS 4.31.4M: syntax: it takes the 5 forms that the workflows render',
    )
    expect(taken.out).not.toContain('proven:')

    lab.write('workflows/vlan.yaml', workflowFor('leaf3', { lines: [...lines, '   mtu huge'] }))
    await prints(
      0,
      lab.eosflow('doctor --prove syntax'),
      '✖ leaf1, EOS 4.31.4M: syntax: it refuses 1 of 6 forms that the workflows render: interface Ethernet2 > mtu huge: leaf1 refused line 2',
    )
    expect(runningConfig(lab.fabric.device('leaf1') as never)).toBe(before)
    expect(left(lab, 'leaf1')).toEqual(NOTHING)
  })

  test('a switch that takes too few config sessions is named, and nothing is said of its version: exit 10', async () => {
    const lab = labWith('leaf1')
    const lines = ['service configuration session max pending 2']
    lab.fabric.fault({ device: 'leaf1', kind: 'hand-edit', lines } as never)
    const { switch: device } = lab.fabric.device('leaf1')
    device.config.save(device.now)
    const { out } = await prints(
      10,
      lab.eosflow('doctor --prove owner'),
      'leaf1: nothing is tried on it: it takes 2 pending config sessions, and a change under an owner session needs 3 (service configuration session max pending)',
    )
    expect(out).not.toContain('proven:')
    await lab.ok('doctor --prove lock')
  })

  test('refutes owner where a switch carries a request out that shows a session which is gone', async () => {
    const lab = labOf(
      { seams: (seams) => ({ ...seams, transport: (given) => unheeding(seams.transport(given)) }) },
      'leaf1',
    )
    await prints(
      0,
      lab.eosflow('doctor --prove owner'),
      '✖ leaf1, EOS 4.31.4M: owner: a request that shows a config session which is gone is carried out all the same',
      "proven:\n  '4.31.4M': { owner: false }",
    )
    expect(left(lab, 'leaf1')).toEqual(NOTHING)
  })

  test('[P3] proves replay and lock, prints the lines for the settings and leaves the switches as they were', async () => {
    const lab = labWith('leaf1', 'leaf3')
    const before = ['leaf1', 'leaf3'].map((name) => runningConfig(lab.fabric.device(name) as never))
    const { out } = await prints(
      0,
      lab.eosflow('doctor --prove replay,lock'),
      '✔ leaf1, EOS 4.31.4M: replay: a checkpoint loads without a difference',
      '  leaf1 was read back as it was',
      "proven:\n  '4.31.4M': { replay: true, lock: true }\n  '4.32.2F': { replay: true, lock: true }\n",
    )
    expect(['leaf1', 'leaf3'].map((name) => runningConfig(lab.fabric.device(name) as never))).toEqual(before)
    expect([left(lab, 'leaf1'), left(lab, 'leaf3')]).toEqual([NOTHING, NOTHING])
    const others = lab.fabric.devices.filter(({ name }) => name !== 'leaf1' && name !== 'leaf3')
    expect(others.map((device) => device.requests().length)).toEqual([0, 0, 0, 0])
    // What is printed can be pasted as it is.
    lab.write('eosflow.yaml', `version: 1\n${out.slice(out.indexOf('proven:'))}`)
    await lab.ok('validate')
  })

  test.each([
    [
      'replay',
      { kind: 'replay-fails', command: '^service routing', leavesOut: true },
      'replay: it cannot load its own configuration: -service routing',
      '{ replay: false }',
    ],
    [
      'lock',
      {
        kind: 'refuse-command',
        command: '^configure lock',
        code: 1002,
        errors: ["Invalid input (at token 1: 'lock')"],
      },
      'lock: leaf1: the configuration cannot be locked',
      '{ lock: false }',
    ],
    [
      'lock',
      { kind: 'refuse-commit', message: 'the configuration is locked' },
      "lock: leaf1 refused 'configure session eosflow-",
      '{ lock: false }',
    ],
  ] as const)('refutes %s where %j', async (proof, fault, says, line) => {
    const lab = labWith('leaf1')
    lab.fabric.fault({ device: 'leaf1', ...fault } as never)
    await prints(
      0,
      lab.eosflow('doctor --prove', proof),
      `✖ leaf1, EOS 4.31.4M: ${says}`,
      `proven:\n  '4.31.4M': ${line}`,
    )
    expect(left(lab, 'leaf1')).toEqual(NOTHING)
  })

  test.each([
    ['a switch that is not marked', ['-t', 'leaf2'], 'not marked `lab: true`: `leaf2`'],
    ['a selection with one that is not', ['-t', 'leaf1 or leaf2'], 'not marked `lab: true`: `leaf2`'],
    ['what nobody knows', ['-t', 'leaf1'], '`everything` cannot be proven'],
  ])('refuses %s before anything is contacted: exit 3', async (_, target, says) => {
    const lab = labWith('leaf1')
    const what = says.includes('everything') ? 'everything' : 'replay'
    await warns(3, lab.eosflow('doctor --prove', what, ...target), says)
    expect(lab.requests()).toBe(0)
  })

  test('without a lab there is nothing to try', async () => {
    await warns(3, labWith().eosflow('doctor', '--prove', 'replay'), 'no switch is marked `lab: true`')
  })

  test('a lab switch that is not saved, or where somebody works, is left alone: exit 10', async () => {
    const lab = labWith('leaf1')
    lab.fabric.fault({ device: 'leaf1', kind: 'session-limit', sessions: 1 })
    const { out } = await prints(
      10,
      lab.eosflow('doctor --prove replay,lock'),
      '✖ leaf1: leaf1: nothing is tried on it: config sessions are open: ',
    )
    expect(out).not.toContain('proven:')
    expect(lab.fabric.device('leaf1').counters().commits).toEqual({ plain: 0, timed: 0, confirms: 0 })
  })
})
