import { expect, test } from 'vitest'
import { everyNth } from '../extent.ts'
import { startSite, WAYS } from './words/site.ts'
import { ENDING_NAMES, livedThrough, PATTERN_NAMES } from './words/table.ts'

test('there are ten ways of approving, five patterns and nine ends: 450 cases', () => {
  expect(Object.keys(WAYS)).toHaveLength(10)
  expect(PATTERN_NAMES).toHaveLength(5)
  expect(ENDING_NAMES).toHaveLength(9)
})

test.for(everyNth({ test: 5, long: 5 }, 'ways of approving, in a file', Object.keys(WAYS)))(
  'one word of one person sends a plan once, in a file: %s',
  { tags: ['long', 'cut'] },
  async (name) => {
    const way = WAYS[name]
    if (way === undefined) throw new Error(name)
    // Six endings of nine send before anybody is stopped.
    expect(await livedThrough(await startSite(), way)).toEqual({ cases: 45, sends: 75 })
  },
)
