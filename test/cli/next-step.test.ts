import { expect, test } from 'vitest'
import type { WorkerDispatch } from '../../src/app/workers/worker-dispatch.ts'
import { goesOnWith, nextStep } from '../../src/cli/execution-report.ts'
import { newExecution } from '../../src/engine/state.ts'

const dispatch: WorkerDispatch = { post: async () => undefined }

test.each([
  ['in the process of whoever runs it', {}, 'resume 20261122-080000-1a2b3c4d'],
  ['by workers, which go on by themselves', { dispatch }, 'watch 20261122-080000-1a2b3c4d'],
])('an execution that is driven %s goes on with', (_by, app, command) => {
  expect(goesOnWith(app, '20261122-080000-1a2b3c4d')).toBe(command)
})

const open = newExecution('x1')
const part = { ...open, sites: { ...open.sites, part: { of: 'x0', site: 'dc2' } } }

test.each([
  ['one that no process runs', {}, open, false, 'eosflow resume x1'],
  ['one that workers drive', { dispatch }, open, false, 'eosflow watch x1'],
  ['one that somebody has suspended', { dispatch }, open, true, 'eosflow resume x1'],
  ['the part of a change over several sites', { dispatch }, part, false, 'eosflow watch x0'],
])('the line to paste behind %s leads on', (_which, app, state, isSuspended, line) => {
  expect(nextStep(app, state, isSuspended)).toBe(line)
})
