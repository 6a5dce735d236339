import { expect, test } from 'vitest'
import {
  confirmedKinds,
  firstTimeNotes,
  type KnownConfirmations,
  withFirstTimes,
} from '../../../src/change/plan/first-time.ts'
import { type DiffLine, type PlannedDevice, parsePlan } from '../../../src/change/plan/plan.ts'
import { planOfSites } from '../../../src/change/plan/plan-of-sites.ts'
import { planAs } from '../../../src/report/plan/text.ts'
import { plain } from '../../../src/report/text/text.ts'
import { partOf } from '../../lab/part-of.ts'
import { linesOf } from '../../table.ts'
import { DEFINITION, EVIDENCE, planOf } from './material.ts'

const SINCE = Date.UTC(2026, 0, 5, 23, 59)
const SR3 = { model: 'DCS-7280SR3', eos: '4.32.2F' }
const SX3 = { model: 'DCS-7050SX3', eos: '4.31.4M' }

/** A switch of a plan by what is read of it: its diff as text. */
function on(name: string, where: typeof SR3, ...diff: readonly string[]) {
  const rows = diff.map((row) => ({ sign: row[0] as DiffLine['sign'], text: row.slice(1) }))
  return partOf<PlannedDevice>({ name, identity: { ...where, serial: 'S', systemMac: 'M' }, diff: rows })
}

const before = (...names: readonly string[]) => ({ since: SINCE, names: new Set(names) })
const said = (devices: readonly PlannedDevice[], known: KnownConfirmations, canary?: readonly string[]) =>
  firstTimeNotes({ devices, ...(canary === undefined ? {} : { canary: { switches: canary, soak: 0 } }) }, known).map(
    (note) => `${note.devices.join(' ')}: ${note.message}`,
  )

const ISIS = ['+router isis CORE', '+   net 49.0001.0000.0000.0001.00']
const NEVER = 'never confirmed on DCS-7280SR3 4.32.2F here (since 2026-01-05)'

test.each([
  [
    'a kind that nothing is noted of',
    [on('leaf1', SR3, ...ISIS)],
    before(),
    [`leaf1: lines of kind \`router-isis\` were ${NEVER}`],
  ],
  ['a kind that was confirmed', [on('leaf1', SR3, ...ISIS)], before('["DCS-7280SR3","4.32.2F","router-isis"]'), []],
  [
    'the same on another version, on another model, of another kind',
    [on('leaf1', SR3, ...ISIS)],
    before(
      '["DCS-7280SR3","4.32.3F","router-isis"]',
      '["DCS-7280R3","4.32.2F","router-isis"]',
      '["DCS-7280SR3","4.32.2F","vlan"]',
    ),
    [`leaf1: lines of kind \`router-isis\` were ${NEVER}`],
  ],
  [
    'lines that go',
    [on('leaf1', SR3, '-router isis CORE')],
    before(),
    [`leaf1: lines of kind \`router-isis\` were ${NEVER}`],
  ],
  [
    'blocks that lines are only shown under',
    [on('leaf1', SR3, ' router isis CORE', ' interface Ethernet1', '+vlan 5')],
    before(),
    [`leaf1: lines of kind \`vlan\` were ${NEVER}`],
  ],
  ['a switch that does not change', [on('leaf1', SR3)], before(), []],
  [
    'a line of no known kind',
    [on('leaf1', SR3, '+frobnicate now')],
    before(),
    [`leaf1: a line of no known kind was ${NEVER}`],
  ],
  [
    'a line of no known kind, after one',
    [on('leaf1', SR3, '+frobnicate now')],
    before('["DCS-7280SR3","4.32.2F"]'),
    [],
  ],
  [
    'the text of a banner, which is no line of no known kind',
    [on('leaf1', SR3, '+banner login', '+hello world', '+EOF')],
    before(),
    [`leaf1: lines of kind \`banner\` were ${NEVER}`],
  ],
  [
    'two switches with one kind',
    [on('leaf1', SR3, ...ISIS), on('leaf2', SR3, ...ISIS)],
    before(),
    [`leaf1 leaf2: lines of kind \`router-isis\` were ${NEVER}; make one of them a canary`],
  ],
  [
    'two models with one kind, one of which has done it',
    [on('leaf1', SR3, ...ISIS), on('leaf2', SX3, ...ISIS, '+vlan 5')],
    before('["DCS-7280SR3","4.32.2F","router-isis"]'),
    [
      'leaf2: lines of the kinds `router-isis`, `vlan` were never confirmed on DCS-7050SX3 4.31.4M here (since 2026-01-05)',
    ],
  ],
  [
    'two models with one kind',
    [on('leaf1', SR3, ...ISIS), on('leaf2', SX3, ...ISIS)],
    before(),
    [
      'leaf1 leaf2: lines of kind `router-isis` were never confirmed on DCS-7280SR3 4.32.2F, DCS-7050SX3 4.31.4M here (since 2026-01-05); make one of them a canary',
    ],
  ],
  [
    'notes that cannot be read',
    [on('leaf1', SR3, ...ISIS)],
    { unread: 'the store is away' },
    [': whether lines of these kinds were confirmed here before is not known: the store is away'],
  ],
])('%s', (_what, devices, known, notes) => {
  expect(said(devices, known)).toEqual(notes)
})

test('where one of them is a canary already it is not advised', () => {
  const two = [on('leaf1', SR3, ...ISIS), on('leaf2', SR3, ...ISIS)]
  expect(said(two, before(), ['leaf2'])).toEqual([`leaf1 leaf2: lines of kind \`router-isis\` were ${NEVER}`])
  expect(said(two, before(), ['leaf3'])[0]).toContain('make one of them a canary')
})

test('kinds that have the same switches have one note, and each other one has its own', () => {
  const both = ['+vlan 5', '+router isis A', '+frobnicate now']
  expect(said([on('leaf1', SR3, ...both, '+router ospf 1'), on('leaf2', SR3, ...both)], before())).toEqual([
    `leaf1 leaf2: lines of the kinds \`vlan\`, \`router-isis\` and of no known kind were ${NEVER}; make one of them a canary`,
    `leaf1: lines of kind \`router-ospf\` were ${NEVER}`,
  ])
  const leaf3 = on('leaf3', SX3, '+vlan 5', '+router isis A')
  expect(said([leaf3], before('["DCS-7050SX3","4.31.4M","vlan"]'))).toHaveLength(1)
})

test('of many notes there are eight, and one names the other kinds', () => {
  const lines = [
    ...linesOf(`
      +vlan 5
      +router isis A
      +router ospf 1
      +vrf instance A
      +route-map A permit 10
      +ip nat pool A
    `),
    ...['+mpls ip', '+router bfd', '+arp aging timeout default 60', '+mlag configuration'],
  ]
  // Each kind is on one switch fewer than the kind before it.
  const steps = (count: number) =>
    lines.slice(0, count).map((_, at) => on(`leaf${at + 1}`, SR3, ...lines.slice(0, count - at)))
  const notes = said(steps(10), before())
  expect(notes).toHaveLength(9)
  expect(notes.at(-1)).toBe('leaf1 leaf2: never confirmed here either: `arp`, `mlag`')
  expect(said(steps(9), before()).at(-1)).toBe(`leaf1: lines of kind \`arp\` were ${NEVER}`)
  expect(said([on('leaf1', SR3, ...lines)], before())).toHaveLength(1)
})

test('what an execution has shown is of the switches that were confirmed alone', () => {
  const ends = { leaf1: 'changed', leaf2: 'reverted', leaf3: 'unknown', leaf4: 'untouched' }
  const devices = [
    on('leaf1', SR3, ' interface Ethernet1', '+   mtu 9000'),
    ...['leaf2', 'leaf3', 'leaf4', 'leaf5'].map((name) => on(name, SX3, '+vlan 5')),
  ]
  expect([...confirmedKinds({ devices }, ends)]).toEqual(['["DCS-7280SR3","4.32.2F","interface.link"]'])
  expect([...confirmedKinds({ devices }, { ...ends, leaf5: 'changed' })]).toEqual([
    '["DCS-7280SR3","4.32.2F","interface.link"]',
    '["DCS-7050SX3","4.31.4M","vlan"]',
  ])
})

test('a plan has them behind its other notes, in its text and its Markdown, and its digest is as without', () => {
  const plan = planOf({ advisories: { unread: 'no file' } }, EVIDENCE)
  const made = withFirstTimes(DEFINITION, plan, before('["DCS-7050SX3-48YC8","4.32.2F","interface.access-vlan"]'))
  expect(made.digest).toBe(plan.digest)
  expect(made.seal).not.toEqual(plan.seal)
  const words =
    'leaf1 leaf2: lines of the kinds `vlan`, `vlan.name` were never confirmed on DCS-7050SX3-48YC8 4.32.2F here (since 2026-01-05)'
  expect(made.evidence.notes?.map(({ code }) => code)).toEqual(['advisory', 'first-time'])
  expect(planAs.text(made, plain, { width: 400, details: true })).toContain(words)
  expect(planAs.markdown(made)).toContain('Note: leaf1 leaf2: lines of the kinds')
  const read = parsePlan(JSON.stringify(made), 'plan.json')
  expect(read.ok && read.value.evidence.notes).toEqual(made.evidence.notes)
})

test('the plan of several sites has the notes of all, each once with the switches of each', () => {
  const at = (site: string, n: number) => {
    const plan = planOf({ advisories: { unread: 'no file' } }, EVIDENCE.slice(n, n + 1))
    return { site, plan: withFirstTimes(DEFINITION, plan, before('["DCS-7050SX3-48YC8","4.32.2F","vlan"]')) }
  }
  const whole = planOfSites(DEFINITION, [at('east', 0), at('west', 1)])
  expect(whole.evidence.notes).toEqual([
    { code: 'advisory', devices: [], message: 'security advisories were not looked at: no file' },
    {
      code: 'first-time',
      devices: ['leaf1', 'leaf2'],
      message:
        'lines of the kinds `vlan.name`, `interface.access-vlan` were never confirmed on DCS-7050SX3-48YC8 4.32.2F here (since 2026-01-05)',
    },
  ])
})
