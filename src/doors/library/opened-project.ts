import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { newExecution } from '../../change/engine/state.ts'
import { proofOf } from '../../change/policy/approval-case.ts'
import { OutageError } from '../../change/record/store/journal.ts'
import { definedMembers } from '../../model/json.ts'
import type { RecordApp } from '../../project/app/app.ts'
import { enoughOf, stillMissing } from '../../project/approval/case.ts'
import { decideHere, executionOfPlan, importAbout, requireDecidable } from '../../project/approval/decide.ts'
import { proofNotes } from '../../project/approval/never-counts.ts'
import { readApprovalFile, signingKeyOf } from '../../project/approval/ssh-signing.ts'
import { planChange, requirePlanning, unplanned } from '../../project/execution/begin/begin-change.ts'
import { stop } from '../../project/execution/stop/stop.ts'
import { suspend } from '../../project/execution/stop/suspending.ts'
import { executionNamed } from '../../project/history/executions/list-executions.ts'
import { isResting } from '../../project/history/executions/resting.ts'
import { type NamedPlan, planNamed } from '../../project/history/plans/plan-source.ts'
import { suspensionOf } from '../../project/history/requests/stop-asked.ts'
import { type ExecutionLook, watchRecord } from '../../project/history/watch/watch.ts'
import { trustOf } from '../../project/identity/signers/common-server-key.ts'
import { planOffline } from '../../project/plan/plan-offline.ts'
import { requireSameDigest } from '../../project/plan/trusted-seal.ts'
import { inputError } from '../../project/system/process/input-error.ts'
import type { Seams } from '../../project/system/process/seams.ts'
import { wholeDigest } from '../../project/system/process/whole-digest.ts'
import { entryJson, historian } from '../../report/event-words/history.ts'
import type { ExecutionDocument } from '../../report/execution/result-schema.ts'
import { planAs } from '../../report/plan/text.ts'
import type { DecisionDocument, ExecutionEvent } from '../../report/result-schemas.ts'
import { visibleLine } from '../../report/text/text.ts'
import { beginCases, planGiven, preparedBy, readable, readCases, shown } from './begin-cases.ts'
import { isClosed, openVisit, ProjectDoor, patientVisit, type Visit } from './project-door.ts'
import {
  type DecisionRequest,
  type EosflowProject,
  givenRequest,
  type ImportRequest,
  type ProjectOptions,
} from './requests.ts'
import { RunsHere } from './runs-here.ts'

type ChangeCases = Pick<EosflowProject, 'plan' | 'stop' | 'suspend'>

function changeCases(door: ProjectDoor): ChangeCases {
  return {
    plan: door.asked('anew', 'plan', async (visit, { offline, skipUnreachable = false, ...change }) => {
      const { app, caller } = visit
      const prepared = await preparedBy(visit, change)
      if (offline !== undefined) {
        await requirePlanning(app, caller, prepared)
        return door.document(planAs.json(await planOffline(app.project, app, prepared, offline)))
      }
      const planned = await planChange(app, caller, { prepared, skipUnreachable })
      if (planned.plan !== undefined) return door.document(planAs.json(planned.plan))
      throw unplanned(app, planned)
    }),
    stop: ended(door, 'stop', stop),
    suspend: ended(door, 'suspend', suspend),
  }
}

function ended(door: ProjectDoor, name: 'stop' | 'suspend', act: typeof stop | typeof suspend): EosflowProject['stop'] {
  return (given, terms) =>
    door.within(
      'kept',
      () => ({ execution: givenRequest('execution', given), reason: '', ...givenRequest(name, terms) }),
      async (visit, request) => {
        const { state } = await act(visit.app, visit.caller, request, nobodyLooks)
        return shown(door, patientVisit(visit), state.id)
      },
      { despiteCheckpointKey: true },
    )
}

const nobodyLooks = () => () => undefined

// Looks without a new record before an execution is taken to rest, or to be run by nobody: whoever has begun it claims it a moment later.
const SETTLED = 4

type AtTheEnd = (visit: Visit, id: string) => Promise<void>

// Throws what its run here has failed with, and `store`, retryable, where the store stays away.
async function* followed(
  door: ProjectDoor,
  runs: RunsHere,
  execution: string,
  atTheEnd: AtTheEnd = async () => undefined,
): AsyncGenerator<ExecutionEvent, void> {
  const visit = patientVisit(await door.guarded(() => openVisit(door.terms, 'kept')))
  let isHeld = false
  // Whoever never asks for the next record must not keep the store open.
  const leave = (): void => void (isHeld && visit.close())
  door.closing.addEventListener('abort', leave)
  try {
    const { id } = await readable(visit, givenRequest('execution', execution))
    for await (const event of eventsOf(visit, runs, id, door)) {
      isHeld = true
      yield event
      isHeld = false
      if (door.closing.aborted) return
    }
    await runs.of(id)?.over()
    if (!door.closing.aborted) await atTheEnd(visit, id)
  } catch (error) {
    // Nobody waits for the store any more.
    if (!(error instanceof OutageError && door.closing.aborted)) throw door.failure(error)
  } finally {
    door.closing.removeEventListener('abort', leave)
    await visit.close()
  }
}

async function* eventsOf(
  { app }: Visit,
  runs: RunsHere,
  id: string,
  door: ProjectDoor,
): AsyncGenerator<ExecutionEvent, void> {
  const entryOf = historian(id)
  for await (const { state, events, silent } of watchRecord(app, newExecution(id), door.closing)) {
    for (const event of events) yield door.document<ExecutionEvent>(JSON.stringify(entryJson(entryOf(event))))
    if (state.status === 'ended' || (await isAtRest(app, runs, { state, silent }))) return
  }
}

async function isAtRest(app: RecordApp, runs: RunsHere, { state, silent }: Pick<ExecutionLook, 'state' | 'silent'>) {
  const { id } = state
  const run = runs.of(id)
  if (silent === 0 || run?.isOver === false) return false
  // What has run here until now is at rest, unless somebody has gone on with it.
  if (run !== undefined && !(await app.claims.isClaimed(id))) return true
  if (silent % SETTLED !== 0) return false
  if (isResting(state, app.clock.now())) return true
  if ((await suspensionOf(app, state, await app.store.read(id))) !== undefined) return true
  // Where workers drive, one of them comes.
  return app.dispatch === undefined && !(await app.claims.isClaimed(id))
}

/** Opens a project. `seams` are for tests; the library that is shipped gives none. Throws InputError. */
export async function openedProject(options: ProjectOptions, seams?: Seams): Promise<EosflowProject> {
  const given = givenRequest('openProject', options)
  const folder = resolve(given.folder instanceof URL ? fileURLToPath(given.folder) : given.folder)
  const door = new ProjectDoor(given, folder, seams)
  const runs = new RunsHere(door)
  const reads = readCases(door)
  const settled: EosflowProject['settled'] = async (execution) => {
    const ends: ExecutionDocument[] = []
    const atTheEnd: AtTheEnd = async (visit, id) => void ends.push(await shown(door, visit, id))
    for await (const _ of followed(door, runs, execution, atTheEnd));
    const [document] = ends
    if (document !== undefined) return document
    throw door.failure(isClosed())
  }
  const close = async () => {
    await door.close()
    runs.tell()
  }
  // What is wrong with the project is said now.
  await door.beside(
    () => undefined,
    async () => undefined,
  )
  return Object.freeze({
    folder,
    ...reads,
    ...changeCases(door),
    ...decisionCases(door),
    ...beginCases(door, runs),
    follow: (execution: string) => followed(door, runs, execution),
    settled,
    close,
    [Symbol.asyncDispose]: close,
  })
}

type DecisionCases = Pick<EosflowProject, 'decide' | 'importDecision'>

function decisionCases(door: ProjectDoor): DecisionCases {
  return {
    decide: door.asked('kept', 'decide', decide),
    importDecision: door.asked('kept', 'importDecision', async (visit, given) =>
      door.document<DecisionDocument>(JSON.stringify(await imported(visit, given))),
    ),
  }
}

async function decide(visit: Visit, request: DecisionRequest) {
  const { app, caller } = visit
  const { decision, comment = '', maxRuns } = request
  const digest = wholeDigest('decide(digest)', request.digest)
  const key = await signingKeyOf(app, request.key, trustOf(app.project))
  const { word, ...named } = await planMeant(visit, request.plan)
  await requireDecidable(app, caller, named, { word, decision, isForElsewhere: false, trust: undefined })
  if (digest !== undefined) requireSameDigest(named.plan, digest)
  const choice = { decision, comment: app.scrubber.scrub(comment), ...definedMembers({ maxRuns }) }
  const { statement, note } = await decideHere(app, caller, named.plan, choice, key)
  if (note !== undefined) caller.tell(`! ${visibleLine(note)}\n`)
  const made = { version: 1, decision, plan: named.plan.digest, approver: statement.approver.id } as const
  if (decision === 'reject') return made
  return { ...made, ...enoughOf(await stillMissing(app, caller.principal, named)) }
}

async function planMeant(visit: Visit, plan: DecisionRequest['plan']): Promise<NamedPlan & { readonly word: string }> {
  if ('execution' in plan) {
    const id = await executionNamed(visit.app, plan.execution)
    return { ...(await planNamed(visit.app, id)), word: id }
  }
  const [word, given] = planGiven(visit, plan)
  return { plan: given, word }
}

async function imported(visit: Visit, { decision, file, plan }: ImportRequest): Promise<DecisionDocument> {
  const { app, caller } = visit
  const signed = readApprovalFile(app, file)
  const { statement, signature } = signed
  if (statement.decision !== decision) throw otherDecision(file, statement.decision)
  const meant = await planMeant(visit, plan ?? { execution: await executionOfPlan(app, statement.plan) })
  const { note, ...of } = await importAbout(app, caller, meant, signed)
  const made = {
    version: 1,
    decision,
    plan: statement.plan,
    approver: statement.approver.id,
    ...definedMembers({ note }),
  } as const
  if (decision === 'reject') return made
  for (const one of proofNotes(app, of.plan, proofOf(signature))) caller.tell(`! ${visibleLine(one)}\n`)
  return { ...made, ...enoughOf(await stillMissing(app, caller.principal, of)) }
}

function otherDecision(file: string, decision: DecisionRequest['decision']) {
  return inputError(
    file,
    'other-decision',
    `the file holds a decision to ${decision}`,
    `Ask for \`decision: '${decision}'\`.`,
  )
}
