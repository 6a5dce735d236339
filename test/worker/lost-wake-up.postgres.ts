import { expect, onTestFinished, test } from 'vitest'
import type { App } from '../../src/app/app.ts'
import { decideAs } from '../../src/app/approval/decide.ts'
import { drive } from '../../src/app/execution/drive.ts'
import type { JournalEvent } from '../../src/journal/event.ts'
import { readRecordedPlan } from '../../src/plan/recorded-plan.ts'
import { storedPlan } from '../../src/plan/stored-plan.ts'
import { appWith } from '../lab/app-with.ts'
import { personNamed } from '../lab/application.ts'
import { aroundAppends } from '../lab/around.ts'
import { pause, startTeam, type Team } from './team.ts'

/** The records of an execution from its plan to its rest, in the order in which they are written. */
const RECORDS = [
  'PlanMade',
  'TaskSucceeded',
  'TaskScheduled',
  'TaskStarted',
  'ApprovalRequested',
  'TaskWaiting',
] as const

/** Has somebody approve a plan, in a process that dies right behind its record where `dies`: nobody is sent to the execution then. */
async function approve({ dispatch, ...app }: App, digest: string, dies: boolean): Promise<void> {
  const made = await app.store.planMade(digest)
  const plan = readRecordedPlan(await storedPlan(app.store, made?.plan ?? ''))
  const approver = dies || dispatch === undefined ? app : appWith(app, { dispatch })
  await decideAs(approver, personNamed('tester'), plan, { decision: 'approve', comment: '' })
}

/** An application in which somebody approves the plan as soon as a record of this type is written behind it, before anybody goes on. */
function approvedAt(team: Team, type: string, dies: boolean) {
  let plan = ''
  const seen: { approved: number; sent: Promise<string>[] } = { approved: 0, sent: [] }
  // Who is sent to the execution comes while it is driven.
  const dispatch: App['dispatch'] = {
    post: async ({ id }) => void seen.sent.push(drive(team.app, personNamed('worker'), id)),
  }
  const heed = async (written: readonly JournalEvent[]): Promise<void> => {
    for (const event of written) if (event.type === 'PlanMade') plan = event.digest
    if (plan === '' || seen.approved > 0 || !written.some((event) => event.type === type)) return
    seen.approved += 1
    await approve(appWith(team.app, { dispatch }), plan, dies)
  }
  const heeded = aroundAppends({
    behind: (written, execution) => (execution === undefined ? undefined : heed(written)),
  })
  const app = appWith(team.app, { journalAs: (actor) => heeded(team.app.journalAs(actor)) })
  return { app, seen }
}

test('[B4] an approval between any two records while a worker drives is heard, also where its process dies behind it', {
  tags: 'night',
  timeout: 240_000,
}, async () => {
  const cases = RECORDS.flatMap((type) => [false, true].map((dies) => ({ type, dies })))
  const team = await startTeam(cases.length)
  onTestFinished(() => team.close())
  const devices = Object.keys(team.fabric.ports)
  let sentFor = 0
  const found = await Promise.all(
    cases.map(async ({ type, dies }, index) => {
      const id = await team.begin(devices[index] ?? '', 300 + index)
      const { app, seen } = approvedAt(team, type, dies)
      const driven = await drive(app, personNamed('worker'), id)
      const sent = await Promise.all(seen.sent)
      sentFor += sent.length
      const ways = [driven, ...sent].filter((way) => way !== 'elsewhere')
      const end = (await team.app.store.read(id)).findLast((event) => event.type === 'ExecutionEnded')
      return { type, dies, ways, approved: seen.approved, outcome: end?.outcome }
    }),
  )
  // One of them has driven it to its end, and whoever was sent for it beside that one has done nothing.
  expect(found).toEqual(cases.map((one) => ({ ...one, ways: ['ended'], approved: 1, outcome: 'succeeded' })))
  // Somebody is sent only to what waits already.
  expect(sentFor).toBeGreaterThan(0)
  expect(found).toHaveLength(12)
})

test('[B4] an approval of a process that dies right behind its record, when the execution rests, is found by the workers', async () => {
  const team = await startTeam(1)
  onTestFinished(() => team.close())
  const { app } = team
  await team.worker()
  const [device = ''] = Object.keys(team.fabric.ports)
  const id = await team.begin(device, 300)
  const records = (): Promise<readonly JournalEvent[]> => app.store.read(id)
  const has = async (type: string) => (await records()).some((event) => event.type === type)
  while (!(await has('TaskWaiting'))) await pause(50)
  while (await app.claims.isClaimed(id)) await pause(50)
  const all = await records()
  const from = all.findIndex(({ type }) => type === 'PlanMade')
  // The types of the other test are all that there are.
  expect([...new Set(all.slice(from).map(({ type }) => type))].toSorted()).toEqual([...RECORDS].toSorted())
  const made = all.find((event) => event.type === 'PlanMade')
  await approve(app, made?.digest ?? '', true)
  const begun = performance.now()
  while (!(await has('ExecutionEnded')) && performance.now() - begun < 90_000) await pause(100)
  process.stdout.write(
    `an approval that nobody was sent for was heard after ${((performance.now() - begun) / 1000).toFixed(1)} s\n`,
  )
  expect((await records()).at(-1)).toMatchObject({ type: 'ExecutionEnded', outcome: 'succeeded' })
}, 150_000)
