import { expect, test } from 'vitest'
import { TeamInMemory } from './team-in-memory.ts'

test('two sites are planned, approved once, confirmed and saved together, each by workers that reach its own switches alone', async () => {
  const team = new TeamInMemory()
  const id = await team.begin()
  await team.decide(id)
  const whole = await team.ended(id)
  expect(team.thrown).toEqual([])
  expect([whole.outcome, team.truth(), team.strayed]).toEqual(['succeeded', { leaf1: 'AFTER', leaf3: 'AFTER' }, []])
})
