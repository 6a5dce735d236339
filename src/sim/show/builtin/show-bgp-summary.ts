import type { JsonObject } from '../../../model/json.ts'
import type { BgpFamily, BgpFamilyState, BgpPeer, BgpVrfState } from '../../converge/routing-state.ts'
import { keepalives, sessionSince, stateWord } from '../bgp-table.ts'
import { defineShow, type ShowContext } from '../define.ts'
import { refuseUnknownVrf, selectedVrfs } from '../selection.ts'
import { bgpSpan, columns } from '../text-format.ts'

/** `show bgp summary`: every session with every family it carries. The text form is that of current releases, not recorded. */
export const showBgpSummary = defineShow({
  words: 'show bgp summary [vrf <vrf>]',
  docs: 'All sessions by address family; anta (JSON).',
  refuse: refuseUnknownVrf,
  json: (context, args) => ({
    vrfs: Object.fromEntries(selectedVrfs(context.state.bgp, args).map(([name, vrf]) => [name, vrfJson(vrf)] as const)),
  }),
  text: (context, args) =>
    selectedVrfs(context.state.bgp, args)
      .map(([, vrf]) => vrfText(vrf, context))
      .join('\n'),
})

function vrfJson(vrf: BgpVrfState): JsonObject {
  const peers = [...vrf.peers.values()].map((peer) => [peer.address, peerJson(peer)] as const)
  return { vrf: vrf.vrf, routerId: vrf.routerId, asn: vrf.asn, peers: Object.fromEntries(peers) }
}

function peerJson(peer: BgpPeer): JsonObject {
  const families = [...peer.families].map(([family, state]) => [family, familyJson(state)] as const)
  return { peerState: peer.state, peerAsn: peer.asn, ...Object.fromEntries(families) }
}

function familyJson({ state, received, accepted }: BgpFamilyState): JsonObject {
  return { afiSafiState: state, nlrisReceived: received, nlrisAccepted: accepted }
}

const FAMILY: Readonly<Record<BgpFamily, string>> = { ipv4Unicast: 'IPv4 Unicast', l2VpnEvpn: 'L2VPN EVPN' }
const WIDTHS = [16, 11, 13, 23, 10, 10] as const

function vrfText(vrf: BgpVrfState, context: ShowContext): string {
  const rows = [...vrf.peers.values()].flatMap((peer) =>
    [...peer.families].map(([family, counts]) => {
      const cells = [peer.address, peer.asn, stateCell(peer), FAMILY[family], negotiationWord(counts.state)]
      const since = bgpSpan(context.now - sessionSince(peer, context))
      return columns(
        [...cells, String(counts.received), String(counts.accepted), since, `${keepalives(peer, context)}`],
        WIDTHS,
      )
    }),
  )
  const head = [
    'Neighbor',
    'AS',
    'Session State',
    'AFI/SAFI',
    'AFI/SAFI State',
    'NLRI Rcd',
    'NLRI Acc',
    'Up/Down',
    'Msgs',
  ]
  const lines = [
    `BGP summary information for VRF ${vrf.vrf}`,
    `Router identifier ${vrf.routerId}, local AS number ${vrf.asn}`,
    columns(head, WIDTHS),
    ...rows,
  ]
  return lines.map((line) => `${line}\n`).join('')
}

function stateCell(peer: BgpPeer): string {
  return peer.state === 'Established' ? peer.state : stateWord(peer)
}

function negotiationWord(state: BgpFamilyState['state']): string {
  return state.charAt(0).toUpperCase() + state.slice(1)
}
