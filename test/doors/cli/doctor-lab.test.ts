import { existsSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { Device, Transport } from '../../../src/eos/device/device.ts'
import { readRecording } from '../../../src/features/conformance/kit/recording.ts'
import { orProblems } from '../../../src/project/system/process/input-error.ts'
import { everyNth } from '../../extent.ts'
import {
  inventoryOf,
  type Lab,
  type LabOptions,
  openLab,
  prints,
  runningConfig,
  warns,
  workflowFor,
} from '../../lab/lab.ts'

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

/** The bundled fabric, with these switches marked as a lab. */
function labWith(options: LabOptions, ...names: readonly string[]) {
  const lab = openLab(options)
  const inventory = JSON.parse(inventoryOf(lab.fabric))
  for (const name of names) inventory.devices[name].lab = true
  lab.write('inventory.yaml', JSON.stringify(inventory))
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
    const lab = labWith({}, 'leaf1', 'leaf3')
    const before = ['leaf1', 'leaf3'].map((name) => runningConfig(lab.device(name) as never))
    await prints(
      0,
      lab.eosflow('doctor --prove owner'),
      '✔ leaf1, EOS 4.31.4M: owner: an empty config session stays, and a request',
      "proven:\n  '4.31.4M': { owner: true }\n  '4.32.2F': { owner: true }\n",
    )
    expect(['leaf1', 'leaf3'].map((name) => runningConfig(lab.device(name) as never))).toEqual(before)
    expect([left(lab, 'leaf1'), left(lab, 'leaf3')]).toEqual([NOTHING, NOTHING])
  })

  test('types the forms of the workflows, names what is refused, and leaves nothing', {
    tags: ['long', 'turn'],
  }, async () => {
    const lab = labWith({}, 'leaf1')
    const before = runningConfig(lab.device('leaf1') as never)
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
    expect(runningConfig(lab.device('leaf1') as never)).toBe(before)
    expect(left(lab, 'leaf1')).toEqual(NOTHING)
  })

  test('a switch that takes too few config sessions is named, and nothing is said of its version: exit 10', async () => {
    const lab = labWith({}, 'leaf1')
    const lines = ['service configuration session max pending 2']
    lab.fault({ device: 'leaf1', kind: 'hand-edit', lines } as never)
    const { switch: device } = lab.device('leaf1')
    device.config.save(device.now)
    const { out } = await prints(
      10,
      lab.eosflow('doctor --prove owner'),
      'leaf1: nothing is tried on it: it takes 2 pending config sessions, and a change under an owner session needs 3 (service configuration session max pending)',
    )
    expect(out).not.toContain('proven:')
    await lab.ok('doctor --prove lock')
  })

  test('refutes owner where a switch carries a request out that shows a session which is gone', {
    tags: ['long', 'turn'],
  }, async () => {
    const lab = labWith(
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
    const lab = labWith({}, 'leaf1', 'leaf3')
    const before = ['leaf1', 'leaf3'].map((name) => runningConfig(lab.device(name) as never))
    const { out } = await prints(
      0,
      lab.eosflow('doctor --prove replay,lock'),
      '✔ leaf1, EOS 4.31.4M: replay: a checkpoint loads without a difference',
      '  leaf1 was read back as it was',
      "proven:\n  '4.31.4M': { replay: true, lock: true }\n  '4.32.2F': { replay: true, lock: true }\n",
    )
    expect(['leaf1', 'leaf3'].map((name) => runningConfig(lab.device(name) as never))).toEqual(before)
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
    const lab = labWith({}, 'leaf1')
    lab.fault({ device: 'leaf1', ...fault } as never)
    await prints(
      0,
      lab.eosflow('doctor --prove', proof),
      `✖ leaf1, EOS 4.31.4M: ${says}`,
      `proven:\n  '4.31.4M': ${line}`,
    )
    expect(left(lab, 'leaf1')).toEqual(NOTHING)
  })

  test.each(
    everyNth(3, 'doctor lines that are refused', [
      ['a switch that is not marked', ['-t', 'leaf2'], 'not marked `lab: true`: `leaf2`'],
      ['a selection with one that is not', ['-t', 'leaf1 or leaf2'], 'not marked `lab: true`: `leaf2`'],
      ['what nobody knows', ['-t', 'leaf1'], '`everything` cannot be proven'],
    ]),
  )('refuses %s before anything is contacted: exit 3', async (_, target, says) => {
    const lab = labWith({}, 'leaf1')
    const what = says.includes('everything') ? 'everything' : 'replay'
    await warns(3, lab.eosflow('doctor --prove', what, ...target), says)
    expect(lab.requests()).toBe(0)
  })

  test('without a lab there is nothing to try', async () => {
    await warns(3, labWith({}).eosflow('doctor --prove replay'), 'no switch is marked `lab: true`')
  })

  test('a lab switch that is not saved, or where somebody works, is left alone: exit 10', async () => {
    const lab = labWith({}, 'leaf1')
    lab.fault({ device: 'leaf1', kind: 'session-limit', sessions: 1 })
    const { out } = await prints(
      10,
      lab.eosflow('doctor --prove replay,lock'),
      '✖ leaf1: leaf1: nothing is tried on it: config sessions are open: ',
    )
    expect(out).not.toContain('proven:')
    expect(lab.commits('leaf1')).toEqual({ plain: 0, timed: 0, confirms: 0 })
  })
})

describe('doctor --conformance', () => {
  test('prints its lines, tries, records, and leaves the switch as it was', { tags: ['long', 'turn'] }, async () => {
    const lab = labWith({ mayRunExec: true, judgesLogins: true }, 'leaf3')
    const before = runningConfig(lab.device('leaf3') as never)
    const { out, err } = await prints(
      0,
      lab.eosflow('doctor --conformance -t leaf3 --record kit'),
      '✔ proven      reverts-by-itself (K5, K12): without a confirm the switch puts itself back',
      '✔ proven      wrong-password (K1): a wrong password is HTTP 401',
      '· not reached lock-ends (K11): the probe was not tried',
      '  leaf3 was read back as it was\n',
    )
    expect(err).toContain('K4: a timed commit that is confirmed\n  configure session eosflow-kit-own\n')
    expect(err.indexOf('K4: a timed commit')).toBeLessThan(err.indexOf('leaf3: K1,'))
    expect(out).not.toContain('✖')
    expect(runningConfig(lab.device('leaf3') as never)).toBe(before)
    const refused = lab.fabric
      .device('leaf3')
      .requests()
      .filter(({ answer }) => answer === 401)
    expect(refused.length).toBe(1)
    const file = join(lab.dir, 'kit', 'leaf3.jsonl')
    expect(statSync(file).mode & 0o777).toBe(0o600)
    const text = readFileSync(file, 'utf8')
    const { head, steps, end } = orProblems(readRecording(text, file))
    expect(head).toMatchObject({ version: 1, device: 'leaf3', eos: '4.32.2F', over: 'eapi' })
    expect(end).toEqual({ kind: 'end', remains: [] })
    const [step] = steps.filter(({ step: name, probe }) => probe === 'K4' && name === 'armed')
    expect(step).toMatchObject({ status: 200, milliseconds: 0, uptime: expect.any(Number), epoch: expect.any(Number) })
    expect(step?.request).toContain('"show configuration sessions detail"')
    // The invented hash of the bundled switch is in its running-config, and nowhere in the recording.
    expect(before).toContain('$6$')
    expect(text).not.toContain('$6$')
    await prints(0, lab.eosflow('audit list'), 'ProbeBegun')
    const { out: whole } = await prints(
      0,
      lab.eosflow('audit list --json'),
      'username eosflow-kit-a privilege 1 secret sha512 <redacted>',
    )
    expect(whole).not.toContain('$6$eosflowkit$')
    await warns(3, lab.eosflow('doctor --conformance -t leaf3 --record kit'), 'there is a recording already')
  })

  test.each([
    ['a switch that is not marked', ['--conformance', '-t', 'leaf2'], 'not marked `lab: true`: `leaf2`'],
    ['flags of its own without it', ['--disruptive'], '`--disruptive` is of `--conformance`'],
    ['a recording without it', ['--record', 'kit'], '`--record` is of `--conformance`'],
  ])('refuses %s before anything is contacted: exit 3', async (_, argv, says) => {
    const lab = labWith({}, 'leaf1')
    const { code, err } = await lab.eosflow('doctor', ...argv)
    expect([code, lab.requests(), existsSync(join(lab.dir, 'kit'))]).toEqual([3, 0, false])
    expect(err).toContain(says)
  })

  test.each(
    everyNth(2, 'switches that are left alone', [
      [
        'where somebody works',
        (lab: Lab) => lab.fault({ device: 'leaf1', kind: 'session-limit', sessions: 1 }),
        'config sessions are open: CVP-configtask-',
      ],
      [
        'where a timer runs',
        (lab: Lab) => lab.fault({ device: 'leaf1', kind: 'foreign-timer', seconds: 60 }),
        'a commit timer runs: CVP-configtask-',
      ],
      [
        'that saves at each commit',
        (lab: Lab) => {
          const { config, now } = lab.device('leaf1').switch
          config.type(['service configuration session commit save startup-config'])
          config.save(now)
        },
        'a commit saves or merges (service configuration session commit)',
      ],
      [
        'that is not saved',
        (lab: Lab) => lab.device('leaf1').switch.config.type(['vlan 77']),
        'running-config is not saved',
      ],
      [
        'with what a killed run has left',
        ({ fabric }: Lab) => {
          const { config, sessions, now } = fabric.device('leaf1').switch
          config.type(['interface Loopback987', 'description eosflow-kit'])
          config.checkpoint('eosflow-kit-8', 'admin', now)
          config.files.set('eosflow-kit-backup', config.running)
          sessions.open('eosflow-kit-1', { user: 'admin', from: 'memory' })
        },
        'an earlier run has left: the config session eosflow-kit-1 (configure session eosflow-kit-1 abort); the checkpoint eosflow-kit-8 (delete checkpoint:eosflow-kit-8); interface Loopback987 (configure, no interface Loopback987); flash:eosflow-kit-backup (delete flash:eosflow-kit-backup)',
      ],
    ] as const),
  )('leaves a switch alone %s: exit 10', async (_, make, says) => {
    const lab = labWith({}, 'leaf1')
    make(lab)
    const { config, sessions } = lab.device('leaf1').switch
    const before = [config.version, sessions.all().length, config.files.size]
    await prints(10, lab.eosflow('doctor --conformance'), `✖ leaf1: leaf1: nothing is tried on it: ${says}`)
    expect([config.version, sessions.all().length, config.files.size]).toEqual(before)
    lab.clearFaults()
    for (const { name } of sessions.all()) sessions.forget(name, { user: 'admin', from: 'memory' })
  })

  test('stops at the first probe that does not read back as before, and says what remains: exit 7', async () => {
    const hand = {
      device: 'leaf1',
      kind: 'hand-edit',
      lines: ['vlan 77'],
      command: '^configure session eosflow-kit-7$',
    }
    const lab = labWith({}, 'leaf1')
    lab.fault(hand as never)
    await prints(
      7,
      lab.eosflow('doctor --conformance'),
      '  stopped behind K2\n? leaf1 is not as it was:\n    show running-config: + vlan 77\n    startup-config differs from running-config\n',
      'running-config as it was: configure replace flash:eosflow-kit-backup',
    )
    expect([...lab.device('leaf1').switch.config.files.keys()]).toEqual(['eosflow-kit-backup'])
  })

  test('a switch that goes away in the middle is called unknown: exit 7', async () => {
    const lab = labWith(
      {
        before: (of, _name, commands) => {
          if (commands.includes('configure session eosflow-kit-1')) of.fault({ device: 'leaf1', kind: 'unreachable' })
        },
      },
      'leaf1',
    )
    const { out } = await lab.exits(7, 'doctor --conformance --json')
    expect(JSON.parse(out)).toMatchObject({
      version: 1,
      kind: 'doctor-conformance',
      switches: [{ device: 'leaf1', run: { stopped: 'K2' } }],
      exitCode: 7,
    })
    expect(JSON.parse(out).switches[0]).not.toHaveProperty('remains')
    lab.clearFaults()
  })
})
