import { readState } from '../../change/engine/fold.ts'
import type { ApprovalQuestion } from '../../change/engine/ports.ts'
import type { ExecutionState } from '../../change/engine/state.ts'
import { type CarryVerdict, carries } from '../../change/plan/carries.ts'
import type { Plan, ShownPlan } from '../../change/plan/plan.ts'
import { comparedRules, toolOf } from '../../change/plan/rules.ts'
import { keepsBases } from '../../change/plan/settled.ts'
import { countOf } from '../../change/policy/approval.ts'
import {
  type ApprovalCase,
  type ApprovalDemand,
  type ApprovalStage,
  type ComparedPart,
  type Decision,
  LOCAL_DEMAND,
  peopleOf,
  type RecordedUse,
  type Signer,
  withPerson,
} from '../../change/policy/approval-case.ts'
import type { BreakGlass } from '../../change/policy/decide.ts'
import type { CommitTurn } from '../../change/record/sqlite/group-commit.ts'
import type { RecordedCarry, Store } from '../../change/record/store/store.ts'
import type { ApprovalSignature, ApprovalStatement } from '../../model/approval.ts'
import { EosflowError } from '../../model/error.ts'
import { definedMembers } from '../../model/json.ts'
import { once } from '../../model/once.ts'
import type { Principal } from '../../model/principal.ts'
import { VERSION } from '../../model/version.ts'
import { demandsMet } from '../../report/policy/demands-met.ts'
import { type ApprovalTerms, termsOf } from '../access/policy/demands.ts'
import type { RecordApp } from '../app/app.ts'
import type { ProjectStore } from '../app/store/project-store.ts'
import { planAsApproved } from '../history/plans/settled-plan.ts'
import type { SilentCaller } from '../identity/caller-of.ts'
import { passkeysNow, reviewersNow, trustNow } from '../identity/signers/common-server-key.ts'
import { judgedFor } from '../identity/worker-principal.ts'
import { movedNow } from '../plan/definition/definition-of.ts'
import { type DefinitionNow, definitionOfNow } from '../plan/planning.ts'
import { undonePlan } from '../plan/rollback/sources.ts'
import { sharedInTurn } from '../system/process/host.ts'
import { noSeams } from '../system/process/seams.ts'
import { holdsFor, signerHere, signerOf, type Trust, trustHere } from './signer.ts'

/** Reads where the approvals of a plan have carried to, or come from: `family` is every plan by which one may have been used, this one first. Throws BrokenChainError. */
export async function carryReading(
  { store }: Pick<ProjectStore, 'store'>,
  plan: Pick<ShownPlan, 'digest' | 'content'>,
  toSend?: 'toSend',
) {
  const from = plan.content.rebases
  const carried = from || keepsBases(plan) ? await store.carried(from ?? plan.digest, toSend) : []
  const others = from ? [from, ...carried.map(({ to }) => to)] : []
  const own = carried.findLast(({ to }) => to === plan.digest)
  return { from, family: [...new Set([plan.digest, ...others])], last: carried.at(-1), own }
}

export interface CarryContext extends Awaited<ReturnType<typeof carryReading>> {
  readonly app: Pick<ProjectStore, 'store'>
  readonly terms: Pick<ApprovalTerms, 'passedSince'>
  readonly given: readonly Pick<Decision, 'statement'>[]
  readonly now: number
  readonly isAsked: boolean
  readonly verdict: CarryVerdict | undefined
}

export async function carryFacts(context: CarryContext): Promise<Pick<ApprovalCase, 'carry' | 'carriedAway'>> {
  const { from, family, last, own, given, now, isAsked, verdict } = context
  if (from === undefined) return { carriedAway: last }
  const counted = given.filter(({ statement: { plan, expires, nonce } }) =>
    isAsked ? plan === from && now < Date.parse(expires) : own?.nonces.includes(nonce),
  )
  return {
    carry: {
      plan: from,
      nonces: counted.map(({ statement }) => statement.nonce),
      others: family,
      because: verdict?.obstacles.join('; ') || undefined,
      later: isAsked || own === last ? undefined : last?.to,
      passed: counted.length === 0 ? undefined : await passedSince(context, counted),
      kinds: verdict?.differences.map(({ kind }) => kind) ?? [],
    },
  }
}

// What has gone by since the first of some approvals was given: a freeze, or the end of a window.
async function passedSince({ app: { store }, terms, now }: CarryContext, given: CarryContext['given']) {
  const first = Math.min(...given.map(({ statement }) => Date.parse(statement.notBefore)))
  const newest = [...(await store.newestOf('FreezeSet', 1)), ...(await store.newestOf('FreezeEnded', 1))]
  const open = await store.freezes(new Date(first).toISOString())
  const isFrozen = open.length > 0 || newest.some(({ at }) => Date.parse(at) >= first)
  return isFrozen ? 'a freeze has been in force since the first approval' : terms.passedSince(first, now)
}

// How far the clock may go back before that is put on record, in milliseconds (docs/fault-model.md row 22).
const BACKWARD = 30_000

interface AskedCarry {
  readonly approved: Plan
  readonly verdict: CarryVerdict
}

export interface CaseSources<P extends ShownPlan = Plan> {
  readonly app: ProjectStore
  readonly caller: SilentCaller
  terms(): ApprovalTerms
  /** The digest of the workflow's files, each as it is when it is asked about first; null when they are not as they were. */
  definition(): DefinitionNow
  moved(plan: P): readonly string[]
  demands(plan: P): Readonly<Record<string, ComparedPart>>
  trust(): Omit<Trust, 'now'>
  /** The plan that is taken back, by its digest, and for which execution; undefined for what is no undo. */
  readonly undone?: { readonly plan: string; readonly by: string | undefined } | undefined
  /** The plan that people approved and how this one differs, if it is asked whether its approvals may carry; absent: the record names it. */
  readonly asked?: AskedCarry | undefined
  /** Nobody sends by it: a signature whose program is not on this machine is of nobody, where it throws otherwise. */
  readonly isShownOnly?: true
  /** When those who ask together are given one reading; absent: each is given one. */
  readonly turn?: CommitTurn
  /** Takes the newest published policy, inventory and keys, before anything is asked. */
  renew?(): Promise<void>
}

/** Those who ask in one turn of the loop share one reading of the store, which begins behind their questions. */
export function approvalCases(sources: CaseSources): (question: ApprovalQuestion) => Promise<ApprovalCase> {
  const read = readingOf(sources, clockWatch(sources.app, sources.caller), carries)
  const shared = sharedInTurn(
    sources.turn,
    ({ digest }: Plan) => digest,
    async (plan) => {
      await sources.renew?.()
      return read(plan)
    },
  )
  return async (question) => caseIn(sources, question, await shared(question.plan))
}

// Hears of the wall time, the monotonic time and the time of the newest record, each in milliseconds, whenever facts are gathered.
type ClockWatch = (now: number, monotonic: number, latest: number) => Promise<void>

export function caseGatherer<P extends ShownPlan>(
  sources: Omit<CaseSources<P>, 'renew' | 'turn'>,
  watch?: ClockWatch,
): (question: CaseQuestion<P>) => Promise<ApprovalCase> {
  const read = readingOf(sources, watch)
  return async (question) => caseIn(sources, question, await read(question.plan))
}

type CaseQuestion<P extends ShownPlan> = Omit<ApprovalQuestion, 'plan'> & { readonly plan: P }

interface CaseReading
  extends Pick<
    ApprovalCase,
    'decisions' | 'uses' | 'runs' | 'undone' | 'highestWallTimeSeen' | 'carry' | 'carriedAway' | 'requesters' | 'people'
  > {
  readonly terms: ApprovalTerms
  readonly signers: Trust['signers']
  readonly restored: Awaited<ReturnType<Store['restored']>>
  readonly definition: DefinitionNow
  moved(): readonly string[]
  demands(): Readonly<Record<string, ComparedPart>>
}

function readingOf<P extends ShownPlan>(
  sources: Omit<CaseSources<P>, 'renew' | 'turn'>,
  watch: ClockWatch | undefined,
  judge?: (approved: Plan, made: P) => CarryVerdict,
): (plan: P) => Promise<CaseReading> {
  const { app } = sources
  const toSend = judge === undefined ? undefined : 'toSend'
  const verdicts = new Map<string, CarryVerdict>()
  const seen = new Map<string, Decision['loaded']>()
  return async (plan) => {
    const now = app.clock.now()
    const monotonic = app.clock.monotonic()
    const highestWallTimeSeen = Date.parse((await app.store.head()).latest ?? '1970-01-01T00:00:00Z')
    await watch?.(now, monotonic, highestWallTimeSeen)
    const terms = sources.terms()
    const { signers } = sources.trust()
    const restored = await app.store.restored()
    const carried = await carryReading(app, plan, toSend)
    const { family, from, own } = carried
    const approved = sources.asked?.approved ?? (own && (await planAsApproved(app, approvedIn(own))))
    const decided = await app.store.approvals(plan.digest, toSend)
    const others = from === undefined ? [] : family.filter((one) => one !== plan.digest)
    const before = await ofEach(others, (one) => app.store.approvals(one, toSend))
    // In this order: what is known of executions is no older than the approvals, and who used one no older than both.
    const runs = await ofEach(family, (one) => app.store.planRuns(one))
    const uses = await ofEach(family, (one) => app.store.approvalUses(one))
    const decisions = [...decided, ...before].map(async ({ event, verified }): Promise<Decision> => {
      const { statement, signature, seal } = event
      const signer = await signerOfRecord(statement, signature, { ...sources.trust(), now }, sources)
      const principal = withPerson(signer.status === 'proved' ? signer.principal : statement.approver, signers)
      const loaded = seen.get(statement.nonce) ?? { wall: Math.max(now, highestWallTimeSeen), monotonic }
      seen.set(statement.nonce, loaded)
      return {
        statement,
        record: event.seq,
        ...definedMembers({ signature }),
        seal,
        intact: verified,
        signer: signer.status === 'proved' ? { ...signer, principal } : signer,
        entitled: terms.mayDecide(statement, principal, plan),
        roles: terms.rolesOf(principal, Date.parse(statement.notBefore)),
        loaded,
      }
    })
    const pair = `${approved?.digest} ${plan.digest}`
    const verdict = sources.asked?.verdict ?? verdicts.get(pair) ?? (approved && judge?.(approved, plan))
    if (verdict !== undefined) verdicts.set(pair, verdict)
    return {
      ...(await carryFacts({
        ...carried,
        app,
        terms,
        given: [...decided, ...before].map(({ event }) => event),
        now: Math.max(now, highestWallTimeSeen),
        isAsked: sources.asked !== undefined,
        verdict,
      })),
      requesters: [...plan.content.requesters, ...(approved?.content.requesters ?? [])].map((one) =>
        withPerson(one, signers),
      ),
      people: peopleOf(signers),
      signers,
      highestWallTimeSeen,
      terms,
      restored,
      runs,
      uses,
      decisions: await Promise.all(decisions),
      ...(await undoneIn(sources)),
      definition: sources.definition(),
      moved: once(() => sources.moved(plan)),
      demands: once(() => sources.demands(plan)),
    }
  }
}

function caseIn<P extends ShownPlan>(
  { app, caller }: Omit<CaseSources<P>, 'renew' | 'turn'>,
  { plan, moment, recomputed, execution, starter, isAsked, change }: CaseQuestion<P>,
  { terms, signers, restored, definition, moved, demands, ...reading }: CaseReading,
): ApprovalCase {
  return {
    ...reading,
    moment,
    plan: { digest: plan.digest, recomputed },
    demands: terms.demandsOn(askedBy(plan, reading.requesters), isAsked, {
      device: change?.device,
      isLive: moment === 'confirm',
    }),
    store: { id: app.store.id, any: terms.anyStore, ...definedMembers({ restored: restored?.at }) },
    runners: [...(starter === undefined ? [] : [starter]), caller.principal].map((one) => withPerson(one, signers)),
    // A store behind a network may have kept these questions waiting: what counts is the time at which they are judged.
    now: app.clock.now(),
    monotonic: app.clock.monotonic(),
    longest: holdsFor(plan),
    key: app.key.text,
    formerKeys: app.key.former,
    execution,
    moved: moment === 'confirm' ? [] : moved(),
    sources: {
      'the workflow or one of its files': {
        planned: plan.content.workflow.digest,
        // What is edited while a change runs under its timer changes nothing of what was verified.
        found: moment === 'confirm' ? plan.content.workflow.digest : definition(change?.device),
      },
      'the policy': { planned: plan.content.policy, found: terms.policy },
      ...comparedRules(plan.content.tool, toolOf(VERSION)),
      ...(moment === 'confirm' ? {} : demanded(demands())),
    },
    ...definedMembers({ change }),
  }
}

function approvedIn({ plan: digest, approved: ref }: RecordedCarry) {
  return { ref, digest, what: 'the plan whose approvals have carried' }
}

function askedBy<P extends ShownPlan>(plan: P, requesters: ApprovalCase['requesters']): P {
  return { ...plan, content: { ...plan.content, requesters } }
}

async function ofEach<T>(plans: readonly string[], ask: (plan: string) => Promise<readonly T[]>) {
  const all: T[] = []
  for (const plan of plans) all.push(...(await ask(plan)))
  return all
}

async function undoneIn({
  app: { store },
  undone,
}: Pick<CaseSources, 'app' | 'undone'>): Promise<Pick<ApprovalCase, 'undone'>> {
  if (undone === undefined) return {}
  const runs = await store.planRuns(undone.plan)
  const uses = await store.approvalUses(undone.plan)
  const reject = (await store.approvals(undone.plan)).find(({ event }) => event.statement.decision === 'reject')
  const rejected = reject === undefined ? {} : { rejectedBy: reject.event.statement.approver.id }
  return { undone: { by: undone.by, runs, uses, ...rejected } }
}

function demanded(
  demands: ReturnType<CaseSources['demands']>,
): Readonly<Record<`what the workflow gives for ${string}`, ComparedPart>> {
  return Object.fromEntries(
    Object.entries(demands).map(([name, compared]) => [`what the workflow gives for \`${name}\``, compared]),
  )
}

async function signerOfRecord(
  statement: ApprovalStatement,
  signature: ApprovalSignature | undefined,
  trust: Trust,
  { isShownOnly }: Pick<CaseSources, 'isShownOnly'>,
): Promise<Signer> {
  if (signature === undefined) return signerHere(statement)
  try {
    return await signerOf(statement, signature, trust)
  } catch (error) {
    const isProgram = error instanceof EosflowError && error.kind === 'protocol'
    if (isShownOnly !== true || !isProgram) throw error
    // Whoever drives may have the program: a page shows everything else.
    return { status: 'untrusted', reason: error.message }
  }
}

// Puts on record, once, that the clock has gone back: behind the newest record, or behind what has passed since it was read first.
function clockWatch({ store, clock }: ProjectStore, { principal }: SilentCaller): ClockWatch {
  const first = { wall: clock.now(), monotonic: clock.monotonic() }
  let isTold = false
  return async (now, monotonic, latest) => {
    const highest = Math.max(latest, first.wall + Math.floor(monotonic - first.monotonic))
    if (isTold || highest - now <= BACKWARD) return
    isTold = true
    const [was, is] = [new Date(highest).toISOString(), new Date(now).toISOString()]
    await store.as(principal).append(undefined, [{ type: 'ClockSetBack', latest: was, now: is }])
  }
}

export function caseSources(
  app: RecordApp,
  caller: SilentCaller,
  state: ExecutionState,
  breakGlass: BreakGlass | undefined,
): Omit<CaseSources, 'demands'> {
  const { project } = app
  return {
    app,
    caller,
    terms: () => termsOf(app, judgedFor(caller, state), breakGlass),
    definition: definitionOfNow(app, state),
    moved: movedNow(project, app.key),
    trust: () => trustForRecord(app),
    ...undoneBy(state),
    renew: async () => project.published?.renew(),
    turn: (app.seams ?? noSeams).moment,
  }
}

function undoneBy({ file, undoes }: ExecutionState): Pick<CaseSources, 'undone'> {
  const plan = undonePlan(file)
  return plan === undefined ? {} : { undone: { plan, by: undoes ?? '' } }
}

export function trustForRecord(app: RecordApp): Omit<Trust, 'now'> {
  const { project, key } = app
  const reviewers = reviewersNow(project)
  return {
    signers: trustNow(project),
    passkeys: passkeysNow(project),
    reviewers,
    ...trustHere(app),
    former: key.former,
  }
}

export interface ApprovalTally {
  readonly demands: readonly { readonly demand: ApprovalDemand; readonly have: number }[]
  readonly needed: number
  readonly have: number
  readonly isRejected: boolean
}

/** How far the approvals of a plan come where `sender` sends it: counted as they are judged before a commit, so that the own approval of whoever has made the plan, or one of somebody without the role, is none where that does not count. */
export async function approvalTally(
  app: RecordApp,
  plan: ShownPlan,
  state: ExecutionState | undefined,
  sender: Principal,
): Promise<ApprovalTally> {
  return tallyFrom(app, plan, state, sender, await recordedCase(app, plan, state?.id ?? '', sender))
}

/** The same from what is known already: `gathered` is the recorded case of this plan, execution and sender. */
export function tallyFrom(
  app: RecordApp,
  plan: ShownPlan,
  state: ExecutionState | undefined,
  sender: Principal,
  gathered: ApprovalCase,
): ApprovalTally {
  const demands = demandsFor(app, plan, sender)
  const asked = demands.length === 0 ? [LOCAL_DEMAND] : demands
  const facts = state === undefined ? gathered : { ...gathered, moment: momentOf(state, gathered.uses) }
  const counted = asked.map((demand) => ({ demand, have: countOf(demand, facts) }))
  const missing = Math.max(...counted.map(({ demand, have }) => demand.count - have), 0)
  const needed = Math.max(...asked.map(({ count }) => count))
  return {
    demands: demands.length === 0 ? [] : counted,
    needed,
    have: needed - missing,
    isRejected: facts.decisions.some(({ statement }) => statement.decision === 'reject'),
  }
}

/** What the policy and the workflow demand of a plan that `sender` sends; none in local mode. */
export function demandsFor(app: RecordApp, plan: ShownPlan, sender: Principal): readonly ApprovalDemand[] {
  const terms = termsOf(app, { principal: sender })
  return terms.policy === null ? [] : terms.demandsOn(plan, plan.content.approve !== null)
}

/** `caller` is who sends one that nobody has asked for. */
export async function tallyOnRecord(
  app: RecordApp,
  caller: Principal,
  { plan, execution }: { readonly plan: ShownPlan; readonly execution: string },
): Promise<ApprovalTally> {
  const state = await readState(app.store, execution)
  return approvalTally(app, plan, state, state.requester ?? caller)
}

// What was enough for a push is not counted anew because time has passed since; what is waited for is, and what another one used.
function momentOf({ id, scopes, status, purpose }: ExecutionState, uses: readonly RecordedUse[]): ApprovalStage {
  const isAwaited = [...scopes.values()].some(({ phase, token }) => phase === 'waiting' && token === undefined)
  if (isAwaited) return 'start'
  const isOver = status === 'ended' && purpose === 'run'
  return isOver || uses.some(({ execution }) => execution === id) ? 'confirm' : 'start'
}

/** `asked`: whose approvals may carry to it. */
export function recordedCase(
  app: RecordApp,
  plan: ShownPlan,
  execution: string,
  sender: Principal,
  asked?: AskedCarry,
): Promise<ApprovalCase> {
  const terms = termsOf(app, { principal: sender })
  return caseGatherer<ShownPlan>({
    app,
    caller: { principal: sender },
    terms: () => terms,
    definition: () => () => plan.content.workflow.digest,
    moved: () => [],
    demands: () => ({}),
    trust: () => trustForRecord(app),
    isShownOnly: true,
    asked,
  })({
    moment: 'start',
    plan,
    recomputed: plan.digest,
    execution,
    starter: sender,
    isAsked: plan.content.approve !== null,
  })
}

export async function stillMissing(
  app: RecordApp,
  caller: Principal,
  { plan, execution }: { readonly plan: Plan; readonly execution?: string | undefined },
): Promise<readonly string[]> {
  const [requester = caller] = plan.content.requesters
  const { have, needed, demands } =
    execution === undefined
      ? await approvalTally(app, plan, undefined, requester)
      : await tallyOnRecord(app, caller, { plan, execution })
  if (have >= needed) return []
  const unmet = demandsMet(demands).filter((one) => one.have < one.count)
  if (unmet.length === 0) return [`${have} of ${needed}`]
  return unmet.map(({ words, have: met, count }) => `${met} of ${count} (${words})`)
}

export function enoughOf(missing: readonly string[]): {
  readonly enough: boolean
  readonly missing?: readonly string[]
} {
  return missing.length === 0 ? { enough: true } : { enough: false, missing }
}
