export { verifySnmpGroup, verifySnmpHostLogging, verifySnmpNotificationHost, verifySnmpUser } from './agents.ts'
export {
  verifySnmpContact,
  verifySnmpErrorCounters,
  verifySnmpIpv4Acl,
  verifySnmpIpv6Acl,
  verifySnmpLocation,
  verifySnmpPduCounters,
  verifySnmpSourceInterface,
  verifySnmpStatus,
} from './counters.ts'
