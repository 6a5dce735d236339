import { foldAll, readState } from '../../../change/engine/fold.ts'
import { waitsForSignal } from '../../../change/engine/outcome.ts'
import type { ExecutionState } from '../../../change/engine/state.ts'
import { liveSwitches } from '../../../change/engine/suspend.ts'
import { type Cursor, cursorBehind, isBehind } from '../../../change/record/event/cursor.ts'
import type { JournalEvent } from '../../../change/record/event/event.ts'
import { endFreezes, setFreeze } from '../../../features/freeze/set-freeze.ts'
import { isAllowed } from '../../../project/access/policy/authority.ts'
import { aboutExecution, requireResumable } from '../../../project/access/policy/entry.ts'
import { putBack } from '../../../project/execution/begin/put-back.ts'
import { executionToResume, redrive as redriveOn } from '../../../project/execution/resume/resume.ts'
import { type TakeTerms, takeUpOpen } from '../../../project/execution/run/run.ts'
import {
  endLeftPlan,
  endStopped,
  isLasting,
  stopEveryOpen,
  stop as stopOn,
} from '../../../project/execution/stop/stop.ts'
import { type SignalAnswer, sendSignal, suspend as suspendOn } from '../../../project/execution/stop/suspending.ts'
import { isDue } from '../../../project/history/execution-view.ts'
import { suspensionOf, unheardStop } from '../../../project/history/requests/stop-asked.ts'
import { wakesOf } from '../../../project/history/requests/wakes.ts'
import type { Caller } from '../../../project/identity/caller-of.ts'
import { inputError } from '../../../project/system/process/input-error.ts'
import { waitingFor } from '../../../report/phrases/waiting-for.ts'
import { parseDuration } from '../../../text/source/duration.ts'
import type { ActContext, ActTable } from '../context/act-context.ts'
import type { ServedExecutions } from '../jobs/served-executions.ts'
import type { ActInput } from '../request/act-input.ts'
import { aboutSeen, faultOf } from '../request/readable.ts'
import { begunAnswer } from './begun-answer.ts'
import { whileUnchanged } from './unchanged.ts'

export const resumeActs = {
  resume: (context, caller, { execution, restored, newest }) =>
    aboutSeen(context.app, caller, execution, () =>
      whileUnchanged(context.app, execution, newest, async () => {
        const { app, runs } = context
        runs.requireOpen()
        const { id, allowed } = await executionToResume(app, caller, execution, restored)
        return onceTaken(context, caller, id, { restored, newest, allowed, hears: await waitsOutside(context, id) })
      }),
    ),

  redrive: ({ app, runs }, caller, { execution, newest }) =>
    aboutSeen(app, caller, execution, () =>
      whileUnchanged(app, execution, newest, async () => {
        runs.requireOpen()
        const state = await redriveOn(app, caller, execution, newest)
        runs.begin(state, caller)
        return { execution: state.id, outcome: 'taken-up' }
      }),
    ),

  rollback: ({ app, runs }, caller, { execution, targets, newest }) =>
    aboutSeen(app, caller, execution, () =>
      whileUnchanged(app, execution, newest, async () => {
        runs.requireOpen()
        const made = await putBack(app, caller, { execution, target: targets, newest })
        if (made.kind === 'nothing') return { execution: made.of.id, outcome: 'nothing-to-do', without: made.without }
        runs.begin(made.state, caller)
        const { known: _, ...begun } = begunAnswer(made.state)
        return { ...begun, outcome: 'begun' }
      }),
    ),
} satisfies Partial<ActTable>

async function waitsOutside({ app }: Pick<ActContext, 'app'>, id: string) {
  return waitsForSignal(await readState(app.store, id))
}

/**
 * Puts on record that this process goes on with an execution; it is run behind the answer, when it is its turn. One that `hears` reads what
 * outside systems answer; any other one rests as soon as it only waits for them.
 */
export function onceTaken(
  { app, runs }: Pick<ActContext, 'app' | 'runs'>,
  caller: Caller,
  id: string,
  { hears = false, ...terms }: TakeTerms & { readonly hears?: boolean } = {},
): Promise<unknown> {
  runs.requireOpen()
  const taken = takeUpOpen(app, caller, id, terms).then((state) => {
    if (state.status === 'ended') return { execution: id, outcome: 'ended-before' }
    runs.begin(state, caller, { detach: !hears })
    return { execution: id, outcome: 'taken-up' }
  })
  runs.heed(taken)
  return taken
}

// How often the record is looked at for an answer, in milliseconds.
const LOOK = 500
// After how long an execution that could not go on is tried again, in milliseconds.
const AGAIN = 60_000

/** Goes on with executions of this server that wait: when somebody has decided or answered, wherever that was done, and at the start with those that a server before has left. */
export class ExecutionResumer {
  readonly #context: ActContext
  readonly #served: ServedExecutions
  readonly #resting = new Map<string, ExecutionState>()
  // Those that were answered and could not go on, and since when, by the monotonic clock.
  readonly #later = new Map<string, number>()

  constructor(context: ActContext, served: ServedExecutions) {
    this.#context = context
    this.#served = served
  }

  /** An execution that this process has run waits for somebody, who may have answered since it looked last. */
  rests(state: ExecutionState): void {
    this.#resting.set(state.id, state)
    this.#goOnIfDue(state).catch((error: unknown) => this.#context.failed(state.id, error))
  }

  async takeUp(): Promise<void> {
    const { app, failed } = this.#context
    const open = new Set((await app.store.openExecutions()).map(({ id }) => id))
    const left: ExecutionState[] = []
    for (const id of this.#served.ids) {
      if (!open.has(id)) this.#served.forget(id)
      // One that cannot be read keeps none of the others from going on.
      else
        await app.store.read(id).then(
          (events) => left.push(foldAll(id, events)),
          (error: unknown) => failed(id, error),
        )
    }
    for (const state of [...left.filter(isLive), ...left.filter((one) => !isLive(one))]) {
      this.#resting.set(state.id, state)
      await this.#goOn(state.id).catch((error: unknown) => failed(state.id, error))
    }
  }

  async follow(stop: AbortSignal): Promise<void> {
    const { app, failed } = this.#context
    const wakes = wakesOf(app, { of: 'words' })
    let { cursor } = await app.store.tail()
    while (!stop.aborted) {
      try {
        cursor = await this.#look(cursor)
      } catch (error) {
        failed('record', error)
      }
      await this.#again()
      while (!(stop.aborted || (await wakes.pause(LOOK, stop)))) {
        // Nobody has said anything.
      }
    }
    wakes.close()
  }

  async #look(after: Cursor) {
    const { events, cursor } = await this.#context.app.store.tail(after)
    for (const event of events) {
      for (const state of [...this.#resting.values()]) {
        if (isOver(event, state)) this.#resting.delete(state.id)
        else if (isAnswer(event, state)) await this.#goOnIfDue(state)
      }
    }
    return cursor
  }

  async #goOnIfDue(resting: ExecutionState) {
    const { app } = this.#context
    const { id } = resting
    const events = await app.store.read(id)
    if (events.some((event) => isOver(event, resting))) this.#resting.delete(id)
    else if ((await unheardStop(app, id, events)) !== undefined) await this.#goOn(id)
    else if (await isDue(app, foldAll(id, events), events, app.clock.now())) await this.#goOn(id)
  }

  // Tries again, once in a minute, with those that could not go on when they were answered.
  async #again() {
    const { app, failed } = this.#context
    const now = app.clock.monotonic()
    for (const [id, failedAt] of [...this.#later]) {
      if (now - failedAt < AGAIN) continue
      this.#later.delete(id)
      const resting = this.#resting.get(id)
      if (resting !== undefined) await this.#goOnIfDue(resting).catch((error: unknown) => failed(id, error))
    }
  }

  // Where it cannot go on now, it is tried again in a minute, and when it is answered again.
  async #goOn(id: string) {
    const { app, runs, console, failed } = this.#context
    const events = await app.store.read(id)
    const state = foldAll(id, events)
    if (state.status === 'ended') return
    const isStopped = (await unheardStop(app, id, events)) !== undefined
    // What a person has suspended, a person resumes. A stop comes before it.
    if (!isStopped && (await suspensionOf(app, state, events)) !== undefined) return
    this.#resting.delete(id)
    const { requester } = state
    if (requester === undefined || runs.ids.includes(id)) return
    const caller: Caller = { ...console, principal: requester }
    const later = (error: unknown) => {
      this.#resting.set(id, state)
      this.#later.set(id, app.clock.monotonic())
      failed(id, error)
    }
    if (isStopped) {
      runs.atOnce(id, () => endStopped(app, caller, id)).catch(later)
      return
    }
    try {
      const allowed = await requireResumable(app, caller, state)
      // What is live goes on in any case, and hears a word to rest from before.
      await onceTaken(this.#context, caller, id, {
        hears: waitsForSignal(state),
        unlessAsked: !isLive(state),
        byItself: true,
        allowed,
      })
    } catch (error) {
      if (!(await this.#isAsked(state))) {
        if (state.purpose !== 'plan' || !isLasting(error)) return later(error)
        runs.atOnce(id, () => endLeftPlan(app, caller, id, error)).catch(later)
        return
      }
      // Somebody has stopped it, or had it rest, between the look and the record: that holds.
      this.#resting.set(id, state)
      await this.#goOn(id)
    }
  }

  // Whether somebody has asked, since a process took an execution up last, that it stops or rests.
  async #isAsked({ id }: ExecutionState) {
    const { app } = this.#context
    const events = await app.store.read(id)
    return (
      (await unheardStop(app, id, events)) !== undefined ||
      (await suspensionOf(app, foldAll(id, events), events)) !== undefined
    )
  }
}

function isLive(state: ExecutionState) {
  return liveSwitches(state).length > 0
}

// Whether somebody else goes on with an execution since it rests, or it has ended.
function isOver(event: JournalEvent, resting: ExecutionState) {
  const isWord = ['ExecutionResumed', 'ExecutionRedriven', 'ExecutionEnded'].includes(event.type)
  return isWord && event.execution === resting.id && isBehind(event, cursorBehind(resting))
}

function isAnswer(event: JournalEvent, state: ExecutionState) {
  if (event.type === 'ApprovalDecided') return event.statement.plan === state.plan?.digest
  if (event.type !== 'SignalSent' || event.answer.signal === 'heartbeat') return false
  return waitingFor(state).some((one) => one.waitsFor === 'signal' && one.token === event.token)
}

export const stopActs = {
  stop: ({ app, ...context }, caller, { execution, reason, restored, newest }) =>
    aboutSeen(app, caller, execution, () =>
      whileUnchanged(app, execution, newest, () =>
        onceAsked(context, 'stop', (asked) =>
          stopOn(app, { ...caller, stop: context.following }, { execution, reason, restored, newest }, asked),
        ),
      ),
    ),

  /** The answer comes when all of them are asked on record; it names those that may not be stopped, as far as the caller may read them. Throws the denial where none may be stopped. */
  'stop-all': ({ app, runs, failed, following }, caller, { reason }) =>
    new Promise((resolve, reject) => {
      const refused: { readonly execution: string; readonly detail: string }[] = []
      let asked: readonly string[] | undefined
      let denied: unknown
      const answer = () => {
        if (asked === undefined && denied !== undefined) reject(denied)
        else resolve({ asked: asked ?? [], refused })
      }
      const mayRead = (state: ExecutionState) => isAllowed(app, caller, 'execution.read', aboutExecution(state))
      const done = stopEveryOpen(
        app,
        { ...caller, stop: following },
        { reason, restored: false },
        ({ found, error }) => {
          if (error === undefined) return
          if (asked === undefined) {
            denied ??= error
            if (mayRead(found)) refused.push({ execution: found.id, detail: faultOf(error).message })
          } else failed(`stop ${found.id}`, error)
        },
        (ids) => {
          asked = ids
          answer()
        },
      ).then(answer, (error: unknown) => {
        if (asked === undefined) reject(error)
        else failed('stop-all', error)
      })
      runs.heed(done)
    }),

  freeze: async ({ app }, caller, { reason, until }) => {
    const { freeze: set, goOn, rest } = await setFreeze(app, caller, { reason, ...endOf(until) })
    return { version: 1, freeze: set.seq, until: set.until, goOn, rest }
  },

  /** Ends freezes before their time; those of the policy stay. */
  unfreeze: async ({ app }, caller, { reason, freeze: number, all }) => {
    const { ended, left } = await endFreezes(app, caller, { reason, freeze: number, all })
    return { version: 1, ended: ended.map(({ seq }) => seq), left: left.map(({ seq }) => seq) }
  },

  /** The server goes on with the execution behind that. */
  signal: async ({ app }, caller, { token, ...given }) => {
    const answer = answerOf(given)
    const { awaited, sent } = await sendSignal(app, caller, { token, answer })
    const { execution, path, state } = awaited
    return { execution, path, state, signal: answer.signal, at: sent.at, actor: sent.actor }
  },

  suspend: ({ app, ...context }, caller, { execution, reason, newest }) =>
    aboutSeen(app, caller, execution, () =>
      whileUnchanged(app, execution, newest, () =>
        onceAsked(context, 'suspend', (asked) =>
          suspendOn(app, { ...caller, stop: context.following }, { execution, reason, newest }, asked),
        ),
      ),
    ),
} satisfies Partial<ActTable>

type Asked = (found: ExecutionState) => () => void

function onceAsked(
  { runs, failed }: Pick<ActContext, 'runs' | 'failed'>,
  what: string,
  work: (asked: Asked) => Promise<{ readonly kind: string; readonly state: ExecutionState }>,
) {
  return new Promise((resolve, reject) => {
    let isAsked = false
    const asked: Asked = ({ id }) => {
      isAsked = true
      resolve({ execution: id, outcome: 'asked' })
      return () => undefined
    }
    const done = work(asked).then(
      ({ kind, state }) => resolve({ execution: state.id, outcome: kind }),
      (error: unknown) => {
        if (isAsked) failed(what, error)
        else reject(error)
      },
    )
    runs.heed(done)
  })
}

function endOf(text: string | undefined): { readonly until?: number; readonly lasts?: number } {
  if (text === undefined) return {}
  const lasts = parseDuration(text)
  if (lasts !== undefined) return { lasts }
  const until = /^\d{4}-\d\d-\d\dT/.test(text) ? Date.parse(text) : Number.NaN
  if (!Number.isNaN(until)) return { until }
  throw inputError(
    'until',
    'bad-end',
    `\`${text}\` is neither a length nor a time`,
    'Write for example 2h, or 2026-12-18T06:00Z.',
  )
}

function answerOf({ output, error, cause, heartbeat }: Omit<ActInput<'signal'>, 'token'>): SignalAnswer {
  if (heartbeat === true) return { signal: 'heartbeat' }
  if (output !== undefined) return { signal: 'success', output }
  return { signal: 'failure', error: error ?? null, cause: cause ?? null }
}
