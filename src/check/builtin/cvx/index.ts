import type { Check } from '../../define.ts'
import { verifyActiveCvxConnections } from './verify-active-cvx-connections.ts'
import { verifyCvxClusterStatus } from './verify-cvx-cluster-status.ts'
import { verifyManagementCvx } from './verify-management-cvx.ts'
import { verifyMcsClientMounts } from './verify-mcs-client-mounts.ts'
import { verifyMcsServerMounts } from './verify-mcs-server-mounts.ts'

/** The checks of ANTA's module `cvx`, by name. */
export const cvxChecks: readonly Check[] = [
  verifyActiveCvxConnections,
  verifyCvxClusterStatus,
  verifyManagementCvx,
  verifyMcsClientMounts,
  verifyMcsServerMounts,
]
