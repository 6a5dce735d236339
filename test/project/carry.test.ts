import { describe, expect, test } from 'vitest'
import type { PlanDefinition } from '../../src/change/plan/definition.ts'
import type { Plan } from '../../src/change/plan/plan.ts'
import { storePlan } from '../../src/change/plan/stored-plan.ts'
import { sealOf } from '../../src/change/policy/approval.ts'
import { policyDigest } from '../../src/change/policy/policy.ts'
import { readPolicy } from '../../src/change/policy/read-policy.ts'
import type { EventBody } from '../../src/change/record/event/event.ts'
import type { ApprovalStatement } from '../../src/model/approval.ts'
import type { Principal } from '../../src/model/principal.ts'
import { carryApprovals } from '../../src/project/approval/plan-queue.ts'
import type { Caller } from '../../src/project/identity/caller-of.ts'
import { BASE, edited, planOn } from '../change/plan/material.ts'
import { EIGHT, GIVEN_STATEMENT, KEY } from '../change/policy/given-approval.ts'
import { type App, partOf } from '../lab/lab.ts'

const person = (id: string): Principal => ({ issuer: 'corp', id, kind: 'person', auth: 'oidc' })
const [ALICE, BOB, CAROL, ZOE] = [person('alice'), person('bob'), person('carol'), person('zoe')]
const PORT = ['interface Ethernet2', '   switchport access vlan 120']
const SPARE = edited(['description spare', 'description used'])

/** A policy of which `rest` is what a change needs. */
function policyOf(rest: string) {
  const read = readPolicy(
    `version: 1
roles: { all: { members: ["corp:sub:alice", "corp:sub:bob", "corp:sub:carol", "corp:sub:zoe"] } }
rules:
  - { id: approve, allow: [plan.approve, plan.reject], to: [all] }
  - { id: change, allow: [execution.start, task.push, task.confirm, task.rollback], to: [all]${rest} }
`,
    'policy.yaml',
  )
  if (!read.ok) throw new Error(JSON.stringify(read.problems))
  return { policy: read.value, digest: policyDigest(read.value, null, null) }
}
const CARRYING = policyOf(
  ', require: { approvals: { count: 1, carry: { kinds: [vlan.name, interface.description] } } }',
)

interface Given {
  readonly policy?: ReturnType<typeof policyOf>
  readonly more?: Partial<PlanDefinition>
  /** What the switch runs when the plan is made, and when it is made again. */
  readonly first?: string
  readonly base?: string
  readonly decisions?: readonly Partial<ApprovalStatement>[]
  /** The plans that its approvals have carried to, `it` for the one that was made again, and those approvals. */
  readonly before?: readonly (readonly [to: string, nonces: readonly string[]])[]
  /** When a freeze was set. */
  readonly frozen?: string
  readonly now?: number
  readonly latest?: string
}

const BOBS = { approver: BOB, nonce: 'n-bob' }
const CAROLS = { approver: CAROL, nonce: 'n-carol', notBefore: '2026-01-05T08:00:45.000Z' }

/** Carries what Alice's plan was approved by, for Zoe who has made it again; with what is put on record. */
async function carriedBy(given: Given) {
  const { policy = CARRYING, more = {}, first = BASE, base = SPARE, decisions = [BOBS], before = [], frozen } = given
  const planned = (on: string, own: Partial<PlanDefinition>): Plan =>
    planOn(on, PORT, { policy: policy.digest, ...more, ...own })
  const approved = planned(first, { requester: ALICE })
  const made = planned(base, { requester: ZOE, rebases: approved.digest })
  const texts: string[] = []
  const put = async (text: string) => {
    if (!texts.includes(text)) texts.push(text)
    return `blob:${texts.indexOf(text)}`
  }
  const kept = await storePlan({ put }, approved)
  const carried = before.map(([to, nonces], index) => ({
    seq: 20 + index,
    plan: approved.digest,
    approved: kept,
    to: to === 'it' ? made.digest : to,
    nonces,
  }))
  const statements = decisions.map((one) => ({
    ...GIVEN_STATEMENT,
    plan: approved.digest,
    policy: policy.digest,
    ...one,
  }))
  const store = {
    id: GIVEN_STATEMENT.store,
    head: async () => ({ seq: 1, latest: given.latest ?? '2026-01-05T08:00:00.000Z' }),
    restored: async () => undefined,
    bundles: async () => [],
    policySeen: async () => ({ seq: 9 }),
    put,
    get: async (ref: string) => texts[Number(ref.slice(5))] ?? '',
    carried: async () => carried,
    approvals: async (plan: string) =>
      statements.flatMap((statement, index) =>
        statement.plan === plan
          ? [{ event: { seq: 7 + index, statement, seal: sealOf(KEY, statement) }, verified: true }]
          : [],
      ),
    newestOf: async (type: string) => (type === 'FreezeSet' && frozen !== undefined ? [{ at: frozen }] : []),
    freezes: async () => [],
    planRuns: async () => [],
    approvalUses: async () => [],
  }
  const written: EventBody[] = []
  const conditions: unknown[] = []
  const app = {
    features: [],
    clock: { now: () => given.now ?? EIGHT + 60_000, monotonic: () => 0 },
    key: { text: KEY, former: [] },
    keys: { read: () => undefined },
    env: {},
    store,
    journalAs: () => ({
      append: async (_of: undefined, events: readonly EventBody[], required: readonly unknown[]) => {
        written.push(...events)
        conditions.push(...required)
      },
    }),
    project: {
      policy: () => policy,
      inventory: () => ({ devices: [] }),
      files: () => undefined,
      stands: () => false,
      settings: {},
    },
  } as unknown as App
  const said: string[] = []
  const told = await carryApprovals(
    app,
    partOf<Caller>({ principal: ZOE, tell: (text: string) => said.push(text) }),
    approved,
    made,
  ).catch((error: Error) => error)
  return { told, said, written, conditions, approved, made }
}

const THREE = ['1', '2', '3'].map((n) => [`sha256:${n}`, ['n-bob']] as const)
const REFUSAL = 'the approvals do not carry to a plan that is made again: '
const AGAIN = `${REFUSAL}its approvals have carried 3 times already`

describe('approvals that are carried', () => {
  test('are on record with both plans, the rules and what differs, and are named', async () => {
    const { told, said, written, conditions, approved, made } = await carriedBy({})
    const of = { device: 'leaf1', block: 'interface Ethernet8', kind: 'interface.description' }
    const differences = [
      { ...of, lines: ['-description spare'] },
      { ...of, lines: ['+description used'] },
    ]
    expect(told).toBe(made)
    // Written only if no other policy comes into force meanwhile.
    expect(conditions).toEqual([{ policy: 9 }])
    expect(said).toEqual([
      `plan ${made.digest.slice(7, 15)} rebases ${approved.digest.slice(7, 15)}: 1 approval carried by change, the workflow (bob)\n`,
      'leaf1: the base differs in `interface Ethernet8 / -description spare`\n',
      'leaf1: the base differs in `interface Ethernet8 / +description used`\n',
    ])
    expect(written).toEqual([
      {
        type: 'ApprovalCarried',
        plan: approved.digest,
        to: made.digest,
        approved: 'blob:1',
        nth: 1,
        nonces: ['n-bob'],
        rules: ['change', 'the workflow'],
        policy: CARRYING.digest,
        differences,
        principal: ZOE,
      },
    ])
  })

  test('are not where no base differs', async () => {
    const { told, said, written, approved } = await carriedBy({ base: BASE })
    expect([told, said, written]).toEqual([
      approved,
      ['the switches run what the plan was approved on: it is run as it is\n'],
      [],
    ])
  })

  test('go along with everything that the same person has said', async () => {
    const { written } = await carriedBy({ decisions: [BOBS, { ...BOBS, nonce: 'n-again' }] })
    expect(written).toMatchObject([{ nonces: ['n-bob', 'n-again'] }])
  })

  test('[3A1] are on record with every line that differs, and where more than 200 of a switch do they do not carry', async () => {
    const named = (count: number) =>
      BASE.replace(
        'vrf instance MGMT\n',
        `${Array.from({ length: count }, (_, at) => `vlan ${1000 + at}\n!\n`).join('')}vrf instance MGMT\n`,
      )
    const described = (count: number) =>
      Array.from({ length: count }).reduce<string>(
        (text, _, at) => text.replace(`vlan ${1000 + at}\n!`, `vlan ${1000 + at}\n   name N${at}\n!`),
        named(201),
      )
    const { written } = await carriedBy({ first: named(201), base: described(200) })
    const [one] = written as readonly { differences?: readonly { lines: readonly string[] }[]; more?: number }[]
    expect(one?.differences).toHaveLength(200)
    expect(one?.differences?.[199]).toEqual({
      device: 'leaf1',
      block: 'vlan 1199',
      lines: ['+name N199'],
      kind: 'vlan.name',
    })
    expect(one?.more).toBeUndefined()
    expect(await carriedBy({ first: named(201), base: described(201) })).toMatchObject({
      told: { message: `${REFUSAL}leaf1: the base differs in no line, or in more than 200` },
      written: [],
    })
  })

  test.each<readonly [string, Given, number | undefined]>([
    ['two others had them before', { before: THREE.slice(0, 2) }, 3],
    ['another had the same before', { before: THREE.slice(0, 1) }, 2],
    ['this one has them already', { before: [['it', ['n-bob']]] }, undefined],
    ['this one has them already, as the third', { before: [...THREE.slice(0, 2), ['it', ['n-bob']]] }, undefined],
    ['this one has others', { before: [['it', ['n-carol']]] }, 2],
    [
      'this one has one of the two that count now',
      {
        before: [['it', ['n-bob']]],
        decisions: [BOBS, CAROLS],
        policy: policyOf(
          ', require: { approvals: { count: 2, carry: { kinds: [vlan.name, interface.description] } } }',
        ),
      },
      2,
    ],
    ['this one had them, and then another', { before: [['it', ['n-bob']], ...THREE.slice(0, 1)] }, 3],
  ])('are put on record by their number: %s', async (_what, given, nth) => {
    const { told, written, made } = await carriedBy(given)
    expect(told).toBe(made)
    expect(written.map((event) => event.type === 'ApprovalCarried' && event.nth)).toEqual(
      nth === undefined ? [] : [nth],
    )
  })

  // An approval that does not count any more, or is of another plan, is none from which a freeze is counted.
  test.each<readonly [string, Given]>([
    ['is over by the clock', { now: EIGHT + 120_000 }],
    ['is over by the newest record, where the clock was set back', { latest: '2026-01-05T08:02:00.000Z' }],
    [
      'is of another plan that was made again',
      { decisions: [{ ...BOBS, plan: 'sha256:1' }, CAROLS], before: THREE.slice(0, 1) },
    ],
  ])('are those that are there, whatever has passed since one that %s', async (_what, given) => {
    const bobs = { ...BOBS, expires: '2026-01-05T08:02:00.000Z' }
    const { said, written } = await carriedBy({
      decisions: [bobs, CAROLS],
      frozen: '2026-01-05T08:00:30.000Z',
      ...given,
    })
    expect(said[0]).toContain(' (carol)\n')
    expect(written).toMatchObject([{ nonces: ['n-carol'] }])
  })

  test.each<readonly [string, Given, string]>([
    ['three others had them before', { before: THREE }, AGAIN],
    ['this one had them first, and then two others', { before: [['it', ['n-bob']], ...THREE.slice(0, 2)] }, AGAIN],
    ['this one is the third, and has others', { before: [...THREE.slice(0, 2), ['it', ['n-carol']]] }, AGAIN],
    [
      'nobody has to approve it',
      { policy: policyOf(''), more: { approve: null } },
      `${REFUSAL}nobody has to approve it: there is nothing to carry`,
    ],
    [
      'the change was made by hand',
      { base: edited(['host A\n   switchport access vlan 110', 'host A\n   switchport access vlan 120']) },
      `${REFUSAL}the switches run the change already`,
    ],
    ['nobody has approved it', { decisions: [] }, `${REFUSAL}nobody has approved this plan`],
    [
      'a freeze was set since',
      { frozen: '2026-01-05T08:00:30.000Z' },
      `${REFUSAL}the approval does not carry: a freeze has been in force since the first approval`,
    ],
    [
      'somebody has rejected another plan that was made again of it',
      {
        before: THREE.slice(0, 1),
        decisions: [BOBS, { approver: CAROL, nonce: 'n-no', decision: 'reject', plan: 'sha256:1' }],
      },
      `${REFUSAL}carol rejected this plan`,
    ],
    [
      'a line of a touched block differs, and one of another kind',
      {
        base: edited(['interface Loopback0\n', 'interface Loopback0\n   shutdown\n'], ['   description host A\n', '']),
      },
      `${REFUSAL}leaf1: the base differs in \`interface Ethernet2 / -description host A\`, which the change touches\n  leaf1: the base differs in \`interface Loopback0 / +shutdown\`, a line of loopback.shutdown`,
    ],
    [
      'the rule does not list the kind of a line that differs',
      { policy: policyOf(', require: { approvals: { count: 1, carry: { kinds: [vlan.name] } } }') },
      `${REFUSAL}the approval of bob does not count for change: the base differs in lines of interface.description, which its \`carry\` does not list`,
    ],
  ])('are none where %s', async (_what, given, message) => {
    const { told, written } = await carriedBy(given)
    expect(told).toMatchObject({ kind: 'stale', message })
    expect(written).toEqual([])
  })

  test('and where the change is there already, the line to go on with is not to plan it again', async () => {
    const made = ['host A\n   switchport access vlan 110', 'host A\n   switchport access vlan 120'] as const
    const { told } = await carriedBy({ base: edited(made) })
    expect(told).toMatchObject({ hint: 'There is nothing to do: somebody has made the change.' })
    expect((await carriedBy({ decisions: [] })).told).toMatchObject({
      hint: 'Plan again and have the new plan approved.',
    })
  })
})
