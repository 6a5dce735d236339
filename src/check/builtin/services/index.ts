import type { Check } from '../../define.ts'
import { verifyDnsLookup } from './verify-dns-lookup.ts'
import { verifyDnsServers } from './verify-dns-servers.ts'
import { verifyErrdisableRecovery } from './verify-errdisable-recovery.ts'
import { verifyHostname } from './verify-hostname.ts'

/** The checks of ANTA's module `services`, by name. */
export const servicesChecks: readonly Check[] = [
  verifyDnsLookup,
  verifyDnsServers,
  verifyErrdisableRecovery,
  verifyHostname,
]
