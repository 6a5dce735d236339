import type { ApprovalDemand } from './obligations.ts'

/** What is asked for without a policy file, where the workflow asks for an approval: that of one person, whoever it is. */
export const LOCAL_DEMAND: ApprovalDemand = {
  by: 'the workflow',
  count: 1,
  from: [],
  distinct: 'identity',
  notRequester: false,
  notRunner: false,
}
