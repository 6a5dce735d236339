import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { EapiTarget, Fleet, Look } from '../../../src/eos/device/device.ts'
import { VirtualClock } from '../../../src/lab/trial/timeline.ts'
import { DEFAULT_ARM_TERMS } from '../../../src/model/arm-terms.ts'
import { EosflowError, type ErrorKind } from '../../../src/model/error.ts'
import { examineSwitch, installationSection, OLDEST_NODE } from '../../../src/project/doctor/examine.ts'
import { type DoctorSection, failedPoints, type Point, switchSection } from '../../../src/report/doctor/examination.ts'
import { everyNth } from '../../extent.ts'
import { exits, inProcess, json, type Lab, openLab, partOf, prints, temporaryFolder, typeOn } from '../../lab/lab.ts'

/** What depends on the machine: the version of Node, the account. */
const steady = (out: string) =>
  out
    .replace(/Node \d+\.\d+\.\d+\S*/, 'Node 22.0.0')
    .replace(/ {2}! running as root.*\n.*\n/, '')
    .replace(/^Doctor: .*$/m, '')

async function sectionsOf(
  lab: Lab,
  ...argv: readonly string[]
): Promise<{ readonly code: number; readonly of: (title: string) => readonly Point[] }> {
  const { code, out } = await lab.eosflow('doctor --json', ...argv)
  const { sections, exitCode } = JSON.parse(out) as { sections: DoctorSection[]; exitCode: number }
  expect(exitCode).toBe(code)
  return { code, of: (title) => sections.find((section) => section.title === title)?.points ?? [] }
}

const OWNED = "ownerSession: true\nproven: { '4.31.4M': { owner: true } }\n"

describe('doctor', () => {
  test('finds a project and its switches well', async () => {
    const lab = openLab()
    await lab.eosflow('snapshot take before')
    const { out, err } = await prints(
      0,
      lab.eosflow('doctor -t', 'leaf1 or leaf3', '--all'),
      /^Doctor: (?:31|32) points · 31 good, [01] warnings?, 0 failed$/m,
    )
    expect(err).toBe('')
    await expect(steady(out)).toMatchFileSnapshot('../../golden/doctor.txt')
  })

  test('[3N7] prints what is not good, what mends it, and the sum; --all prints the rest, with the same exit code', async () => {
    const lab = openLab()
    lab.fault({ device: 'leaf3', kind: 'session-limit' })
    const short = await lab.eosflow('doctor -t', 'leaf1 or leaf3')
    const all = await lab.exits(10, 'doctor -t', 'leaf1 or leaf3', '--all')
    expect(short.code).toBe(10)
    const lines = short.out.slice(short.out.indexOf('Store\n')).split('\n')
    expect(lines.slice(0, 5).map((line) => line.slice(0, 24))).toEqual([
      'Store',
      '  ○ there is none yet: t',
      '',
      'leaf3',
      '  ✖ 5 of 5 config sessio',
    ])
    expect(short.out).not.toMatch(/✔|^leaf1$/m)
    expect(short.out).toMatch(
      /\nDoctor: \d+ points · \d+ good, [12] warnings?, 1 failed, 1 not looked at \(--all shows what is good\)\n/,
    )
    expect(all.out.match(/✔/g)?.length).toBeGreaterThan(20)
    for (const line of lines.filter((one) => /^ {2}/.test(one))) expect(all.out).toContain(`${line}\n`)
  })

  test('says of each switch what is not as it should be, and how to mend it', async () => {
    const lab = openLab()
    await typeOn(
      lab.device('leaf1'),
      'configure',
      'service configuration session commit merge',
      'service configuration session commit save startup-config',
    )
    for (const n of [1, 2, 3, 4]) await typeOn(lab.device('leaf2'), `configure session napalm_${n}`)
    lab.fault({ device: 'leaf3', kind: 'session-limit' })
    lab.fault({ device: 'leaf4', kind: 'foreign-timer', seconds: 300, session: 'cvp-1' })
    lab.fault({ device: 'spine1', kind: 'unreachable' })
    const { of } = await exits(10, sectionsOf(lab))
    expect(of('leaf1')).toEqual(
      expect.arrayContaining([
        {
          health: 'failed',
          says: 'every commit is saved at once: a reboot would not undo a change that was never verified',
          mend: 'On the switch: no service configuration session commit save startup-config',
        },
        {
          health: 'warning',
          says: 'it merges on commit: what somebody changes between plan and commit is kept',
          mend: 'On the switch, unless another tool needs it: no service configuration session commit merge',
        },
        {
          health: 'warning',
          says: 'running-config is not saved: a reboot would lose what differs',
          mend: 'On the switch: write memory',
        },
      ]),
    )
    expect(of('leaf2')).toContainEqual({
      health: 'warning',
      says: '4 of 5 config sessions pending: one place is left, and a change needs two',
      mend: 'eosflow sessions list -t leaf2; eosflow sessions gc removes those of ours.',
    })
    expect(of('leaf3')).toContainEqual(
      expect.objectContaining({
        health: 'failed',
        says: '5 of 5 config sessions pending: there is no place for another',
      }),
    )
    expect(of('leaf4')).toContainEqual({
      health: 'warning',
      says: 'session cvp-1 is under a commit timer, 5m left: part of a change that is not of eosflow',
      mend: 'Do not save. Wait until it is confirmed or has run out: a plan starts no sooner.',
    })
    expect(of('spine1').map(({ health }) => health)).toEqual(['failed', 'skipped'])
    expect(of('spine2').every(({ health }) => health === 'good')).toBe(true)
    await typeOn(lab.device('leaf1'), 'write memory')
    await lab.clock.advance(300_000)
  })

  test('[3C2] while its own commit timer runs nobody is told to save, on any page', async () => {
    const said: { doctor?: readonly Point[]; drift?: string } = {}
    const lab = openLab({
      before: async (one, name) => {
        if (said.doctor !== undefined || one.device(name).switch.sessions.timer === undefined) return
        said.doctor = []
        said.doctor = (await sectionsOf(one, '-t', name)).of(name)
        said.drift = (await one.eosflow('drift -t', name)).out
      },
    })
    const { out } = await exits(0, lab.change())
    const [, execution = ''] = /eosflow show (\S+)/.exec(out) ?? []
    expect(execution).toMatch(/^\d{8}-\d{6}-[0-9a-f]{8}$/)
    expect(said.doctor).toEqual(
      expect.arrayContaining([
        {
          health: 'warning',
          says: expect.stringMatching(
            new RegExp(
              `^session eosflow-${execution.slice(-8)}-\\d is under a commit timer, .* left: part of execution ${execution}$`,
            ),
          ),
          mend: 'Do not save. Wait until it is confirmed or has run out: a plan starts no sooner.',
        },
        {
          health: 'warning',
          says: `running-config is not saved, and must not be: part of execution ${execution}`,
          mend: 'Do not save.',
        },
      ]),
    )
    expect(JSON.stringify(said)).not.toMatch(/write memory|copy running|a reboot would (?:lose|change)/)
  })

  test.each(
    everyNth(3, 'settings that need places', [
      ['', 4, 'warning: 4 of 5 config sessions pending: one place is left, and a change needs two'],
      ['', 3, 'good: 3 of 5 config sessions pending'],
      ['replayCheck: off\n', 4, 'good: 4 of 5 config sessions pending'],
      [OWNED, 4, 'warning: 4 of 5 config sessions pending: one place is left, and a change needs three'],
      [OWNED, 3, 'warning: 3 of 5 config sessions pending: two places are left, and a change needs three'],
      [OWNED, 2, 'good: 2 of 5 config sessions pending'],
    ]),
  )('counts the places that a change needs by these settings: %j', async (settings, pending, says) => {
    const lab = openLab()
    lab.write('eosflow.yaml', `version: 1\n${settings}`)
    for (let n = 1; n <= pending; n++) await typeOn(lab.device('leaf1'), `configure session napalm_${n}`)
    const { of } = await sectionsOf(lab, '-t', 'leaf1')
    expect(of('leaf1').map((point) => `${point.health}: ${point.says}`)).toContain(says)
  })

  test('says of a switch that takes fewer sessions than a change needs how to have it take more', async () => {
    const lab = openLab()
    lab.write('eosflow.yaml', `version: 1\n${OWNED}`)
    await typeOn(lab.device('leaf1'), 'configure', 'service configuration session max pending 2')
    const { of } = await sectionsOf(lab, '-t', 'leaf1')
    expect(of('leaf1')).toContainEqual({
      health: 'warning',
      says: '0 of 2 config sessions pending: the switch takes 2, and a change needs three',
      mend: 'On the switch: service configuration session max pending 3',
    })
  })

  test('judges the files, the credentials and the store', async () => {
    const lab = openLab()
    const { of: before } = await sectionsOf(lab, '-t', 'leaf1')
    expect(before('Store').map(({ says }) => says)).toEqual([
      'its folder can be written',
      'there is none yet: the first plan makes it',
    ])
    await lab.eosflow('snapshot take before -t leaf1')
    lab.write('workflows/bad.yaml', 'name: bad\n')
    lab.write(
      'inventory.yaml',
      JSON.stringify({
        // biome-ignore lint/suspicious/noTemplateCurlyInString: a reference to a secret is written so
        credentials: { operator: { username: 'rw', password: '${env:NOT_SET}' } },
        devices: { leaf1: { host: '192.0.2.1', credentials: 'operator' } },
      }),
    )
    const { of } = await exits(10, sectionsOf(lab))
    expect(of('Store').map(({ says }) => says)).toEqual([
      'its folder can be written',
      'install.key is for its owner only',
      'opens, and its chain of 1 record verifies',
    ])
    expect(of('Project')[0]).toMatchObject({
      health: 'failed',
      says: expect.stringMatching(/^workflows\/bad\.yaml:1:1: /),
    })
    expect(of('Project').at(-1)).toEqual({
      health: 'failed',
      says: 'credential operator: the environment variable NOT_SET is not set',
      mend: 'Keep it in a file that only you can read, or have a program print it, and name that in place of ${env:NOT_SET}: ${file:/path}, or ${exec:PROVIDER} (docs/secrets.md).',
    })
    expect(of('leaf1')[0]?.health).toBe('failed')
  })

  test('tells a store that was altered, a key that others can read, and settings that cannot be read', async () => {
    const dir = temporaryFolder()
    const doctor = async (): Promise<readonly DoctorSection[]> => (await json(inProcess('doctor --json', dir))).sections
    await prints(
      0,
      inProcess('doctor', dir),
      '○ there is none here: eosflow init makes one, -C names one',
      '\nNext: eosflow init\n',
    )
    writeFileSync(join(dir, 'eosflow.yaml'), 'version: 1\n')
    writeFileSync(join(dir, 'inventory.yaml'), 'devices: {}\ncredentials: {}\n')
    mkdirSync(join(dir, '.eosflow'), { mode: 0o700 })
    writeFileSync(join(dir, '.eosflow/store.db'), 'no database')
    const store = async (): Promise<readonly Point[]> =>
      (await doctor()).find(({ title }) => title === 'Store')?.points ?? []
    expect((await store())[1]).toMatchObject({
      health: 'failed',
      says: 'the store is there and its install.key is not',
    })
    writeFileSync(join(dir, '.eosflow/install.key'), `${'a'.repeat(64)}\n`, { mode: 0o600 })
    expect((await store())[1]).toMatchObject({ health: 'failed', says: expect.stringContaining('store.db') })
    chmodSync(join(dir, '.eosflow/install.key'), 0o644)
    expect((await store())[1]).toMatchObject({ health: 'failed', mend: expect.stringContaining('chmod 600') })
    writeFileSync(join(dir, 'eosflow.yaml'), 'version: 7\n')
    expect((await doctor()).at(-1)).toMatchObject({ title: 'Project', points: [{ health: 'failed' }] })
    await exits(10, inProcess('doctor', dir))
  })

  test('knows the oldest Node as package.json does', async () => {
    const { engines } = JSON.parse(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8'))
    expect(engines.node).toBe(`>=${OLDEST_NODE.join('.')}`)
    const clock = new VirtualClock()
    const healthOf = async (node: string) => (await installationSection(node, clock)).points[0]?.health
    expect(await Promise.all(['20.18.3', '18.20.0', '20.19.0', '22.0.0'].map(healthOf))).toEqual([
      'failed',
      'failed',
      'good',
      'good',
    ])
  })
})

const TARGET: EapiTarget = {
  name: 'leaf1',
  host: '192.0.2.1',
  port: 443,
  transport: 'eapi',
  protocol: 'https',
  tls: { mode: 'system' },
}

describe('the way to a switch', () => {
  test.each<[ErrorKind, string | undefined, number, string]>([
    ['unreachable', undefined, 0, 'Check the address in the inventory, the route, and that the service is on.'],
    ['secret', undefined, 0, 'Check the address in the inventory, the route, and that the service is on.'],
    ['tls', undefined, 1, 'Check the certificate, or the host key, that the inventory asks for.'],
    ['unauthenticated', undefined, 2, 'Check the credentials of this switch in the inventory.'],
    [
      'protocol',
      undefined,
      3,
      'Check that this address and port are the eAPI of a switch (show management api http-commands).',
    ],
    ['refused', 'enable', 4, 'Give the enable secret with the credentials, or a user of privilege 15.'],
    [
      'refused',
      'show running-config',
      5,
      'Give the user a role that may read the configuration and its sessions, on EOS 4.23 or later.',
    ],
  ])('%s %s stops after %i good steps', (kind, command, steps, mend) => {
    const failure = new EosflowError(kind, 'no', command === undefined ? {} : { command })
    const points = failedPoints(TARGET, failure)
    expect(points.slice(0, steps).every(({ health }) => health === 'good')).toBe(true)
    expect(points[steps]).toEqual({ health: 'failed', says: 'no', mend })
  })
})

describe('a switch that answers', () => {
  const look: Look = {
    identity: { serial: 'JPE00000001', systemMac: '00:1c:73:00:00:01', eos: '4.32.2F', model: 'DCS-7050SX3-48YC8' },
    uptime: 1000,
    epoch: 1_767_601_000,
    sessions: { sessions: {}, mergeOnCommit: false, saveToStartupConfigOnCommit: false, maxOpenSessions: 5 },
    replies: [
      {
        ok: true,
        json: {
          version: '4.32.2F',
          serialNumber: 'JPE00000001',
          systemMacAddress: '00:1c:73:00:00:01',
          uptime: 1000,
          bootupTimestamp: 1_767_600_000,
        },
      },
      { ok: false, error: 'This is an unconverted command' },
    ],
  }
  const saying = (eos: string, skew: number) =>
    switchSection(
      {
        target: TARGET,
        look: { ...look, identity: { ...look.identity, eos } },
        config: { running: '', startupDiff: '' },
        skew,
      },
      DEFAULT_ARM_TERMS,
    )
      .points.filter(({ health }) => health !== 'good')
      .map(({ health, says }) => `${health}: ${says}`)

  test.each([
    ['4.31.4M', 0, []],
    ['4.32.2F', -30, []],
    ['4.22.1F', 0, ['failed: EOS 4.22.1F is too old']],
    ['4.40.0F', 0, ['warning: EOS 4.40.0F is newer than what eosflow was tested with, which is EOS 4.23 to 4.36']],
    ['vEOS', 0, ['warning: EOS vEOS is not a version that eosflow knows']],
    ['4.32.2F', 312, ["warning: its clock is 5m 12s ahead of this machine's"]],
    ['4.32.2F', -45.2, ["warning: its clock is 45s behind this machine's"]],
    ['4.32.2F', Number.NaN, ['warning: it does not tell its time']],
  ])('EOS %s, its clock %d s ahead', (eos, skew, said) => {
    expect(saying(eos, skew)).toEqual(said)
  })

  test('its time is reckoned from the boot where `show clock` has no JSON', async () => {
    const device = { name: 'leaf1', look: async () => look, readConfig: async () => ({ running: '', startupDiff: '' }) }
    const fleet = partOf<Fleet>({ device: async () => device })
    const examined = await examineSwitch(fleet, TARGET, new VirtualClock(1_767_600_900_000))
    expect(examined).toMatchObject({ skew: 100 })
  })
})
