import type { ShownPlan } from '../../change/plan/plan.ts'
import { beforeRestoration } from '../../change/policy/approval.ts'
import {
  type ApprovalUses,
  isBefore,
  notUndone,
  proofOf,
  spentOn,
  strangerAmong,
  type UndonePlan,
} from '../../change/policy/approval-case.ts'
import { rolesOf } from '../../change/policy/policy.ts'
import { isSameHuman, obstacle, type WeighedApproval } from '../../change/policy/quorum.ts'
import type { RecordedDecision } from '../../change/record/store/store.ts'
import type { ApprovalSignature, ApprovalStatement } from '../../model/approval.ts'
import { EosflowError, type ErrorOptions } from '../../model/error.ts'
import { definedMembers } from '../../model/json.ts'
import type { Principal } from '../../model/principal.ts'
import { visibleLine } from '../../report/text/text.ts'
import { type ActJudgement, whileAllowed } from '../access/policy/authority.ts'
import type { RecordApp } from '../app/app.ts'
import { wakeApproved } from '../app/dispatch/worker-dispatch.ts'
import { madeBy } from '../history/plans/made-change.ts'
import type { SilentCaller } from '../identity/caller-of.ts'
import { requireFeatures } from '../system/feature/feature.ts'
import { hinted } from '../system/process/hinted.ts'
import { carryReading } from './case.ts'
import { demandsOfRequesters, neverCounts, occasionOf, whoCanApprove } from './never-counts.ts'
import { recordDecision, type UndoneBy } from './signer.ts'

export interface ProvedAnswer {
  readonly statement: ApprovalStatement
  readonly signature?: ApprovalSignature | undefined
  readonly principal: Principal
  readonly undo?: UndoneBy
  readonly judged: ActJudgement<unknown>
}

export interface DecisionResult {
  readonly statement: ApprovalStatement
  readonly note?: string
}

/** `before`: the decisions about the plan that the word was judged with. Throws `not-approved` for an approval that can never count. */
export async function takeDecision(
  app: RecordApp,
  caller: SilentCaller,
  plan: ShownPlan,
  word: ProvedAnswer,
  before: readonly RecordedDecision[],
): Promise<DecisionResult> {
  const { statement, signature } = word
  // Nobody here can show what no feature knows.
  if (statement.decision === 'approve') requireFeatures(app.features, plan)
  const note = statement.decision === 'approve' ? await noteOf(app, plan, word, before) : undefined
  const newest =
    note?.isThere === true
      ? before.at(-1)?.event.seq
      : await whileAllowed(app, word.judged, (condition) =>
          recordDecision(app, caller, statement, signature, word.undo, [condition]),
        )
  await wakeApproved(app, plan.digest, newest ?? 0)
  return { statement, ...definedMembers({ note: note?.text }) }
}

/** Why an approval can never count, to be thrown; undefined where it may. */
export async function useless(
  app: RecordApp,
  plan: ShownPlan,
  { statement, principal }: Pick<ProvedAnswer, 'statement' | 'principal'>,
): Promise<EosflowError | undefined> {
  if (statement.decision === 'reject') return undefined
  const made = await alreadyMade(app, plan, 'approve')
  if (made !== undefined) return made
  const spending = await spendingOf(app, plan)
  const lapsed =
    sentNow(spending) === undefined ? spentOn({ statement, record: Number.POSITIVE_INFINITY }, spending) : undefined
  const lost = beforeRestoration(statement, (await app.store.restored())?.at)
  const why = neverCounts(app, plan, principal) ?? lost ?? lapsed
  if (why === undefined) return undefined
  return new EosflowError('not-approved', `the decision is not accepted: ${visibleLine(why)}`, {
    ...nextApprover(app, plan),
  })
}

/** That an execution has made the change of a plan, to be thrown at who wants it approved or run; undefined where none has, or where it was taken back. */
export async function alreadyMade(
  app: RecordApp,
  plan: ShownPlan,
  what: 'approve' | 'run',
): Promise<EosflowError | undefined> {
  const execution = await madeBy(app, plan.digest)
  if (execution === undefined) return undefined
  const waiting = await openRuns(app, plan)
  return new EosflowError(
    'stale',
    `${execution} has made this change: there is nothing to ${what}`,
    hinted(app, { code: 'show-and-plan-again', execution, waiting }),
  )
}

async function openRuns({ store }: RecordApp, { digest }: ShownPlan) {
  return (await store.planRuns(digest)).flatMap(({ execution, ended }) => (ended === undefined ? [execution] : []))
}

function nextApprover(app: RecordApp, plan: ShownPlan): Pick<ErrorOptions, 'hint' | 'next'> {
  const { names } = whoCanApprove(app, plan)
  if (names.length > 0) return hinted(app, { code: 'who-can-approve', names })
  const isKnown = demandsOfRequesters(app, plan).every(({ knownRequester }) => knownRequester === undefined)
  const { requesters, people = [] } = occasionOf(app, plan)
  const login = isKnown ? undefined : strangerAmong(requesters, people)
  if (login !== undefined) return hinted(app, { code: 'trust-login', login })
  return { hint: 'Nothing was approved by it: have the plan approved by somebody whose approval counts.' }
}

async function noteOf(
  app: RecordApp,
  plan: ShownPlan,
  word: ProvedAnswer,
  decisions: readonly RecordedDecision[],
): Promise<{ readonly text: string; readonly isThere?: true } | undefined> {
  const spending = await spendingOf(app, plan)
  const before = await wordBefore(app, plan, word, { spending, decisions, undone: await undoneNow(app, word) })
  if (before !== undefined) {
    const { approver, notBefore } = before
    return { text: `${approver.id} has approved this plan already, at ${notBefore}: it is one approval`, isThere: true }
  }
  const about = aboutRuns(spending)
  return about === undefined || word.statement.maxRuns > 1 ? undefined : { text: about }
}

export async function notesBefore(app: RecordApp, plan: ShownPlan, principal: Principal): Promise<readonly string[]> {
  const spending = await spendingOf(app, plan)
  const own = (await app.store.approvals(plan.digest)).findLast(
    ({ event: { statement, seq }, verified }) =>
      verified &&
      statement.decision === 'approve' &&
      isSameHuman(statement.approver, principal) &&
      app.clock.now() < Date.parse(statement.expires) &&
      spentOn({ statement, record: seq }, spending) === undefined,
  )
  const said = own === undefined ? [] : [`You have approved this plan already, at ${own.event.statement.notBefore}`]
  return [...said, ...[aboutRuns(spending) ?? []].flat()]
}

/** That an execution has sent the plan and has ended, the newest; undefined where none has. */
export function sentBefore({ runs, uses }: Pick<ApprovalUses, 'runs' | 'uses'>): string | undefined {
  const sent = runs.findLast(
    ({ execution, ended }) =>
      ended !== undefined && !ended.isRefused && uses.some((use) => use.execution === execution),
  )
  if (sent === undefined) return undefined
  return `execution ${sent.execution} has made this change: its plan is used, and runs again only on switches that are back to what they ran before it`
}

function aboutRuns(spending: ApprovalUses) {
  const sent = sentNow(spending)
  if (sent !== undefined)
    return `${sent} carries this plan out already: this approval is for it alone, and lapses when it ends`
  const open = spending.runs.filter(({ ended }) => ended === undefined).map(({ execution }) => execution)
  if (open.length === 0) return sentBefore(spending)
  if (open.length < 2) return undefined
  return `${open.join(', ')} wait for this plan: an approval is for the one of them that is sent first`
}

async function spendingOf(app: RecordApp, plan: ShownPlan): Promise<ApprovalUses> {
  const { store } = app
  const runs = await store.planRuns(plan.digest)
  const { from, last } = await carryReading(app, plan)
  const carriedAway = from === undefined ? last : undefined
  return { runs, uses: await store.approvalUses(plan.digest), execution: '', carriedAway }
}

async function undoneNow({ store }: RecordApp, { undo }: ProvedAnswer): Promise<UndonePlan | undefined> {
  if (undo === undefined) return undefined
  return { by: undefined, runs: await store.planRuns(undo.undoes), uses: await store.approvalUses(undo.undoes) }
}

function sentNow({ runs, uses }: ApprovalUses) {
  const open = runs.filter(({ ended }) => ended === undefined)
  return open.find(({ execution }) => uses.some((use) => use.execution === execution))?.execution
}

async function wordBefore(
  app: RecordApp,
  plan: ShownPlan,
  { statement, signature, principal, undo }: ProvedAnswer,
  {
    spending,
    decisions,
    undone,
  }: {
    readonly spending: ApprovalUses
    readonly decisions: readonly RecordedDecision[]
    readonly undone: UndonePlan | undefined
  },
): Promise<ApprovalStatement | undefined> {
  const occasion = occasionOf(app, plan)
  const policy = app.project.policy()?.policy
  const restored = (await app.store.restored())?.at
  const voiceOf = (of: ApprovalStatement, by: Principal, proof: ReturnType<typeof proofOf>): WeighedApproval => ({
    statement: of,
    principal: by,
    roles: policy === undefined ? [] : rolesOf(policy, by, Date.parse(of.notBefore)),
    ...definedMembers({ proof }),
  })
  const own = voiceOf(statement, principal, proofOf(signature))
  // An undo is approved for as long as somebody says: one that ends sooner is another word.
  const isAlike = ({ store, maxRuns, expires }: ApprovalStatement) =>
    store === statement.store && maxRuns === statement.maxRuns && (undo === undefined || expires >= statement.expires)
  const demands = policy === undefined ? [] : demandsOfRequesters(app, plan)
  const found = decisions.findLast(({ event: { statement: one, signature: by, seq }, verified }) => {
    if (!verified || one.decision !== 'approve' || !isSameHuman(one.approver, principal)) return false
    const isOver = occasion.now >= Date.parse(one.expires) || (restored !== undefined && one.notBefore <= restored)
    if (isOver || !isAlike(one)) return false
    const given = { statement: one, record: seq }
    const had = spentOn(given, spending) ?? (undone && notUndone(given, undone))
    if (had !== undefined) return false
    // One that was stopped and goes on waits for another word, also where this one is good for several executions.
    if (spending.runs.some(({ ended, stopped }) => ended === undefined && isBefore(given, stopped))) return false
    const before = voiceOf(one, one.approver, proofOf(by))
    const adds = demands.some(
      (demand) => obstacle(demand, own, occasion) === undefined && obstacle(demand, before, occasion) !== undefined,
    )
    return before.proof === own.proof && !adds
  })
  return found?.event.statement
}
