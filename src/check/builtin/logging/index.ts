import type { Check } from '../../define.ts'
import { verifyLoggingAccounting } from './verify-logging-accounting.ts'
import { verifyLoggingEntries } from './verify-logging-entries.ts'
import { verifyLoggingErrors } from './verify-logging-errors.ts'
import { verifyLoggingHostname } from './verify-logging-hostname.ts'
import { verifyLoggingHosts } from './verify-logging-hosts.ts'
import { verifyLoggingLogsGeneration } from './verify-logging-logs-generation.ts'
import { verifyLoggingPersistent } from './verify-logging-persistent.ts'
import { verifyLoggingSourceIntf } from './verify-logging-source-intf.ts'
import { verifyLoggingTimestamp } from './verify-logging-timestamp.ts'
import { verifySyslogLogging } from './verify-syslog-logging.ts'

/** The checks of ANTA's module `logging`, by name. */
export const loggingChecks: readonly Check[] = [
  verifyLoggingAccounting,
  verifyLoggingEntries,
  verifyLoggingErrors,
  verifyLoggingHostname,
  verifyLoggingHosts,
  verifyLoggingLogsGeneration,
  verifyLoggingPersistent,
  verifyLoggingSourceIntf,
  verifyLoggingTimestamp,
  verifySyslogLogging,
]
