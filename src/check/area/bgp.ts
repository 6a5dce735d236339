import { z } from 'zod'
import type { Reply } from '../../device/device.ts'
import { became, compareRecords, type Thing } from '../compare.ts'
import type { StateChange } from '../state-change.ts'
import { defineArea, inOrder, modelIn, type Reading } from './define-area.ts'

const SUMMARY = { cmd: 'show bgp summary vrf all', revision: 1 }
const IP_SUMMARY = { cmd: 'show ip bgp summary vrf all', revision: 1 }

/** AS numbers are text or numbers, by version and command. */
const AsNumber = z.union([z.string(), z.int()]).optional()

/** `show bgp summary vrf all`: every address family that a peer activates is a key of the peer (eos-reference 6). */
const SummaryPeer = z.looseObject({ peerState: z.string(), peerAsn: AsNumber })

/** `show ip bgp summary vrf all`: IPv4 unicast only; the peer's AS is `asn` or `peerAsn` (eos-reference 6). */
const IpSummaryPeer = z.object({ peerState: z.string(), asn: AsNumber, peerAsn: AsNumber })

const Summary = z.object({ vrfs: z.record(z.string(), z.object({ peers: z.record(z.string(), SummaryPeer) })) })
const IpSummary = z.object({ vrfs: z.record(z.string(), z.object({ peers: z.record(z.string(), IpSummaryPeer) })) })

const Family = z.object({ afiSafiState: z.string() })

const State = z.record(
  z.string(),
  z.record(
    z.string(),
    z.strictObject({
      state: z.string(),
      asn: z.string(),
      families: z.record(z.string(), z.string()).exactOptional(),
    }),
  ),
)

/** One BGP peer. `families` is absent where the switch does not tell them. */
export type BgpPeerState = z.output<typeof State>[string][string]

/** BGP peers by VRF and address; empty where BGP does not run. */
export type BgpState = z.output<typeof State>

/** The sessions of all VRFs. Prefix counts are left out: they move while nothing changes. */
export const bgpArea = defineArea({
  name: 'bgp',
  docs: 'Every BGP peer of every VRF: session state, AS number, and the state of each address family.',
  commands: [SUMMARY, IP_SUMMARY],
  state: State,
  tell: ([summary, ipSummary]) => {
    if (isInactive(summary) && isInactive(ipSummary)) return { ok: true, state: {} }
    const full = summaryState(summary)
    if (full.ok) return full
    const ip = ipSummaryState(ipSummary)
    return ip.ok ? ip : full
  },
  describe: (before, after) => {
    const vrfs = inOrder(Object.entries({ ...before, ...after }))
    return Object.keys(vrfs).flatMap((vrf) =>
      compareRecords(before[vrf] ?? {}, after[vrf] ?? {}, {
        thing: (peer) => ({ subject: peer, vrf, label: `BGP ${peer} in ${vrf}` }),
        added: ({ state, asn }) => ` added: ${state}, AS ${asn}`,
        removed: ({ state }) => ` removed: was ${state}`,
        changed: peerChanges,
      }),
    )
  },
})

/** A switch without `router bgp` may refuse with these words (recorded from EOS 4.36); others answer without VRFs. */
function isInactive(reply: Reply | undefined): boolean {
  return reply?.ok === false && /\bBGP (?:is )?inactive\b/i.test(reply.error)
}

function summaryState(reply: Reply | undefined): Reading<BgpState> {
  const model = modelIn(reply, SUMMARY, Summary)
  if (!model.ok) return model
  return byVrf(model.state.vrfs, ({ peerState, peerAsn, ...rest }) => ({
    state: peerState,
    asn: String(peerAsn ?? ''),
    families: inOrder(
      Object.entries(rest).flatMap(([family, value]) => {
        const parsed = Family.safeParse(value)
        return parsed.success ? [[family, parsed.data.afiSafiState] as const] : []
      }),
    ),
  }))
}

/** Where the routing model is ribd the switch knows only this form; it does not tell address families. */
function ipSummaryState(reply: Reply | undefined): Reading<BgpState> {
  const model = modelIn(reply, IP_SUMMARY, IpSummary)
  if (!model.ok) return model
  return byVrf(model.state.vrfs, ({ peerState, asn, peerAsn }) => ({
    state: peerState,
    asn: String(peerAsn ?? asn ?? ''),
  }))
}

function byVrf<P>(
  vrfs: Record<string, { peers: Record<string, P> }>,
  peerState: (peer: P) => BgpPeerState,
): Reading<BgpState> {
  const entries = Object.entries(vrfs).map(
    ([vrf, { peers }]) =>
      [vrf, inOrder(Object.entries(peers).map(([peer, model]) => [peer, peerState(model)] as const))] as const,
  )
  return { ok: true, state: inOrder(entries.filter(([, peers]) => Object.keys(peers).length > 0)) }
}

function peerChanges(peer: Thing, was: BgpPeerState, is: BgpPeerState): readonly StateChange[] {
  const families = { ...was.families, ...is.families }
  return [
    ...became(peer, 'state', [was.state, is.state]),
    ...became(peer, 'asn', [was.asn, is.asn], { suffix: ', AS' }),
    ...Object.keys(inOrder(Object.entries(families))).flatMap((family) =>
      became(peer, family, [was.families?.[family] ?? '', is.families?.[family] ?? ''], { suffix: `, ${family}` }),
    ),
  ]
}
