import { rows as aaaChecks } from './aaa.ts'
import { rows as avtChecks } from './avt.ts'
import { rows as bfdChecks } from './bfd.ts'
import { rows as configurationChecks } from './configuration.ts'
import { rows as connectivityChecks } from './connectivity.ts'
import { rows as cvxChecks } from './cvx.ts'
import { rows as evpnChecks } from './evpn.ts'
import { rows as fieldNoticesChecks } from './field-notices.ts'
import { rows as flowTrackingChecks } from './flow-tracking.ts'
import { rows as greentChecks } from './greent.ts'
import { rows as hardwareChecks } from './hardware.ts'
import { rows as interfacesChecks } from './interfaces.ts'
import { rows as lanzChecks } from './lanz.ts'
import { rows as loggingChecks } from './logging.ts'
import { rows as mlagChecks } from './mlag.ts'
import { rows as multicastChecks } from './multicast.ts'
import { rows as pathSelectionChecks } from './path-selection.ts'
import { rows as profilesChecks } from './profiles.ts'
import { rows as ptpChecks } from './ptp.ts'
import { rows as routingBgpChecks } from './routing-bgp.ts'
import { rows as routingGenericChecks } from './routing-generic.ts'
import { rows as routingIsisChecks } from './routing-isis.ts'
import { rows as routingOspfChecks } from './routing-ospf.ts'
import type { Row } from './row.ts'
import { rows as securityChecks } from './security.ts'
import { rows as servicesChecks } from './services.ts'
import { rows as snmpChecks } from './snmp.ts'
import { rows as softwareChecks } from './software.ts'
import { rows as stpChecks } from './stp.ts'
import { rows as stunChecks } from './stun.ts'
import { rows as systemChecks } from './system.ts'
import { rows as vlanChecks } from './vlan.ts'
import { rows as vxlanChecks } from './vxlan.ts'

/** The rows of every module, by its folder. */
export const rowsByModule: Readonly<Record<string, readonly Row[]>> = {
  aaa: aaaChecks,
  avt: avtChecks,
  bfd: bfdChecks,
  configuration: configurationChecks,
  connectivity: connectivityChecks,
  cvx: cvxChecks,
  evpn: evpnChecks,
  'field-notices': fieldNoticesChecks,
  'flow-tracking': flowTrackingChecks,
  greent: greentChecks,
  hardware: hardwareChecks,
  interfaces: interfacesChecks,
  lanz: lanzChecks,
  logging: loggingChecks,
  mlag: mlagChecks,
  multicast: multicastChecks,
  'path-selection': pathSelectionChecks,
  profiles: profilesChecks,
  ptp: ptpChecks,
  'routing-bgp': routingBgpChecks,
  'routing-generic': routingGenericChecks,
  'routing-isis': routingIsisChecks,
  'routing-ospf': routingOspfChecks,
  security: securityChecks,
  services: servicesChecks,
  snmp: snmpChecks,
  software: softwareChecks,
  stp: stpChecks,
  stun: stunChecks,
  system: systemChecks,
  vlan: vlanChecks,
  vxlan: vxlanChecks,
}
