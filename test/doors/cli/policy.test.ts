import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { everyNth } from '../../extent.ts'
import { exits, inProcess, json, openLab, prints, shows, temporaryFolder, warns } from '../../lab/lab.ts'

const POLICY = `version: 1
roles: { operator: { members: ["corp:group:netops"] }, approver: { members: ["corp:group:leads"] } }
windows: { night: { tz: UTC, days: [mo, tu, we, th], from: "22:00", to: "04:00" } }
rules:
  - id: leaf
    allow: [task.push]
    to: [operator]
    on: { tags: ["role:leaf"] }
    when: { window: night }
    require: { approvals: { count: 2, from: [approver], notRequester: true, notRunner: true, maxAge: 2h } }
  - { id: burning, allow: [breakglass.use, task.push], to: [operator], when: { reason: ticket } }
tests:
  - name: at night, with two approvals
    given: { who: { issuer: corp, groups: [netops] }, action: task.push, devices: [leaf1], at: 2026-01-05T23:00:00Z, lasts: 10m }
    expect: { effect: allow, rules: [leaf], approvals: 2 }
  - { name: by day, given: { who: { issuer: corp, groups: [netops] }, action: task.push, devices: [leaf1] }, expect: closed }
`
const INVENTORY = `credentials: { lab: { username: admin, password: admin, simulated: true } }
defaults: { protocol: http, credentials: lab }
devices:
  leaf1: { host: 127.0.0.1, port: 8001, tags: { role: leaf } }
  spine1: { host: 127.0.0.1, port: 8002, tags: { role: spine } }
`

function project(policy: string | undefined) {
  const dir = temporaryFolder({ 'eosflow.yaml': 'version: 1\n', 'inventory.yaml': INVENTORY })
  if (policy !== undefined) writeFileSync(join(dir, 'policy.yaml'), policy)
  return dir
}

const explain = (dir: string, ...argv: readonly string[]) =>
  inProcess(['policy explain task.push --as corp:sub:alice,corp:group:netops', ...argv], dir)

describe('policy test', () => {
  test('runs the table, and exits 6 when a row comes out otherwise', async () => {
    const dir = project(POLICY)
    const good = await exits(0, inProcess('policy test', dir))
    expect(good.stdout).toBe(
      '✔ at night, with two approvals: allowed\n✔ by day: closed\nPolicy: 2 tests, 0 failed\nNext: eosflow validate\n',
    )
    writeFileSync(join(dir, 'policy.yaml'), POLICY.replace('count: 2', 'count: 1'))
    expect(await json(exits(6, inProcess('policy test --json', dir)))).toMatchObject({
      kind: 'policy-test',
      passed: 1,
      failed: 1,
      tests: [
        { name: 'at night, with two approvals', failures: ['expected 2 approvals, and 1 are demanded'] },
        { passed: true },
      ],
    })
  })

  test('without a policy, and without a row, it is bad usage', async () => {
    await warns(3, inProcess('policy test', project(undefined)), 'policy.yaml:1:1: there is no policy here')
    await warns(3, inProcess('policy test', project('version: 1\n')), 'the policy has no tests')
  })
})

describe('policy explain', () => {
  test('says for each switch what was decided, what is demanded, and what every rule gave', async () => {
    await prints(
      0,
      explain(project(POLICY), '-t', '*', '--at', '2026-01-05T23:00:00Z', '--lasts', '10m'),
      [
        '✔ corp:sub:alice, task.push on leaf1: allowed',
        '    `leaf` allows corp:sub:alice task.push on leaf1',
        '    leaf demands 2 approvals by approver, from different people, not from whoever made the plan or runs it, at most 2h old',
        '    builtin-no-agent does not apply: it is for kind:agent, and not for operator, kind:person',
        '    leaf allows: all its conditions are met',
        '    burning does not apply: it is for --break-glass',
        '✖ corp:sub:alice, task.push on spine1: denied',
        '    no rule allows corp:sub:alice task.push on spine1',
        '    builtin-no-agent does not apply: it is for kind:agent, and not for operator, kind:person',
        '    leaf does not apply: it is not about spine1',
        '    burning does not apply: it is for --break-glass',
        'Explained: 1 of 2 allowed at 2026-01-05T23:00:00.000Z · policy: sha256:',
      ].join('\n'),
    )
  })

  test('a closed window says when it opens; a broken glass demands nothing', async () => {
    const dir = project(POLICY)
    const day = await explain(dir, '-t', 'leaf1', '--at', '2026-01-05T12:00:00Z')
    expect(day.stdout).toContain('task.push on leaf1: closed')
    expect(day.stdout).toContain('leaf fails: the window `night` is not open; it opens at 2026-01-05T22:00:00.000Z')
    expect(
      await json(explain(dir, '-t', 'leaf1', '--at', '2026-01-05T12:00:00Z', '--break-glass', 'INC-1', '--json')),
    ).toMatchObject({
      kind: 'policy-explanation',
      decisions: [{ device: 'leaf1', effect: 'allow', rules: ['burning'], obligations: { approvals: [] } }],
    })
  })

  test('a gate is named with what it may still deny, where it is asked in earnest', {
    tags: ['long', 'turn'],
  }, async () => {
    const program = project(`${POLICY}gate: { exec: { command: [/usr/local/bin/opa, eval, secret-word] } }\n`)
    const words =
      'The gate of the policy is asked besides, when a plan is made and before each push: /usr/local/bin/opa. It can deny what is allowed here, and is not asked for this.\n'
    const { stdout } = await prints(0, explain(program, '-t', 'leaf1'), words)
    expect(stdout).not.toContain('secret-word')
    const gateOf = async (dir: string, action: string, ...flags: readonly string[]) =>
      (await json(exits(0, inProcess(['policy explain', action, '--json', ...flags], dir)))).gate
    const service = project(
      `${POLICY}gate: { http: { url: "https://opa.example.com/v1/data/eosflow/gate", headers: { A: b } } }\n`,
    )
    const exec = { way: 'exec', name: '/usr/local/bin/opa' }
    for (const action of ['plan.create', 'task.plan', 'execution.start', 'task.push'])
      expect([action, await gateOf(program, action)]).toEqual([action, exec])
    for (const action of ['plan.read', 'plan.approve', 'task.confirm', 'task.rollback'])
      expect([action, await gateOf(program, action)]).toEqual([action, null])
    expect(await gateOf(service, 'task.push')).toEqual({
      way: 'http',
      name: 'https://opa.example.com/v1/data/eosflow/gate',
    })
    expect(await gateOf(program, 'task.push', '--break-glass', 'INC-1')).toBeNull()
    expect(await gateOf(project(POLICY), 'task.push')).toBeNull()
    expect((await explain(project(POLICY), '-t', 'leaf1')).stdout).not.toContain('gate')
  })

  test('in local mode it says so', async () => {
    const dir = project(undefined)
    expect((await explain(dir)).stdout).toContain('policy: none (local mode)')
    await prints(
      0,
      inProcess('policy explain task.push --as kind:agent', dir),
      'without a policy only a person may task.push',
    )
  })

  test.each(
    everyNth(7, 'questions to a policy that are bad usage', [
      ['policy explain', 'which action of the policy?', 'the actions are workflow.list, plan.create, plan.read'],
      ['policy explain task.psh', 'there is no action `task.psh`', 'did you mean `task.push`?'],
      ['policy explain task.push --as alice', '`alice` describes nobody', 'Write for example --as'],
      ['policy explain task.push --as kind:robot', '`kind:robot` describes nobody', 'one kind and one issuer'],
      ['policy explain task.push --as corp:group:a,other:group:b', 'describes nobody', 'one issuer'],
      ['policy explain task.push --at tonight', '`tonight` is not a time', '2026-01-05'],
      ['policy explain task.push --lasts long', '`long` is not a duration', '15m'],
    ]),
  )('%j is bad usage', async (argv, message, hint) => {
    await warns(3, inProcess(argv, project(POLICY)), message, hint)
  })
})

describe('validate', () => {
  test('takes every action of the page without a warning: all of them are asked for', async () => {
    const rule = '  - { id: asks, allow: [task.verify, approval.request], to: [operator] }\n'
    const dir = project(POLICY.replace('tests:\n', `${rule}tests:\n`))
    const { warnings } = (await json(exits(0, inProcess('validate policy.yaml --json', dir)))) as {
      warnings: readonly { code: string }[]
    }
    expect(warnings.filter((one) => one.code === 'unasked-action')).toEqual([])
  })

  test('[D6] refuses a rule about an action that nothing ever asks for, and so does each decision', async () => {
    const dir = project(POLICY.replace('allow: [task.push]', 'deny: [secret.resolve]'))
    await warns(
      3,
      inProcess('validate policy.yaml', dir),
      'policy.yaml:6:12',
      'nothing asks for `secret.resolve`, and a rule about it protects nothing',
    )
    await exits(3, explain(dir))
  })
})

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
  await prints(0, lab.eosflow('validate policy.yaml'), 'a gate, which was not asked')
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
