import { z } from 'zod'
import type { Reply } from '../../device/device.ts'
import { recordOf } from '../answer/by-name.ts'
import { show } from '../answer/show.ts'
import { byVrf } from './define-area.ts'

interface Peers<P> {
  readonly vrfs: Readonly<Record<string, { readonly peers: Readonly<Record<string, P>> }>>
}

const peersOf = <P extends z.ZodType>(cmd: string, peer: () => P) =>
  show(cmd, () => z.object({ vrfs: recordOf(z.object({ peers: recordOf(peer()) })) }))

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
