import type { ShownPlan } from '../../change/plan/plan.ts'
import { beforeRestoration, countOf } from '../../change/policy/approval.ts'
import {
  type ApprovalCase,
  type ApprovalDemand,
  type ApprovalUses,
  isBefore,
  type NamedSigner,
  notUndone,
  type Proof,
  peopleOf,
  proofOf,
  spentOn,
  strangerAmong,
  type UndonePlan,
  withPerson,
} from '../../change/policy/approval-case.ts'
import { rolesOf } from '../../change/policy/policy.ts'
import {
  allowedTo,
  isSameHuman,
  missingProof,
  obstacle,
  type QuorumContext,
  type WeighedApproval,
  wantedOf,
} from '../../change/policy/quorum.ts'
import type { RecordedDecision } from '../../change/record/store/store.ts'
import type { ApprovalSignature, ApprovalStatement } from '../../model/approval.ts'
import { EosflowError, type ErrorOptions } from '../../model/error.ts'
import { definedMembers } from '../../model/json.ts'
import type { Principal } from '../../model/principal.ts'
import { visibleLine } from '../../report/text/text.ts'
import { type ActJudgement, decided, type PolicyContext, whileAllowed } from '../access/policy/authority.ts'
import { demandsOn } from '../access/policy/demands.ts'
import type { RecordApp } from '../app/app.ts'
import { wakeApproved } from '../app/dispatch/worker-dispatch.ts'
import { madeBy } from '../history/plans/made-change.ts'
import type { SilentCaller } from '../identity/caller-of.ts'
import { trustNow } from '../identity/signers/common-server-key.ts'
import { APPROVAL_NAMESPACE } from '../identity/ssh/ssh-allowed-signers.ts'
import { hinted } from '../system/process/input-error.ts'
import { carryReading } from './case.ts'
import { recordDecision, sshPrincipal, statementOf, type UndoneBy } from './signer.ts'

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

export interface ProvedPrincipal {
  readonly principal: Principal
  readonly proof?: Proof
}

/** Why an approval would count for none of the demands that are not met by just anybody; undefined where it counts for one, or there is none. */
export function uncounted(
  app: RecordApp,
  plan: ShownPlan,
  proved: ProvedPrincipal,
  signers: readonly NamedSigner[] = trustNow(app.project),
): string | undefined {
  return uncountedFor(app, plan, demandsOfRequesters(app, plan), proved, signers)
}

export function neverCounts(app: RecordApp, plan: ShownPlan, principal: Principal): string | undefined {
  if (app.project.policy() === undefined) return undefined
  const demands = demandsOfRequesters(app, plan).map(({ proof: _, ...demand }) => demand)
  return uncountedFor(app, plan, demands, { principal }, trustNow(app.project))
}

function uncountedFor(
  app: RecordApp,
  plan: ShownPlan,
  all: readonly ApprovalDemand[],
  proved: ProvedPrincipal,
  signers: readonly NamedSigner[],
) {
  const particular = all.filter(isParticular)
  const demands = particular.length === 0 ? all : particular
  const principal = withPerson(proved.principal, signers)
  const voice = voiceOf(app, plan, { ...proved, principal })
  const occasion = occasionOf(app, plan, signers)
  const reasons = demands.map((demand) => obstacle(demand, voice, occasion)?.reason)
  return reasons.includes(undefined) ? undefined : reasons[0]
}

function voiceOf(app: RecordApp, plan: ShownPlan, { principal, proof }: ProvedPrincipal): WeighedApproval {
  const now = app.clock.now()
  const loaded = app.project.policy()
  const statement = statementOf(plan, { decision: 'approve', comment: '' }, principal, now)
  const roles = loaded === undefined ? [] : rolesOf(loaded.policy, principal, now)
  return { statement, principal, roles, ...definedMembers({ proof }) }
}

// A run by whoever has asked for the plan, as far as it is known before there is one.
function occasionOf(
  app: RecordApp,
  plan: ShownPlan,
  signers: readonly NamedSigner[] = trustNow(app.project),
): Omit<QuorumContext, 'demands'> {
  const now = app.clock.now()
  return {
    moment: 'start',
    requesters: plan.content.requesters.map((one) => withPerson(one, signers)),
    people: peopleOf(signers),
    runners: [],
    uses: [],
    store: { id: app.store.id, any: true },
    execution: '',
    now,
    highestWallTimeSeen: now,
  }
}

function isParticular({ from, notRequester, notRunner, proof }: ApprovalDemand) {
  return from.length > 0 || notRequester || notRunner || proof !== undefined
}

export function proofNotes(app: PolicyContext, plan: ShownPlan, proof: Proof | undefined): readonly string[] {
  if (app.project.policy() === undefined) return []
  const voice = proof === undefined ? {} : { proof }
  const notes = demandsOfRequesters(app, plan).flatMap((demand) => {
    const why = missingProof(demand, voice)
    return why === undefined ? [] : [`this approval does not count for ${demand.by}: ${why}`]
  })
  return [...new Set(notes)]
}

export function demandsOfRequesters(app: PolicyContext, plan: ShownPlan): readonly ApprovalDemand[] {
  const isAsked = plan.content.approve !== null
  return plan.content.requesters.flatMap((principal) => demandsOn(app, { principal }, plan, { isAsked }))
}

export function mayApprove(app: RecordApp, caller: SilentCaller, plan: ShownPlan): boolean {
  const about = { devices: plan.content.waves.flat(), workflow: plan.content.workflow.file }
  return (
    decided(app, caller, 'plan.approve', about).effect === 'allow' &&
    neverCounts(app, plan, caller.principal) === undefined
  )
}

export async function waitsFor(
  app: RecordApp,
  { principal }: SilentCaller,
  plan: ShownPlan,
  facts: ApprovalCase,
): Promise<boolean> {
  if (neverCounts(app, plan, principal) !== undefined) return false
  return !hasApproved(app, facts, principal) && (await madeBy(app, plan.digest)) === undefined
}

export function hasApproved(app: RecordApp, facts: ApprovalCase, principal: Principal): boolean {
  const person = withPerson(principal, trustNow(app.project))
  const others = facts.decisions.filter(
    ({ signer, statement: { approver } }) =>
      !isSameHuman(signer.status === 'proved' ? signer.principal : approver, person),
  )
  if (others.length === facts.decisions.length) return false
  const without = { ...facts, decisions: others }
  return facts.demands
    .filter((demand) => countOf(demand, facts) < demand.count)
    .every((demand) => countOf(demand, without) < countOf(demand, facts))
}

export interface WantedApprovers {
  readonly wanted: readonly string[]
  /** The people whose trusted SSH key would approve it now: the policy lets them, and their approval would count. */
  readonly names: readonly string[]
  /** True if all of them sign with an SSH key: they need the file only, and send back what they have signed. */
  readonly byKey: boolean
}

export function whoCanApprove(app: RecordApp, plan: ShownPlan): WantedApprovers {
  const policy = app.project.policy()?.policy
  const names = namesOf(app, plan)
  if (policy === undefined) return { wanted: [], names, byKey: false }
  const demands = demandsOfRequesters(app, plan)
  const wanted = demands.flatMap((demand) => wantedOf(policy, demand) ?? [])
  const members = demands.flatMap(({ from }) => from).flatMap((role) => policy.roles[role]?.members ?? [])
  return {
    wanted: wanted.length > 0 ? wanted : [allowedTo(policy, 'plan.approve')],
    names,
    byKey: members.length > 0 && members.every((member) => member.startsWith('ssh:')),
  }
}

function namesOf(app: RecordApp, plan: ShownPlan) {
  const now = app.clock.now()
  const signers = trustNow(app.project)
  const valid = signers.filter(
    ({ namespaces, validAfter = -Infinity, validBefore = Infinity }) =>
      namespaces?.includes(APPROVAL_NAMESPACE) !== false && validAfter <= now && now < validBefore,
  )
  const about = { devices: plan.content.waves.flat(), workflow: plan.content.workflow.file }
  return [...new Set(peopleOf(valid))].filter((name) => {
    const principal = sshPrincipal(name, new Date(now).toISOString())
    const isAllowed = decided(app, { principal }, 'plan.approve', about).effect === 'allow'
    return isAllowed && uncounted(app, plan, { principal, proof: 'ssh' }, signers) === undefined
  })
}
