import { describe, expect, test } from 'vitest'
import { judgeApprovals } from '../../../src/change/policy/approval.ts'
import type { ApprovalCase, ApprovalDemand } from '../../../src/change/policy/approval-case.ts'
import type { ApprovalStatement } from '../../../src/model/approval.ts'
import type { Principal } from '../../../src/model/principal.ts'
import { decisionOf, EIGHT, GIVEN_CASE, HOUR } from './given-approval.ts'

const corp = (id: string): Principal => ({ issuer: 'corp', id, kind: 'person', auth: 'oidc' })
const local = (uid: number, host: string): Principal => ({
  issuer: 'local',
  id: `local:${uid}:u${uid}@${host}`,
  kind: 'person',
  auth: 'os',
})
const [ANN, BOB, RITA] = [corp('ann'), corp('bob'), corp('rita')]
const HOSTS = [local(1000, 'noc1'), local(1000, 'jump')]
const DEMAND: ApprovalDemand = {
  by: 'change',
  count: 1,
  from: [],
  distinct: 'person',
  notRequester: false,
  notRunner: false,
}
const TWO = { ...DEMAND, count: 2 }
const ONE_PERSON = /local users of several hosts, and those in a user namespace, count as one person/

const by = (approver: Principal, nonce: string, more: Partial<ApprovalStatement> = {}) =>
  decisionOf({ approver, nonce, ...more })
const judged = (facts: Partial<ApprovalCase>) =>
  judgeApprovals({ ...GIVEN_CASE, demands: [DEMAND], requesters: [RITA], runners: [RITA], ...facts })

describe('an approval is used', () => {
  test.each<readonly [string, Partial<ApprovalCase>, readonly string[]]>([
    [
      'without another word of the same person that is over',
      { decisions: [by(ANN, 'old', { expires: '2026-01-05T08:30:00.000Z' }), by(ANN, 'new')] },
      ['new'],
    ],
    [
      'that holds longest, of two',
      { decisions: [by(ANN, 'short'), by(BOB, 'long', { expires: '2026-01-05T13:00:00.000Z' })] },
      ['long'],
    ],
    [
      'that this execution has used already is first, and is not used again',
      {
        decisions: [by(BOB, 'long', { expires: '2026-01-05T13:00:00.000Z' }), by(ANN, 'own')],
        uses: [{ nonce: 'own', execution: 'x1' }],
      },
      [],
    ],
    [
      'that another execution has used, for two, is not first',
      {
        decisions: [by(ANN, 'twice', { maxRuns: 2 }), by(BOB, 'long', { expires: '2026-01-05T13:00:00.000Z' })],
        uses: [{ nonce: 'twice', execution: 'x0' }],
      },
      ['long'],
    ],
  ])('%s', (_what, facts, uses) => {
    const found = judged(facts)
    expect(found.status === 'approved' && found.uses.map(({ nonce }) => nonce)).toEqual(uses)
  })
})

describe('who counts as one', () => {
  test.for<readonly [string, Partial<ApprovalCase>, string, RegExp?]>([
    [
      'a local user of another host than the requester, where whoever asks may approve',
      { decisions: [by(HOSTS[1] as Principal, 'a')], requesters: HOSTS.slice(0, 1) },
      'approved',
    ],
    [
      'two local users of one host, where somebody of another host runs it',
      {
        decisions: [by(local(1001, 'noc1'), 'a')],
        requesters: HOSTS.slice(0, 1),
        runners: HOSTS.slice(1),
        demands: [{ ...DEMAND, notRequester: true }],
      },
      'unentitled',
      ONE_PERSON,
    ],
    [
      'somebody of a provider, where local users of two hosts asked for it and run it',
      {
        decisions: [by(ANN, 'a')],
        requesters: HOSTS.slice(0, 1),
        runners: HOSTS.slice(1),
        demands: [{ ...DEMAND, notRequester: true, notRunner: true }],
      },
      'approved',
    ],
    [
      'two of a provider, where local users of two hosts run it',
      { decisions: [by(ANN, 'a'), by(BOB, 'b')], runners: HOSTS, demands: [TWO] },
      'approved',
    ],
    [
      'two of a provider whose names differ in case and are no addresses',
      { decisions: [by(corp('u1'), 'a'), by(corp('U1'), 'b')], demands: [TWO] },
      'approved',
    ],
    [
      'two local users of one host',
      { decisions: [by(local(1000, 'noc1'), 'a'), by(local(1001, 'noc1'), 'b')], demands: [TWO] },
      'approved',
    ],
    [
      'two local users of two hosts',
      { decisions: HOSTS.map((who, index) => by(who, `n${index}`)), demands: [TWO] },
      'missing',
      ONE_PERSON,
    ],
    [
      'two local users of one host, where somebody of another host runs it and may approve',
      {
        decisions: [by(local(1001, 'noc1'), 'a'), by(local(1002, 'noc1'), 'b')],
        runners: HOSTS.slice(1),
        demands: [TWO],
      },
      'missing',
      ONE_PERSON,
    ],
    [
      'one local user, where somebody of another host runs it: one is missing, whoever it is',
      { decisions: [by(local(1001, 'noc1'), 'a')], runners: HOSTS.slice(1), demands: [TWO] },
      'missing',
      /each of another person$/,
    ],
    [
      'two local users of one host, of whom three are asked for',
      {
        decisions: [by(local(1000, 'noc1'), 'a'), by(local(1001, 'noc1'), 'b')],
        demands: [{ ...DEMAND, count: 3 }],
      },
      'missing',
      /^2 of the 3 .*each of another person$/,
    ],
    [
      'one local user and one of a provider, where somebody of another host runs it, of whom three are asked for',
      {
        decisions: [by(local(1000, 'noc1'), 'a'), by(ANN, 'b')],
        runners: HOSTS.slice(1),
        demands: [{ ...DEMAND, count: 3 }],
      },
      'missing',
      /^2 of the 3 .*each of another person$/,
    ],
  ])('%s', ([, facts, status, reason = /^/]) => {
    const found = judged(facts)
    expect(found.status).toBe(status)
    if (found.status !== 'approved') expect(found.reason).toMatch(reason)
  })

  test('shown is why the one does not count that came furthest, wherever it is in the record', () => {
    const demands = [{ ...DEMAND, notRequester: true, maxAge: HOUR / 2 }]
    const now = EIGHT + HOUR
    const old = by(ANN, 'old')
    const own = by(RITA, 'own', { notBefore: '2026-01-05T08:45:00.000Z' })
    for (const decisions of [
      [old, own],
      [own, old],
    ])
      expect(judged({ decisions, demands, now })).toMatchObject({
        status: 'unentitled',
        reason: 'the approval of rita does not count for change: the same person made the plan',
      })
  })
})
