import { z } from 'zod'
import { once } from '../../../model/once.ts'
import type { Reply } from '../../device/device.ts'
import { type OutputOf, recordOf, show } from '../answer/show.ts'
import { compareQuantities, compareVrfs } from '../finding/compare.ts'
import { byVrf, inOrder, modelIn, Unread } from './define-area.ts'

interface Peers<P> {
  readonly vrfs: Readonly<Record<string, { readonly peers: Readonly<Record<string, P>> }>>
}

const peersOf = <P extends z.ZodType>(cmd: string, peer: () => P) =>
  show(cmd, () => ({ vrfs: recordOf({ peers: recordOf(peer()) }) }))

/** Every peer of every VRF with its address families (docs/eos.md 6.2). */
export const bgpSummary = <P extends z.ZodType>(peer: () => P) => peersOf('show bgp summary vrf all', peer)

/** The peers of IPv4 unicast; where the routing model is ribd the switch knows only this form. */
export const ipBgpSummary = <P extends z.ZodType>(peer: () => P) => peersOf('show ip bgp summary vrf all', peer)

/** What is told of each peer, by VRF. */
export function byPeer<P, T>({ vrfs }: Peers<P>, told: (peer: P) => T): Record<string, Record<string, T>> {
  return byVrf(vrfs, ({ peers }) => Object.entries(peers).map(([name, peer]) => [name, told(peer)] as const))
}

/** A switch without `router bgp` may refuse with these words (recorded from EOS 4.36); others answer without VRFs. */
export function isBgpInactive(reply: Reply | undefined): boolean {
  return reply?.ok === false && /\bBGP (?:is )?inactive\b/i.test(reply.error)
}

/** A peer in what is said of its changes. */
export const bgpPeerOf = (vrf: string) => (peer: string) => ({ subject: peer, vrf, label: `BGP ${peer} in ${vrf}` })

type Counts = Record<string, Record<string, Record<string, number>>>

const counts = () => recordOf(recordOf(recordOf(z.int())))

/** How prefixes are kept and compared that are counted by VRF, peer and address family. */
export const prefixCounts = (what: string) => ({
  state: counts,
  tolerances: { '*': { percent: 2 }, l2VpnEvpn: { percent: 10 } },
  describe: (before: Counts, after: Counts) =>
    compareVrfs(before, after, (vrf) => ({
      thing: bgpPeerOf(vrf),
      changed: (peer, was, is) =>
        compareQuantities(was, is, (name) => ({ thing: peer, attribute: name, suffix: `, ${name} ${what}` })),
    })),
})

// What a session says of itself in full (docs/eos.md 6.2).
const neighbor = () =>
  z.object({
    peerAddress: z.string(),
    prefixesSent: z.int(),
    v6PrefixesSent: z.int().default(0),
    evpnSent: z.int().default(0),
    prefixesReceived: z.int(),
    v6PrefixesReceived: z.int().default(0),
    evpnReceived: z.int().default(0),
    maxTotalRoutes: z.int().optional(),
    totalRoutesWarnLimit: z.int().optional(),
  })

export type ShownNeighbor = OutputOf<typeof neighbor>

const model = once(() => z.object({ vrfs: recordOf({ peerList: z.array(neighbor()).default([]) }) }))

/** Every session in full, those over IPv6 and over ports without addresses included. */
export const BGP_NEIGHBORS = show('show bgp neighbors vrf all', model, 2)

/** The sessions with an IPv4 address; where the routing model is ribd the switch knows only this form. */
export const IP_BGP_NEIGHBORS = show('show ip bgp neighbors vrf all', model, 2)

/** Every session by VRF and peer, from the replies to {@link BGP_NEIGHBORS} and {@link IP_BGP_NEIGHBORS}; a VRF without peers is left out. */
export function neighborsIn<T>(
  [full, ip]: readonly Reply[],
  told: (neighbor: ShownNeighbor) => T,
): Record<string, Record<string, T>> {
  if (isBgpInactive(full) && isBgpInactive(ip)) return {}
  const whole = modelIn(full, BGP_NEIGHBORS.command, model)
  const ofIp = modelIn(ip, IP_BGP_NEIGHBORS.command, model)
  if (!whole.ok && !ofIp.ok) throw new Unread(whole.error)
  // What the longer list says of a peer counts: it comes last.
  const listed = [ofIp, whole].flatMap((answer) => (answer.ok ? Object.entries(answer.state.vrfs) : []))
  const vrfs = new Map<string, Map<string, T>>()
  for (const [vrf, { peerList }] of listed) {
    const peers = vrfs.get(vrf) ?? new Map<string, T>()
    for (const one of peerList) peers.set(one.peerAddress, told(one))
    if (peers.size > 0) vrfs.set(vrf, peers)
  }
  return inOrder([...vrfs].map(([vrf, peers]) => [vrf, inOrder(peers)] as const))
}
