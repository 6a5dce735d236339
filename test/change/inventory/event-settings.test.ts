import { describe, expect, test } from 'vitest'
import { parseSettings } from '../../../src/project/files/settings/settings.ts'

const VERIFY = `verify: { bearer: '\${env:TOKEN}' }`
const PLAN = 'plan: { workflow: w.yaml }'

const problems = (...entries: readonly string[]) => {
  const text = `version: 1\nevents:\n${entries.map((entry) => `  - { ${entry} }\n`).join('')}`
  const read = parseSettings(text, 'eosflow.yaml')
  return read.ok ? [] : read.problems.map(({ at, code, message }) => `${at.line}:${at.column} ${code}: ${message}`)
}

describe('events: of eosflow.yaml', () => {
  test('are none by default', () => {
    const read = parseSettings('version: 1\n', 'eosflow.yaml')
    expect(read.ok && read.value.events).toEqual([])
  })

  test('say who may send, what is wanted and what is made', () => {
    const text = `server: { tls: { certificate: a.pem, key: a.key } }
events:
  - name: netbox
    verify: { standardWebhooks: ['\${env:NEW}', '\${vault:kv/hooks/netbox#old}'] }
    on: { status: firing, $event.type: [push, tag], labels.team: net }
    run: { workflow: w.yaml, params: '{% {"vlan": $event.data.vid} %}', targets: leaf1 }
  - { name: cabled, path: lab, verify: { mtls: '${'AB:'.repeat(31)}AB' }, plan: { workflow: w.yaml, params: { a: [ '{% $event.id %}', 7 ] } } }
`
    const read = parseSettings(text, 'eosflow.yaml')
    expect(read.ok ? read.value.events : read.problems).toEqual([
      {
        name: 'netbox',
        path: 'netbox',
        verify: { way: 'standardWebhooks', keys: [`\${env:NEW}`, `\${vault:kv/hooks/netbox#old}`] },
        on: { status: ['firing'], '$event.type': ['push', 'tag'], 'labels.team': ['net'] },
        does: 'run',
        workflow: 'w.yaml',
        params: '{% {"vlan": $event.data.vid} %}',
        targets: 'leaf1',
      },
      {
        name: 'cabled',
        path: 'lab',
        verify: { way: 'mtls', keys: ['ab'.repeat(32)] },
        on: {},
        does: 'plan',
        workflow: 'w.yaml',
        params: { a: ['{% $event.id %}', 7] },
      },
    ])
  })

  test.each<[string, string, RegExp]>([
    ['no way to verify', `name: a, ${PLAN}`, /^3:5 missing-key: .*`verify`/],
    ['an empty one', `name: a, verify: {}, ${PLAN}`, /^3:24 event-verify: /],
    ['none', `name: a, verify: none, ${PLAN}`, /^3:24 wrong-type: /],
    ['two', `name: a, verify: { bearer: '\${env:A}', github: '\${env:B}' }, ${PLAN}`, /^3:24 event-verify: /],
    [
      'a secret in clear text',
      `name: a, verify: { bearer: hunter2hunter2hunter2 }, ${PLAN}`,
      /^3:34 clear-text-secret: (?!.*hunter2)/,
    ],
    [
      'another clear text in a list',
      `name: a, verify: { github: ['\${env:A}', hunter2hunter2] }, ${PLAN}`,
      /^3:47 clear-text-secret: (?!.*hunter2)/,
    ],
    ['a fingerprint that is none', `name: a, verify: { mtls: abcd }, ${PLAN}`, /^3:32 .*SHA-256/],
    [
      'a certificate without TLS of its own',
      `name: a, verify: { mtls: '${'ab'.repeat(32)}' }, ${PLAN}`,
      /^3:5 event-without-tls: /,
    ],
    ['nothing that is made', `name: a, ${VERIFY}`, /^3:5 event-does: /],
    ['both', `name: a, ${VERIFY}, ${PLAN}, run: { workflow: w.yaml }`, /^3:5 event-does: /],
    ['a name that is none', `name: A b, ${VERIFY}, ${PLAN}`, /^3:13 invalid-value: /],
    [
      'an expression that is none',
      `name: a, ${VERIFY}, plan: { workflow: w.yaml, params: '{% $event.data[ %}' }`,
      /^3:86 bad-expression: /,
    ],
    ['a text', `name: a, ${VERIFY}, plan: { workflow: w.yaml, params: 'vlan' }`, /^3:86 bad-expression: /],
    [
      'a variable that is none',
      `name: a, ${VERIFY}, plan: { workflow: w.yaml, params: { v: '{% $states.input %}' } }`,
      /^3:91 bad-expression: There is no variable \$states/,
    ],
    [
      'a function that is none',
      `name: a, ${VERIFY}, plan: { workflow: w.yaml, params: { v: '{% $shell("x") %}' } }`,
      /^3:91 bad-expression: There is no function \$shell/,
    ],
    [
      'a root that is none',
      `name: a, ${VERIFY}, plan: { workflow: w.yaml, params: { v: '{% data.vid %}' } }`,
      /^3:91 bad-expression: .*begins at \$event/,
    ],
    [
      'a regular expression',
      `name: a, ${VERIFY}, plan: { workflow: w.yaml, params: { v: '{% $match($event.id, /(a+)+$/) %}' } }`,
      /^3:91 bad-expression: /,
    ],
    [
      'an issuer that is none',
      `name: a, ${VERIFY}, ${PLAN}, requesters: { issuer: corp, members: [user] }`,
      /^3:5 unknown-issuer: /,
    ],
    ['a key that is not known', `name: a, ${VERIFY}, ${PLAN}, secret: x`, /^3:80 unknown-key: /],
  ])('%s is a problem at its place', (_name, entry, problem) => {
    expect(problems(entry)).toEqual([expect.stringMatching(problem)])
  })

  test('[E2] a name that nobody of the provider can be meant by is a problem, unless it is said which claim it is', () => {
    const found = (person: string, requesters: string) => {
      const issuer = `{ name: corp, kind: person, issuer: 'https://idp.example', audience: eosflow, clientId: eosflow${person} }`
      const text = `version: 1\nidentity: { issuers: [${issuer}] }\nevents:\n  - { name: a, ${VERIFY}, ${PLAN}, requesters: { issuer: corp, ${requesters} } }\n`
      const read = parseSettings(text, 'eosflow.yaml')
      return read.ok ? [] : read.problems.map(({ code }) => code)
    }
    const byNumber = ', personClaim: employee_id'
    expect(found(byNumber, 'members: [pusher.email]')).toEqual(['requesters-unmeant'])
    expect(found(byNumber, 'members: [pusher.email], claim: email')).toEqual(['requesters-unmeant'])
    expect(found(byNumber, 'members: [pusher.email], claim: sub')).toEqual([])
    expect(found(byNumber, 'members: [pusher.id], claim: employee_id')).toEqual([])
    expect(found(', personClaim: email', 'members: [pusher.email]')).toEqual([])
  })

  test('a name or a path that is there twice is a problem at the second', () => {
    expect(problems(`name: a, ${VERIFY}, ${PLAN}`, `name: a, path: b, ${VERIFY}, ${PLAN}`)).toEqual([
      '4:13 event-twice: the name a is there twice',
    ])
    expect(problems(`name: a, ${VERIFY}, ${PLAN}`, `name: b, path: a, ${VERIFY}, ${PLAN}`)).toEqual([
      '4:5 event-twice: the path a is there twice',
    ])
  })
})
