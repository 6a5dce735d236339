import { expect, test } from 'vitest'
import { openLab, prints, shows } from '../../lab/lab.ts'

const RULES = `rules:
  - { id: all, allow: [plan.create, plan.read, execution.start, task.push, policy.retire], to: ["kind:person"] }
`
const test1 = (name: string, gate: string, expected: string, action = 'task.push') =>
  `  - { name: ${name}, given: { who: {}, action: ${action}, gate: ${gate} }, expect: ${expected} }\n`

test('[G147] a test of the policy gives the answer of the gate, which is never called', async () => {
  const lab = openLab()
  lab.write(
    'policy.yaml',
    `version: 1\nroles: { lead: { members: ["corp:group:leads"] } }\ngate: { exec: { command: [/nowhere/gate] } }\n${RULES}tests:\n` +
      test1('allows', 'allow', '{ effect: allow, rules: [all], approvals: 0 }') +
      test1('denies', '{ deny: [no] }', '{ effect: deny, rules: [gate] }') +
      test1('silent', 'none', '{ effect: deny, rules: [gate] }') +
      test1('demands', '{ require: { count: 2, from: [lead] } }', '{ effect: allow, rules: [all], approvals: 2 }') +
      test1('another act', '{ deny: [no] }', 'allow', 'plan.read') +
      test1('not asked', 'allow', 'deny', 'task.confirm') +
      '  - { name: without, given: { who: {}, action: task.push }, expect: allow }\n',
  )
  await prints(0, lab.eosflow('policy test'), '7')
  expect((await lab.eosflow('validate policy.yaml')).out).toContain('a gate, which was not asked')
})

test.each([
  [
    'both ways',
    'gate: { exec: { command: [/bin/true] }, http: { url: "https://opa.example.com" } }',
    'a gate is a program or a service',
  ],
  ['no way', 'gate: {}', 'a gate is a program or a service'],
  ['a program that is looked for', 'gate: { exec: { command: [opa] } }', ''],
  ['an address with a password', 'gate: { http: { url: "https://me:pw@opa.example.com" } }', ''],
  ['a host that is not allowed', 'gate: { http: { url: "https://evil.example.com/v1" } }', 'not among `http: hosts:`'],
  [
    'a secret in clear text',
    'gate: { http: { url: "https://opa.example.com/v1", headers: { Authorization: "Bearer x" } } }',
    'holds a secret in clear text',
  ],
  [
    'a secret that may not be sent there',
    `gate: { http: { url: "https://opa.example.com/v1", headers: { Authorization: "Bearer \${env:OPA}" } } }`,
    'may not be sent to',
  ],
  ['more than a minute', 'gate: { exec: { command: [/bin/true], timeout: 61 } }', ''],
])('a gate with %s is refused with its place', async (_name, gate, said) => {
  const lab = openLab({
    files: { 'eosflow.yaml': `version: 1\nhttp: { key: '\${env:KEY}', hosts: ["https://opa.example.com"] }\n` },
  })
  lab.write('policy.yaml', `version: 1\n${gate}\n${RULES}`)
  await shows(3, lab.eosflow('validate policy.yaml'), /policy\.yaml:2:\d+/, said)
})

test('a rule of a policy with a gate is not called as its denials are', async () => {
  const lab = openLab()
  lab.write(
    'policy.yaml',
    `version: 1\ngate: { exec: { command: [/bin/true] } }\n${RULES.replace('id: all', 'id: gate')}`,
  )
  await shows(3, lab.eosflow('validate policy.yaml'), '`gate` is what denials of the gate are called')
})
