import { requireIntact } from '../../change/plan/make-plan.ts'
import type { Plan } from '../../change/plan/plan.ts'
import { parsePlan } from '../../change/plan/plan-schema.ts'
import { type PreparedChange, prepare } from '../../change/plan/prepare.ts'
import { isChangeFile } from '../../change/workflow/change-file.ts'
import { readParamsFile } from '../../change/workflow/param/read.ts'
import type { SignedStatement } from '../../model/approval.ts'
import { definedMembers } from '../../model/defined-members.ts'
import { problemOf } from '../../model/problem.ts'
import type { AskMode } from '../../project/approval/approvals.ts'
import { readApprovalFile } from '../../project/approval/verify-decision.ts'
import {
  type BeginOutcome,
  beginChange,
  beginRebased,
  type ChangeRequest,
  plannedAgain,
} from '../../project/execution/begin/begin-change.ts'
import { putBack } from '../../project/execution/begin/put-back.ts'
import { askedUnder, keyOfChange } from '../../project/execution/begin/run-key.ts'
import { executionToResume, redrive } from '../../project/execution/resume/carry-out.ts'
import { takeUpOpen } from '../../project/execution/run/run.ts'
import { changeGiven } from '../../project/files/change-given.ts'
import { workflowsIn } from '../../project/files/files-of-project.ts'
import { loadWorkflow } from '../../project/files/load-workflow.ts'
import { paramsWithSecret } from '../../project/files/params-with-secret.ts'
import { readPlanFile } from '../../project/history/plans/plan-source.ts'
import { savedChangeIn } from '../../project/plan/saved-change.ts'
import { InputError, inputError, orProblems } from '../../project/system/process/input-error.ts'
import { wholeDigest } from '../../project/system/process/whole-digest.ts'
import type { EosflowProject, NothingToPutBack, StartedExecution } from './eosflow-project.ts'
import { givenRequest } from './given-request.ts'
import { openVisit, type ProjectDoor, type SourceReading, type Visit } from './project-door.ts'
import type { RebaseRequest, RollbackTerms, SavedPlan, StartRequest, WorkflowRequest } from './requests.ts'
import type { RunBeginning, RunsHere } from './runs-here.ts'

/** What of a project has an execution run. */
export type BeginCases = Pick<EosflowProject, 'start' | 'rebase' | 'resume' | 'redrive' | 'rollback'>

const ASKS_NOBODY: AskMode = { detach: true }

/** The use cases that put something on record that is to run from then on. */
export function beginCases(door: ProjectDoor, runs: RunsHere): BeginCases {
  return {
    start: (request) => started(door, runs, 'anew', () => givenRequest('start', request), startedBy),
    rebase: (request) => started(door, runs, 'anew', () => givenRequest('rebase', request), rebasedBy),
    resume: (given, terms) =>
      started(
        door,
        runs,
        'kept',
        () => ({ execution: givenRequest('execution', given), restored: false, ...givenRequest('resume', terms) }),
        async ({ app, caller }, { execution, restored }): Promise<Begun> => {
          const { id, allowed } = await executionToResume(app, caller, execution, restored)
          const state = await takeUpOpen(app, caller, id, { restored, allowed })
          return state.status === 'ended' ? notRunHere(id) : { state, ask: { ...ASKS_NOBODY, restored } }
        },
      ),
    redrive: (given) =>
      started(
        door,
        runs,
        'kept',
        () => givenRequest('execution', given),
        async ({ app, caller }, execution): Promise<Begun> => ({
          state: await redrive(app, caller, execution),
          ask: ASKS_NOBODY,
        }),
      ),
    rollback: (given, terms) =>
      started(
        door,
        runs,
        'kept',
        () => ({ execution: givenRequest('execution', given), ...givenRequest('rollback', terms) }),
        putBackBy,
      ),
  }
}

function started<Given, Other extends { readonly isRunning: false } = StartedElsewhere>(
  door: ProjectDoor,
  runs: RunsHere,
  asking: SourceReading,
  judge: () => Given,
  begin: (visit: Visit, given: Given) => Promise<RunBeginning | Other>,
): Promise<StartedExecution | Other> {
  return door.guarded(async () => {
    const given = judge()
    const visit = await openVisit(door.terms, asking)
    let begun: RunBeginning | Other
    try {
      begun = await begin(visit, given)
    } catch (error) {
      await visit.close()
      throw error
    }
    if ('ask' in begun) {
      runs.begin(visit, begun)
      return { execution: begun.state.id, isRunning: true }
    }
    await visit.close()
    return begun
  })
}

type Begun = RunBeginning | StartedElsewhere

type StartedElsewhere = StartedExecution & { readonly isRunning: false }

const notRunHere = (execution: string): StartedElsewhere => ({ execution, isRunning: false })

async function startedBy(visit: Visit, request: StartRequest): Promise<Begun> {
  const { app, caller } = visit
  const { key, noWait = false, breakGlass } = request
  const digest = wholeDigest('start(approve)', request.approve)
  const beginning: { readonly prepared: PreparedChange; readonly plan?: Plan } =
    'plan' in request
      ? await savedChangeIn(app, ...planGiven(visit, request.plan), digest)
      : { prepared: await preparedBy(visit, request) }
  const started = await beginChange(app, caller, {
    ...beginning,
    skipUnreachable: 'workflow' in request && request.skipUnreachable === true,
    noWait,
    ...requestOf(key, beginning),
    ...definedMembers({ breakGlass }),
    approvals: 'plan' in request ? approvalsIn(visit, request.approvals) : [],
  })
  return begunOf(started, digest)
}

function begunOf(begun: BeginOutcome, digest?: string): Begun {
  return begun.kind === 'known' ? notRunHere(begun.id) : { state: begun.state, ask: askedWith(digest) }
}

function askedWith(digest: string | undefined): AskMode {
  return digest === undefined ? ASKS_NOBODY : { ...ASKS_NOBODY, digest, comment: '' }
}

async function rebasedBy(visit: Visit, { noWait = false, ...given }: RebaseRequest): Promise<Begun> {
  const { app, caller } = visit
  const [file, plan] = planGiven(visit, given.plan)
  const again = await plannedAgain(app, caller, { plan, file, approvals: approvalsIn(visit, given.approvals) })
  return begunOf(await beginRebased(app, caller, { ...again, noWait }))
}

async function putBackBy(
  { app, caller, target }: Visit,
  {
    execution,
    target: expression,
    noWait = false,
    anew = false,
    approve,
  }: RollbackTerms & { readonly execution: string },
): Promise<RunBeginning | NothingToPutBack> {
  const digest = wholeDigest('rollback(approve)', approve)
  const asked = { execution, target: await target(expression), noWait, isAnew: anew }
  const made = await putBack(app, caller, asked)
  if (made.kind === 'begun') return { state: made.state, ask: askedWith(digest) }
  return { isRunning: false, of: made.of.id, without: made.without }
}

function* approvalsIn({ app }: Visit, files: readonly string[] = []): Generator<SignedStatement> {
  for (const file of files) yield readApprovalFile(app, file)
}

function requestOf(
  key: string | undefined,
  beginning: { readonly prepared: PreparedChange; readonly plan?: Plan },
): Pick<ChangeRequest, 'request'> {
  const { changeFile } = beginning.prepared
  const own = changeFile === undefined || beginning.plan !== undefined ? undefined : keyOfChange(changeFile)
  const asked = key ?? own
  return asked === undefined ? {} : { request: askedUnder(asked, beginning) }
}

/** The plan of a request, and what it is called where it is not good. What was changed in it since it was made is found. Throws InputError and `stale`. */
export function planGiven(
  { app }: Visit,
  plan: SavedPlan | { readonly file: string },
): readonly [name: string, plan: Plan] {
  if ('file' in plan) return [plan.file, readPlanFile(app, plan.file)]
  return [GIVEN_PLAN, requireIntact(orProblems(parsePlan(JSON.stringify(plan), GIVEN_PLAN)))]
}

const GIVEN_PLAN = 'plan'

/** The change that a request names by its workflow. Throws InputError. */
export async function preparedBy(
  { app, target }: Visit,
  { workflow: file, params = {}, target: expression }: WorkflowRequest,
): Promise<PreparedChange> {
  const { project } = app
  const path = project.pathOf(file)
  if (isChangeFile(path)) {
    if (Object.keys(params).length > 0 || expression !== undefined)
      throw inputError(
        file,
        'bad-usage',
        'a change file says its switches and values itself',
        'Write them into the change file, or name the workflow.',
      )
    return changeGiven(app, project, path)
  }
  const given = orProblems(readParamsFile(JSON.stringify(params), 'params'))
  const secret = paramsWithSecret(app, given)
  if (secret.length > 0) throw secretInParams(secret)
  const only = await target(expression)
  const workflow = loadWorkflow(project, path, workflowsIn(project.dir))
  const inventory = project.inventory()
  return orProblems(prepare({ workflow, given, inventory, ...definedMembers({ only }), files: project.files }))
}

function secretInParams(names: readonly string[]) {
  const hint = 'Parameters are recorded and shown to approvers. Give the secret by its reference where it is needed.'
  return new InputError(
    names.map((name) =>
      problemOf(`params ${name}`, 'secret-parameter', `the parameter \`${name}\` holds a secret of this project`, hint),
    ),
  )
}
