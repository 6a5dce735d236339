import { z } from 'zod'
import { once } from '../../../model/once.ts'
import { type Answer, partly, recordOf } from '../answer/show.ts'
import { answerOf, defineArea, eachOf, firstRead } from './define-area.ts'
import { bgpSummary, byPeer, ipBgpSummary, isBgpInactive, prefixCounts } from './show-bgp-summary.ts'

// What the summary tells of one address family of a peer (docs/eos.md 6.2).
const family = once(() => partly({ nlrisReceived: z.int(), nlrisAccepted: z.int() }))

const BGP_SUMMARY = bgpSummary(() => recordOf(z.unknown()))

const IP_BGP_SUMMARY = ipBgpSummary(() => partly({ prefixReceived: z.int(), prefixAccepted: z.int() }))

/** Counts of a full table move all the time, so they are compared by tolerance; a peer that comes or goes is told by the area `bgp`. */
export const bgpPrefixesArea = defineArea({
  name: 'bgp-prefixes',
  docs: 'How many prefixes are accepted from every BGP peer, by VRF and address family.',
  asks: [BGP_SUMMARY, IP_BGP_SUMMARY],
  ...prefixCounts('prefixes'),
  tell: ([full, ip]) => {
    if (isBgpInactive(full) && isBgpInactive(ip)) return {}
    return firstRead(
      () => byPeer(answerOf(full, BGP_SUMMARY), byFamily),
      () => byPeer(answerOf(ip, IP_BGP_SUMMARY), byFamilyOfIp),
    )
  },
})

function byFamily(peer: Readonly<Record<string, unknown>>) {
  return eachOf(peer, (value) => {
    const { nlrisReceived, nlrisAccepted } = family().safeParse(value).data ?? {}
    return nlrisAccepted ?? nlrisReceived
  })
}

function byFamilyOfIp({
  prefixReceived,
  prefixAccepted = prefixReceived,
}: Answer<typeof IP_BGP_SUMMARY>['vrfs'][string]['peers'][string]): Record<string, number> {
  return prefixAccepted === undefined ? {} : { ipv4Unicast: prefixAccepted }
}
