import type { JsonObject } from '../../../../model/json.ts'
import { readMaintenance } from '../../converge/read-maintenance.ts'
import type { BgpFamily, BgpPeer, BgpVrfState } from '../../converge/routing-state.ts'
import { bgpTables, keepalives, peersOf, sessionSince } from '../format/bgp-table.ts'
import { defineShow, type ShowArguments, type ShowContext } from '../format/define.ts'
import { refuseUnknownVrf, selectedVrfs } from '../format/selection.ts'
import { seconds } from '../format/text-format.ts'

/** `show ip bgp summary`: the sessions that carry IPv4. Without `router bgp` there is no VRF to show (napalm `nobgp`). */
export const showIpBgpSummary = defineShow({
  words: 'show ip bgp summary [vrf <vrf>]',
  docs: 'The IPv4 sessions; ntc show_ip_bgp_summary (text), napalm (JSON).',
  refuse: refuseUnknownVrf,
  json: (context, args) => summaryJson(context, args, 'ipv4Unicast'),
  text: (context, args) => summaryText(context, args, 'ipv4Unicast'),
})

/** `show bgp evpn summary`: the shape of the IPv4 summary; only its text is recorded (docs/eos.md 7.3). */
export const showBgpEvpnSummary = defineShow({
  words: 'show bgp evpn summary',
  docs: 'The EVPN sessions; ntc show_bgp_evpn_summary (text).',
  json: (context) => summaryJson(context, {}, 'l2VpnEvpn'),
  text: (context) => summaryText(context, {}, 'l2VpnEvpn'),
})

function summaryJson(context: ShowContext, args: ShowArguments, family: BgpFamily): JsonObject {
  const vrfs = selectedVrfs(context.state.bgp, args).map(
    ([name, vrf]) => [name, vrfJson(vrf, family, context)] as const,
  )
  return { vrfs: Object.fromEntries(vrfs) }
}

function summaryText(context: ShowContext, args: ShowArguments, family: BgpFamily): string {
  return bgpTables(
    selectedVrfs(context.state.bgp, args).map(([, vrf]) => vrf),
    family,
    context,
  )
}

function vrfJson(vrf: BgpVrfState, family: BgpFamily, context: ShowContext): JsonObject {
  const peers = peersOf(vrf, family).map(
    (peer) => [peer.address, peerJson(peer, { vrf: vrf.vrf, family }, context)] as const,
  )
  return { vrf: vrf.vrf, routerId: vrf.routerId, asn: vrf.asn, peers: Object.fromEntries(peers) }
}

function peerJson(
  peer: BgpPeer,
  { vrf, family }: { readonly vrf: string; readonly family: BgpFamily },
  context: ShowContext,
): JsonObject {
  const messages = keepalives(peer, context)
  const counts = peer.families.get(family)
  return {
    ...(peer.description === '' ? {} : { description: peer.description }),
    version: 4,
    msgReceived: messages,
    msgSent: messages,
    inMsgQueue: 0,
    outMsgQueue: 0,
    asn: peer.asn,
    prefixAccepted: counts?.accepted ?? 0,
    prefixReceived: counts?.received ?? 0,
    upDownTime: seconds(sessionSince(peer, context)),
    underMaintenance: readMaintenance(context.running).holds(vrf, peer.address, peer.peerGroup),
    peerState: peer.state,
    ...(peer.idleReason === undefined ? {} : { peerStateIdleReason: IDLE_REASON[peer.idleReason] }),
  }
}

/** JSON words for what text puts in brackets; not recorded, as pyeapi's and AVD's consumers spell them. */
const IDLE_REASON = { Admin: 'AdminShutDown', NoIf: 'NoInterface', MaxPath: 'MaxPath' } as const
