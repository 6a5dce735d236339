import { describe, expect, test } from 'vitest'
import { planDigest, requireIntact } from '../../../src/change/plan/make-plan.ts'
import { type Plan, type PlanContent, parsePlan, planSchema } from '../../../src/change/plan/plan.ts'
import { planFileText } from '../../../src/change/plan/stored-plan.ts'
import type { Json } from '../../../src/model/json.ts'
import { DEFINITION, EVIDENCE, evidenceOf, merge, planOf, VLAN_120 } from './material.ts'

/** Every value that differs from `value` in exactly one leaf, with the path of that leaf. */
function slightly(value: Json, path = ''): [string, Json][] {
  if (Array.isArray(value)) {
    const items = value as readonly Json[]
    return [
      [`${path}[]`, [...items, 'more']],
      ...items.flatMap((item, index) =>
        slightly(item, `${path}[${index}]`).map(([at, other]): [string, Json] => [at, items.with(index, other)]),
      ),
    ]
  }
  if (typeof value === 'object' && value !== null) {
    return Object.entries(value).flatMap(([key, member]) =>
      slightly(member, `${path}.${key}`).map(([at, other]): [string, Json] => [at, { ...value, [key]: other }]),
    )
  }
  return [[path, other(value)]]
}

function other(value: string | number | boolean | null): Json {
  if (typeof value === 'string') return `${value}x`
  if (typeof value === 'number') return value + 1
  return value === null ? 'x' : !value
}

const slightlyOther = (plan: Plan): [string, PlanContent][] =>
  slightly(plan.content as unknown as Json).map(([path, content]) => [path, content as unknown as PlanContent])

test('a plan file is read as its schema reads the whole, to the order of its members', () => {
  const text = planFileText(planOf())
  const read = parsePlan(text, 'a.plan')
  if (!read.ok) throw new Error(JSON.stringify(read.problems))
  expect(JSON.stringify(read.value)).toBe(JSON.stringify(planSchema([]).parse(JSON.parse(text))))
  expect(Object.keys(read.value.evidence.state).length).toBeGreaterThan(1)
})

test.each<[string, (plan: Record<string, Json>) => unknown, string]>([
  [
    'of a state that is no object',
    (plan) => ({ ...plan, evidence: { ...(plan.evidence as object), state: [] } }),
    'evidence.state',
  ],
  ['without evidence', ({ evidence: _, ...plan }) => plan, 'evidence'],
  [
    'with another member beside the state',
    (plan) => ({ ...plan, evidence: { ...(plan.evidence as object), more: 1 } }),
    'more',
  ],
])('a plan %s is refused with its place', (_, alter, named) => {
  const read = parsePlan(JSON.stringify(alter(JSON.parse(planFileText(planOf()))), null, 2), 'a.plan')
  const problems = read.ok ? [] : read.problems
  expect(problems.map(({ message }) => message).join('\n')).toContain(named)
  expect(problems.every(({ at }) => at.file === 'a.plan' && at.line > 0)).toBe(true)
})

describe('the digest of a plan', () => {
  test('is the same whenever somebody plans, and another for somebody else', () => {
    const createdAt = '2027-12-31T23:59:59.000Z'
    const requester = { ...DEFINITION.requester, authenticatedAt: createdAt }
    expect(planOf({ requester, createdAt }).digest).toBe(planOf().digest)
    const bob = { issuer: 'local', id: 'local:1001:bob@noc2', kind: 'service', auth: 'os' } as const
    const other = planOf({ requester: bob })
    expect(other.digest).not.toBe(planOf().digest)
    expect(other.content.requesters).toEqual([bob])
  })

  test('does not depend on the order in which the switches answered with their own diffs', () => {
    const said = EVIDENCE.map((one) => ({ ...one, staged: { ...one.staged, diff: '--- other dialect\n+++ of EOS\n' } }))
    expect(planOf({}, said).digest).toBe(planOf().digest)
  })

  test('is the same for a running-config that differs in volatile lines only', () => {
    const restarted = EVIDENCE.map((one) => ({
      ...one,
      staged: { ...one.staged, running: `! Last configuration change at Mon Jan  5\n${one.staged.running}` },
    }))
    expect(planOf({}, restarted).digest).toBe(planOf().digest)
  })

  test('changes with every single value of the content', () => {
    const plan = planOf()
    const others = slightlyOther(plan)
    expect(others.length).toBeGreaterThan(120)
    const digests = others.map(([, content]) => planDigest(content))
    expect(digests.filter((digest) => digest === plan.digest)).toEqual([])
    expect(new Set(digests).size).toBe(others.length)
  })

  test('is asked before a plan is used: one other value, and the plan is stale', () => {
    const plan = planOf()
    expect(requireIntact(plan)).toBe(plan)
    for (const [path, content] of slightlyOther(plan)) {
      expect(() => requireIntact({ ...plan, content }), path).toThrow('does not match its digest')
    }
  })

  test('holds the state that the checks compare with, and no other evidence', () => {
    const plan = planOf()
    const state = { ...plan.evidence.state, leaf1: { vlan: { '110': 'OTHER' } } }
    expect(() => requireIntact({ ...plan, evidence: { ...plan.evidence, state } })).toThrow('does not match')
    const evidence = { ...plan.evidence, createdAt: '', warnings: [], deviceDiffs: {} }
    expect(requireIntact({ ...plan, evidence }).digest).toBe(plan.digest)
  })

  test('survives the plan file, in whatever order its members are', () => {
    const plan = planOf()
    const reversed = JSON.stringify(plan, (_key, value: unknown) =>
      typeof value === 'object' && value !== null && !Array.isArray(value)
        ? Object.fromEntries(Object.entries(value).toReversed())
        : value,
    )
    const read = parsePlan(reversed, 'p.plan')
    expect(read.ok && requireIntact(read.value).digest).toBe(plan.digest)
  })

  test.each([
    ['another key', () => planOf({ key: 'a0'.repeat(32) })],
    ['a secret of the base', () => planOf({}, withRunning(/Can4rySnmpC0mmunity/, '0ther'))],
    ['a secret of the change', () => planOf({}, [evidenceOf(1, merge(...VLAN_120, 'snmp-server community N3w ro'))])],
  ])('changes with %s', (_name, other) => {
    const { digest } = other()
    expect(other().digest).toBe(digest)
    expect(digest).not.toBe(planOf().digest)
  })

  test('changes with a changed secret of the change that reads the same without secrets', () => {
    const community = (secret: string) => planOf({}, [evidenceOf(1, merge(`snmp-server community ${secret} ro`))])
    const [one, two] = [community('S3cret-0ne'), community('S3cret-tw0')]
    expect(one.content.devices[0]?.linesHmac).not.toBe(two.content.devices[0]?.linesHmac)
    expect(one.content.devices[0]?.diffHmac).not.toBe(two.content.devices[0]?.diffHmac)
    expect(one.digest).not.toBe(two.digest)
    expect([one, two].map(({ content: { devices } }) => devices[0]?.lines)).toEqual([
      ['snmp-server community <redacted:d8c3836a> ro'],
      ['snmp-server community <redacted:2e416221> ro'],
    ])
  })
})

function withRunning(from: RegExp, to: string): typeof EVIDENCE {
  return EVIDENCE.map((one) => ({ ...one, staged: { ...one.staged, running: one.staged.running.replace(from, to) } }))
}

describe('a plan', () => {
  test('keeps of its waves the switches that change', () => {
    expect(planOf().content.waves).toEqual([['leaf1'], ['leaf2']])
    expect(planOf({ rollout: { ...DEFINITION.rollout, waves: ['100%'] } }).content.waves).toEqual([['leaf1', 'leaf2']])
    expect(planOf({}, [evidenceOf(3, merge('vlan 110', '   name PROD-WEB'))]).content.waves).toEqual([])
  })

  test('refuses evidence of a switch that was not selected', () => {
    expect(() => planOf({ targets: DEFINITION.targets.slice(0, 2) })).toThrow('not selected: leaf3')
  })
})
