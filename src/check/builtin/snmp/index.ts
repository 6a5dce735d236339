import type { Check } from '../../define.ts'
import { verifySnmpContact } from './verify-snmp-contact.ts'
import { verifySnmpErrorCounters } from './verify-snmp-error-counters.ts'
import { verifySnmpGroup } from './verify-snmp-group.ts'
import { verifySnmpHostLogging } from './verify-snmp-host-logging.ts'
import { verifySnmpIpv4Acl } from './verify-snmp-ipv4-acl.ts'
import { verifySnmpIpv6Acl } from './verify-snmp-ipv6-acl.ts'
import { verifySnmpLocation } from './verify-snmp-location.ts'
import { verifySnmpNotificationHost } from './verify-snmp-notification-host.ts'
import { verifySnmpPduCounters } from './verify-snmp-pdu-counters.ts'
import { verifySnmpSourceInterface } from './verify-snmp-source-interface.ts'
import { verifySnmpStatus } from './verify-snmp-status.ts'
import { verifySnmpUser } from './verify-snmp-user.ts'

/** The checks of ANTA's module `snmp`, by name. */
export const snmpChecks: readonly Check[] = [
  verifySnmpContact,
  verifySnmpErrorCounters,
  verifySnmpGroup,
  verifySnmpHostLogging,
  verifySnmpIpv4Acl,
  verifySnmpIpv6Acl,
  verifySnmpLocation,
  verifySnmpNotificationHost,
  verifySnmpPduCounters,
  verifySnmpSourceInterface,
  verifySnmpStatus,
  verifySnmpUser,
]
