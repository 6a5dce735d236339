import { describe, expect, test } from 'vitest'
import { runPolicyTests } from '../../../src/change/policy/policy-tests.ts'
import { readPolicy } from '../../../src/change/policy/read-policy.ts'
import type { Problem } from '../../../src/model/error.ts'
import { rowsOf } from '../../table.ts'

const problemText = ({ at, message, hint }: Problem) => `${at.line}:${at.column} ${message} | ${hint}`

const problemsOf = (text: string) => {
  const read = readPolicy(text, 'policy.yaml')
  return read.ok ? [] : read.problems.map(problemText)
}

const RULE = (body: string) => `version: 1
roles: { operator: { members: ["corp:group:netops"] } }
windows: { night: { tz: UTC, days: [mo], from: "22:00", to: "04:00" } }
rules:
  - ${body}
`

/** Each mistake alone: where it is, what it is, and the mend. */
const MISTAKES = rowsOf(`
no version || rules: [] ↵ || 1:1 the key \`version\` is missing | add it, for example \`version: 1\` || missing-key
no YAML || version: [1 ↵ ||  || yaml-syntax
a key that is not known || version: 1 ↵ role: {} ↵ || 2:1 the key \`role\` is not known | did you mean \`roles\`? || unknown-key
a typo of an action || { id: a, allow: [task.psh], to: [operator] } || 5:22 \`rules[0].allow[0]\` is none of the 29 words known here, but the text "task.psh" | did you mean \`task.push\`? || invalid-value
an action that nothing asks for, denied || { id: a, deny: [task.push, secret.resolve], to: [operator] } || 5:32 nothing asks for \`secret.resolve\`, and a rule about it protects nothing | delete it: who may connect || unasked-action
an action that nothing asks for, allowed || { id: a, allow: ["secret.resolve"], to: [operator] } || 5:23 nothing asks for \`secret.resolve\`, and a rule about it protects nothing | delete it: who may connect || unasked-action
an action that nothing asks for, tested || version: 1 ↵ tests: ↵   - { name: t, given: { who: {}, action: secret.resolve }, expect: deny } ↵ || 3:42 nothing asks for \`secret.resolve\`, and a rule about it protects nothing | delete it: who may connect || unasked-action
an unknown role || { id: a, allow: [task.push], to: [operater] } || 5:39 there is no role \`operater\` | did you mean \`operator\`? || unknown-role
a kind as a typo || { id: a, allow: [task.push], to: ["kind:agents"] } || 5:40 there is no role \`kind:agents\` | did you mean \`kind:agent\`? || unknown-role
approvals of what nobody approves || { id: a, allow: [task.exec, plan.create], to: [operator], require: { approvals: { count: 2 } } } || 5:63 the rule \`a\` demands approvals for what nobody approves: task.exec, plan.create | approvals are of plans || idle-demand
approvals of one act that nobody approves || { id: a, allow: [task.exec], to: [operator], require: { approvals: { count: 2 } } } || 5:50 the rule \`a\` demands approvals for what nobody approves: task.exec | approvals are of plans || idle-demand
a proof that nobody knows || { id: a, allow: [task.push], to: [operator], require: { approvals: { proof: [passkeys] } } } || 5:82 \`rules[0].require.approvals.proof[0]\` must be \`ssh\` or \`passkey\` or \`oidc\` or \`review\`, not the text "passkeys" | did you mean \`passkey\`? || invalid-value
no proof at all || { id: a, allow: [task.push], to: [operator], require: { approvals: { proof: [] } } } || 5:81 || invalid-value
an unknown approver || { id: a, allow: [task.push], to: [operator], require: { approvals: { from: [boss] } } } || 5:81 there is no role \`boss\` | known here: \`operator\` || unknown-role
an unknown window || { id: a, allow: [task.push], to: [operator], when: { window: nigth } } || 5:66 there is no window \`nigth\` | did you mean \`night\`? || unknown-window
neither || { id: a, to: [operator] } || 5:5 the rule \`a\` neither allows nor denies | write one of \`allow\` and \`deny\` || rule-effect
both || { id: a, allow: [task.push], deny: [task.push], to: [operator] } || 5:34 the rule \`a\` both allows and denies || rule-effect
a denial at night || { id: a, deny: [task.push], to: [operator], when: { window: night } } || 5:49 the rule \`a\` denies, and a denial has no \`when\` || conditional-denial
a denial that demands || { id: a, deny: [task.push], to: [operator], require: { approvals: { count: 2 } } } || 5:49 the rule \`a\` denies, and a denial has no \`require\` || conditional-denial
a denial with effects || { id: a, deny: [task.push], to: [operator], effects: { notify: [x] } } || 5:49 the rule \`a\` denies, and a denial has no \`effects\` || conditional-denial
a denial that counts switches || { id: a, deny: [task.push], to: [operator], on: { maxConcurrent: 1 } } || 5:55 the rule \`a\` denies, and a denial has no \`on.maxConcurrent\` || conditional-denial
an allowance under a built-in name || { id: builtin-no-agent, allow: [task.push], to: [operator] } || 5:29 \`builtin-no-agent\` allows, under a name of built-in denials || reserved-id
two rules of one name || { id: a, allow: [task.push], to: [operator] } ↵   - { id: a, allow: [plan.read], to: [operator] } || 6:11 two rules are called \`a\` || duplicate-rule
an emergency without a reason || { id: a, allow: [breakglass.use], to: [operator] } || 5:14 the rule \`a\` lets the glass be broken without a reason || no-reason
an emergency that waits for approvals || { id: a, allow: [breakglass.use], to: [operator], when: { reason: ticket }, require: { approvals: {} } } || 5:81 the rule \`a\` is for emergencies and demands approvals || no-emergency
a reason where nobody asks for one || { id: a, allow: [task.push], to: [operator], when: { reason: ticket } } || 5:58 the rule \`a\` has \`when.reason\`, which only a break-glass rule may have || no-emergency
effects of no emergency || { id: a, allow: [task.push], to: [operator], effects: { notify: [x] } } || 5:50 the rule \`a\` has \`effects\` || no-emergency
a member that is nobody || version: 1 ↵ roles: { a: { members: [alice] } } ↵ || 2:25 \`alice\` names neither a group nor an identity || bad-member
a kind that is none || version: 1 ↵ roles: { a: { members: ["kind:robot"] } } ↵ || 2:26 there is no \`kind:robot\` || unknown-kind
no such zone || version: 1 ↵ windows: { n: { tz: Europe/Berln, days: [mo], from: "22:00", to: "04:00" } } ↵ || 2:21 there is no time zone \`Europe/Berln\` || unknown-zone
a window that is none || version: 1 ↵ windows: { n: { tz: UTC, days: [mo], from: "22:00", to: "22:00" } } ↵ || 2:58 the window \`n\` ends when it begins || empty-window
a time that is none || version: 1 ↵ windows: { n: { tz: UTC, days: [mo], from: "24:30", to: "22:00" } } ↵ || 2:44 \`windows.n.from\` must be a time of day from 00:00 to 23:59, not the text "24:30" || invalid-value
a freeze backwards || version: 1 ↵ freezes: [{ name: f, from: 2027-01-04T00:00:00Z, to: 2026-12-18T00:00:00Z }] ↵ || 2:54 the freeze \`f\` ends before it begins || empty-freeze
`)

/** The text of a policy in a row: a rule, or the whole of a file, with signs for the ends of its lines. */
const policyIn = (cell: string) => {
  const text = cell.replaceAll(/ ↵ ?/g, '\n')
  return text.startsWith('{') ? RULE(text) : text
}

describe('every mistake has its place and its mend', () => {
  test.each(MISTAKES)('%s', (_name, cell = '', expected = '', code) => {
    const read = readPolicy(policyIn(cell), 'policy.yaml')
    const problems = read.ok ? [] : read.problems.map((one) => [problemText(one), one.code] as const)
    const meant = problems.filter(([text]) => text.includes(expected))
    expect(meant).toHaveLength(1)
    expect(meant[0]?.[1]).toBe(code)
    for (const [text] of problems) expect(text).not.toMatch(/\| (?:undefined|)$/)
  })

  test('an action that nothing asks for is one problem, not two', () => {
    expect(problemsOf(RULE('{ id: a, deny: [secret.resolve, task.psh], to: [operator] }'))).toEqual([
      expect.stringContaining('5:21 nothing asks for `secret.resolve`'),
      '5:37 `rules[0].deny[1]` is none of the 29 words known here, but the text "task.psh" | did you mean `task.push`?',
    ])
  })

  test('an emergency that waits for approvals is one problem, though nobody approves it', () => {
    const text = RULE(
      '{ id: a, allow: [breakglass.use], to: [operator], when: { reason: ticket }, require: { approvals: {} } }',
    )
    expect(problemsOf(text)).toHaveLength(1)
  })

  test('all of them at once, in the order of the file', () => {
    const text = RULE('{ id: a, allow: [task.push], to: [nobody], when: { window: never } }')
    expect(problemsOf(text).map((problem) => problem.split(' ')[0])).toEqual(['5:39', '5:64'])
  })
})

const GOOD =
  RULE(`{ id: push, allow: [task.push], to: [operator], on: { tags: [leaf] }, when: { window: night }, require: { approvals: { count: 2 } } }
tests:
  - { name: good, given: { who: { issuer: corp, groups: [netops] }, action: task.push, devices: [leaf1], at: 2026-01-05T23:00:00Z, lasts: 15m }, expect: { effect: allow, rules: [push], approvals: 2 } }
  - { name: closed, given: { who: { issuer: corp, groups: [netops] }, action: task.push, devices: [{ name: x, tags: { role: leaf } }] }, expect: closed }
  - { name: wrong, given: { who: { kind: agent }, action: task.push, devices: [leaf1] }, expect: { effect: allow, rules: [push], approvals: 1 } }
  - { name: nowhere, given: { who: {}, action: task.push, devices: [leaf9] }, expect: deny }
`)

/** A change of nothing. */
const NO_CHANGE = { switches: new Map(), params: {} }

test('the table of a policy says which rows hold, and in what the others differ', () => {
  const read = readPolicy(GOOD, 'policy.yaml')
  if (!read.ok) throw new Error(problemsOf(GOOD).join('\n'))
  const results = runPolicyTests(read.value, {
    tagsOf: (name) => (name === 'leaf1' ? { role: 'leaf' } : undefined),
    changeOf: () => NO_CHANGE,
  })
  expect(results.map(({ name, failures }) => [name, failures])).toEqual([
    ['good', []],
    ['closed', []],
    [
      'wrong',
      [
        'expected allow, and it is deny: `builtin-no-agent` denies local:sub:somebody task.push on leaf1'.replace(
          'local:sub:',
          '',
        ),
        'expected the rules push, and they are builtin-no-agent',
        'expected 1 approvals, and 0 are demanded',
      ],
    ],
    ['nowhere', ['there is no switch `leaf9` in the inventory']],
  ])
})

const LOCAL = `version: 1
roles: { ann: { members: ["local:1000:ann@noc1"], maxAuthAgeSec: 900 }, hero: { members: ["local:1000:ann@noc1"] } }
windows: { night: { tz: UTC, days: [mo], from: "22:00", to: "23:00" } }
rules:
  - { id: exec, allow: [task.exec], to: [ann] }
  - { id: push, allow: [task.push], to: ["kind:person"], on: { workflows: [a.yaml] }, when: { window: night } }
  - { id: bot, allow: [plan.read], to: ["kind:agent", ann] }
  - { id: glass, allow: [breakglass.use, task.confirm], to: [hero], when: { reason: ticket } }
tests:
`

/** By what a row gives: what it expects, and in what it differs. */
const GIVEN = rowsOf(`
a login as old as it may be || { who: { id: "local:1000:ann@noc1", authAgeSec: 900 }, action: task.exec }, expect: allow || 
one that is older || { who: { id: "local:1000:ann@noc1", authAgeSec: 901 }, action: task.exec }, expect: deny || 
of another issuer || { who: { id: "local:1000:ann@noc1", issuer: corp, authAgeSec: 1 }, action: task.exec }, expect: deny || 
a change as long as the window || { who: {}, action: task.push, workflow: a.yaml, at: 2026-01-05T22:00:00Z, lasts: 60m }, expect: allow || 
another workflow || { who: {}, action: task.push, workflow: b.yaml, at: 2026-01-05T22:00:00Z }, expect: deny || 
an agent for somebody || { who: { kind: agent, onBehalfOf: { issuer: local, id: "local:1000:ann@noc1" }, authAgeSec: 1 }, action: plan.read }, expect: allow || 
an agent for somebody else || { who: { kind: agent, onBehalfOf: { issuer: local, id: "local:1001:bob@noc1" }, authAgeSec: 1 }, action: plan.read }, expect: deny || 
a broken glass || { who: { id: "local:1000:ann@noc1" }, action: task.confirm, breakGlass: INC-1 }, expect: { effect: allow, rules: [glass] } || 
none expected || { who: { id: "local:1000:ann@noc1", authAgeSec: 1 }, action: task.exec }, expect: { effect: allow, rules: [] } || expected the rules none, and they are exec
none found || { who: {}, action: task.exec }, expect: { effect: deny, rules: [exec] } || expected the rules exec, and they are none
`)

test.each(GIVEN)('what a row of the table gives is what is asked: %s', (name, row, failure) => {
  const read = readPolicy(`${LOCAL}  - { name: ${name}, given: ${row} }\n`, 'policy.yaml')
  if (!read.ok) throw new Error(read.problems.map(({ message }) => message).join('\n'))
  expect(runPolicyTests(read.value, { tagsOf: () => undefined, changeOf: () => NO_CHANGE })).toMatchObject([
    { name, failures: failure === '' ? [] : [failure] },
  ])
})

test('whether approvals of any store count is read, and left out where it is not written', () => {
  const approvalsOf = (text: string) => {
    const read = readPolicy(text, 'policy.yaml')
    return read.ok ? 'approvals' in read.value && read.value.approvals : read.problems
  }
  expect(approvalsOf('version: 1\napprovals: anyStore\n')).toBe('anyStore')
  expect(approvalsOf('version: 1\n')).toBe(false)
})

test('[G89] the denials that are built in are before all rules, and a file may repeat them', () => {
  const read = readPolicy(RULE('{ id: builtin-no-agent, deny: [task.push], to: ["kind:agent"] }'), 'policy.yaml')
  expect(read.ok && read.value.rules.map(({ id, effect }) => [id, effect])).toEqual([
    ['builtin-no-agent', 'deny'],
    ['builtin-no-service-approval', 'deny'],
    ['builtin-person-only', 'deny'],
    ['builtin-no-agent', 'deny'],
  ])
})
