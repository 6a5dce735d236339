import { describe, expect, test } from 'vitest'
import { approvalCases, type CaseSources, caseGatherer } from '../../src/app/approval/case.ts'
import { localTerms } from '../../src/app/approval/terms.ts'
import type { RecordedCarry } from '../../src/journal/store.ts'
import type { Principal } from '../../src/model/principal.ts'
import type { Plan } from '../../src/plan/plan.ts'
import { storePlan } from '../../src/plan/stored-plan.ts'
import { sealOf } from '../../src/policy/statement.ts'
import { BASE, edited, planOn } from '../plan/carry-material.ts'
import { EIGHT, GIVEN_STATEMENT, KEY } from '../policy/given-approval.ts'

const PORT = ['interface Ethernet2', '   switchport access vlan 120']
const SPARE = edited(['description spare', 'description used'])
const TOUCHED = edited(['name TENANT-A', 'name TENANT-X'])
const ZOE: Principal = { issuer: 'local', id: 'local:1001:zoe@noc1', kind: 'person', auth: 'os' }
const APPROVED = planOn(BASE, PORT)
const madeOn = (base: string): Plan => planOn(base, PORT, { rebases: APPROVED.digest, requester: ZOE })

/** The freezes of a store: when the newest was set and ended, and until when one lasts that nobody has ended. */
interface Frozen {
  readonly set?: string
  readonly ended?: string
  readonly until?: string
}

/** A store in which Alice's approval of one plan has carried, as the records say. */
async function recordOf(tos: readonly string[], frozen: Frozen = {}, kept: Plan = APPROVED) {
  const texts = new Map<string, string>()
  const put = async (text: string): Promise<string> => {
    const ref = `blob:${texts.size}`
    texts.set(ref, text)
    return ref
  }
  const approved = await storePlan({ put }, kept)
  const carried = tos.map(
    (to, index) =>
      ({
        type: 'ApprovalCarried',
        seq: 10 + index,
        plan: APPROVED.digest,
        to,
        approved,
        nonces: [GIVEN_STATEMENT.nonce],
      }) as unknown as RecordedCarry,
  )
  const statement = { ...GIVEN_STATEMENT, plan: APPROVED.digest }
  const asked: string[] = []
  const store = {
    id: GIVEN_STATEMENT.store,
    head: async () => ({ seq: 1 }),
    restored: async () => undefined,
    get: async (ref: string) => texts.get(ref) ?? '',
    carried: async (plan: string) => (plan === APPROVED.digest ? carried : []),
    approvals: async (plan: string) =>
      plan === APPROVED.digest ? [{ event: { seq: 7, statement, seal: sealOf(KEY, statement) }, verified: true }] : [],
    newestOf: async (type: string) =>
      [{ FreezeSet: frozen.set, FreezeEnded: frozen.ended }[type]].flatMap((at) => (at === undefined ? [] : [{ at }])),
    freezes: async (at: string) => (frozen.until !== undefined && frozen.until > at ? [{ until: frozen.until }] : []),
    planRuns: async () => [],
    approvalUses: async (plan: string) => {
      asked.push(plan)
      return []
    },
  }
  const clock = { now: () => EIGHT + 60_000, monotonic: () => 0 }
  const sources = {
    app: { clock, key: { text: KEY, former: [] }, store },
    caller: { principal: ZOE },
    terms: () => localTerms,
    definition: () => APPROVED.content.workflow.digest,
    moved: () => [],
    demands: () => ({}),
    trust: () => ({ signers: [], passkeys: [], programs: { env: {} } }),
  } as unknown as CaseSources
  return { sources, asked }
}

const questionOf = (plan: Plan) =>
  ({ moment: 'commit', plan, recomputed: plan.digest, execution: 'x1', starter: ZOE, isAsked: true }) as const

describe('whoever sends a plan that was made again', () => {
  test('asks who used the approvals by any of the plans, and who asked for either plan', async () => {
    const made = madeOn(SPARE)
    const { sources, asked } = await recordOf(['sha256:earlier', made.digest])
    const facts = await approvalCases(sources)(questionOf(made))
    expect(facts.carry).toEqual({
      plan: APPROVED.digest,
      nonces: [GIVEN_STATEMENT.nonce],
      others: ['sha256:earlier'],
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
      'leaf1: the base differs in `vlan 120`, which the change touches',
    )
    // Whoever only looks has no evidence to compare.
    expect((await caseGatherer(sources)(questionOf(made))).carry?.because).toBeUndefined()
  })

  test('is refused where the approved plan is another one than the record says', async () => {
    const made = madeOn(SPARE)
    const { sources } = await recordOf([made.digest], {}, planOn(TOUCHED, PORT))
    await expect(approvalCases(sources)(questionOf(made))).rejects.toThrow(
      'the plan whose approvals have carried is another one than the record says',
    )
  })

  test.each([
    ['a later plan has them', ['it', 'sha256:later'], {}, { others: ['sha256:later'], later: 'sha256:later' }],
    [
      'they carried four times',
      ['sha256:1', 'sha256:2', 'sha256:3', 'it'],
      {},
      { others: ['sha256:1', 'sha256:2', 'sha256:3'], because: 'it has carried 4 times' },
    ],
    [
      'a freeze was set since',
      ['it'],
      { set: '2026-01-05T08:00:30.000Z' },
      { passed: 'a freeze was set at 2026-01-05T08:00:30.000Z, since the first approval' },
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
      { passed: 'a freeze was in force until 2026-01-05T08:00:30.000Z, since the first approval' },
    ],
    [
      'a freeze that was set before has run out since',
      ['it'],
      { set: '2026-01-05T07:59:59.000Z', until: '2026-01-05T08:00:30.000Z' },
      { passed: 'a freeze until 2026-01-05T08:00:30.000Z has been in force since the first approval' },
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
      ...more,
    })
  })

  test('finds none where none has carried to it, and that those of the first plan are gone', async () => {
    const made = madeOn(SPARE)
    const { sources } = await recordOf(['sha256:other'])
    expect((await approvalCases(sources)(questionOf(made))).carry).toEqual({
      plan: APPROVED.digest,
      nonces: [],
      others: ['sha256:other'],
    })
    const first = await approvalCases(sources)(questionOf(APPROVED))
    expect(first.carriedAway).toEqual({ to: 'sha256:other', record: 10 })
    expect(first.carry).toBeUndefined()
  })
})
