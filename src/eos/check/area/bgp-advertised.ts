import { defineArea } from './define-area.ts'
import { BGP_NEIGHBORS, IP_BGP_NEIGHBORS, neighborsIn, type ShownNeighbor } from './show-bgp-neighbors.ts'
import { prefixCounts } from './show-bgp-summary.ts'

export const bgpAdvertisedArea = defineArea({
  name: 'bgp-advertised',
  docs: 'How many prefixes are sent to every BGP peer, by VRF and address family.',
  asks: [BGP_NEIGHBORS, IP_BGP_NEIGHBORS],
  ...prefixCounts('prefixes sent'),
  tell: (replies) => neighborsIn(replies, sent),
})

function sent({ prefixesSent, v6PrefixesSent, evpnSent }: ShownNeighbor): Record<string, number> {
  return {
    ...(prefixesSent === 0 ? {} : { ipv4Unicast: prefixesSent }),
    ...(v6PrefixesSent === 0 ? {} : { ipv6Unicast: v6PrefixesSent }),
    ...(evpnSent === 0 ? {} : { l2VpnEvpn: evpnSent }),
  }
}
