// @module-tag long

import { describe, expect, test } from 'vitest'
import type { ExecutionState } from '../../src/change/engine/state.ts'
import type { Plan } from '../../src/change/plan/plan.ts'
import { recordedPlan } from '../../src/change/plan/stored-plan.ts'
import { approvalChallenge, serverSignature } from '../../src/change/policy/approval.ts'
import type { JournalEvent } from '../../src/change/record/event/event.ts'
import { silentConsole } from '../../src/lab/trial/trial-app.ts'
import type { ApprovalStatement } from '../../src/model/approval.ts'
import type { Principal } from '../../src/model/principal.ts'
import {
  type ChallengeRequest,
  decideProved,
  decisionWays,
  type GivenProof,
  type MadeChallenge,
  makeChallenge,
  openChallenges,
} from '../../src/project/approval/challenge.ts'
import { decideHere, importDecision, planForDecision } from '../../src/project/approval/decide.ts'
import { recordDecision } from '../../src/project/approval/signer.ts'
import { beginAndRun, resumeHere } from '../../src/project/execution/run/run.ts'
import { trailOf } from '../../src/project/history/trail-of.ts'
import type { Caller } from '../../src/project/identity/caller-of.ts'
import { everyNthOfLong } from '../extent.ts'
import {
  type App,
  appOf,
  type Lab,
  openLab,
  partOf,
  preparedIn,
  SETTINGS,
  seamsOf,
  whileTimePasses,
  withAppends,
  workflowFor,
} from '../lab/lab.ts'
import { type Saying, type VirtualPasskey, virtualPasskey } from './identity/virtual-passkey.ts'

const SITE = { origin: 'http://localhost:7474', rpId: 'localhost' }
const [ANNS, BOBS, NEW] = ['ann', 'bob', 'new'].map((name) => virtualPasskey('ES256', name)) as [
  VirtualPasskey,
  VirtualPasskey,
  VirtualPasskey,
]

const lineOf = (who: string, { credential, key }: VirtualPasskey, more = '') =>
  `${who} origin="${SITE.origin}"${more} ${credential} ${key}\n`
const TRUST = lineOf('corp:sub:ann', ANNS) + lineOf('corp:sub:bob', BOBS)

const policyWith = (proof: string) => `version: 1
roles:
  operator: { members: ['corp:sub:olga', 'corp:sub:ann'] }
  approver: { members: ['corp:sub:ann', 'corp:sub:bob', 'corp:group:leads'] }
rules:
  - { id: work, to: [operator, approver], allow: [plan.create, plan.read, execution.read, task.snapshot, task.plan, task.verify] }
  - id: change
    to: [operator]
    allow: [execution.start, execution.stop, task.push, task.confirm, task.rollback]
    require: { approvals: { from: [approver], notRequester: true${proof} } }
  - { id: approve, to: [approver], allow: [plan.approve, plan.reject], when: { maxAuthAgeSec: 900 } }
`

const person = (id: string, more: Partial<Principal> = {}): Principal => ({
  issuer: 'corp',
  id,
  kind: 'person',
  auth: 'oidc',
  authenticatedAt: '2026-01-05T07:59:00.000Z',
  ...more,
})

/** Somebody who asks a server. */
const asking = (principal: Principal): Caller & { readonly told: string[] } => {
  const told: string[] = []
  return { ...silentConsole(), principal, told, tell: (text) => void told.push(text) }
}
const [OLGA, ANN, BOB] = [person('olga'), person('ann'), person('bob')]

interface Options {
  readonly policy?: string
  readonly trust?: string
  /** What happens once, right after an event is on record. */
  readonly when?: (event: JournalEvent) => boolean
  readonly harm?: (site: Site) => void
}

interface Site {
  readonly lab: Lab
  readonly app: App
  readonly begun: ExecutionState
  readonly plan: Plan
  challenge(who: Principal, more?: Partial<ChallengeRequest>): Promise<MadeChallenge>
  decide(
    who: Principal,
    id: string,
    proof: GivenProof,
    more?: { plan?: string; session?: string },
  ): Promise<ApprovalStatement>
  run(): Promise<ExecutionState>
  /** The reasons of what was handed in and not taken. */
  refusals(): Promise<readonly string[]>
}

/** A change of Olga's that waits for its approval. */
async function siteWith({
  policy = policyWith(', proof: [passkey]'),
  trust = TRUST,
  when,
  harm,
}: Options = {}): Promise<Site> {
  const lab = openLab({ files: { 'eosflow.yaml': SETTINGS } })
  if (policy !== '') lab.write('policy.yaml', policy)
  lab.write('trust/passkeys', trust)
  lab.write('other.yaml', workflowFor('leaf2', { lines: ['vlan 997'] }))
  let isDone = false
  const seams = seamsOf(lab, {
    seams: withAppends({
      behind: (written) => {
        if (!isDone && when !== undefined && written.some(when)) {
          isDone = true
          harm?.(site)
        }
      },
    }),
  })
  const app = await appOf(lab, { words: () => 'see', seams })
  const { begun, plan } = await begunWith(app, lab, 'workflow.yaml')
  const challenges = openChallenges(app.notes)
  const site: Site = {
    lab,
    app,
    begun,
    plan,
    challenge: (who, more = {}) =>
      makeChallenge(app, asking(who), challenges, {
        plan: plan.digest,
        decision: 'approve',
        comment: 'read it',
        proof: 'passkey',
        origin: SITE.origin,
        session: 's1',
        ...more,
      }),
    decide: async (who, challenge, proof, { plan: digest = plan.digest, session = 's1' } = {}) =>
      (await decideProved(app, asking(who), challenges, { challenge, plan: digest, session, proof })).statement,
    run: () => whileTimePasses(lab.clock, resumeHere(app, asking(OLGA), begun.id, { detach: true })),
    refusals: async () => {
      const rows = await trailOf(app).records(1, 1000)
      const events = rows.map(({ body }) => JSON.parse(body) as JournalEvent)
      return events.flatMap((event) => (event.type === 'ApprovalRefused' ? [event.reason] : []))
    },
  }
  return site
}

async function begunWith(app: App, lab: Lab, file: string): Promise<{ begun: ExecutionState; plan: Plan }> {
  const work = beginAndRun(
    app,
    asking(OLGA),
    { judged: 'elsewhere', purpose: 'run', prepared: preparedIn(app, file) },
    { detach: true },
  )
  const begun = await whileTimePasses(lab.clock, work)
  return { begun, plan: await recordedPlan(app.store, begun.plan?.ref ?? '') }
}

/** Ann's decision, from the challenge to its answer by her passkey. */
async function decidedByAnn(site: Site, more: Partial<ChallengeRequest> = {}) {
  const made = await site.challenge(ANN, more)
  await site.decide(ANN, made.id, proofBy(ANNS, made))
}

/** What a browser gives for a challenge. */
function proofBy(passkey: VirtualPasskey, made: MadeChallenge, saying: Saying = {}): GivenProof & { kind: 'passkey' } {
  return { kind: 'passkey', ...passkey.answer(made.passkey?.challenge ?? '', { ...SITE, ...saying }) }
}

const waysOf = ({ app, plan }: Site, principal: Principal, origin = SITE.origin) =>
  decisionWays(app, { principal }, plan, origin)

const timedCommits = ({ lab }: Site) => lab.commits('leaf1').timed

describe('a decision that a passkey proves', () => {
  test('lets the change be made, and names who has decided; a comment that is no text becomes one that a signature can be over', {
    tags: 'turn',
  }, async () => {
    const site = await siteWith()
    expect(site.begun).toMatchObject({ status: 'running' })
    const made = await site.challenge(ANN, { comment: 'a\ud800b 👍' })
    expect(made).toMatchObject({
      until: '2026-01-05T08:05:00.000Z',
      notes: [],
      statement: {
        v: 3,
        plan: site.plan.digest,
        store: site.app.store.id,
        decision: 'approve',
        comment: 'a\ufffdb 👍',
        maxRuns: 1,
        approver: {
          issuer: 'corp',
          id: 'ann',
          kind: 'person',
          auth: 'passkey',
          authenticatedAt: '2026-01-05T08:00:00.000Z',
        },
      },
      passkey: { rpId: 'localhost', credentials: [ANNS.credential] },
    })
    expect(JSON.parse(made.text)).toEqual(made.statement)
    expect(made.passkey?.challenge).toBe(approvalChallenge(made.statement).toString('base64url'))
    expect(await site.decide(ANN, made.id, proofBy(ANNS, made))).toEqual(made.statement)
    const [decision] = await site.app.store.approvals(site.plan.digest)
    expect(decision?.event).toMatchObject({
      actor: 'corp:ann',
      statement: made.statement,
      signature: { kind: 'webauthn', credential: ANNS.credential, key: ANNS.key },
    })
    expect(await site.run()).toMatchObject({ outcome: 'succeeded' })
    expect(timedCommits(site)).toBe(1)
    expect(await site.refusals()).toEqual([])
  })

  test('to reject is final', async () => {
    const site = await siteWith()
    await decidedByAnn(site, { decision: 'reject', comment: 'wrong window' })
    await expect(site.challenge(BOB)).rejects.toMatchObject({ message: expect.stringContaining('ann has rejected') })
    const because = expect.stringContaining('ann has rejected this plan')
    expect(await waysOf(site, BOB)).toMatchObject({ approve: [], mayReject: false, because })
    expect(await site.run()).toMatchObject({ outcome: 'refused' })
    expect(timedCommits(site)).toBe(0)
  })
})

/** What somebody hands in who has no right to. What makes an answer of a passkey bad is a table of `webauthn.test.ts`: here one row reaches that judge. */
const ATTACKS: Readonly<
  Record<string, readonly [says: RegExp, attack: (site: Site, made: MadeChallenge) => Promise<unknown>]>
> = {
  'the passkey was used for another plan': [
    /is not good: it is over something else/,
    async (site, made) => {
      const { begun, plan } = await begunWith(site.app, site.lab, 'other.yaml')
      const other = await site.challenge(ANN, { plan: plan.digest, execution: begun.id })
      return site.decide(ANN, made.id, proofBy(ANNS, other))
    },
  ],
  'the challenge of another plan': [
    /^the challenge is for sha256:\w+, to be proved by passkey$/,
    async (site, made) => site.decide(ANN, made.id, proofBy(ANNS, made), { plan: 'sha256:other' }),
  ],
  'another proof than the challenge was made for': [
    /^the challenge is for sha256:\w+, to be proved by passkey$/,
    async (site, made) => {
      const login = { principal: ANN, proof: { issuer: 'x', claims: { sub: 'ann' }, thumbprint: '' } }
      return site.decide(ANN, made.id, { kind: 'oidc', login })
    },
  ],
  'nobody was verified': [
    /the authenticator has not verified who was present/,
    (site, made) => site.decide(ANN, made.id, proofBy(ANNS, made, { flags: 0x01 })),
  ],
  'the passkey of somebody else': [
    /the statement is of ann, and the passkey that signed it is of corp:sub:bob/,
    (site, made) => site.decide(ANN, made.id, proofBy(BOBS, made)),
  ],
  'a passkey that nobody trusts': [
    /is not among the trusted passkeys/,
    (site, made) => site.decide(ANN, made.id, proofBy(NEW, made)),
  ],
  'an id that is no text': [
    /is not among the trusted passkeys/,
    (site, made) => site.decide(ANN, made.id, { ...proofBy(ANNS, made), credential: '\ud800\u001b[31m' }),
  ],
  'an unknown passkey under a known id': [
    /the signature is not one by its key/,
    (site, made) => site.decide(ANN, made.id, { ...proofBy(NEW, made), credential: ANNS.credential }),
  ],
}

describe('what is not taken, and goes on record', () => {
  test.each(Object.entries(ATTACKS))('%s', async (_name, [says, attack]) => {
    const site = await siteWith()
    const made = await site.challenge(ANN)
    await expect(attack(site, made)).rejects.toMatchObject({ message: expect.stringMatching(says) })
    expect(await site.refusals()).toEqual([expect.stringMatching(says)])
    expect(await site.app.store.approvals(site.plan.digest)).toEqual([])
    // The challenge is used up, also for whoever could have proved it.
    await expect(site.decide(ANN, made.id, proofBy(ANNS, made))).rejects.toMatchObject({ kind: 'stale' })
    await site.run()
    expect(timedCommits(site)).toBe(0)
  })
})

describe('a challenge', () => {
  const gone = { kind: 'stale', message: expect.stringContaining('the decision is not open') }

  test('[G15] is good once, also of two answers at the same moment', async () => {
    const site = await siteWith()
    const made = await site.challenge(ANN)
    const both = [0, 1].map(() => site.decide(ANN, made.id, proofBy(ANNS, made)))
    expect((await Promise.allSettled(both)).map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
    await expect(site.decide(ANN, made.id, proofBy(ANNS, made))).rejects.toMatchObject(gone)
    expect(await site.app.store.approvals(site.plan.digest)).toHaveLength(1)
  })

  test('[G57] is denied to an agent and to a service by the policy, on record', async () => {
    const site = await siteWith()
    for (const kind of ['agent', 'service'] as const)
      await expect(site.challenge(person('ann', { kind }))).rejects.toThrow('builtin-no-')
    const rows = await trailOf(site.app).records(1, 1000)
    const events = rows.map(({ body }) => JSON.parse(body) as JournalEvent)
    expect(events.flatMap((event) => (event.type === 'AccessDenied' ? [[event.needs, event.rules]] : []))).toEqual([
      ['plan.approve', ['builtin-no-agent']],
      ['plan.approve', ['builtin-no-service-approval']],
    ])
  })

  test('is not made at another origin than the passkey is for, nor for somebody without one', async () => {
    const site = await siteWith()
    await expect(site.challenge(person('dora', { groups: ['leads'] }))).rejects.toMatchObject({
      kind: 'not-authorised',
      message: expect.stringMatching(/no passkey of corp:sub:dora is trusted/),
    })
    await expect(site.challenge(ANN, { origin: 'http://localhost:7475' })).rejects.toMatchObject({
      message: 'no passkey of corp:sub:ann is trusted at http://localhost:7475',
    })
  })

  test('is not made for groups of a login, which a passkey does not prove', async () => {
    const site = await siteWith({ trust: lineOf('corp:sub:dora', NEW) })
    await expect(site.challenge(person('dora', { groups: ['leads'] }))).rejects.toMatchObject({
      kind: 'not-authorised',
      message: expect.stringMatching(/: groups of a login do not count for a passkey$/),
      hint: 'Name corp:sub:dora itself in a role of the policy.',
    })
  })

  test('is not made where the login says which human it is, and the passkey does not', {
    tags: ['long', 'turn'],
  }, async () => {
    for (const more of ['', ',person="P2"']) {
      const site = await siteWith({ trust: lineOf('corp:sub:ann', ANNS, more) })
      await expect(site.challenge(person('ann', { person: 'P1' }))).rejects.toMatchObject({
        kind: 'not-authorised',
        hint: expect.stringContaining('person="P1"'),
      })
    }
    const site = await siteWith({ trust: lineOf('corp:sub:ann', ANNS, ',person="P1"') })
    expect((await site.challenge(person('ann', { person: 'P1' }))).statement.approver).toMatchObject({ person: 'P1' })
  })

  test('a login of hours ago is enough for a passkey, which is a new proof itself', {
    tags: ['long', 'turn'],
  }, async () => {
    const site = await siteWith()
    const made = await site.challenge(person('ann', { authenticatedAt: '2026-01-05T01:00:00.000Z' }))
    await site.decide(ANN, made.id, proofBy(ANNS, made))
    expect(await site.run()).toMatchObject({ outcome: 'succeeded' })
  })
})

describe('what somebody may do about a plan', () => {
  test('is not said where the trusted passkeys cannot be read: their file is named', { tags: 'turn' }, async () => {
    const site = await siteWith({ trust: 'what is this\n' })
    await expect(waysOf(site, ANN)).rejects.toMatchObject({
      problems: [{ at: { file: 'trust/passkeys', line: 1 }, code: 'bad-passkey' }],
    })
  })

  test('is said with why not, and puts nothing on record', async () => {
    const site = await siteWith({ trust: TRUST + lineOf('corp:sub:olga', NEW) })
    const before = (await site.app.store.head()).seq
    expect(await waysOf(site, ANN)).toEqual({ approve: ['passkey'], mayReject: true })
    expect(await waysOf(site, ANN, 'http://localhost:7475')).toEqual({
      approve: [],
      because: 'no passkey of corp:sub:ann is trusted at http://localhost:7475',
      mayReject: true,
    })
    expect(await waysOf(site, OLGA)).toEqual({
      approve: [],
      because: 'no rule allows corp:sub:olga plan.approve on leaf1',
      mayReject: false,
    })
    for (const kind of ['agent', 'service'] as const) {
      expect(await waysOf(site, person('ann', { kind }))).toEqual({
        approve: [],
        because: 'only a person decides about a plan, and ann is none',
        mayReject: false,
      })
    }
    expect((await site.app.store.head()).seq).toBe(before)
  })

  test('whoever has made the plan is told that, and their approval is not taken', async () => {
    const policy = policyWith(', proof: [passkey]').replace(
      'approver: { members: [',
      "approver: { members: ['corp:sub:olga', ",
    )
    const site = await siteWith({ policy, trust: lineOf('corp:sub:olga', NEW) })
    expect(await waysOf(site, OLGA)).toEqual({
      approve: [],
      because: 'the approval of olga does not count for change: the same person made the plan',
      mayReject: true,
    })
    const made = await site.challenge(OLGA)
    await expect(site.decide(OLGA, made.id, proofBy(NEW, made))).rejects.toMatchObject({
      kind: 'not-approved',
      message: expect.stringContaining('the same person made the plan'),
    })
    expect(await site.app.store.approvals(site.plan.digest)).toEqual([])
    expect((await site.run()).status).toBe('running')
    expect(timedCommits(site)).toBe(0)
  })

  test('a way that would not count is none', { tags: 'turn' }, async () => {
    const site = await siteWith({ policy: policyWith(', proof: [ssh]') })
    expect(await waysOf(site, ANN)).toEqual({
      approve: [],
      because:
        'the approval of ann does not count for change: it has to be proved by an SSH key, and it was proved by a passkey',
      mayReject: true,
    })
  })

  test('the local user decides as at a terminal', async () => {
    const site = await siteWith({ policy: '' })
    const local: Principal = { issuer: 'local', id: 'local:1000:ann@noc1', kind: 'person', auth: 'os' }
    expect(await waysOf(site, local)).toEqual({ approve: ['here'], mayReject: true })
  })
})

describe('while the world changes', () => {
  test('a policy that comes between the challenge and its answer decides', async () => {
    const site = await siteWith()
    const [one, two] = [await site.challenge(ANN), await site.challenge(BOB)]
    site.lab.write(
      'policy.yaml',
      policyWith(', proof: [passkey]').replace('allow: [plan.approve, plan.reject]', 'allow: [plan.reject]'),
    )
    await expect(site.decide(ANN, one.id, proofBy(ANNS, one))).rejects.toMatchObject({ kind: 'not-approved' })
    expect(await site.refusals()).toEqual([expect.stringMatching(/no rule allows corp:sub:ann plan\.approve/)])
    // Whoever may decide under another policy decides about a plan that was made under the one before.
    site.lab.write('policy.yaml', policyWith(', proof: [passkey], maxAge: 1h'))
    await site.decide(BOB, two.id, proofBy(BOBS, two))
    expect(await site.run()).toMatchObject({ outcome: 'refused' })
    expect(timedCommits(site)).toBe(0)
  })
})

describe('whose approval it is', () => {
  test('[S13] of somebody who approves twice one, whose second is that one: under a demand for two people it waits for the other', {
    tags: 'long',
  }, async () => {
    const trust = lineOf('corp:sub:ann', ANNS, ',person="P1"') + lineOf('corp:sub:bob', BOBS, ',person="P2"')
    const site = await siteWith({ policy: policyWith(', proof: [passkey], count: 2, distinct: person'), trust })
    for (const at of [1, 2, 3]) {
      await decidedByAnn(site)
      expect([at, (await site.app.store.approvals(site.plan.digest)).length]).toEqual([at, 1])
    }
    expect((await site.run()).outcome).toBe(undefined)
    const made = await site.challenge(BOB)
    await site.decide(BOB, made.id, proofBy(BOBS, made))
    expect((await site.run()).outcome).toBe('succeeded')
    expect((await site.app.store.approvalUses(site.plan.digest)).length).toBe(2)
  })
})

describe('which proof a rule demands', () => {
  test.each([true, false])(
    'a server that claims a passkey has forged it: nothing is sent any more (signed: %s)',
    async (isSigned) => {
      const site = await siteWith()
      const { statement } = await site.challenge(ANN)
      const login = { issuer: 'https://idp.example', claims: { sub: 'ann' }, thumbprint: 'x' }
      const signature = serverSignature(site.app.keys.readOrMake('server').key, statement, login)
      const forged = importDecision(site.app, asking(ANN), site.plan, { statement, signature })
      await expect(forged).rejects.toMatchObject({ kind: 'not-approved' })
      await recordDecision(site.app, asking(ANN), statement, isSigned ? signature : undefined)
      expect(await site.run()).toMatchObject({ outcome: 'refused' })
      expect(timedCommits(site)).toBe(0)
    },
  )
})

test('before somebody logs in for a decision this machine looks whether the servers know its key; for a local user it does not', {
  tags: 'turn',
}, async () => {
  const site = await siteWith({ policy: '' })
  const read = async (kind: string) =>
    kind === 'server-key'
      ? { text: JSON.stringify({ version: 1, key: 'SHA256:theirs' }), now: 0, left: 1000 }
      : undefined
  const server = { id: 'other', kind: 'server', age: 0, ttl: 1000 }
  const app = {
    ...site.app,
    notes: partOf<App['notes']>({ ...site.app.notes, read }),
    shared: partOf<NonNullable<App['shared']>>({ workers: { own: 'this', list: async () => [server] } }),
  }
  const choice = { decision: 'reject', comment: '' } as const
  const ofAnn = asking(ANN)
  await expect(decideHere(app, ofAnn, site.plan, choice, undefined)).rejects.toMatchObject({
    kind: 'store',
    message: expect.stringContaining('SHA256:theirs'),
  })
  expect(await app.store.approvals(site.plan.digest)).toEqual([])
  const local: Principal = { issuer: 'local', id: 'local:1000:bob@noc1', kind: 'person', auth: 'os' }
  await decideHere(app, asking(local), site.plan, choice, undefined)
  expect(await app.store.approvals(site.plan.digest)).toHaveLength(1)
})

test('who may neither decide about a plan nor read it is not given it', { tags: 'turn' }, async () => {
  const site = await siteWith()
  const asked = { word: site.begun.id, decision: 'approve', isForElsewhere: false, trust: undefined } as const
  expect((await planForDecision(site.app, asking(ANN), asked)).plan.digest).toBe(site.plan.digest)
  expect((await planForDecision(site.app, asking(OLGA), asked)).plan.digest).toBe(site.plan.digest)
  await expect(planForDecision(site.app, asking(person('eve')), asked)).rejects.toMatchObject({
    kind: 'not-authorised',
    message: expect.stringContaining('plan.read'),
  })
})

describe('a decision that is brought from elsewhere', () => {
  /** Ann's decision of a passkey as a browser has signed it, altered before that. */
  async function signed(site: Site, more: Partial<ApprovalStatement>) {
    const made = await site.challenge(ANN)
    const statement: ApprovalStatement = { ...made.statement, ...more }
    const challenge = approvalChallenge(statement).toString('base64url')
    const { credential, key } = ANNS
    return { statement, signature: { kind: 'webauthn', ...ANNS.answer(challenge, SITE), credential, key } } as const
  }
  const onRecord = async ({ app, plan }: Site) =>
    (await app.store.approvals(plan.digest)).map(({ event }) => event.statement.decision)
  const ELSEWHERE = 'eosflow.audit/fedcba9876543210'

  test('[G58] an approval for another store is refused, on record, and a rejection counts wherever it is brought', async () => {
    const site = await siteWith()
    const approval = await signed(site, { store: ELSEWHERE })
    const rejection = await signed(site, { store: ELSEWHERE, decision: 'reject' })
    const says = `the decision is not accepted: the approval is for the store ${ELSEWHERE}, and this is ${site.app.store.id}`
    await expect(importDecision(site.app, asking(BOB), site.plan, approval)).rejects.toMatchObject({
      kind: 'not-approved',
      message: says,
      next: { code: 'store-id' },
      hint: 'see',
    })
    expect([await onRecord(site), await site.refusals()]).toEqual([[], [says]])
    await importDecision(site.app, asking(BOB), site.plan, rejection)
    await importDecision(site.app, asking(BOB), site.plan, rejection)
    expect(await onRecord(site)).toEqual(['reject'])
  })

  test('an approval for more executions is another one than that for one, and so is one for another store', async () => {
    const site = await siteWith({ policy: `${policyWith(', proof: [passkey]')}approvals: anyStore\n` })
    for (const more of [{}, { maxRuns: 2 }, { store: ELSEWHERE }])
      await importDecision(site.app, asking(BOB), site.plan, await signed(site, more))
    expect(await onRecord(site)).toEqual(['approve', 'approve', 'approve'])
    const again = await importDecision(site.app, asking(BOB), site.plan, await signed(site, {}))
    expect(again.note).toMatch(/^ann has approved this plan already, at \S+: it is one approval$/)
    expect(await onRecord(site)).toHaveLength(3)
  })
})

const isStaged = (event: JournalEvent) =>
  event.type === 'ActFinished' && event.act === 'stage' && event.base !== undefined
const isVerified = (event: JournalEvent) => event.type === 'StateEntered' && event.state === 'ConfirmAll'

describe('is verified again', () => {
  /** What is done, and why nothing is approved any more where there is no policy: with one its digest is another one, too. */
  const HARMS: Readonly<Record<string, readonly [harm: string, says: RegExp]>> = {
    'the passkey is no longer trusted': [
      lineOf('corp:sub:bob', BOBS),
      /the passkey \S+ is not among the trusted passkeys/,
    ],
    'its key was replaced': [
      lineOf('corp:sub:ann', { ...ANNS, key: NEW.key }),
      /the passkey \S+ is trusted with another public key/,
    ],
    'it is another person’s': [
      lineOf('corp:sub:bob', ANNS),
      /the statement is of ann, and the passkey that signed it is of corp:sub:bob/,
    ],
    'it is for another site': [
      TRUST.replaceAll('localhost:7474', 'localhost:7475'),
      /it was made at another site than http:\/\/localhost:7475/,
    ],
    'the file cannot be read': ['nobody\n', /the passkey \S+ is not among the trusted passkeys/],
    'its time is over': [
      lineOf('corp:sub:ann', ANNS, ',valid-before="202601050800Z"'),
      /the passkey \S+ of corp:sub:ann is not valid at that time/,
    ],
  }
  const MOMENTS = {
    'at the start': { when: undefined, outcome: 'refused', commits: { plain: 0, timed: 0, confirms: 0 } },
    'before the commit': { when: isStaged, outcome: 'refused', commits: { plain: 0, timed: 0, confirms: 0 } },
    'before the confirm': { when: isVerified, outcome: 'rolled-back', commits: { plain: 0, timed: 1, confirms: 0 } },
  } as const
  const rows = Object.entries(MOMENTS).flatMap(([moment, at]) =>
    Object.entries(HARMS).flatMap(([name, [trust, says]]) =>
      [policyWith(', proof: [passkey]'), ''].map((policy) => {
        const harm = ({ lab }: Site) => lab.write('trust/passkeys', trust)
        return [moment, name, policy === '' ? 'without a policy' : 'with one', { ...at, harm, says, policy }] as const
      }),
    ),
  )

  test('at three moments, with and without a policy', () => {
    expect(rows).toHaveLength(36)
  })

  test.each(everyNthOfLong(6, 'trust that is taken back', rows))(
    '%s: %s, %s',
    { tags: ['long', 'turn'] },
    async (_moment, _name, _with, { when, outcome, commits, harm, says, policy }) => {
      const site = await siteWith({ policy, ...(when === undefined ? {} : { when, harm }) })
      await decidedByAnn(site)
      if (when === undefined) harm(site)
      const ended = await site.run()
      expect(ended.outcome).toBe(outcome)
      expect(site.lab.commits('leaf1')).toEqual(commits)
      const reasons = (await site.app.store.read(site.begun.id)).flatMap((event) =>
        event.type === 'ApprovalInvalidated' ? [event.reason] : [],
      )
      expect(reasons).toEqual([
        expect.stringMatching(policy === '' ? says : /^the policy has changed since the plan was made$/),
      ])
    },
  )
})
