export {
  verifyIpv4RouteNextHops,
  verifyIpv4RoutePresencePerPrefix,
  verifyIpv4RoutePresencePerVrf,
  verifyIpv4RouteType,
  verifyRoutingTableEntry,
} from './routes.ts'
export { verifyRoutingProtocolModel, verifyRoutingStatus, verifyRoutingTableSize } from './table.ts'
