import type { Ledger } from '../../../change/engine/ledger.ts'
import type { TaskAnswer, TaskPort } from '../../../change/engine/ports.ts'
import { type ExecutionState, startedTimers } from '../../../change/engine/state.ts'
import type { Plan } from '../../../change/plan/plan.ts'
import { BARRIERS, type Barrier } from '../../../change/record/event/record-schema.ts'
import { CONFIRM_MARGIN, TIMER_MARGIN } from '../../../change/task/act/own-timer.ts'
import { confirmConcurrencyOf } from '../../../change/workflow/timers.ts'
import { confirmSeconds, slowestRoundTrip } from '../../../model/commit-time.ts'
import { EosflowError } from '../../../model/error.ts'
import type { ProjectStore } from '../../app/store/project-store.ts'
import { settledPlan } from '../plans/settled-plan.ts'
import { barrierOf, rulingOf } from './parts.ts'

// How often the record of the whole is looked at, in milliseconds.
const LOOK = 300

// How long a part whose switches are confirmed waits for the others before it restores them, in milliseconds.
const LONGEST_SAVE = 300_000

export function partTasks(
  app: ProjectStore,
  { of }: { readonly of: string },
  tasks: TaskPort,
  ledger: Ledger,
): TaskPort {
  const released = new Set<Barrier>()
  const isReleased = async (barrier: Barrier) => {
    // What is released stays so.
    if (!released.has(barrier) && (await rulingOf(app, of, barrier)).is === 'released') released.add(barrier)
    return released.has(barrier)
  }
  return {
    ...tasks,
    run: async (call) => {
      const { task } = call.state
      if (task === 'barrier') return waitAt(app, of, ledger, barrierOf(call), call.signal)
      const barrier = BARRIERS.find((one) => one === task)
      if (barrier !== undefined && !(await isReleased(barrier))) {
        throw new EosflowError('guard', `${of} has not let its sites ${barrier}: nothing was sent`)
      }
      return tasks.run(call)
    },
  }
}

async function waitAt(
  app: ProjectStore,
  of: string,
  ledger: Ledger,
  barrier: Barrier,
  signal: AbortSignal,
): Promise<TaskAnswer> {
  if (ledger.state.sites.reached[barrier] === undefined) await reach(app, ledger, barrier)
  for (;;) {
    signal.throwIfAborted()
    const { is, why, newest } = await rulingOf(app, of, barrier)
    if (is === 'released') return { answer: 'done', output: {} }
    if (is === 'refused') throw new EosflowError('verification', `no site may ${barrier}: ${why}`)
    if (barrier === 'push') return { answer: 'waiting', plan: ledger.state.plan?.digest ?? '' }
    if (app.clock.now() >= lastMoment(ledger.state, barrier)) await leave(ledger, barrier, { of, newest })
    await app.clock.sleep(LOOK, signal)
  }
}

// When it waits no longer, milliseconds since the epoch.
function lastMoment({ sites }: ExecutionState, barrier: Barrier) {
  const { at = 0, until = 0 } = sites.reached[barrier] ?? {}
  return barrier === 'save' ? at + LONGEST_SAVE : until
}

export async function reach(app: ProjectStore, ledger: Ledger, barrier: Barrier) {
  const { state } = ledger
  const plan = await settledPlan(app, state, false)
  if (plan === undefined) throw new EosflowError('bug', 'a part of a change waits without a plan')
  const until = barrier === 'confirm' ? { until: new Date(lastRelease(state, plan)).toISOString() } : {}
  await ledger.append({ type: 'BarrierReached', barrier, plan: plan.digest, ...until })
}

// Until when all its switches can still be confirmed under their commit timers, milliseconds since the epoch.
function lastRelease(state: ExecutionState, { content, evidence }: Plan) {
  const [first] = startedTimers(state)
  if (first === undefined) throw new EosflowError('verification', 'no commit timer runs: there is nothing to confirm')
  const switches = content.waves.flat()
  const needed = confirmSeconds({
    switches: switches.length,
    concurrency: confirmConcurrencyOf(state.machine) ?? content.concurrency,
    roundTrip: slowestRoundTrip(switches.flatMap((name) => evidence.roundTrips?.[name] ?? [])),
  })
  return first.until - Math.max(TIMER_MARGIN, CONFIRM_MARGIN + Math.ceil(needed)) * 1000
}

// Of that and a release one is before the other: where the whole has written anything since, it is looked at anew.
async function leave(ledger: Ledger, barrier: Barrier, whole: { readonly of: string; readonly newest: number }) {
  const reason =
    barrier === 'save'
      ? 'the other sites were not heard of for too long after the confirm'
      : 'the commit timers leave no more time to wait for the other sites'
  try {
    await ledger.appendProvided([whole], { type: 'BarrierLeft', barrier, reason })
  } catch (error) {
    if (error instanceof EosflowError && error.kind === 'busy') return
    throw error
  }
  throw new EosflowError('verification', reason)
}
