import { z } from 'zod'
import { ownMember } from '../../../model/json.ts'
import { once } from '../../../model/once.ts'
import type { Reply } from '../../device/device.ts'
import { type OutputOf, recordOf } from '../answer/show.ts'
import { became, compareVrfs, namesIn, type Thing } from '../finding/compare.ts'
import { answerOf, defineArea, eachOf, firstRead } from './define-area.ts'
import { bgpPeerOf, bgpSummary, byPeer, ipBgpSummary, isBgpInactive } from './show-bgp-summary.ts'

const asNumber = () => z.union([z.string(), z.int()]).optional()

// `show bgp summary vrf all`: every address family that a peer activates is a key of the peer (docs/eos.md 6.2).
const summaryPeer = () => z.looseObject({ peerState: z.string(), peerAsn: asNumber() })

// `show ip bgp summary vrf all`: IPv4 unicast only; the peer's AS is `asn` or `peerAsn` (docs/eos.md 6.2).
const ipSummaryPeer = () => z.object({ peerState: z.string(), asn: asNumber(), peerAsn: asNumber() })

const BGP_SUMMARY = bgpSummary(summaryPeer)

const IP_BGP_SUMMARY = ipBgpSummary(ipSummaryPeer)

const family = once(() => z.object({ afiSafiState: z.string() }))

const state = () =>
  recordOf(
    recordOf(
      z.strictObject({
        state: z.string(),
        asn: z.string(),
        families: recordOf(z.string()).exactOptional(),
      }),
    ),
  )

export type BgpPeerState = OutputOf<typeof state>[string][string]

export type BgpState = OutputOf<typeof state>

export const bgpArea = defineArea({
  name: 'bgp',
  docs: 'Every BGP peer of every VRF: session state, AS number, and the state of each address family.',
  asks: [BGP_SUMMARY, IP_BGP_SUMMARY],
  state,
  tell: ([full, ip]) => {
    if (isBgpInactive(full) && isBgpInactive(ip)) return {}
    return firstRead(
      () => summaryState(full),
      () => ipSummaryState(ip),
    )
  },
  describe: (before, after) =>
    compareVrfs(before, after, (vrf) => ({
      thing: bgpPeerOf(vrf),
      added: ({ state, asn }) => ` added: ${state}, AS ${asn}`,
      removed: ({ state }) => ` removed: was ${state}`,
      changed: peerChanges,
    })),
})

function summaryState(reply: Reply | undefined): BgpState {
  return byPeer(answerOf(reply, BGP_SUMMARY), ({ peerState, peerAsn, ...rest }) => ({
    state: peerState,
    asn: String(peerAsn ?? ''),
    families: eachOf(rest, (value) => family().safeParse(value).data?.afiSafiState),
  }))
}

function ipSummaryState(reply: Reply | undefined): BgpState {
  return byPeer(answerOf(reply, IP_BGP_SUMMARY), ({ peerState, asn, peerAsn }) => ({
    state: peerState,
    asn: String(peerAsn ?? asn ?? ''),
  }))
}

function standsIn(...states: readonly BgpPeerState[]) {
  return states.some(({ state }) => state === 'Established')
}

function peerChanges(peer: Thing, was: BgpPeerState, is: BgpPeerState) {
  const [before, after] = [was.families ?? {}, is.families ?? {}]
  return [
    ...(standsIn(was, is) ? became(peer, 'state', [was.state, is.state]) : []),
    ...became(peer, 'asn', [was.asn, is.asn], { suffix: ', AS' }),
    ...namesIn(before, after).flatMap((name) =>
      became(peer, name, [ownMember(before, name) ?? '', ownMember(after, name) ?? ''], { suffix: `, ${name}` }),
    ),
  ]
}
