import { foldAll, readState } from '../../change/engine/fold.ts'
import type { ExecutionState } from '../../change/engine/state.ts'
import type { PlanContent } from '../../change/plan/plan.ts'
import { storedPlan } from '../../change/plan/stored-plan.ts'
import type { ExcerptSelection } from '../../change/record/audit/excerpt.ts'
import { byPlace } from '../../change/record/event/cursor.ts'
import type { JournalEvent } from '../../change/record/event/event.ts'
import { EosflowError } from '../../model/error.ts'
import { VERSION } from '../../model/version.ts'
import { belongsTo, type ChangeRecord } from '../../report/change-record/change-record.ts'
import { requirePlanSight } from '../access/policy/entry.ts'
import type { RecordApp } from '../app/app.ts'
import type { SilentCaller } from '../identity/caller-of.ts'
import { seenExecution } from './execution-view.ts'
import { trailOf } from './trail-of.ts'

/** The record of one change, with the signed checkpoint that vouches for it. Where no checkpoint covers it yet, one is signed. */
export async function changeRecordOf(app: RecordApp, caller: SilentCaller, id: string): Promise<ChangeRecord> {
  const { plan } = await seenExecution(app, id)
  if (plan !== undefined) await requirePlanSight(app, caller, plan)
  const found = await signedChangeRecord(app, id)
  if (found !== undefined) return found
  await trailOf(app).checkpoint()
  const signed = await signedChangeRecord(app, id)
  if (signed !== undefined) return signed
  throw new EosflowError('store', 'no checkpoint could be signed over the newest records', {
    hint: 'Whoever has the key of the checkpoints can.',
  })
}

export async function recordLeft(app: RecordApp, caller: SilentCaller, id: string, to: string): Promise<void> {
  const first = (await recordsOf(app, id))[0]?.seq ?? 1
  await app.journalAs(caller.principal).append(undefined, [{ type: 'AuditExported', format: 'html', to, first }])
}

/** The same for whoever only reads: undefined where no checkpoint covers the change yet. Throws `store`. */
export async function signedChangeRecord(app: RecordApp, id: string): Promise<ChangeRecord | undefined> {
  const state = await readState(app.store, id)
  const wanted: ExcerptSelection = {
    words: [id, ...[state.plan?.digest ?? [], state.rebases ?? []].flat()],
    isWanted: (event) => belongsTo(event, id, { plan: state.plan?.digest, rebases: state.rebases }),
  }
  const excerpt = await trailOf(app).excerpt(id, wanted)
  if (excerpt === undefined) return undefined
  const plan = await contentOf(app, state)
  return { kind: 'eosflow.change-record', v: 1, version: VERSION, execution: id, excerpt, plan }
}

async function recordsOf({ store }: RecordApp, id: string): Promise<readonly JournalEvent[]> {
  const events = await store.read(id)
  const { plan } = foldAll(id, events)
  const decisions = plan === undefined ? [] : await store.approvals(plan.digest)
  return [...events, ...decisions.map(({ event }) => event)].toSorted(byPlace)
}

async function contentOf({ store }: RecordApp, { plan }: ExecutionState): Promise<PlanContent | null> {
  if (plan === undefined) return null
  const { content } = (await storedPlan(store, plan.ref)) as {
    readonly content: Omit<PlanContent, 'v'> & { readonly v: 1 | 2 | 3 }
  }
  // Of what the second form has, nothing is another in the third.
  return content.v === 1 ? null : (content as PlanContent)
}
