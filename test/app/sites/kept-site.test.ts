import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { siteOf } from '../../../src/app/sites/site-of.ts'
import { type TeamInMemory, teamInMemory } from './team-in-memory.ts'

/** The inventory without a switch, or with another site for it. */
function inventoryWithout(team: TeamInMemory, name: string, site: string | undefined): void {
  const { devices, ...rest } = JSON.parse(readFileSync(join(team.lab.dir, 'inventory.yaml'), 'utf8')) as {
    devices: Record<string, { tags: Record<string, string> }>
  }
  const { [name]: gone, ...others } = devices
  const moved = gone === undefined || site === undefined ? {} : { [name]: { ...gone, tags: { ...gone.tags, site } } }
  team.lab.write('inventory.yaml', JSON.stringify({ ...rest, devices: { ...others, ...moved } }))
}

test.each([
  ['leaves the inventory', undefined],
  ['has another site there', 'south'],
])('an execution keeps the site that it was begun for when its switch %s', async (_, site) => {
  const team = await teamInMemory()
  const id = await team.begin('leaf1')
  await team.until(async () => (await team.state(id)).scopes.some(({ phase }) => phase === 'waiting'))
  inventoryWithout(team, 'leaf1', site)
  expect(siteOf(team.client.project, await team.state(id))).toBe('north')
})

test('the executions of a change over several sites keep theirs', async () => {
  const team = await teamInMemory()
  const id = await team.begin()
  await team.until(async () => (await team.state(id)).scopes.some(({ phase }) => phase === 'waiting'))
  inventoryWithout(team, 'leaf3', undefined)
  const { north, south } = await team.parts(id)
  const sites = [await team.state(id), north, south].map((one) => one && siteOf(team.client.project, one))
  expect(sites).toEqual([':all', 'north', 'south'])
})
