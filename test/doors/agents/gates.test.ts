import { describe, expect, test } from 'vitest'
import { type ServerBench, until } from '../../lab/server.ts'
import { agentLab, call, planOf, startAgentTools, TOKENS } from './agent-tools.ts'

const AGENTS = '{ id: agents, allow: [workflow.list, approval.request], to: [operator, approver, "kind:agent"] }'
/** The agents of a test lack one right: on every switch, or on those of one role. */
const without = (action: string, role?: string) => {
  const on = role === undefined ? '' : `, on: { tags: ["role:${role}"] }`
  return [AGENTS, `{ id: less, deny: [${action}], to: ["kind:agent"]${on} }`]
}

/** The denials on record, each by what it needed. */
async function denied(bench: ServerBench) {
  const { seq } = await bench.app.store.head()
  const rows = (await bench.app.audit?.records(1, seq)) ?? []
  const events = rows.map(({ body }) => JSON.parse(String(body)))
  return events.flatMap(({ type, needs = '' }) => (type === 'AccessDenied' ? [needs] : []))
}

describe('an agent that lacks one right', () => {
  test('is told of a switch that it may not see what it is told of one that is not there', async () => {
    const bench = await startAgentTools(undefined, without('execution.read', 'spine'))
    const agent = await bench.agent('bot')
    for (const tool of ['switch_standing', 'drift_list']) {
      const [hidden, absent] = [await call(agent, tool, { name: 'spine1' }), await call(agent, tool, { name: 'none' })]
      expect([tool, hidden.isError, hidden]).toEqual([tool, true, absent])
    }
    expect(await denied(bench)).toEqual(['execution.read', 'execution.read'])
    expect((await call(agent, 'switches_list')).text).not.toContain('spine')
    expect((await call(agent, 'switch_standing', { name: 'leaf1' })).isError).toBe(false)
  })

  test('is denied a list of switches of which it may see none', async () => {
    const bench = await startAgentTools(undefined, without('execution.read'))
    const agent = await bench.agent('bot')
    for (const tool of ['switches_list', 'drift_list'])
      expect(await call(agent, tool)).toMatchObject({ isError: true, found: { kind: 'not-authorised' } })
  })

  test('is shown that a switch differs, and not in which lines', async () => {
    const drift = { name: 'leaf1', state: 'differs', config: [{ sign: '+', text: 'username intruder' }] }
    const shown: boolean[] = []
    for (const rules of [[AGENTS], without('task.snapshot')]) {
      const bench = await startAgentTools(undefined, rules)
      await bench.front.drift.take({ devices: [drift] }, '2026-01-05T08:00:00.000Z')
      const { isError, text } = await call(await bench.agent('bot'), 'drift_list')
      expect([isError, text.includes('"differs"')]).toEqual([false, true])
      shown.push(text.includes('username intruder'))
    }
    expect(shown).toEqual([true, false])
  })

  test('reads no workflow, and nobody reads another file as one', { tags: ['long', 'turn'] }, async () => {
    const bench = await startAgentTools(undefined, without('workflow.list'))
    const described = await call(await bench.agent('bot'), 'workflow_describe', { file: 'workflows/leaf.yaml' })
    expect(described).toMatchObject({ isError: true, found: { kind: 'not-authorised' } })
    const open = await startAgentTools()
    const agent = await open.agent('bot')
    for (const file of ['eosflow.yaml', 'policy.yaml', 'inventory.yaml', 'checks.yaml', 'workflows', 'policy.json']) {
      const { isError, found } = await call(agent, 'workflow_describe', { file })
      expect([file, isError, found.kind]).toEqual([file, true, 'no-route'])
    }
  })

  test('reads the report of an execution without the lines of its plan', { tags: 'long' }, async () => {
    const reports: boolean[] = []
    for (const rules of [[AGENTS], without('plan.read')]) {
      const bench = await startAgentTools(undefined, rules)
      const made = await bench.app.store.planMade(await planOf(bench, 'alice'))
      const agent = await bench.agent('bot')
      const uri = `eosflow://executions/${made?.execution}/report.md`
      const [report] = (await agent.readResource({ uri })).contents as readonly { readonly text: string }[]
      reports.push(report?.text.includes('name TESTED-') === true)
    }
    expect(reports).toEqual([true, false])
  })

  test('rehearses nothing that it may not plan', { tags: ['long', 'turn'] }, async () => {
    let rehearsed = 0
    const rehearse = () => {
      rehearsed += 1
      return new Promise<never>(() => undefined)
    }
    const bench = await startAgentTools(rehearse, without('plan.create'))
    const digest = await planOf(bench, 'alice')
    const begun = await call(await bench.agent('bot'), 'rehearsal_start', { digest })
    expect([begun.isError, begun.found.kind, rehearsed]).toEqual([true, 'not-authorised', 0])
  })

  test('plans nothing on a switch on which it may not', async () => {
    const bench = await startAgentTools(undefined, without('plan.create', 'leaf'))
    const asked = { workflow: 'workflows/leaf.yaml', key: 'one' }
    const planned = await call(await bench.agent('bot'), 'plan_create', asked)
    expect([planned.isError, planned.found.kind]).toEqual([true, 'not-authorised'])
    expect([await bench.app.store.executionIds(), bench.requests()]).toEqual([[], 0])
  })

  test('asks for no approval, and learns nothing of what was decided', async () => {
    const bench = await startAgentTools(undefined, without('approval.request'))
    const digest = await planOf(bench, 'alice')
    const body = { decision: 'reject' }
    expect((await bench.ask('POST', `/api/v1/plans/${digest}/decisions`, { token: 'bob', body })).status).toBe(200)
    const asked = await call(await bench.agent('bot'), 'approval_request', { digest, reason: 'it is due' })
    expect([asked.isError, asked.found.kind]).toEqual([true, 'not-authorised'])
    expect((await denied(bench)).at(-1)).toBe('approval.request')
  })
})

test('what is read as a resource is a read like any other', { tags: ['long', 'turn'] }, async () => {
  const agent = await agentLab().agent('bot')
  for (let count = 0; count < 200; count += 1) await agent.readResource({ uri: 'eosflow://policy' })
  await expect(agent.readResource({ uri: 'eosflow://policy' })).rejects.toThrow('requests a minute')
  expect((await call(agent, 'switches_list')).found.kind).toBe('too-many')
})

test('a resource whose name is encoded wrongly is refused, and is no failure of the server', async () => {
  const bench = await startAgentTools()
  const agent = await bench.agent('bot')
  for (const uri of ['eosflow://executions/%E0%A4%A', 'eosflow://executions/%E0%A4%A/report.md', 'eosflow://plans/%'])
    await expect(agent.readResource({ uri })).rejects.toThrow('`name` must be')
  expect(bench.failures).toEqual([])
})

test('a rehearsal takes minutes of the machine: an agent begins as many in an hour as plans, together with them; one that is under way counts once', {
  tags: ['long', 'turn'],
}, async () => {
  const ends: ((found: never) => void)[] = []
  const bench = await startAgentTools(
    () =>
      new Promise((resolve) => {
        ends.push(resolve as (found: never) => void)
      }),
  )
  const digest = await planOf(bench, 'alice')
  const agent = await bench.agent('bot')
  const begin = async () => (await call(agent, 'rehearsal_start', { digest })).found
  for (let count = 0; count < 20; count += 1) {
    expect([count, (await begin()).standing, (await begin()).standing]).toEqual([count, 'running', 'running'])
    ends.at(-1)?.({ cells: [] } as never)
    await until(
      bench,
      async () =>
        (
          (await bench.room.ask('rehearsal', { principal: TOKENS.alice as never }, { plan: digest })) as {
            standing: string
          }
        ).standing === 'done',
    )
  }
  expect((await begin()).kind).toBe('too-many')
  expect((await call(agent, 'plan_create', { workflow: 'workflows/leaf.yaml', key: 'k' })).found.kind).toBe('too-many')
  // What it has found is a read.
  expect((await call(agent, 'rehearsal_result', { digest })).found.standing).toBe('done')
})
