import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { stateAreas } from '../../src/check/area/index.ts'
import { knownChecks } from '../../src/check/known-checks.ts'
import { rowsByModule } from '../check/rows/index.ts'
import { DC1 } from '../lab/checkout.ts'
import { exits } from '../lab/exits.ts'
import { sshInventoryOf } from '../lab/inventory.ts'
import { startBench } from './harness.ts'
import { type Lab, startLab } from './in-memory.ts'
import { whereIs, workflowFor } from './vlan-change.ts'

const verifying = (...checks: readonly object[]): string =>
  `{ within: 20s, stableFor: 0s, every: 2s, checks: ${JSON.stringify(checks)} }`

const named = (device: Parameters<typeof whereIs>[0] & { readonly name: string }): readonly string[] =>
  whereIs(device) === 'AFTER' ? [device.name] : []

const changed = (lab: {
  readonly fabric: { readonly devices: readonly Parameters<typeof named>[0][] }
}): readonly string[] => lab.fabric.devices.flatMap(named)

/** What a person writes by mistake, and what a switch says to it over eAPI. */
const MISTAKES = [
  ['misspelt', { command: 'show vlann', that: 'true' }, "`show vlann`: Invalid input (at token 1: 'vlann')"],
  ['misspelt in a later word', { command: 'show ip bgp sumary', that: 'true' }, '`show ip bgp sumary`: Invalid input'],
  [
    'abbreviated',
    { command: 'show run int Et9', format: 'text', that: 'true' },
    "`show run int Et9`: Incomplete token (at token 1: 'run')",
  ],
  [
    'without a model',
    { command: 'show errdisable recovery', that: 'true' },
    '`show errdisable recovery`: This is an unconverted command',
  ],
] as const

describe('a command that a switch refuses is refused before the push', () => {
  test.each(MISTAKES)('%s, by plan and by run', async (_what, assert, says) => {
    const lab = startLab({ workflow: workflowFor('leaf1 or leaf3', { verify: verifying({ assert }) }) })
    const planned = await exits(10, lab.eosflow('plan', 'workflow.yaml'))
    expect(planned.err).toContain(`✖ Plan: workflow.yaml:11:64: leaf1 and leaf3 refuse ${says}\n`)
    await exits(10, lab.change())
    expect(changed(lab)).toEqual([])
    expect(
      lab.fabric.devices.flatMap((one) => one.requests()).filter(({ commands }) => /commit/.test(`${commands}`)),
    ).toEqual([])
  })

  test('over SSH too, also where it names what the change makes', { tags: 'long' }, async () => {
    const verify = verifying({ assert: { command: 'show vlan 998 sumary', format: 'text', that: 'true' } })
    const bench = await startBench({ folder: DC1 }, { files: { 'workflow.yaml': workflowFor('leaf1', { verify }) } })
    bench.write('inventory.yaml', sshInventoryOf(bench.fabric))
    const { err } = await exits(10, bench.eosflowWith({ answers: ['yes'] }, 'run', 'workflow.yaml'))
    expect(err).toContain('✖ Plan: workflow.yaml:11:64: leaf1 refuses `show vlan 998 sumary`: Invalid input\n')
    expect(changed(bench)).toEqual([])
  })

  test('all that are refused are told at once, each at its place, with those that refuse it', async () => {
    const lab = startLab({
      workflow: workflowFor('leaf1 or leaf3', {
        verify: verifying(
          { assert: MISTAKES[0][1] },
          { 'vlans-present': { vlans: [998] } },
          { assert: MISTAKES[3][1] },
        ),
      }),
    })
    lab.fabric.fault({
      device: 'leaf3',
      kind: 'refuse-command',
      command: '^show vlan$',
      code: 1005,
      errors: ['no right'],
    })
    const { err } = await exits(10, lab.change())
    expect(err).toMatch(
      /workflow\.yaml:11:64: leaf1 and leaf3 refuse `show vlann`: [^\n]*\n *workflow\.yaml:11:\d+: leaf3 refuses `show vlan`: no right\n *workflow\.yaml:11:\d+: leaf1 and leaf3 refuse `show errdisable recovery`/,
    )
    expect(changed(lab)).toEqual([])
  })

  test('what a switch refuses that does not change decides nothing', async () => {
    const lab = startLab({ workflow: workflowFor('leaf1 or leaf3') })
    expect((await lab.change()).code).toBe(0)
    lab.write('workflow.yaml', workflowFor('leaf1 or leaf2 or leaf3'))
    lab.fabric.fault({
      device: 'leaf3',
      kind: 'refuse-command',
      command: '^show vlan$',
      code: 1005,
      errors: ['no right'],
    })
    const { out } = await exits(0, lab.eosflow('plan', 'workflow.yaml'))
    expect(out).toContain('1 switch to change, 2 unchanged')
  })

  test('a saved plan asks again, before the first of its switches is pushed', async () => {
    const lab = startLab({ workflow: workflowFor('leaf1 or leaf3') })
    await exits(0, lab.eosflow('plan', 'workflow.yaml', '-o', 'a.plan'))
    lab.fabric.fault({
      device: 'leaf3',
      kind: 'refuse-command',
      command: '^show vlan$',
      code: 1005,
      errors: ['no right'],
    })
    const { err } = await exits(10, lab.agreed('run', 'a.plan'))
    expect(err).toContain('CheckBase: workflow.yaml:11:76: leaf3 refuses `show vlan`: no right')
    expect(changed(lab)).toEqual([])
    expect(
      lab.fabric
        .device('leaf1')
        .requests()
        .filter(({ commands }) => /commit timer/.test(`${commands}`)),
    ).toEqual([])
  })

  test('a saved plan of one switch asks it again with the look of its push', async () => {
    const lab = startLab({ workflow: workflowFor('leaf3') })
    await exits(0, lab.eosflow('plan', 'workflow.yaml', '-o', 'a.plan'))
    lab.fabric.fault({
      device: 'leaf3',
      kind: 'refuse-command',
      command: '^show vlan$',
      code: 1005,
      errors: ['no right'],
    })
    const { err } = await exits(10, lab.agreed('run', 'a.plan'))
    expect(err).toContain('Push: workflow.yaml:11:76: leaf3 refuses `show vlan`: no right')
    expect(changed(lab)).toEqual([])
    lab.fabric.clearFaults()
    expect((await lab.change()).code).toBe(0)
  })

  test('an execution that is taken up by another process asks again', async () => {
    const lab = startLab({ workflow: workflowFor('leaf1 or leaf3') })
    const waiting = await exits(12, lab.eosflow('run', 'workflow.yaml', '--detach'))
    const id = /Execution (\S+):/.exec(waiting.out)?.[1] ?? ''
    await exits(0, lab.eosflow('approve', id))
    lab.fabric.fault({
      device: 'leaf3',
      kind: 'refuse-command',
      command: '^show vlan$',
      code: 1005,
      errors: ['no right'],
    })
    const { err } = await exits(10, lab.eosflow('resume', id))
    expect(err).toContain('leaf3 refuses `show vlan`: no right')
    expect(changed(lab)).toEqual([])
  })

  test('a switch that does not answer has refused nothing', async () => {
    const lab = startLab({ workflow: workflowFor('leaf1') })
    lab.fabric.fault({ device: 'leaf1', kind: 'unreachable' })
    const { err } = await exits(10, lab.eosflow('plan', 'workflow.yaml'))
    expect(err).toContain('Snapshot: leaf1: the connection was refused')
  })
})

describe('what asking costs', () => {
  const requestsOf = async (...checks: readonly object[]): Promise<readonly [plan: number, run: number]> => {
    const lab = startLab({
      workflow: workflowFor('leaf1', { verify: verifying({ 'vlans-present': { vlans: [998] } }, ...checks) }),
    })
    const sent = (): number => lab.fabric.device('leaf1').requests().length
    await exits(0, lab.eosflow('plan', 'workflow.yaml', '-o', 'a.plan'))
    const planned = sent()
    await exits(0, lab.agreed('run', 'a.plan'))
    return [planned, sent() - planned]
  }

  test('is no request for models, one of the plan and one of the push for texts, and one for what tries something', async () => {
    const [plan, run] = await requestsOf()
    const model = { assert: { command: 'show hostname', that: 'true' } }
    const printed = { assert: { command: 'show hostname', format: 'text', that: 'true' } }
    const rounds = 1
    expect(await requestsOf(model)).toEqual([plan, run])
    expect(await requestsOf(printed)).toEqual([plan + 1, run + 1 + rounds])
    expect(
      await requestsOf({
        VerifyReachability: { hosts: [{ destination: '10.0.250.12', source: '10.0.250.11', vrf: 'default' }] },
      }),
    ).toEqual([plan + 1, run])
  })
})

const VRF = ['vrf instance GUESTS', 'interface Loopback777', '   vrf GUESTS', '   ip address 10.77.0.1/32']

describe('what the change makes cannot be asked before it', () => {
  test.each([
    ['a VRF', { command: 'show ip route vrf GUESTS', that: 'true' }, 'GUESTS'],
    ['an interface', { command: 'show interfaces Loopback777', that: 'true' }, 'Loopback777'],
    ['an interface as people write it', { command: 'show interfaces lo777', that: 'true' }, 'lo777'],
  ])('%s is named in the plan, and the change is made', async (_what, assert, made) => {
    const lab = startLab({ workflow: workflowFor('leaf1', { lines: VRF, verify: verifying({ assert }) }) })
    const { out } = await exits(0, lab.eosflow('plan', 'workflow.yaml', '-o', 'a.plan'))
    expect(out.replaceAll(/\n +/g, ' ')).toContain(
      `! leaf1: \`${assert.command}\` of the verification cannot be asked before the change, which makes \`${made}\`: whether the switch takes it shows under the commit timer`,
    )
    const { content } = JSON.parse(readFileSync(join(lab.dir, 'a.plan'), 'utf8'))
    expect(content.warnings.map(({ code }: { code: string }) => code)).toContain('asked-after')
    expect((await lab.agreed('run', 'a.plan')).code).toBe(0)
  })

  test('one that is misspelt beside it is refused', async () => {
    const assert = { command: 'show ip routes vrf GUESTS', that: 'true' }
    const lab = startLab({ workflow: workflowFor('leaf1', { lines: VRF, verify: verifying({ assert }) }) })
    await exits(10, lab.eosflow('plan', 'workflow.yaml'))
  })

  test('a VRF that nobody makes is refused', async () => {
    const assert = { command: 'show ip route vrf GUETS', that: 'true' }
    const lab = startLab({ workflow: workflowFor('leaf1', { lines: VRF, verify: verifying({ assert }) }) })
    const { err } = await exits(10, lab.eosflow('plan', 'workflow.yaml'))
    expect(err).toContain('leaf1 refuses `show ip route vrf GUETS`: VRF GUETS does not exist')
  })
})

const probing = (vrf: string): string =>
  `probe: [{ from: leaf1, to: 10.0.250.13, vrf: ${vrf} }, { from: leaf2, to: 10.0.250.13 }]`

describe('a ping that a switch refuses is refused before the push', () => {
  test('in a VRF that is not there', async () => {
    const lab = startLab({ workflow: workflowFor('leaf1', { extra: probing('GUETS') }) })
    const { err } = await exits(10, lab.eosflow('plan', 'workflow.yaml'))
    expect(err).toMatch(
      /✖ Plan: workflow\.yaml:5:\d+: leaf1 refuses `ping vrf GUETS [^`]*`: VRF GUETS does not exist\n/,
    )
    await exits(10, lab.change())
    expect(changed(lab)).toEqual([])
  })

  test('in a VRF that the change makes it is named in the plan, and the change is made', async () => {
    const lab = startLab({
      workflow: workflowFor('leaf1', {
        lines: VRF,
        verify: '{ within: 20s, stableFor: 0s, every: 2s, checks: [reachable] }',
        extra: probing('GUESTS'),
      }),
    })
    const { out } = await exits(0, lab.eosflow('plan', 'workflow.yaml', '-o', 'a.plan'))
    expect(out.replaceAll(/\n +/g, ' ')).toContain('cannot be asked before the change, which makes `GUESTS`')
    expect((await lab.agreed('run', 'a.plan')).code).toBe(0)
  })

  test('a switch that does not answer, and an address that does not, refuse nothing', async () => {
    const lab = startLab({
      workflow: workflowFor('leaf1', {
        extra: 'probe: [{ from: leaf1, to: 10.99.99.99 }, { from: leaf2, to: 10.0.250.13 }]',
      }),
    })
    lab.fabric.fault({ device: 'leaf2', kind: 'unreachable' })
    const { err } = await exits(0, lab.eosflow('plan', 'workflow.yaml', '-o', 'a.plan'))
    expect(err).not.toContain('leaf2')
    expect((await lab.agreed('run', 'a.plan')).code).toBe(0)
  })

  test('before a saved plan is sent, too', async () => {
    const lab = startLab({ workflow: workflowFor('leaf1', { extra: probing('PROD') }) })
    await exits(0, lab.eosflow('plan', 'workflow.yaml', '-o', 'a.plan'))
    lab.fabric.fault({ device: 'leaf2', kind: 'refuse-command', command: '^ping ', code: 1005, errors: ['no right'] })
    const { err } = await exits(10, lab.agreed('run', 'a.plan'))
    expect(err).toMatch(/CheckBase: workflow\.yaml:5:\d+: leaf2 refuses `ping [^`]*`: no right/)
    expect(changed(lab)).toEqual([])
  })
})

/** Each check that asks something, with inputs that it takes. */
const ASKING = knownChecks.flatMap((check) => {
  const rows = Object.values(rowsByModule)
    .flat()
    .filter((row) => row.check === check.name)
  const found = [
    { vlans: [110] },
    { command: 'show clock', that: 'true' },
    check.example,
    ...rows.map(({ inputs }) => inputs),
    {},
  ]
    .map((inputs) => ({ inputs: inputs ?? {}, read: check.input.safeParse(inputs ?? {}) }))
    .find(({ read }) => read.success && check.commands(read.data as never).length > 0)
  if (found === undefined || check.name === 'expected-change') return []
  return [{ name: check.name, inputs: found.inputs, commands: check.commands(found.read.data as never) }]
})
const NAMES = ASKING.map(({ name }) => name)
const ASKED = ASKING.flatMap(({ commands }) => commands)

/** The line of the first check in {@link workflowOf}. */
const FIRST = 14

const workflowOf = (state: readonly string[], verify: string): string => `name: add-a-vlan
targets: leaf1
change: { mode: merge, lines: ['vlan 998', '   name TESTED'] }
steps:
  - snapshot: { state: [${state.join(', ')}] }
  - plan
  - approve
  - push: { confirmWithin: 5m }
  - verify:
      within: 20s
      stableFor: 0s
      every: 2s
${verify}
  - confirm
`

const ALL_CHECKS = workflowOf(
  ['lldp', 'mlag', 'interfaces', 'bgp'],
  `      checks:\n${ASKING.map(({ name, inputs }) => `        - ${JSON.stringify({ [name]: inputs })}`).join('\n')}`,
)
const ALL_AREAS = workflowOf(
  stateAreas.map(({ name }) => name),
  '      expect: { everythingElse: unchanged }',
)

/** How a switch refuses. */
const REFUSALS = [
  ['misspelt', "Invalid input (at token 1: 'vlann')", 1002],
  ['abbreviated', "Incomplete token (at token 1: 'run')", 1002],
  ['unconverted', 'This is an unconverted command', 1003],
] as const

/** What the checks and the areas ask, but for what eosflow asks for itself: a switch that refuses that is not planned at all. */
const COMMANDS = [...ASKED, ...stateAreas.flatMap(({ commands }) => commands)]
  .map(({ cmd }) => cmd)
  .filter((cmd) => !['show version', 'show running-config'].includes(cmd))
const PATTERNS = [...new Set(COMMANDS)].map((cmd) => `^${cmd.replaceAll(/[^A-Za-z0-9 ]/g, '\\$&')}( \\| json.*)?$`)

/** All but those that ask only what eosflow asks itself: a switch that refuses that is not planned at all. */
const REFUSABLE = NAMES.filter(
  (name) =>
    ![
      'VerifyRunningConfig',
      'VerifyRunningConfigLines',
      'VerifyEOSVersion',
      'VerifyMemoryUtilization',
      'config-lines',
      'eos-version',
      'memory',
    ].includes(name),
)
const AREAS = stateAreas.map(({ name }) => name)

const nameOf = (line: number): string => NAMES[line - FIRST] ?? `line ${line}`

describe('a table of all checks and areas, each refused', () => {
  test('holds every check that asks a switch', () => {
    expect(NAMES.length).toBeGreaterThan(150)
    const others = knownChecks.map(({ name }) => name).filter((name) => !NAMES.includes(name))
    expect(others).toEqual(['expected-change', 'reachable'])
  })

  describe.each(REFUSALS)('as one that is %s', (_how, says, code) => {
    /** A fault strikes once, and a command may be asked in several revisions and by a push, too. */
    const refuse = ({ fabric }: { readonly fabric: Pick<Lab['fabric'], 'fault'> }): void => {
      for (const command of PATTERNS)
        for (let times = 0; times < 4; times += 1)
          fabric.fault({ device: 'leaf1', kind: 'refuse-command', command, code, errors: [says] })
    }
    const toldChecks = (text: string): readonly string[] =>
      [...text.matchAll(/workflow\.yaml:(\d+):12: leaf1 refuses `/g)].map(([, line]) => nameOf(Number(line)))
    const toldAreas = (text: string): readonly string[] =>
      [...text.matchAll(/workflow\.yaml:13:\d+: leaf1: the state area `([^`]+)` cannot be read/g)].map(
        ([, area = '']) => area,
      )
    const expectAll = (told: readonly string[], of: readonly string[]): void => {
      expect(of.length).toBeGreaterThan(20)
      expect(of.filter((name) => !told.includes(name))).toEqual([])
    }

    test('over eAPI no check is asked under a commit timer', async () => {
      const lab = startLab({ workflow: ALL_CHECKS })
      refuse(lab)
      const { err } = await exits(10, lab.change())
      expectAll(toldChecks(err), REFUSABLE)
      expect(changed(lab)).toEqual([])
    })

    test('over eAPI no area is compared under a commit timer', async () => {
      const lab = startLab({ workflow: ALL_AREAS })
      refuse(lab)
      const { err } = await exits(10, lab.change())
      expectAll(toldAreas(err), AREAS)
      expect(changed(lab)).toEqual([])
    })

    test.each([
      ['check', ALL_CHECKS],
      ['area', ALL_AREAS],
    ])('over SSH no %s is asked under a commit timer', { tags: 'long' }, async (what, workflow) => {
      const bench = await startBench({ folder: DC1 }, { files: { 'workflow.yaml': workflow } })
      bench.write('inventory.yaml', sshInventoryOf(bench.fabric))
      refuse(bench)
      const { err } = await exits(10, bench.eosflowWith({ answers: ['yes'] }, 'run', 'workflow.yaml'))
      if (what === 'check') expectAll(toldChecks(err), REFUSABLE)
      else expectAll(toldAreas(err), AREAS)
      expect(changed(bench)).toEqual([])
    })
  })
})
