import { isDeepStrictEqual } from 'node:util'
import type { ExecutionState } from '../../../change/engine/state.ts'
import { kindOfPlan } from '../../../change/plan/carries.ts'
import type { Plan } from '../../../change/plan/plan.ts'
import type { PreparedChange } from '../../../change/plan/prepare.ts'
import { recordedPlan } from '../../../change/plan/stored-plan.ts'
import { judgeApprovals } from '../../../change/policy/approval.ts'
import { letsCarry } from '../../../change/policy/window.ts'
import type { JournalEvent } from '../../../change/record/event/event.ts'
import { valueWithoutSecrets } from '../../../change/record/event/record-text.ts'
import type { SignedStatement } from '../../../model/approval.ts'
import type { ChangeTerms } from '../../../model/change-terms.ts'
import { canonicalJson, sha256 } from '../../../model/digest.ts'
import { EosflowError } from '../../../model/error.ts'
import { definedMembers, type JsonObject } from '../../../model/json.ts'
import { agentName, type Principal } from '../../../model/principal.ts'
import { short } from '../../../report/text/text.ts'
import {
  type ActJudgement,
  allowedNow,
  decided,
  type PolicyContext,
  requireAllowed,
} from '../../access/policy/authority.ts'
import { breakGlassOf } from '../../access/policy/demands.ts'
import { aboutChange, aboutExecution, aboutPlan, type BrokenGlass, breakTheGlass } from '../../access/policy/entry.ts'
import type { App, RecordApp } from '../../app/app.ts'
import { recordedCase } from '../../approval/case.ts'
import { importDecision } from '../../approval/decide.ts'
import { carryApprovals, hindered } from '../../approval/plan-queue.ts'
import { alreadyMade, sentBefore } from '../../approval/take-decision.ts'
import { asPublished, type PublishedChange } from '../../authoring/publish/as-published.ts'
import { requireKeyCounts } from '../../history/execution-view.ts'
import { planAsApproved } from '../../history/plans/settled-plan.ts'
import { requirePlanOfOne } from '../../history/sites/parts.ts'
import type { Caller, SilentCaller } from '../../identity/caller-of.ts'
import { savedChangeIn } from '../../plan/planning.ts'
import { requireSealed } from '../../plan/trusted-seal.ts'
import { branchOf } from '../../switches/inventory/refresh-sources.ts'
import type { WordedHost } from '../../system/process/host.ts'
import { inputError } from '../../system/process/input-error.ts'
import { type Beginning, begin } from '../journal/begin.ts'
import { requireInForce } from '../may-begin/window.ts'
import { carryOut } from '../run/carry-out.ts'

export interface ChangeRequest {
  readonly prepared: PreparedChange
  /** The saved plan that it was approved by; absent for a workflow, which is planned first. */
  readonly plan?: Plan
  readonly skipUnreachable?: boolean
  readonly noWait?: boolean
  readonly breakGlass?: string
  /** The key that it is asked for under: asked for once more, it is the same execution. */
  readonly request?: Request
  /** The signed approvals that came with the plan. The first is asked for once the policy lets it begin, each next one behind the one before. */
  readonly approvals?: Iterable<SignedStatement>
}

export type BeginOutcome =
  | { readonly kind: 'begun'; readonly state: ExecutionState }
  | { readonly kind: 'known'; readonly id: string }

/** Throws as the policy, {@link importDecision} and the beginning of an execution do, and `stale` for a plan whose seal is not good, for one that is made and takes no approval, and for a change file whose change was taken back. */
export async function beginChange(given: App, caller: Caller, request: ChangeRequest): Promise<BeginOutcome> {
  const { plan, request: asked, breakGlass, skipUnreachable = false } = request
  const { app, prepared } = await asPublished(given, request)
  if (plan !== undefined) {
    requirePlanOfOne(plan)
    await acceptPlan(app, caller, plan)
  }
  const compared = { purpose: 'run', params: paramsAsked(request), skipUnreachable, breakGlass } as const
  const known = asked === undefined ? undefined : await begunUnder(app, caller, asked, compared)
  if (known !== undefined) {
    await requireKept(app, prepared, asked, known)
    return { kind: 'known', id: known }
  }
  const about = plan === undefined ? aboutChange(prepared) : aboutPlan(plan)
  const { lets, ...glass }: Partial<BrokenGlass> =
    breakGlass === undefined ? {} : await breakTheGlass(app, caller, breakGlass, about)
  const start = await requireAllowed(app, caller, 'execution.start', { ...about, ...glass })
  if (plan !== undefined) await requireUnmade(app, caller, plan, breakGlass !== undefined)
  for (const approval of request.approvals ?? []) {
    if (plan !== undefined) await importDecision(app, caller, plan, approval)
  }
  const begun = await beginOnce(app, caller, {
    purpose: 'run',
    judged: { again: () => Promise.all([lets?.again(), allowedNow(app, start)]) },
    prepared,
    skipUnreachable,
    ...definedMembers({ plan, request: asked, noWait: request.noWait }),
    ...glass,
  })
  return typeof begun === 'string' ? { kind: 'known', id: begun } : { kind: 'begun', state: begun }
}

const WANTING: ReadonlySet<string> = new Set(['missing', 'used', 'expired', 'unentitled'])

// One whose change is still there takes no approval any more: it is refused, unless an approval for several runs is left, or none is asked
// for. Throws `stale`.
async function requireUnmade(app: RecordApp, caller: Caller, plan: Plan, isGlassBroken: boolean) {
  const { store } = app
  const { digest } = plan
  const sent = sentBefore({ runs: await store.planRuns(digest), uses: await store.approvalUses(digest) })
  if (sent === undefined) return
  if (!isGlassBroken && WANTING.has(judgeApprovals(await recordedCase(app, plan, '', caller.principal)).status)) {
    const made = await alreadyMade(app, plan, 'run')
    if (made !== undefined) throw made
  }
  caller.tell(`! ${sent}\n`)
}

// One that this store has never heard of was planned elsewhere, which is said.
async function acceptPlan(app: RecordApp, caller: Caller, plan: Plan) {
  requireSealed(plan, app)
  if (await app.store.knowsPlan(plan.digest)) return
  caller.tell(`! this store has no record of the plan ${short(plan.digest)}: it was planned elsewhere\n`)
}

async function requireKept(
  { store }: RecordApp,
  { changeFile }: PreparedChange,
  asked: Request | undefined,
  known: string,
) {
  if (changeFile === undefined || asked?.key !== keyOfChange(changeFile)) return
  await requireInForce(store, changeFile.file, known)
}

export type PlanningResult =
  | { readonly plan: Plan; readonly execution: string; readonly isDraft: boolean }
  | { readonly plan?: undefined; readonly state: ExecutionState; readonly isLeft: boolean }

export interface PlanningRequest {
  readonly prepared: PreparedChange
  readonly skipUnreachable: boolean
  readonly rebases?: string
}

/** `skipUnreachable`: those that do not answer are left out. Throws as the policy does, and as the beginning of an execution. */
export async function planChange(
  given: App,
  caller: Caller,
  { prepared: asked, skipUnreachable, rebases }: PlanningRequest,
): Promise<PlanningResult> {
  const { app, prepared, isDraft } = await publishedOrDraft(given, asked)
  const { netboxBranch } = given.project
  // Where it was not read nothing goes on record.
  branchOf(given.project)
  // A worker, and what is published, have no branch: their plan would be of main without a word.
  if (netboxBranch !== undefined && (app.shared !== undefined || app.project.netboxBranch !== netboxBranch)) {
    throw new EosflowError(
      'guard',
      'a plan from a branch of NetBox is made by this process alone, from the files of the folder',
      {
        hint: 'Plan in a project without workers and without a published bundle.',
      },
    )
  }
  const judged = await requirePlanning(app, caller, prepared)
  const begun = await begin(app, caller, {
    purpose: 'plan',
    judged,
    prepared,
    skipUnreachable,
    ...definedMembers({ rebases }),
  })
  const state = await carryOut(app, caller, begun, {})
  if (state === undefined) return { state: begun, isLeft: true }
  if (state.plan === undefined || state.outcome !== 'planned') return { state, isLeft: false }
  const plan = await recordedPlan(app.store, state.plan.ref)
  return { plan, execution: state.id, isDraft }
}

async function publishedOrDraft(
  given: App,
  prepared: PreparedChange,
): Promise<PublishedChange & { readonly isDraft: boolean }> {
  try {
    return { ...(await asPublished(given, { prepared })), isDraft: false }
  } catch (error) {
    if (!(error instanceof EosflowError && error.kind === 'stale')) throw error
    const { dispatch: _, ...app } = given
    return { app, prepared, isDraft: true }
  }
}

/** Requires that whoever is calling may plan a change, and gives how that is judged once more. Throws as the policy does. */
export async function requirePlanning(
  app: RecordApp,
  caller: SilentCaller,
  { workflow, devices }: PreparedChange,
): Promise<ActJudgement<unknown>> {
  const about = { workflow: workflow.file, devices: devices.map(({ name }) => name) }
  const allowed = await requireAllowed(app, caller, 'plan.create', about)
  return { again: () => allowedNow(app, allowed) }
}

export function unplanned(
  { words }: WordedHost,
  { state: { id, compensation }, isLeft }: Extract<PlanningResult, { readonly isLeft: boolean }>,
): EosflowError {
  const error = isLeft ? undefined : compensation?.error
  if (error === undefined) {
    const hint = words({ code: 'history', execution: id })
    return new EosflowError('busy', `the plan of ${id} is not made yet, and nobody waits for it here`, { hint })
  }
  const { kind, message, device, command, hint } = error
  return new EosflowError(kind, message, definedMembers({ device, command, hint }))
}

export interface RebaseRequest {
  readonly plan: Plan
  readonly file: string
  readonly approvals?: Iterable<SignedStatement>
}

export interface RebasedChange extends Pick<ChangeRequest, 'noWait' | 'request'> {
  readonly approved: Plan
  readonly prepared: PreparedChange
  readonly made: Plan
}

/**
 * Requires what can be judged before the switches are asked: that whoever calls may start the change, that a rule of the policy lets approvals carry, that those of
 * this plan can (docs/approvals.md#an-approval-that-carries), and that the project's files are those of the plan. Throws `stale` by the name of what hinders, and as the policy does.
 */
export async function requireRebase(
  app: App,
  caller: Caller,
  { plan, file, approvals = [] }: RebaseRequest,
): Promise<Omit<RebasedChange, 'made'>> {
  requireSealed(plan, app)
  const approved = await approvedOf(app, plan)
  requireSealed(approved, app)
  await requireAllowed(app, caller, 'execution.start', { ...aboutPlan(approved), plan: approved.digest })
  const isLet = letsCarry(app.project.policy()?.policy)
  const never = isLet ? kindOfPlan(approved) : ['no rule of the policy lets one: `carry: { kinds: [...] }`']
  if (never.length > 0) throw hindered(never)
  const { prepared } = await savedChangeIn(app, file, approved, undefined)
  for (const approval of approvals) await importDecision(app, caller, approved, approval)
  return { approved, prepared }
}

/** Throws as {@link requireRebase} and planning do. */
export async function plannedAgain(app: App, caller: Caller, request: RebaseRequest): Promise<RebasedChange> {
  const rebase = await requireRebase(app, caller, request)
  const asked = { prepared: rebase.prepared, skipUnreachable: false, rebases: rebase.approved.digest }
  const planned = await planChange(app, caller, asked)
  if (planned.plan === undefined) throw unplanned(app, planned)
  return { ...rebase, made: planned.plan }
}

/** Compared is always the plan that people approved. Throws `stale` by the name of what hinders, and as {@link beginChange} does. */
export async function beginRebased(app: App, caller: Caller, change: RebasedChange): Promise<BeginOutcome> {
  const { approved, made, ...asked } = change
  // Asked for once more under its key, it has used the approvals: they would not carry.
  const asSaved = { purpose: 'run', params: undefined, skipUnreachable: false } as const
  const known = asked.request && (await begunUnder(app, caller, asked.request, asSaved))
  if (known !== undefined) return { kind: 'known', id: known }
  // Whoever may not start the change moves no approval away from its plan.
  await requireAllowed(app, caller, 'execution.start', { ...aboutPlan(made), plan: made.digest })
  return beginChange(app, caller, { ...asked, plan: await carryApprovals(app, caller, approved, made) })
}

// Throws `stale`.
async function approvedOf(app: RecordApp, plan: Plan) {
  const digest = plan.content.rebases
  if (digest === undefined) return plan
  const found = await app.store.planMade(digest)
  if (found === undefined) throw hindered([`the plan ${digest} that it was made again of is not on record`])
  return planAsApproved(app, { ref: found.plan, digest, what: 'the plan that it was made again of' })
}

export type Request = NonNullable<Beginning['request']>

// The first word of the key that a change file is asked for under.
const OF_CHANGE = 'change:'

/** What is asked for under a key: a saved plan, or a definition and its switches, and which plan is made again. Throws InputError for the key of a change file where that does not ask: whoever may only plan could keep it from being run. */
export function askedUnder(
  key: string,
  { plan, prepared, rebases }: Pick<Beginning, 'plan' | 'prepared' | 'rebases'>,
): Request {
  const { digest: definition, devices, commit, changeFile } = prepared
  const isItself = plan === undefined && rebases === undefined
  const own = isItself && changeFile !== undefined ? keyOfChange(changeFile) : undefined
  if (key.startsWith(OF_CHANGE) && key !== own) {
    const message = `a key that begins with \`${OF_CHANGE}\` is that of a change file`
    throw inputError('key', 'bad-key', message, 'Begin it with another word.')
  }
  const asked = {
    definition,
    devices: devices.map(({ name }) => name),
    ...definedMembers({ commit, rebases }),
  }
  return { key, of: plan?.digest ?? sha256(canonicalJson(asked)) }
}

/** The key of a change that a change file asks for, where nobody gives another one: asked for once more, it is the same execution. */
export function keyOfChange({ file, digest }: Pick<ChangeTerms, 'file' | 'digest'>): string {
  return `${OF_CHANGE}${file}@${digest.slice('sha256:'.length)}`
}

/** What an agent asks for under a key is no other one's: neither that of a person nor that of another agent. */
export function agentKey(principal: Principal, key: string): string {
  return agentPrefix(principal) + key
}

function agentPrefix(principal: Principal) {
  return `agent:${sha256(agentName(principal)).slice('sha256:'.length, 'sha256:'.length + 16)}:`
}

const OWNED = /^(?:schedule|hook|agent):/

function requireOwnKey({ principal }: SilentCaller, key: string) {
  const { issuer, id, kind } = principal
  const isService = issuer === 'schedule' || issuer === 'hook'
  const own = isService ? `${id}:` : kind === 'agent' ? agentPrefix(principal) : undefined
  if (!OWNED.test(key) || (own !== undefined && key.startsWith(own))) return
  const message =
    'a key that begins with `hook:`, `schedule:` or `agent:` is one of an event, of a schedule or of an agent'
  throw inputError('key', 'bad-key', message, 'Begin it with another word.')
}

export interface ComparedRequest {
  readonly purpose: Beginning['purpose']
  readonly params: JsonObject | undefined
  readonly skipUnreachable: boolean
  readonly breakGlass?: string | undefined
}

/** The execution that was asked for under this key before. Throws InputError for a key of another occurrence, event or agent: what they are for would not begin, or be taken for begun. */
export async function begunUnder(
  app: RecordApp,
  caller: SilentCaller,
  { key, of }: Request,
  compared: ComparedRequest,
): Promise<string | undefined> {
  requireOwnKey(caller, key)
  const found = await app.store.requested(key)
  if (found === undefined) {
    await requireKeyCounts(app, key)
    return undefined
  }
  if (!mayKnow(app, caller, found)) throw otherKey(`the key ${key} is used already: nothing was begun`)
  const { purpose } = compared
  if (found.request?.of === of && (await isSame(app, found, compared))) return found.execution
  const what = found.purpose === purpose ? 'another change' : found.purpose === 'plan' ? 'a plan alone' : 'a change'
  throw otherKey(
    `the key ${key} belongs to execution ${found.execution}, which was asked for ${what}: nothing was begun`,
  )
}

async function isSame(
  app: RecordApp,
  found: Extract<JournalEvent, { readonly type: 'ExecutionStarted' }>,
  { purpose, params, skipUnreachable, breakGlass }: ComparedRequest,
) {
  if (found.purpose !== purpose || (found.skipUnreachable === true) !== skipUnreachable) return false
  if (params !== undefined && !sameOnRecord(app, found.params, params)) return false
  const broken = await breakGlassOf(app, found.execution ?? '')
  return broken?.reason === (breakGlass === undefined ? undefined : app.scrubber.scrub(breakGlass))
}

function otherKey(message: string) {
  return new EosflowError('stale', message, { hint: 'Give this change another key.' })
}

function mayKnow(
  app: PolicyContext,
  caller: SilentCaller,
  { requester, targets, file }: Pick<ExecutionState, 'requester' | 'targets' | 'file'>,
) {
  const { issuer, id } = caller.principal
  if (requester?.issuer === issuer && requester.id === id) return true
  return decided(app, caller, 'execution.read', aboutExecution({ targets, file })).effect === 'allow'
}

function sameOnRecord({ scrubber }: RecordApp, recorded: JsonObject, given: JsonObject) {
  return isDeepStrictEqual(
    recorded,
    valueWithoutSecrets(given, (text) => scrubber.scrub(text)),
  )
}

function paramsAsked({ plan, prepared }: Pick<Beginning, 'plan' | 'prepared'>): JsonObject | undefined {
  return plan === undefined ? prepared.params : undefined
}

function comparedFor(beginning: Beginning): ComparedRequest {
  const { purpose, skipUnreachable = false, emergency } = beginning
  return { purpose, params: paramsAsked(beginning), skipUnreachable, breakGlass: emergency?.reason }
}

/** Puts a new execution on record; gives the id of another one that was begun under the same key at this moment. Throws as {@link begin} does. */
export async function beginOnce(app: App, caller: Caller, beginning: Beginning): Promise<ExecutionState | string> {
  const { request } = beginning
  if (request !== undefined) requireOwnKey(caller, request.key)
  try {
    return await begin(app, caller, beginning)
  } catch (error) {
    const other = request === undefined ? undefined : await begunUnder(app, caller, request, comparedFor(beginning))
    if (other === undefined) throw error
    return other
  }
}
