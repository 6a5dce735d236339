import { afterAll, beforeAll, expect, test } from 'vitest'
import { type SiteTeam, startSiteTeam } from './site-team.ts'

let team: SiteTeam
beforeAll(async () => {
  team = await startSiteTeam()
}, 240_000)
afterAll(() => team.close())

/** Where the part of the north is. */
const north = async (whole: string) => {
  const part = (await team.state(whole)).sites.sites.find(({ site }) => site === 'north')
  return part && (await team.state(part.execution))
}

test('a worker with one place drives other executions while its changes over several sites wait', async () => {
  const worker = await team.worker('north', 1)
  // Nobody works for the south: each of them waits for it.
  const first = await team.begin(3101)
  await team.until(
    async () => (await north(first))?.sites.reached.push !== undefined,
    'the first one has no plan of the north',
  )
  const second = await team.begin(3102)
  await team.until(
    async () => (await north(second))?.sites.reached.push !== undefined,
    'the second one has no plan of the north',
  )
  expect([(await team.ownerOf(first))?.id, (await team.ownerOf(second))?.id]).toEqual([worker.id, worker.id])
}, 240_000)
