import { expect, test } from 'vitest'
import type { Posts } from '../../src/app/workers/posts.ts'
import { goesOnWith, nextStep } from '../../src/cli/execution-report.ts'
import { newExecution } from '../../src/engine/state.ts'

const posts: Posts = { post: async () => undefined }

test.each([
  ['in the process of whoever runs it', {}, 'resume 20261122-080000-1a2b3c4d'],
  ['by workers, which go on by themselves', { posts }, 'watch 20261122-080000-1a2b3c4d'],
])('an execution that is driven %s goes on with', (_by, app, command) => {
  expect(goesOnWith(app, '20261122-080000-1a2b3c4d')).toBe(command)
})

const open = newExecution('x1')
const part = { ...open, sites: { ...open.sites, part: { of: 'x0', site: 'dc2' } } }

test.each([
  ['one that no process runs', {}, open, false, 'eosflow resume x1'],
  ['one that workers drive', { posts }, open, false, 'eosflow watch x1'],
  ['one that somebody has suspended', { posts }, open, true, 'eosflow resume x1'],
  ['the part of a change over several sites', { posts }, part, false, 'eosflow watch x0'],
])('the line to paste behind %s leads on', (_which, app, state, isSuspended, line) => {
  expect(nextStep(app, state, isSuspended)).toBe(line)
})
