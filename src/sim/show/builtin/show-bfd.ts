import type { JsonObject } from '../../../model/json.ts'
import type { SwitchState } from '../../converge/network-state.ts'
import type { BgpPeer } from '../../converge/routing-state.ts'
import { sessionSince } from '../bgp-table.ts'
import { defineShow, type ShowArguments, type ShowContext } from '../define.ts'
import { columns, seconds } from '../text-format.ts'

/** `show bfd peers`: one session for each BGP neighbor with `bfd`; it is up while BGP is. */
export const showBfdPeers = defineShow({
  words: 'show bfd peers [vrf <vrf>]',
  docs: 'BFD sessions by VRF and peer; the keys that ANTA reads.',
  json: (context, args) => ({ vrfs: perVrf(context, args, (peer, at) => sessionJson(peer, at)) }),
  text: (context, args) =>
    vrfs(context.state, args)
      .map(([vrf, peers]) => {
        const rows = peers.map((peer) => [
          peer.address,
          String(discriminator(peer.address)),
          peer.interface ?? 'NA',
          peer.state === 'Established' ? 'Up' : 'Down',
        ])
        const table = [['DstAddr', 'MyDisc', 'Interface', 'State'], ...rows].map((cells) => columns(cells, WIDTHS))
        return [`VRF name: ${vrf}`, '-'.repeat(16), ...table].map((line) => `${line}\n`).join('')
      })
      .join('\n'),
})

/** `show bfd peers detail`. */
export const showBfdPeersDetail = defineShow({
  words: 'show bfd peers [vrf <vrf>] detail',
  docs: 'BFD sessions with their timers and who asked for them; the keys that ANTA reads.',
  json: (context, args) => ({
    vrfs: perVrf(context, args, (peer, at) => ({ ...sessionJson(peer, at), peerStatsDetail: detailJson(context) })),
  }),
})

const WIDTHS = [17, 12, 18] as const

function vrfs({ bgp }: SwitchState, { vrf }: ShowArguments): readonly (readonly [string, readonly BgpPeer[]])[] {
  return [...bgp]
    .filter(([name]) => vrf === undefined || vrf === 'all' || vrf === name)
    .map(([name, { peers }]) => [name, [...peers.values()].filter(({ bfd }) => bfd)] as const)
    .filter(([, peers]) => peers.length > 0)
}

function perVrf(
  context: ShowContext,
  args: ShowArguments,
  json: (peer: BgpPeer, context: ShowContext) => JsonObject,
): JsonObject {
  return Object.fromEntries(
    vrfs(context.state, args).map(([vrf, peers]) => [
      vrf,
      {
        ipv4Neighbors: Object.fromEntries(
          peers.map((peer) => [peer.address, { peerStats: { [interfaceKey(peer)]: json(peer, context) } }] as const),
        ),
        ipv6Neighbors: {},
        ipv4ReflectorNeighbors: {},
        ipv6ReflectorNeighbors: {},
      },
    ]),
  )
}

/** A session over several hops has no interface. */
function interfaceKey(peer: BgpPeer): string {
  return peer.ttl > 1 && !peer.internal ? '' : (peer.interface ?? '')
}

function sessionJson(peer: BgpPeer, context: ShowContext): JsonObject {
  const up = peer.state === 'Established'
  const since = seconds(sessionSince(peer, context))
  return {
    status: up ? 'up' : 'down',
    sessType: peer.ttl > 1 && !peer.internal ? 'sessionTypeMultihop' : 'sessionTypeNormal',
    localDisc: discriminator(peer.address),
    remoteDisc: up ? discriminator(peer.source) : 0,
    lastUp: up ? since : 0,
    lastDown: up ? 0 : since,
    lastDiag: 'diagNone',
    l3intf: interfaceKey(peer),
    authType: 'None',
    kernelIfIndex: 0,
  }
}

/** A discriminator made from the address: each end numbers its sessions as it likes. */
function discriminator(address: string): number {
  return address.split('.').reduce((sum, octet) => (sum * 31 + Number(octet)) >>> 0, 7)
}

function detailJson({ running }: ShowContext): JsonObject {
  const line = running.children.find((node) => /^(router )?bfd (multihop )?interval \d+/.test(node.line))?.line ?? ''
  const [, interval = '300', receive = interval, multiplier = '3'] =
    /interval (\d+) min[-_]rx (\d+) multiplier (\d+)/.exec(line) ?? []
  return {
    apps: ['bgp'],
    operTxInterval: Number(interval) * 1000,
    operRxInterval: Number(receive) * 1000,
    detectMult: Number(multiplier),
    detectTime: Number(receive) * Number(multiplier) * 1000,
    echoOn: false,
    role: 'active',
  }
}
