import { expect, test, vi } from 'vitest'
import { everyNth } from '../extent.ts'
import { begun, ENDING_NAMES, freshWorkflow, livedThrough, PATTERN_NAMES, startSite, WAYS } from './words/site.ts'

test('there are ten ways of approving, five patterns and nine ends: 450 cases', () => {
  expect(Object.keys(WAYS)).toHaveLength(10)
  expect(PATTERN_NAMES).toHaveLength(5)
  expect(ENDING_NAMES).toHaveLength(9)
})

test.for(everyNth({ test: 10, long: 10 }, 'ways of approving, in a file', Object.keys(WAYS)))(
  '[S13] one word of one person sends a plan once, in a file: %s',
  { tags: 'night' },
  async (name) => {
    const way = WAYS[name]
    if (way === undefined) throw new Error(name)
    // Six endings of nine send before anybody is stopped.
    expect(await livedThrough(await startSite(), way)).toEqual({ cases: 45, sends: 75 })
  },
)

test('a decision reads those that are on record once, and a challenge before it once more', {
  tags: 'long',
}, async () => {
  const site = await startSite()
  const found: Record<string, number> = {}
  for (const [index, [name, way]] of Object.entries(WAYS).entries()) {
    const one = await begun(site, site.apps[0], freshWorkflow(site, 1500 + index))
    const read = vi.spyOn(one.app.store, 'approvals')
    await way(site, one)
    found[name] = read.mock.calls.length
    read.mockRestore()
  }
  expect(found).toEqual({
    'the local user, by page, API or command': 1,
    'the local user, by a digest that a run is given': 1,
    'the local user, by yes at the terminal of a run': 1,
    'an SSH key, by a command': 1,
    'an SSH key, by a file': 1,
    'an installation, by a file that its seal vouches for': 1,
    'an installation, by a file that its server key vouches for': 1,
    'a new login': 1,
    'a passkey': 2,
    'a passkey and a new login of the same person': 3,
  })
})
