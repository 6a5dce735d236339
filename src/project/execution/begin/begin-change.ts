import type { ExecutionState } from '../../../change/engine/state.ts'
import type { Plan } from '../../../change/plan/plan.ts'
import type { PreparedChange } from '../../../change/plan/prepare.ts'
import { judgeApprovals } from '../../../change/policy/approval.ts'
import type { SignedStatement } from '../../../model/approval.ts'
import { definedMembers } from '../../../model/defined-members.ts'
import { short } from '../../../report/text/count.ts'
import { allowedNow, requireAllowed } from '../../access/policy/authority.ts'
import { aboutChange, aboutPlan, type BrokenGlass, breakTheGlass } from '../../access/policy/entry.ts'
import type { App, RecordApp } from '../../app/app.ts'
import { importDecision } from '../../approval/import.ts'
import { alreadyMade, sentBefore } from '../../approval/take-decision.ts'
import { recordedCase } from '../../approval/tally.ts'
import { asPublished } from '../../authoring/publish/as-published.ts'
import { requirePlanOfOne } from '../../history/sites/require-whole.ts'
import type { Caller } from '../../identity/caller-of.ts'
import { requireSealed } from '../../plan/trusted-seal.ts'
import { requireInForce } from '../may-begin/window.ts'
import { beginOnce, begunUnder, keyOfChange, paramsAsked, type Request } from './run-key.ts'

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
  const broken =
    breakGlass === undefined ? ({} satisfies Partial<BrokenGlass>) : await breakTheGlass(app, caller, breakGlass, about)
  const { lets, ...glass }: Partial<BrokenGlass> = broken
  const start = await requireAllowed(app, caller, 'execution.start', { ...about, ...glass })
  if (plan !== undefined) await requireUnmade(app, caller, plan, breakGlass !== undefined)
  for (const approval of request.approvals ?? []) {
    if (plan !== undefined) await importDecision(app, caller, plan, approval)
  }
  const begun = await beginOnce(app, caller, {
    purpose: 'run',
    judged: { again: () => Promise.all([lets?.again(), allowedNow(app, start)]) },
    prepared,
    ...definedMembers({ plan, request: asked }),
    ...(skipUnreachable ? { skipUnreachable } : {}),
    ...(request.noWait === true ? { noWait: true } : {}),
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
