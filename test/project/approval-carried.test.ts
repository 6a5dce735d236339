import { describe, expect, test } from 'vitest'
import type { Plan } from '../../src/change/plan/plan.ts'
import { storePlan } from '../../src/change/plan/stored-plan.ts'
import { sealOf } from '../../src/change/policy/approval.ts'
import type { RecordedCarry } from '../../src/change/record/store/store.ts'
import type { Principal } from '../../src/model/principal.ts'
import { localTerms } from '../../src/project/access/policy/demands.ts'
import { approvalCases, type CaseSources, carryFacts, caseGatherer } from '../../src/project/approval/case.ts'
import { BASE, edited, planOn } from '../change/plan/material.ts'
import { EIGHT, GIVEN_STATEMENT, KEY } from '../change/policy/given-approval.ts'
import { partOf } from '../lab/part-of.ts'

const PORT = ['interface Ethernet2', '   switchport access vlan 120']
const SPARE = edited(['description spare', 'description used'])
const TOUCHED = edited(['description host A', 'description host X'])
const ZOE: Principal = { issuer: 'local', id: 'local:1001:zoe@noc1', kind: 'person', auth: 'os' }
const APPROVED = planOn(BASE, PORT)
const madeOn = (base: string) => planOn(base, PORT, { rebases: APPROVED.digest, requester: ZOE })

/** The freezes of a store: when the newest was set and ended, and until when one lasts that nobody has ended. */
interface Frozen {
  readonly set?: string
  readonly ended?: string
  readonly until?: string
}

/** A store in which Alice's approval of one plan has carried, as the records say. */
async function recordOf(tos: readonly string[], frozen: Frozen = {}, kept: Plan = APPROVED) {
  const texts = new Map<string, string>()
  const put = async (text: string) => {
    const ref = `blob:${texts.size}`
    texts.set(ref, text)
    return ref
  }
  const approved = await storePlan({ put }, kept)
  const carried = tos.map((to, index) =>
    partOf<RecordedCarry>({
      type: 'ApprovalCarried',
      seq: 10 + index,
      plan: APPROVED.digest,
      to,
      approved,
      nonces: [GIVEN_STATEMENT.nonce],
    }),
  )
  const statement = { ...GIVEN_STATEMENT, plan: APPROVED.digest }
  const asked: string[] = []
  const begun: string[] = []
  const judged: (readonly [string, string | undefined])[] = []
  const store = {
    id: GIVEN_STATEMENT.store,
    head: async () => ({ seq: 1 }),
    restored: async () => undefined,
    get: async (ref: string) => texts.get(ref) ?? '',
    carried: async (plan: string) => (plan === APPROVED.digest ? carried : []),
    approvals: async (plan: string, toSend?: string) => {
      judged.push([plan, toSend])
      return plan === APPROVED.digest
        ? [{ event: { seq: 7, statement, seal: sealOf(KEY, statement) }, verified: true }]
        : []
    },
    newestOf: async (type: string) =>
      [{ FreezeSet: frozen.set, FreezeEnded: frozen.ended }[type]].flatMap((at) => (at === undefined ? [] : [{ at }])),
    freezes: async (at: string) => (frozen.until !== undefined && frozen.until > at ? [{ until: frozen.until }] : []),
    planRuns: async (plan: string) => {
      begun.push(plan)
      return []
    },
    approvalUses: async (plan: string) => {
      asked.push(plan)
      return []
    },
  }
  const clock = { now: () => EIGHT + 60_000, monotonic: () => 0 }
  const sources = partOf<CaseSources>({
    app: { clock, key: { text: KEY, former: [] }, store },
    caller: { principal: ZOE },
    terms: () => localTerms,
    definition: () => () => APPROVED.content.workflow.digest,
    moved: () => [],
    demands: () => ({}),
    trust: () => ({ signers: [], passkeys: [], programs: { env: {} } }),
  })
  return { sources, asked, begun, judged }
}

const questionOf = (plan: Plan) =>
  ({ moment: 'commit', plan, recomputed: plan.digest, execution: 'x1', starter: ZOE, isAsked: true }) as const

describe('whoever sends a plan that was made again', () => {
  test('[F42] asks who used the approvals by any of the plans, and who asked for either plan', async () => {
    const made = madeOn(SPARE)
    const { sources, asked } = await recordOf(['sha256:earlier', made.digest])
    const facts = await approvalCases(sources)(questionOf(made))
    expect(facts.carry).toEqual({
      plan: APPROVED.digest,
      nonces: [GIVEN_STATEMENT.nonce],
      others: [made.digest, APPROVED.digest, 'sha256:earlier'],
      kinds: ['interface.description', 'interface.description'],
    })
    expect(facts.carriedAway).toBeUndefined()
    expect(asked).toEqual([made.digest, APPROVED.digest, 'sha256:earlier'])
    expect(facts.requesters).toEqual([...made.content.requesters, ...APPROVED.content.requesters])
    expect(facts.requesters.map(({ id }) => id)).toEqual([ZOE.id, APPROVED.content.requesters[0]?.id])
    expect(facts.decisions).toHaveLength(1)
  })

  test('does not believe the record alone: both plans are compared', async () => {
    const made = madeOn(TOUCHED)
    const { sources } = await recordOf([made.digest])
    expect((await approvalCases(sources)(questionOf(made))).carry?.because).toBe(
      'leaf1: the base differs in `interface Ethernet2 / -description host A`, which the change touches; leaf1: the base differs in `interface Ethernet2 / +description host X`, which the change touches',
    )
    // Whoever only looks has no evidence to compare.
    const { carry } = await caseGatherer(sources)(questionOf(made))
    expect([carry?.because, carry?.kinds]).toEqual([undefined, []])
  })

  test('is refused where the approved plan is another one than the record says', async () => {
    const made = madeOn(SPARE)
    const { sources } = await recordOf([made.digest], {}, planOn(TOUCHED, PORT))
    await expect(approvalCases(sources)(questionOf(made))).rejects.toThrow(
      'the plan whose approvals have carried is another plan than the one that was approved',
    )
  })

  test.each([
    ['a later plan has them', ['it', 'sha256:later'], {}, { later: 'sha256:later' }],
    [
      'a freeze was set since',
      ['it'],
      { set: '2026-01-05T08:00:30.000Z' },
      { passed: 'a freeze has been in force since the first approval' },
    ],
    ['a freeze was set before', ['it'], { set: '2026-01-05T07:59:59.000Z' }, {}],
    [
      'a freeze that was set before was over before',
      ['it'],
      { set: '2026-01-05T07:30:00.000Z', ended: '2026-01-05T07:59:59.000Z', until: '2026-01-05T08:00:00.000Z' },
      {},
    ],
    [
      'a freeze that was set before was ended since',
      ['it'],
      { set: '2026-01-05T07:59:59.000Z', ended: '2026-01-05T08:00:30.000Z' },
      { passed: 'a freeze has been in force since the first approval' },
    ],
    [
      'a freeze that was set before has run out since',
      ['it'],
      { set: '2026-01-05T07:59:59.000Z', until: '2026-01-05T08:00:30.000Z' },
      { passed: 'a freeze has been in force since the first approval' },
    ],
  ])('finds what has become of them: %s', async (_what, tos, frozen, more) => {
    const made = madeOn(SPARE)
    const { sources } = await recordOf(
      tos.map((to) => (to === 'it' ? made.digest : to)),
      frozen,
    )
    expect((await approvalCases(sources)(questionOf(made))).carry).toEqual({
      plan: APPROVED.digest,
      nonces: [GIVEN_STATEMENT.nonce],
      others: [made.digest, APPROVED.digest, ...tos.filter((to) => to !== 'it')],
      kinds: ['interface.description', 'interface.description'],
      ...more,
    })
  })

  test('asks which executions were begun of any of the plans, with what this very process has walked of the record', async () => {
    const made = madeOn(SPARE)
    const { sources, begun, judged } = await recordOf(['sha256:earlier', made.digest])
    await approvalCases(sources)(questionOf(made))
    expect(begun).toEqual([made.digest, APPROVED.digest, 'sha256:earlier'])
    expect(judged).toEqual([made.digest, APPROVED.digest, 'sha256:earlier'].map((plan) => [plan, 'toSend']))
    judged.splice(0)
    await caseGatherer(sources)(questionOf(made))
    expect(judged.map(([, toSend]) => toSend)).toEqual([undefined, undefined, undefined])
  })

  test('is asked for what the requesters of both plans are asked for', async () => {
    const made = madeOn(SPARE)
    const { sources } = await recordOf([made.digest])
    const asked: (readonly string[])[] = []
    const terms: CaseSources['terms'] = () => ({
      ...localTerms,
      demandsOn: (...given) => {
        asked.push(given[0].content.requesters.map(({ id }) => id))
        return localTerms.demandsOn(...given)
      },
    })
    await approvalCases({ ...sources, terms })(questionOf(made))
    expect(asked).toEqual([[ZOE.id, APPROVED.content.requesters[0]?.id]])
  })

  test('is refused by what has passed by the newest time on record, where the clock was set back', async () => {
    const made = madeOn(SPARE)
    const { sources } = await recordOf([made.digest])
    const latest = '2026-01-05T09:00:00.000Z'
    const asked: number[] = []
    const terms: CaseSources['terms'] = () => ({
      ...localTerms,
      passedSince: (_first, now) => {
        asked.push(now)
        return 'the window has closed'
      },
    })
    const app = { ...sources.app, store: { ...sources.app.store, head: async () => ({ seq: 1, latest }) } }
    const caller = { principal: ZOE }
    const facts = await caseGatherer(partOf<CaseSources>({ ...sources, app, caller, terms }))(questionOf(made))
    expect(asked).toEqual([Date.parse(latest)])
    expect(facts.carry?.passed).toBe('the window has closed')
  })

  test('counts what has passed from the first approval that carried, and nothing where none of them is there', async () => {
    const { sources } = await recordOf([])
    const given = ['2026-01-05T08:00:10.000Z', '2026-01-05T08:00:00.000Z', '2026-01-05T07:00:00.000Z'].map(
      (notBefore, index) => ({ statement: { ...GIVEN_STATEMENT, nonce: `n${index}`, notBefore } }),
    )
    const firsts: number[] = []
    const terms = {
      passedSince: (first: number) => {
        firsts.push(first)
        return undefined
      },
    }
    const own = (nonces: readonly string[]) => partOf<RecordedCarry>({ to: 'sha256:made', nonces })
    const of = { from: 'sha256:a', family: [], app: sources.app, terms, given, now: EIGHT, isAsked: false }
    const factsOf = (nonces: readonly string[]) =>
      carryFacts({ ...of, own: own(nonces), last: own(nonces), verdict: undefined })
    expect((await factsOf(['n0', 'n1'])).carry).toMatchObject({ nonces: ['n0', 'n1'], passed: undefined })
    expect(firsts).toEqual([Date.parse('2026-01-05T08:00:00.000Z')])
    expect((await factsOf(['other'])).carry).toMatchObject({ nonces: [], passed: undefined })
    expect(firsts).toHaveLength(1)
  })

  test('finds none where none has carried to it, and that those of the first plan are gone', async () => {
    const made = madeOn(SPARE)
    const { sources } = await recordOf(['sha256:other'])
    expect((await approvalCases(sources)(questionOf(made))).carry).toEqual({
      plan: APPROVED.digest,
      nonces: [],
      others: [made.digest, APPROVED.digest, 'sha256:other'],
      later: 'sha256:other',
      kinds: [],
    })
    const first = await approvalCases(sources)(questionOf(APPROVED))
    expect(first.carriedAway).toMatchObject({ to: 'sha256:other', seq: 10 })
    expect(first.carry).toBeUndefined()
  })
})
