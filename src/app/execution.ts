import type { CheckSpec } from '../check/catalog.ts'
import { checkPort } from '../check/check-port.ts'
import { abandonedSwitches } from '../engine/abandoned.ts'
import { changeTasks } from '../engine/change-tasks.ts'
import { foldAll } from '../engine/fold.ts'
import type { ChangePorts, EnginePorts, Planning } from '../engine/ports.ts'
import { runExecution } from '../engine/run.ts'
import type { ExecutionState } from '../engine/state.ts'
import { unsettled } from '../engine/undo.ts'
import type { EventBody } from '../journal/event.ts'
import { EosflowError } from '../model/error.ts'
import type { Json, JsonObject } from '../model/json.ts'
import { identityOf } from '../model/principal.ts'
import type { Plan } from '../plan/plan.ts'
import type { Prepared } from '../plan/prepare.ts'
import { storePlan } from '../plan/stored-plan.ts'
import type { BreakGlass } from '../policy/rule-match.ts'
import { systemRandom } from '../system/system-random.ts'
import type { App } from './app.ts'
import type { CaseSources } from './approval/case.ts'
import { decideAs } from './approval/decide.ts'
import { trustHere } from './approval/signer.ts'
import { trustNow } from './approval/trust.ts'
import { type AskMode, approvalsOf } from './approvals.ts'
import { passClock } from './clock/pass-clock.ts'
import { requireSwitchClocks } from './clock/switch-clocks.ts'
import { targetOf } from './definition-of.ts'
import type { Desk } from './desk.ts'
import { storeInbox } from './inbox.ts'
import { knowingJournal } from './last-word.ts'
import { openFleet, openHttp } from './open-fleet.ts'
import { closeSecrets, secretsOf } from './open-secrets.ts'
import { definitionOfNow, demandsNow, planningFor, preparedFor, requireSameChecks, switchesOf } from './planning.ts'
import { breakGlassOf } from './policy/demands.ts'
import { stateAuthority } from './policy/state-authority.ts'
import { termsOf } from './policy/terms.ts'
import { awaitQuarantines } from './quarantine.ts'
import { requireFree } from './require-free.ts'
import { requireInverse } from './rollback/judge-inverse.ts'
import { appWith, type RollbackSources, sourcesAt } from './rollback/sources.ts'
import { secretRecord } from './secret-record.ts'
import { settledPlan } from './settled-plan.ts'
import { listenForStop, type StopWord } from './stop-word.ts'
import { trustRecord } from './trust/trust-record.ts'
import { watchedJournal } from './watched-journal.ts'

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
}

/** Whose change it is, as the log of a switch is told. */
function whose({ id, requester }: ExecutionState, { actor }: Desk): string {
  const by = identityOf(actor)
  const asked = requester === undefined ? by : identityOf(requester)
  return `eosflow execution ${id} for ${asked}${asked === by ? '' : `, run by ${by}`}`
}

/** Puts a new execution on record. Throws `busy` when another execution holds one of its switches, `clock` where this machine's clock is wrong. */
export async function open(
  app: App,
  { purpose, prepared, plan, request, emergency, skipUnreachable }: Beginning,
): Promise<ExecutionState> {
  const { desk, console } = app
  const targets = plan === undefined ? prepared.devices.map(({ name }) => name) : switchesOf(plan)
  await desk.clockRule?.require()
  await requireSwitchClocks(app, targets)
  const id = executionId(desk.clock.now())
  if (purpose === 'run') {
    await requireFree(desk, targets)
    await awaitQuarantines(app, targets)
    await desk.begins?.()
  }
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
    context: contextOf(id, prepared, desk.clock.now()),
    requester: desk.actor,
    targets,
    ...(request === undefined ? {} : { request }),
    ...(skipUnreachable === true ? { skipUnreachable } : {}),
    ...(desk.network === undefined ? {} : { network: desk.network }),
    ...(plan === undefined ? {} : { plan: await storePlan(desk.store, plan) }),
  }
  const events = emergency === undefined ? [started] : [started, emergency]
  const written = await desk.journal.append(id, events, 0)
  const watch = console.watch?.({ targets })
  watch?.written(written)
  watch?.close()
  return foldAll(id, written)
}

/** Begins an execution: puts it on record and runs it until it ends or waits. Throws as {@link open} does. */
export async function begin(app: App, beginning: Beginning, ask: AskMode): Promise<ExecutionState> {
  return run(app, await open(app, beginning), ask)
}

/**
 * Continues an execution from its journal; one that has ended is given as it ended. Throws `busy` while another process runs it, and
 * as {@link takeUp} does.
 */
export async function resume(app: App, id: string, ask: AskMode): Promise<ExecutionState> {
  if (await app.desk.claims.isClaimed(id)) {
    throw new EosflowError('busy', `execution ${id} is run by another process`, {
      hint: `eosflow watch ${id}, or end it with eosflow stop ${id}`,
    })
  }
  await awaitQuarantines(app, foldAll(id, await app.desk.store.read(id)).targets, id)
  const state = await takeUp(app, id, 'ExecutionResumed')
  return state.status === 'ended' ? state : run(app, state, ask)
}

/**
 * Puts on record that this process goes on with an execution: an open one, or with `ExecutionRedriven` an ended one.
 * Throws `busy` when another process has written meanwhile.
 */
export async function takeUp(
  { desk: { journal, clockRule }, console }: App,
  id: string,
  type: 'ExecutionResumed' | 'ExecutionRedriven',
): Promise<ExecutionState> {
  const events = await journal.read(id)
  const state = foldAll(id, events)
  if ((state.status === 'ended') !== (type === 'ExecutionRedriven')) return state
  if (unsettled(state).length > 0) await passClock(clockRule, console)
  const abandoned = type === 'ExecutionResumed' ? abandonedSwitches(state) : []
  const taken: EventBody = abandoned.length === 0 ? { type } : { type: 'ExecutionResumed', abandoned }
  const written = await journal.append(id, [taken], state.seq)
  const watch = console.watch?.(state)
  watch?.written(written)
  watch?.close()
  return foldAll(id, [...events, ...written])
}

/**
 * Runs an execution that is on record until it ends or waits. Once `stop` is aborted, or another process has asked for it,
 * everything is put back; then neither the plan nor the workflow's files need to be as they were.
 */
export async function run(
  app: App,
  state: ExecutionState,
  ask: AskMode,
  stop: AbortSignal = app.console.stop,
): Promise<ExecutionState> {
  const { desk, console } = app
  const stopping = await listenForStop(desk, state, console, stop)
  const journal = knowingJournal(desk.journal, state)
  const forget = console.heed?.(() => journal.lastWord(desk.clock.now()))
  try {
    return await runUntil({ ...app, desk: { ...desk, journal } }, state, ask, stopping)
  } catch (error) {
    throw journal.explained(error, desk.clock.now())
  } finally {
    forget?.()
    await stopping.close()
  }
}

async function runUntil(
  given: App,
  state: ExecutionState,
  ask: AskMode,
  { signal: stop, suspend }: StopWord,
): Promise<ExecutionState> {
  const { console: io, insecureTls, project, desk } = given
  const breakGlass = project.policyPresent ? await breakGlassOf(desk, state.id) : undefined
  const inventory = project.inventory()
  const targets = new Set(state.targets)
  const devices = inventory.devices.filter(({ name }) => targets.has(name))
  const isEnding = stop.aborted || state.status === 'compensating'
  const sources = isEnding ? undefined : await sourcesAt(given, state.file)
  const app = sources === undefined ? given : appWith(given, state.file, sources)
  const settled = await settledPlan(desk, state, isEnding)
  const demands = demandsNow(app, state)
  if (settled !== undefined && !isEnding) requireSameChecks(settled, demands)
  const specs = (settled?.content.checks ?? (isEnding ? [] : preparedFor(app, state).checks)) as readonly CheckSpec[]
  const record = secretRecord(project)
  const secrets = secretsOf(project, io, record.resolved)
  const fleet = openFleet(project, io, { insecureTls }, inventory, devices.map(targetOf), {
    secrets,
    ...(project.settings.announce ? { announce: whose(state, desk) } : {}),
    record: trustRecord(desk),
    fence: (device) => desk.leases.fence(state.id, device),
    beside: inventory.devices.filter(({ name }) => !targets.has(name)).map(targetOf),
  })
  const { clock } = desk
  const random = io.seams?.random ?? systemRandom
  const authority = stateAuthority(app, breakGlass)
  const change: ChangePorts = {
    texts: desk.store,
    room: desk.room,
    clock,
    random,
    fleet,
    http: openHttp(project, io, secrets),
    planning: planningOf(app, state, settled, sources),
    checks: checkPort(specs),
    approvals: approvalsOf({ ...caseSources(app, state, breakGlass), demands }, io, { ...ask, stop }, (plan, choice) =>
      decideAs(app, plan, choice),
    ),
    ...(settled === undefined ? {} : { settled }),
    inventory: inventory.devices.map(({ name }) => name),
    authority,
    executionIds: () => desk.store.executionIds(),
    readExecution: (execution) => desk.store.read(execution),
    armTerms: project.settings,
  }
  const watch = io.watch?.(state, state)
  const ports: EnginePorts = {
    journal: watchedJournal(desk.journal, watch),
    room: desk.room,
    clock,
    random,
    inbox: storeInbox(desk, ask.detach !== true),
    authority,
    tasks: (ledger) => {
      record.writeTo(ledger)
      return changeTasks(change, ledger)
    },
  }
  try {
    return await runExecution(state, ports, stop, suspend)
  } finally {
    watch?.close()
    await fleet.close()
    await closeSecrets(secrets, io)
  }
}

function caseSources(
  app: App,
  state: ExecutionState,
  breakGlass: BreakGlass | undefined,
): Omit<CaseSources, 'demands'> {
  const { desk, project } = app
  return {
    desk,
    terms: () => termsOf(app, breakGlass),
    definition: definitionOfNow(app, state),
    trust: () => ({ signers: trustNow(project), ...trustHere(app) }),
  }
}

/** The change as its files give it. That of a rollback must come to the inverse of what was approved, on every switch. */
function planningOf(
  app: App,
  state: ExecutionState,
  settled: Plan | undefined,
  sources: RollbackSources | undefined,
): Planning {
  const planning = planningFor(app, state, settled)
  if (sources === undefined) return planning
  return {
    ...planning,
    make: (evidence, neighbors, leftOut) => {
      requireInverse(sources, evidence)
      return planning.make(evidence, neighbors, leftOut)
    },
  }
}

/** What expressions see of the execution: `$states.context.Execution` and `StateMachine`. */
function contextOf(id: string, { params, workflow }: Prepared, now: number): JsonObject {
  return {
    Execution: { Id: id, Name: id, Input: params, StartTime: new Date(now).toISOString(), RedriveCount: 0 },
    StateMachine: { Id: workflow.file, Name: workflow.name },
  }
}

/** Time first, so that a list sorts; the last eight hex digits name its config sessions. */
function executionId(at: number): string {
  const now = new Date(at).toISOString()
  return `${now.slice(0, 10).replaceAll('-', '')}-${now.slice(11, 19).replaceAll(':', '')}-${systemRandom.hex(4)}`
}
