import { expect, onTestFinished, test } from 'vitest'
import { openEngineThread } from '../../../src/doors/http/act/engine-thread.ts'
import { silentConsole } from '../../../src/lab/trial/trial-app.ts'
import { everyNth } from '../../extent.ts'
import { openLab, PEOPLE, policyWith, whileTimePasses, withRoles } from '../../lab/lab.ts'
import { until } from '../../lab/server.ts'

const POLICY = policyWith({ rules: ['{ id: look, allow: [workflow.list], to: [operator, approver] }'] })
const AGING = POLICY.replace('members: ["corp:group:netops"]', 'members: ["corp:group:netops"], maxAuthAgeSec: 1800')
const WITHOUT_ALICE = POLICY.replace('roles:', 'roles:\n  left: { members: ["corp:sub:alice"] }').replace(
  '  - id: plan',
  '  - { id: gone, deny: [execution.start], to: [left] }\n  - id: plan',
)
const HOUR = 3_600_000

test.each(
  everyNth(2, 'logins that a server does not go on with', [
    { why: 'whose login has grown too old', before: AGING, now: AGING, says: /not-authorised|may not|no rule|login/ },
    { why: 'whom the policy has forbidden it since', before: POLICY, now: WITHOUT_ALICE, says: /gone|may not|deni/ },
  ]),
)(
  'a server does not go on as somebody $why: the execution waits, that is on record, and whoever may resumes it',
  async ({ before, now, says }) => {
    const { alice, zoe } = PEOPLE
    const later = { ...zoe, authenticatedAt: '2026-01-05T08:59:00Z' }
    const bench = await openLab({ tags: withRoles, policy: before }).serve({ tokens: { alice, zoe: later } })
    const path = '/api/v1/executions'
    const begun = await bench.ask('POST', path, { token: 'alice', body: { workflow: 'workflow.yaml' } })
    const id = String(begun.json.execution)
    const get = async () => (await bench.ask('GET', `${path}/${id}`, { token: 'zoe' })).json
    await until(bench, async () => (await get()).waitingFor !== undefined && bench.room.running.length === 0)
    bench.lab.write('policy.yaml', now)
    await bench.lab.clock.advance(HOUR)
    const told: string[] = []
    const next = openEngineThread({
      app: bench.app,
      console: silentConsole(),
      most: 20,
      failed: (_, error) => void told.push(String(error)),
      rehearse: () => new Promise(() => undefined),
    })
    onTestFinished(async () => void (await whileTimePasses(bench.lab.clock, next.end(AbortSignal.timeout(5_000)))))
    const { cursor } = await bench.app.store.tail()

    await whileTimePasses(bench.lab.clock, next.begin())

    expect([told.length, told[0]]).toEqual([1, expect.stringMatching(says)])
    const written = (await bench.app.store.tail(cursor)).events
    expect(written.flatMap(({ type, actor }) => (type === 'AccessDenied' ? [actor] : []))).toEqual(['corp:alice'])
    expect([next.running, (await get()).status, (await get()).waitingFor]).toEqual([[], 'running', expect.anything()])
    const asked = await whileTimePasses(bench.lab.clock, next.ask('resume', { principal: later }, { execution: id }))
    expect(asked).toMatchObject({ outcome: 'taken-up' })
    const resumed = (await bench.app.store.read(id)).filter(({ type }) => type === 'ExecutionResumed')
    expect(resumed.map(({ actor }) => actor)).toEqual(['corp:zoe'])
  },
)
