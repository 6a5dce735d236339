import type { ConfigTree } from '../../../config/text/tree.ts'
import { defineShow } from '../format/define.ts'

/** `show ip`: which kinds of routing are configured. */
export const showIp = defineShow({
  words: 'show ip',
  docs: 'Which kinds of routing are on; ANTA recordings (revision 1).',
  json: ({ running }) => ({
    v4RoutingEnabled: has(running, /^ip routing$/) || has(running, /^ip routing ipv6 interfaces$/),
    v6RoutingEnabled: has(running, /^ipv6 unicast-routing$/),
    v6IntfForwarding: has(running, /^ip routing ipv6 interfaces$/),
    vrrpIntfs: 0,
    v4uRpfState: 'disabled',
    v6uRpfState: 'disabled',
    multicastRouting: {
      ipMulticastEnabled: routesMulticast(running, 'ipv4'),
      ip6MulticastEnabled: routesMulticast(running, 'ipv6'),
    },
    v6EcmpInfo: { v6EcmpRouteSupport: true },
  }),
})

function has(running: ConfigTree, pattern: RegExp): boolean {
  return running.children.some(({ line }) => pattern.test(line))
}

function routesMulticast(running: ConfigTree, family: 'ipv4' | 'ipv6'): boolean {
  return running.children.some(
    ({ line, children }) =>
      line === 'router multicast' &&
      children.some((node) => node.line === family && node.children.some((child) => child.line === 'routing')),
  )
}
