import { expect, test } from 'vitest'
import { foldAll } from '../../../src/change/engine/fold.ts'
import type { Plan } from '../../../src/change/plan/plan.ts'
import { recordedPlan } from '../../../src/change/plan/stored-plan.ts'
import { httpApp } from '../../../src/doors/http/http-app.ts'
import type { Principal } from '../../../src/model/principal.ts'
import { vouchedFor } from '../../../src/project/approval/decide.ts'
import { recordDecision, statementOf } from '../../../src/project/approval/signer.ts'
import { executionAs } from '../../../src/report/execution/formats.ts'
import { planAs } from '../../../src/report/plan/text.ts'
import { plain } from '../../../src/report/text/text.ts'
import { executionMarkdown } from '../../../src/report/view/markdown.ts'
import { executionViewOf } from '../../../src/report/view/view-of.ts'
import { openLab, PEOPLE, policyWith, SETTINGS, whileTimePasses, withRoles, workflowFor } from '../../lab/lab.ts'
import { idle, ORIGIN, type ServerBench, until } from '../../lab/server.ts'

const TOKEN = 'gitops-token-0123456789'
const EVENTS = `events:
  - name: gitops
    verify: { bearer: '\${env:GITOPS_TOKEN}' }
    requesters: { issuer: corp, members: [pusher.employee] }
    plan: { workflow: workflows/leaf.yaml, params: '{% { "name": $event.data.name } %}' }
`
const WORKFLOW = workflowFor('leaf1', {
  lines: ['vlan 998', '   name {{ name }}'],
  extra: "params: { name: { type: string, pattern: '[A-Z0-9-]{1,20}', default: TESTED } }",
})
const ONE = '1 approval by approver, not from whoever made the plan, at most 1h old'
const TWO =
  '2 approvals by approver, from different people, not from whoever made the plan, at most 1h old, one more because somebody whom the event names is nobody known'

/** The plan that a push of somebody makes. */
async function pushed(bench: ServerBench, employee: string, name: string): Promise<Plan> {
  const asked = httpApp(bench.front).request(
    `${ORIGIN}/api/v1/hooks/gitops`,
    {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${TOKEN}` },
      body: JSON.stringify({ name, pusher: { employee } }),
    },
    { sender: { address: '192.0.2.7', isPlain: false } },
  )
  const answer = await whileTimePasses(bench.lab.clock, Promise.resolve(asked))
  const { execution } = (await answer.json()) as { readonly execution: string }
  await idle(bench)
  const made = (await bench.app.store.read(execution)).find((event) => event.type === 'PlanMade')
  return await recordedPlan(bench.app.store, made?.plan ?? '')
}

test('[E2] who pushed, and is nobody known, makes the change need one approver more, until their first login here', {
  tags: 'long',
}, async () => {
  const { alice, bob, bobToo, carol } = PEOPLE
  const bench = await openLab({
    tags: withRoles,
    files: { 'workflows/leaf.yaml': WORKFLOW, 'eosflow.yaml': SETTINGS + EVENTS, 'policy.yaml': policyWith() },
  }).serve({ tokens: { alice }, env: { GITOPS_TOKEN: TOKEN } })
  const approve = async (plan: Plan, who: Principal) => {
    const statement = statementOf(plan, { decision: 'approve', comment: '' }, who, bench.lab.clock.now())
    const proof = { issuer: who.issuer, claims: { sub: who.id }, thumbprint: '' }
    const made = await vouchedFor(bench.app, plan, statement, { principal: who, proof })
    await recordDecision(bench.app, { principal: who }, made.statement, made.signature)
  }
  const page = async ({ digest }: Plan) => (await bench.browser(carol).get(`/plans/${digest}`)).text
  const counted = async (plan: Plan) => (await page(plan)).match(/\d of \d: [^<]*/g)
  // The name is that of no login: Bob may have pushed, and approve under the name of his login.
  const first = await pushed(bench, 'p-bob', 'FIRST')
  expect(first.content.requesters[0]?.named).toEqual([{ issuer: 'corp', id: 'p-bob', person: 'p-bob', unknown: true }])
  const words = 'who has asked for it, corp:p-bob, is nobody known: one approver more where a rule says notRequester'
  expect(planAs.text(first, plain, { width: 200 })).toContain(words)
  expect(await page(first)).toContain(words)
  expect(await page(first)).toContain('; its event names corp:p-bob, who is nobody known')
  // The reports of the execution that the event began say it, too.
  const planned = (await bench.app.store.executions({ limit: 10 })).at(-1)?.id ?? ''
  const again = 'Who has asked for it, corp:p-bob, is nobody known'
  const events = await bench.app.store.read(planned)
  expect(executionAs.text(foldAll(planned, events), events, plain)).toContain(`! ${again}`)
  const view = executionViewOf(planned, events, { now: bench.lab.clock.now() })
  expect(view.warnings).toEqual([again])
  expect(executionMarkdown(view)).toContain(`${again}.\n`)
  expect(await counted(first)).toEqual([`0 of 2: ${TWO}`])
  const { json } = await bench.ask('GET', `/api/v1/plans/${first.digest}`, { token: 'alice' })
  expect(json.demands).toContain(`Policy: leaf demands ${TWO}`)
  await approve(first, carol)
  expect(await counted(first)).toEqual([`1 of 2: ${TWO}`])
  // Nothing is sent before there are two.
  const begun = await bench.ask('POST', `/api/v1/plans/${first.digest}/executions`, { token: 'alice', body: {} })
  const of = `/api/v1/executions/${String(begun.json.execution)}`
  const get = async () => (await bench.ask('GET', of, { token: 'alice' })).json
  await until(bench, async () => (await get()).waitingFor !== undefined)
  expect((await get()).status).toBe('running')
  await approve(first, PEOPLE.zoe)
  await bench.room.begin()
  await until(bench, async () => (await get()).status === 'ended')
  expect((await get()).outcome).toBe('succeeded')
  // An event that named somebody makes nobody known.
  expect((await pushed(bench, 'p-bob', 'SECOND')).content.requesters[0]?.named?.[0]?.unknown).toBe(true)
  const UNTIL = '2026-01-05T20:00:00.000Z'
  await bench.app.store.as(bob).append(undefined, [{ type: 'LoggedIn', principal: bob, flow: 'browser', until: UNTIL }])
  const third = await pushed(bench, 'p-bob', 'THIRD')
  expect(third.content.requesters[0]?.named).toEqual([{ issuer: 'corp', id: 'p-bob', person: 'p-bob' }])
  expect(planAs.text(third, plain, { width: 200 })).not.toContain('nobody known')
  expect(await counted(third)).toEqual([`0 of 1: ${ONE}`])
  // Now it is known who must not count, under whatever login.
  await approve(third, bobToo)
  expect(await counted(third)).toEqual([`0 of 1: ${ONE}`])
  expect(bench.failures).toEqual([])
})
