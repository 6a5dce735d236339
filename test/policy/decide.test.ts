import { describe, expect, test } from 'vitest'
import type { Principal, Scope } from '../../src/model/principal.ts'
import { decide, type PolicyDecision } from '../../src/policy/decide.ts'
import { type Policy, policyDigest } from '../../src/policy/policy.ts'
import { readPolicy } from '../../src/policy/read-policy.ts'
import type { PolicyRequest } from '../../src/policy/rule-match.ts'

/** A policy like the example of docs/policy.md, with what the table below needs besides. */
const TEXT = `version: 1
roles:
  operator:   { members: ["corp:group:netops"] }
  approver:   { members: ["corp:group:net-leads", "ssh:sub:bob@example.org"] }
  breakglass: { members: ["corp:sub:00u1"], maxAuthAgeSec: 300 }
  locals:     { members: ["local:1000:ann@box"] }
windows: { night: { tz: Europe/Berlin, days: [mo, tu, we, th], from: "22:00", to: "04:00" } }
freezes: [ { name: year-end, from: 2026-12-18T00:00:00Z, to: 2027-01-04T00:00:00Z } ]
rules:
  - { id: plan, allow: [plan.create, plan.read, task.snapshot, task.plan], to: [operator, "kind:agent", "kind:service"] }
  - id: leaf-change
    allow: [execution.start, task.push, task.confirm, task.rollback]
    to: [operator, "kind:service"]
    on: { tags: [leaf] }
    when: { window: night, noFreeze: true }
    require: { approvals: { count: 1, from: [approver], notRequester: true, maxAge: 4h } }
  - id: spine-change
    allow: [execution.start, task.push, task.confirm, task.rollback]
    to: [operator]
    on: { tags: ["role:spine"], maxConcurrent: 1 }
    when: { window: night, noFreeze: true }
    require: { approvals: { count: 2, from: [approver], distinct: person, notRequester: true, notRunner: true, maxAge: 2h } }
  - { id: border, deny: [task.push], to: ["kind:person", "kind:service"], on: { devices: ["border*"] } }
  - { id: golden, allow: [task.push], to: [operator], on: { workflows: ["workflows/golden-*.yaml"] }, require: { approvals: { count: 3 } } }
  - { id: approve, allow: [plan.approve, plan.reject], to: [approver], when: { maxAuthAgeSec: 900 } }
  - { id: local, allow: [plan.read], to: [locals] }
  - { id: careless, allow: [task.push, plan.approve], to: ["kind:agent"] }
  - id: break-glass
    allow: [breakglass.use, execution.start, task.push, task.confirm, task.rollback]
    to: [breakglass]
    when: { reason: ticket }
    effects: { notify: [secops], reviewWithin: 24h, maxTtl: 1h }
`

function policyOf(text: string): Policy {
  const read = readPolicy(text, 'policy.yaml')
  if (!read.ok) throw new Error(read.problems.map(({ message }) => message).join('\n'))
  return read.value
}

const POLICY = policyOf(TEXT)
const NIGHT = Date.parse('2026-03-02T23:00:00+01:00')
const DAY = Date.parse('2026-03-02T12:00:00+01:00')
const HOUR = 3_600_000

const who = (given: Partial<Principal>): Principal => ({
  issuer: 'corp',
  id: '00u9',
  kind: 'person',
  auth: 'oidc',
  ...given,
})
const OPERATOR = who({ id: '00u2', groups: ['netops'], authenticatedAt: '2026-03-02T21:59:00Z' })
const APPROVER = who({ id: '00u3', groups: ['net-leads'], authenticatedAt: '2026-03-02T21:50:00Z' })
const SERVICE = who({ issuer: 'github', id: 'repo:1', kind: 'service' })
const AGENT = who({ id: 'bot', kind: 'agent' })
const HERO = who({ id: '00u1', authenticatedAt: '2026-03-02T21:58:00Z' })
const LEAF = { name: 'leaf1', tags: { role: 'leaf' } }
const SPINE = { name: 'spine1', tags: { role: 'spine' } }

const ask = (principal: Principal, action: Scope, more: Partial<PolicyRequest> = {}): PolicyDecision =>
  decide(POLICY, { principal, action, devices: [], at: NIGHT, ...more })

type Row = readonly [string, Principal, Scope, Partial<PolicyRequest>, PolicyDecision['ground'], readonly string[]]

const ROWS: readonly Row[] = [
  ['an operator plans', OPERATOR, 'plan.create', {}, 'allowed', ['plan']],
  ['nobody of no role plans', who({}), 'plan.create', {}, 'no-rule', []],
  [
    'a group of another issuer is another group',
    who({ issuer: 'other', groups: ['netops'] }),
    'plan.create',
    {},
    'no-rule',
    [],
  ],
  ['an operator pushes to a leaf at night', OPERATOR, 'task.push', { devices: [LEAF] }, 'allowed', ['leaf-change']],
  ['not by day', OPERATOR, 'task.push', { devices: [LEAF], at: DAY }, 'closed', ['leaf-change']],
  [
    'by day what is live goes on',
    OPERATOR,
    'task.confirm',
    { devices: [LEAF], at: DAY, underway: true },
    'allowed',
    ['leaf-change'],
  ],
  [
    'the window holds the whole change',
    OPERATOR,
    'task.push',
    { devices: [LEAF], lasts: 5 * HOUR },
    'allowed',
    ['leaf-change'],
  ],
  ['or it is closed', OPERATOR, 'task.push', { devices: [LEAF], lasts: 5 * HOUR + 1 }, 'closed', ['leaf-change']],
  [
    'in a freeze',
    OPERATOR,
    'task.push',
    { devices: [LEAF], at: Date.parse('2026-12-21T23:00:00+01:00') },
    'closed',
    ['leaf-change'],
  ],
  ['a switch without the tag', OPERATOR, 'task.push', { devices: [{ name: 'x', tags: {} }] }, 'no-rule', []],
  ['no switch at all', OPERATOR, 'task.push', {}, 'no-rule', []],
  [
    'the tag of another name',
    OPERATOR,
    'task.push',
    { devices: [{ name: 'x', tags: { was: 'spine' } }] },
    'no-rule',
    [],
  ],
  [
    'one of two switches is denied',
    OPERATOR,
    'task.push',
    { devices: [LEAF, { name: 'border1', tags: { role: 'leaf' } }] },
    'denied',
    ['border'],
  ],
  ['one of two switches nobody allows', SERVICE, 'task.push', { devices: [LEAF, SPINE] }, 'no-rule', []],
  [
    'a denial is for whom it is for',
    AGENT,
    'plan.create',
    { devices: [{ name: 'border1', tags: {} }] },
    'allowed',
    ['plan'],
  ],
  ['a service changes leaves', SERVICE, 'task.push', { devices: [LEAF] }, 'allowed', ['leaf-change']],
  [
    'a service never approves',
    who({ kind: 'service', groups: ['net-leads'] }),
    'plan.approve',
    {},
    'denied',
    ['builtin-no-service-approval'],
  ],
  ['an agent plans', AGENT, 'plan.create', {}, 'allowed', ['plan']],
  [
    'an agent never pushes, whatever a rule says',
    AGENT,
    'task.push',
    { devices: [LEAF] },
    'denied',
    ['builtin-no-agent'],
  ],
  [
    'an agent never approves',
    who({ kind: 'agent', groups: ['net-leads'] }),
    'plan.approve',
    {},
    'denied',
    ['builtin-no-agent'],
  ],
  [
    'an agent never breaks the glass',
    who({ id: '00u1', kind: 'agent' }),
    'execution.start',
    { devices: [LEAF], breakGlass: { reason: 'INC-1', since: NIGHT } },
    'denied',
    ['builtin-no-agent'],
  ],
  [
    'an agent for an operator',
    { ...AGENT, onBehalfOf: { issuer: 'corp', id: '00u2', groups: ['netops'] } },
    'plan.create',
    {},
    'allowed',
    ['plan'],
  ],
  [
    'an agent for nobody of a role',
    { ...AGENT, onBehalfOf: { issuer: 'corp', id: '00u9' } },
    'plan.create',
    {},
    'no-rule',
    [],
  ],
  ['an approver who has just logged in', APPROVER, 'plan.approve', { devices: [LEAF] }, 'allowed', ['approve']],
  [
    'an approver who logged in 15 min and 1 s ago',
    { ...APPROVER, authenticatedAt: '2026-03-02T21:44:59Z' },
    'plan.approve',
    {},
    'condition',
    ['approve'],
  ],
  [
    'an approver of whom nobody knows when',
    who({ groups: ['net-leads'] }),
    'plan.approve',
    {},
    'condition',
    ['approve'],
  ],
  [
    'an SSH signer',
    who({ issuer: 'ssh', id: 'bob@example.org', auth: 'ssh', authenticatedAt: '2026-03-02T22:00:00Z' }),
    'plan.approve',
    {},
    'allowed',
    ['approve'],
  ],
  [
    'a local identity',
    who({ issuer: 'local', id: 'local:1000:ann@box', auth: 'os' }),
    'plan.read',
    {},
    'allowed',
    ['local'],
  ],
  [
    'the same words from another issuer',
    who({ issuer: 'corp', id: 'local:1000:ann@box' }),
    'plan.read',
    {},
    'no-rule',
    [],
  ],
  [
    'a rule about a workflow',
    OPERATOR,
    'task.push',
    { workflow: 'workflows/golden-path.yaml', at: DAY },
    'allowed',
    ['golden'],
  ],
  ['and another workflow', OPERATOR, 'task.push', { workflow: 'golden-path.yaml' }, 'no-rule', []],
  [
    'the glass is broken by day',
    HERO,
    'task.push',
    { devices: [SPINE], at: NIGHT, breakGlass: { reason: 'INC-4711', since: NIGHT } },
    'allowed',
    ['break-glass'],
  ],
  [
    'with no ticket',
    HERO,
    'task.push',
    { devices: [SPINE], breakGlass: { reason: 'because', since: NIGHT } },
    'condition',
    ['break-glass'],
  ],
  [
    'with too long a ticket',
    HERO,
    'task.push',
    { devices: [SPINE], breakGlass: { reason: 'INC-12345678901', since: NIGHT } },
    'condition',
    ['break-glass'],
  ],
  [
    'for more than an hour',
    HERO,
    'task.push',
    { devices: [SPINE], at: NIGHT, breakGlass: { reason: 'INC-1', since: NIGHT - HOUR - 1 } },
    'condition',
    ['break-glass'],
  ],
  ['unbroken, the rule is not there', HERO, 'task.push', { devices: [SPINE] }, 'no-rule', []],
  [
    'by whose login is 5 min and 1 s old',
    { ...HERO, authenticatedAt: '2026-03-02T21:54:59Z' },
    'breakglass.use',
    { breakGlass: { reason: 'INC-1', since: NIGHT } },
    'no-rule',
    [],
  ],
  [
    'an operator breaks nothing: the usual rules hold',
    OPERATOR,
    'task.push',
    { devices: [LEAF], breakGlass: { reason: 'INC-1', since: NIGHT } },
    'allowed',
    ['leaf-change'],
  ],
  [
    'what the glass is not for goes by the usual rules',
    { ...HERO, groups: ['netops'] },
    'task.plan',
    { breakGlass: { reason: 'INC-1', since: NIGHT } },
    'allowed',
    ['plan'],
  ],
]

describe('the table of decisions', () => {
  test.each(ROWS)('%s', (_name, principal, action, more, ground, rules) => {
    const decision = ask(principal, action, more)
    expect({ ground: decision.ground, rules: decision.rules }).toEqual({ ground, rules })
    expect(decision.effect).toBe(ground === 'allowed' ? 'allow' : 'deny')
    expect(decision.reason).not.toBe('')
  })

  test('has all its rows', () => expect(ROWS.length).toBe(39))
})

describe('what is demanded besides', () => {
  test('is the union of what all rules demand that allow it, on all its switches', () => {
    const { obligations } = ask(OPERATOR, 'task.push', { devices: [LEAF, SPINE], workflow: 'workflows/golden-1.yaml' })
    expect(obligations.approvals.map(({ by, count, maxAge }) => [by, count, maxAge])).toEqual([
      ['leaf-change', 1, 4 * HOUR],
      ['golden', 3, undefined],
      ['spine-change', 2, 2 * HOUR],
    ])
    expect(obligations.approvals[2]).toEqual({
      by: 'spine-change',
      count: 2,
      from: ['approver'],
      distinct: 'person',
      notRequester: true,
      notRunner: true,
      maxAge: 2 * HOUR,
    })
    expect(obligations.concurrency).toEqual([{ by: 'spine-change', most: 1, devices: ['spine1'] }])
  })

  test('is nothing of a rule whose conditions do not hold', () => {
    const { obligations } = ask(OPERATOR, 'task.push', {
      devices: [LEAF],
      workflow: 'workflows/golden-1.yaml',
      at: DAY,
    })
    expect(obligations.approvals.map(({ by }) => by)).toEqual(['golden'])
  })

  test('a broken glass demands none, though another rule allows it with some', () => {
    const hero = { ...HERO, groups: ['netops'] }
    const decision = ask(hero, 'task.push', { devices: [LEAF], breakGlass: { reason: 'CHG-1', since: NIGHT } })
    expect(decision.obligations).toEqual({ approvals: [], concurrency: [] })
    expect(decision.emergency).toEqual({ notify: ['secops'], reviewWithin: 86_400, maxTtl: 3600 })
  })

  const emergencyOn = (tag: string, more: string): string =>
    `  - { id: fire-${tag}, allow: [breakglass.use, task.push], to: [breakglass], on: { tags: [${tag}]${more} }, when: { reason: ticket }, effects: { notify: [${tag}-team], maxTtl: ${tag === 'leaf' ? '1h' : '10m'} } }\n`

  test('a glass that is broken for several switches tells everyone, and lasts as long as the shortest says', () => {
    const text = TEXT.replace(/ {2}- id: break-glass[\s\S]*$/, emergencyOn('leaf', '') + emergencyOn('spine', ''))
    const request = {
      principal: HERO,
      action: 'task.push',
      at: NIGHT,
      breakGlass: { reason: 'INC-1', since: NIGHT },
    } as const
    const { emergency } = decide(policyOf(text), { ...request, devices: [LEAF, SPINE] })
    expect(emergency).toEqual({ notify: ['leaf-team', 'spine-team'], maxTtl: 600 })
  })

  test('a broken glass goes past approvals and windows, not past how many switches are changed at a time', () => {
    const text = TEXT.replace(/ {2}- id: break-glass[\s\S]*$/, emergencyOn('spine', ', maxConcurrent: 1'))
    const request = {
      principal: HERO,
      action: 'task.push',
      at: NIGHT,
      breakGlass: { reason: 'INC-1', since: NIGHT },
    } as const
    const { obligations } = decide(policyOf(text), { ...request, devices: [SPINE] })
    expect(obligations).toEqual({ approvals: [], concurrency: [{ by: 'fire-spine', most: 1, devices: ['spine1'] }] })
  })
})

test('a reason says who, what, where, and for a closed window when it opens', () => {
  expect(ask(OPERATOR, 'task.push', { devices: [LEAF], at: DAY }).reason).toBe(
    'nothing allows corp:sub:00u2 task.push on leaf1 now: `leaf-change`: the window `night` is not open; it opens at 2026-03-02T21:00:00.000Z',
  )
  expect(ask(who({}), 'task.push', { devices: [LEAF, SPINE] }).reason).toBe(
    'no rule allows corp:sub:00u9 task.push on leaf1, and the same on 1 more switch',
  )
})

test('a rule that is closed now is named, and not one beside it that waiting does not fulfil', () => {
  const text = `${TEXT}  - { id: fresh, allow: [task.push], to: [operator], on: { tags: [leaf] }, when: { maxAuthAgeSec: 1 } }\n`
  const request = { principal: OPERATOR, action: 'task.push', devices: [LEAF], at: NIGHT, lasts: 5 * HOUR + 1 } as const
  expect(decide(policyOf(text), request)).toMatchObject({
    ground: 'closed',
    rules: ['leaf-change'],
    reason:
      'nothing allows corp:sub:00u2 task.push on leaf1 now: `leaf-change`: the window `night` is not open long enough for 301 min; it opens at 2026-03-03T21:00:00.000Z',
  })
})

test('whoever an agent acts for is a person who has logged in when the agent has', () => {
  const policy = policyOf(`version: 1
rules:
  - { id: bots, allow: [plan.read], to: ["kind:agent"] }
  - { id: people, allow: [plan.read], to: ["kind:person"], when: { maxAuthAgeSec: 900 } }
`)
  const agent = { ...AGENT, onBehalfOf: { issuer: 'corp', id: '00u2' } }
  const asked = (principal: Principal) => decide(policy, { principal, action: 'plan.read', devices: [], at: NIGHT })
  expect(asked({ ...agent, authenticatedAt: '2026-03-02T21:45:00Z' })).toMatchObject({
    ground: 'allowed',
    rules: ['bots', 'people'],
  })
  expect(asked({ ...agent, authenticatedAt: '2026-03-02T21:44:59.999Z' }).ground).toBe('condition')
  expect(asked(agent).ground).toBe('condition')
})

test('how a decision must be proved is demanded with it', () => {
  const policy = policyOf(TEXT.replace('count: 3', 'count: 3, proof: [passkey]'))
  const request = { principal: OPERATOR, action: 'task.push', devices: [LEAF], at: DAY } as const
  expect(decide(policy, { ...request, workflow: 'workflows/golden-1.yaml' }).obligations.approvals).toEqual([
    { by: 'golden', count: 3, from: [], distinct: 'person', notRequester: false, notRunner: false, proof: ['passkey'] },
  ])
})

test('what cannot be evaluated is denied', () => {
  const broken = { ...POLICY, windows: { night: { ...POLICY.windows.night, tz: 'Nowhere/None' } } } as Policy
  const decision = decide(broken, { principal: OPERATOR, action: 'task.push', devices: [LEAF], at: NIGHT })
  expect(decision).toMatchObject({ effect: 'deny', ground: 'condition', rules: [] })
  expect(decision.reason).toMatch(/which is a denial: Invalid time zone specified: Nowhere\/None$/)
})

test('the digest covers what decides, and the files of signers and passkeys; not the tests', () => {
  const digest = policyDigest(POLICY, null)
  expect(
    policyDigest(
      policyOf(`${TEXT}tests: [ { name: t, given: { who: {}, action: plan.read }, expect: deny } ]\n`),
      null,
    ),
  ).toBe(digest)
  expect(policyDigest(policyOf(TEXT.replace('count: 2', 'count: 1')), null)).not.toBe(digest)
  expect(policyDigest(policyOf(TEXT.replace('net-leads', 'netops')), null)).not.toBe(digest)
  const trust = 'bob ssh-ed25519 AAAA'
  const others = [policyDigest(POLICY, trust), policyDigest(POLICY, null, trust), policyDigest(POLICY, trust, trust)]
  const proved = TEXT.replace('count: 2', 'count: 2, proof: [passkey]')
  expect(new Set([digest, ...others, policyDigest(policyOf(proved), null)]).size).toBe(5)
  // A project without passkeys has the digest that it had.
  expect(policyDigest(POLICY, trust, null)).toBe(others[0])
})

describe('many switches', () => {
  const fleet = ['leaf1', 'spine1', 'leaf2', 'leaf3', 'border1', 'spine2'].map((name) => ({
    name,
    tags: { role: name.startsWith('spine') ? 'spine' : 'leaf' },
  }))

  test('are decided about alike where the same rules are about them, and every one is counted', () => {
    const all = ask(OPERATOR, 'task.confirm', { devices: fleet })
    expect(all.rules).toEqual(['leaf-change', 'spine-change'])
    expect(all.reason).toBe('`leaf-change` allows corp:sub:00u2 task.confirm on leaf1, and the same on 5 more switches')
    expect(all.obligations.approvals.map(({ by, count }) => `${by} ${count}`)).toEqual([
      'leaf-change 1',
      'spine-change 2',
    ])
    expect(all.obligations.concurrency).toEqual([{ by: 'spine-change', most: 1, devices: ['spine1', 'spine2'] }])
  })

  test('are denied for the one that another rule is about', () => {
    const denied = ask(OPERATOR, 'task.push', { devices: fleet })
    expect(denied).toMatchObject({ effect: 'deny', ground: 'denied', rules: ['border'] })
    expect(denied.reason).toContain('task.push on border1')
  })

  test('are looked at anew under another policy and for another workflow', () => {
    const golden = { devices: fleet.slice(0, 1), workflow: 'workflows/golden-1.yaml' }
    expect(ask(OPERATOR, 'task.push', golden).rules).toEqual(['leaf-change', 'golden'])
    expect(ask(OPERATOR, 'task.push', { ...golden, workflow: 'other.yaml' }).rules).toEqual(['leaf-change'])
    const edited = policyOf(TEXT.replace('"border*"', '"leaf*"'))
    const request = { principal: OPERATOR, action: 'task.push', at: NIGHT, ...golden } as const
    expect(decide(edited, request).rules).toEqual(['border'])
  })

  test('that were alike for one workflow are kept apart for another', () => {
    const rule = '  - { id: two, deny: [task.push], to: [operator], on: { devices: [leaf2], workflows: [b.yaml] } }\n'
    const policy = policyOf(`${TEXT}${rule}`)
    const request = {
      principal: OPERATOR,
      action: 'task.push',
      at: NIGHT,
      devices: fleet.filter(({ name }) => /^leaf[123]$/.test(name)),
    } as const
    expect(decide(policy, { ...request, workflow: 'a.yaml' }).effect).toBe('allow')
    expect(decide(policy, { ...request, workflow: 'b.yaml' })).toMatchObject({ effect: 'deny', rules: ['two'] })
  })
})
