import { describe, expect, test } from 'vitest'
import { everyNthOfLong } from '../extent.ts'
import { DC1, exits, type Lab, openLab, planAt, sshInventoryOf, workflowFor } from '../lab/lab.ts'
import { committed } from './asked-before.ts'

const verifying = (...checks: readonly object[]) =>
  `{ within: 20s, stableFor: 0s, every: 2s, checks: ${JSON.stringify(checks)} }`

type More = NonNullable<Parameters<typeof workflowFor>[1]>

const labOf = (targets: string, more: More = {}): Lab => openLab({ workflow: workflowFor(targets, more) })

/** A switch takes a right away from the user who asks: it refuses what it took before. */
const takesAway = ({ fabric }: Lab, device = 'leaf3', command = '^show vlan$') =>
  fabric.fault({ device, kind: 'refuse-command', command, code: 1005, errors: ['no right'] })

/** The commands are refused, of the switches nothing is changed, and none of them was under a commit timer. */
const expectRefused = async (lab: Lab, ended: ReturnType<Lab['change']>, says: string | RegExp) => {
  const { err } = await exits(10, ended)
  if (typeof says === 'string') expect(err).toContain(says)
  else expect(err).toMatch(says)
  expect(committed(lab.fabric)).toEqual([])
}

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
  test.each(everyNthOfLong(2, 'mistakes in a command', MISTAKES))(
    '[3C1] %s, by plan and by run',
    async (_what, assert, says) => {
      const lab = labOf('leaf1 or leaf3', { verify: verifying({ assert }) })
      const planned = await lab.exits(10, 'plan workflow.yaml')
      expect(planned.err).toContain(`✖ Plan: workflow.yaml:11:64: leaf1 and leaf3 refuse ${says}\n`)
      await expectRefused(lab, lab.change(), says)
    },
  )

  test('[3C1b] over SSH too, also where it names what the change makes', { tags: 'long' }, async () => {
    const verify = verifying({ assert: { command: 'show vlan 998 sumary', format: 'text', that: 'true' } })
    const bench = await openLab({
      world: 'sockets',
      switches: { folder: DC1 },
      files: { 'workflow.yaml': workflowFor('leaf1', { verify }) },
    })
    bench.write('inventory.yaml', sshInventoryOf(bench.fabric))
    const { err } = await exits(10, bench.eosflowWith({ answers: ['yes'] }, 'run workflow.yaml'))
    expect(err).toContain('✖ Plan: workflow.yaml:11:64: leaf1 refuses `show vlan 998 sumary`: Invalid input\n')
    expect(committed(bench.fabric)).toEqual([])
  })

  test('all that are refused are told at once, each at its place, with those that refuse it', async () => {
    const lab = labOf('leaf1 or leaf3', {
      verify: verifying({ assert: MISTAKES[0][1] }, { 'vlans-present': { vlans: [998] } }, { assert: MISTAKES[3][1] }),
    })
    takesAway(lab)
    await expectRefused(
      lab,
      lab.change(),
      /workflow\.yaml:11:64: leaf1 and leaf3 refuse `show vlann`: [^\n]*\n *workflow\.yaml:11:\d+: leaf3 refuses `show vlan`: no right\n *workflow\.yaml:11:\d+: leaf1 and leaf3 refuse `show errdisable recovery`/,
    )
  })

  test('what a switch refuses that does not change decides nothing', { tags: ['long', 'turn'] }, async () => {
    const lab = labOf('leaf1 or leaf3')
    await exits(0, lab.change())
    lab.write('workflow.yaml', workflowFor('leaf1 or leaf2 or leaf3'))
    takesAway(lab)
    const { out } = await lab.ok('plan workflow.yaml')
    expect(out).toContain('1 switch to change, 2 unchanged')
  })

  test('[3C1] a saved plan asks again, before the first of its switches is pushed', async () => {
    const lab = labOf('leaf1 or leaf3')
    await lab.ok('plan workflow.yaml -o a.plan')
    takesAway(lab)
    await expectRefused(
      lab,
      lab.agreed('run a.plan'),
      'CheckBase: workflow.yaml:11:76: leaf3 refuses `show vlan`: no right',
    )
  })

  test('a saved plan of one switch asks it again with the look of its push', { tags: ['long', 'turn'] }, async () => {
    const lab = labOf('leaf3')
    await lab.ok('plan workflow.yaml -o a.plan')
    takesAway(lab)
    await expectRefused(lab, lab.agreed('run a.plan'), 'Push: workflow.yaml:11:76: leaf3 refuses `show vlan`: no right')
    lab.clearFaults()
    await exits(0, lab.change())
  })

  test('an execution that is taken up by another process asks again', { tags: ['long', 'turn'] }, async () => {
    const lab = labOf('leaf1 or leaf3')
    const waiting = await lab.exits(12, 'run workflow.yaml --detach')
    const id = /Execution (\S+):/.exec(waiting.out)?.[1] ?? ''
    await lab.ok(`approve ${id}`)
    takesAway(lab)
    await expectRefused(lab, lab.eosflow(`resume ${id}`), 'leaf3 refuses `show vlan`: no right')
  })

  test('a switch that does not answer has refused nothing', async () => {
    const lab = labOf('leaf1')
    lab.fault({ device: 'leaf1', kind: 'unreachable' })
    await expectRefused(lab, lab.eosflow('plan workflow.yaml'), 'Snapshot: leaf1: the connection was refused')
  })
})

describe('what asking costs', () => {
  const requestsOf = async (...checks: readonly object[]): Promise<readonly [plan: number, run: number]> => {
    const lab = openLab({
      workflow: workflowFor('leaf1', { verify: verifying({ 'vlans-present': { vlans: [998] } }, ...checks) }),
    })
    const sent = () => lab.device('leaf1').requests().length
    await lab.ok('plan workflow.yaml -o a.plan')
    const planned = sent()
    await exits(0, lab.agreed('run a.plan'))
    return [planned, sent() - planned]
  }

  test('is no request for models, one of the plan and one of the push for texts, and one for what tries something', {
    tags: ['long', 'turn'],
  }, async () => {
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

/** What asks for something that those lines make. */
const MADE = [
  ['a VRF', { command: 'show ip route vrf GUESTS', that: 'true' }, 'GUESTS'],
  ['an interface', { command: 'show interfaces Loopback777', that: 'true' }, 'Loopback777'],
  ['an interface as people write it', { command: 'show interfaces lo777', that: 'true' }, 'lo777'],
] as const

describe('what the change makes cannot be asked before it', () => {
  test.each(everyNthOfLong(3, 'names that a change makes', MADE))(
    '[3C1] %s is named in the plan, and the change is made',
    async (_what, assert, made) => {
      const lab = labOf('leaf1', { lines: VRF, verify: verifying({ assert }) })
      const { out } = await lab.ok('plan workflow.yaml -o a.plan')
      expect(out.replaceAll(/\n +/g, ' ')).toContain(
        `! leaf1: \`${assert.command}\` of the verification cannot be asked before the change, which makes \`${made}\`: whether the switch takes it shows under the commit timer`,
      )
      const { content } = planAt(lab, 'a.plan')
      expect(content.warnings.map(({ code }: { code: string }) => code)).toContain('asked-after')
      await exits(0, lab.agreed('run a.plan'))
    },
  )

  test('a VRF that nobody makes is refused', async () => {
    const assert = { command: 'show ip route vrf GUETS', that: 'true' }
    const lab = labOf('leaf1', { lines: VRF, verify: verifying({ assert }) })
    const { err } = await lab.exits(10, 'plan workflow.yaml')
    expect(err).toContain('leaf1 refuses `show ip route vrf GUETS`: VRF GUETS does not exist')
  })
})

const probing = (vrf: string) =>
  `probe: [{ from: leaf1, to: 10.0.250.13, vrf: ${vrf} }, { from: leaf2, to: 10.0.250.13 }]`

describe('a ping that a switch refuses is refused before the push', () => {
  test('[3C1] in a VRF that is not there', async () => {
    const lab = labOf('leaf1', { extra: probing('GUETS') })
    const { err } = await lab.exits(10, 'plan workflow.yaml')
    expect(err).toMatch(
      /✖ Plan: workflow\.yaml:5:\d+: leaf1 refuses `ping vrf GUETS [^`]*`: VRF GUETS does not exist\n/,
    )
    await exits(10, lab.change())
  })

  test('in a VRF that the change makes it is named in the plan, and the change is made', {
    tags: ['long', 'turn'],
  }, async () => {
    const lab = labOf('leaf1', {
      lines: VRF,
      verify: '{ within: 20s, stableFor: 0s, every: 2s, checks: [reachable] }',
      extra: probing('GUESTS'),
    })
    const { out } = await lab.ok('plan workflow.yaml -o a.plan')
    expect(out.replaceAll(/\n +/g, ' ')).toContain('cannot be asked before the change, which makes `GUESTS`')
    await exits(0, lab.agreed('run a.plan'))
  })

  test('a switch that does not answer, and an address that does not, refuse nothing', {
    tags: ['long', 'turn'],
  }, async () => {
    const lab = labOf('leaf1', {
      extra: 'probe: [{ from: leaf1, to: 10.99.99.99 }, { from: leaf2, to: 10.0.250.13 }]',
    })
    lab.fault({ device: 'leaf2', kind: 'unreachable' })
    const { err } = await lab.ok('plan workflow.yaml -o a.plan')
    expect(err).not.toContain('leaf2')
    await exits(0, lab.agreed('run a.plan'))
  })

  test('before a saved plan is sent, too', { tags: ['long', 'turn'] }, async () => {
    const lab = labOf('leaf1', { extra: probing('PROD') })
    await lab.ok('plan workflow.yaml -o a.plan')
    takesAway(lab, 'leaf2', '^ping ')
    await expectRefused(
      lab,
      lab.agreed('run a.plan'),
      /CheckBase: workflow\.yaml:5:\d+: leaf2 refuses `ping [^`]*`: no right/,
    )
  })
})
