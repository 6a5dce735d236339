import type { Check } from '../area/define.ts'
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

/** The checks of ANTA's catalogue, by its modules. */
export const catalogueChecks: readonly Check[] = [
  ...ofModule('aaa', 'aaa', aaa),
  ...ofModule('avt', 'avt', avt),
  ...ofModule('bfd', 'bfd', bfd),
  ...ofModule('configuration', 'configuration', configuration),
  ...ofModule('connectivity', 'connectivity', connectivity),
  ...ofModule('cvx', 'cvx', cvx),
  ...ofModule('evpn', 'bgp', evpn),
  ...ofModule('field_notices', 'field notices', fieldNotices),
  ...ofModule('flow_tracking', 'flow tracking', flowTracking),
  ...ofModule('greent', 'greent', greent),
  ...ofModule('hardware', 'hardware', hardwareEnvironment, hardwareHealth, hardwareInventory),
  ...ofModule('interfaces', 'interfaces', interfacesAddresses, interfacesErrors, interfacesLinks, interfacesQueues),
  ...ofModule('lanz', 'lanz', lanz),
  ...ofModule('logging', 'logging', logging),
  ...ofModule('mlag', 'mlag', mlag),
  ...ofModule('multicast', 'multicast', multicast),
  ...ofModule('path_selection', 'path-selection', pathSelection),
  ...ofModule('profiles', 'profiles', profiles),
  ...ofModule('ptp', 'ptp', ptp),
  ...ofModule('routing.bgp', 'bgp', routingBgpFamilies, routingBgpPeers, routingBgpRoutes),
  ...ofModule('routing.generic', 'routing', routingGenericRoutes, routingGenericTable),
  ...ofModule('routing.isis', 'isis', routingIsisNeighbors, routingIsisSegments),
  ...ofModule('routing.ospf', 'ospf', routingOspf),
  ...ofModule('security', 'security', securityAccess, securityCrypto),
  ...ofModule('services', 'services', services),
  ...ofModule('snmp', 'snmp', snmpAgents, snmpCounters),
  ...ofModule('software', 'software', software),
  ...ofModule('stp', 'stp', stp),
  ...ofModule('stun', 'stun', stun),
  ...ofModule('system', 'system', systemClock, systemState),
  ...ofModule('vlan', 'vlan', vlan),
  ...ofModule('vxlan', 'vxlan', vxlan),
]

/** Every check that comes with eosflow. */
export const builtinChecks: readonly Check[] = [...ownChecks, ...catalogueChecks]

// The checks that the files of one module of ANTA export: reports group each by the category, unless it names its own.
function ofModule(
  module: string,
  category: string,
  ...files: readonly Readonly<Record<string, unknown>>[]
): readonly Check[] {
  const checks = files.flatMap((file) => Object.values(file)).filter(isCheck)
  // By name, since a bundler keeps another order than a module; by their descriptors, since a check's schema is made when somebody asks for it.
  const byName = checks.toSorted((a, b) => (a.name < b.name ? -1 : 1))
  return byName.map((check) =>
    Object.freeze(
      Object.defineProperties(
        { module, categories: [category] } as unknown as Check,
        Object.getOwnPropertyDescriptors(check),
      ),
    ),
  )
}

// What else a file exports, its neighbours use.
function isCheck(exported: unknown): exported is Check {
  return typeof exported === 'object' && exported !== null && 'judge' in exported
}
