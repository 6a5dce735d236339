import { describe, expect, test } from 'vitest'
import type { Principal } from '../../../src/model/principal.ts'
import { startLab } from '../../e2e/in-memory.ts'
import { whereIs } from '../../e2e/vlan-change.ts'

const local = (uid: number, name: string): Principal => ({
  issuer: 'local',
  id: `local:${uid}:${name}@noc1`,
  kind: 'person',
  auth: 'os',
})
const ALICE = local(1000, 'alice')
const BOB = local(1001, 'bob')
const CAROL = local(1002, 'carol')
const DORA: Principal = { issuer: 'corp', id: 'dora', kind: 'person', auth: 'oidc' }
const SAID = 'in a user namespace all local users count as one person'

const policyWith = (approvals: string): string => `version: 1
roles:
  everybody: { members: ['kind:person'] }
  lead: { members: ['local:1001:bob@noc1', 'local:1002:carol@noc1', 'corp:sub:dora'] }
rules:
  - id: changes
    allow: [plan.create, plan.read, plan.approve, execution.start, execution.read, task.snapshot, task.plan, task.push, task.verify, task.confirm,
            task.rollback]
    to: [everybody]
    require: { approvals: ${approvals} }
`

/** How it ends when Alice runs a saved plan of hers that these have approved, by the map of user ids. */
async function run(approvals: string, approvers: readonly Principal[], map: string | undefined) {
  const now = { who: ALICE }
  const lab = startLab({ seams: (seams) => ({ ...seams, principal: now.who, uidMap: () => map }) })
  lab.write('policy.yaml', policyWith(approvals))
  expect((await lab.eosflow('plan', 'workflow.yaml', '-o', 'change.plan')).code).toBe(0)
  for (const who of approvers) {
    now.who = who
    expect((await lab.eosflow('approve', 'change.plan')).code).toBe(0)
  }
  now.who = ALICE
  const ended = await lab.eosflow('run', 'change.plan', '--detach')
  return { ended, where: whereIs(lab.fabric.device('leaf1')) }
}

const HOME = '         0          0 4294967295\n'
const NAMESPACE = '         0       1000          1\n'

describe('in a user namespace', () => {
  test.each([
    ['{ from: [lead], notRequester: true }', [BOB], 4],
    ['{ notRunner: true }', [BOB], 4],
    ['{ count: 2, from: [lead] }', [BOB, CAROL], 12],
  ] as const)('%s is not met by local users, and is at home', async (approvals, approvers, code) => {
    const inside = await run(approvals, approvers, NAMESPACE)
    expect(inside.ended.out + inside.ended.err).toContain(SAID)
    expect(inside.ended.code).toBe(code)
    expect(inside.where).toBe('BEFORE')
    const home = await run(approvals, approvers, HOME)
    expect(home.ended.code, home.ended.err).toBe(0)
    expect(home.where).toBe('AFTER')
  })

  test.each([
    ['{ from: [lead] }', [BOB]],
    ['{ count: 1 }', [ALICE]],
  ] as const)('%s, which one local user meets, is met', async (approvals, approvers) => {
    const { ended, where } = await run(approvals, approvers, NAMESPACE)
    expect(ended.code, ended.err).toBe(0)
    expect(where).toBe('AFTER')
  })
})

describe('a policy that rests on two local users', () => {
  const ISSUER = `version: 1
identity:
  issuers:
    - { name: corp, issuer: 'https://id.example.net', audience: eosflow, kind: person, clientId: eosflow }
`

  test.each([
    ['{ from: [lead], notRequester: true }', '', true],
    ['{ count: 2 }', '', true],
    ['{ count: 2, from: [everybody] }', '', true],
    ['{ count: 1, from: [lead] }', '', false],
    ['{ count: 2, from: [lead] }', ISSUER, true],
    ['{ count: 2, from: [everybody] }', ISSUER, false],
  ])('%s is told of by validate, explain and test', async (approvals, settings, isTold) => {
    const lab = startLab({ seams: (seams) => ({ ...seams, principal: DORA }) })
    if (settings !== '') lab.write('eosflow.yaml', settings)
    const tests = `tests:\n  - { name: nobody at all, given: { who: { id: nobody }, action: audit.read }, expect: deny }\n`
    lab.write('policy.yaml', `${policyWith(approvals)}${tests}`)
    const validated = await lab.eosflow('validate', 'policy.yaml')
    expect(validated.code, validated.out + validated.err).toBe(0)
    const explained = await lab.eosflow('policy', 'explain', 'task.push')
    const tested = await lab.eosflow('policy', 'test')
    expect(tested.code).toBe(0)
    const line = /policy\.yaml:10:5: the rule `changes` tells local users apart; in a user namespace/
    expect([line.test(validated.out), explained.out.includes(SAID), tested.out.includes(SAID)]).toEqual([
      isTold,
      isTold,
      isTold,
    ])
  })
})
