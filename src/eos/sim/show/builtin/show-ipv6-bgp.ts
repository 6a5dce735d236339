import { defineShow } from '../format/define.ts'
import { refuseUnknownVrf, selectedVrfs } from '../format/selection.ts'

/** `show ipv6 bgp summary`: IPv6 is not routed here, so no session carries it. */
export const showIpv6BgpSummary = defineShow({
  words: 'show ipv6 bgp summary [vrf <vrf>]',
  docs: 'The sessions that carry IPv6, of which there are none; napalm get_bgp_neighbors (JSON).',
  refuse: refuseUnknownVrf,
  json: (context, args) => ({
    vrfs: Object.fromEntries(
      selectedVrfs(context.state.bgp, args).map(([name, { routerId, asn }]) => [
        name,
        { vrf: name, routerId, asn, peers: {} },
      ]),
    ),
  }),
})

/** `show ipv6 bgp peers`. */
export const showIpv6BgpPeers = defineShow({
  words: 'show ipv6 bgp peers [vrf <vrf>]',
  docs: 'The IPv6 neighbors, of which there are none; napalm get_bgp_neighbors (JSON).',
  refuse: refuseUnknownVrf,
  json: (context, args) => ({
    vrfs: Object.fromEntries(selectedVrfs(context.state.bgp, args).map(([name]) => [name, { peerList: [] }] as const)),
  }),
  text: () => '',
})
