import { expect, test } from 'vitest'
import type { DeviceFault } from '../../src/eos/sim/fault/fault.ts'
import { everyNthOfLong } from '../extent.ts'
import { exits, type Lab, newest, openLab, workflowFor } from '../lab/lab.ts'

const VERIFY = '{ within: 20s, stableFor: 0s, every: 2s, checks: [reachable] }'
const RISKY = workflowFor('leaf1', { lines: ['interface Ethernet5', '   mtu 9000'], verify: VERIFY })

const writesTo = (lab: Lab) =>
  lab.fabric
    .device('leaf1')
    .requests()
    .filter(({ kind }) => kind === 'write').length

const BECAUSE = 'Before leaf1 is pushed, leaf2 (both are tagged leaf-1) must be fit to carry its traffic, because of: '

test('before lines that may take an uplink down the other side is asked, and the plan says for which lines and why', async () => {
  const lab = openLab({ workflow: RISKY })
  const { code, err } = await lab.change()
  expect([code, err]).toEqual([0, expect.stringContaining(`${BECAUSE}interface Ethernet5 > mtu 9000\n`)])
  expect(
    lab.fabric
      .device('leaf2')
      .requests()
      .map(({ kind }) => kind),
  ).toEqual(['read'])
})

test('for lines that take nothing down the other side is not asked, and the plan says nothing of it', {
  tags: ['long', 'turn'],
}, async () => {
  const lab = openLab()
  const { code, err } = await lab.change()
  expect([code, lab.whereIs('leaf1')]).toEqual([0, 'AFTER'])
  expect(err).not.toContain('must be fit')
  expect(lab.device('leaf2').requests()).toEqual([])
})

const ASKED_FOR: readonly (readonly [what: string, lines: string[], because: string])[] = [
  ['a trunk group of a VLAN that is there', ['vlan 110', '   trunk group FOO'], 'vlan 110 > trunk group FOO'],
  [
    'an access list on an SVI that is there',
    ['interface Vlan110', '   ip access-group DENYALL in'],
    'interface Vlan110 > ip access-group DENYALL in',
  ],
  [
    'a peer link that is to carry no VLAN',
    ['interface Port-Channel1000', '   switchport trunk allowed vlan none'],
    'interface Port-Channel1000 > switchport trunk allowed vlan none',
  ],
]

test.each(everyNthOfLong(3, 'lines for which the other side is asked', ASKED_FOR))(
  '[3A6] the other side is asked for %s',
  async (_what, lines, because) => {
    const lab = openLab({ workflow: workflowFor('leaf1', { lines, verify: VERIFY }) })
    const { code, out, err } = await lab.eosflow('plan workflow.yaml')
    expect([code, out + err]).toEqual([0, expect.stringContaining(`${BECAUSE}${because}\n`)])
  },
)

test('[3A5] for a VLAN beside others without lines of their own it is not, and the plan has that VLAN alone', async () => {
  const lab = openLab({ workflow: workflowFor('leaf1', { lines: ['vlan 2001'], verify: VERIFY }) })
  await lab.byHand('leaf1', 'vlan 2000')
  const { code, out, err } = await lab.eosflow('plan workflow.yaml')
  expect([code, out + err]).toEqual([0, expect.stringMatching(/^ *\+ *vlan 2001$/m)])
  expect(out + err).not.toContain('must be fit')
  expect(out + err).not.toContain('2000')
})

test('a workflow that says `fitness: off` does not ask, and the plan says that', {
  tags: ['long', 'turn'],
}, async () => {
  const lab = openLab({ workflow: RISKY.replace('keepApart: mlag', 'keepApart: mlag, fitness: off') })
  lab.fault({ device: 'leaf2', kind: 'mlag-inactive' })
  const { code, err } = await lab.change()
  expect([code, err]).toEqual([
    0,
    expect.stringContaining(
      'Nobody asks whether the other side is fit to carry the traffic: the workflow says `fitness: off`',
    ),
  ])
  expect(lab.device('leaf2').requests()).toEqual([])
})

const UNFIT: readonly (readonly [name: string, fault: DeviceFault, why: string])[] = [
  [
    'its MLAG is not active',
    { device: 'leaf2', kind: 'mlag-inactive' },
    'has an MLAG state that is inactive, not active',
  ],
  [
    'somebody has a commit timer there',
    { device: 'leaf2', kind: 'foreign-timer', seconds: 300, session: 'cvp-1' },
    'is under a commit timer (session cvp-1)',
  ],
  ['it does not answer', { device: 'leaf2', kind: 'unreachable' }, 'could not be asked: '],
]

test.each(everyNthOfLong(3, 'other sides that are not fit', UNFIT))(
  'nothing is pushed where %s, and the report and its JSON name it',
  async (_name, fault, why) => {
    const lab = openLab({ workflow: RISKY })
    await lab.eosflow('plan workflow.yaml -o change.plan')
    await lab.eosflow('approve change.plan')
    lab.fault(fault)
    const before = writesTo(lab)
    const { err } = await lab.exits(10, 'run change.plan')
    expect(err).toContain(`the other side is not fit to carry the traffic: leaf2, which backs leaf1 up, ${why}`)
    expect(writesTo(lab)).toBe(before)
    const shown = await lab.eosflow('show', await newest(lab), '--json')
    expect(shown.out).toContain('leaf2, which backs leaf1 up, ')
    await lab.clock.advance(310_000)
    lab.clearFaults()
    lab.device('leaf2').switch.settle()
  },
)

const OTHER = RISKY.replace('targets: leaf1', 'targets: leaf2')

test('a switch that another execution changes is not fit', { tags: 'long' }, async () => {
  const slow = workflowFor('leaf2', { verify: '{ within: 60s, stableFor: 20s, every: 2s, checks: [reachable] }' })
  const lab = openLab({ workflow: RISKY, files: { 'two.yaml': slow } })
  const first = lab.agreed('run two.yaml')
  while (lab.commits('leaf2').timed === 0) await new Promise((resolve) => setImmediate(resolve))
  const second = await lab.change()
  expect([(await first).code, second.code]).toEqual([0, 10])
  expect(second.err).toMatch(/leaf2, which backs leaf1 up, is changed by \d{8}-/)
  await exits(0, lab.change())
})

test('of two that look at each other at the same moment not both go on', async () => {
  const lab = openLab({ workflow: RISKY, files: { 'two.yaml': OTHER } })
  const codes = (await Promise.all([lab.change(), lab.agreed('run two.yaml')])).map(({ code }) => code)
  expect(codes).toContain(10)
})

test('the two of a pair go one after the other: the timer of the first is that of this change', {
  tags: ['long', 'turn'],
}, async () => {
  const lab = openLab({ workflow: RISKY.replace('targets: leaf1', 'targets: leaf1 or leaf2') })
  const { code, err } = await lab.change()
  expect([code, err]).toEqual([0, expect.stringContaining('Waves: leaf1 +1 -0 → leaf2 +1 -0')])
})
