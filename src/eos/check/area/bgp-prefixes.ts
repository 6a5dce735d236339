import { z } from 'zod'
import { once } from '../../../model/once.ts'
import { recordOf } from '../answer/by-name.ts'
import type { Answer } from '../answer/show.ts'
import { compareQuantities, compareVrfs } from '../finding/compare.ts'
import { answerOf, defineArea, firstRead, inOrder } from './define-area.ts'
import { bgpSummary, byPeer, ipBgpSummary, isBgpInactive } from './show-bgp-summary.ts'

// What the summary tells of one address family of a peer (docs/eos.md 6.2).
const family = once(() => z.object({ nlrisReceived: z.int(), nlrisAccepted: z.int() }).partial())

const BGP_SUMMARY = bgpSummary(() => recordOf(z.unknown()))

const IP_BGP_SUMMARY = ipBgpSummary(() => z.object({ prefixReceived: z.int(), prefixAccepted: z.int() }).partial())

const state = once(() => recordOf(recordOf(recordOf(z.int()))))

/** Counts of a full table move all the time, so they are compared by tolerance; a peer that comes or goes is told by the area `bgp`. */
export const bgpPrefixesArea = defineArea({
  name: 'bgp-prefixes',
  docs: 'How many prefixes are accepted from every BGP peer, by VRF and address family.',
  asks: [BGP_SUMMARY, IP_BGP_SUMMARY],
  state,
  tolerances: { '*': { percent: 2 }, l2VpnEvpn: { percent: 10 } },
  tell: ([full, ip]) => {
    if (isBgpInactive(full) && isBgpInactive(ip)) return {}
    return firstRead(
      () => byPeer(answerOf(full, BGP_SUMMARY), byFamily),
      () => byPeer(answerOf(ip, IP_BGP_SUMMARY), byFamilyOfIp),
    )
  },
  describe: (before, after) =>
    compareVrfs(before, after, (vrf) => ({
      thing: (peer) => ({ subject: peer, vrf, label: `BGP ${peer} in ${vrf}` }),
      changed: (peer, was, is) =>
        compareQuantities(was, is, (name) => ({ thing: peer, attribute: name, suffix: `, ${name} prefixes` })),
    })),
})

function byFamily(peer: Readonly<Record<string, unknown>>) {
  return inOrder(
    Object.entries(peer).flatMap(([name, value]) => {
      const { nlrisReceived, nlrisAccepted } = family().safeParse(value).data ?? {}
      const count = nlrisAccepted ?? nlrisReceived
      return count === undefined ? [] : [[name, count] as const]
    }),
  )
}

function byFamilyOfIp({
  prefixReceived,
  prefixAccepted = prefixReceived,
}: Answer<typeof IP_BGP_SUMMARY>['vrfs'][string]['peers'][string]): Record<string, number> {
  return prefixAccepted === undefined ? {} : { ipv4Unicast: prefixAccepted }
}
