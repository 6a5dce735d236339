import { expect, test } from 'vitest'
import { extentOfLong } from '../../../extent.ts'
import { BOTH_SITES, brokenLaws, lived, once, teamInMemory } from './team-in-memory.ts'

/** The south has another name. */
const EAST = { leaf3: 'east', leaf4: 'east' }

test('a site that is renamed between the plan and its approval is changed by the workers that it was planned by', {
  tags: ['long', 'turn'],
}, async () => {
  const team = await teamInMemory()
  const id = await team.begin()
  await team.waiting(id)
  team.moveInInventory(EAST)
  await team.decide(id)
  expect((await team.ended(id)).outcome).toBe('succeeded')
  expect([await brokenLaws(team, id), team.thrown]).toEqual([[], []])
  expect(Object.keys(await team.parts(id))).toEqual(['north', 'south'])
})

test.each(extentOfLong(['before'], ['before', 'behind']))(
  'so is one that is renamed between the approval and the start, %s its record',
  { tags: ['long', 'turn'] },
  async (place) => {
    const { killed, struck } = once(
      ({ events, when }) => when === place && events.some(({ type }) => type === 'ApprovalUsed'),
      { dies: false, also: ({ team }) => team.moveInInventory(EAST) },
    )
    const { team, outcome } = await lived({ killed })
    expect([outcome, struck() !== undefined, team.thrown]).toEqual(['succeeded', true, []])
  },
)

test('one that is renamed before it is planned is changed by the workers of its new name', async () => {
  const team = await teamInMemory({ workers: [] })
  const id = await team.begin()
  team.moveInInventory(EAST)
  for (const site of ['north', 'south', 'east']) team.join([site])
  await team.northWaits(id)
  expect(Object.keys(await team.parts(id))).toEqual(['north', 'east'])
})

test('redundant switches that are of two sites by then are not divided: nothing is planned', {
  tags: ['long', 'turn'],
}, async () => {
  const team = await teamInMemory({
    workers: [],
    workflow: BOTH_SITES.replace('leaf1 or leaf3', 'leaf1 or leaf2 or leaf3'),
  })
  const id = await team.begin()
  team.moveInInventory({ leaf2: 'south' })
  for (const site of ['north', 'south']) team.join([site])
  expect(await team.ended(id)).toMatchObject({
    outcome: 'refused',
    compensation: { error: { kind: 'stale', message: expect.stringContaining('leaf1 and leaf2 are redundant') } },
  })
  expect((await team.records(id)).map(({ type }) => type)).not.toContain('SitesDivided')
})
