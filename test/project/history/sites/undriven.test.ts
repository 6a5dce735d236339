import { expect, test } from 'vitest'
import { BOTH_BEFORE, once, teamInMemory } from './team-in-memory.ts'

test('no site confirms while nobody drives another one: its commit timers put both back', {
  tags: ['long', 'turn'],
}, async () => {
  const { killed, struck } = once(
    ({ events, when }) =>
      when === 'behind' && events.some((event) => event.type === 'BarrierReached' && event.barrier === 'confirm'),
  )
  const team = await teamInMemory({
    workers: [['north'], ['south']],
    // The switch in the north is armed half a minute later than that in the south, whose worker is dead by then.
    before: async (device, commands, { clock }) => {
      if (device === 'leaf1' && commands.some((command) => command.includes('commit timer'))) await clock.sleep(30_000)
    },
    killed,
  })
  const id = await team.begin()
  await team.decide(id)
  await team.until(async () => (await team.parts(id)).north?.status === 'ended')
  expect(struck()?.sites).toEqual(['south'])
  expect(team.lab.commits('leaf1')).toEqual({ plain: 0, timed: 1, confirms: 0 })
  team.join(['south'])
  expect((await team.ended(id)).outcome).toBe('rolled-back')
  expect(team.truth()).toEqual(BOTH_BEFORE)
})

test('whoever takes the whole over does not give up a part that it drives itself', {
  tags: ['long', 'turn'],
}, async () => {
  const left: string[] = []
  // Behind the begin of both parts, before that is known of the whole.
  const { killed, struck } = once(
    ({ events, when }) =>
      when === 'behind' && events.some((event) => event.type === 'ExecutionStarted' && event.part?.site === 'south'),
  )
  const team = await teamInMemory({ workers: [['north', 'south']], killed })
  team.join(['north', 'south'])
  for (const { app } of team.processes) {
    const workers = {
      hasDied: async () => false,
      leave: async (id: string) => void left.push(id),
      listen: () => () => undefined,
    }
    Object.assign(app, { shared: { workers } })
  }
  const id = await team.begin()
  await team.decide(id)
  expect((await team.ended(id)).outcome).toBe('succeeded')
  const parts = Object.values(await team.parts(id)).map((part) => part.id)
  expect(struck()).toBeDefined()
  // Each at its begin alone, by whoever has begun it.
  expect(left.filter((one) => parts.includes(one)).length).toBeLessThanOrEqual(1)
})
