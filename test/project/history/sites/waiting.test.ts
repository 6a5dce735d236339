import { expect, test } from 'vitest'
import { stop } from '../../../../src/project/execution/stop/stop.ts'
import { ALICE, BOTH_BEFORE, type TeamInMemory, teamInMemory } from './team-in-memory.ts'

/** A whole that has been stopped while the south has no worker: its part there has begun, and nobody puts it back. */
async function stoppedWithoutSouth(team: TeamInMemory) {
  const id = await team.begin()
  await team.northWaits(id)
  void stop(team.client, ALICE, { execution: id, reason: 'the window is over' }, () => () => undefined)
  await team.until(async () => (await team.parts(id)).north?.status === 'ended')
  return id
}

test('a worker that drains lets go of a whole that waits for the end of a site without workers, and another one goes on', {
  tags: ['long', 'turn'],
}, async () => {
  const team = await teamInMemory({ workers: [['north'], ['north']] })
  const id = await stoppedWithoutSouth(team)
  const first = team.ownerOf(id)
  if (first === undefined) throw new Error('nobody drives it')
  await team.drained(first)
  await team.until(async () => team.ownerOf(id) !== undefined)
  expect(team.ownerOf(id)?.name).not.toBe(first.name)
  // Nothing is called ended that has not ended.
  expect((await team.state(id)).status).toBe('compensating')
  expect((await team.records(id)).filter(({ type }) => type === 'TaskUndoFinished')).toEqual([])
  team.join(['south'])
  expect((await team.ended(id)).outcome).toBe('cancelled')
  expect(team.thrown).toEqual([])
  expect((await team.records(id)).filter(({ type }) => type === 'SiteEnded')).toHaveLength(2)
  expect(team.truth()).toEqual(BOTH_BEFORE)
})

test('changes that wait for a site without workers keep no place from others', { tags: ['long', 'turn'] }, async () => {
  const team = await teamInMemory({ workers: [['north']], limit: 1 })
  const ids: string[] = []
  for (let many = 0; many < 3; many += 1) ids.push(await stoppedWithoutSouth(team))
  expect(ids.map((id) => team.ownerOf(id)?.name)).toEqual(['w1', 'w1', 'w1'])
  team.join(['south'])
  expect((await Promise.all(ids.map((id) => team.ended(id)))).map(({ outcome }) => outcome)).toEqual([
    'cancelled',
    'cancelled',
    'cancelled',
  ])
})

test('one that waits looks at the records less often the longer nothing happens there', {
  tags: ['long', 'turn'],
}, async () => {
  const team = await teamInMemory({ workers: [['north']] })
  let reads = 0
  const { store } = team.processes[0]?.app ?? team.client
  const read = store.read.bind(store)
  store.read = async (id) => {
    reads += 1
    return read(id)
  }
  await stoppedWithoutSouth(team)
  await team.passed(600_000)
  const before = reads
  await team.passed(600_000)
  // Two parts, every ten seconds.
  expect(reads - before).toBeGreaterThan(100)
  expect(reads - before).toBeLessThan(400)
})
