import type { BgpFamily, BgpPeer, BgpVrfState } from '../../converge/network-state.ts'
import { eosAtLeast, printedLines } from '../../platform/facts.ts'
import { bgpSpan, type ShowContext } from './define.ts'

export function peersOf(vrf: BgpVrfState, family: BgpFamily): readonly BgpPeer[] {
  return [...vrf.peers.values()].filter((peer) => peer.families.has(family))
}

/** When a session came into its state, milliseconds since the epoch: sessions start some seconds after the boot. */
export function sessionSince(peer: BgpPeer, { bootedAt, now }: ShowContext): number {
  return Math.min(now, peer.since ?? bootedAt + SETTLING_MS)
}

const SETTLING_MS = 30_000

/** `Established`, or the state with the reason EOS prints behind it: `Idle(Admin)`, `Idle(NoIf)`. */
export function stateWord(peer: BgpPeer): string {
  if (peer.state === 'Established') return 'Estab'
  return peer.idleReason === undefined ? peer.state : `${peer.state}(${peer.idleReason})`
}

/** The messages of an Established session: one keepalive a minute, each way. */
export function keepalives(peer: BgpPeer, context: ShowContext): number {
  if (peer.state !== 'Established') return 0
  return 2 + Math.floor((context.now - sessionSince(peer, context)) / 60_000)
}

export const BGP_WORDS_SINCE = '4.26'

/** From here on it is said where BGP is off (recorded on 4.24). */
export const DISABLED_SINCE = '4.24'

/** What a switch without `router bgp` says. */
export const DISABLED = 'BGP is disabled for VRF default\n'

/** The summary tables of VRFs as text (ntc `show_ip_bgp_summary`, `show_bgp_evpn_summary`; avd-lab). */
export function bgpTables(vrfs: readonly BgpVrfState[], family: BgpFamily, context: ShowContext): string {
  const described = eosAtLeast(context.facts.eos, BGP_WORDS_SINCE)
  if (eosAtLeast(context.facts.eos, DISABLED_SINCE) && !context.state.bgp.has('default')) return DISABLED
  return vrfs
    .map((vrf) => {
      const head = [
        `BGP summary information for VRF ${vrf.vrf}`,
        `Router identifier ${vrf.routerId}, local AS number ${vrf.asn}`,
        'Neighbor Status Codes: m - Under maintenance',
      ]
      const peers = peersOf(vrf, family)
      const table = described ? describedRows(peers, vrf, family, context) : plainRows(peers, family, context)
      return printedLines([...head, ...table])
    })
    .join(described ? '\n' : '')
}

function plainRows(peers: readonly BgpPeer[], family: BgpFamily, context: ShowContext) {
  const head = '  Neighbor         V  AS           MsgRcvd   MsgSent  InQ OutQ  Up/Down State  PfxRcd PfxAcc'
  return [head, ...peers.map((peer) => tableRow(peer, family, context))]
}

function describedRows(peers: readonly BgpPeer[], vrf: BgpVrfState, family: BgpFamily, context: ShowContext) {
  const some = [...vrf.peers.values()].some(({ description }) => description !== '')
  const first = (text: string) => (some ? `  ${text.padEnd(24)} ` : '  ')
  const head = 'Neighbor         V AS           MsgRcvd   MsgSent  InQ OutQ  Up/Down State   PfxRcd PfxAcc'
  const rows = peers.map((peer) => {
    const { messages, since, counts } = numbers(peer, family, context)
    const start = `${peer.address.padEnd(16)} 4 ${peer.asn.padEnd(12)}`
    const middle = ` ${messages.padStart(7)} ${messages.padStart(9)}    0    0 ${since.padStart(8)}`
    return `${first(peer.description)}${start}${middle} ${stateWord(peer).padEnd(7)} ${counts}`.trimEnd()
  })
  return [first('Description') + head, ...rows]
}

function numbers(peer: BgpPeer, family: BgpFamily, context: ShowContext) {
  const counts = peer.families.get(family)
  const up = peer.state === 'Established'
  return {
    messages: String(keepalives(peer, context)),
    since: bgpSpan(context.now - sessionSince(peer, context)),
    counts: up ? `${String(counts?.received ?? 0).padEnd(6)} ${counts?.accepted ?? 0}` : '',
  }
}

function tableRow(peer: BgpPeer, family: BgpFamily, context: ShowContext) {
  const { messages, since, counts } = numbers(peer, family, context)
  const start = `  ${peer.address.padEnd(16)} 4  ${peer.asn.padEnd(12)}`
  const middle = ` ${messages.padStart(7)} ${messages.padStart(9)}    0    0 ${since.padStart(8)}`
  return `${start}${middle} ${stateWord(peer).padEnd(6)} ${counts}`.trimEnd()
}
