import { randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { judgeApprovals, sealOf } from '../../../src/change/policy/approval.ts'
import type { ApprovalCase, ApprovalDemand, Decision } from '../../../src/change/policy/approval-case.ts'
import type { Principal } from '../../../src/model/principal.ts'
import { agentFor } from '../../../src/project/identity/local/agent-for.ts'
import { decisionOf, EIGHT, GIVEN_CASE, HOUR, KEY } from './given-approval.ts'

/** Somebody of the identity provider `corp`; `human` is what its claim for the person says. */
const who = (id: string, human?: string, more: Partial<Principal> = {}): Principal => ({
  issuer: 'corp',
  id,
  kind: 'person',
  auth: 'oidc',
  ...(human === undefined ? {} : { person: human }),
  ...more,
})
const ALICE = who('alice', 'P1')
const local = (uid: number, host: string): Principal => ({
  issuer: 'local',
  id: `local:${uid}:user${uid}@${host}`,
  kind: 'person',
  auth: 'os',
})
const BOB = who('bob', 'P2')
const CAROL = who('carol', 'P3')

function by(principal: Principal, roles: readonly string[] = ['lead'], change: Partial<Decision> = {}): Decision {
  const nonce = randomBytes(16).toString('hex')
  return decisionOf({ approver: principal, nonce, policy: 'sha256:p1' }, { roles, ...change })
}

const demand = (change: Partial<ApprovalDemand> = {}): ApprovalDemand => ({
  by: 'spine-change',
  count: 2,
  from: ['lead'],
  distinct: 'person',
  notRequester: true,
  notRunner: true,
  ...change,
})

const facts = (decisions: readonly Decision[], change: Partial<ApprovalCase> = {}): ApprovalCase => ({
  ...GIVEN_CASE,
  decisions,
  demands: [demand()],
  requesters: [who('rita', 'P8')],
  runners: [who('ralf', 'P9')],
  monotonic: HOUR,
  sources: { ...GIVEN_CASE.sources, 'the policy': { planned: 'sha256:p1', found: 'sha256:p1' } },
  ...change,
})

type Row = readonly [ApprovalCase, string, RegExp?]

/** The case of two leads of two humans. */
const both = (change: Partial<ApprovalCase> = {}): ApprovalCase => facts([by(ALICE), by(BOB)], change)

/** An event that names somebody who made the plan. */
const eventOf = (id: string): Principal =>
  who('hook:github', undefined, { kind: 'service', named: [{ issuer: 'corp', id, person: id }] })

const ONE = [demand({ count: 1, notRunner: false })]
const MADE_IT = /the same person made the plan/
const ONE_OF_TWO = /^1 of the 2/
const ONE_PERSON = /local users of several hosts, and those in a user namespace, count as one person/

const ROWS: Readonly<Record<string, Row>> = {
  'two leads of two humans': [both(), 'approved'],
  nobody: [
    facts([]),
    'missing',
    /^nobody has approved this plan; spine-change asks for 2 approvals from lead, each of another person$/,
  ],
  'one of two': [
    facts([by(ALICE)]),
    'missing',
    /^1 of the 2 approvals that spine-change asks for from lead, each of another person$/,
  ],
  'one human twice': [facts([by(ALICE), by(ALICE)]), 'missing', ONE_OF_TWO],
  'one human under two identities': [facts([by(ALICE), by(who('alice-admin', 'P1'))]), 'missing', ONE_OF_TWO],
  'one human at two issuers': [facts([by(ALICE), by(who('a', 'P1', { issuer: 'lab' }))]), 'missing', ONE_OF_TWO],
  'two identities, where identities are enough': [
    facts([by(ALICE), by(who('alice-admin', 'P1'))], { demands: [demand({ distinct: 'identity' })] }),
    'approved',
  ],
  'two identities whose issuer knows no person': [facts([by(who('u1')), by(who('u2'))]), 'approved'],
  'the same name at two issuers that know no person': [
    facts([by(who('u1')), by(who('u1', undefined, { issuer: 'lab' }))]),
    'approved',
  ],
  'a lead and somebody else': [
    facts([by(ALICE), by(BOB, ['operator'])]),
    'missing',
    /bob does not count for spine-change: it has to come from lead/,
  ],
  'anybody, where no role is asked': [
    facts([by(ALICE, []), by(BOB, [])], { demands: [demand({ from: [] })] }),
    'approved',
  ],
  'the requester among them': [
    both({ requesters: [BOB] }),
    'unentitled',
    /bob does not count for spine-change: the same person made the plan/,
  ],
  'the requester under another identity': [both({ requesters: [who('bob-admin', 'P2')] }), 'unentitled', MADE_IT],
  '[E2] the requester, whose e-mail an event writes in another case and with blanks': [
    facts([by(ALICE), by(who('bob@corp.example', 'bob@corp.example'))], {
      requesters: [
        who('hook:git', undefined, {
          named: [{ issuer: 'corp', id: ' Bob@Corp.example', person: ' Bob@Corp.example' }],
        }),
      ],
    }),
    'unentitled',
    MADE_IT,
  ],
  '[E2] the requester, whose provider writes an accent of the e-mail as a separate character': [
    facts([by(ALICE), by(who('jos\u00e9@corp.example', 'jos\u00e9@corp.example'))], {
      requesters: [who('00u1', 'jose\u0301@corp.example')],
    }),
    'unentitled',
    MADE_IT,
  ],
  'somebody for whom an agent made the plan': [
    both({
      requesters: [who('bot', undefined, { kind: 'agent', onBehalfOf: { issuer: 'corp', id: 'bob', person: 'P2' } })],
    }),
    'unentitled',
    MADE_IT,
  ],
  'whoever runs the command of an agent that made the plan': [
    facts([by(local(1000, 'noc1'))], {
      requesters: [agentFor(local(1000, 'noc1'))],
      demands: [demand({ count: 1 })],
    }),
    'unentitled',
    MADE_IT,
  ],
  'another user of the host where such an agent made the plan': [
    facts([by(local(1001, 'noc1'))], {
      requesters: [agentFor(local(1000, 'noc1'))],
      demands: [demand({ count: 1 })],
    }),
    'approved',
  ],
  'somebody whom the event names that made the plan, by the subject': [
    both({
      requesters: [eventOf('bob')],
    }),
    'unentitled',
    MADE_IT,
  ],
  'somebody whom the event names that made the plan, by the claim for a person': [
    both({
      requesters: [eventOf('P2')],
    }),
    'unentitled',
    MADE_IT,
  ],
  'nobody whom the event names': [
    both({
      requesters: [eventOf('P3')],
    }),
    'approved',
  ],
  'the requester among them, where that is allowed': [
    both({ requesters: [BOB], demands: [demand({ notRequester: false })] }),
    'approved',
  ],
  'a local user of another host than the requester': [
    facts([by(local(1001, 'jump'))], {
      requesters: [local(1000, 'noc1')],
      runners: [],
      demands: ONE,
    }),
    'unentitled',
    ONE_PERSON,
  ],
  'a local user of the same host as the requester': [
    facts([by(local(1001, 'noc1'))], {
      requesters: [local(1000, 'noc1')],
      runners: [],
      demands: ONE,
    }),
    'approved',
  ],
  'a local user of another host than whoever runs it': [
    facts([by(local(1001, 'jump'))], {
      runners: [local(1000, 'noc1')],
      demands: [demand({ count: 1, notRequester: false })],
    }),
    'unentitled',
    ONE_PERSON,
  ],
  'the same, where whoever runs it may approve': [
    facts([by(local(1001, 'jump'))], {
      runners: [local(1000, 'noc1')],
      demands: [demand({ count: 1, notRequester: false, notRunner: false })],
    }),
    'approved',
  ],
  'one human by the keys that are trusted, whatever the statements say': [
    facts([
      by(who('u1'), ['lead'], { signer: { status: 'proved', principal: ALICE } }),
      by(who('u2'), ['lead'], { signer: { status: 'proved', principal: who('alice-admin', 'P1') } }),
    ]),
    'missing',
    ONE_OF_TWO,
  ],
  'two decisions by SSH keys, where those are asked for': [
    facts([signed(ALICE), signed(BOB)], { demands: [demand({ proof: ['ssh'] })] }),
    'approved',
  ],
  'the second of two requesters among them': [
    both({ requesters: [who('bot', undefined, { kind: 'service' }), BOB] }),
    'unentitled',
    MADE_IT,
  ],
  'the runner among them': [both({ runners: [who('ralf', 'P9'), BOB] }), 'unentitled', /the same person runs/],
  'the runner among them, where that is allowed': [
    both({ runners: [BOB], demands: [demand({ notRunner: false })] }),
    'approved',
  ],
  'a third beside the requester': [facts([by(ALICE), by(BOB), by(CAROL)], { requesters: [BOB] }), 'approved'],
  'as old as is allowed': [both({ demands: [demand({ maxAge: HOUR })] }), 'approved'],
  'an agent as the second': [facts([by(ALICE), by(who('bot', 'P7', { kind: 'agent' }))]), 'missing', ONE_OF_TWO],
  'a service as the second': [facts([by(ALICE), by(who('ci', 'P7', { kind: 'service' }))]), 'missing', ONE_OF_TWO],
  'a person whose key turns out to be a service': [
    facts([
      by(ALICE),
      by(BOB, ['lead'], { signer: { status: 'proved', principal: who('ci', 'P2', { kind: 'service' }) } }),
    ]),
    'missing',
    ONE_OF_TWO,
  ],
  'two demands, one person for both': [
    facts([by(ALICE, ['lead', 'security']), by(BOB)], {
      demands: [demand(), demand({ by: 'acl', count: 1, from: ['security'] })],
    }),
    'approved',
  ],
  'two demands, one of them not met': [
    both({ demands: [demand(), demand({ by: 'acl', count: 1, from: ['security'] })] }),
    'missing',
    /does not count for acl: it has to come from security/,
  ],
  'no demand': [facts([], { demands: [] }), 'approved'],
  'no demand, and a rejection': [
    facts([], { demands: [], decisions: [rejection()] }),
    'rejected',
    /^erin rejected this plan: no$/,
  ],
  'expired, at the confirm of a change that is live': [
    both({ moment: 'confirm', now: EIGHT + 9 * HOUR, demands: [demand({ maxAge: HOUR })] }),
    'approved',
  ],
  'no longer entitled, at the confirm': [
    facts([by(ALICE), by(BOB, ['lead'], { entitled: { effect: 'deny', reason: 'gone' } })], {
      moment: 'confirm',
      now: EIGHT + 9 * HOUR,
    }),
    'unentitled',
    /^gone$/,
  ],
}

function signed(principal: Principal): Decision {
  const made = by(principal)
  const signature = { kind: 'ssh', armored: 'x' } as const
  return { ...made, signature, seal: sealOf(KEY, made.statement, signature) }
}

function rejection(): Decision {
  const made = by(who('erin'))
  const statement = { ...made.statement, decision: 'reject', comment: 'no' } as const
  return { ...made, statement, seal: sealOf(KEY, statement) }
}

describe('N of M', () => {
  test.each(Object.entries(ROWS))('%s', (_name, [given, status, reason]) => {
    const judged = judgeApprovals(given)
    expect(judged.status).toBe(status)
    if (reason !== undefined) expect(judged).toMatchObject({ reason: expect.stringMatching(reason) })
  })

  test('an approval is used once for each execution that it is good for', () => {
    const twice = by(ALICE)
    const statement = { ...twice.statement, maxRuns: 2 }
    const approval = { ...twice, statement, seal: sealOf(KEY, statement) }
    const judged = (...executions: readonly string[]) => {
      const uses = executions.map((execution) => ({ nonce: statement.nonce, execution }))
      return judgeApprovals(facts([approval], { demands: [demand({ count: 1 })], uses }))
    }
    expect(judged()).toMatchObject({ status: 'approved', uses: [{ nonce: statement.nonce, use: 1 }] })
    expect(judged('x0')).toMatchObject({ status: 'approved', uses: [{ nonce: statement.nonce, use: 2 }] })
    expect(judged('x0', 'x1')).toMatchObject({ status: 'approved', uses: [] })
    expect(judged('x0', 'x2')).toMatchObject({ status: 'used', condition: 'uses' })
  })

  test('an approval that is on record twice is used once', () => {
    const [a, b] = [by(ALICE), by(BOB)]
    const judged = judgeApprovals(facts([a, b, { ...a, record: a.record + 1 }]))
    expect(judged).toMatchObject({ status: 'approved' })
    expect(judged.status === 'approved' && judged.uses.map(({ nonce }) => nonce).toSorted()).toEqual(
      [a.statement.nonce, b.statement.nonce].toSorted(),
    )
  })

  test('only as many approvals are used as are asked for, those in use first', () => {
    const [a, b, c] = [by(ALICE), by(BOB), by(CAROL)]
    const uses = [{ nonce: c.statement.nonce, execution: 'x1' }]
    const judged = judgeApprovals(facts([a, b, c], { uses }))
    expect(judged.status === 'approved' && judged.approvals.map(({ approver }) => approver.id)).toEqual([
      'carol',
      'alice',
    ])
    expect(judged).toMatchObject({ uses: [{ nonce: a.statement.nonce, use: 1 }] })
  })

  test('is never met by fewer humans than asked, whoever approves how often (200 sets, fixed seed)', () => {
    const people = fc.constantFrom(ALICE, BOB, CAROL, who('alice-admin', 'P1'), who('bot', 'P4', { kind: 'agent' }))
    let approved = 0
    fc.assert(
      fc.property(fc.array(people, { maxLength: 6 }), fc.integer({ min: 1, max: 3 }), (approvers, count) => {
        const humans = new Set(approvers.filter(({ kind }) => kind === 'person').map(({ person }) => person))
        const judged = judgeApprovals(
          facts(
            approvers.map((one) => by(one)),
            { demands: [demand({ count })] },
          ),
        )
        expect(judged.status).toBe(humans.size >= count ? 'approved' : 'missing')
        if (judged.status === 'approved') approved += 1
      }),
      { numRuns: 200 },
    )
    expect(approved).toBeGreaterThan(20)
  })
})
