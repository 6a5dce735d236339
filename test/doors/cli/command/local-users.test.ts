// @module-tag long
import { describe, expect, test } from 'vitest'
import type { Principal } from '../../../../src/model/principal.ts'
import { everyNthOfLong } from '../../../extent.ts'
import { openLab } from '../../../lab/lab.ts'

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
const SAID = 'local users of several hosts, and those in a user namespace, count as one person'

const policyWith = (approvals: string) => `version: 1
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

/** As somebody is called in a user namespace. */
const inside = (who: Principal): Principal => ({ ...who, userNamespace: true })

interface Cast {
  readonly planner?: Principal
  readonly approvers: readonly Principal[]
  readonly runner?: Principal
}

/** How it ends when a saved plan that these have approved is run, or which of their approvals is refused. */
async function run(approvals: string, { planner = ALICE, approvers, runner = ALICE }: Cast) {
  const lab = openLab({ caller: planner })
  lab.write('policy.yaml', policyWith(approvals))
  await lab.ok('plan workflow.yaml -o change.plan')
  for (const who of approvers) {
    const approved = await lab.as(who, 'approve change.plan')
    // What can never count is refused before it is on record.
    if (approved.code !== 0) return { ended: approved, where: lab.whereIs('leaf1') }
  }
  const ended = await lab.as(runner, 'run change.plan --detach')
  return { ended, where: lab.whereIs('leaf1') }
}

const NOT_REQUESTER = '{ from: [lead], notRequester: true }'

describe('in a user namespace', () => {
  test.each<[string, string, Cast, number]>(
    everyNthOfLong(6, 'places of local users', [
      ['all of it', NOT_REQUESTER, { planner: inside(ALICE), approvers: [inside(BOB)], runner: inside(ALICE) }, 4],
      ['the approval alone', NOT_REQUESTER, { approvers: [inside(BOB)] }, 4],
      ['the plan alone', NOT_REQUESTER, { planner: inside(CAROL), approvers: [BOB], runner: BOB }, 4],
      ['the run alone', NOT_REQUESTER, { approvers: [BOB], runner: inside(ALICE) }, 4],
      ['the runner whom it must not be', '{ notRunner: true }', { approvers: [BOB], runner: inside(ALICE) }, 4],
      ['one of two approvals', '{ count: 2, from: [lead] }', { approvers: [BOB, inside(CAROL)] }, 12],
    ]),
  )('[S8] %s: two local users are one, and at home they are two', async (_name, approvals, cast, code) => {
    const refused = await run(approvals, cast)
    expect(refused.ended.out + refused.ended.err).toContain(SAID)
    expect(refused.ended.code).toBe(code)
    expect(refused.where).toBe('BEFORE')
    const plain = ({ userNamespace: _, ...who }: Principal): Principal => who
    const { planner = ALICE, approvers, runner = ALICE } = cast
    const home = { planner: plain(planner), approvers: approvers.map(plain), runner: plain(runner) }
    const { ended, where } = await run(approvals, home)
    expect(ended.code, ended.err).toBe(0)
    expect(where).toBe('AFTER')
  })

  test.each<[string, string, Cast]>([
    ['a demand that one local user meets', '{ from: [lead] }', { approvers: [inside(BOB)], runner: inside(ALICE) }],
    ['the approval of who made the plan', '{ count: 1 }', { approvers: [inside(ALICE)], runner: inside(ALICE) }],
  ])('%s is met', { tags: ['long', 'turn'] }, async (_name, approvals, cast) => {
    const { ended, where } = await run(approvals, { planner: inside(ALICE), ...cast })
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

  test.each(
    everyNthOfLong(2, 'names of local users', [
      ['{ from: [lead], notRequester: true }', '', true],
      ['{ count: 2 }', '', true],
      ['{ count: 2, from: [everybody] }', '', true],
      ['{ count: 1, from: [lead] }', '', false],
      ['{ count: 2, from: [lead] }', ISSUER, true],
      ['{ count: 2, from: [everybody] }', ISSUER, false],
    ]),
  )('%s names by validate, explain and test', async (approvals, settings, isTold) => {
    const lab = openLab({ caller: DORA })
    if (settings !== '') lab.write('eosflow.yaml', settings)
    const tests = `tests:\n  - { name: nobody at all, given: { who: { id: nobody }, action: audit.read }, expect: deny }\n`
    lab.write('policy.yaml', `${policyWith(approvals)}${tests}`)
    const validated = await lab.ok('validate policy.yaml')
    const explained = await lab.eosflow('policy explain task.push')
    const tested = await lab.ok('policy test')
    const line = /policy\.yaml:10:5: the rule `changes` tells local users apart; local users of several hosts/
    expect([line.test(validated.out), explained.out.includes(SAID), tested.out.includes(SAID)]).toEqual([
      isTold,
      isTold,
      isTold,
    ])
  })
})
