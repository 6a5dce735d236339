import { recordPlan } from '../../../change/engine/change.ts'
import { useEvent } from '../../../change/engine/change-tasks.ts'
import type { Ledger } from '../../../change/engine/ledger.ts'
import { deviceEnds } from '../../../change/engine/outcome.ts'
import type { Approvals, TaskAnswer, TaskPort } from '../../../change/engine/ports.ts'
import { hasSucceeded } from '../../../change/engine/sites.ts'
import type { Plan } from '../../../change/plan/plan.ts'
import { planOfSites } from '../../../change/plan/plan-of-sites.ts'
import { BARRIERS, type Barrier } from '../../../change/record/event/record-schema.ts'
import { OutageError } from '../../../change/record/store/journal.ts'
import { STOP_SITES } from '../../../change/workflow/site-machines.ts'
import { EosflowError } from '../../../model/error.ts'
import { isJsonObject, type Json } from '../../../model/json.ts'
import type { RecordApp } from '../../app/app.ts'
import { wake } from '../../app/dispatch/worker-dispatch.ts'
import { settledPlan } from '../../history/plans/settled-plan.ts'
import { askToStop } from '../../history/requests/stop-asked.ts'
import { Looks } from '../../history/sites/looks.ts'
import {
  barrierOf,
  barrierStateOf,
  partsOf,
  requireApart,
  type SiteExecution,
  switchesBySite,
  unchanged,
} from '../../history/sites/parts.ts'
import type { Caller } from '../../identity/caller-of.ts'
import { preparedAgain } from '../../plan/definition/definition-of.ts'
import { definitionNow, preparedFor } from '../../plan/planning.ts'
import { executionId, recordBeginning } from '../journal/begin.ts'

// So long parts that were let save may take for that before they are stopped, in milliseconds: they are taken over within a minute.
const LONGEST_SAVE = 300_000

async function recordEnds(app: RecordApp, ledger: Ledger) {
  const parts = await partsOf(app, ledger.state)
  for (const { site, execution, state } of parts) {
    if (state.status !== 'ended' || ledger.state.sites.ended.includes(execution)) continue
    await ledger.append({
      type: 'SiteEnded',
      site,
      child: execution,
      outcome: state.outcome ?? 'unknown',
      devices: deviceEnds(state),
    })
  }
  return parts
}

async function endEachSite(app: RecordApp, caller: Caller, ledger: Ledger, signal: AbortSignal) {
  const why = ledger.state.compensation?.error.message ?? 'stopped'
  const open = BARRIERS.find((barrier) => ledger.state.sites.decided[barrier] === undefined)
  if (open !== undefined) {
    await ledger.append({ type: 'BarrierDecided', barrier: open, decision: 'refused', reason: why })
  }
  const isSaving = ledger.state.sites.decided.save?.decision === 'released'
  const stopsAt = app.clock.monotonic() + (isSaving ? LONGEST_SAVE : 0)
  const looks = new Looks(app.clock)
  for (;;) {
    signal.throwIfAborted()
    const parts = await recordEnds(app, ledger)
    // One that has not begun never will: only this execution begins it, and it is ending.
    const running = parts.filter(({ state }) => state.status === 'running' || state.status === 'compensating')
    if (running.length === 0) return
    // Who has taken one up behind the word to stop has not heard it: it is said again.
    const unasked = running.filter(({ state, asked }) => state.status === 'running' && asked === undefined)
    if (unasked.length > 0 && app.clock.monotonic() >= stopsAt) {
      const reason = `the change over several sites, ${ledger.state.id}, is put back: ${why}`
      await askToStop(
        app,
        caller,
        unasked.map(({ execution }) => execution),
        { reason },
      )
    }
    await looks.pause(parts, signal)
  }
}

// How often the records of the parts are looked at while commit timers run, in milliseconds.
const LOOK = 500
// So long before the last moment of a part nothing is released any more, in milliseconds: two clocks may differ by two seconds.
const EARLY = 5_000

export interface WholePorts {
  readonly app: RecordApp
  readonly caller: Caller
  readonly approvals: Approvals
  readonly tasks: TaskPort
}

export function wholeTasks(ports: WholePorts, ledger: Ledger): TaskPort {
  const { app, caller, tasks } = ports
  const run: TaskPort['run'] = async (call) => {
    switch (call.state.task) {
      case 'divide-sites':
        return done(await divide(ports, ledger))
      case 'begin-sites':
        return done(await beginEach(ports, ledger, call.signal))
      case 'plan-sites':
        return done(await planAll(ports, ledger, call.signal))
      case 'release-sites':
        return done(await release(ports, ledger, barrierOf(call), call.signal))
      case 'end-sites':
        return done(await awaitEnds(ports, ledger, call.signal))
      default:
        return tasks.run(call)
    }
  }
  return {
    ...tasks,
    run: (call) => throughOutages(app, call.signal, () => run(call)),
    takeBack: (write, signal) => {
      if (write.state.undo.by === 'task' && write.state.undo.task === STOP_SITES)
        return throughOutages(app, signal, () => endEachSite(app, caller, ledger, signal))
      return tasks.takeBack(write, signal)
    },
  }
}

// How long it is waited before a store that was away is asked again, in milliseconds.
const AGAIN = 1_000

async function throughOutages<T>({ clock }: Pick<RecordApp, 'clock'>, signal: AbortSignal, work: () => Promise<T>) {
  for (;;) {
    try {
      return await work()
    } catch (error) {
      if (!(error instanceof OutageError)) throw error
    }
    await clock.sleep(AGAIN, signal)
  }
}

const done = (output: Json): TaskAnswer => ({ answer: 'done', output: isJsonObject(output) ? output : {} })

async function divide({ app }: WholePorts, ledger: Ledger): Promise<Json> {
  if (ledger.state.sites.sites.length === 0) {
    const prepared = preparedFor(app, ledger.state)
    requireApart(prepared)
    const sites = [...switchesBySite(prepared)].map(([site, targets]) => ({
      site,
      execution: executionId(app),
      targets,
    }))
    await ledger.append({ type: 'SitesDivided', sites })
  }
  return { sites: ledger.state.sites.sites.map(({ site, execution }) => ({ site, execution })) }
}

async function beginEach({ app, caller }: WholePorts, ledger: Ledger, signal: AbortSignal): Promise<Json> {
  const { state } = ledger
  for (const { site, execution, targets, state: found } of await partsOf(app, state)) {
    if (found.status === 'new') {
      const prepared = preparedAgain(app.project, state, targets, { exact: true })
      await recordBeginning(app, caller, {
        purpose: 'run',
        judged: 'elsewhere',
        prepared,
        part: { of: ledger.state, site, execution },
      })
    }
    // One that was there before may be driven by this very process.
    if (found.status === 'new') await throughOutages(app, signal, async () => app.shared?.workers.leave(execution))
    // Where a process has died between the two, the record is there and nobody was sent.
    if (found.status === 'new' || found.status === 'running') await wake(app, execution, found.seq)
  }
  return {}
}

async function planAll({ app, caller }: WholePorts, ledger: Ledger, signal: AbortSignal): Promise<Json> {
  if (ledger.state.plan === undefined) {
    const parts = await untilAll(app, ledger, 'push', signal)
    const plans = await Promise.all(
      parts.map(async ({ site, state }) => ({ site, plan: requirePlan(await settledPlan(app, state, false)) })),
    )
    await recordPlan({ texts: app.store }, ledger, planOfSites(definitionNow(app, caller, ledger.state), plans))
  }
  const { digest = '', waves = [] } = ledger.state.plan ?? {}
  return { digest, changed: waves.flat().length }
}

function requirePlan(plan: Plan | undefined) {
  if (plan === undefined) throw new EosflowError('bug', 'a part of the change has no plan')
  return plan
}

// Throws where one is out: nothing is released then.
async function untilAll(app: RecordApp, ledger: Ledger, barrier: Barrier, signal: AbortSignal) {
  const looks = new Looks(app.clock)
  for (;;) {
    signal.throwIfAborted()
    const parts = await partsOf(app, ledger.state)
    const standings = parts.map((part) => barrierStateOf(part, barrier))
    const why = standings.flatMap((one) => (one.is === 'out' ? [one.why] : []))
    if (why.length > 0) throw new EosflowError('verification', why.join('; '))
    if (standings.every(({ is }) => is !== 'on-its-way')) return parts
    if (barrier === 'push') await looks.pause(parts, signal)
    else await app.clock.sleep(LOOK, signal)
  }
}

// Lets all parts past a barrier: on record in one append, which holds only if of no part anything was written since it was judged.
async function release(ports: WholePorts, ledger: Ledger, barrier: Barrier, signal: AbortSignal): Promise<Json> {
  const { app } = ports
  try {
    while (ledger.state.sites.decided[barrier] === undefined) {
      const concerned = (await untilAll(app, ledger, barrier, signal)).filter(({ state }) => state.status === 'running')
      const uses = await approved(ports, ledger, barrier)
      requireTime(app, concerned, barrier)
      if (barrier === 'confirm' && !(await areDriven(app, concerned))) {
        await app.clock.sleep(LOOK, signal)
        continue
      }
      await ledger
        .appendProvided(concerned.map(unchanged), ...uses, { type: 'BarrierDecided', barrier, decision: 'released' })
        .catch((error: unknown) => requireStillOwn(app, ledger, error))
    }
  } catch (error) {
    if (!signal.aborted && error instanceof EosflowError && error.kind !== 'store') {
      await ledger.append({ type: 'BarrierDecided', barrier, decision: 'refused', reason: error.message })
    }
    throw error
  }
  const { decision, reason = '' } = ledger.state.sites.decided[barrier] ?? {}
  if (decision !== 'released') throw new EosflowError('verification', reason)
  for (const { execution, state } of await partsOf(app, ledger.state)) {
    if (state.status === 'running') await wake(app, execution, ledger.state.seq)
  }
  return {}
}

// The release of a barrier is a use of the approval, or at least says that nobody has taken it back.
async function approved({ app, approvals }: WholePorts, ledger: Ledger, barrier: Barrier) {
  const { state } = ledger
  const plan = requirePlan(await settledPlan(app, state, false))
  const judged = await approvals.judge({
    moment: barrier === 'push' ? 'start' : 'confirm',
    plan,
    recomputed: plan.digest,
    execution: state.id,
    starter: state.requester,
    isAsked: true,
  })
  if (judged.status !== 'approved') throw new EosflowError('not-approved', judged.reason)
  return barrier === 'push' ? judged.uses.map((use) => useEvent(use, ledger)) : []
}

async function areDriven({ claims }: RecordApp, parts: readonly SiteExecution[]) {
  const claimed = await Promise.all(parts.map(({ execution }) => claims.isClaimed(execution)))
  return claimed.every(Boolean)
}

function requireTime({ clock }: RecordApp, parts: readonly SiteExecution[], barrier: Barrier) {
  const late = parts.filter(({ state }) => (state.sites.reached[barrier]?.until ?? 0) < clock.now() + EARLY)
  if (late.length === 0) return
  const names = late.map(({ site }) => site).join(', ')
  throw new EosflowError('verification', `${names}: too little is left of the commit timers to ${barrier} at all sites`)
}

// Throws where this execution itself is somebody else's by now.
async function requireStillOwn({ store }: RecordApp, { state }: Ledger, error: unknown) {
  const isBusy = error instanceof EosflowError && error.kind === 'busy'
  if (!isBusy || (await store.read(state.id)).at(-1)?.seq !== state.seq) throw error
}

// Throws where one has not succeeded.
async function awaitEnds({ app }: WholePorts, ledger: Ledger, signal: AbortSignal): Promise<Json> {
  const looks = new Looks(app.clock)
  for (;;) {
    signal.throwIfAborted()
    const parts = await recordEnds(app, ledger)
    const bad = parts.filter(({ state: { status, outcome } }) => status === 'ended' && !hasSucceeded(outcome))
    if (bad.length > 0) {
      const words = bad.map(({ site, execution, state }) => `${site}: ${execution} has ended ${state.outcome}`)
      throw new EosflowError('verification', words.join('; '))
    }
    if (parts.every(({ state }) => state.status === 'ended')) return {}
    await looks.pause(parts, signal)
  }
}
