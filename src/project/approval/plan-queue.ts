import { foldAll } from '../../change/engine/fold.ts'
import type { ExecutionState } from '../../change/engine/state.ts'
import { selectDevices } from '../../change/inventory/selector.ts'
import { carries, differenceWords } from '../../change/plan/carries.ts'
import type { Plan, ShownPlan } from '../../change/plan/plan.ts'
import { judgeBehind } from '../../change/plan/queue-order.ts'
import { readShownPlan } from '../../change/plan/recorded-plan.ts'
import { keepsBases } from '../../change/plan/settled.ts'
import { storePlan } from '../../change/plan/stored-plan.ts'
import { approvedUntil, judgeApprovals } from '../../change/policy/approval.ts'
import { type ApprovalCase, sharedKinds } from '../../change/policy/approval-case.ts'
import { MOST_CARRIES } from '../../change/policy/window.ts'
import type { ArtefactRef } from '../../change/record/event/record-schema.ts'
import type { ApprovalStatement } from '../../model/approval.ts'
import { EosflowError } from '../../model/error.ts'
import { definedMembers } from '../../model/json.ts'
import { natural } from '../../model/natural-order.ts'
import type { Principal } from '../../model/principal.ts'
import type { PlanQueue, QueueRow, QueueState } from '../../report/plan/queue.ts'
import { demandWords } from '../../report/policy/explanation.ts'
import { count, short, visibleLine } from '../../report/text/text.ts'
import {
  type AllowedAct,
  decided,
  mayEver,
  type PolicyContext,
  policyNow,
  requireAllowed,
  writeAllowed,
} from '../access/policy/authority.ts'
import { aboutExecution, aboutPlan, mayReadPlan, requirePlanSight } from '../access/policy/entry.ts'
import type { RecordApp } from '../app/app.ts'
import { keptExecutions } from '../history/executions/kept-executions.ts'
import { executionRow } from '../history/executions/list-executions.ts'
import { madeBy } from '../history/plans/made-change.ts'
import type { Caller, SilentCaller } from '../identity/caller-of.ts'
import { requireFeatures } from '../system/feature/feature.ts'
import { orProblems } from '../system/process/input-error.ts'
import { type ApprovalTally, approvalTally, carryReading, recordedCase } from './case.ts'

// No approval holds for longer than a workflow may say, a week, and none is on record before it was given, but for clocks: in milliseconds.
const LONGEST = 8 * 86_400_000
// So many decisions are looked at first, and so many executions at once.
const PAGE = 100

interface OpenRun {
  readonly state: ExecutionState
  readonly standing: string
  readonly began: string
}

interface Candidate {
  readonly digest: string
  readonly ref: ArtefactRef
  readonly runs: readonly OpenRun[]
}

interface Placed {
  readonly candidate: Candidate
  readonly plan: ShownPlan
  readonly row: Omit<QueueRow, 'behind'>
  readonly place: readonly [number, number, string]
  readonly never: readonly string[]
  readonly kinds: readonly string[]
}

/** The plans of this store that are approved and that nobody has sent, and those of executions that are open, in the order in which they are sent if nobody changes it; and what each has to expect of those before it. `target` selects switches. */
export async function planQueue(app: RecordApp, caller: SilentCaller, target: string | undefined): Promise<PlanQueue> {
  const names = target === undefined ? undefined : namesOf(app, target)
  const { candidates, unread } = await candidatesIn(app, names)
  const placed: Placed[] = []
  const withheld: ShownPlan[] = []
  let unreadable = unread
  for (const candidate of candidates) {
    const plan = await shownPlan(app, candidate.ref)
    if (plan === undefined) unreadable += 1
    if (plan === undefined || !plan.content.waves.flat().some((name) => names?.has(name) ?? true)) continue
    const found = await placedOf(app, caller, candidate, plan)
    if (found === undefined) continue
    if (mayReadPlan(app, caller, plan)) placed.push(found)
    else withheld.push(plan)
  }
  await requireSome(app, caller, placed.length, withheld)
  placed.sort((a, b) => byPlace(a.place, b.place))
  return {
    rows: behindEachOther(placed),
    switches: switchesOf(placed, names),
    withheld: withheld.length,
    unread: unreadable,
  }
}

async function requireSome(app: PolicyContext, caller: SilentCaller, seen: number, [first]: readonly ShownPlan[]) {
  if (seen > 0) return
  if (first !== undefined) await requirePlanSight(app, caller, first)
  else if (!mayEver(app, caller, 'plan.read') && !mayEver(app, caller, 'plan.approve'))
    await requireAllowed(app, caller, 'plan.read')
}

function namesOf({ project }: PolicyContext, target: string): ReadonlySet<string> {
  const inventory = project.inventory()
  return new Set(orProblems(selectDevices(target, inventory)).map(({ name }) => name))
}

async function candidatesIn(app: RecordApp, names: ReadonlySet<string> | undefined) {
  const found = new Map<string, Candidate>()
  for (const run of await openRuns(app, names)) {
    const { plan } = run.state
    if (plan === undefined) continue
    found.set(plan.digest, { ...plan, runs: [...(found.get(plan.digest)?.runs ?? []), run] })
  }
  let unread = 0
  for (const digest of await approvedDigests(app)) {
    if (found.has(digest)) continue
    const made = await app.store.planMade(digest)
    if (made === undefined) unread += 1
    else found.set(digest, { digest, ref: made.plan, runs: [] })
  }
  return { candidates: [...found.values()], unread }
}

async function openRuns(app: RecordApp, names: ReadonlySet<string> | undefined): Promise<readonly OpenRun[]> {
  const runs: OpenRun[] = []
  for (let before: string | undefined; ; ) {
    const page = await app.store.executions({ limit: PAGE, open: true, ...definedMembers({ before }) })
    const meant = page.filter(({ id, first }) => {
      const { purpose, targets } = foldAll(id, [first])
      return purpose === 'run' && (names === undefined || targets.some((name) => names.has(name)))
    })
    const kept = await keptExecutions(app.store).each(meant.map(({ id }) => id))
    for (const [at, one] of kept.entries()) {
      const began = meant[at]?.first.at ?? ''
      const { state, standing } = await executionRow(app, began, one)
      if (state.outcome === undefined) runs.push({ state, standing, began })
    }
    before = page.at(-1)?.id
    if (before === undefined || page.length < PAGE) return runs
  }
}

async function approvedDigests({ store, clock }: RecordApp) {
  const now = Math.max(clock.now(), Date.parse((await store.head()).latest ?? '1970-01-01T00:00:00Z'))
  const digests = new Set<string>()
  for (let limit = PAGE; ; limit *= 4) {
    const decisions = await store.newestOf('ApprovalDecided', limit)
    const oldest = decisions.at(-1)
    if (decisions.length === limit && oldest !== undefined && Date.parse(oldest.at) > now - LONGEST) continue
    // An undo is for what comes of a plan: it waits for nobody.
    for (const { statement, undoes } of decisions)
      if (undoes === undefined && isLive(statement, now)) digests.add(statement.plan)
    break
  }
  for (const digest of [...digests]) for (const { to } of await store.carried(digest)) digests.add(to)
  return [...digests]
}

function isLive({ decision, expires }: ApprovalStatement, now: number) {
  return decision === 'approve' && now < Date.parse(expires)
}

async function shownPlan({ store }: PolicyContext, ref: ArtefactRef) {
  try {
    return readShownPlan(await store.get(ref))
  } catch (error) {
    if (error instanceof EosflowError && error.kind === 'stale') return undefined
    throw error
  }
}

async function placedOf(
  app: RecordApp,
  caller: SilentCaller,
  candidate: Candidate,
  plan: ShownPlan,
): Promise<Placed | undefined> {
  const [run] = candidate.runs
  const sender = run?.state.requester ?? (plan.content.requesters[0] as Principal | undefined) ?? caller.principal
  const facts = await recordedCase(app, plan, run?.state.id ?? '', sender)
  const isUsed = candidate.runs.some(({ state }) => facts.uses.some(({ execution }) => execution === state.id))
  const judged = judgeApprovals(facts)
  const isApproved = judged.status === 'approved'
  // What was made waits for nobody, and approves nothing.
  if (!isUsed && (await madeBy(app, plan.digest)) !== undefined) return undefined
  if (run === undefined && !isApproved) return undefined
  const state: QueueState = isUsed ? 'under-way' : isApproved ? 'approved' : 'waiting'
  const approvals = isApproved ? judged.approvals : facts.decisions.map(({ statement }) => statement).filter(isApproval)
  const until = isUsed ? undefined : approvedUntil(facts)
  const nonces = new Set(approvals.map(({ nonce }) => nonce))
  const records = facts.decisions.flatMap(({ statement, record }) => (nonces.has(statement.nonce) ? [record] : []))
  return {
    candidate,
    plan,
    never: await neverCarries(app, plan, facts),
    kinds: sharedKinds(facts.demands),
    // What is sent already is before all others, and what is not approved behind them.
    place: [STATES.indexOf(state), state === 'approved' ? Math.max(0, ...records) : 0, run?.began ?? ''],
    row: {
      digest: plan.digest,
      workflow: plan.content.workflow.name,
      file: plan.content.workflow.file,
      switches: plan.content.waves.flat(),
      state,
      requesters: plan.content.requesters,
      approvals: approvals.map(({ approver, notBefore }) => ({ approver, at: notBefore })),
      ...(until === undefined ? {} : { until: new Date(until).toISOString() }),
      ...definedMembers({ rebases: plan.content.rebases }),
      executions: candidate.runs
        .filter((one) => decided(app, caller, 'execution.read', aboutExecution(one.state)).effect === 'allow')
        .map(({ state: { id }, standing }) => ({ id, standing })),
    },
  }
}

const STATES: readonly QueueState[] = ['under-way', 'approved', 'waiting']

function byPlace(a: Placed['place'], b: Placed['place']) {
  return a[0] - b[0] || a[1] - b[1] || a[2].localeCompare(b[2])
}

const isApproval = ({ decision }: ApprovalStatement) => decision === 'approve'

async function neverCarries(app: RecordApp, plan: ShownPlan, { demands }: ApprovalCase) {
  if (sharedKinds(demands).length === 0) return ['no rule of the policy lets its approvals carry']
  if (!keepsBases(plan)) return ['the plan does not keep its base']
  const { last } = await carryReading(app, plan)
  return (last?.nth ?? 0) < MOST_CARRIES ? [] : [`its approvals have carried ${MOST_CARRIES} times already`]
}

function behindEachOther(placed: readonly Placed[]): readonly QueueRow[] {
  return placed.map((one, at) => ({
    ...one.row,
    behind: placed.slice(0, at).flatMap((earlier) => {
      const judged = judgeBehind(one, earlier)
      return judged === undefined ? [] : [{ plan: earlier.row.digest, ...judged }]
    }),
  }))
}

function switchesOf(placed: readonly Placed[], names: ReadonlySet<string> | undefined) {
  const all = new Set(placed.flatMap(({ row }) => row.switches))
  return [...all].filter((name) => names?.has(name) ?? true).toSorted(natural)
}

export interface ApprovalProgress extends Omit<ApprovalTally, 'demands'> {
  readonly demands: readonly string[]
}

/** Throws `not-authorised`. */
export async function requestApproval(
  app: RecordApp,
  caller: SilentCaller,
  plan: ShownPlan,
  reason: string,
): Promise<void> {
  const allowed = await requireAllowedToRequest(app, caller, plan)
  await writeAllowed(app, caller, allowed, () => [
    {
      type: 'ApprovalRequested',
      plan: plan.digest,
      principal: caller.principal,
      ...(reason === '' ? {} : { reason }),
    },
  ])
}

/** Throws `not-authorised`. */
export async function requireAllowedToRequest(
  app: PolicyContext,
  caller: SilentCaller,
  plan: ShownPlan,
): Promise<AllowedAct> {
  return requireAllowed(app, caller, 'approval.request', { ...aboutPlan(plan), plan: plan.digest })
}

/** Who sends what an agent has planned: the one behind it. */
export function senderFor(principal: Principal): Principal {
  const { onBehalfOf } = principal
  return onBehalfOf === undefined ? principal : { ...onBehalfOf, kind: 'person', auth: principal.auth }
}

/** What is demanded for a plan of an execution where the one behind an agent sends it, and what there is. */
export async function approvalProgress(
  app: RecordApp,
  { principal }: SilentCaller,
  plan: ShownPlan,
  execution: string,
): Promise<ApprovalProgress> {
  const sender = senderFor(principal)
  const { view } = await keptExecutions(app.store).of(execution)
  const { demands, ...tally } = await approvalTally(app, plan, view.execution, sender)
  return { ...tally, demands: [...new Set(demands.map(({ demand }) => demandWords(demand)))] }
}

/** Throws `stale` by the name of what hinders. */
export async function carryApprovals(
  app: RecordApp,
  { principal, tell }: Caller,
  approved: Plan,
  made: Plan,
): Promise<Plan> {
  requireFeatures(app.features, made)
  if (made.content.devices.every(({ diff }) => diff.length === 0))
    throw hindered(['the switches run the change already'], 'There is nothing to do: somebody has made the change.')
  const verdict = carries(approved, made)
  const { obstacles, differences } = verdict
  if (obstacles.length > 0) throw hindered(obstacles)
  if (differences.length === 0) {
    tell('the switches run what the plan was approved on: it is run as it is\n')
    return approved
  }
  const condition = await policyNow(app)
  const facts = await recordedCase(app, made, '', principal, { approved, verdict })
  if (facts.demands.length === 0) throw hindered(['nobody has to approve it: there is nothing to carry'])
  const judged = judgeApprovals(facts)
  if (judged.status !== 'approved') throw hindered([judged.reason])
  const rules = facts.demands.map(({ by }) => by)
  const nonces = [...new Set([...judged.approvals, ...judged.uses].map(({ nonce }) => nonce))]
  const before = await app.store.carried(approved.digest, 'toSend')
  const last = before.at(-1)
  if (last?.to !== made.digest || !nonces.every((nonce) => last.nonces.includes(nonce))) {
    if (before.length >= MOST_CARRIES) throw hindered([`its approvals have carried ${MOST_CARRIES} times already`])
    const record = {
      type: 'ApprovalCarried',
      plan: approved.digest,
      to: made.digest,
      approved: await storePlan(app.store, approved),
      nth: before.length + 1,
      nonces,
      rules,
      policy: made.content.policy ?? '',
      differences,
      principal,
    } as const
    await app.journalAs(principal).append(undefined, [record], [condition])
  }
  const whose = judged.approvals.map(({ approver }) => approver.id).join(', ')
  const told = `plan ${short(made.digest)} rebases ${short(approved.digest)}: ${count(judged.approvals.length, 'approval')} carried by ${rules.join(', ')} (${whose})`
  for (const line of [told, ...differences.map(differenceWords)]) tell(`${visibleLine(line)}\n`)
  return made
}

export function hindered(
  reasons: readonly string[],
  hint = 'Plan again and have the new plan approved.',
): EosflowError {
  const why = reasons.join('\n  ')
  return new EosflowError('stale', `the approvals do not carry to a plan that is made again: ${why}`, { hint })
}
