import { describe, expect, test } from 'vitest'
import type { Principal, Scope } from '../../src/model/principal.ts'
import type { ReadChange, ReadLine } from '../../src/policy/change-match.ts'
import { decide } from '../../src/policy/decide.ts'
import { explain, rulesReading } from '../../src/policy/explain.ts'
import type { Policy } from '../../src/policy/policy.ts'
import { readPolicy } from '../../src/policy/read-policy.ts'
import type { PolicyRequest } from '../../src/policy/rule-match.ts'

const HEAD = `version: 1
roles:
  operator: { members: ["corp:group:netops"] }
  lead:     { members: ["corp:group:leads"] }
windows:
  night: { tz: UTC, days: [mo, tu, we, th, fr, sa, su], from: "22:00", to: "04:00" }
  day:   { tz: UTC, days: [mo, tu, we, th, fr, sa, su], from: "08:00", to: "17:00" }
rules:
  - id: leaf-change
    allow: [execution.start, task.push, task.confirm, task.rollback]
    to: [operator, lead]
    on: { tags: ["role:leaf"] }
    require: { approvals: { count: 2, from: [lead], notRequester: true } }
  - id: spine-change
    allow: [execution.start, task.push, task.confirm, task.rollback]
    to: [operator, lead]
    on: { tags: ["role:spine"] }
    require: { approvals: { count: 2, from: [lead], notRequester: true } }
`

const LESS = `  - id: standard
    allow: [execution.start, task.push, task.confirm, task.rollback]
    to: [operator]
    on: { tags: ["role:leaf"], change: { kinds: [vlan, interface.description] } }
    instead: [leaf-change]
    require: { approvals: { count: 1, notRequester: true } }
`

const MORE = `  - id: bgp
    allow: [task.push]
    to: [lead]
    on: { change: { kinds: [router-bgp] } }
    when: { window: night }
    require: { approvals: { count: 3 } }
`

function policyOf(text: string): Policy {
  const read = readPolicy(text, 'policy.yaml')
  if (!read.ok) throw new Error(read.problems.map(({ message }) => message).join('\n'))
  return read.value
}

const who = (...groups: string[]): Principal => ({ issuer: 'corp', id: '1', kind: 'person', auth: 'oidc', groups })
const NOON = Date.parse('2026-03-02T12:00:00Z')
const NIGHT = Date.parse('2026-03-02T23:00:00Z')

const of = (kind: string | undefined, given: Partial<ReadLine> = {}): ReadLine => ({
  text: kind ?? 'foo',
  isKnown: kind !== undefined,
  removes: false,
  ...(kind === undefined ? {} : { kind }),
  ...given,
})

/** A change of leaf1, and of other switches where they are given. */
function change(
  lines: readonly ReadLine[],
  given: Partial<ReadChange> & { readonly size?: number; readonly others?: ReadChange['switches'] } = {},
): ReadChange {
  const { size = 1, others = new Map(), ...rest } = given
  return { switches: new Map([['leaf1', { lines, size }], ...others]), params: {}, ...rest }
}

const leaf1 = { name: 'leaf1', tags: { role: 'leaf' } }
const spine1 = { name: 'spine1', tags: { role: 'spine' } }

function asked(read: ReadChange | undefined, given: Partial<PolicyRequest> = {}): PolicyRequest {
  return {
    principal: who('netops'),
    action: 'task.push',
    devices: [leaf1],
    at: NOON,
    ...(read === undefined ? {} : { change: () => read }),
    ...given,
  }
}

const counts = (policy: Policy, request: PolicyRequest): string => {
  const { effect, ground, rules, obligations } = decide(policy, request)
  const demanded = obligations.approvals.map(({ by, count }) => `${by} ${count}`).join(', ')
  return effect === 'deny' ? `${ground} ${rules.join(', ')}`.trim() : `${rules.join(', ')}: ${demanded}`
}

describe('a rule that asks for less', () => {
  const policy = policyOf(HEAD + LESS)
  const spineVlan = new Map([['spine1', { lines: [of('vlan')], size: 1 }]])
  const spineBgp = new Map([['spine1', { lines: [of('router-bgp.neighbor')], size: 1 }]])
  const ROWS: readonly (readonly [
    what: string,
    read: ReadChange | undefined,
    result: string,
    given?: Partial<PolicyRequest>,
  ])[] = [
    ['a VLAN', change([of('vlan')]), 'standard: standard 1'],
    ['a VLAN and a description', change([of('vlan'), of('interface.description')]), 'standard: standard 1'],
    ['twenty lines', change([of('vlan')], { size: 20 }), 'standard: standard 1'],
    ['twenty-one lines', change([of('vlan')], { size: 21 }), 'leaf-change: leaf-change 2'],
    ['a VLAN that goes', change([of('vlan', { removes: true })]), 'leaf-change: leaf-change 2'],
    ['one other line', change([of('vlan'), of('interface.shutdown')]), 'leaf-change: leaf-change 2'],
    ['a kind that begins alike', change([of('vlan-state')]), 'leaf-change: leaf-change 2'],
    ['a line of no kind', change([of('vlan'), of(undefined)]), 'leaf-change: leaf-change 2'],
    ['a line whose words nobody knows', change([of('vlan', { isKnown: false })]), 'leaf-change: leaf-change 2'],
    ['a plan with a warning', change([of('vlan')], { closed: 'the plan has a warning' }), 'leaf-change: leaf-change 2'],
    ['no plan', undefined, 'leaf-change: leaf-change 2'],
    ['another switch of the plan within it', change([of('vlan')], { others: spineVlan }), 'standard: standard 1'],
    [
      'another switch of the plan not within it',
      change([of('vlan')], { others: spineBgp }),
      'leaf-change: leaf-change 2',
    ],
    [
      'a switch that the rule is not about',
      change([of('vlan')], { others: spineVlan }),
      'standard, spine-change: standard 1, spine-change 2',
      { devices: [leaf1, spine1] },
    ],
    [
      'somebody whom the rule is not for',
      change([of('vlan')]),
      'leaf-change: leaf-change 2',
      { principal: who('leads') },
    ],
  ]
  test.each(ROWS.map(([what, read, result, given = {}]) => ({ what, read, result, given })))('$what', (row) => {
    expect(counts(policy, asked(row.read, row.given))).toBe(row.result)
  })

  test('no lines at all are within every kind: nothing is sent', () => {
    expect(counts(policy, asked(change([], { size: 0 })))).toBe('standard: standard 1')
  })

  const BY_DAY = LESS.replace('    instead', '    when: { window: day }\n    instead')
  const AT: readonly (readonly [what: string, given: Partial<PolicyRequest>, result: string])[] = [
    ['within its window', {}, 'standard: standard 1'],
    ['behind its window', { at: NIGHT }, 'leaf-change: leaf-change 2'],
    [
      'where the change does not fit into it',
      { at: NOON + 5 * 3_600_000 - 60_000, lasts: 120_000 },
      'leaf-change: leaf-change 2',
    ],
    ['what is demanded behind its window', { at: NIGHT, underway: 'demands' }, 'leaf-change: leaf-change 2'],
    ['what is demanded within its window', { underway: 'demands' }, 'standard: standard 1'],
    ['a change that was begun in it and is live', { at: NIGHT, underway: true }, 'standard: standard 1'],
  ]
  test.each(AT)('one with a window: %s', (_what, given, result) => {
    expect(counts(policyOf(HEAD + BY_DAY), asked(change([of('vlan')]), given))).toBe(result)
  })

  test('it allows by itself where nothing else does', () => {
    const closed = HEAD.replace(
      '    on: { tags: ["role:leaf"] }\n',
      '    on: { tags: ["role:leaf"] }\n    when: { window: night }\n',
    )
    const policy = policyOf(closed + LESS)
    expect(counts(policy, asked(change([of('vlan')])))).toBe('standard: standard 1')
    expect(counts(policy, asked(change([of('mlag')])))).toBe('closed leaf-change')
  })
})

describe('a rule that asks for more', () => {
  const policy = policyOf(HEAD + LESS + MORE)
  const bgp = change([of('vlan'), of('router-bgp.neighbor')])
  const ROWS: readonly (readonly [
    what: string,
    read: ReadChange | undefined,
    given: Partial<PolicyRequest>,
    result: string,
  ])[] = [
    ['its kind is not touched', change([of('vlan')]), {}, 'standard: standard 1'],
    [
      'it is touched by one line',
      bgp,
      { principal: who('leads'), at: NIGHT },
      'leaf-change, bgp: leaf-change 2, bgp 3',
    ],
    ['by somebody whom it does not allow', bgp, { at: NIGHT }, 'condition bgp'],
    ['behind its window', bgp, { principal: who('leads') }, 'closed bgp'],
    [
      'a line whose words nobody knows',
      change([of('router-bgp.other', { isKnown: false })]),
      { at: NIGHT },
      'condition bgp',
    ],
    ['another act', bgp, { action: 'task.confirm' as Scope }, 'leaf-change: leaf-change 2'],
    ['no plan is known, and something is sent', undefined, { at: NIGHT }, 'condition bgp'],
    [
      'no plan is known, and nothing is sent',
      undefined,
      { action: 'execution.start' as Scope },
      'leaf-change: leaf-change 2',
    ],
    [
      'it allows nothing by itself',
      change([of('router-bgp.block')]),
      { principal: who('leads'), at: NIGHT, devices: [{ name: 'x', tags: {} }] },
      'no-rule',
    ],
    [
      'another switch has the line',
      change([of('vlan')], { others: new Map([['spine1', { lines: [of('router-bgp.block')], size: 1 }]]) }),
      { principal: who('leads') },
      'leaf-change: leaf-change 2',
    ],
  ]
  test.each(ROWS)('%s', (_what, read, given, result) => {
    expect(counts(policy, asked(read, given))).toBe(result)
  })

  test('a broken glass goes past it, as past every demand', () => {
    const glass = `  - { id: glass, allow: [breakglass.use, task.push], to: [operator], when: { reason: ticket } }\n`
    const request = asked(bgp, { breakGlass: { reason: 'INC-1', since: NOON } })
    expect(counts(policyOf(HEAD + MORE + glass), request)).toBe('glass: ')
  })
})

describe('a rule that denies', () => {
  const policy =
    policyOf(`${HEAD}  - { id: no-bgp, deny: [task.push], to: [operator], on: { change: { kinds: [router-bgp], removes: true } } }
  - { id: no-unknown, deny: [task.push], to: [operator], on: { change: { kinds: [any] }, params: { vlan: [1, 4000-4094] } } }
`)
  const ROWS: readonly (readonly [what: string, read: ReadChange, result: string])[] = [
    ['a removed line of its kind', change([of('router-bgp.block', { removes: true })]), 'denied no-bgp'],
    ['an added one', change([of('router-bgp.block')]), 'leaf-change: leaf-change 2'],
    ['a parameter in its range', change([of('vlan')], { params: { vlan: 4000 } }), 'denied no-unknown'],
    ['one as a text', change([of('vlan')], { params: { vlan: '4094' } }), 'denied no-unknown'],
    ['one of several', change([of('vlan')], { params: { vlan: [2, 1] } }), 'denied no-unknown'],
    ['one in a text of several', change([of('vlan')], { params: { vlan: '20, 4000' } }), 'denied no-unknown'],
    ['one that is written out', change([of('vlan')], { params: { vlan: '1,20' } }), 'denied no-unknown'],
    ['a range that has some', change([of('vlan')], { params: { vlan: '3990-4001' } }), 'denied no-unknown'],
    ['a range beside them', change([of('vlan')], { params: { vlan: '2-3999' } }), 'leaf-change: leaf-change 2'],
    ['one in a record', change([of('vlan')], { params: { vlan: [{ id: 1 }] } }), 'denied no-unknown'],
    ['a name with its number', change([of('vlan')], { params: { vlan: 'v-1' } }), 'leaf-change: leaf-change 2'],
    [
      'a line of which a secret hides the kind',
      change([of(undefined, { isHidden: true })]),
      'leaf-change: leaf-change 2',
    ],
    [
      'a removed line of which a secret hides the kind',
      change([of(undefined, { isHidden: true, removes: true })]),
      'denied no-bgp',
    ],
    ['another one', change([of('vlan')], { params: { vlan: 2 } }), 'leaf-change: leaf-change 2'],
    ['a longer number', change([of('vlan')], { params: { vlan: 40_000 } }), 'leaf-change: leaf-change 2'],
    ['none', change([of('vlan')]), 'leaf-change: leaf-change 2'],
  ]
  test.each(ROWS)('%s', (_what, read, result) => {
    expect(counts(policy, asked(read))).toBe(result)
  })
})

describe('parameters of a rule that asks for less', () => {
  const policy = policyOf(
    HEAD +
      LESS.replace(
        'interface.description] }',
        'interface.description] }, params: { vlan: 2000-2999, site: ["fra*", 7] }',
      ),
  )
  const ROWS: readonly (readonly [params: ReadChange['params'], result: string])[] = [
    [{ vlan: 2000, site: 'fra1' }, 'standard: standard 1'],
    [{ vlan: [2000, 2999], site: 7 }, 'standard: standard 1'],
    [{ vlan: [2000, 3000], site: 'fra1' }, 'leaf-change: leaf-change 2'],
    [{ vlan: [], site: 'fra1' }, 'leaf-change: leaf-change 2'],
    [{ vlan: '2000-2999', site: 'fra1' }, 'leaf-change: leaf-change 2'],
    [{ vlan: 2000.5, site: 'fra1' }, 'leaf-change: leaf-change 2'],
    [{ vlan: { id: 2000 }, site: 'fra1' }, 'leaf-change: leaf-change 2'],
    [{ vlan: 2000 }, 'leaf-change: leaf-change 2'],
    [{ vlan: 2000, site: 'muc' }, 'leaf-change: leaf-change 2'],
  ]
  test.each(ROWS)('%j', (params, result) => {
    expect(counts(policy, asked(change([of('vlan')], { params })))).toBe(result)
  })
})

const WRONG: readonly (readonly [what: string, rule: string, problems: readonly string[]])[] = [
  [
    'no kinds',
    '{ id: r, allow: [task.push], to: [operator], instead: [leaf-change], require: { approvals: { notRequester: true } } }',
    ['19:50 open-rule'],
  ],
  [
    'parameters alone',
    '{ id: r, allow: [task.push], to: [operator], on: { params: { vlan: 1 } }, instead: [leaf-change], require: { approvals: { notRequester: true } } }',
    ['19:79 open-rule'],
  ],
  [
    'any kind',
    '{ id: r, allow: [task.push], to: [operator], on: { change: { kinds: [any] } }, instead: [leaf-change], require: { approvals: { notRequester: true } } }',
    ['19:66 open-rule'],
  ],
  [
    'below notRequester',
    '{ id: r, allow: [task.push], to: [operator], on: { change: { kinds: [vlan] } }, instead: [leaf-change] }',
    ['19:85 below-not-requester'],
  ],
  [
    'below notRequester by another demand',
    '{ id: r, allow: [task.push], to: [operator], on: { change: { kinds: [vlan] } }, instead: [leaf-change], require: { approvals: { count: 5 } } }',
    ['19:85 below-not-requester'],
  ],
  [
    'an unknown kind',
    '{ id: r, deny: [task.push], to: [operator], on: { change: { kinds: [vlam] } } }',
    ['19:73 unknown-kind'],
  ],
  [
    'an unknown rule',
    '{ id: r, allow: [task.push], to: [operator], on: { change: { kinds: [vlan] } }, instead: [leaf] }',
    ['19:95 unknown-rule'],
  ],
  [
    'itself',
    '{ id: r, allow: [task.push], to: [operator], on: { change: { kinds: [vlan] } }, instead: [r] }',
    ['19:95 unknown-rule'],
  ],
  [
    'a rule that denies, and has `instead`',
    '{ id: r, deny: [task.push], to: [operator], on: { change: { kinds: [vlan] } }, instead: [leaf-change], }',
    ['19:84 open-rule', '19:84 below-not-requester'],
  ],
  [
    'a limit that limits nothing',
    '{ id: r, deny: [task.push], to: [operator], on: { change: { maxLines: 3 } } }',
    ['19:65 idle-limit'],
  ],
  [
    'an act of which no plan is known',
    '{ id: r, allow: [plan.create], to: [operator], on: { change: { kinds: [vlan] } } }',
    ['19:14 change-unknown'],
  ],
  [
    'what puts a change back',
    '{ id: r, allow: [task.push, task.rollback], to: [operator], on: { change: { kinds: [vlan] } } }',
    ['19:14 change-unknown'],
  ],
  [
    'an empty range',
    '{ id: r, deny: [task.push], to: [operator], on: { params: { vlan: 20-10 } } }',
    ['19:65 empty-range'],
  ],
]

test.each(WRONG)('a policy is refused for %s', (_what, rule, problems) => {
  const read = readPolicy(`${HEAD}  - ${rule}\n`, 'policy.yaml')
  const found = read.ok ? [] : read.problems.map(({ at, code }) => `${at.line}:${at.column} ${code}`)
  expect(found).toEqual(problems)
})

test('each rule says what it makes of the change, in `policy explain` and in the plan', () => {
  const policy = policyOf(HEAD + LESS + MORE)
  const read = change([of('vlan')])
  expect(explain(policy, asked(read), leaf1).map(({ rule, comes, why }) => `${rule} ${comes}: ${why}`)).toEqual([
    'builtin-no-agent does-not-apply: it is for kind:agent, and not for operator, kind:person',
    'leaf-change does-not-apply: `standard` is asked instead',
    'spine-change does-not-apply: it is not about leaf1',
    'standard allows: every line is of vlan, interface.description; its conditions are met',
    'bgp does-not-apply: no line of the change is of router-bgp',
  ])
  const bgp = change([of('router-bgp.block')])
  expect(
    explain(policy, asked(bgp), leaf1)
      .slice(3)
      .map(({ rule, comes, why }) => `${rule} ${comes}: ${why}`),
  ).toEqual([
    'standard does-not-apply: leaf1: `router-bgp.block` is router-bgp.block',
    'bgp fails: `router-bgp.block` is router-bgp.block: it is for lead, and not for operator, kind:person',
  ])
  expect(rulesReading(policy, bgp, [leaf1], 'w.yaml')).toEqual([
    { rule: 'standard', matches: false, because: 'leaf1: `router-bgp.block` is router-bgp.block' },
    { rule: 'bgp', matches: true, because: '`router-bgp.block` is router-bgp.block' },
  ])
})
