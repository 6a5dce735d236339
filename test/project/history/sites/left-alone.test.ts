import { expect, test } from 'vitest'
import type { SharedStore } from '../../../../src/project/app/store/project-store.ts'
import { undriven } from '../../../../src/project/execution/resume/drive.ts'
import { executionToResume, resume } from '../../../../src/project/execution/resume/resume.ts'
import { seenExecution } from '../../../../src/project/history/execution-view.ts'
import { askToStop } from '../../../../src/project/history/requests/stop-asked.ts'
import { partOf } from '../../../lab/part-of.ts'
import { ALICE, BOTH_BEFORE, brokenLaws, type TeamInMemory, teamInMemory } from './team-in-memory.ts'

/** The part of the south has killed so many workers in a row: no other one goes on behind the fifth. */
async function killing(team: TeamInMemory, many = 5) {
  const id = await team.begin()
  await team.until(async () => (await team.parts(id)).south?.status === 'running')
  const part = team.partOf(id, 'south')
  for (let deaths = 0; deaths < many; deaths += 1) {
    const { seq } = await team.state(part)
    await team.client.store
      .as(ALICE.principal)
      .append(part, [{ type: 'ExecutionResumed', byItself: true, ownerDied: true }], seq)
  }
  const workers = {
    hasDied: async (one: string) => {
      const newest = (await team.records(one)).at(-1)
      return newest?.type === 'ExecutionResumed' && newest.ownerDied === true
    },
    leave: async () => undefined,
    onlyWatch: async () => undefined,
    serve: async () => undefined,
    listen: () => () => undefined,
    list: async () => [],
  }
  team.join(['south'])
  for (const { app } of team.processes) Object.assign(app, { shared: { workers } })
  return { id, part, app: { ...team.client, shared: partOf<SharedStore>({ workers }) } }
}

test('a part that kills its workers is tried once more where a person has it go on: the whole goes on with it', {
  tags: ['long', 'turn'],
}, async () => {
  const team = await teamInMemory({ workers: [['north']] })
  const { id, part, app } = await killing(team)
  const { headline } = (await seenExecution(app, part)).view
  expect(headline).toContain(
    `\`eosflow resume ${part}\` tries it once more, \`eosflow stop ${id}\` puts everything back`,
  )
  await expect(executionToResume(app, ALICE, team.partOf(id, 'north'), false)).rejects.toMatchObject({
    problems: [{ code: 'part-of-sites' }],
  })
  const { id: named, allowed } = await executionToResume(app, ALICE, part, false)
  expect(named).toBe(part)
  void resume(app, { ...ALICE, stop: AbortSignal.abort() }, part, { detach: true }, allowed)
  await team.decide(id)
  expect((await team.ended(id)).outcome).toBe('succeeded')
  expect(await brokenLaws(team, id)).toEqual([])
})

test('a stop of the whole is heard by a part that kills its workers, also where the word was carried to nobody', {
  tags: ['long', 'turn'],
}, async () => {
  const team = await teamInMemory({ workers: [['north']] })
  const { id } = await killing(team)
  await askToStop(team.client, ALICE, [id], { reason: 'the window is over' })
  expect((await team.ended(id)).outcome).toBe('cancelled')
  expect(team.truth()).toEqual(BOTH_BEFORE)
})

test('a part that has come to rest behind five dead workers is one as any other: it is driven, and not resumed by itself', {
  tags: ['long', 'turn'],
}, async () => {
  const team = await teamInMemory({ workers: [['north']] })
  // The worker that takes it up as the fifth lives.
  const { id, part, app } = await killing(team, 4)
  await team.until(async () => (await team.parts(id)).south?.sites.reached.push !== undefined)
  await team.until(async () => team.ownerOf(part) === undefined)
  expect((await seenExecution(app, part)).view.headline).not.toContain('no worker takes')
  await expect(executionToResume(app, ALICE, part, false)).rejects.toMatchObject({
    problems: [{ code: 'part-of-sites' }],
  })
  const south = team.processes.at(-1)
  if (south !== undefined) team.kill(south)
  await team.decide(id)
  await team.until(async () => (await team.state(id)).sites.decided.push !== undefined)
  expect((await undriven(app, () => undefined)).map((one) => one.id)).toEqual([part])
  team.join(['south'])
  for (const process of team.processes) Object.assign(process.app, { shared: app.shared })
  expect((await team.ended(id)).outcome).toBe('succeeded')
})
