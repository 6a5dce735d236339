import { changeTasks } from '../../../change/engine/change-tasks.ts'
import { readState } from '../../../change/engine/fold.ts'
import type { Ledger } from '../../../change/engine/ledger.ts'
import {
  type ApprovalQuestion,
  type Approvals,
  type ChangePorts,
  type EnginePorts,
  type Planner,
  rulingsInOrder,
} from '../../../change/engine/ports.ts'
import type { ExecutionState } from '../../../change/engine/state.ts'
import { isLive } from '../../../change/engine/suspend.ts'
import type { Plan } from '../../../change/plan/plan.ts'
import type { PreparedChange } from '../../../change/plan/prepare.ts'
import { judgeApprovals } from '../../../change/policy/approval.ts'
import type { ApprovalRefusal } from '../../../change/policy/approval-case.ts'
import { heardJournal } from '../../../change/record/store/journal.ts'
import { isLiveAt } from '../../../change/record/store/lease.ts'
import { membersOf } from '../../../change/workflow/definition/workflow-key.ts'
import { factsOf, machineHolds } from '../../../change/workflow/machine/machine.ts'
import type { CheckSpec } from '../../../eos/check/builtin/known-checks.ts'
import { checkPort } from '../../../eos/check/run.ts'
import { bothMeters } from '../../../eos/device/both-meters.ts'
import type { SecretSpec } from '../../../model/around.ts'
import { EosflowError } from '../../../model/error.ts'
import type { HttpPort } from '../../../model/http-port.ts'
import { definedMembers } from '../../../model/json.ts'
import { identityOf } from '../../../model/principal.ts'
import { breakGlassOf } from '../../access/policy/demands.ts'
import { stateAuthority } from '../../access/policy/entry.ts'
import type { App, RecordApp } from '../../app/app.ts'
import { closeSecrets, secretsOf } from '../../app/secrets/open-secrets.ts'
import { type AskMode, approvalsOf, attendingOf } from '../../approval/approvals.ts'
import { approvalCases, caseSources } from '../../approval/case.ts'
import { decideAs } from '../../approval/decide.ts'
import { loadWorkflow } from '../../files/load-workflow.ts'
import { brakingApp, filedApp, judgingApp } from '../../history/bundle/app-for.ts'
import { changedSince } from '../../history/plans/changed-since.ts'
import { settledPlan } from '../../history/plans/settled-plan.ts'
import { storeInbox } from '../../history/requests/inbox.ts'
import { beginningAfter } from '../../history/schedules/begin-after.ts'
import { partTasks } from '../../history/sites/part-tasks.ts'
import { requireWorkers } from '../../history/sites/parts.ts'
import type { Caller, SilentCaller } from '../../identity/caller-of.ts'
import { judgedFor } from '../../identity/worker-principal.ts'
import { plannedFabric, targetOf } from '../../plan/definition/definition-of.ts'
import { notingKinds, sayingFirstTimes } from '../../plan/first-times.ts'
import { type RunGate, runGate } from '../../plan/gate/run-gate.ts'
import { type DemandsOfPlan, demandsNow, planningFor, preparedFor, requireSameChecks } from '../../plan/planning.ts'
import { inverseJudge, type JudgeInverse } from '../../plan/rollback/plan-inverse.ts'
import { appWith, type RollbackSources, sourcesAt } from '../../plan/rollback/sources.ts'
import { knowingTaken, notingForms } from '../../plan/taken-forms.ts'
import type { Secrets } from '../../secret/secrets.ts'
import { openFleet, openHttp, trustRecord } from '../../switches/connect/open-fleet.ts'
import {
  knowEither,
  loginRotation,
  pendingOrNew,
  pendingSecret,
  requireEverySwitch,
  requirePasswordsAlone,
  requireUnpinned,
  requireVault,
  rotatedBy,
  switchesBehind,
  versionsOnRecord,
  withRotated,
} from '../../switches/inventory/rotation.ts'
import { notingVersions } from '../../switches/snapshot/read-versions.ts'
import { type MemberValues, opensOf, servicesOf, unfitFor } from '../../system/feature/feature.ts'
import { systemRandom } from '../../system/machine/system-clock.ts'
import { aroundPort } from '../around/around-port.ts'
import { endPromoted } from '../around/ask-service.ts'
import { budgetPort } from '../budget/share-book.ts'
import { type Progress, secretRecord } from '../journal/begin.ts'
import { frozenAuthority, windowedAuthority } from '../may-begin/window.ts'
import { owedToAbsent, tasksUnlessOwed } from './absent-features.ts'
import { wholeTasks } from './whole-tasks.ts'

// The secret that the change of an execution rotates: as its plan has it, else as its files have it. Throws `guard`, `stale`.
function rotationOf(
  app: RecordApp,
  state: ExecutionState,
  settled: Plan | undefined,
  isEnding: boolean,
): SecretSpec | undefined {
  if (settled !== undefined) return rotatedBy(settled.content.around)
  if (isEnding || !loadWorkflow(app.project, state.file).around.some(({ entry }) => 'secret' in entry)) return undefined
  return rotatedBy(preparedFor(app, state).around)
}

// The application with the secret that a change rotates, pending in Vault: one that is not there is made where the change is only now planned.
// Throws `secret`, `guard`, and as Vault does.
async function rotatingApp(
  app: App,
  state: ExecutionState,
  {
    secrets,
    rotated,
    isSettled,
    isEnding,
  }: {
    readonly secrets: Secrets
    readonly rotated: SecretSpec | undefined
    readonly isSettled: boolean
    readonly isEnding: boolean
  },
): Promise<App> {
  if (rotated === undefined || app.seams?.unaskedAround === true) return app
  await knownLogins(app, state, secrets, rotated)
  if (isEnding) return app
  try {
    const vault = requireVault(secrets.vault)
    const inventory = app.project.inventory()
    requireUnpinned(inventory, rotated)
    requirePasswordsAlone(inventory, rotated)
    requireEverySwitch(inventory, rotated, state.targets)
    if (!isSettled) await endPromoted(vault, rotated, state.id, app.store)
    const random = app.seams?.random ?? systemRandom
    const found = isSettled ? await pendingSecret(vault, rotated) : await pendingOrNew(vault, random, rotated)
    return found === undefined ? app : withRotated(app, found)
  } catch (error) {
    if (isLive(state) && error instanceof EosflowError) return app
    await secrets.close()
    throw error
  }
}

// Throws as Vault does where a change that has begun could not log in to its switches: they are left to their commit timers, and to the next
// who goes on.
async function knownLogins({ project }: RecordApp, state: ExecutionState, secrets: Secrets, rotated: SecretSpec) {
  const versions = versionsOnRecord(state, rotated)
  if (versions === undefined || state.around?.phase === 'ends') return
  if (switchesBehind(project.inventory(), rotated).length === 0) return
  try {
    await knowEither(secrets, rotated, versions)
  } catch (error) {
    await secrets.close()
    throw error
  }
}

export interface RunContext {
  readonly app: App
  readonly caller: Caller
  readonly progress: Progress
}

export interface OpenRun {
  readonly ports: EnginePorts
  close(): Promise<void>
}

/** Throws as a run does. */
export async function openRun(
  { app: opened, caller, progress }: RunContext,
  state: ExecutionState,
  ask: AskMode,
  stop: AbortSignal,
): Promise<OpenRun> {
  const isStopping = stop.aborted || state.status === 'compensating'
  const settled = await settledPlan(opened, state, isStopping)
  const owed = await owedToAbsent(opened, state, settled)
  const isEnding = isStopping || owed.length > 0
  const given = isEnding ? await brakingApp(opened, state) : await judgingApp(opened, state)
  requireWorkers(given, state)
  const { project, clock } = given
  const breakGlass = project.policyPresent ? await breakGlassOf(given, state.id) : undefined
  const inventory = project.inventory()
  const targets = new Set(state.targets)
  const devices = inventory.devices.filter(({ name }) => targets.has(name))
  const sources = isEnding ? undefined : await sourcesAt(given, state.file)
  const record = secretRecord(project)
  const secrets = secretsOf(given, record.resolved)
  const filed = await sourcesOf(given, state, sources, isEnding)

  const rotated = rotationOf(filed, state, settled, isEnding)
  const app = await rotatingApp(filed, state, { secrets, rotated, isSettled: settled !== undefined, isEnding })
  const demands = demandsNow(app, caller, state)
  if (settled !== undefined && !isEnding) requireSameChecks(settled, demands)
  const { checks, members, probes } = verifiedBy(app, state, settled, isEnding)
  const http = openHttp(app, secrets)
  const meter = bothMeters(app.meter, app.tracer?.meter(state.id))
  const metered = meter === undefined ? app : { ...app, meter }
  let ledgerNow: Ledger | undefined
  const fleet = openFleet(metered, caller, inventory, devices.map(targetOf), {
    secrets,
    ...(project.settings.announce ? { announce: whose(state, caller) } : {}),
    record: trustRecord(app, caller),
    fence: (device) => app.leases.fence(state.id, device),
    ...(rotated === undefined ? {} : { rotation: loginRotation(rotated, () => ledgerNow) }),
    beside: inventory.devices.filter(({ name }) => !targets.has(name)).map(targetOf),
  })
  const random = app.seams?.random ?? systemRandom
  const judged = judgedFor(caller, state)
  const gate = runGate({ app, caller: judged, http, breakGlass })
  const authority = rulingsInOrder([
    stateAuthority(app, judged, breakGlass),
    windowedAuthority(app, judged),
    frozenAuthority(app, judged),
    gate.authority,
  ])
  const judge = await inverseJudge(app, sources)
  const takesBack = sources !== undefined
  const planned = rememberedPlanning(
    {
      ...planningOf({ app, caller, gate }, state, settled, judge),
      takesBack,
      changedSince: (device, since, running) => changedSince(app, device, since, running),
    },
    settled,
  )
  const { planning } = planned
  const approvals =
    state.sites.part === undefined || isEnding
      ? approvalsOf(
          { ...caseSources(app, caller, state, breakGlass), demands },
          caller,
          { ...ask, stop },
          (plan, choice) => decideAs(app, caller, plan, choice),
        )
      : await partApprovals(app, caller, state, demands)
  const change: ChangePorts = {
    texts: app.store,
    room: app.room,
    clock,
    random,
    fleet,
    http: tracedHttp(http, () => app.tracer?.traceOf(state.id) ?? state.trace),
    planning,
    checks: checkPort(checks),
    probes,
    features: opensOf(app.features, members, { ...servicesOf(app, http), texts: app.store }),
    ...aroundPort(app, http, secrets),
    approvals,
    ...definedMembers({ settled }),
    inventory: inventory.devices.map(({ name }) => name),
    authority,
    executionIds: (most) => app.store.executionIds(most),
    readExecution: (execution, types) => app.store.read(execution, types),
    armTerms: project.settings,
    heldBy: async (device) => {
      const lease = await app.leases.leaseOf(device)
      const isHeld = lease !== undefined && isLiveAt(lease, new Date(clock.now()).toISOString())
      return isHeld && lease.execution !== state.id ? lease.execution : undefined
    },
    budgets: budgetPort({
      app,
      execution: state.id,
      budgets: project.settings.maxUnderChange,
      inventory: inventory.devices,
    }),
    ...(caller.pulse === undefined ? {} : { pulse: (note) => caller.pulse?.(state.id, note) }),
    answered: (count) => caller.answered?.(count),
  }
  const watch = await caller.watch?.(state, state)
  const ending = { app, execution: state.id, plan: planned.plan }
  const ports: EnginePorts = {
    journal: heardJournal(app.journalAs(caller.principal), [
      progress.hears,
      beginningAfter(ending),
      notingKinds(ending),
      notingVersions(ending),
      notingForms({ ...ending, render: planning.render }),
      () => watch && { written: (written) => watch.written(written) },
    ]),
    room: app.room,
    clock,
    random,
    inbox: storeInbox(app, state.id, attendingOf(ask)),
    fabric: plannedFabric(app, planned.plan),
    authority,
    ...definedMembers({ unfit: unfitFor(owed) }),
    tasks: (ledger) => {
      record.writeTo(ledger)
      ledgerNow = ledger
      gate.writeTo(ledger)
      const own = (app.seams?.tasks ?? changeTasks)(change, ledger)
      const { part, isDivided } = state.sites
      const tasks = () => {
        if (part !== undefined) return partTasks(app, part, own, ledger)
        return isDivided ? wholeTasks({ app, caller, approvals, tasks: own }, ledger) : own
      }
      return tasksUnlessOwed(app, tasks(), planned.plan)
    },
  }
  const close = async () => {
    watch?.close()
    await fleet.close()
    await closeSecrets(secrets, caller)
  }
  return { ports, close }
}

function verifiedBy(
  app: RecordApp,
  state: ExecutionState,
  settled: Plan | undefined,
  isEnding: boolean,
): Pick<PreparedChange, 'checks' | 'probes'> & { readonly members: MemberValues } {
  if (settled === undefined && isEnding) return { checks: [], members: {}, probes: [] }
  if (settled === undefined) {
    const { checks, parts, probes } = preparedFor(app, state)
    return { checks, members: membersOf(parts), probes }
  }
  const { checks, probes = [] } = settled.content
  return { checks: checks as unknown as readonly CheckSpec[], members: { ...settled.content }, probes }
}

function whose({ id, requester }: ExecutionState, { principal }: SilentCaller) {
  const by = identityOf(principal)
  const starter = requester === undefined ? by : identityOf(requester)
  return `eosflow execution ${id} for ${starter}${starter === by ? '' : `, run by ${by}`}`
}

async function sourcesOf(app: App, state: ExecutionState, sources: RollbackSources | undefined, isEnding: boolean) {
  if (sources !== undefined) return appWith(app, state.file, sources)
  return isEnding ? app : filedApp(app, state)
}

function rememberedPlanning(planning: Planner, settled: Plan | undefined) {
  let made = settled
  const make: Planner['make'] = async (...given) => {
    made = await planning.make(...given)
    return made
  }
  return { planning: { ...planning, make }, plan: () => made }
}

function planningOf(
  { app, caller, gate }: { readonly app: App; readonly caller: SilentCaller; readonly gate: RunGate },
  state: ExecutionState,
  settled: Plan | undefined,
  judge: JudgeInverse | undefined,
): Planner {
  const planning = knowingTaken(app, planningFor(app, caller, state, { settled, gate }))
  if (judge === undefined && settled === undefined)
    return { ...planning, make: async (...given) => sayingFirstTimes(app, await planning.make(...given)) }
  if (judge === undefined) return planning
  return {
    ...planning,
    // A rollback must be fast, and what is behind it was shown with the change.
    behind: false,
    // What was there before the change is put back, whoever has written it.
    intended: async () => new Map(),
    make: async (evidence, neighbors, leftOut) => {
      judge(evidence)
      return planning.make(evidence, neighbors, leftOut)
    },
  }
}

/** Requests to services say which trace they are a part of (W3C Trace Context); a workflow that sets the header says it itself. */
export function tracedHttp(http: HttpPort, trace: () => string | undefined): HttpPort {
  return {
    send: (request, signal) => {
      const traceparent = trace()
      const headers = traceparent === undefined ? request.headers : { traceparent, ...request.headers }
      return http.send({ ...request, headers }, signal)
    },
    scrub: (text) => http.scrub(text),
  }
}

// Throws `stale` where the whole cannot be read.
async function partApprovals(
  app: RecordApp,
  caller: SilentCaller,
  part: ExecutionState,
  ownDemands: DemandsOfPlan,
): Promise<Approvals> {
  const { of = '', site = '' } = part.sites.part ?? {}
  const read = () => readState(app.store, of)
  const began = await read()
  const isAsked = machineHolds(began.machine, ({ task }) => factsOf(task)?.asksApproval === true)
  const caseOf = approvalCases({
    ...caseSources(app, caller, began, undefined),
    demands: demandsNow(app, caller, began),
  })
  return {
    ask: async () => 'nobody',
    judge: async (question) => {
      const whole = await read()
      const plan = await planOf(app, whole)
      const other = notCovered(question, plan, site, ownDemands)
      if (other !== undefined) return other
      const judged = judgeApprovals(
        await caseOf({
          ...question,
          plan,
          recomputed: plan.digest,
          execution: whole.id,
          starter: whole.requester,
          isAsked,
        }),
      )
      // The whole has used the approval up when it let its parts push.
      return judged.status === 'approved' ? { ...judged, uses: [] } : judged
    },
  }
}

async function planOf(app: RecordApp, whole: ExecutionState) {
  const plan = await settledPlan(app, whole, false)
  if (plan !== undefined && plan.digest === whole.plan?.digest) return plan
  throw new EosflowError('stale', `${whole.id}, of which this is a part, has no plan that can be read`)
}

function notCovered(
  { plan, recomputed, moment }: ApprovalQuestion,
  whole: Plan,
  site: string,
  demands: DemandsOfPlan,
): ApprovalRefusal | undefined {
  if (plan.digest !== recomputed) {
    return stale('digest', `the stored plan has the digest ${recomputed}, not ${plan.digest}`)
  }
  const named = whole.content.sites?.find((one) => one.site === site)?.plan
  if (named !== plan.digest) {
    return stale('digest', `the approved plan has ${named ?? 'no plan'} for ${site}, not ${plan.digest}`)
  }
  if (moment === 'confirm') return undefined
  const moved = Object.entries(demands(plan)).find(([, { planned, found }]) => planned !== found)
  if (moved === undefined) return undefined
  return stale('definition', `what the workflow gives for \`${moved[0]}\` has changed since the plan was made`)
}

function stale(condition: ApprovalRefusal['condition'], reason: string): ApprovalRefusal {
  return { status: 'stale', condition, reason }
}
