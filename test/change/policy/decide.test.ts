import { describe, expect, test } from 'vitest'
import { decide, type PolicyDecision, type PolicyRequest } from '../../../src/change/policy/decide.ts'
import { type Policy, policyDigest } from '../../../src/change/policy/policy.ts'
import { readPolicy } from '../../../src/change/policy/read-policy.ts'
import type { Principal, Scope } from '../../../src/model/principal.ts'
import { rowsOf } from '../../table.ts'

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

const glass = (reason: string, since = NIGHT): Partial<PolicyRequest> => ({ breakGlass: { reason, since } })

/** Who asks in the table below. */
const PEOPLE: Readonly<Record<string, Principal>> = {
  operator: OPERATOR,
  approver: APPROVER,
  service: SERVICE,
  agent: AGENT,
  hero: HERO,
  stranger: who({}),
  'operator of another issuer': who({ issuer: 'other', groups: ['netops'] }),
  'service in the group': who({ kind: 'service', groups: ['net-leads'] }),
  'agent in the group': who({ kind: 'agent', groups: ['net-leads'] }),
  'agent hero': who({ id: '00u1', kind: 'agent' }),
  'agent for an operator': { ...AGENT, onBehalfOf: { issuer: 'corp', id: '00u2', groups: ['netops'] } },
  'agent for a stranger': { ...AGENT, onBehalfOf: { issuer: 'corp', id: '00u9' } },
  'approver, a second late': { ...APPROVER, authenticatedAt: '2026-03-02T21:44:59Z' },
  'approver without a time': who({ groups: ['net-leads'] }),
  'SSH signer': who({ issuer: 'ssh', id: 'bob@example.org', auth: 'ssh', authenticatedAt: '2026-03-02T22:00:00Z' }),
  'local user': who({ issuer: 'local', id: 'local:1000:ann@box', auth: 'os' }),
  'the same words': who({ issuer: 'corp', id: 'local:1000:ann@box' }),
  'hero, a second late': { ...HERO, authenticatedAt: '2026-03-02T21:54:59Z' },
  'hero who operates': { ...HERO, groups: ['netops'] },
}

/** What they ask for: parts of a request, several of them with commas. */
const REQUESTS: Readonly<Record<string, Partial<PolicyRequest>>> = {
  '': {},
  leaf: { devices: [LEAF] },
  spine: { devices: [SPINE] },
  both: { devices: [LEAF, SPINE] },
  'a leaf and a border': { devices: [LEAF, { name: 'border1', tags: { role: 'leaf' } }] },
  border: { devices: [{ name: 'border1', tags: {} }] },
  'no tag': { devices: [{ name: 'x', tags: {} }] },
  'another tag': { devices: [{ name: 'x', tags: { was: 'spine' } }] },
  'by day': { at: DAY },
  live: { underway: true },
  '5 h': { lasts: 5 * HOUR },
  '5 h 1 ms': { lasts: 5 * HOUR + 1 },
  frozen: { at: Date.parse('2026-12-21T23:00:00+01:00') },
  golden: { workflow: 'workflows/golden-path.yaml' },
  'not golden': { workflow: 'golden-path.yaml' },
  ticket: glass('INC-4711'),
  'no ticket': glass('because'),
  'too long a ticket': glass('INC-12345678901'),
  'an hour ago': glass('INC-1', NIGHT - HOUR - 1),
}

const ROWS = rowsOf(`
an operator plans                               || operator                   || plan.create     ||                     || allowed   || plan
nobody of no role plans                         || stranger                   || plan.create     ||                     || no-rule   ||
a group of another issuer is another group      || operator of another issuer || plan.create     ||                     || no-rule   ||
an operator pushes to a leaf at night           || operator                   || task.push       || leaf                || allowed   || leaf-change
not by day                                      || operator                   || task.push       || leaf, by day        || closed    || leaf-change
by day what is live goes on                     || operator                   || task.confirm    || leaf, by day, live  || allowed   || leaf-change
the window holds the whole change               || operator                   || task.push       || leaf, 5 h           || allowed   || leaf-change
or it is closed                                 || operator                   || task.push       || leaf, 5 h 1 ms      || closed    || leaf-change
in a freeze                                     || operator                   || task.push       || leaf, frozen        || closed    || leaf-change
a switch without the tag                        || operator                   || task.push       || no tag              || no-rule   ||
no switch at all                                || operator                   || task.push       ||                     || no-rule   ||
the tag of another name                         || operator                   || task.push       || another tag         || no-rule   ||
one of two switches is denied                   || operator                   || task.push       || a leaf and a border || denied    || border
one of two switches nobody allows               || service                    || task.push       || both                || no-rule   ||
a denial is for whom it is for                  || agent                      || plan.create     || border              || allowed   || plan
a service changes leaves                        || service                    || task.push       || leaf                || allowed   || leaf-change
a service never approves                        || service in the group       || plan.approve    ||                     || denied    || builtin-no-service-approval
an agent plans                                  || agent                      || plan.create     ||                     || allowed   || plan
an agent never pushes, whatever a rule says     || agent                      || task.push       || leaf                || denied    || builtin-no-agent
an agent never approves                         || agent in the group         || plan.approve    ||                     || denied    || builtin-no-agent
an agent never breaks the glass                 || agent hero                 || execution.start || leaf, ticket        || denied    || builtin-no-agent
an agent for an operator                        || agent for an operator      || plan.create     ||                     || allowed   || plan
an agent for nobody of a role                   || agent for a stranger       || plan.create     ||                     || no-rule   ||
an approver who has just logged in              || approver                   || plan.approve    || leaf                || allowed   || approve
an approver who logged in 15 min and 1 s ago    || approver, a second late    || plan.approve    ||                     || condition || approve
an approver of whom nobody knows when           || approver without a time    || plan.approve    ||                     || condition || approve
an SSH signer                                   || SSH signer                 || plan.approve    ||                     || allowed   || approve
a local identity                                || local user                 || plan.read       ||                     || allowed   || local
the same words from another issuer              || the same words             || plan.read       ||                     || no-rule   ||
a rule about a workflow                         || operator                   || task.push       || golden, by day      || allowed   || golden
and another workflow                            || operator                   || task.push       || not golden          || no-rule   ||
the glass is broken by day                      || hero                       || task.push       || spine, ticket       || allowed   || break-glass
with no ticket                                  || hero                       || task.push       || spine, no ticket    || condition || break-glass
with too long a ticket                          || hero                       || task.push       || spine, too long a ticket || condition || break-glass
for more than an hour                           || hero                       || task.push       || spine, an hour ago  || condition || break-glass
unbroken, the rule is not there                 || hero                       || task.push       || spine               || no-rule   ||
by whose login is 5 min and 1 s old             || hero, a second late        || breakglass.use  || ticket              || no-rule   ||
an operator breaks nothing: the usual rules hold || operator                  || task.push       || leaf, ticket        || allowed   || leaf-change
what the glass is not for goes by the usual rules || hero who operates        || task.plan       || ticket              || allowed   || plan
`)

/** What a cell of the table names. */
function meant<T>(table: Readonly<Record<string, T>>, name: string): T {
  const found = table[name]
  if (found === undefined) throw new Error(`the table has nothing called ${name}`)
  return found
}

describe('the table of decisions', () => {
  test.each(ROWS)('%s', (_name, person = '', action, request = '', ground, rule) => {
    const parts = request.split(', ').map((part) => meant(REQUESTS, part))
    const decision = ask(meant(PEOPLE, person), action as Scope, Object.assign({}, ...parts))
    expect([decision.ground, decision.rules.join()]).toEqual([ground, rule])
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

  const emergencyOn = (tag: string, more: string) =>
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
