import { existsSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { orProblems } from '../../src/app/input-error.ts'
import { readRecording } from '../../src/conformance/recording.ts'
import { exits, inventoryOf, type Lab, type LabOptions, openLab, prints, runningConfig, warns } from '../lab/lab.ts'

/** The bundled fabric, with these switches marked as a lab. */
function labWith(options: LabOptions, ...names: readonly string[]) {
  const lab = openLab(options)
  const inventory = JSON.parse(inventoryOf(lab.fabric)) as { readonly devices: Readonly<Record<string, object>> }
  const devices = Object.fromEntries(
    Object.entries(inventory.devices).map(([name, one]) => [name, names.includes(name) ? { ...one, lab: true } : one]),
  )
  lab.write('inventory.yaml', JSON.stringify({ ...inventory, devices }))
  return lab
}

describe('doctor --conformance', () => {
  test('prints its lines, tries, records, and leaves the switch as it was', { tags: 'long' }, async () => {
    const lab = labWith({ mayRunExec: true, judgesLogins: true }, 'leaf3')
    const before = runningConfig(lab.fabric.device('leaf3') as never)
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
    expect(runningConfig(lab.fabric.device('leaf3') as never)).toBe(before)
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

  test.each([
    [
      'where somebody works',
      (lab: Lab) => lab.fabric.fault({ device: 'leaf1', kind: 'session-limit', sessions: 1 }),
      'config sessions are open: CVP-configtask-',
    ],
    [
      'where a timer runs',
      (lab: Lab) => lab.fabric.fault({ device: 'leaf1', kind: 'foreign-timer', seconds: 60 }),
      'a commit timer runs: CVP-configtask-',
    ],
    [
      'that saves at each commit',
      (lab: Lab) => {
        const { config, now } = lab.fabric.device('leaf1').switch
        config.type(['service configuration session commit save startup-config'])
        config.save(now)
      },
      'a commit saves or merges (service configuration session commit)',
    ],
    [
      'that is not saved',
      (lab: Lab) => lab.fabric.device('leaf1').switch.config.type(['vlan 77']),
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
  ] as const)('leaves a switch alone %s: exit 10', async (_, make, says) => {
    const lab = labWith({}, 'leaf1')
    make(lab)
    const { config, sessions } = lab.fabric.device('leaf1').switch
    const before = [config.version, sessions.all().length, config.files.size]
    await prints(10, lab.eosflow('doctor --conformance'), `✖ leaf1: leaf1: nothing is tried on it: ${says}`)
    expect([config.version, sessions.all().length, config.files.size]).toEqual(before)
    lab.fabric.clearFaults()
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
    lab.fabric.fault(hand as never)
    await prints(
      7,
      lab.eosflow('doctor --conformance'),
      '  stopped behind K2\n? leaf1 is not as it was:\n    show running-config: + vlan 77\n    startup-config differs from running-config\n',
      'running-config as it was: configure replace flash:eosflow-kit-backup',
    )
    expect([...lab.fabric.device('leaf1').switch.config.files.keys()]).toEqual(['eosflow-kit-backup'])
  })

  test('a switch that goes away in the middle is called unknown: exit 7', async () => {
    const lab = labWith(
      {
        before: (of, _name, commands) => {
          if (commands.includes('configure session eosflow-kit-1'))
            of.fabric.fault({ device: 'leaf1', kind: 'unreachable' })
        },
      },
      'leaf1',
    )
    const { out } = await exits(7, lab.eosflow('doctor --conformance --json'))
    expect(JSON.parse(out)).toMatchObject({
      version: 1,
      kind: 'doctor-conformance',
      switches: [{ device: 'leaf1', run: { stopped: 'K2' } }],
      exitCode: 7,
    })
    expect(JSON.parse(out).switches[0]).not.toHaveProperty('remains')
    lab.fabric.clearFaults()
  })
})
