import type { Reply } from '../../device/device.ts'

/** Every peer of every VRF with its address families (docs/eos.md 6.2). */
export const BGP_SUMMARY = { cmd: 'show bgp summary vrf all', revision: 1 }

/** The peers of IPv4 unicast; where the routing model is ribd the switch knows only this form. */
export const IP_BGP_SUMMARY = { cmd: 'show ip bgp summary vrf all', revision: 1 }

/** A switch without `router bgp` may refuse with these words (recorded from EOS 4.36); others answer without VRFs. */
export function isBgpInactive(reply: Reply | undefined): boolean {
  return reply?.ok === false && /\bBGP (?:is )?inactive\b/i.test(reply.error)
}
