import { z } from 'zod'
import { once } from '../../once.ts'

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

/** A type of route as the legend writes it, read as eAPI writes it: `OSPF inter area` is `ospfInterArea`. */
export const ipv4RouteType = once(() => z.enum(WRITTEN).transform(routeTypeKey))

/** Whether two names mean one type: EOS is not of one mind about capitals (`RIP`, `Martian`). */
export function isSameRouteType(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase()
}

function routeTypeKey(written: string): string {
  const [first = '', ...rest] = written.replaceAll('-', '').split(' ')
  if (rest.length === 0) return first
  const capitalised = rest.map((word) => `${word.charAt(0).toUpperCase()}${word.slice(1).toLowerCase()}`)
  return `${first.toLowerCase()}${capitalised.join('')}`
}
