import { randomUUID } from 'node:crypto'
import { expect, onTestFinished, test } from 'vitest'
import type { Caller } from '../../src/app/caller.ts'
import { orProblems } from '../../src/app/input-error.ts'
import { loadWorkflow } from '../../src/app/load-workflow.ts'
import { start } from '../../src/app/start.ts'
import { prepare } from '../../src/plan/prepare.ts'
import { pause, startTeam } from '../worker/team.ts'

const CALLER: Caller = {
  principal: { issuer: 'local', id: 'tester', kind: 'person', auth: 'os' },
  interactive: false,
  stop: new AbortController().signal,
  tell: () => undefined,
  ask: async () => undefined,
}

test('an execution that was put on record and never posted is driven a few seconds later, long before a sweep', async () => {
  const team = await startTeam(1)
  onTestFinished(() => team.close())
  const { app } = team
  await team.worker()
  // The first sweep of a worker is at its start.
  await pause(3_000)
  const [device = ''] = Object.keys(team.fabric.ports)
  const workflow = loadWorkflow(app.project, 'vlan.yaml')
  const inventory = app.project.inventory()
  const prepared = orProblems(
    prepare({ workflow, given: { vlan: '300' }, inventory, only: device, files: app.project.files }),
  )
  const made = await start(app, CALLER, { prepared, request: { key: randomUUID(), of: randomUUID() } })
  if (made.kind !== 'begun') throw new Error('it was not begun')
  const { id } = made.state
  // As a process does that ends between the record and the post.
  await app.workers?.leave(id)
  const begun = performance.now()
  const isDriven = async () => (await app.store.read(id)).some(({ type }) => type === 'ExecutionResumed')
  while (!(await isDriven()) && performance.now() - begun < 25_000) await pause(50)
  const seconds = (performance.now() - begun) / 1000
  process.stdout.write(`an execution that nobody had posted was driven after ${seconds.toFixed(1)} s\n`)
  expect(seconds).toBeLessThan(10)
}, 90_000)
