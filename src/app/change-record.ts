import { foldAll } from '../engine/fold.ts'
import type { ExecutionState } from '../engine/state.ts'
import type { StoredCheckpoint } from '../journal/audit/audit-trail.ts'
import { excerptOf } from '../journal/audit/excerpt.ts'
import type { ChainRow } from '../journal/chain.ts'
import { EosflowError } from '../model/error.ts'
import type { PlanContent } from '../plan/plan.ts'
import { storedPlanText } from '../plan/stored-plan.ts'
import { belongsTo, type ChangeRecord } from '../report/change-record/change-record.ts'
import { VERSION } from '../version.ts'
import type { App } from './app.ts'
import { batches } from './audit/records.ts'
import { trailOf } from './audit/trail-of.ts'
import type { Asking } from './caller.ts'

/**
 * The record of one change, with the signed checkpoint that vouches for it. That it leaves the store is put on record before, with the name of
 * where it goes. Where no checkpoint covers it yet, one is signed. Throws `store`.
 */
export async function changeRecordOf(app: App, caller: Asking, id: string, to: string): Promise<ChangeRecord> {
  const events = await app.store.read(id)
  const state = foldAll(id, events)
  const decisions = state.plan === undefined ? [] : await app.store.approvals(state.plan.digest)
  const numbers = [...events, ...decisions.map(({ event }) => event)].map(({ seq }) => seq)
  const [first, last] = [Math.min(...numbers), Math.max(...numbers)]
  await app.journalAs(caller.principal).append(undefined, [{ type: 'AuditExported', format: 'html', to, first }])
  const { seq, note } = await checkpointOver(app, last)
  const trail = trailOf(app)
  const rows: ChainRow[] = []
  for await (const batch of batches(trail, first, seq)) rows.push(...batch)
  const after = { seq: first - 1, hash: rows[0]?.prev ?? new Uint8Array(32) }
  return {
    kind: 'eosflow.change-record',
    v: 1,
    version: VERSION,
    execution: id,
    excerpt: excerptOf({ origin: trail.origin, after, checkpoint: note }, rows, (event) =>
      belongsTo(event, id, state.plan?.digest),
    ),
    plan: await contentOf(app, state),
  }
}

/** The first checkpoint over a record; one that is signed now where there is none. */
async function checkpointOver(app: App, record: number): Promise<StoredCheckpoint> {
  const trail = trailOf(app)
  const covers = ({ seq }: StoredCheckpoint): boolean => seq >= record
  const found = (await trail.checkpoints(0)).find(covers)
  if (found !== undefined) return found
  await trail.checkpoint()
  const signed = (await trail.checkpoints(0)).find(covers)
  if (signed !== undefined) return signed
  throw new EosflowError('store', 'no checkpoint could be signed over the newest records', {
    hint: 'Whoever has the key of the checkpoints can.',
  })
}

/** The plan as its digest covers it; null where there is none, and for one of an earlier form. */
async function contentOf({ store }: App, { plan }: ExecutionState): Promise<PlanContent | null> {
  if (plan === undefined) return null
  const { content } = JSON.parse(await storedPlanText(store, plan.ref)) as { readonly content: PlanContent }
  return content.v === 2 ? content : null
}
