import type { App } from '../app/app.ts'
import { readApprovalFile } from '../app/approval/approval-file.ts'
import { type AskMode, requireSameDigest } from '../app/approval/approvals.ts'
import { decideHere, requireDecidable } from '../app/approval/decide-plan.ts'
import { stillMissing } from '../app/approval/missing.ts'
import { signingKeyOf } from '../app/approval/ssh-signing.ts'
import { trustOf } from '../app/approval/trust.ts'
import { changeGiven } from '../app/change-file/change-given.ts'
import { beginChange, type ChangeRequest } from '../app/execution/begin-change.ts'
import { executionNamed } from '../app/execution/execution-named.ts'
import { executionToResume } from '../app/execution/execution-to-resume.ts'
import { askedUnder, keyOfChange } from '../app/execution/run-key.ts'
import { stop } from '../app/execution/stop.ts'
import { suspend } from '../app/execution/suspend.ts'
import { takeUpOpen } from '../app/execution/take-up.ts'
import { InputError, orProblems } from '../app/input-error.ts'
import { paramsWithSecret } from '../app/plan/params-with-secret.ts'
import { planChange, requirePlanning } from '../app/plan/plan-change.ts'
import { planOffline } from '../app/plan/plan-offline.ts'
import { type NamedPlan, planNamed, readPlanFile } from '../app/plan/plan-source.ts'
import { savedChange } from '../app/plan/saved-change.ts'
import { loadWorkflow } from '../app/project/load-workflow.ts'
import { workflowsIn } from '../app/validate/files-of-project.ts'
import { wholeDigest } from '../app/whole-digest.ts'
import type { SignedStatement } from '../model/approval.ts'
import { EosflowError, type ErrorRecord } from '../model/error.ts'
import { problemOf } from '../model/problem.ts'
import { requireIntact } from '../plan/make-plan.ts'
import type { Plan } from '../plan/plan.ts'
import { parsePlan } from '../plan/plan-schema.ts'
import { type PreparedChange, prepare } from '../plan/prepare.ts'
import { planAs } from '../report/plan/formats.ts'
import { visibleLine } from '../report/visible.ts'
import { isChangeFile } from '../workflow/change-file.ts'
import { readParamsFile } from '../workflow/param/read.ts'
import type { EosflowProject, StartedExecution } from './eosflow-project.ts'
import { givenRequest } from './given-request.ts'
import type { ProjectDoor } from './project-door.ts'
import { shown } from './read-cases.ts'
import type { DecisionRequest, SavedPlan, StartRequest, WorkflowRequest } from './requests.ts'
import type { RunsHere } from './runs-here.ts'
import { openVisit, type Visit } from './visit.ts'

/** What of a project plans, decides and changes. */
export type ChangeCases = Pick<EosflowProject, 'plan' | 'decide' | 'start' | 'resume' | 'stop' | 'suspend'>

/** Nobody is asked anything while an execution runs: it rests where somebody has to act. */
const ASKS_NOBODY: AskMode = { detach: true }

/** The use cases that plan, decide and change. */
export function changeCases(door: ProjectDoor, runs: RunsHere): ChangeCases {
  return {
    plan: (request) =>
      door.within(
        'anew',
        () => givenRequest('plan', request),
        async (visit, given) => {
          const { offline, skipUnreachable = false, ...change } = given
          const { app, caller } = visit
          const prepared = await preparedBy(visit, change)
          if (offline !== undefined) {
            await requirePlanning(app, caller, prepared)
            return door.document(planAs.json(await planOffline(app.project, app, prepared, offline)))
          }
          const planned = await planChange(app, caller, { prepared, skipUnreachable })
          if (planned.plan !== undefined) return door.document(planAs.json(planned.plan))
          const { state, isLeft } = planned
          throw unplanned(app, state.id, isLeft ? undefined : state.compensation?.error)
        },
      ),
    decide: (request) => door.within('kept', () => givenRequest('decide', request), decide),
    start: (request) =>
      door.guarded(async () => {
        const given = givenRequest('start', request)
        return started(door, runs, 'anew', (visit) => startedBy(visit, given))
      }),
    resume: (given, terms = {}) =>
      door.guarded(async () => {
        const execution = givenRequest('execution', given)
        const { restored = false } = givenRequest('resume', terms)
        return started(door, runs, 'kept', async ({ app, caller }) => {
          const id = await executionToResume(app, caller, execution, restored)
          const state = await takeUpOpen(app, caller, id, { restored })
          return state.status === 'ended' ? id : { state, ask: { ...ASKS_NOBODY, restored } }
        })
      }),
    stop: (given, terms = {}) =>
      door.within(
        'kept',
        () => ({ execution: givenRequest('execution', given), reason: '', ...givenRequest('stop', terms) }),
        async (visit, { execution, reason }) => {
          const { state } = await stop(visit.app, visit.caller, { execution, reason }, nobodyLooks)
          return shown(door, visit, state.id)
        },
        { despiteCheckpointKey: true },
      ),
    suspend: (given, terms = {}) =>
      door.within(
        'kept',
        () => ({ execution: givenRequest('execution', given), reason: '', ...givenRequest('suspend', terms) }),
        async (visit, { execution, reason }) => {
          const { state } = await suspend(visit.app, visit.caller, { execution, reason }, nobodyLooks)
          return shown(door, visit, state.id)
        },
        { despiteCheckpointKey: true },
      ),
  }
}

const nobodyLooks = () => () => undefined

/** What is to run from now on, or the id of what this process does not run. */
type Begun = Parameters<RunsHere['begin']>[1] | string

/** Puts something on record, and runs it here; the application stays open as long. */
async function started(
  door: ProjectDoor,
  runs: RunsHere,
  asking: 'anew' | 'kept',
  begin: (visit: Visit) => Promise<Begun>,
): Promise<StartedExecution> {
  const visit = await openVisit(door.terms, asking)
  let begun: Begun
  try {
    begun = await begin(visit)
  } catch (error) {
    await visit.close()
    throw error
  }
  if (typeof begun !== 'string') {
    runs.begin(visit, begun)
    return { execution: begun.state.id, isRunning: true }
  }
  await visit.close()
  return { execution: begun, isRunning: false }
}

async function startedBy(visit: Visit, request: StartRequest): Promise<Begun> {
  const { app, caller } = visit
  const { key, noWait = false, breakGlass } = request
  const digest = wholeDigest('start(approve)', request.approve)
  const beginning: { readonly prepared: PreparedChange; readonly plan?: Plan } =
    'plan' in request
      ? await savedChange(app, app.project, ...planGiven(visit, request.plan), digest)
      : { prepared: await preparedBy(visit, request) }
  const started = await beginChange(app, caller, {
    ...beginning,
    skipUnreachable: 'workflow' in request && request.skipUnreachable === true,
    noWait,
    ...requestOf(key, beginning),
    ...(breakGlass === undefined ? {} : { breakGlass }),
    approvals: 'plan' in request ? approvalsIn(visit, request.approvals) : [],
  })
  if (started.kind === 'known') return started.id
  const approved = digest === undefined ? {} : { digest, comment: '' }
  return { state: started.state, ask: { ...ASKS_NOBODY, ...approved } }
}

/** Each is read when it is asked for: behind what the policy says of whoever asks. */
function* approvalsIn({ app }: Visit, files: readonly string[] = []): Generator<SignedStatement> {
  for (const file of files) yield readApprovalFile(app, file)
}

/** The plan of a request, and what it is called where it is not good. What was changed in it since it was made is found. */
function planGiven({ app }: Visit, plan: SavedPlan | { readonly file: string }): readonly [name: string, plan: Plan] {
  if ('file' in plan) return [plan.file, readPlanFile(app, plan.file)]
  return [GIVEN_PLAN, requireIntact(orProblems(parsePlan(JSON.stringify(plan), GIVEN_PLAN)))]
}

const GIVEN_PLAN = 'plan'

async function decide(visit: Visit, request: DecisionRequest) {
  const { app, caller } = visit
  const { decision, comment = '', maxRuns } = request
  const digest = wholeDigest('decide(digest)', request.digest)
  const signers = trustOf(app.project)
  const key = await signingKeyOf(app, request.key, signers)
  const { word, ...named } = await planMeant(visit, request.plan)
  await requireDecidable(app, caller, named, { word, decision, isForElsewhere: false, trust: undefined })
  if (digest !== undefined) requireSameDigest(named.plan, digest)
  const choice = { decision, comment: app.scrubber.scrub(comment), ...(maxRuns === undefined ? {} : { maxRuns }) }
  const { statement, note } = await decideHere(app, caller, named.plan, choice, key)
  if (note !== undefined) caller.tell(`! ${visibleLine(note)}\n`)
  const made = { version: 1, decision, plan: named.plan.digest, approver: statement.approver.id } as const
  if (decision === 'reject') return made
  const missing = await stillMissing(app, caller.principal, named)
  return { ...made, enough: missing.length === 0, ...(missing.length === 0 ? {} : { missing }) }
}

/** The plan that a decision is about, and the word for it. */
async function planMeant(visit: Visit, plan: DecisionRequest['plan']): Promise<NamedPlan & { readonly word: string }> {
  if ('execution' in plan) {
    const id = await executionNamed(visit.app, plan.execution)
    return { ...(await planNamed(visit.app, id)), word: id }
  }
  const [word, given] = planGiven(visit, plan)
  return { plan: given, word }
}

/** The change that a request names by its workflow. Throws InputError. */
async function preparedBy(
  { app, target }: Visit,
  { workflow: file, params = {}, target: expression }: WorkflowRequest,
): Promise<PreparedChange> {
  const { project } = app
  const path = project.pathOf(file)
  if (isChangeFile(path)) {
    if (Object.keys(params).length > 0 || expression !== undefined) throw besideChangeFile(file)
    return changeGiven(app, project, path)
  }
  const given = orProblems(readParamsFile(JSON.stringify(params), 'params'))
  const secret = paramsWithSecret(app, given)
  if (secret.length > 0) throw secretInParams(secret)
  const only = await target(expression)
  const workflow = loadWorkflow(project, path, workflowsIn(project.dir))
  const inventory = project.inventory()
  return orProblems(
    prepare({ workflow, given, inventory, ...(only === undefined ? {} : { only }), files: project.files }),
  )
}

/** Which of both is meant, nobody could see later. */
function besideChangeFile(file: string): InputError {
  const message = 'a change file says its switches and values itself'
  return new InputError([
    problemOf(file, 'bad-usage', message, 'Write them into the change file, or name the workflow.'),
  ])
}

/** The key that a change is asked for under: that which is given, else of a change file its path and its digest. Of a saved plan the approval is used once. */
function requestOf(
  key: string | undefined,
  beginning: { readonly prepared: PreparedChange; readonly plan?: Plan },
): Pick<ChangeRequest, 'request'> {
  const { changeFile } = beginning.prepared
  const own = changeFile === undefined || beginning.plan !== undefined ? undefined : keyOfChange(changeFile)
  const asked = key ?? own
  return asked === undefined ? {} : { request: askedUnder(asked, beginning) }
}

/** A parameter is on record, in the plan and in what approvers see. */
function secretInParams(names: readonly string[]): InputError {
  const hint = 'Parameters are recorded and shown to approvers. Give the secret by its reference where it is needed.'
  return new InputError(
    names.map((name) =>
      problemOf(`params ${name}`, 'secret-parameter', `the parameter \`${name}\` holds a secret of this project`, hint),
    ),
  )
}

/** Why no plan was made: what it failed with, or that it is not made yet. */
function unplanned({ words }: App, id: string, error: ErrorRecord | undefined): EosflowError {
  if (error === undefined) {
    const hint = words({ code: 'history', execution: id })
    return new EosflowError('busy', `the plan of ${id} is not made yet, and nobody waits for it here`, { hint })
  }
  const { kind, message, device, command, hint } = error
  return new EosflowError(kind, message, {
    ...(device === undefined ? {} : { device }),
    ...(command === undefined ? {} : { command }),
    ...(hint === undefined ? {} : { hint }),
  })
}
