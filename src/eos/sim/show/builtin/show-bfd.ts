import type { JsonObject } from '../../../../model/json.ts'
import type { SwitchState } from '../../converge/network-state.ts'
import type { BgpPeer } from '../../converge/routing-state.ts'
import { sessionSince } from '../format/bgp-table.ts'
import { defineShow, type ShowArguments, type ShowContext } from '../format/define.ts'
import { seconds } from '../format/text-format.ts'

/** `show bfd peers`: one session for each BGP neighbor with `bfd`; it is up while BGP is. */
export const showBfdPeers = defineShow({
  words: 'show bfd peers [vrf <vrf>]',
  docs: 'BFD sessions by VRF and peer; the keys that ANTA reads, avd-lab (text of 4.26 and 4.27).',
  json: (context, args) => ({ vrfs: perVrf(context, args, (peer, at) => sessionJson(peer, at)) }),
  text: (context, args) =>
    vrfs(context.state, args)
      .map(([vrf, peers]) => {
        const title = `VRF name: ${vrf}`
        const lines = [
          title,
          '-'.repeat(title.length),
          ...sessionTable(peers, context),
          '',
          ...stateTable(peers, context),
        ]
        return lines.map((line) => `${line}\n`).join('')
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

const SESSION = ['DstAddr', 'MyDisc', 'YourDisc', 'Interface/Transport', 'Type', 'LastUp'] as const

function sessionTable(peers: readonly BgpPeer[], context: ShowContext): readonly string[] {
  const rows = peers.map((peer) => {
    const { up, since } = liveness(peer, context)
    const [mine, theirs] = [discriminator(peer.address), up ? discriminator(peer.source) : 0].map(String)
    const hops = isMultihop(peer)
    return [
      peer.address,
      mine ?? '',
      theirs ?? '',
      hops ? 'NA' : interfaceKey(peer),
      hops ? 'multihop' : 'normal',
      up ? since : 'NA',
    ]
  })
  return ruled(SESSION, rows, [0, 10, 10, 19, 8, 14])
}

function stateTable(peers: readonly BgpPeer[], context: ShowContext): readonly string[] {
  const rows = peers.map((peer) => {
    const { up, since } = liveness(peer, context)
    return [up ? 'NA' : since, 'No Diagnostic', up ? 'Up' : 'Down']
  })
  return ruled(['LastDown', 'LastDiag', 'State'], rows, [14, 19, 5])
}

/** The first column is left-aligned where it is of addresses, all others to the right. */
function ruled(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  least: readonly number[],
): readonly string[] {
  const widths = head.map((word, at) =>
    Math.max(least[at] ?? 0, word.length, ...rows.map((row) => row[at]?.length ?? 0)),
  )
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, at) =>
        at === 0 && head[0] === SESSION[0] ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0),
      )
      .join(' ')
      .trimEnd()
  return [line(head), widths.map((width) => '-'.repeat(width)).join(' '), ...rows.map(line)]
}

/** Whether a session is up, and since when it is what it is: `01/05/22 17:02`. */
function liveness(peer: BgpPeer, context: ShowContext): { readonly up: boolean; readonly since: string } {
  const [date = '', time = ''] = new Date(sessionSince(peer, context)).toISOString().split('T')
  const [year = '', month, day] = date.split('-')
  return { up: peer.state === 'Established', since: `${month}/${day}/${year.slice(2)} ${time.slice(0, 5)}` }
}

/** Whether a session goes over more than a link: between loopbacks, or as the configuration says. */
function isMultihop({ ttl, internal, interface: name = '' }: BgpPeer): boolean {
  return (ttl > 1 && !internal) || name.startsWith('Loopback')
}

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
  return isMultihop(peer) ? '' : (peer.interface ?? '')
}

function sessionJson(peer: BgpPeer, context: ShowContext): JsonObject {
  const up = peer.state === 'Established'
  const since = seconds(sessionSince(peer, context))
  return {
    status: up ? 'up' : 'down',
    sessType: isMultihop(peer) ? 'sessionTypeMultihop' : 'sessionTypeNormal',
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
