import { describe, expect, test } from 'vitest'
import { readPolicy } from '../../../src/change/policy/read-policy.ts'
import { rowsOf } from '../../table.ts'

const isTaken = (text: string) => readPolicy(text, 'policy.yaml').ok
const x = (times: number) => 'x'.repeat(times)

const rule = (body: string) => `version: 1
roles: { operator: { members: ["corp:group:netops"] } }
windows: { night: { tz: UTC, days: [mo], from: "22:00", to: "04:00" } }
rules: [{ id: a, to: [operator], ${body} }]
`
/** What the page promises of each number: the last value that is taken and the first that is not (docs/policy.md). */
const LIMITS = rowsOf(`
a tag is not empty              || rule || allow: [task.push], on: { tags: [x] }                 || allow: [task.push], on: { tags: [""] }
a tag has 200 letters           || rule || allow: [task.push], on: { tags: [${x(200)}] }         || allow: [task.push], on: { tags: [${x(201)}] }
a member has 200 letters        || all  || roles: { r: { members: ["a:${x(198)}"] } }            || roles: { r: { members: ["a:${x(199)}"] } }
a role has a member             || all  || roles: { r: { members: ["a:b"] } }                    || roles: { r: { members: [] } }
a login may be a second old     || rule || allow: [task.push], when: { maxAuthAgeSec: 1 }        || allow: [task.push], when: { maxAuthAgeSec: 0 }
a login may be a year old       || rule || allow: [task.push], when: { maxAuthAgeSec: 31536000 } || allow: [task.push], when: { maxAuthAgeSec: 31536001 }
a window has a day              || rule || allow: [task.push], when: { window: [night] }         || allow: [task.push], when: { window: [] }
a rule names an action          || rule || allow: [task.push]                                    || allow: []
a rule names a switch           || rule || allow: [task.push], on: { devices: [leaf1] }          || allow: [task.push], on: { devices: [] }
a rule names a workflow         || rule || allow: [task.push], on: { workflows: [w] }            || allow: [task.push], on: { workflows: [] }
one switch at a time            || rule || allow: [task.push], on: { maxConcurrent: 1 }          || allow: [task.push], on: { maxConcurrent: 0 }
one approval                    || approvals || count: 1      || count: 0
twenty approvals                || approvals || count: 20     || count: 21
an approval holds for a minute  || approvals || maxAge: 60s   || maxAge: 59s
an approval holds for thirty days || approvals || maxAge: 720h || maxAge: 720h1s
a ticket has a prefix           || rule || allow: [breakglass.use], when: { reason: { prefixes: [A] } } || allow: [breakglass.use], when: { reason: { prefixes: [] } }
a prefix has sixteen letters    || rule || allow: [breakglass.use], when: { reason: { prefixes: [ABCDEFGHIJKLMNOP] } } || allow: [breakglass.use], when: { reason: { prefixes: [ABCDEFGHIJKLMNOPQ] } }
reviewed within a minute        || emergency || reviewWithin: 60s   || reviewWithin: 59s
reviewed within a year          || emergency || reviewWithin: 8760h || reviewWithin: 8760h1s
goes on for a minute            || emergency || maxTtl: 60s         || maxTtl: 59s
goes on for a week              || emergency || maxTtl: 168h        || maxTtl: 168h1s
a time has an offset            || all || freezes: [{ name: f, from: 2026-12-18T00:00:00+01:00, to: 2026-12-19T00:00:00Z }] || freezes: [{ name: f, from: 2026-12-18T00:00:00, to: 2026-12-19T00:00:00Z }]
logged in now                   || test || given: { who: { authAgeSec: 0 }, action: task.push, at: 2026-01-05T12:00:00Z, lasts: 0s }, expect: deny || given: { who: { authAgeSec: -1 }, action: task.push, at: 2026-01-05T12:00:00Z }, expect: deny
a change lasts a week           || test || given: { who: {}, action: task.push, lasts: 168h }, expect: deny || given: { who: {}, action: task.push, lasts: 168h1s }, expect: deny
no approval is expected         || test || given: { who: {}, action: task.push }, expect: { effect: deny, approvals: 0 } || given: { who: {}, action: task.push }, expect: { effect: deny, approvals: -1 }
a rule is for somebody          || all  || rules: [{ id: a, to: ["kind:person"], allow: [task.push] }] || rules: [{ id: a, to: [], allow: [task.push] }]
`)

/** The policy that a cell is a part of. */
const FRAMES: Readonly<Record<string, (body: string) => string>> = {
  all: (body) => `version: 1\n${body}\n`,
  rule,
  approvals: (body) => rule(`allow: [task.push], require: { approvals: { ${body} } }`),
  emergency: (body) => rule(`allow: [breakglass.use], when: { reason: ticket }, effects: { ${body} }`),
  test: (body) => `version: 1\ntests: [{ name: t, ${body} }]\n`,
}

describe('the last value that a policy takes, and the first that it does not', () => {
  test.each(LIMITS)('%s', (_name, frame = '', ...bodies) => {
    expect(bodies.map((body) => isTaken(FRAMES[frame]?.(body) ?? ''))).toEqual([true, false])
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
