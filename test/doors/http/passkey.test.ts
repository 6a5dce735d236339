import { expect, test } from 'vitest'
import type { Principal } from '../../../src/model/principal.ts'
import { openLab, workflowFor } from '../../lab/lab.ts'
import { ORIGIN, type ServerBench, until } from '../../lab/server.ts'
import { virtualPasskey } from '../../project/identity/virtual-passkey.ts'

const corp = (id: string, groups: readonly string[]): Principal => ({
  issuer: 'corp',
  id,
  kind: 'person',
  auth: 'oidc',
  groups,
  authenticatedAt: '2026-01-05T07:58:00Z',
})
const [ALICE, BOB, CAROL] = [corp('alice', ['netops']), corp('bob', []), corp('carol', [])]
const [BOBS, CAROLS] = [virtualPasskey('ES256', 'bob'), virtualPasskey('EdDSA', 'carol')]
const SITE = { origin: ORIGIN, rpId: 'localhost' }
const POLICY = `version: 1
roles:
  operator: { members: ["corp:group:netops"] }
  approver: { members: ["corp:sub:bob", "corp:sub:carol"] }
rules:
  - { id: read, allow: [plan.read, execution.read], to: [operator, approver] }
  - id: change
    allow: [plan.create, execution.start, execution.stop, task.snapshot, task.plan, task.push, task.verify, task.confirm, task.rollback]
    to: [operator]
    require: { approvals: { count: 1, from: [approver], notRequester: true, proof: [passkey] } }
  - { id: approve, allow: [plan.approve, plan.reject], to: [approver] }
`
const SETTINGS = `version: 1
identity:
  issuers: [{ name: corp, issuer: https://idp.example/realms/net, audience: https://eosflow.example/api, clientId: eosflow }]
`

async function office(): Promise<ServerBench> {
  return openLab({
    prepare: (lab) => {
      lab.write('eosflow.yaml', SETTINGS)
      lab.write('policy.yaml', POLICY)
      lab.write('other.yaml', workflowFor('leaf2'))
      const lines = (
        [
          ['bob', BOBS],
          ['carol', CAROLS],
        ] as const
      ).map(([who, { credential, key }]) => `corp:sub:${who} origin="${ORIGIN}" ${credential} ${key}\n`)
      lab.write('trust/passkeys', lines.join(''))
    },
  }).serve()
}

/** A change of alice that waits, and its plan. */
async function waiting(bench: ServerBench, workflow = 'workflow.yaml') {
  const alice = bench.browser(ALICE)
  const begun = await alice.post('/api/v1/executions', { workflow })
  const path = `/api/v1/executions/${String(begun.json.execution)}`
  await until(bench, async () => (await alice.get(path)).json.waitingFor !== undefined)
  const plan = String((await alice.get(path)).json.plan)
  return {
    alice,
    path,
    challenges: `/api/v1/plans/${plan}/challenges`,
    decisions: `/api/v1/plans/${plan}/decisions`,
    plan,
  }
}

const challengeOf = (json: Record<string, unknown>) => (json.passkey as { readonly challenge: string }).challenge

test('a person approves in a browser with a passkey, and the change of another person goes on by itself', async () => {
  const bench = await office()
  const { alice, path, challenges, decisions, plan } = await waiting(bench)
  const bob = bench.browser(BOB)
  const page = await bob.get(`/plans/${plan}`)
  expect([page.status, page.text.includes('data-passkey="approve"')]).toEqual([200, true])
  // What the policy demands of whoever has asked, and not of the one who looks; that the workflow asks for one approval adds none.
  expect(page.text.match(/\d of \d: [^<]*/g)).toEqual([
    '0 of 1: 1 approval by approver, not from whoever made the plan, proved by a passkey',
  ])
  const made = await bob.post(challenges, { comment: 'CHG-1', proof: 'passkey' })
  expect(made.json).toMatchObject({
    version: 1,
    statement: { plan, comment: 'CHG-1', maxRuns: 1 },
    passkey: { rpId: 'localhost', credentials: [BOBS.credential] },
  })
  const proof = { kind: 'passkey', ...BOBS.answer(challengeOf(made.json), SITE) }
  const decided = await bob.post(decisions, { challenge: made.json.id, plan, proof })
  expect([decided.status, decided.json]).toMatchObject([200, { plan, decision: 'approve', by: 'bob' }])
  await bench.room.begin()
  await until(bench, async () => (await alice.get(path)).json.status === 'ended')
  expect((await alice.get(path)).json.outcome).toBe('succeeded')
  // The answer is used up.
  expect((await bob.post(decisions, { challenge: made.json.id, plan, proof })).json.kind).toBe('stale')
})

test('[G15] [G16] [G17] [G18] no answer counts but the own, once, for this plan, by this session, with the person verified', {
  tags: 'long',
}, async () => {
  const bench = await office()
  const { challenges, decisions, plan } = await waiting(bench)
  const other = await waiting(bench, 'other.yaml')
  const bob = bench.browser(BOB)
  const carol = bench.browser(CAROL)
  const fresh = async (asker = bob) => (await asker.post(challenges, { proof: 'passkey' })).json
  const answer = (json: Record<string, unknown>, saying = {}, passkey = BOBS) => ({
    kind: 'passkey',
    ...passkey.answer(challengeOf(json), { ...SITE, ...saying }),
  })
  const attacks: [string, string, () => Promise<{ status: number; json: Record<string, unknown> }>][] = [
    [
      'the session of another person',
      'stale',
      async () => {
        const made = await fresh()
        return carol.post(decisions, { challenge: made.id, proof: answer(made, {}, CAROLS) })
      },
    ],
    [
      'another session of the same person',
      'stale',
      async () => {
        const made = await fresh()
        return bench.browser(BOB).post(decisions, { challenge: made.id, proof: answer(made) })
      },
    ],
    [
      'an answer for another plan',
      'stale',
      async () => {
        const made = (await bob.post(other.challenges, { proof: 'passkey' })).json
        return bob.post(decisions, { challenge: made.id, proof: answer(made) })
      },
    ],
    [
      'the person not verified',
      'not-approved',
      async () => {
        const made = await fresh()
        return bob.post(decisions, { challenge: made.id, proof: answer(made, { flags: 0x01 }) })
      },
    ],
    ['no proof at all', 'not-approved', async () => bob.post(decisions, { decision: 'approve' })],
    [
      'the one who asked for the change',
      'not-authorised',
      async () => bench.browser(ALICE).post(challenges, { proof: 'passkey' }),
    ],
  ]
  for (const [name, kind, attack] of attacks) expect([name, (await attack()).json.kind]).toEqual([name, kind])
  expect(attacks).toHaveLength(6)
  expect((await bench.app.store.approvals(plan)).length).toBe(0)
  expect(bench.lab.commits('leaf1')).toEqual({ plain: 0, timed: 0, confirms: 0 })
})

test('a new passkey gives a line for the trust file, and is trusted by nobody before a commit', async () => {
  const bench = await office()
  const dave = bench.browser(corp('dave', []))
  const made = virtualPasskey('ES256', 'new')
  const page = await dave.get('/me')
  expect(page.text).toContain('data-passkey="register"')
  const key = Buffer.from(made.key, 'base64').toString('base64url')
  const told = await dave.form('/me/passkeys', { credential: made.credential, key })
  expect(told.status).toBe(200)
  expect(told.text).toContain(made.credential)
  expect(told.text).toContain('corp:sub:dave')
  expect((await dave.get('/me')).text).not.toContain(made.credential)
})
