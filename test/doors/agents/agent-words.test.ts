import { expect, test } from 'vitest'
import { refusedWith } from '../../../src/doors/agents/agent-server.ts'
import { inAgentWords } from '../../../src/doors/http/agent/agent-tools.ts'
import type { Principal } from '../../../src/model/principal.ts'
import { openLab, policyWith, SETTINGS, withRoles, workflowFor } from '../../lab/lab.ts'
import { until } from '../../lab/server.ts'
import { call, startAgentTools, TOKENS } from './agent-tools.ts'

test('[E12] a hint names a tool, and what is for a terminal is for the person', () => {
  const document = { type: 't', title: 't', status: 403, detail: 'the policy denies it', kind: 'not-authorised' }
  const explain = { code: 'explain-policy', action: 'plan.create' } as const
  const hint = 'eosflow policy explain plan.create'
  const denied = refusedWith(inAgentWords({ next: explain }, { ...document, hint }))
  expect(denied.hint).toBe('The resource eosflow://policy says what this agent may do.')
  expect(denied.person).toMatch(/ At a terminal: eosflow policy explain plan\.create$/)
  expect('terminal' in denied).toBe(false)
  for (const shell of ['Leave them out with -t.', 'eosflow resume x1', '(--force) goes on'])
    expect(refusedWith(inAgentWords({}, { ...document, hint: shell }))).not.toHaveProperty('hint')
  const plain = 'Ask again when one of them is done.'
  expect(inAgentWords({}, { ...document, hint: plain })).toEqual({ ...document, hint: plain })
  const problems = [
    { code: 'a', message: 'm', hint: 'eosflow validate says why' },
    { code: 'b', message: 'm', hint: plain },
  ]
  expect(inAgentWords({}, { ...document, problems }).problems).toEqual([{ code: 'a', message: 'm' }, problems[1]])
})

test('[E12] a closed window is said before a person is asked', async () => {
  const bench = await openLab({
    tags: withRoles,
    prepare: (lab) => {
      lab.write('workflows/leaf.yaml', workflowFor('leaf1'))
      lab.write('checks.yaml', '- reachable\n')
      lab.write('eosflow.yaml', SETTINGS)
      const rules = ['{ id: agents, allow: [workflow.list, approval.request], to: [operator, "kind:agent"] }']
      lab.write('policy.yaml', policyWith({ window: 'closed', rules }))
    },
  }).serve({ tokens: TOKENS })
  const agent = await bench.agent('botOfAlice')
  const planned = await call(agent, 'plan_create', { workflow: 'workflows/leaf.yaml', key: 'one' })
  const closed = expect.stringMatching(/the window `work` is not open.*; it opens at 2026-01-11T07:00:00\.000Z/)
  expect(planned.found).toMatchObject({ outcome: 'planned', untrusted_closed: closed })
  const { found } = await call(agent, 'plan_explain', { digest: String(planned.found.digest) })
  expect(found).toMatchObject({
    untrusted_closed: closed,
    untrusted_coming: ['Window work opens 2026-01-11T07:00:00.000Z'],
  })
})

test('a freeze is said before a person is asked, and no longer when it has ended', {
  tags: ['long', 'turn'],
}, async () => {
  const bench = await startAgentTools()
  const agent = await bench.agent('botOfAlice')
  const planned = await call(agent, 'plan_create', { workflow: 'workflows/leaf.yaml', key: 'one' })
  const digest = String(planned.found.digest)
  expect([planned.found.outcome, planned.found.untrusted_closed]).toEqual(['planned', undefined])
  const alice = TOKENS.alice as Principal
  const reason = 'the core is unstable'
  const freeze = { type: 'FreezeSet', principal: alice, reason, until: '2026-01-05T12:00:00.000Z' } as const
  const [set] = await bench.app.journalAs(alice).append(undefined, [freeze])
  const closed = expect.stringMatching(
    /^nothing new begins until 2026-01-05T12:00:00\.000Z: freeze \d+, set by .*: the core is unstable$/,
  )
  expect((await call(agent, 'plan_explain', { digest })).found).toMatchObject({ untrusted_closed: closed })
  const asked = await call(agent, 'approval_request', { digest, reason: 'alert 7' })
  expect(asked).toMatchObject({ isError: false, found: { digest, untrusted_closed: closed } })
  const ended = { type: 'FreezeEnded', principal: alice, freeze: set?.seq ?? 0, reason: 'it is stable' } as const
  await bench.app.journalAs(alice).append(undefined, [ended])
  expect((await call(agent, 'plan_explain', { digest })).found).not.toHaveProperty('untrusted_closed')
})

test('[E12] an execution that rests is not called running, is in the list, and a switch is compared', {
  tags: 'long',
}, async () => {
  const bench = await startAgentTools()
  await bench.ask('POST', '/api/v1/snapshots', { token: 'alice', body: { name: 'one' } })
  const body = { workflow: 'workflows/leaf.yaml' }
  const id = String((await bench.ask('POST', '/api/v1/executions', { token: 'alice', body })).json.execution)
  const agent = await bench.agent('botOfAlice')
  const status = async () => (await call(agent, 'execution_status', { id })).found.status
  await until(bench, async () => (await status()) === 'waiting')
  await bench.ask('POST', `/api/v1/executions/${id}/suspend`, { token: 'alice', body: {} })
  await until(bench, async () => (await status()) === 'suspended')
  const listed = await call(agent, 'executions_list', { purpose: 'run', status: 'suspended' })
  expect(listed.found.executions).toMatchObject([{ id, status: 'suspended', outcome: null, switches: 1 }])
  expect((await call(agent, 'executions_list', { purpose: 'plan' })).found).toEqual({ executions: [] })
  const compared = await call(agent, 'drift_check', { switches: ['leaf1', 'leaf2'] })
  expect(compared).toMatchObject({
    isError: false,
    found: {
      summary: { compared: 2, same: 2, differs: 0, notCompared: 0 },
      switches: [
        { name: 'leaf1', drift: { state: 'same' } },
        { name: 'leaf2', drift: { state: 'same' } },
      ],
    },
  })
})
