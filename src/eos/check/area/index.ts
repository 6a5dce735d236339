import { agentsArea } from './agents.ts'
import { arpArea } from './arp.ts'
import { bfdArea } from './bfd.ts'
import { bgpArea } from './bgp.ts'
import { bgpAdvertisedArea, bgpLimitsArea, bgpPrefixesArea } from './bgp-limits.ts'
import type { StateArea } from './define-area.ts'
import { environmentArea } from './environment.ts'
import { errorsArea } from './errors.ts'
import { evpnArea } from './evpn.ts'
import { exitsArea } from './exits.ts'
import { gatewaysArea } from './gateways.ts'
import { hardwareCapacityArea } from './hardware-capacity.ts'
import { interfacesArea } from './interfaces.ts'
import { isisArea } from './isis.ts'
import { lldpArea } from './lldp.ts'
import { macArea } from './mac.ts'
import { mlagArea } from './mlag.ts'
import { ntpArea } from './ntp.ts'
import { opticsArea } from './optics.ts'
import { ospfArea } from './ospf.ts'
import { portchannelArea } from './portchannel.ts'
import { reloadCauseArea } from './reload-cause.ts'
import { routeCountsArea } from './route-counts.ts'
import { ipv6RoutesArea, routesArea } from './show-ip-route.ts'
import { spanningTreeArea } from './spanning-tree.ts'
import { trafficArea } from './traffic.ts'
import { vlanArea } from './vlan.ts'
import { vxlanArea } from './vxlan.ts'

export const stateAreas: readonly StateArea[] = [
  agentsArea,
  arpArea,
  bfdArea,
  bgpArea,
  bgpAdvertisedArea,
  bgpLimitsArea,
  bgpPrefixesArea,
  environmentArea,
  errorsArea,
  evpnArea,
  exitsArea,
  gatewaysArea,
  hardwareCapacityArea,
  interfacesArea,
  ipv6RoutesArea,
  isisArea,
  lldpArea,
  macArea,
  mlagArea,
  ntpArea,
  opticsArea,
  ospfArea,
  portchannelArea,
  reloadCauseArea,
  routeCountsArea,
  routesArea,
  spanningTreeArea,
  trafficArea,
  vlanArea,
  vxlanArea,
]
