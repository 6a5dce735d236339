import { aaaChecks } from './aaa.ts'
import { avtChecks } from './avt.ts'
import { hardwareChecks } from './hardware.ts'
import { interfacesChecks } from './interfaces.ts'
import { loggingChecks } from './logging.ts'
import { cvxChecks, evpnChecks, greentChecks, pathSelectionChecks, vxlanChecks } from './overlay.ts'
import { bfdChecks, routingGenericChecks, routingIsisChecks, routingOspfChecks } from './routing.ts'
import { routingBgpChecks } from './routing-bgp.ts'
import type { Row } from './rows-of.ts'
import { securityChecks } from './security.ts'
import {
  configurationChecks,
  connectivityChecks,
  fieldNoticesChecks,
  flowTrackingChecks,
  profilesChecks,
  servicesChecks,
  softwareChecks,
} from './services.ts'
import { snmpChecks } from './snmp.ts'
import { stunChecks } from './stun.ts'
import { lanzChecks, mlagChecks, multicastChecks, ptpChecks, stpChecks, vlanChecks } from './switching.ts'
import { systemChecks } from './system.ts'

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
