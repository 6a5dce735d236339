import type { Check } from '../define/define-check.ts'
import * as aaa from './aaa.ts'
import { assert } from './assert.ts'
import * as avt from './avt.ts'
import * as bfd from './bfd.ts'
import { bgpEstablished } from './bgp-established.ts'
import * as configuration from './configuration.ts'
import * as connectivity from './connectivity.ts'
import * as cvx from './cvx.ts'
import * as evpn from './evpn.ts'
import { expectedChange } from './expected-change.ts'
import * as fieldNotices from './field-notices.ts'
import * as flowTracking from './flow-tracking.ts'
import * as greent from './greent.ts'
import * as hardwareEnvironment from './hardware/environment.ts'
import * as hardwareHealth from './hardware/health.ts'
import * as hardwareInventory from './hardware/inventory.ts'
import * as interfacesAddresses from './interfaces/addresses.ts'
import * as interfacesErrors from './interfaces/errors.ts'
import * as interfacesLinks from './interfaces/links.ts'
import * as interfacesQueues from './interfaces/queues.ts'
import { interfacesUp } from './interfaces-up.ts'
import * as lanz from './lanz.ts'
import { lldpAsBefore } from './lldp-as-before.ts'
import * as logging from './logging.ts'
import * as mlag from './mlag.ts'
import { mlagHealthy } from './mlag-healthy.ts'
import * as multicast from './multicast.ts'
import * as pathSelection from './path-selection.ts'
import * as profiles from './profiles.ts'
import * as ptp from './ptp.ts'
import { reachable } from './reachable.ts'
import * as routingBgpFamilies from './routing-bgp/families.ts'
import * as routingBgpPeers from './routing-bgp/peers.ts'
import * as routingBgpRoutes from './routing-bgp/routes.ts'
import * as routingGenericRoutes from './routing-generic/routes.ts'
import * as routingGenericTable from './routing-generic/table.ts'
import * as routingIsisNeighbors from './routing-isis/neighbors.ts'
import * as routingIsisSegments from './routing-isis/segments.ts'
import * as routingOspf from './routing-ospf.ts'
import * as securityAccess from './security/access.ts'
import * as securityCrypto from './security/crypto.ts'
import * as services from './services.ts'
import * as snmpAgents from './snmp/agents.ts'
import * as snmpCounters from './snmp/counters.ts'
import * as software from './software.ts'
import * as stp from './stp.ts'
import * as stun from './stun.ts'
import * as systemClock from './system/clock.ts'
import * as systemState from './system/state.ts'
import * as vlan from './vlan.ts'
import { vlansPresent } from './vlans-present.ts'
import * as vxlan from './vxlan.ts'

/** The checks of eosflow's own: they compare with the state before a change, and read as people speak. */
export const ownChecks: readonly Check[] = [
  assert,
  bgpEstablished,
  expectedChange,
  interfacesUp,
  lldpAsBefore,
  mlagHealthy,
  reachable,
  vlansPresent,
]

// The modules of ANTA, and the files of each.
const MODULES: Readonly<Record<string, readonly Readonly<Record<string, unknown>>[]>> = {
  aaa: [aaa],
  avt: [avt],
  bfd: [bfd],
  configuration: [configuration],
  connectivity: [connectivity],
  cvx: [cvx],
  evpn: [evpn],
  field_notices: [fieldNotices],
  flow_tracking: [flowTracking],
  greent: [greent],
  hardware: [hardwareEnvironment, hardwareHealth, hardwareInventory],
  interfaces: [interfacesAddresses, interfacesErrors, interfacesLinks, interfacesQueues],
  lanz: [lanz],
  logging: [logging],
  mlag: [mlag],
  multicast: [multicast],
  path_selection: [pathSelection],
  profiles: [profiles],
  ptp: [ptp],
  'routing.bgp': [routingBgpFamilies, routingBgpPeers, routingBgpRoutes],
  'routing.generic': [routingGenericRoutes, routingGenericTable],
  'routing.isis': [routingIsisNeighbors, routingIsisSegments],
  'routing.ospf': [routingOspf],
  security: [securityAccess, securityCrypto],
  services: [services],
  snmp: [snmpAgents, snmpCounters],
  software: [software],
  stp: [stp],
  stun: [stun],
  system: [systemClock, systemState],
  vlan: [vlan],
  vxlan: [vxlan],
}

// The category that reports group the checks of a module by, where it is not called as the module.
const CATEGORIES = new Map([
  ['evpn', 'bgp'],
  ['path_selection', 'path-selection'],
  ['routing.generic', 'routing'],
])

/** The checks of ANTA's catalogue, by its modules. */
export const catalogueChecks: readonly Check[] = Object.entries(MODULES).flatMap(([module, files]) => {
  const categories = [CATEGORIES.get(module) ?? module.replace('routing.', '').replace('_', ' ')]
  const checks = files.flatMap((file) => Object.entries(file)).filter(([, exported]) => isCheck(exported))
  // By name, since a bundler keeps another order than a module; by their descriptors, since a check's schema is made when somebody asks for it.
  const byName = checks.toSorted(([a], [b]) => (a < b ? -1 : 1))
  return byName.map(([name, check]) =>
    Object.freeze(
      Object.defineProperties(
        { name, module, categories } as unknown as Check,
        Object.getOwnPropertyDescriptors(check),
      ),
    ),
  )
})

/** Every check that comes with eosflow. */
export const builtinChecks: readonly Check[] = [...ownChecks, ...catalogueChecks]

// What else a file exports, its neighbours use.
function isCheck(exported: unknown) {
  return typeof exported === 'object' && exported !== null && 'judge' in exported
}
