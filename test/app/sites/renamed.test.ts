import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { extentOfLong } from '../../extent.ts'
import { BOTH_SITES, brokenLaws, type TeamInMemory, teamInMemory } from './team-in-memory.ts'

/** The inventory has other sites from now on for some of the switches. */
function renamed(team: TeamInMemory, sites: Readonly<Record<string, string>>): void {
  const { devices, ...rest } = JSON.parse(readFileSync(join(team.lab.dir, 'inventory.yaml'), 'utf8')) as {
    devices: Record<string, { tags: Record<string, string> }>
  }
  const moved = Object.entries(devices).map(([name, device]) => {
    const site = sites[name]
    return [name, site === undefined ? device : { ...device, tags: { ...device.tags, site } }]
  })
  team.lab.write('inventory.yaml', JSON.stringify({ ...rest, devices: Object.fromEntries(moved) }))
}

/** The south has another name. */
const EAST = { leaf3: 'east', leaf4: 'east' }

const waits = (team: TeamInMemory, id: string) => async (): Promise<boolean> =>
  (await team.state(id)).scopes.some(({ phase }) => phase === 'waiting')

test('a site that is renamed between the plan and its approval is changed by the workers that it was planned by', {
  tags: 'long',
}, async () => {
  const team = await teamInMemory()
  const id = await team.begin()
  await team.until(waits(team, id))
  renamed(team, EAST)
  await team.decide(id)
  expect((await team.ended(id)).outcome).toBe('succeeded')
  expect([await brokenLaws(team, id), team.thrown]).toEqual([[], []])
  expect(Object.keys(await team.parts(id))).toEqual(['north', 'south'])
})

test.each(extentOfLong(['before'], ['before', 'behind']))(
  'so is one that is renamed between the approval and the start, %s its record',
  { tags: ['long', 'turn'] },
  async (place) => {
    let isRenamed = false
    const team: TeamInMemory = await teamInMemory({
      killed: ({ events, when }) => {
        if (isRenamed || when !== place || !events.some(({ type }) => type === 'ApprovalUsed')) return false
        isRenamed = true
        renamed(team, EAST)
        return false
      },
    })
    const id = await team.begin()
    await team.decide(id)
    expect([(await team.ended(id)).outcome, isRenamed]).toEqual(['succeeded', true])
    expect([await brokenLaws(team, id), team.thrown]).toEqual([[], []])
  },
)

test('one that is renamed before it is planned is changed by the workers of its new name', async () => {
  const team = await teamInMemory({ workers: [] })
  const id = await team.begin()
  renamed(team, EAST)
  for (const site of ['north', 'south', 'east']) team.join([site])
  await team.until(async () => (await team.parts(id)).north?.sites.reached.push !== undefined)
  expect(Object.keys(await team.parts(id))).toEqual(['north', 'east'])
})

test('redundant switches that are of two sites by then are not divided: nothing is planned', async () => {
  const team = await teamInMemory({
    workers: [],
    workflow: BOTH_SITES.replace('leaf1 or leaf3', 'leaf1 or leaf2 or leaf3'),
  })
  const id = await team.begin()
  renamed(team, { leaf2: 'south' })
  for (const site of ['north', 'south']) team.join([site])
  expect(await team.ended(id)).toMatchObject({
    outcome: 'refused',
    compensation: { error: { kind: 'stale', message: expect.stringContaining('leaf1 and leaf2 are redundant') } },
  })
  expect((await team.records(id)).map(({ type }) => type)).not.toContain('SitesDivided')
})
