import { foldAll } from '../../change/engine/fold.ts'
import type { ExecutionState } from '../../change/engine/state.ts'
import { requireIntact } from '../../change/plan/make-plan.ts'
import { type Plan, parsePlan } from '../../change/plan/plan.ts'
import { type PreparedChange, prepare } from '../../change/plan/prepare.ts'
import type { JournalEvent } from '../../change/record/event/event.ts'
import { isChangeFile } from '../../change/workflow/change-file.ts'
import { readParamsFile } from '../../change/workflow/param/read.ts'
import { readFacts } from '../../features/facts/read-facts.ts'
import type { SignedStatement } from '../../model/approval.ts'
import { messageOf, problemOf } from '../../model/error.ts'
import { definedMembers } from '../../model/json.ts'
import { requireAllowed } from '../../project/access/policy/authority.ts'
import { aboutExecution } from '../../project/access/policy/entry.ts'
import type { AskMode } from '../../project/approval/approvals.ts'
import { readApprovalFile } from '../../project/approval/ssh-signing.ts'
import {
  askedUnder,
  type BeginOutcome,
  beginChange,
  beginRebased,
  type ChangeRequest,
  keyOfChange,
  plannedAgain,
} from '../../project/execution/begin/begin-change.ts'
import { putBack } from '../../project/execution/begin/put-back.ts'
import { executionToResume, redrive } from '../../project/execution/resume/resume.ts'
import { takeUpOpen } from '../../project/execution/run/run.ts'
import { changeGiven } from '../../project/files/change-given.ts'
import { workflowsIn } from '../../project/files/files-of-project.ts'
import { loadWorkflow } from '../../project/files/load-workflow.ts'
import { paramsWithSecret } from '../../project/files/params-with-secret.ts'
import { changeRecordOf, recordLeft, seenExecution } from '../../project/history/execution-view.ts'
import { executionNamed, listExecutions, STATES } from '../../project/history/executions/list-executions.ts'
import { readPlanFile } from '../../project/history/plans/plan-source.ts'
import { suspensionOf } from '../../project/history/requests/stop-asked.ts'
import { savedChangeIn } from '../../project/plan/planning.ts'
import { exportTo } from '../../project/record/audit/export-to.ts'
import { askedChecks, verifySwitches } from '../../project/switches/check/asked-checks.ts'
import { driftOfSwitches } from '../../project/switches/drift/drift-of-switches.ts'
import { chosenDevices, tellWarnings } from '../../project/switches/inventory/tell-warnings.ts'
import { takeSnapshot } from '../../project/switches/snapshot/take-snapshot.ts'
import { workflowKeys } from '../../project/system/feature/feature.ts'
import { InputError, inputError, orProblems } from '../../project/system/process/input-error.ts'
import { wholeDigest } from '../../project/system/process/whole-digest.ts'
import { changeRecordPage } from '../../report/change-record/change-record.ts'
import { checkResultsAs } from '../../report/check-results/formats.ts'
import { driftAs } from '../../report/drift/formats.ts'
import { historyJson, historyOf } from '../../report/event-words/history.ts'
import { executionAs } from '../../report/execution/formats.ts'
import { executionsJson } from '../../report/execution/row.ts'
import { factsAs } from '../../report/facts/formats.ts'
import { listedSwitch, switchListJson } from '../../report/inventory/switch-list.ts'
import { exitCodeOf } from '../../report/phrases/exit-code.ts'
import { didYouMean } from '../../text/source/suggest.ts'
import { openVisit, type ProjectDoor, type SourceReading, type Visit, visitor } from './project-door.ts'
import {
  type EosflowProject,
  givenRequest,
  type NothingToPutBack,
  type RebaseRequest,
  type RollbackTerms,
  type SavedPlan,
  type StartedExecution,
  type StartRequest,
  type WorkflowRequest,
} from './requests.ts'
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
  return [
    GIVEN_PLAN,
    requireIntact(orProblems(parsePlan(JSON.stringify(plan), GIVEN_PLAN, workflowKeys(app.features)))),
  ]
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

/** What of a project reads: switches, files and the record. */
export type ReadCases = Pick<
  EosflowProject,
  | 'whoami'
  | 'inventory'
  | 'facts'
  | 'drift'
  | 'check'
  | 'snapshot'
  | 'show'
  | 'history'
  | 'executions'
  | 'record'
  | 'exportRecords'
>

/** The use cases that read. */
export function readCases(door: ProjectDoor): ReadCases {
  return {
    whoami: () =>
      door.beside(nothing, async (project) => {
        const { principal, expires } = await visitor(door.terms, project)
        const until = expires === undefined ? {} : { expires: new Date(expires).toISOString() }
        return door.document(JSON.stringify({ version: 1, identity: principal, ...until }))
      }),
    inventory: (request) =>
      door.beside(
        () => givenRequest('inventory', request),
        async (project, { target }) => {
          const inventory = project.inventory()
          tellWarnings(inventory, door.terms.console)
          return door.document(JSON.stringify(switchListJson(chosenDevices(inventory, target).map(listedSwitch))))
        },
      ),
    facts: door.asked('anew', 'facts', async ({ app, caller, target }, given) =>
      door.document(factsAs.json(await readFacts(app, caller, await target(given.target)))),
    ),
    drift: door.asked('anew', 'drift', async ({ app, caller, target }, given) =>
      door.document(driftAs.json(await driftOfSwitches(app, caller, await target(given.target)))),
    ),
    check: door.asked(
      'anew',
      'check',
      async ({ app, caller, target }, { catalog, tags = [], only = [], since, within = 0, target: given }) => {
        const asked = await askedChecks(app, { catalog, tags, only, since, target: await target(given) })
        const verified = await verifySwitches(app, caller, asked, within)
        return door.document(checkResultsAs.json(verified.flatMap(({ results }) => results)))
      },
    ),
    snapshot: door.asked('anew', 'snapshot', async ({ app, caller, target }, given) => {
      const asked = { target: await target(given.target), name: given.name }
      const { failure, ...taken } = await takeSnapshot(app, caller, asked)
      if (failure !== undefined)
        caller.tell(`! not in the snapshot: ${taken.missing.join(' ')}: ${messageOf(failure)}\n`)
      return door.document(JSON.stringify({ version: 1, kind: 'snapshot', ...taken }))
    }),
    show: door.asked('kept', 'execution', (visit, id) => shown(door, visit, id)),
    history: door.asked('kept', 'execution', async (visit, given) => {
      const { id, events } = await readable(visit, given)
      return door.document(historyJson(historyOf(id, events)))
    }),
    executions: door.asked(
      'kept',
      'executions',
      async ({ app, caller, target }, { states = [], touched = false, most = FIRST, target: given }) => {
        const unknown = states.find((word) => !STATES.includes(word))
        if (unknown !== undefined)
          throw inputError(
            'executions(states)',
            'unknown-state',
            `\`${unknown}\` is no state`,
            didYouMean(unknown, STATES),
          )
        const asked = { target: await target(given), states, touched, most }
        const { rows, elsewhere } = await listExecutions(app, caller, asked)
        if (elsewhere !== undefined) throw elsewhere.error
        return door.document(executionsJson(rows))
      },
      { reads: true },
    ),
    record: door.asked('kept', 'execution', async (visit, given) => {
      const { app, caller } = visit
      const { id } = await readable(visit, given)
      const page = changeRecordPage(await changeRecordOf(app, caller, id))
      await recordLeft(app, caller, id, LEAVES_TO)
      return door.scrub(page)
    }),
    exportRecords: door.asked('kept', 'exportRecords', async ({ app, caller }, { format, since }) => {
      const lines: string[] = []
      const print = (text: string): void => void lines.push(text)
      await exportTo(app, caller, { format, to: undefined, as: LEAVES_TO, since, print, left: async () => true })
      return door.scrub(lines.join(''))
    }),
  }
}

const nothing = () => undefined

const FIRST = 20

const LEAVES_TO = 'library'

/** An execution that the caller may read, from its records. Throws InputError and `not-authorised`. */
export async function readable(
  { app, caller }: Visit,
  word: string,
): Promise<{ readonly id: string; readonly state: ExecutionState; readonly events: readonly JournalEvent[] }> {
  const id = await executionNamed(app, word)
  const events = await app.store.read(id)
  const state = foldAll(id, events)
  await requireAllowed(app, caller, 'execution.read', aboutExecution(state))
  return { id, state, events }
}

/** An execution as it is now. Throws as {@link readable}. */
export async function shown<T>(door: ProjectDoor, visit: Visit, word: string): Promise<T> {
  const { id, state, events } = await readable(visit, word)
  const suspension = await suspensionOf(visit.app, state, events)
  const { view } = await seenExecution(visit.app, id)
  return door.document(executionAs.json(state, events, exitCodeOf(state), { suspension, view }))
}
