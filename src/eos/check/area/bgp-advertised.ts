import { z } from 'zod'
import { once } from '../../../model/once.ts'
import { recordOf } from '../answer/by-name.ts'
import { compareQuantities, compareVrfs } from '../finding/compare.ts'
import { defineArea } from './define-area.ts'
import { BGP_NEIGHBORS, IP_BGP_NEIGHBORS, neighborsIn, type ShownNeighbor } from './show-bgp-neighbors.ts'

const state = once(() => recordOf(recordOf(recordOf(z.int()))))

export const bgpAdvertisedArea = defineArea({
  name: 'bgp-advertised',
  docs: 'How many prefixes are sent to every BGP peer, by VRF and address family.',
  asks: [BGP_NEIGHBORS, IP_BGP_NEIGHBORS],
  state,
  tolerances: { '*': { percent: 2 }, l2VpnEvpn: { percent: 10 } },
  tell: (replies) => neighborsIn(replies, sent),
  describe: (before, after) =>
    compareVrfs(before, after, (vrf) => ({
      thing: (peer) => ({ subject: peer, vrf, label: `BGP ${peer} in ${vrf}` }),
      changed: (peer, was, is) =>
        compareQuantities(was, is, (name) => ({ thing: peer, attribute: name, suffix: `, ${name} prefixes sent` })),
    })),
})

function sent({ prefixesSent, v6PrefixesSent, evpnSent }: ShownNeighbor): Record<string, number> {
  return {
    ...(prefixesSent === 0 ? {} : { ipv4Unicast: prefixesSent }),
    ...(v6PrefixesSent === 0 ? {} : { ipv6Unicast: v6PrefixesSent }),
    ...(evpnSent === 0 ? {} : { l2VpnEvpn: evpnSent }),
  }
}
