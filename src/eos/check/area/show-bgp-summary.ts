import { z } from 'zod'
import type { Reply } from '../../device/device.ts'
import { recordOf, show } from '../answer/show.ts'
import { compareQuantities, compareVrfs } from '../finding/compare.ts'
import { byVrf } from './define-area.ts'

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
