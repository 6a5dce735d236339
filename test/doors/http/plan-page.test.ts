import { expect, test } from 'vitest'
import type { Principal } from '../../../src/model/principal.ts'
import { exits, openLab, PEOPLE, policyWith, withRoles } from '../../lab/lab.ts'
import { idle, type ServerBench, until } from '../../lab/server.ts'

const ANN = PEOPLE.local
const { alice, bob } = PEOPLE

/** The policy of the people, under which leaf1 is a leaf. */
async function office(): Promise<ServerBench> {
  return openLab({ tags: withRoles, policy: policyWith() }).serve({ tokens: { alice, bob } })
}

test('a plan alone is started by a button, and by one form once; somebody who may not start it has no button', {
  tags: ['long', 'turn'],
}, async () => {
  const bench = await office()
  const page = bench.browser(alice)
  const begun = await page.post('/api/v1/plans', { workflow: 'workflow.yaml' })
  const of = `/api/v1/executions/${String(begun.json.execution)}`
  await until(bench, async () => (await page.get(of)).json.status === 'ended')
  const plan = String((await page.get(of)).json.plan)
  const path = `/plans/${encodeURIComponent(plan)}`
  const shown = (await page.get(path)).text
  const [, key = ''] = /name="key" value="(form:[0-9a-f]{32})">\s*<button[^>]*>Start it</.exec(shown) ?? []
  expect(key).not.toBe('')
  expect(shown).toContain('1 switch streams to CloudVision: leaf1; where it manages its configuration')
  expect(await bench.browser(bob).get(path)).toMatchObject({
    status: 200,
    text: expect.not.stringContaining('Start it'),
  })
  const started = await page.form(`${path}/executions`, { key })
  expect(started.status, started.text).toBe(303)
  const again = await page.form(`${path}/executions`, { key })
  expect(again.headers.get('location')).toBe(started.headers.get('location'))
  const id = String(started.headers.get('location')).replace('/executions/', '')
  await idle(bench)
  expect(await page.seen(id)).toMatchObject({ purpose: 'run', plan })
  expect(bench.failures).toEqual([])
})

test('[3N6] an execution that waits asks only a caller to decide who may; another one may read the plan', async () => {
  const bench = await office()
  const page = bench.browser(alice)
  const begun = await page.post('/api/v1/executions', { workflow: 'workflow.yaml' })
  await idle(bench)
  const links = async (viewer: typeof alice | typeof bob) => {
    const { text } = await bench.browser(viewer).get(`/executions/${String(begun.json.execution)}`)
    return [...text.matchAll(/<a class="(btn[^"]*)" href="\/plans\/[^"]*">([^<]*)/g)].map(
      ([, look, words]) => `${look}: ${words}`,
    )
  }
  expect(await links(alice)).toEqual(['btn: Read the plan'])
  expect(await links(bob)).toEqual(['btn pri: Read and decide'])
  const listed = async (viewer: typeof alice | typeof bob) =>
    (await bench.browser(viewer).get('/')).text.includes('/plans/sha256')
  expect([await listed(alice), await listed(bob)]).toEqual([false, true])
})

test('[3N6] a workflow has a button only for a caller who may plan with it', async () => {
  const bench = await office()
  const list = 'rules:\n  - { id: list, allow: [workflow.list], to: ["kind:person"] }'
  bench.lab.write('policy.yaml', policyWith().replace(/^rules:$/m, list))
  bench.lab.write('workflows/again.yaml', bench.lab.read('workflow.yaml'))
  const shown = async (viewer: Principal) => {
    const { text } = await bench.browser(viewer).get('/workflows')
    return [text.includes('workflows/again.yaml'), text.includes('>Plan<span class="unseen"> with ')]
  }
  expect(await shown(alice)).toEqual([true, true])
  expect(await shown(PEOPLE.dave)).toEqual([true, false])
})

test('the overview of an approver says what a plan needs, and when the window of the policy closes', {
  tags: ['long', 'turn'],
}, async () => {
  const bench = await office()
  const page = bench.browser(alice)
  await page.post('/api/v1/executions', { workflow: 'workflow.yaml' })
  await idle(bench)
  const shown = (await bench.browser(bob).get('/')).text
  expect(shown).toContain('needs 1 approval by approver, not from whoever made the plan, at most 1h old')
  expect(shown).toMatch(/<b>Window work is open<\/b><div class="muted">until <time datetime="2026-01-05T20:00:00.000Z"/)
  // Who may not read the record is told nothing of it.
  expect(shown).not.toContain('<dt>Record</dt>')
})

test('a snapshot is compared with the switches as they are, by a link of this server and by the API', {
  tags: ['long', 'turn'],
}, async () => {
  const bench = await openLab().serve()
  const page = bench.browser(ANN)
  expect((await page.form('/snapshots', { name: 'before', targets: 'leaf1' })).status).toBe(303)
  await exits(0, bench.lab.change())
  const requests = bench.requests()
  const { status, text } = await page.get('/snapshots/diff?before=before')
  expect(status, text).toBe(200)
  expect(text).toContain('The switches now'.toLowerCase())
  expect(text).toContain('vlan 998')
  expect(bench.requests()).toBeGreaterThan(requests)
  const { json } = await page.post('/api/v1/snapshots/before/comparisons')
  expect([json.equal, Object.keys(json.devices as object)]).toEqual([false, ['leaf1']])
  expect((await page.get('/snapshots/diff?before=other')).status).toBe(404)
  expect((await page.post('/api/v1/snapshots/other/comparisons')).status).toBe(404)
  const after = bench.requests()
  expect(
    (
      await bench.ask('GET', '/snapshots/diff?before=before', {
        session: page.id,
        headers: { 'sec-fetch-site': 'cross-site' },
      })
    ).status,
  ).toBe(403)
  expect(bench.requests()).toBe(after)
})

test('a refusal names the rules of the policy that made it', async () => {
  const bench = await office()
  const refused = async (token: string, path: string, body: object) => {
    const { status, json } = await bench.ask('POST', path, { token, body })
    return [status, json.kind, json.decision]
  }
  expect(await refused('bob', '/api/v1/executions', { workflow: 'workflow.yaml' })).toEqual([
    403,
    'not-authorised',
    { rules: [], demands: [] },
  ])
  bench.lab.write('policy.yaml', policyWith({ window: 'closed' }))
  expect(await refused('alice', '/api/v1/executions', { workflow: 'workflow.yaml' })).toEqual([
    409,
    'window-closed',
    { rules: ['leaf'], demands: [] },
  ])
})

test('switches are verified by the catalog of the project', async () => {
  const bench = await openLab({ files: { 'checks.yaml': '- reachable\n- vlans-present: { vlans: 998 }\n' } }).serve()
  const page = bench.browser(ANN)
  const { status, json } = await page.post('/api/v1/check-runs', { targets: 'leaf1' })
  const results = json.results as readonly { device: string; check: string; result: string }[]
  expect([status, results.map(({ device }) => device)]).toEqual([200, ['leaf1', 'leaf1']])
  expect(JSON.stringify(json.summary)).toContain('1')
  const narrowed = await page.post('/api/v1/check-runs', { targets: 'leaf1', only: ['nothing-like-it'] })
  expect(narrowed.status).toBe(422)
})
