import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { PolicyDecision } from '../../../src/change/policy/decide.ts'
import {
  deniedByGate,
  type GateHeard,
  type GateReading,
  readGateAnswer,
} from '../../../src/change/policy/gate-answer.ts'
import { tightened } from '../../../src/change/policy/policy-tests.ts'

const heard = (text: string, isUnderResult = false): GateHeard =>
  readGateAnswer(Buffer.from(text), ['lead', 'noc'], isUnderResult)

describe('an answer', () => {
  const GOOD: readonly (readonly [string, string, GateHeard])[] = [
    ['allows', '{"version":1,"decision":"allow"}', { answer: { version: 1, decision: 'allow' } }],
    [
      'denies',
      '{"version":1,"decision":"deny","reasons":["no ticket"],"bundle":"7"}',
      { answer: { version: 1, decision: 'deny', reasons: ['no ticket'], bundle: '7' } },
    ],
    [
      'demands',
      '{"version":1,"decision":"require","require":{"count":2}}',
      { answer: { version: 1, decision: 'require', require: { count: 2, from: [] } } },
    ],
  ]
  test.each(GOOD)('%s', (_name, text, answer) => {
    expect(heard(text)).toEqual(answer)
    expect(heard(`{"decision_id":"1","result":${text}}`, true)).toEqual(answer)
  })

  const BAD: readonly (readonly [string, string])[] = [
    ['nothing', ''],
    ['no JSON', 'allow'],
    ['a word', '"allow"'],
    ['null', 'null'],
    ['no version', '{"decision":"allow"}'],
    ['another version', '{"version":2,"decision":"allow"}'],
    ['another word', '{"version":1,"decision":"Allow"}'],
    ['a member that is not known', '{"version":1,"decision":"allow","except":["leaf1"]}'],
    ['a denial without a reason', '{"version":1,"decision":"deny"}'],
    ['two words for one', '{"version":1,"decision":"deny","reasons":["x"],"decision":"allow"}'],
    ['no approval at all', '{"version":1,"decision":"require","require":{"count":0}}'],
    ['half an approval', '{"version":1,"decision":"require","require":{"count":1.5}}'],
    [
      'a role that the policy does not have',
      '{"version":1,"decision":"require","require":{"count":1,"from":["boss"]}}',
    ],
    ['allow with a demand', '{"version":1,"decision":"allow","require":{"count":1}}'],
    ['a reason of two lines', '{"version":1,"decision":"allow","reasons":["a\\nb"]}'],
    ['a reason that writes on a terminal', '{"version":1,"decision":"allow","reasons":["\\u001b[2J"]}'],
    ['more than one document', '{"version":1,"decision":"allow"}{"version":1,"decision":"allow"}'],
  ]
  test.each(BAD)('%s is none', (_name, text) => {
    expect(heard(text)).toEqual({ fault: expect.stringContaining('its answer is malformed') })
    expect(heard(`{"result":${text}}`, true)).toEqual({ fault: expect.stringContaining('its answer is malformed') })
  })
  test('what is undefined in OPA is none', () => {
    expect(heard('{}', true)).toEqual({ fault: expect.stringContaining('malformed') })
    expect(heard('{"version":1,"decision":"allow"}', true)).toEqual({ fault: expect.stringContaining('malformed') })
  })
})

const demand = (count: number, ...from: string[]) => ({ count, from })
const requires = (count: number, ...from: string[]): GateHeard => ({
  answer: { version: 1, decision: 'require', require: demand(count, ...from) },
})
const shown = (count: number, ...from: string[]): readonly GateReading[] => [
  { input: 'sha256:0a', decision: 'require', require: demand(count, ...from) },
]

test.each([
  ['the same', requires(2, 'lead'), shown(2, 'lead'), true],
  ['fewer', requires(1, 'lead'), shown(2, 'lead'), true],
  ['more', requires(3, 'lead'), shown(2, 'lead'), false],
  ['of anybody, where the plan shows some', requires(2), shown(2, 'lead'), true],
  ['of some, where the plan shows anybody', requires(2, 'lead'), shown(2), false],
  ['of one more role', requires(2, 'lead', 'noc'), shown(2, 'lead'), true],
  ['of one role fewer', requires(2, 'lead'), shown(2, 'lead', 'noc'), false],
  ['where the plan shows none', requires(1), [], false],
] as const)('approvals that are demanded before a push: %s', (_name, now, planned, isShown) => {
  expect(deniedByGate(now, planned) === undefined).toBe(isShown)
})

const anyHeard: fc.Arbitrary<GateHeard> = fc.oneof(
  fc.constant<GateHeard>({ fault: 'none in time' }),
  fc.constant<GateHeard>({ answer: { version: 1, decision: 'allow' } }),
  fc.constant<GateHeard>({ answer: { version: 1, decision: 'deny', reasons: ['no'] } }),
  fc
    .record({ count: fc.integer({ min: 1, max: 20 }), from: fc.subarray(['lead', 'noc']) })
    .map(({ count, from }): GateHeard => requires(count, ...from)),
)
const anyDecision: fc.Arbitrary<PolicyDecision> = fc
  .record({
    isAllowed: fc.boolean(),
    ground: fc.constantFrom('denied', 'no-rule', 'condition', 'closed'),
    counts: fc.array(fc.integer({ min: 1, max: 5 }), { maxLength: 3 }),
    most: fc.array(fc.integer({ min: 1, max: 5 }), { maxLength: 2 }),
  })
  .map(({ isAllowed, ground, counts, most }) => ({
    effect: isAllowed ? 'allow' : 'deny',
    ground: isAllowed ? 'allowed' : (ground as 'denied'),
    rules: ['a'],
    reason: 'a',
    obligations: {
      approvals: counts.map((count, index) => ({
        by: `r${index}`,
        count,
        from: [],
        distinct: 'person' as const,
        notRequester: false,
        notRunner: false,
      })),
      concurrency: most.map((one) => ({ by: 'a', most: one, devices: ['leaf1'] })),
    },
  }))

test('what is allowed with a gate is allowed without it, and demands at least as much', () => {
  let looked = 0
  fc.assert(
    fc.property(anyDecision, anyHeard, (decision, answer) => {
      looked += 1
      const made = tightened(decision, answer)
      if (made.effect === 'deny') return
      expect(decision.effect).toBe('allow')
      expect(made.obligations.approvals).toEqual(expect.arrayContaining([...decision.obligations.approvals]))
      expect(made.obligations.concurrency).toEqual(decision.obligations.concurrency)
    }),
    { numRuns: 500 },
  )
  expect(looked).toBe(500)
})

test('a denial and silence deny what rules allow', () => {
  const allowed: PolicyDecision = {
    effect: 'allow',
    ground: 'allowed',
    rules: ['a'],
    reason: 'a',
    obligations: { approvals: [], concurrency: [] },
  }
  const denied: GateHeard = { answer: { version: 1, decision: 'deny', reasons: ['no ticket', 'by day'] } }
  expect(tightened(allowed, denied)).toMatchObject({
    effect: 'deny',
    ground: 'denied',
    rules: ['gate'],
    reason: 'the gate of the policy denies this plan: no ticket; by day',
  })
  expect(tightened(allowed, { fault: 'none in time' })).toMatchObject({
    effect: 'deny',
    reason: 'the gate of the policy gave no answer, which is a denial: none in time',
  })
  expect(tightened(allowed, requires(2, 'lead')).obligations.approvals).toEqual([
    { by: 'gate', count: 2, from: ['lead'], distinct: 'person', notRequester: true, notRunner: false },
  ])
})
