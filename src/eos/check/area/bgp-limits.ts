import { z } from 'zod'
import { once } from '../../../model/once.ts'
import { type Answer, type OutputOf, partly, recordOf } from '../answer/show.ts'
import { became, compareVrfs, place, type StateChange, type Thing } from '../finding/compare.ts'
import { answerOf, byVrf, defineArea, eachOf, firstRead, Unread } from './define-area.ts'
import {
  BGP_NEIGHBORS,
  bgpPeerOf,
  bgpSummary,
  byPeer,
  IP_BGP_NEIGHBORS,
  ipBgpSummary,
  isBgpInactive,
  neighborsIn,
  prefixCounts,
  type ShownNeighbor,
} from './show-bgp-summary.ts'

const state = () => recordOf(recordOf(z.strictObject({ limit: z.int(), warnAt: z.int(), received: z.int() })))

type Limit = OutputOf<typeof state>[string][string]

// The share of a limit at which EOS warns unless a line says otherwise (docs/unproven.md).
const WARNED = 0.8

/** EOS sets `maximum-routes 12000` by itself (docs/eos.md 4.9), and a peer that sends more is Idle until somebody clears it. */
export const bgpLimitsArea = defineArea({
  name: 'bgp-limits',
  docs: 'How many routes every BGP peer may send (`maximum-routes`, also where EOS has set it), and whether it is near that.',
  asks: [BGP_NEIGHBORS, IP_BGP_NEIGHBORS],
  state,
  tell: (replies) => {
    const told = neighborsIn(replies, (neighbor) => neighbor)
    const all = Object.values(told).flatMap((peers) => Object.values(peers))
    if (all.length > 0 && all.every(({ maxTotalRoutes }) => maxTotalRoutes === undefined)) {
      throw new Unread('`show bgp neighbors vrf all` does not tell how many routes a peer may send')
    }
    return byVrf(told, (peers) => Object.entries(peers).map(([peer, neighbor]) => [peer, limitOf(neighbor)] as const))
  },
  describe: (before, after) =>
    compareVrfs(before, after, (vrf) => ({
      thing: bgpPeerOf(vrf),
      changed: (peer, was, is) => [
        ...became(peer, 'limit', [was.limit, is.limit], { suffix: ', limit of routes', shown: limitWord }),
        ...nearness(peer, was, is),
      ],
    })),
})

// The routes of all families count (docs/unproven.md).
function limitOf(neighbor: ShownNeighbor) {
  const { maxTotalRoutes: limit = 0, totalRoutesWarnLimit = 0 } = neighbor
  const received = neighbor.prefixesReceived + neighbor.v6PrefixesReceived + neighbor.evpnReceived
  return { limit, warnAt: totalRoutesWarnLimit || Math.floor(limit * WARNED), received }
}

function limitWord(limit: number) {
  return limit === 0 ? 'none' : String(limit)
}

function isNear({ limit, warnAt, received }: Limit) {
  return limit > 0 && received >= warnAt
}

function nearness(peer: Thing, was: Limit, is: Limit): readonly StateChange[] {
  if (isNear(was) === isNear(is)) return []
  const shown = `${is.received} of ${limitWord(is.limit)} routes`
  const text = `${peer.label} is ${isNear(is) ? 'near its limit' : 'not near its limit any more'}: ${shown}`
  return [{ ...place(peer), kind: 'changed', attribute: 'near', was: isNear(was), is: isNear(is), text }]
}

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

export const bgpAdvertisedArea = defineArea({
  name: 'bgp-advertised',
  docs: 'How many prefixes are sent to every BGP peer, by VRF and address family.',
  asks: [BGP_NEIGHBORS, IP_BGP_NEIGHBORS],
  ...prefixCounts('prefixes sent'),
  tell: (replies) => neighborsIn(replies, sent),
})

function sent({ prefixesSent, v6PrefixesSent, evpnSent }: ShownNeighbor): Record<string, number> {
  return {
    ...(prefixesSent === 0 ? {} : { ipv4Unicast: prefixesSent }),
    ...(v6PrefixesSent === 0 ? {} : { ipv6Unicast: v6PrefixesSent }),
    ...(evpnSent === 0 ? {} : { l2VpnEvpn: evpnSent }),
  }
}
