import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { ROLLED_OUT } from '../../e2e/rolled-out.ts'
import { exits, prints, warns } from '../../lab/exits.ts'
import { type TestProject, testProject } from '../../lab/trial/test-project.ts'

/** The command that rehearses the VLAN of the project of these tests. */
const VLAN = ['rehearse', 'workflows/vlan.yaml', '-p', 'vlan=20']

const cell = z.strictObject({
  kind: z.string(),
  point: z.enum(['stage', 'arm', 'verify', 'confirm', 'save']).optional(),
  device: z.string().optional(),
  record: z.int().optional(),
  behind: z.string().optional(),
  resumed: z.enum(['at once', 'after the commit timer']).optional(),
  end: z.enum(['BEFORE', 'AFTER', 'PART', 'UNKNOWN', 'IN BETWEEN']),
  ok: z.boolean(),
  outcome: z.string().nullable(),
  exit: z.int(),
  seconds: z.int(),
  faults: z.array(z.string()),
  switches: z.array(
    z.strictObject({
      name: z.string(),
      end: z.enum(['BEFORE', 'AFTER', 'IN BETWEEN']),
      said: z.enum(['untouched', 'unchanged', 'changed', 'reverted', 'unknown']).nullable(),
      difference: z
        .strictObject({
          config: z.enum(['running-config', 'startup-config']),
          from: z.enum(['BEFORE', 'AFTER']),
          lines: z.array(z.string()),
        })
        .optional(),
    }),
  ),
})

/** What `--json` prints, version 1. */
const rehearsal = z.strictObject({
  version: z.literal(1),
  kind: z.literal('rehearsal'),
  workflow: z.string(),
  fabric: z.string(),
  devices: z.array(z.string()),
  seed: z.int(),
  approvals: z.literal('rehearsal'),
  undisturbed: z.strictObject({ records: z.int(), seconds: z.int() }),
  counts: z.strictObject({
    cells: z.int(),
    failed: z.int(),
    before: z.int(),
    after: z.int(),
    part: z.int(),
    unknown: z.int(),
    inBetween: z.int(),
  }),
  cells: z.array(cell),
  exitCode: z.int(),
})

/** Runs a rehearsal, and reads what it prints as JSON: its exit code is the one that it names, and it complains of nothing. */
async function rehearsed(project: TestProject, ...argv: readonly string[]) {
  const { code, stdout, stderr } = await project.eosflow(...argv, '--json')
  const read = rehearsal.parse(JSON.parse(stdout))
  expect({ code, stderr }).toEqual({ code: read.exitCode, stderr: '' })
  return read
}

/** A change of sw1 that first configures sw2 over its eAPI, beside any session: `undo` says how that is taken back. */
const shiftFirst = (undo: string) => `name: shift-first
targets: sw1
change: { lines: [vlan 20] }
startAt: TakeSnapshot
states:
  TakeSnapshot: { Type: Task, Resource: eosflow:snapshot, Next: PlanChange }
  PlanChange: { Type: Task, Resource: eosflow:plan, Next: ApproveChange }
  ApproveChange: { Type: Task, Resource: eosflow:approve, Next: ShiftTraffic }
  ShiftTraffic:
    Type: Task
    Resource: eosflow:http
    Arguments: ${eapi('shutdown')}
    Undo: ${undo}
    Next: RollOut
${ROLLED_OUT}`

function eapi(line: string) {
  const cmds = ['enable', 'configure', 'interface Ethernet2', line, 'end', 'copy running-config startup-config']
  const body = { jsonrpc: '2.0', method: 'runCmds', id: 1, params: { version: 1, format: 'json', cmds } }
  return JSON.stringify({ method: 'POST', url: 'https://10.9.9.2/command-api', body })
}

const SETTINGS = `version: 1
http: { key: '\${env:HTTP_KEY}', hosts: ['https://10.9.9.2'] }
`

describe('a rehearsal', () => {
  test('is read by a person: what it is, the table, one line that counts, and what is next', {
    tags: ['long', 'turn'],
    timeout: 90_000,
  }, async () => {
    const { stdout } = await exits(0, testProject().eosflow(...VLAN, '--only', 'reboot', '--only', 'stop'))
    expect(stdout.replace(/\d+\.\d s$/m, '0.1 s')).toBe(`Rehearsal of vlan on simulated switches (lab): sw1, sw2
No switch is contacted. Plans are approved by a rehearsal approver, which counts for nothing outside.

what goes wrong      stage   arm     verify  confirm  save
reboot, 40 s         BEFORE  BEFORE  BEFORE  BEFORE   BEFORE
stopped by a person  BEFORE  BEFORE  BEFORE  BEFORE   BEFORE

Rehearsal: 15 trials: 15 BEFORE, 0 AFTER, 0 UNKNOWN, 0 IN BETWEEN · 2 switches · longest 1m 25s (virtual) · 0.1 s
Next: eosflow plan workflows/vlan.yaml
`)
  })

  test('takes a saved plan for its workflow, parameters and switches', {
    tags: ['long', 'turn'],
    timeout: 90_000,
  }, async () => {
    const project = testProject()
    await exits(0, project.eosflow('plan workflows/vlan.yaml -p vlan=20 -t sw2 --offline fabrics/lab -o v.plan'))
    const read = await rehearsed(project, 'rehearse', 'v.plan', '--only', 'reboot')
    expect(read).toMatchObject({ exitCode: 0, devices: ['sw2'], counts: { cells: 5, before: 5 } })
    project.write('workflows/vlan.yaml', project.read('workflows/vlan.yaml').replace('name LAB', 'name OTHER'))
    await warns(5, project.eosflow('rehearse v.plan'), 'has changed since the plan was made')
  })
})

describe('what ends badly', () => {
  test('a workflow that changes a switch beside its session and undoes nothing is shown IN BETWEEN', {
    tags: ['long', 'turn'],
    timeout: 90_000,
  }, async () => {
    const project = testProject()
    project.write('eosflow.yaml', SETTINGS)
    project.write('workflows/shift.yaml', shiftFirst('none'))
    await exits(0, project.eosflow('validate workflows/shift.yaml'))
    const argv = ['rehearse', 'workflows/shift.yaml', '--only', 'stop', '--only', 'slow']
    const { stdout } = await prints(
      6,
      project.eosflow(...argv),
      `✖ IN BETWEEN  stopped by a person at save of sw1  eosflow: cancelled, exit 11, after 20s
    the change is on sw2 and not on sw1
    sw2: running-config differs from BEFORE:
        interface Ethernet2
      +    shutdown
`,
      /^stopped by a person {3,}IN BETWEEN ✖ {2}IN BETWEEN ✖/m,
      /^Rehearsal: 10 trials: 0 BEFORE, 5 AFTER, 0 UNKNOWN, 5 IN BETWEEN · /m,
    )
    expect(stdout.trimEnd().split('\n').at(-1)).toBe('Next: eosflow rehearse workflows/shift.yaml --only stop')
  })

  test('a service that the settings do not allow is not asked in a rehearsal either', {
    tags: ['long', 'turn'],
  }, async () => {
    const project = testProject()
    project.write('workflows/shift.yaml', shiftFirst('none'))
    await warns(10, project.eosflow('rehearse workflows/shift.yaml'), 'the settings do not allow https://10.9.9.2')
  })

  test('a switch whose commit timer reverts nothing is shown IN BETWEEN, without its secrets', {
    tags: ['long', 'turn'],
    timeout: 90_000,
  }, async () => {
    const project = testProject()
    const secret = 'Can4ryC0mmunity'
    const text = project.read('workflows/vlan.yaml')
    const lines = `lines: ['vlan {{ vlan }}', '   name LAB', 'snmp-server community ${secret} ro']`
    project.write('workflows/vlan.yaml', text.replace(/lines: \[.*\]/, lines))
    const argv = [...VLAN, '--only', 'timer-does-not-revert']
    const read = await rehearsed(project, ...argv)
    expect(read.exitCode).toBe(6)
    expect(read.cells.map(({ device, end, exit }) => [device, end, exit])).toEqual([
      ['sw1', 'IN BETWEEN', 7],
      ['sw2', 'IN BETWEEN', 7],
    ])
    const [sw1] = read.cells[0]?.switches ?? []
    expect(sw1).toMatchObject({ name: 'sw1', end: 'IN BETWEEN', said: 'unknown' })
    expect(sw1?.difference).toMatchObject({ config: 'startup-config', from: 'AFTER' })
    expect(sw1?.difference?.lines).toContain('- vlan 20')
    expect(sw1?.difference?.lines).toContain('- snmp-server community <redacted> ro')
    const printed = await project.eosflow(...argv)
    expect(JSON.stringify(read) + printed.stdout).not.toContain(secret)
  })

  test('a switch that is never reached again is UNKNOWN, which is true, and a person is called', {
    tags: ['long', 'turn'],
    timeout: 90_000,
  }, async () => {
    const read = await rehearsed(testProject(), ...VLAN, '--only', 'never-back')
    expect(read.exitCode).toBe(0)
    expect(
      read.cells.map(({ end, exit, switches }) => [end, exit, switches.map((one) => [one.end, one.said])]),
    ).toEqual([
      [
        'UNKNOWN',
        7,
        [
          ['BEFORE', 'unknown'],
          ['BEFORE', 'untouched'],
        ],
      ],
      [
        'UNKNOWN',
        7,
        [
          ['BEFORE', 'reverted'],
          ['BEFORE', 'unknown'],
        ],
      ],
    ])
  })
})

describe('what cannot be rehearsed', () => {
  const exitOf = async (project: TestProject, ...argv: readonly string[]) => {
    const { code, stderr } = await project.eosflow(...argv)
    return `${code} ${stderr}`
  }

  test('a kind of fault that is none, and a seed that is no number', { tags: 'long' }, async () => {
    const said = await exitOf(testProject(), ...VLAN, '--only', 'earthquake', '--seed', 'x')
    expect(said).toMatch(/^3 [\s\S]*`earthquake` is no kind of fault\n {4}One of request-lost, [\s\S]*the seed is not/)
  })

  test('a project with no fabric, or with two', { tags: 'long' }, async () => {
    const project = testProject()
    project.write('fabrics/other/fabric.yaml', project.read('fabrics/lab/fabric.yaml'))
    expect(await exitOf(project, ...VLAN)).toMatch(/^3 [\s\S]*the project has 2 fabrics under fabrics\//)
    project.remove('fabrics/lab/fabric.yaml')
    project.remove('fabrics/other/fabric.yaml')
    expect(await exitOf(project, ...VLAN)).toMatch(/^3 [\s\S]*the project has no fabric under fabrics\//)
  })

  test('a switch without a twin', { tags: 'long' }, async () => {
    const project = testProject()
    project.write('workflows/vlan.yaml', project.read('workflows/vlan.yaml').replace('sw1 or sw2', 'sw1 or sw3'))
    expect(await exitOf(project, ...VLAN)).toMatch(/^3 ✖ fabrics\/lab: the fabric has no twin of sw3/)
  })

  test('a change that does not succeed undisturbed, or changes nothing', { tags: ['long', 'turn'] }, async () => {
    const project = testProject()
    const fails = project.read('workflows/vlan.yaml').replace("vlans: '{{ vlan }}'", 'vlans: 21')
    project.write('workflows/fails.yaml', fails)
    const said = await exitOf(project, 'rehearse', 'workflows/fails.yaml', '-p', 'vlan=20')
    expect(said).toMatch(/^6 [\s\S]*fails on the simulated switches even without a fault: sw1: not good within 30 s/)
    const nothing = project.read('workflows/vlan.yaml').replace(/lines: \[.*\]/, 'lines: [ip routing]')
    project.write('workflows/nothing.yaml', nothing)
    expect(await exitOf(project, 'rehearse', 'workflows/nothing.yaml', '-p', 'vlan=20')).toMatch(
      /^10 [\s\S]*it ends nothing-to-do/,
    )
  })

  test('[G148] a change that waits for an answer from outside', { tags: 'long' }, async () => {
    const project = testProject()
    const shift = shiftFirst('none')
    const from = shift.indexOf('    Resource: eosflow:http')
    const waits = `${shift.slice(0, from)}    Resource: eosflow:signal\n    Arguments: { message: go }\n    TimeoutSeconds: 60\n    Next: RollOut\n${ROLLED_OUT}`
    project.write('workflows/waits.yaml', waits)
    const said = await exitOf(project, 'rehearse', 'workflows/waits.yaml')
    expect(said).toMatch(/^10 [\s\S]*it waits for an answer from outside, which a rehearsal does not give/)
  })

  test('[3T18] a line that a simulated switch cannot read, with the file that teaches it', {
    tags: 'long',
  }, async () => {
    const project = testProject()
    const unread = project
      .read('workflows/vlan.yaml')
      .replace(/lines: \[.*\]/, 'lines: [interface Ethernet1, mtu huge]')
    project.write('workflows/unread.yaml', unread)
    const said = await exitOf(project, 'rehearse', 'workflows/unread.yaml', '-p', 'vlan=20')
    expect(said).toMatch(/Invalid input \(at token 1: 'huge'\)[\s\S]*write its form into syntax\/known\.txt/)
    project.write('syntax/known.txt', 'interface <interface>\n   mtu <word>\n')
    expect(await exitOf(project, 'rehearse', 'workflows/unread.yaml', '-p', 'vlan=20')).not.toContain('Invalid input')
  })
})
