import { EosflowError } from '../../../model/error.ts'
import { requestApproval, requireAllowedToRequest } from '../../../project/approval/request.ts'
import type { Perform } from '../context/act-context.ts'
import { planOnRecord } from './plan-on-record.ts'

export const requestApprovalOf: Perform<'request-approval'> = async (
  { app, requests },
  caller,
  { plan: digest, reason },
) => {
  const { plan } = await planOnRecord(app, caller, digest, 'plan.read')
  await requireAllowedToRequest(app, caller, plan)
  const decisions = await app.store.approvals(digest)
  if (decisions.some(({ event }) => event.statement.decision === 'reject'))
    throw new EosflowError('not-approved', 'a person has rejected this plan', { hint: 'Make another plan.' })
  const ends = await requests.ask(caller.principal, digest, app.store, () => requestApproval(app, caller, plan, reason))
  return { expires: new Date(ends).toISOString() }
}
