import { foldAll } from '../../../change/engine/fold.ts'
import { differenceWords } from '../../../change/plan/carries.ts'
import type { ShownPlan } from '../../../change/plan/plan.ts'
import { readShownPlan } from '../../../change/plan/recorded-plan.ts'
import { keepsBases } from '../../../change/plan/settled.ts'
import { decided } from '../../../project/access/policy/authority.ts'
import { aboutPlan } from '../../../project/access/policy/entry.ts'
import { approvalTally } from '../../../project/approval/tally.ts'
import { systemRandom } from '../../../project/system/machine/system-random.ts'
import type { ApprovalData } from '../../../report/page/approval.ts'
import type { Note } from '../../../report/page/approval-notes.ts'
import { rebaseWords } from '../../../report/plan/rebase-words.ts'
import { tokenOf } from '../context/define-page.ts'
import type { FrontContext } from '../context/front-context.ts'
import type { IdentifiedCaller } from '../context/identified-caller.ts'

/** What a page offers to have an approved plan made again, and why. */
export interface RebaseOffer extends Pick<ApprovalData, 'rebase'> {
  readonly notes: readonly Note[]
}

/** The form that has an approved plan made again, for whoever may start its change and plan it, where its approvals would carry for them. */
export async function rebaseOffer(
  { app }: FrontContext,
  caller: IdentifiedCaller,
  plan: ShownPlan,
): Promise<RebaseOffer> {
  const none = { notes: [] }
  if (!mayDo(app, caller, 'execution.start', plan) || !mayDo(app, caller, 'plan.create', plan)) return none
  if (!(await wouldCount(app, caller, plan))) return none
  const notes = await staleNotes(app, plan)
  return { notes, rebase: { csrf: tokenOf(caller), key: `form:${systemRandom.hex(16)}`, isNext: notes.length > 0 } }
}

/** Whether the approvals of another plan would carry to a plan that was made again, once whoever looks starts it. */
export async function wouldCarry(
  { app }: Pick<FrontContext, 'app'>,
  caller: IdentifiedCaller,
  made: ShownPlan,
): Promise<boolean> {
  const from = made.content.rebases
  if (from === undefined) return false
  const last = (await app.store.carried(from)).at(-1)
  const record = await app.store.planMade(last?.to ?? from)
  if (record === undefined) return false
  return wouldCount(app, caller, readShownPlan(await app.store.get(record.plan)), made)
}

/** Whether there are enough approvals of a plan although whoever looks, and who has made it again, ask for the change too. What the switches run decides the rest. */
async function wouldCount(
  app: FrontContext['app'],
  { principal }: IdentifiedCaller,
  plan: ShownPlan,
  made?: ShownPlan,
): Promise<boolean> {
  if (!keepsBases(plan)) return false
  const requesters = [...plan.content.requesters, ...(made?.content.requesters ?? []), principal]
  const asked = { ...plan, content: { ...plan.content, requesters } }
  const { have, needed, isRejected } = await approvalTally(app, asked, undefined, principal)
  return have >= needed && !isRejected
}

/** What a plan that was made again rebases, and how the bases differ, as the record has it; none where nothing has carried to it. */
export async function rebaseNotes(
  { store }: FrontContext['app'],
  { digest, content }: ShownPlan,
): Promise<readonly Note[]> {
  if (content.rebases === undefined) return []
  const carried = (await store.carried(content.rebases)).findLast(({ to }) => to === digest)
  const words = [...rebaseWords(content), ...(carried === undefined ? [] : carried.differences.map(differenceWords))]
  return words.map((text) => ({ kind: 'note', text }))
}

/** That the plan was refused when it was sent last, because its switches are not as they were: then it is to be made again. */
async function staleNotes({ store }: FrontContext['app'], plan: ShownPlan): Promise<readonly Note[]> {
  const run = (await store.planRuns(plan.digest)).at(-1)
  if (run?.ended?.isRefused !== true) return []
  const error = foldAll(run.execution, await store.read(run.execution)).compensation?.error
  return error?.kind === 'stale' ? [{ kind: 'open', text: `It was refused when it was sent: ${error.message}` }] : []
}

function mayDo(
  app: FrontContext['app'],
  caller: IdentifiedCaller,
  action: 'execution.start' | 'plan.create',
  plan: ShownPlan,
): boolean {
  return decided(app, caller, action, aboutPlan(plan)).effect === 'allow'
}
