import { describe, expect, test } from 'vitest'
import { decide, type PolicyRequest } from '../../../src/change/policy/decide.ts'
import { explain, rulesReading } from '../../../src/change/policy/explain.ts'
import type { Policy, ReadChange, ReadLine } from '../../../src/change/policy/policy.ts'
import { readPolicy } from '../../../src/change/policy/read-policy.ts'
import type { Principal, Scope } from '../../../src/model/principal.ts'
import { rowsOf } from '../../table.ts'

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

/** A line in a word: its kind; `-` removes it, `?` has words that nobody knows, and `*` is of no kind, `(*)` behind a secret. */
function line(word: string): ReadLine {
  const [, marks = '', kind = ''] = /^([-?]*)(.*)$/.exec(word) ?? []
  const given = { removes: marks.includes('-'), ...(kind === '(*)' ? { isHidden: true as const } : {}) }
  return of(kind.includes('*') ? undefined : kind, { ...given, ...(marks.includes('?') ? { isKnown: false } : {}) })
}

/** A change of leaf1 that has these lines, in words. */
const lines = (words: string, given: Parameters<typeof change>[1] = {}): ReadChange =>
  change(words === '' ? [] : words.split(' ').map(line), given)

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

const counts = (policy: Policy, request: PolicyRequest) => {
  const { effect, ground, rules, obligations } = decide(policy, request)
  const demanded = obligations.approvals.map(({ by, count }) => `${by} ${count}`).join(', ')
  return effect === 'deny' ? `${ground} ${rules.join(', ')}`.trim() : `${rules.join(', ')}: ${demanded}`
}

const LESS_ASKED = 'standard: standard 1'
const USUAL = 'leaf-change: leaf-change 2'

describe('a rule that asks for less', () => {
  const policy = policyOf(HEAD + LESS)
  const spineVlan = new Map([['spine1', { lines: [of('vlan')], size: 1 }]])
  const spineBgp = new Map([['spine1', { lines: [of('router-bgp.neighbor')], size: 1 }]])

  test.each(
    rowsOf(`
      a VLAN                              || vlan                       || standard: standard 1
      a VLAN and a description            || vlan interface.description || standard: standard 1
      a VLAN that goes                    || -vlan                      || leaf-change: leaf-change 2
      one other line                      || vlan interface.shutdown    || leaf-change: leaf-change 2
      a kind that begins alike            || vlan-state                 || leaf-change: leaf-change 2
      a line of no kind                   || vlan *                     || leaf-change: leaf-change 2
      a line whose words nobody knows     || ?vlan                      || leaf-change: leaf-change 2
      no lines at all, for nothing is sent ||                           || standard: standard 1
    `),
  )('%s', (_what, words = '', result) => {
    expect(counts(policy, asked(lines(words)))).toBe(result)
  })

  type Row = readonly [what: string, read: ReadChange | undefined, result: string, given?: Partial<PolicyRequest>]
  test.for<Row>([
    ['twenty lines', lines('vlan', { size: 20 }), LESS_ASKED],
    ['twenty-one lines', lines('vlan', { size: 21 }), USUAL],
    ['a plan with a warning', lines('vlan', { closed: 'the plan has a warning' }), USUAL],
    ['no plan', undefined, USUAL],
    ['another switch of the plan within it', lines('vlan', { others: spineVlan }), LESS_ASKED],
    ['another switch of the plan not within it', lines('vlan', { others: spineBgp }), USUAL],
    [
      'a switch that the rule is not about',
      lines('vlan', { others: spineVlan }),
      'standard, spine-change: standard 1, spine-change 2',
      { devices: [leaf1, spine1] },
    ],
    ['somebody whom the rule is not for', lines('vlan'), USUAL, { principal: who('leads') }],
  ])('%s', ([, read, result, given]) => {
    expect(counts(policy, asked(read, given))).toBe(result)
  })

  const BY_DAY = LESS.replace('    instead', '    when: { window: day }\n    instead')
  const AT: readonly (readonly [what: string, given: Partial<PolicyRequest>, result: string])[] = [
    ['within its window', {}, LESS_ASKED],
    ['behind its window', { at: NIGHT }, USUAL],
    ['where the change does not fit into it', { at: NOON + 5 * 3_600_000 - 60_000, lasts: 120_000 }, USUAL],
    ['what is demanded behind its window', { at: NIGHT, underway: 'demands' }, USUAL],
    ['what is demanded within its window', { underway: 'demands' }, LESS_ASKED],
    ['a change that was begun in it and is live', { at: NIGHT, underway: true }, LESS_ASKED],
  ]
  test.each(AT)('one with a window: %s', (_what, given, result) => {
    expect(counts(policyOf(HEAD + BY_DAY), asked(lines('vlan'), given))).toBe(result)
  })

  test('it allows by itself where nothing else does', () => {
    const closed = HEAD.replace(
      '    on: { tags: ["role:leaf"] }\n',
      '    on: { tags: ["role:leaf"] }\n    when: { window: night }\n',
    )
    const policy = policyOf(closed + LESS)
    expect(counts(policy, asked(lines('vlan')))).toBe(LESS_ASKED)
    expect(counts(policy, asked(lines('mlag')))).toBe('closed leaf-change')
  })
})

describe('a rule that asks for more', () => {
  const policy = policyOf(HEAD + LESS + MORE)
  const bgp = lines('vlan router-bgp.neighbor')
  const ROWS: readonly (readonly [
    what: string,
    read: ReadChange | undefined,
    given: Partial<PolicyRequest>,
    result: string,
  ])[] = [
    ['its kind is not touched', lines('vlan'), {}, LESS_ASKED],
    [
      'it is touched by one line',
      bgp,
      { principal: who('leads'), at: NIGHT },
      'leaf-change, bgp: leaf-change 2, bgp 3',
    ],
    ['by somebody whom it does not allow', bgp, { at: NIGHT }, 'condition bgp'],
    ['behind its window', bgp, { principal: who('leads') }, 'closed bgp'],
    ['a line whose words nobody knows', lines('?router-bgp.other'), { at: NIGHT }, 'condition bgp'],
    ['another act', bgp, { action: 'task.confirm' as Scope }, USUAL],
    ['no plan is known, and something is sent', undefined, { at: NIGHT }, 'condition bgp'],
    ['no plan is known, and nothing is sent', undefined, { action: 'execution.start' as Scope }, USUAL],
    [
      'it allows nothing by itself',
      lines('router-bgp.block'),
      { principal: who('leads'), at: NIGHT, devices: [{ name: 'x', tags: {} }] },
      'no-rule',
    ],
    [
      'another switch has the line',
      lines('vlan', { others: new Map([['spine1', { lines: [of('router-bgp.block')], size: 1 }]]) }),
      { principal: who('leads') },
      USUAL,
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
  test.each(
    rowsOf(`
      a removed line of its kind                      || -router-bgp.block || {}                   || denied no-bgp
      an added one                                    || router-bgp.block  || {}                   || leaf-change: leaf-change 2
      a parameter in its range                        || vlan || { "vlan": 4000 }      || denied no-unknown
      one as a text                                   || vlan || { "vlan": "4094" }    || denied no-unknown
      one of several                                  || vlan || { "vlan": [2, 1] }    || denied no-unknown
      one in a text of several                        || vlan || { "vlan": "20, 4000" } || denied no-unknown
      one that is written out                         || vlan || { "vlan": "1,20" }    || denied no-unknown
      a range that has some                           || vlan || { "vlan": "3990-4001" } || denied no-unknown
      a range beside them                             || vlan || { "vlan": "2-3999" }  || leaf-change: leaf-change 2
      one in a record                                 || vlan || { "vlan": [{ "id": 1 }] } || denied no-unknown
      a name with its number                          || vlan || { "vlan": "v-1" }     || leaf-change: leaf-change 2
      a line of which a secret hides the kind         || (*)  || {}                    || leaf-change: leaf-change 2
      a removed line of which a secret hides the kind || -(*) || {}                    || denied no-bgp
      another one                                     || vlan || { "vlan": 2 }         || leaf-change: leaf-change 2
      a longer number                                 || vlan || { "vlan": 40000 }     || leaf-change: leaf-change 2
      none                                            || vlan || {}                    || leaf-change: leaf-change 2
    `),
  )('%s', (_what, words = '', params = '', result) => {
    expect(counts(policy, asked(lines(words, { params: JSON.parse(params) as ReadChange['params'] })))).toBe(result)
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
    [{ vlan: 2000, site: 'fra1' }, LESS_ASKED],
    [{ vlan: [2000, 2999], site: 7 }, LESS_ASKED],
    [{ vlan: [2000, 3000], site: 'fra1' }, USUAL],
    [{ vlan: [], site: 'fra1' }, USUAL],
    [{ vlan: '2000-2999', site: 'fra1' }, USUAL],
    [{ vlan: 2000.5, site: 'fra1' }, USUAL],
    [{ vlan: { id: 2000 }, site: 'fra1' }, USUAL],
    [{ vlan: 2000 }, USUAL],
    [{ vlan: 2000, site: 'muc' }, USUAL],
  ]
  test.each(ROWS)('%j', (params, result) => {
    expect(counts(policy, asked(lines('vlan', { params })))).toBe(result)
  })
})

const WRONG = rowsOf(`
no kinds || { id: r, allow: [task.push], to: [operator], instead: [leaf-change], require: { approvals: { notRequester: true } } } || 19:50 open-rule
parameters alone || { id: r, allow: [task.push], to: [operator], on: { params: { vlan: 1 } }, instead: [leaf-change], require: { approvals: { notRequester: true } } } || 19:79 open-rule
any kind || { id: r, allow: [task.push], to: [operator], on: { change: { kinds: [any] } }, instead: [leaf-change], require: { approvals: { notRequester: true } } } || 19:66 open-rule
below notRequester || { id: r, allow: [task.push], to: [operator], on: { change: { kinds: [vlan] } }, instead: [leaf-change] } || 19:85 below-not-requester
below notRequester by another demand || { id: r, allow: [task.push], to: [operator], on: { change: { kinds: [vlan] } }, instead: [leaf-change], require: { approvals: { count: 5 } } } || 19:85 below-not-requester
an unknown kind || { id: r, deny: [task.push], to: [operator], on: { change: { kinds: [vlam] } } } || 19:73 unknown-kind
an unknown rule || { id: r, allow: [task.push], to: [operator], on: { change: { kinds: [vlan] } }, instead: [leaf] } || 19:95 unknown-rule
itself || { id: r, allow: [task.push], to: [operator], on: { change: { kinds: [vlan] } }, instead: [r] } || 19:95 unknown-rule
a rule that denies, and has \`instead\` || { id: r, deny: [task.push], to: [operator], on: { change: { kinds: [vlan] } }, instead: [leaf-change], } || 19:84 open-rule, 19:84 below-not-requester
a limit that limits nothing || { id: r, deny: [task.push], to: [operator], on: { change: { maxLines: 3 } } } || 19:65 idle-limit
an act of which no plan is known || { id: r, allow: [plan.create], to: [operator], on: { change: { kinds: [vlan] } } } || 19:14 change-unknown
what puts a change back || { id: r, allow: [task.push, task.rollback], to: [operator], on: { change: { kinds: [vlan] } } } || 19:14 change-unknown
an empty range || { id: r, deny: [task.push], to: [operator], on: { params: { vlan: 20-10 } } } || 19:65 empty-range
`)

test.each(WRONG)('a policy is refused for %s', (_what, rule, problems) => {
  const read = readPolicy(`${HEAD}  - ${rule}\n`, 'policy.yaml')
  const found = read.ok ? [] : read.problems.map(({ at, code }) => `${at.line}:${at.column} ${code}`)
  expect(found.join(', ')).toBe(problems)
})

test('each rule says what it makes of the change, in `policy explain` and in the plan', () => {
  const policy = policyOf(HEAD + LESS + MORE)
  const read = lines('vlan')
  expect(explain(policy, asked(read), leaf1).map(({ rule, comes, why }) => `${rule} ${comes}: ${why}`)).toEqual([
    'builtin-no-agent does-not-apply: it is for kind:agent, and not for operator, kind:person',
    'leaf-change does-not-apply: `standard` is asked instead',
    'spine-change does-not-apply: it is not about leaf1',
    'standard allows: every line is of vlan, interface.description; its conditions are met',
    'bgp does-not-apply: no line of the change is of router-bgp',
  ])
  const bgp = lines('router-bgp.block')
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
