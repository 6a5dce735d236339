import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { readState } from '../../../src/change/engine/fold.ts'
import { readRecordedPlan } from '../../../src/change/plan/recorded-plan.ts'
import { recordedPlan, storedPlan } from '../../../src/change/plan/stored-plan.ts'
import { statementText } from '../../../src/change/policy/approval.ts'
import type { Principal } from '../../../src/model/principal.ts'
import { approvalTally } from '../../../src/project/approval/case.ts'
import { vouchedFor } from '../../../src/project/approval/decide.ts'
import { recordDecision, statementOf } from '../../../src/project/approval/signer.ts'
import { APPROVAL_NAMESPACE } from '../../../src/project/identity/ssh/ssh-allowed-signers.ts'
import { appWith, openLab, PEOPLE, twoApprovers, workflowFor } from '../../lab/lab.ts'
import { until } from '../../lab/server.ts'

const POLICY = twoApprovers('approver, helper')
const ASKED = '2 approvals by approver, from different people, not from whoever made the plan'

test('a page counts the approvals that count: not that of whoever made the plan, of no role, or of the same person again', {
  tags: 'long',
}, async () => {
  const { zoe, bob, bobToo, carol, dave } = PEOPLE
  const bench = await openLab({ policy: POLICY }).serve({ tokens: { zoe, bob, bobToo, carol, dave } })
  const body = { workflow: 'workflow.yaml' }
  const { json } = await bench.ask('POST', '/api/v1/executions', { token: 'zoe', body })
  const path = `/api/v1/executions/${String(json.execution)}`
  const get = async () => (await bench.ask('GET', path, { token: 'zoe' })).json
  await until(bench, async () => (await get()).waitingFor !== undefined)
  const plan = String((await get()).plan)
  const text = readRecordedPlan(await storedPlan(bench.app.store, String((await bench.app.store.planMade(plan))?.plan)))
  const approve = async (who: Principal) => {
    const statement = statementOf(text, { decision: 'approve', comment: '' }, who, bench.lab.clock.now())
    const proof = { issuer: who.issuer, claims: { sub: who.id }, thumbprint: '' }
    const made = await vouchedFor(bench.app, text, statement, { principal: who, proof })
    await recordDecision(bench.app, { principal: who }, made.statement, made.signature)
  }
  const seen = async (who: Principal) => {
    const browser = bench.browser(who)
    const page = (await browser.get(`/plans/${plan}`)).text
    const overview = (await browser.get('/')).text
    return {
      counted: page.match(/\d of \d: [^<]*/g),
      standing: /Waits for[^<]*|Approved(?=<)/.exec(page)?.[0],
      overview: /\d approvals by approver[^<]*/.exec(overview)?.[0],
      isLive: overview.includes('now-title'),
    }
  }
  const none = { counted: [`0 of 2: ${ASKED}`], overview: ASKED, isLive: false }
  await approve(zoe)
  expect(await seen(carol)).toMatchObject(none)
  await approve(dave)
  expect(await seen(carol)).toMatchObject(none)
  expect((await seen(carol)).standing).not.toBe('Approved')
  const one = { counted: [`1 of 2: ${ASKED}`], overview: `${ASKED} (1 given)` }
  const isAsked = async (who: Principal): Promise<readonly boolean[]> => [
    (await seen(who)).overview !== undefined,
    (await bench.browser(who).get(`/executions/${String(json.execution)}`)).text.includes('>Read and decide<'),
  ]
  expect(await isAsked(bob)).toEqual([true, true])
  await approve(bob)
  expect(await seen(carol)).toMatchObject(one)
  // Who has approved is not asked again; the approval of who asked for it, or has no role, would not count.
  expect([await isAsked(bob), await isAsked(carol)]).toEqual([
    [false, false],
    [true, true],
  ])
  for (const who of [zoe, dave]) expect((await isAsked(who))[0]).toBe(false)
  await approve(bobToo)
  expect(await seen(carol)).toMatchObject(one)
  expect((await get()).status).toBe('running')
  await approve(carol)
  expect(await seen(carol)).toMatchObject({ counted: [`2 of 2: ${ASKED}`], standing: 'Approved' })
  await bench.room.begin()
  await until(bench, async () => (await get()).status === 'ended')
  expect((await get()).outcome).toBe('succeeded')
  expect((await seen(carol)).counted).toEqual([`2 of 2: ${ASKED}`])
})

test('an approval that another execution has used counts for no plan that is made again, and looking puts nothing on record', {
  tags: ['long', 'turn'],
}, async () => {
  const verify = '{ within: 4s, stableFor: 0s, every: 2s, checks: [{ vlans-present: { vlans: [997] } }] }'
  const bench = await openLab({ workflow: workflowFor('leaf1', { verify }) }).serve()
  const page = bench.browser(PEOPLE.local)
  const ended = (of: string) => until(bench, async () => (await page.get(of)).json.status === 'ended')
  const planned = async () => {
    const begun = await page.post('/api/v1/plans', { workflow: 'workflow.yaml' })
    const of = `/api/v1/executions/${String(begun.json.execution)}`
    await ended(of)
    return String((await page.get(of)).json.plan)
  }
  const standing = async (plan: string) => {
    const { text } = await page.get(`/plans/${plan}`)
    return { words: /Waits for[^<]*|Approved(?=<)/.exec(text)?.[0], form: /name="decision"/.test(text) }
  }
  const plan = await planned()
  const before = await standing(plan)
  expect(before).toMatchObject({ form: true })
  expect((await page.post(`/api/v1/plans/${plan}/decisions`, { decision: 'approve' })).status).toBe(200)
  expect((await standing(plan)).words).toBe('Approved')
  const run = await page.post(`/api/v1/plans/${plan}/executions`, {})
  const of = `/api/v1/executions/${String(run.json.execution)}`
  await ended(of)
  expect((await page.get(of)).json.outcome).toBe('rolled-back')
  expect(await bench.app.store.approvalUses(plan)).toHaveLength(1)
  // The switch is as it was: the same plan is made, by an execution that has used nothing.
  expect(await planned()).toBe(plan)
  const { seq } = await bench.app.store.head()
  expect(await standing(plan)).toEqual(before)
  await page.get('/')
  expect((await bench.app.store.head()).seq).toBe(seq)
})

test('an approval whose signature this machine has no program for counts for none, and its plan is shown', async () => {
  const bench = await openLab().serve()
  const page = bench.browser(PEOPLE.local)
  const id = await page.begin()
  const get = () => page.seen(id)
  await page.waits(id)
  const { app, lab } = bench
  const made = await app.store.planMade(String((await get()).plan))
  const plan = await recordedPlan(app.store, String(made?.plan))
  const holder = { issuer: 'ssh', id: 'eve', kind: 'person', auth: 'ssh' } as const
  const statement = {
    ...statementOf(plan, { decision: 'approve', comment: '' }, holder, lab.clock.now()),
    store: app.store.id,
  }
  const key = join(lab.dir, 'ecdsa')
  execFileSync('ssh-keygen', ['-q', '-t', 'ecdsa', '-N', '', '-f', key])
  const armored = execFileSync('ssh-keygen', ['-Y', 'sign', '-q', '-n', APPROVAL_NAMESPACE, '-f', key], {
    input: statementText(statement),
    encoding: 'utf8',
    stdio: ['pipe', 'pipe', 'ignore'],
  })
  await recordDecision(app, { principal: PEOPLE.local }, statement, { kind: 'ssh', armored })
  const bare = appWith(app, { env: { PATH: '/nowhere' } })
  const state = await readState(app.store, id)
  expect(await approvalTally(bare, plan, state, PEOPLE.local)).toMatchObject({ needed: 1, have: 0, isRejected: false })
})
