import { expect, test } from 'vitest'
import { expectedChange } from '../../../../src/eos/check/builtin/expected-change.ts'
import type { Verdict } from '../../../../src/model/error.ts'
import type { Json } from '../../../../src/model/json.ts'
import { reply } from '../check-table.ts'

const vlan = (name: string) => ({ name, status: 'active', dynamic: false, interfaces: {} })
const kept = (name: string) => ({ name, status: 'active', dynamic: false, interfaces: [] })

/** `show vlan` before and after. */
const BEFORE = { vlan: { '110': kept('WEB'), '120': kept('DB') } }
const answer = (...vlans: readonly (readonly [string, string])[]) => ({
  vlans: Object.fromEntries(vlans.map(([id, name]) => [id, vlan(name)])),
})
const AS_BEFORE = answer(['110', 'WEB'], ['120', 'DB'])
const GROWN = answer(['110', 'WEB'], ['120', 'DB'], ['140', 'NEW'])

const judged = (input: object, now: Json, baseline: Readonly<Record<string, Json>> = BEFORE) => {
  const parsed = expectedChange.input.parse({ areas: ['vlan'], ...input })
  expect(expectedChange.commands(parsed)).toHaveLength(1)
  return expectedChange.judge(parsed, [reply(now)], { device: 'leaf1', baseline })
}

const fails = (...reasons: readonly [string, ...string[]]) => ({ status: 'fail', reasons })
const passes: Verdict = { status: 'pass', facts: ['vlan as expected'] }
const everythingElse = 'unchanged'

test.each([
  ['what is expected has come', { expected: { vlan: { added: [140] } }, everythingElse }, GROWN, passes],
  ['one name stands for a list of one', { expected: { vlan: { added: 140 } }, everythingElse }, GROWN, passes],
  ['a list in a list is a parameter', { expected: { vlan: { added: [[140]] } }, everythingElse }, GROWN, passes],
  ['a glob names several', { expected: { vlan: { added: '1?0' } }, everythingElse }, GROWN, passes],
  [
    'the whole line names it',
    { expected: { vlan: { added: 'VLAN 140 added: NEW, active, on no interface' } }, everythingElse },
    GROWN,
    passes,
  ],
  [
    'what is expected has not come',
    { expected: { vlan: { added: [140] } } },
    AS_BEFORE,
    fails('vlan 140 - expected: added, actual: as before'),
  ],
  [
    'it went and did not come',
    { expected: { vlan: { added: [110] } } },
    answer(['120', 'DB']),
    fails('vlan 110 - expected: added, actual: VLAN 110 removed: was WEB'),
  ],
  [
    'something else went',
    { expected: { vlan: { added: [140] } }, everythingElse },
    answer(['110', 'WEB'], ['140', 'NEW']),
    fails('VLAN 120 removed: was DB - not expected'),
  ],
  [
    'both, each in its line',
    { expected: { vlan: { added: [150] } }, everythingElse },
    GROWN,
    fails(
      'vlan 150 - expected: added, actual: as before',
      'VLAN 140 added: NEW, active, on no interface - not expected',
    ),
  ],
  ['the rest is nobody’s business', { expected: { vlan: { added: [140] } } }, answer(['140', 'NEW']), passes],
  ['what is allowed may be', { expected: { vlan: { allowed: ['140'] } }, everythingElse }, GROWN, passes],
  ['and need not', { expected: { vlan: { allowed: ['140'] } }, everythingElse }, AS_BEFORE, passes],
  [
    'a change of one attribute',
    { expected: { vlan: { changed: ['110 name'] } }, everythingElse },
    answer(['110', 'SHOP'], ['120', 'DB']),
    passes,
  ],
  [
    'another attribute',
    { expected: { vlan: { changed: ['110 status'] } }, everythingElse },
    answer(['110', 'SHOP'], ['120', 'DB']),
    fails('vlan 110 status - expected: changed, actual: as before', 'VLAN 110 name: WEB -> SHOP - not expected'),
  ],
  [
    'beside the change nothing is demanded',
    { expected: { vlan: { added: [140] } }, everythingElse, beside: true },
    AS_BEFORE,
    passes,
  ],
  [
    'beside the change it may show',
    { expected: { vlan: { added: [140] } }, everythingElse, beside: true },
    GROWN,
    passes,
  ],
  [
    'beside the change nothing else may',
    { expected: { vlan: { added: [140] } }, everythingElse, beside: true },
    answer(['110', 'WEB']),
    fails('VLAN 120 removed: was DB - not expected'),
  ],
])('%s', (_, input, now, verdict) => {
  expect(judged(input, now)).toEqual(verdict)
})

test('a baseline that is missing, unreadable or of no known shape is a failure, never a pass', () => {
  const baselines: readonly Readonly<Record<string, Json>>[] = [
    {},
    { vlan: { unreadable: '`show vlan` was refused: no' } },
    { vlan: [7] },
  ]
  const verdicts = baselines.map((baseline) => judged({ everythingElse }, AS_BEFORE, baseline))
  expect(verdicts).toEqual([
    fails('vlan cannot be compared: before: it was not read'),
    fails('vlan cannot be compared: before: `show vlan` was refused: no'),
    fails('vlan cannot be compared: before: it is not of a known shape'),
  ])
})

test('an answer that cannot be read cannot be judged, and is no pass', () => {
  expect(judged({ everythingElse }, 'Invalid input')).toEqual({
    status: 'error',
    reason: 'vlan cannot be compared: after: `show vlan` was refused: Invalid input',
  })
  expect(judged({ everythingElse }, {}).status).toBe('error')
})

test('quantities move within the tolerance of their area, or the one that is given', () => {
  const counts = (routes: number, tolerance?: string | number | object) => {
    const expected = tolerance === undefined ? {} : { 'route-counts': { tolerance } }
    const input = expectedChange.input.parse({ areas: ['route-counts'], expected, everythingElse })
    const answered = reply({ vrfs: { default: { bgpCounts: { bgpTotal: routes } } } })
    const baseline = { 'route-counts': { default: { bgp: 100 } } }
    const verdict = expectedChange.judge(input, [answered], { device: 'leaf1', baseline })
    return verdict.status === 'fail' ? verdict.reasons.join() : verdict.status
  }
  expect([counts(100), counts(102), counts(98)]).toEqual(['pass', 'pass', 'pass'])
  expect(counts(103)).toBe('bgp routes in default: 100 -> 103 - not expected')
  expect(counts(50)).toBe('bgp routes in default: 100 -> 50 - not expected')
  expect([counts(105, '5%'), counts(110, 10), counts(103, { routes: '3%' })]).toEqual(['pass', 'pass', 'pass'])
  expect(counts(101, 0)).toBe('bgp routes in default: 100 -> 101 - not expected')
  expect(counts(106, '5%')).toBe('bgp routes in default: 100 -> 106 - not expected')
})

test('an area that is none, and a tolerance that is none, are refused', () => {
  const refused = [
    { areas: [] },
    { areas: ['vlans'] },
    { areas: ['vlan'], expected: { vlan: { add: [1] } } },
    { areas: ['vlan'], expected: { vlan: { tolerance: 'some' } } },
    { areas: ['vlan'], everythingElse: 'changed' },
  ]
  expect(refused.map((input) => expectedChange.input.safeParse(input).success)).toEqual(refused.map(() => false))
})
