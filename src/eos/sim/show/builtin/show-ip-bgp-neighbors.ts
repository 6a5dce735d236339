import type { BgpPeer, BgpVrfState } from '../../converge/routing-state.ts'
import { eosAtLeast } from '../../platform/eos-version.ts'
import { defineShow } from '../format/define.ts'
import { neighborJson } from '../format/neighbor-json.ts'
import { neighborText } from '../format/neighbor-text.ts'
import { refuseUnknownVrf, selectedVrfs } from '../format/selection.ts'

/** 4.18 has no JSON (lab-validation). */
const CONVERTED_SINCE = '4.21'

/** `show ip bgp neighbors`: every session with its counters. One neighbor where an address is given. */
export const showIpBgpNeighbors = defineShow({
  words: 'show ip bgp neighbors [<address>] [vrf <vrf>]',
  docs: 'Sessions in full; lab-validation (4.21, 4.23 ribd and multi-agent, 4.36), napalm get_bgp_neighbors.',
  refuse: refuseUnknownVrf,
  unconverted: ({ facts }) => !eosAtLeast(facts.eos, CONVERTED_SINCE),
  json: (context, args) => ({
    vrfs: Object.fromEntries(
      selectedVrfs(context.state.bgp, args).map(([name, vrf]) => [
        name,
        { peerList: peersOf(vrf, args.address).map((peer) => neighborJson(peer, vrf, context)) },
      ]),
    ),
  }),
  text: (context, args) =>
    selectedVrfs(context.state.bgp, args)
      .flatMap(([, vrf]) => peersOf(vrf, args.address).map((peer) => neighborText(peer, vrf, context)))
      .join('\n'),
})

/** The neighbors with an IPv4 address: those of a port without addresses are not listed here (lab-validation, 4.36). */
function peersOf(vrf: BgpVrfState, address: string | undefined): readonly BgpPeer[] {
  return [...vrf.peers.values()].filter((peer) =>
    address === undefined ? !peer.address.startsWith('fe80:') : peer.address === address,
  )
}
