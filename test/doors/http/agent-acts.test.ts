import { expect, test } from 'vitest'
import { runningConfig } from '../../lab/lab.ts'
import { idle } from '../../lab/server.ts'
import { startAgentTools } from '../agents/agent-tools.ts'

/** As much as a rule can let agents do. */
const AGENTS =
  '{ id: agents, allow: [plan.approve, plan.reject, execution.start, execution.stop, task.push, task.verify, task.confirm, task.rollback, device.unlock], to: ["kind:agent"] }'
/** Whoever has no role changes leaves. */
const FREE =
  '{ id: free, allow: [plan.create, plan.read, execution.read, execution.start, execution.stop, task.snapshot, task.plan, task.push, task.verify, task.confirm, task.rollback], to: ["kind:person"] }'

test('[G89] an agent pushes neither what it has started nor what it has taken up, whatever a rule lets it start', async () => {
  const bench = await startAgentTools(undefined, [AGENTS, FREE])
  await bench.room.begin()
  const leaf1 = bench.lab.device('leaf1')
  const before = runningConfig(leaf1)
  const body = { workflow: 'workflows/leaf.yaml' }
  const start = async (token: string) => {
    const { status, json } = await bench.ask('POST', '/api/v1/executions', { token, body })
    expect(status).toBe(202)
    await idle(bench)
    return String(json.execution)
  }
  const refused = async (id: string) => {
    const { json } = await bench.ask('GET', `/api/v1/executions/${id}`, { token: 'alice' })
    expect(json).toMatchObject({
      outcome: 'refused',
      devices: [{ name: 'leaf1', end: 'untouched' }],
      error: { message: '`builtin-no-agent` denies corp:sub:bot task.push on leaf1' },
    })
  }
  await refused(await start('bot'))
  // What a person has started waits for its approval, and an agent takes it up.
  const theirs = await start('dave')
  const post = (token: string, act: string) =>
    bench.ask('POST', `/api/v1/executions/${theirs}/${act}`, { token, body: {} })
  expect((await post('dave', 'suspend')).json.outcome).toBe('rests-already')
  expect((await post('bot', 'resume')).json.outcome).toBe('taken-up')
  await idle(bench)
  await refused(theirs)
  expect(runningConfig(leaf1)).toBe(before)
})
