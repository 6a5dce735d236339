import type { Authority, StateStart } from '../../../change/engine/authority.ts'
import type { ExecutionState } from '../../../change/engine/state.ts'
import { readRecordedPlan } from '../../../change/plan/recorded-plan.ts'
import { storedPlan } from '../../../change/plan/stored-plan.ts'
import type { Store } from '../../../change/record/store/store.ts'
import type { ChangeTerms } from '../../../model/change-terms.ts'
import type { PolicyContext } from '../../access/policy/authority.ts'
import { changeTime } from '../../access/policy/demands.ts'
import { isLive } from '../../access/policy/entry.ts'
import type { SilentCaller } from '../../identity/caller-of.ts'
import { hasWritten, rulingOnWrites, writes } from '../freeze/frozen-authority.ts'
import { closedWindow, lackingEarlier } from './may-begin.ts'

type WindowSource = Pick<PolicyContext, 'clock' | 'project'> & {
  readonly store: Parameters<typeof storedPlan>[0] & Pick<Store, 'read' | 'executions'>
}

/** Refuses a push outside of the window that the change file of an execution gives, and the first one where what comes before was taken back since, before anything is sent for it: whoever has begun it, and however long an approval was waited for. A request that changes something at a service is refused where nothing was changed before. */
export function windowedAuthority(app: WindowSource, caller: SilentCaller): Authority {
  return rulingOnWrites(app, caller, async (start, state) => {
    const { changeFile: change } = state
    if (change === undefined || isBoundless(change)) return undefined
    const isPush = start.state.task === 'push'
    if (isPush && isLive(start, state)) return undefined
    const records = await app.store.read(state.id)
    const isUnderWay = hasWritten(records)
    if (!isPush && (isUnderWay || !writes(start, records))) return undefined
    const lasts = isPush ? await lastsFor(app, start, state) : 0
    return closedWindow(change, app.clock.now(), lasts) ?? (isUnderWay ? undefined : lackingEarlier(app.store, change))
  })
}

const isBoundless = ({ notBefore, notAfter, after }: ChangeTerms) => (notBefore ?? notAfter ?? after) === undefined

// For how long the window must be open where these switches are pushed to, in milliseconds.
async function lastsFor({ store }: WindowSource, { devices }: StateStart, { plan }: ExecutionState) {
  if (plan === undefined) return 0
  const { content } = readRecordedPlan(await storedPlan(store, plan.ref))
  return changeTime(content, devices)
}
