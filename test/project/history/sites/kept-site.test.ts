import { expect, test } from 'vitest'
import { siteOf } from '../../../../src/project/app/dispatch/site-of.ts'
import { everyNthOfLong } from '../../../extent.ts'
import { teamInMemory } from './team-in-memory.ts'

const MOVES: readonly (readonly [string, string | undefined])[] = [
  ['leaves the inventory', undefined],
  ['has another site there', 'south'],
]

test.each(everyNthOfLong(2, 'switches that leave their site', MOVES))(
  'an execution keeps the site that it was begun for when its switch %s',
  async (_, site) => {
    const team = await teamInMemory()
    const id = await team.begin('leaf1')
    await team.waiting(id)
    team.moveInInventory({ leaf1: site })
    expect(siteOf(team.client.project, await team.state(id))).toBe('north')
  },
)

test('the executions of a change over several sites keep theirs', { tags: ['long', 'turn'] }, async () => {
  const team = await teamInMemory()
  const id = await team.begin()
  await team.waiting(id)
  team.moveInInventory({ leaf3: undefined })
  const { north, south } = await team.parts(id)
  const sites = [await team.state(id), north, south].map((one) => one && siteOf(team.client.project, one))
  expect(sites).toEqual([':all', 'north', 'south'])
})
