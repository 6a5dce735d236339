import { expect, test } from 'vitest'
import type { Posts } from '../../src/app/posts.ts'
import { goesOnWith } from '../../src/cli/execution-report.ts'

const posts: Posts = { post: async () => undefined }

test.each([
  ['in the process of whoever runs it', {}, 'resume 20261122-080000-1a2b3c4d'],
  ['by workers, which go on by themselves', { posts }, 'watch 20261122-080000-1a2b3c4d'],
])('an execution that is driven %s goes on with', (_by, app, command) => {
  expect(goesOnWith(app, '20261122-080000-1a2b3c4d')).toBe(command)
})
