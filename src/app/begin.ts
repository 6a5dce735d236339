import { foldAll } from '../engine/fold.ts'
import type { ExecutionState } from '../engine/state.ts'
import type { EventBody } from '../journal/event.ts'
import type { AppendCondition } from '../journal/journal.ts'
import type { Json, JsonObject } from '../model/json.ts'
import type { Random } from '../model/random.ts'
import type { Plan } from '../plan/plan.ts'
import type { Prepared } from '../plan/prepare.ts'
import { storePlan } from '../plan/stored-plan.ts'
import { systemRandom } from '../system/system-random.ts'
import type { App } from './app.ts'
import type { AskMode } from './approvals.ts'
import type { Caller } from './caller.ts'
import { requireSwitchClocks } from './clock/switch-clocks.ts'
import { run } from './execution.ts'
import { requireUnfrozen } from './freeze/in-force.ts'
import { switchesOf } from './planning.ts'
import { awaitQuarantines } from './quarantine.ts'
import { requireFree } from './require-free.ts'
import { requireOwnerSessions } from './require-owner-sessions.ts'
import { showWritten } from './watched-journal.ts'

/** What an execution begins with. */
export interface Beginning {
  readonly purpose: 'plan' | 'run'
  readonly prepared: Prepared
  /** The saved plan that answers snapshot and plan. */
  readonly plan?: Plan
  /** Whether switches that do not answer are left out of the plan. */
  readonly skipUnreachable?: boolean
  /** The key that somebody asked for it under, and the digest of what was asked for. */
  readonly request?: { readonly key: string; readonly of: string }
  /** The glass that was broken for it, as it goes on record. */
  readonly emergency?: Extract<EventBody, { readonly type: 'BreakGlassUsed' }>
  /** What must still hold of another execution when this one begins. */
  readonly provided?: AppendCondition
}

/**
 * Puts a new execution on record. Throws `window-closed` while a freeze is in force, unless the glass is broken for it; `busy` when another
 * execution holds one of its switches or what must hold does not, `clock` where this machine's clock is wrong.
 */
export async function open(app: App, caller: Caller, beginning: Beginning): Promise<ExecutionState> {
  const targets = targetsOf(beginning)
  if (beginning.purpose === 'run') requireOwnerSessions(app, targets)
  if (beginning.purpose === 'run' && beginning.emergency === undefined) await requireUnfrozen(app)
  await app.clockRule?.require()
  await requireSwitchClocks(app, caller, targets)
  if (beginning.purpose === 'run') {
    await requireFree(app, targets)
    await awaitQuarantines(app, caller, targets)
    await caller.begins?.()
  }
  return recordBeginning(app, caller, beginning)
}

function targetsOf({ plan, prepared }: Beginning): readonly string[] {
  return plan === undefined ? prepared.devices.map(({ name }) => name) : switchesOf(plan)
}

/** Puts a new execution on record, whether its switches are free or not: the lease of each says so when it is changed. */
export async function recordBeginning(app: App, caller: Caller, beginning: Beginning): Promise<ExecutionState> {
  const { purpose, prepared, plan, request, emergency, skipUnreachable, provided } = beginning
  const targets = targetsOf(beginning)
  const id = executionId(app.clock.now(), app.seams?.names ?? systemRandom)
  const started: EventBody = {
    type: 'ExecutionStarted',
    purpose,
    workflow: prepared.workflow.name,
    file: prepared.workflow.file,
    definition: prepared.digest,
    interpreter: 2,
    machine: prepared.workflow.machine as unknown as Json,
    params: prepared.params,
    input: prepared.params,
    context: contextOf(id, prepared, app.clock.now()),
    requester: caller.principal,
    targets,
    ...askedOf(prepared),
    ...(request === undefined ? {} : { request }),
    ...(skipUnreachable === true ? { skipUnreachable } : {}),
    ...(prepared.commit === undefined ? {} : { commit: prepared.commit }),
    ...(prepared.bundle === undefined ? {} : { bundle: prepared.bundle }),
    ...(app.network === undefined ? {} : { network: app.network }),
    ...(plan === undefined ? {} : { plan: await storePlan(app.store, plan) }),
    ...(caller.trace === undefined ? {} : { trace: caller.trace }),
  }
  const events = emergency === undefined ? [started] : [started, emergency]
  const after = provided === undefined ? 0 : [{ of: id, newest: 0 }, provided]
  const written = await app.journalAs(caller.principal).append(id, events, after)
  showWritten(caller, { targets }, written)
  return foldAll(id, written)
}

/** Begins an execution: puts it on record and runs it until it ends or waits. Throws as {@link open} does. */
export async function begin(app: App, caller: Caller, beginning: Beginning, ask: AskMode): Promise<ExecutionState> {
  return run(app, caller, await open(app, caller, beginning), ask)
}

/** How the switches were asked for, where that says more than the workflow. */
function askedOf({
  inventory: { only, exact },
}: Prepared): Pick<Extract<EventBody, { type: 'ExecutionStarted' }>, 'asked'> {
  if (only === undefined && exact === undefined) return {}
  return { asked: { ...(only === undefined ? {} : { only }), ...(exact === undefined ? {} : { exact }) } }
}

/** What expressions see of the execution: `$states.context.Execution` and `StateMachine`. */
function contextOf(id: string, { params, workflow }: Prepared, now: number): JsonObject {
  return {
    Execution: { Id: id, Name: id, Input: params, StartTime: new Date(now).toISOString(), RedriveCount: 0 },
    StateMachine: { Id: workflow.file, Name: workflow.name },
  }
}

/** Time first, so that a list sorts; the last eight hex digits name its config sessions. */
function executionId(at: number, names: Pick<Random, 'hex'>): string {
  const now = new Date(at).toISOString()
  return `${now.slice(0, 10).replaceAll('-', '')}-${now.slice(11, 19).replaceAll(':', '')}-${names.hex(4)}`
}
