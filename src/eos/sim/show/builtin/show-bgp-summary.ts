import type { JsonObject } from '../../../../model/json.ts'
import type { BgpFamily, BgpFamilyState, BgpPeer, BgpVrfState } from '../../converge/routing-state.ts'
import { stateWord } from '../format/bgp-table.ts'
import { defineShow } from '../format/define.ts'
import { refuseUnknownVrf, selectedVrfs } from '../format/selection.ts'

/** `show bgp summary`: every session with every family it carries. */
export const showBgpSummary = defineShow({
  words: 'show bgp summary [vrf <vrf>]',
  docs: 'All sessions by address family; anta (JSON), course (text of 4.29).',
  refuse: refuseUnknownVrf,
  json: (context, args) => ({
    vrfs: Object.fromEntries(selectedVrfs(context.state.bgp, args).map(([name, vrf]) => [name, vrfJson(vrf)] as const)),
  }),
  text: (context, args) =>
    selectedVrfs(context.state.bgp, args)
      .map(([, vrf]) => vrfText(vrf))
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
const HEAD = ['Neighbor', 'AS', 'Session State', 'AFI/SAFI', 'AFI/SAFI State', 'NLRI Rcd', 'NLRI Acc'] as const
/** Widths of all columns but the first, which is as wide as what is in it; negative ones are right-aligned. */
const WIDTHS = [-11, 13, 23, 14, -10, -10] as const

function vrfText(vrf: BgpVrfState): string {
  const rows = [...vrf.peers.values()].flatMap((peer) =>
    [...peer.families].map(([family, counts]) => {
      const cells = [peer.address, peer.asn, stateCell(peer), FAMILY[family], negotiationWord(counts.state)]
      return [...cells, String(counts.received), String(counts.accepted)]
    }),
  )
  const widths = [Math.max(...[HEAD, ...rows].map(([first = '']) => first.length)), ...WIDTHS]
  const rule = widths.map((width) => '-'.repeat(Math.abs(width)))
  const table = [HEAD, rule, ...rows].map((cells) => cells.map((cell, at) => aligned(cell, widths[at] ?? 0)).join(' '))
  const lines = [
    `BGP summary information for VRF ${vrf.vrf}`,
    `Router identifier ${vrf.routerId}, local AS number ${vrf.asn}`,
    ...table,
  ]
  return lines.map((line) => `${line}\n`).join('')
}

function aligned(cell: string, width: number): string {
  return width < 0 ? cell.padStart(-width) : cell.padEnd(width)
}

function stateCell(peer: BgpPeer): string {
  return peer.state === 'Established' ? peer.state : stateWord(peer)
}

function negotiationWord(state: BgpFamilyState['state']): string {
  return state.charAt(0).toUpperCase() + state.slice(1)
}
