import { expect, test } from 'vitest'
import { recordedPlan } from '../../../src/change/plan/stored-plan.ts'
import type { JournalEvent } from '../../../src/change/record/event/event.ts'
import { silentConsole } from '../../../src/lab/trial/trial-app.ts'
import { decideAs } from '../../../src/project/approval/decide.ts'
import { everyNth } from '../../extent.ts'
import { ANN, type App, aroundAppends, openLab, type ServerBench } from '../../lab/lab.ts'

/** The records of an execution from its plan to its rest, in the order in which they are written. */
const RECORDS = ['PlanMade', 'TaskSucceeded', 'TaskScheduled', 'TaskStarted', 'ApprovalRequested', 'TaskWaiting']

/** Approves the plan of an execution as soon as a record of this type is written behind the plan, before anybody goes on. */
function approvedAt(type: string, app: () => App) {
  let plan = ''
  const approved: string[] = []
  const heed = async (written: readonly JournalEvent[]) => {
    for (const event of written) if (event.type === 'PlanMade') plan = event.digest
    if (plan === '' || approved.length > 0 || !written.some((event) => event.type === type)) return
    approved.push(type)
    const made = await app().store.planMade(plan)
    const read = await recordedPlan(app().store, made?.plan ?? '')
    const caller = { ...silentConsole(), principal: ANN }
    await decideAs(app(), caller, read, { decision: 'approve', comment: '' })
  }
  const journal = aroundAppends({
    behind: (written, execution) => (execution === undefined ? undefined : heed(written)),
  })
  return { approved, journal }
}

test.for(everyNth(2, 'records at which somebody approves', RECORDS))(
  '[B4] an approval that comes right behind %s is heard: the change is made',
  {
    tags: ['long', 'cut'],
  },
  async (type) => {
    const open: { bench?: ServerBench } = {}
    const { approved, journal } = approvedAt(type, () => {
      if (open.bench === undefined) throw new Error('no bench yet')
      return open.bench.app
    })
    const bench = await openLab().serve({ journal })
    open.bench = bench
    await bench.room.begin()
    const ann = bench.browser(ANN)
    const id = await ann.begin()
    await ann.ends(id)
    expect([(await ann.seen(id)).outcome, approved]).toEqual(['succeeded', [type]])
    const taken = (await bench.app.store.read(id)).filter((event) => event.type === 'ExecutionResumed')
    // Nobody is sent to it for nothing, and once where it had judged before.
    expect(taken.length).toBeLessThanOrEqual(1)
    expect(bench.failures).toEqual([])
  },
)
