import { expect, test } from 'vitest'
import { until } from '../../lab/server.ts'
import { agentLab, call, planOf, startAgentTools } from './agent-tools.ts'

/** Everything that an agent can ask for, and which of them leave no trace. */
const TOOLS: Readonly<Record<string, boolean>> = {
  approval_request: false,
  drift_check: true,
  drift_list: true,
  execution_events: true,
  execution_explain: true,
  execution_status: true,
  executions_list: true,
  plan_create: false,
  plan_diff: true,
  plan_explain: true,
  rehearsal_result: true,
  rehearsal_start: true,
  switch_standing: true,
  switches_list: true,
  workflow_describe: true,
  workflows_list: true,
}

/** What no agent does: none of these words is in the name of a tool. */
const NEVER =
  /approve|reject|resume|confirm|unlock|glass|exec$|exec_|secret|policy|commit|abort|restore|rollback|redrive|stop|freeze|signal|execution_start|^start/

test.each(['auto', 'legacy'] as const)(
  '[E9] an agent (%s) plans, reads the lines and asks for approval, on record with the person behind it',
  { tags: 'long' },
  async (era) => {
    const bench = await startAgentTools()
    const agent = await bench.agent('botOfAlice', { era })
    const listed = await call(agent, 'workflows_list')
    expect(listed.found).toEqual({ workflows: [{ file: 'workflows/leaf.yaml', name: 'add-a-vlan' }] })
    const described = await call(agent, 'workflow_describe', { file: 'workflows/leaf.yaml' })
    expect(described.found).toMatchObject({ file: 'workflows/leaf.yaml', untrusted_params: { type: 'object' } })
    const asked = { workflow: 'workflows/leaf.yaml', key: 'ticket-1' }
    const planned = await call(agent, 'plan_create', asked)
    expect(planned).toMatchObject({
      isError: false,
      found: { status: 'ended', outcome: 'planned', summary: { changed: 1, unchanged: 0 } },
    })
    const demands = ['1 approval by approver, not from whoever made the plan, at most 1h old', '1 approval']
    expect(planned.found.demands).toEqual(demands)
    const { digest, execution } = planned.found as { digest: string; execution: string }
    const again = await call(agent, 'plan_create', asked)
    expect(again.found).toEqual(planned.found)
    const diff = await call(agent, 'plan_diff', { digest, switch: 'leaf1' })
    expect(diff.found).toMatchObject({ digest, switches: [{ name: 'leaf1' }] })
    expect(String((diff.found.switches as { untrusted_diff: string }[])[0]?.untrusted_diff)).toContain('+vlan ')
    const explained = await call(agent, 'plan_explain', { digest })
    expect(explained.found).toMatchObject({
      workflow: 'workflows/leaf.yaml',
      waves: { count: 1, first: [{ count: 1, devices: ['leaf1'] }] },
      needed: 1,
      have: 0,
      isRejected: false,
      demands,
      person: `A person who may approve opens http://localhost:7474/plans/${digest}, logs in, reads the lines and decides.`,
    })
    const request = await call(agent, 'approval_request', { digest, reason: 'alert 7 asks for it' })
    expect(request.found).toMatchObject({ url: `http://localhost:7474/plans/${digest}`, needed: 1, have: 0, demands })
    const status = await call(agent, 'execution_status', { id: execution })
    expect(status.found).toMatchObject({ id: execution, purpose: 'plan', plan: digest, waitingFor: [] })
    const events = await call(agent, 'execution_events', { id: execution })
    const [first] = events.found.events as { type: string; untrusted_actor: string }[]
    expect(first).toMatchObject({ type: 'ExecutionStarted', untrusted_actor: 'corp:bot' })
    const why = await call(agent, 'execution_explain', { id: execution })
    expect(why.found).toMatchObject({ outcome: 'planned', findings: [], failures: [] })

    // On record: the agent, and the person behind it.
    const started = (await bench.app.store.read(execution))[0]
    expect(started).toMatchObject({
      actor: 'corp:bot',
      requester: { kind: 'agent', id: 'bot', onBehalfOf: { issuer: 'corp', id: 'alice' } },
    })
    expect(bench.failures).toEqual([])
  },
)

test('the tools are these, none of them can do what only people do, and each says what it leaves as it is', async () => {
  const agent = await agentLab().agent('bot')
  const { tools } = await agent.listTools()
  expect(
    Object.fromEntries(tools.map(({ name, annotations }) => [name, annotations?.readOnlyHint]).toSorted()),
  ).toEqual(TOOLS)
  expect(tools).toHaveLength(16)
  for (const { name, description, inputSchema, annotations } of tools) {
    expect(NEVER.test(name), name).toBe(false)
    expect(description?.length).toBeGreaterThan(20)
    expect(inputSchema).toMatchObject({ type: 'object', additionalProperties: false })
    const [answer] = (await agent.readResource({ uri: `eosflow://tools/${name}` })).contents as { text: string }[]
    expect(JSON.parse(answer?.text ?? '')).toMatchObject({ type: 'object', properties: expect.any(Object) })
    expect(annotations).toMatchObject({ destructiveHint: false, openWorldHint: false })
  }
  // The words can be found.
  for (const word of ['approve', 'execution_start', 'plan_reject', 'policy_write', 'config_commit', 'exec'])
    expect(NEVER.test(word), word).toBe(true)
  for (const name of ['approve', 'plan_approve', 'execution_start', 'confirm', 'exec', 'secrets_get', 'policy_write'])
    await expect(agent.callTool({ name, arguments: {} })).rejects.toThrow(/not found/)
})

test('the person behind an agent is among those who have made its plan', async () => {
  const bench = await startAgentTools()
  const digest = await planOf(bench, 'botOfBob')
  const shown = await bench.ask('GET', `/api/v1/plans/${digest}`, { token: 'alice' })
  const { content } = shown.json.plan as { readonly content: { readonly requesters: readonly unknown[] } }
  expect(content.requesters).toEqual([
    {
      issuer: 'corp',
      id: 'bot',
      kind: 'agent',
      auth: 'oidc',
      groups: ['leads'],
      onBehalfOf: { issuer: 'corp', id: 'bob', groups: ['leads'] },
    },
  ])
})

test('switches are shown as the record knows them, and no switch is asked', { tags: ['long', 'turn'] }, async () => {
  const bench = await startAgentTools()
  await bench.ask('POST', '/api/v1/snapshots', { token: 'alice', body: { name: 'one' } })
  const agent = await bench.agent('botOfAlice')
  const requests = bench.requests()
  const listed = await call(agent, 'switches_list')
  const switches = listed.found.switches as { name: string; standing: string }[]
  expect(switches.length).toBeGreaterThan(1)
  expect(switches.map(({ standing }) => standing)).toEqual(switches.map(() => 'confirmed'))
  const leaf = await call(agent, 'switch_standing', { name: 'leaf1' })
  expect(leaf.found).toMatchObject({
    name: 'leaf1',
    standing: 'confirmed',
    confirmed: { by: 'snapshot one' },
    executions: [],
  })
  expect((await call(agent, 'drift_list', { name: 'leaf1' })).found).toEqual({
    summary: { compared: 0, differs: 0, same: 0, neverConfirmed: 0, unread: 0, notCompared: 1 },
    switches: [{ name: 'leaf1' }],
  })
  expect(bench.requests()).toBe(requests)
})

test('resources are asked for as their tools are', { tags: ['long', 'turn'] }, async () => {
  const bench = await startAgentTools()
  const digest = await planOf(bench, 'botOfAlice')
  const agent = await bench.agent('botOfAlice')
  const read = async (uri: string) => {
    const { contents } = await agent.readResource({ uri })
    const [one] = contents as { text: string }[]
    return one?.text ?? ''
  }
  const policy = JSON.parse(JSON.parse(await read('eosflow://policy')).untrusted_document) as {
    rights: { action: string; effect: string }[]
  }
  const may = Object.fromEntries(policy.rights.map(({ action, effect }) => [action, effect]))
  expect(may).toMatchObject({ 'plan.create': 'allow', 'plan.approve': 'deny', 'task.push': 'deny' })
  expect(JSON.parse(await read(`eosflow://plans/${digest}`))).toMatchObject({ digest, summary: { changed: 1 } })
  const made = await bench.app.store.planMade(digest)
  const id = made?.execution ?? ''
  expect(await read(`eosflow://executions/${id}`)).toContain(id)
  expect(await read(`eosflow://executions/${id}/report.md`)).toMatch(/^> Written in part by switches/)
  const stranger = await bench.agent('botOfDave')
  for (const uri of [`eosflow://plans/${digest}`, `eosflow://executions/${id}`, `eosflow://executions/${id}/report.md`])
    await expect(stranger.readResource({ uri })).rejects.toThrow('there is no such')
})

test('an agent has three requests for approval open, the same one is one, and a decision makes room', {
  tags: ['long', 'turn'],
}, async () => {
  const bench = await startAgentTools()
  const agent = await bench.agent('botOfAlice')
  const digests: string[] = []
  for (let count = 0; count < 4; count += 1) digests.push(await planOf(bench, 'botOfAlice'))
  const ask = (digest: string) => call(agent, 'approval_request', { digest, reason: 'please' })
  const { cursor } = await bench.app.store.tail()
  const requested = async () => {
    const { events } = await bench.app.store.tail(cursor)
    return events.flatMap((event) =>
      event.type === 'ApprovalRequested'
        ? [[event.actor, event.principal?.onBehalfOf?.id, event.plan, event.reason]]
        : [],
    )
  }
  for (const digest of digests.slice(0, 3)) expect((await ask(digest)).isError).toBe(false)
  expect((await ask(digests[0] ?? '')).isError).toBe(false)
  const refused = await ask(digests[3] ?? '')
  expect(refused).toMatchObject({
    isError: true,
    found: {
      kind: 'too-many',
      detail: 'this agent has 3 open requests for approval',
      person: 'Nobody: wait, and ask again. A person can do it at once.',
    },
  })
  const rejected = await bench.ask('POST', `/api/v1/plans/${digests[1]}/decisions`, {
    token: 'bob',
    body: { decision: 'reject' },
  })
  expect(rejected.status).toBe(200)
  expect((await ask(digests[3] ?? '')).isError).toBe(false)
  expect(await ask(digests[1] ?? '')).toMatchObject({
    isError: true,
    found: { kind: 'not-approved', detail: 'a person has rejected this plan' },
  })
  expect(await requested()).toEqual([0, 1, 2, 3].map((index) => ['corp:bot', 'alice', digests[index], 'please']))
})

test('a rehearsal is begun by an agent, and says how many trials ended where', { tags: ['long', 'turn'] }, async () => {
  const ends: ((found: never) => void)[] = []
  const bench = await startAgentTools(
    () =>
      new Promise((resolve) => {
        ends.push(resolve as (found: never) => void)
      }),
  )
  const digest = await planOf(bench, 'botOfAlice')
  const agent = await bench.agent('botOfAlice')
  expect((await call(agent, 'rehearsal_result', { digest })).found).toMatchObject({ kind: 'no-route' })
  const requests = bench.requests()
  expect((await call(agent, 'rehearsal_start', { digest })).found).toEqual({
    digest,
    standing: 'running',
    done: 0,
    of: 0,
    began: expect.stringMatching(/^2026-/),
  })
  const cell = { end: 'BEFORE' }
  ends[0]?.({ cells: [cell, cell, { end: 'AFTER' }, { end: 'UNKNOWN' }] } as never)
  await until(bench, async () => (await call(agent, 'rehearsal_result', { digest })).found.standing === 'done')
  expect((await call(agent, 'rehearsal_result', { digest })).found).toEqual({
    digest,
    standing: 'done',
    done: 4,
    of: 4,
    began: expect.stringMatching(/^2026-/),
    ended: { before: 2, after: 1, part: 0, unknown: 1, between: 0 },
  })
  expect(bench.requests()).toBe(requests)
})

test('a client that opens addresses is sent to the page, and what it answers approves nothing', async () => {
  const bench = await startAgentTools()
  const digest = await planOf(bench, 'botOfAlice')
  const agent = await bench.agent('botOfAlice', { capabilities: { elicitation: { url: {} } } })
  const opened: string[] = []
  agent.setRequestHandler('elicitation/create', async ({ params }) => {
    opened.push('url' in params ? params.url : '')
    return { action: 'accept' }
  })
  const given = await call(agent, 'approval_request', { digest, reason: 'please' })
  expect(opened).toEqual([`http://localhost:7474/plans/${digest}`])
  expect(given).toMatchObject({ isError: false, found: { needed: 1, have: 0 } })
  expect(await bench.app.store.approvals(digest)).toEqual([])
})
