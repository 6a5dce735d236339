import type { ApprovalDemand } from './obligations.ts'

export const LOCAL_DEMAND: ApprovalDemand = {
  by: 'the workflow',
  count: 1,
  from: [],
  distinct: 'identity',
  notRequester: false,
  notRunner: false,
}
