import type { Check } from '../../define.ts'
import { verifyAgentLogs } from './verify-agent-logs.ts'
import { verifyCoredump } from './verify-coredump.ts'
import { verifyCpuUtilization } from './verify-cpu-utilization.ts'
import { verifyFilePresence } from './verify-file-presence.ts'
import { verifyFileSystemUtilization } from './verify-file-system-utilization.ts'
import { verifyFlashUtilization } from './verify-flash-utilization.ts'
import { verifyMaintenance } from './verify-maintenance.ts'
import { verifyMemoryUtilization } from './verify-memory-utilization.ts'
import { verifyNtp } from './verify-ntp.ts'
import { verifyNtpAssociations } from './verify-ntp-associations.ts'
import { verifyReloadCause } from './verify-reload-cause.ts'
import { verifyUptime } from './verify-uptime.ts'

/** The checks of ANTA's module `system`, by name. */
export const systemChecks: readonly Check[] = [
  verifyAgentLogs,
  verifyCoredump,
  verifyCpuUtilization,
  verifyFilePresence,
  verifyFileSystemUtilization,
  verifyFlashUtilization,
  verifyMaintenance,
  verifyMemoryUtilization,
  verifyNtp,
  verifyNtpAssociations,
  verifyReloadCause,
  verifyUptime,
]
