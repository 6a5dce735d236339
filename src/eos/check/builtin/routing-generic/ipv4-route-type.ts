import { z } from 'zod'
import { once } from '../../../../model/once.ts'

/** How the legend of `show ip route` calls the types (ANTA documentation, `IPv4RouteType`). */
const WRITTEN = [
  'connected',
  'static',
  'kernel',
  'OSPF',
  'OSPF inter area',
  'OSPF external type 1',
  'OSPF external type 2',
  'OSPF NSSA external type 1',
  'OSPF NSSA external type2',
  'Other BGP Routes',
  'iBGP',
  'eBGP',
  'RIP',
  'IS-IS level 1',
  'IS-IS level 2',
  'OSPFv3',
  'BGP Aggregate',
  'OSPF Summary',
  'Nexthop Group Static Route',
  'VXLAN Control Service',
  'Martian',
  'DHCP client installed default route',
  'Dynamic Policy Route',
  'gRIBI',
  'Route Cache Route',
  'CBF Leaked Route',
  'dropRoute',
] as const

/** What eAPI calls the types that the legend calls otherwise. */
const KEYS: Readonly<Record<string, string>> = {
  'OSPF inter area': 'ospfInterArea',
  'OSPF external type 1': 'ospfExternalType1',
  'OSPF external type 2': 'ospfExternalType2',
  'OSPF NSSA external type 1': 'ospfNssaExternalType1',
  'OSPF NSSA external type2': 'ospfNssaExternalType2',
  'Other BGP Routes': 'BGP',
  'IS-IS level 1': 'ISISLevel1',
  'IS-IS level 2': 'ISISLevel2',
  'BGP Aggregate': 'bgpAggregate',
  'OSPF Summary': 'ospfSummary',
  'Nexthop Group Static Route': 'nexthopGroupStaticRoute',
  'VXLAN Control Service': 'vcs',
  Martian: 'martian',
  'DHCP client installed default route': 'dhcp',
  'Dynamic Policy Route': 'dynamicPolicy',
  gRIBI: 'gribi',
  'Route Cache Route': 'routeCacheConnected',
  'CBF Leaked Route': 'CBFLeaked',
}

/** A type of route as the legend writes it, read as eAPI writes it: `OSPF inter area` is `ospfInterArea`. */
export const ipv4RouteType = once(() => z.enum(WRITTEN).transform((written) => KEYS[written] ?? written))
