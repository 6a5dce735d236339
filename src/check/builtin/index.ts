import type { Check } from '../define.ts'
import { aaaChecks } from './aaa/index.ts'
import { assert } from './assert.ts'
import { avtChecks } from './avt/index.ts'
import { bfdChecks } from './bfd/index.ts'
import { bgpEstablished } from './bgp-established.ts'
import { configurationChecks } from './configuration/index.ts'
import { connectivityChecks } from './connectivity/index.ts'
import { cvxChecks } from './cvx/index.ts'
import { evpnChecks } from './evpn/index.ts'
import { expectedChange } from './expected-change.ts'
import { fieldNoticesChecks } from './field-notices/index.ts'
import { flowTrackingChecks } from './flow-tracking/index.ts'
import { greentChecks } from './greent/index.ts'
import { hardwareChecks } from './hardware/index.ts'
import { interfacesChecks } from './interfaces/index.ts'
import { interfacesUp } from './interfaces-up.ts'
import { lanzChecks } from './lanz/index.ts'
import { lldpAsBefore } from './lldp-as-before.ts'
import { loggingChecks } from './logging/index.ts'
import { mlagChecks } from './mlag/index.ts'
import { mlagHealthy } from './mlag-healthy.ts'
import { multicastChecks } from './multicast/index.ts'
import { pathSelectionChecks } from './path-selection/index.ts'
import { profilesChecks } from './profiles/index.ts'
import { ptpChecks } from './ptp/index.ts'
import { reachable } from './reachable.ts'
import { routingBgpChecks } from './routing-bgp/index.ts'
import { routingGenericChecks } from './routing-generic/index.ts'
import { routingIsisChecks } from './routing-isis/index.ts'
import { routingOspfChecks } from './routing-ospf/index.ts'
import { securityChecks } from './security/index.ts'
import { servicesChecks } from './services/index.ts'
import { snmpChecks } from './snmp/index.ts'
import { softwareChecks } from './software/index.ts'
import { stpChecks } from './stp/index.ts'
import { stunChecks } from './stun/index.ts'
import { systemChecks } from './system/index.ts'
import { vlanChecks } from './vlan/index.ts'
import { vlansPresent } from './vlans-present.ts'
import { vxlanChecks } from './vxlan/index.ts'

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
  ...aaaChecks,
  ...avtChecks,
  ...bfdChecks,
  ...configurationChecks,
  ...connectivityChecks,
  ...cvxChecks,
  ...evpnChecks,
  ...fieldNoticesChecks,
  ...flowTrackingChecks,
  ...greentChecks,
  ...hardwareChecks,
  ...interfacesChecks,
  ...lanzChecks,
  ...loggingChecks,
  ...mlagChecks,
  ...multicastChecks,
  ...pathSelectionChecks,
  ...profilesChecks,
  ...ptpChecks,
  ...routingBgpChecks,
  ...routingGenericChecks,
  ...routingIsisChecks,
  ...routingOspfChecks,
  ...securityChecks,
  ...servicesChecks,
  ...snmpChecks,
  ...softwareChecks,
  ...stpChecks,
  ...stunChecks,
  ...systemChecks,
  ...vlanChecks,
  ...vxlanChecks,
]

/** Every check that comes with eosflow. */
export const builtinChecks: readonly Check[] = [...ownChecks, ...catalogueChecks]
