import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { readState } from '../../../src/change/engine/fold.ts'
import { decideAs } from '../../../src/project/approval/decide.ts'
import { beginRebased, planChange, plannedAgain } from '../../../src/project/execution/begin/begin-change.ts'
import { handOver } from '../../../src/project/execution/run/carry-out.ts'
import { asking, preparedIn, soon } from '../../lab/lab.ts'
import { startTeam } from './team.ts'

const idOf = (name: string) => `local:${name}@box`
const callerOf = (name: string) => asking({ issuer: 'local', id: idOf(name), kind: 'person', auth: 'os' })

/** A change needs one approval by another person, which may carry. */
const POLICY = `version: 1
roles:
  operator: { members: ["${idOf('alice')}"] }
  approver: { members: ["${idOf('bob')}"] }
rules:
  - { id: plan, allow: [plan.create, plan.read, plan.approve, execution.read, execution.start, task.snapshot, task.plan, task.verify], to: [operator, approver] }
  - id: change
    allow: [task.push, task.confirm, task.rollback]
    to: [operator, approver]
    require: { approvals: { count: 1, from: [approver], notRequester: true, carry: { kinds: [interface.description] } } }
`

/** Types lines at the eAPI of a switch, and saves. */
async function byHand(port: number, ...lines: readonly string[]) {
  const cmds = ['enable', 'configure', ...lines, 'end', 'copy running-config startup-config']
  const answer = await fetch(`http://127.0.0.1:${port}/command-api`, {
    method: 'POST',
    headers: { authorization: `Basic ${btoa('admin:admin')}` },
    body: JSON.stringify({ jsonrpc: '2.0', method: 'runCmds', params: { version: 1, cmds, format: 'json' }, id: 1 }),
  })
  expect(await answer.json()).not.toHaveProperty('error')
}

test('a carried plan that two workers may take is sent by one of them, as it was approved, and its approval is used once', async () => {
  const team = await startTeam(4)
  onTestFinished(() => team.close())
  const { app, fabric } = team
  const { dispatch, ...alone } = app
  if (dispatch === undefined) throw new Error('nothing hands executions to workers')
  writeFileSync(join(team.dir, 'policy.yaml'), POLICY)
  await team.worker()
  await team.worker()
  const [device = '', port = 0] = Object.entries(fabric.ports)[0] ?? []
  const prepared = preparedIn(app, 'vlan.yaml', { given: { vlan: '301' }, only: device })
  const { plan } = await planChange(alone, callerOf('alice'), { prepared, skipUnreachable: false })
  if (plan === undefined) throw new Error('no plan')
  await decideAs(app, callerOf('bob'), plan, { decision: 'approve', comment: '' })
  await byHand(port, `interface ${device.includes('spine') ? 'Ethernet3/1' : 'Ethernet49/1'}`, 'description HAND')
  const truth = async () => {
    const { switches, writes } = await fabric.truth()
    const timed = writes.filter((one) => one.device === device && one.commit === 'timed')
    return { at: switches[device], timed: timed.flatMap(({ commands }) => commands) }
  }
  const before = await truth()
  expect([before.at?.commits, before.timed]).toEqual([{ plain: 0, timed: 0, confirms: 0 }, []])
  const begun = await beginRebased(
    app,
    callerOf('alice'),
    await plannedAgain(alone, callerOf('alice'), { plan, file: 'the plan' }),
  )
  const id = begun.kind === 'begun' ? begun.state.id : begun.id
  await handOver(app, dispatch, await readState(app.store, id))
  await soon(async () => (await app.store.read(id)).at(-1)?.type === 'ExecutionEnded', 30_000)
  expect((await app.store.read(id)).at(-1)).toMatchObject({ type: 'ExecutionEnded', outcome: 'succeeded' })
  const after = await truth()
  expect([after.at?.commits, after.timed.filter((one) => one.includes(' commit timer '))]).toEqual([
    { plain: 0, timed: 1, confirms: 1 },
    [expect.any(String)],
  ])
  // The approved lines, and nothing else.
  expect(after.at?.running.replace('vlan 301\n   name TESTED\n!\n', '')).toBe(before.at?.running)
  expect(after.at?.startup).toBe(after.at?.running)
  const carried = await app.store.carried(plan.digest)
  const uses = await Promise.all(
    [plan.digest, ...carried.map(({ to }) => to)].map((one) => app.store.approvalUses(one)),
  )
  expect([carried.map(({ nth }) => nth), uses.flat().length]).toEqual([[1], 1])
})
