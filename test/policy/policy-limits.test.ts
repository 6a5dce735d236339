import { describe, expect, test } from 'vitest'
import { readPolicy } from '../../src/policy/read-policy.ts'

const isTaken = (text: string): boolean => readPolicy(text, 'policy.yaml').ok
const x = (times: number): string => 'x'.repeat(times)

const rule = (body: string): string => `version: 1
roles: { operator: { members: ["corp:group:netops"] } }
windows: { night: { tz: UTC, days: [mo], from: "22:00", to: "04:00" } }
rules: [{ id: a, to: [operator], ${body} }]
`
const emergency = (effects: string): string =>
  rule(`allow: [breakglass.use], when: { reason: ticket }, effects: { ${effects} }`)
const demands = (approvals: string): string => rule(`allow: [task.push], require: { approvals: { ${approvals} } }`)
const asked = (given: string, expected = 'deny'): string =>
  `version: 1\ntests: [{ name: t, given: { who: {}, action: task.push, ${given} }, expect: ${expected} }]\n`

/** What the page promises of each number: the last value that is taken and the first that is not (docs/policy.md). */
const LIMITS: readonly (readonly [string, string, string])[] = [
  ['a tag is not empty', rule('allow: [task.push], on: { tags: [x] }'), rule('allow: [task.push], on: { tags: [""] }')],
  [
    'a tag has 200 letters',
    rule(`allow: [task.push], on: { tags: [${x(200)}] }`),
    rule(`allow: [task.push], on: { tags: [${x(201)}] }`),
  ],
  [
    'a member has 200 letters',
    `version: 1\nroles: { r: { members: ["a:${x(198)}"] } }\n`,
    `version: 1\nroles: { r: { members: ["a:${x(199)}"] } }\n`,
  ],
  [
    'a role has a member',
    'version: 1\nroles: { r: { members: ["a:b"] } }\n',
    'version: 1\nroles: { r: { members: [] } }\n',
  ],
  [
    'a login may be a second old',
    rule('allow: [task.push], when: { maxAuthAgeSec: 1 }'),
    rule('allow: [task.push], when: { maxAuthAgeSec: 0 }'),
  ],
  [
    'a login may be a year old',
    rule('allow: [task.push], when: { maxAuthAgeSec: 31536000 }'),
    rule('allow: [task.push], when: { maxAuthAgeSec: 31536001 }'),
  ],
  [
    'a window has a day',
    rule('allow: [task.push], when: { window: [night] }'),
    rule('allow: [task.push], when: { window: [] }'),
  ],
  ['a rule names an action', rule('allow: [task.push]'), rule('allow: []')],
  [
    'a rule names a switch',
    rule('allow: [task.push], on: { devices: [leaf1] }'),
    rule('allow: [task.push], on: { devices: [] }'),
  ],
  [
    'a rule names a workflow',
    rule('allow: [task.push], on: { workflows: [w] }'),
    rule('allow: [task.push], on: { workflows: [] }'),
  ],
  [
    'one switch at a time',
    rule('allow: [task.push], on: { maxConcurrent: 1 }'),
    rule('allow: [task.push], on: { maxConcurrent: 0 }'),
  ],
  ['one approval', demands('count: 1'), demands('count: 0')],
  ['twenty approvals', demands('count: 20'), demands('count: 21')],
  ['an approval holds for a minute', demands('maxAge: 60s'), demands('maxAge: 59s')],
  ['an approval holds for thirty days', demands('maxAge: 720h'), demands('maxAge: 720h1s')],
  [
    'a ticket has a prefix',
    rule('allow: [breakglass.use], when: { reason: { prefixes: [A] } }'),
    rule('allow: [breakglass.use], when: { reason: { prefixes: [] } }'),
  ],
  [
    'a prefix has sixteen letters',
    rule('allow: [breakglass.use], when: { reason: { prefixes: [ABCDEFGHIJKLMNOP] } }'),
    rule('allow: [breakglass.use], when: { reason: { prefixes: [ABCDEFGHIJKLMNOPQ] } }'),
  ],
  ['reviewed within a minute', emergency('reviewWithin: 60s'), emergency('reviewWithin: 59s')],
  ['reviewed within a year', emergency('reviewWithin: 8760h'), emergency('reviewWithin: 8760h1s')],
  ['goes on for a minute', emergency('maxTtl: 60s'), emergency('maxTtl: 59s')],
  ['goes on for a week', emergency('maxTtl: 168h'), emergency('maxTtl: 168h1s')],
  [
    'a time has an offset',
    'version: 1\nfreezes: [{ name: f, from: 2026-12-18T00:00:00+01:00, to: 2026-12-19T00:00:00Z }]\n',
    'version: 1\nfreezes: [{ name: f, from: 2026-12-18T00:00:00, to: 2026-12-19T00:00:00Z }]\n',
  ],
  [
    'logged in now',
    asked('at: 2026-01-05T12:00:00Z, lasts: 0s').replace('who: {}', 'who: { authAgeSec: 0 }'),
    asked('at: 2026-01-05T12:00:00Z').replace('who: {}', 'who: { authAgeSec: -1 }'),
  ],
  ['a change lasts a week', asked('lasts: 168h'), asked('lasts: 168h1s')],
  [
    'no approval is expected',
    asked('lasts: 0s', '{ effect: deny, approvals: 0 }'),
    asked('lasts: 0s', '{ effect: deny, approvals: -1 }'),
  ],
  [
    'a rule is for somebody',
    rule('allow: [task.push]'),
    rule('allow: [task.push]').replace('to: [operator]', 'to: []'),
  ],
]

describe('the last value that a policy takes, and the first that it does not', () => {
  test.each(LIMITS)('%s', (_name, last, first) => {
    expect({ last: isTaken(last), first: isTaken(first) }).toEqual({ last: true, first: false })
  })
})

test('what a policy leaves out has the value that the page says', () => {
  const read = readPolicy(
    `version: 1
roles: { operator: { members: ["corp:group:netops"] } }
rules: [{ id: a, to: [operator], allow: [task.push], require: { approvals: {} } }, { id: b, to: [operator], allow: [breakglass.use], when: { reason: ticket }, effects: {} }]
tests: [{ name: t, given: { who: {}, action: task.push }, expect: closed }]
`,
    'policy.yaml',
  )
  expect(read.ok && read.value.rules.slice(-2)).toEqual([
    {
      id: 'a',
      to: ['operator'],
      effect: 'allow',
      actions: ['task.push'],
      on: {},
      when: { noFreeze: false },
      require: { approvals: { count: 1, from: [], distinct: 'person', notRequester: false, notRunner: false } },
    },
    {
      id: 'b',
      to: ['operator'],
      effect: 'allow',
      actions: ['breakglass.use'],
      on: {},
      when: { noFreeze: false, reason: { prefixes: ['INC', 'CHG'] } },
      effects: { notify: [] },
    },
  ])
  expect(read.ok && read.value.tests).toEqual([
    {
      name: 't',
      given: {
        who: { kind: 'person', issuer: 'local', id: 'somebody', groups: [] },
        action: 'task.push',
        devices: [],
        at: '2026-01-05T12:00:00Z',
        lasts: 0,
        params: {},
      },
      expect: { effect: 'closed' },
    },
  ])
})
