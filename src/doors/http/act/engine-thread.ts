import { setMaxListeners } from 'node:events'
import { dirname } from 'node:path'
import { heardJournal } from '../../../change/record/store/journal.ts'
import type { Pulse } from '../../../change/task/act/pulse.ts'
import { definedMembers } from '../../../model/json.ts'
import { aborted } from '../../../model/linked-abort.ts'
import { identityOf } from '../../../model/principal.ts'
import type { App, RecordApp } from '../../../project/app/app.ts'
import { openChallenges } from '../../../project/approval/challenge.ts'
import { systemRandom } from '../../../project/system/machine/system-clock.ts'
import type { Console } from '../../../project/system/process/console.ts'
import { type ActContext, type ActTable, perform } from '../context/act-context.ts'
import type { Acts } from '../context/message.ts'
import { ApprovalRequests } from '../jobs/approval-requests.ts'
import { Hooks } from '../jobs/hooks.ts'
import { Rehearsals, type Rehearse } from '../jobs/rehearsals.ts'
import { Runs } from '../jobs/runs.ts'
import { Schedules } from '../jobs/schedules.ts'
import { keepingServed, type ServedExecutions, servedExecutions } from '../jobs/served-executions.ts'
import { BoundedDenials } from '../limits/bounded-records.ts'
import { ConcurrencyLimit } from '../limits/concurrency-limit.ts'
import type { ActName } from '../request/act-input.ts'
import { SentBrowsers } from '../session/sent-browsers.ts'
import { checkActs } from './check.ts'
import { decideActs } from './decide.ts'
import { loginActs } from './login.ts'
import { ExecutionResumer, resumeActs, stopActs } from './resume.ts'
import { scheduleActs } from './schedule.ts'
import { startActs } from './start.ts'

const acts: ActTable = {
  ...startActs,
  ...decideActs,
  ...stopActs,
  ...resumeActs,
  ...checkActs,
  ...loginActs,
  ...scheduleActs,
}

export interface EngineThreadOptions {
  readonly app: App
  readonly console: Pick<Console, 'tell' | 'heed'>
  readonly most: number
  failed(what: string, error: unknown): void
  readonly rehearse: Rehearse
  readonly served?: ServedExecutions
  pulse?(execution: string, note: Pulse): void
  lead?(stop: AbortSignal, work: (stop: AbortSignal) => Promise<void>): Promise<void>
}

const READ_SWITCHES: ReadonlySet<ActName> = new Set(['drift', 'compare', 'snapshot', 'check'])
const MOST_READINGS = 2

export interface EngineThread extends Acts {
  /** Goes on with what a server before has left, and from then on with what has been answered. */
  begin(): Promise<void>
  /** True when that was done before `signal` was aborted. */
  end(signal: AbortSignal): Promise<boolean>
  readonly running: readonly string[]
}

export function openEngineThread(options: EngineThreadOptions): EngineThread {
  const { app: given, console, most, failed, pulse, rehearse, lead = (stop, work) => work(stop) } = options
  const served = options.served ?? servedExecutions(dirname(given.project.store), failed)
  const denials = new BoundedDenials(
    given.clock,
    async (denial, leftOut) => {
      const counted = leftOut === 0 ? denial : { ...denial, leftOut }
      await given.store.as(denial.principal).append(undefined, [counted])
    },
    failed,
  )
  // What workers drive no server goes on with.
  const keeping = given.dispatch === undefined
  const journalAs: RecordApp['journalAs'] = (actor) =>
    heardJournal(given.journalAs(actor), keeping ? [keepingServed(served)] : [])
  const app: App = { ...given, denials, journalAs }
  const suspend = new AbortController()
  const over = new AbortController()
  // Every execution listens for them.
  setMaxListeners(0, suspend.signal, over.signal)
  const runs = new Runs({ app, most, served, failed, rests: (state) => continuing.rests(state) })
  const quiet: Console = {
    ...console,
    interactive: false,
    ask: async () => undefined,
    // Nobody's interrupt puts anything back here: a stop is asked for by its own act.
    stop: over.signal,
    suspend: suspend.signal,
    ...definedMembers({ pulse }),
  }
  const { notes } = app
  const challenges = openChallenges(notes)
  const sent = new SentBrowsers(notes, systemRandom)
  const following = suspend.signal
  const scrub = (text: string) => app.scrubber.scrub(text)
  const rehearsals = new Rehearsals({ rehearse, notes, clock: app.clock, scrub, failed })
  const requests = new ApprovalRequests(notes)
  const readings = new ConcurrencyLimit(MOST_READINGS, 'readings of switches at once for one who asks')
  const schedules = new Schedules({ app, console: quiet, runs, rehearse, failed })
  const hooks = new Hooks(app, quiet, failed)
  const context: ActContext = {
    app,
    runs,
    following,
    challenges,
    sent,
    rehearsals,
    schedules,
    hooks,
    requests,
    denials,
    console: quiet,
    failed,
  }
  const continuing = new ExecutionResumer(context, served)
  return {
    ask: (act, asker, input) => {
      const done = () => perform(acts, context, act, asker, input)
      const work = READ_SWITCHES.has(act) ? readings.while(identityOf(asker.principal), done) : done()
      runs.heed(work)
      return work
    },
    begin: async () => {
      if (keeping) {
        await continuing.takeUp()
        continuing.follow(suspend.signal).catch((error: unknown) => failed('record', error))
      }
      lead(suspend.signal, (stop) => schedules.follow(stop)).catch((error: unknown) => failed('schedules', error))
    },
    end: async (signal) => {
      suspend.abort()
      const isDone = await Promise.race([runs.end().then(() => true), aborted(signal).then(() => false)])
      if (isDone) over.abort()
      await denials.close()
      await hooks.refusals.close()
      return isDone
    },
    get running() {
      return runs.ids
    },
  }
}
