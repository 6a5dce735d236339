import { expect, onTestFinished, test } from 'vitest'
import { recordedPlan } from '../../../src/change/plan/stored-plan.ts'
import { decideAs } from '../../../src/project/approval/decide.ts'
import { personNamed } from '../../lab/application.ts'
import { pause, startTeam } from './team.ts'

test('[B4] an approval of a process that dies right behind its record, when the execution rests, is found by the workers', async () => {
  const team = await startTeam(1)
  onTestFinished(() => team.close())
  const { app } = team
  await team.worker()
  const [device = ''] = Object.keys(team.fabric.ports)
  const id = await team.begin(device, 300)
  const records = () => app.store.read(id)
  const has = async (type: string) => (await records()).some((event) => event.type === type)
  while (!(await has('TaskWaiting'))) await pause(50)
  while (await app.claims.isClaimed(id)) await pause(50)
  const all = await records()
  const from = all.findIndex(({ type }) => type === 'PlanMade')
  // Behind each of these an approval is tried in `test/doors/http/lost-wake-up.test.ts`.
  const types = ['ApprovalRequested', 'PlanMade', 'TaskScheduled', 'TaskStarted', 'TaskSucceeded', 'TaskWaiting']
  expect([...new Set(all.slice(from).map(({ type }) => type))].toSorted()).toEqual(types)
  const made = all.find((event) => event.type === 'PlanMade')
  const plan = await recordedPlan(app.store, made?.plan ?? '')
  // It dies right behind its record: nobody is sent to the execution.
  const { dispatch: _, ...dying } = app
  await decideAs(dying, personNamed('tester'), plan, { decision: 'approve', comment: '' })
  const begun = performance.now()
  while (!(await has('ExecutionEnded')) && performance.now() - begun < 90_000) await pause(100)
  process.stdout.write(
    `an approval that nobody was sent for was heard after ${((performance.now() - begun) / 1000).toFixed(1)} s\n`,
  )
  expect((await records()).at(-1)).toMatchObject({ type: 'ExecutionEnded', outcome: 'succeeded' })
}, 150_000)
