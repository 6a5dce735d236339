import { expect, test } from 'vitest'
import { readState } from '../../src/change/engine/fold.ts'
import { decideAs } from '../../src/project/approval/decide.ts'
import { begin } from '../../src/project/execution/journal/begin.ts'
import { drive } from '../../src/project/execution/resume/drive.ts'
import { openProject } from '../../src/project/files/project.ts'
import { settledPlan } from '../../src/project/history/plans/settled-plan.ts'
import type { Caller } from '../../src/project/identity/caller-of.ts'
import { appOf, type Lab, openLab, personNamed, preparedIn, whileTimePasses } from '../lab/lab.ts'

const alice: Caller = personNamed('alice')

/** The application as it is without workers, and the same where workers drive whose death is seen after `ttl` seconds. */
async function appsOf(lab: Lab, ttl: number) {
  const before = await appOf(lab)
  // Its files are read by a process of its own.
  const again = openProject(before, { project: lab.dir })
  const workers = { ...again.settings.workers, dispatch: 'dbos', ttl } as const
  return { before, now: { ...before, project: { ...again, settings: { ...again.settings, workers } } } }
}

/** One wave of 20 s, pushed and confirmed in 2 s: with 290 s until somebody else drives and 30 s more than a timer of 5m. */
const TOO_LATE =
  'the commit timer of 5m cannot hold: 20s of verification in 1 wave + 2s to push and confirm it + 4m50s until a worker that died is replaced (`ttl`) + 30s in reserve is 5m42s'

test('a change whose timer does not outlive the death of a worker does not begin', async () => {
  const lab = openLab()
  const late = await appsOf(lab, 290)
  expect(() => preparedIn(late.now)).toThrow(TOO_LATE)
  const { before, now } = await appsOf(lab, 10)
  expect(preparedIn(now).digest).toBe(preparedIn(before).digest)
})

test('one that has begun before, and is planned now, gets no plan', async () => {
  const lab = openLab()
  const { before, now } = await appsOf(lab, 290)
  const { id } = await begin(before, alice, { judged: 'elsewhere', purpose: 'run', prepared: preparedIn(before) })
  expect(await whileTimePasses(lab.clock, drive(now, alice, id))).toBe('ended')
  const state = await readState(now.store, id)
  expect([state.plan, state.compensation?.error]).toMatchObject([undefined, { kind: 'guard', message: TOO_LATE }])
})

test('[G55] one whose plan is approved goes on, and its plan has the digest that it would have without workers', async () => {
  const lab = openLab()
  const { before, now } = await appsOf(lab, 290)
  const { id } = await begin(before, alice, { judged: 'elsewhere', purpose: 'run', prepared: preparedIn(before) })
  expect(await whileTimePasses(lab.clock, drive(before, alice, id))).toBe('rests')
  const plan = await settledPlan(now, await readState(now.store, id), false)
  if (plan === undefined) throw new Error('there is no plan')
  await decideAs(now, alice, plan, { decision: 'approve', comment: '' })
  expect(await whileTimePasses(lab.clock, drive(now, alice, id))).toBe('ended')
  expect(lab.whereIs('leaf1')).toBe('AFTER')
})
