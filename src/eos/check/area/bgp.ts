import { z } from 'zod'
import { once } from '../../../model/once.ts'
import type { Reply } from '../../device/device.ts'
import { became, compareVrfs, entry, namesIn, type Thing } from '../finding/compare.ts'
import type { StateChange } from '../finding/state-change.ts'
import { type AreaReading, defineArea, inOrder, modelIn } from './define-area.ts'
import { BGP_SUMMARY, IP_BGP_SUMMARY, isBgpInactive } from './show-bgp-summary.ts'

const asNumber = once(() => z.union([z.string(), z.int()]).optional())

// `show bgp summary vrf all`: every address family that a peer activates is a key of the peer (docs/eos.md 6.2).
const summaryPeer = once(() => z.looseObject({ peerState: z.string(), peerAsn: asNumber() }))

// `show ip bgp summary vrf all`: IPv4 unicast only; the peer's AS is `asn` or `peerAsn` (docs/eos.md 6.2).
const ipSummaryPeer = once(() => z.object({ peerState: z.string(), asn: asNumber(), peerAsn: asNumber() }))

const summary = once(() =>
  z.object({ vrfs: z.record(z.string(), z.object({ peers: z.record(z.string(), summaryPeer()) })) }),
)

const ipSummary = once(() =>
  z.object({ vrfs: z.record(z.string(), z.object({ peers: z.record(z.string(), ipSummaryPeer()) })) }),
)

const family = once(() => z.object({ afiSafiState: z.string() }))

const state = once(() =>
  z.record(
    z.string(),
    z.record(
      z.string(),
      z.strictObject({
        state: z.string(),
        asn: z.string(),
        families: z.record(z.string(), z.string()).exactOptional(),
      }),
    ),
  ),
)

export type BgpPeerState = z.output<ReturnType<typeof state>>[string][string]

export type BgpState = z.output<ReturnType<typeof state>>

export const bgpArea = defineArea({
  name: 'bgp',
  docs: 'Every BGP peer of every VRF: session state, AS number, and the state of each address family.',
  commands: [BGP_SUMMARY, IP_BGP_SUMMARY],
  state,
  tell: ([full, ip]) => {
    if (isBgpInactive(full) && isBgpInactive(ip)) return { ok: true, state: {} }
    const all = summaryState(full)
    if (all.ok) return all
    const ofIp = ipSummaryState(ip)
    return ofIp.ok ? ofIp : all
  },
  describe: (before, after) =>
    compareVrfs(before, after, (vrf) => ({
      thing: (peer) => ({ subject: peer, vrf, label: `BGP ${peer} in ${vrf}` }),
      added: ({ state, asn }) => ` added: ${state}, AS ${asn}`,
      removed: ({ state }) => ` removed: was ${state}`,
      changed: peerChanges,
    })),
})

function summaryState(reply: Reply | undefined): AreaReading<BgpState> {
  const answer = modelIn(reply, BGP_SUMMARY, summary)
  if (!answer.ok) return answer
  return byVrf(answer.state.vrfs, ({ peerState, peerAsn, ...rest }) => ({
    state: peerState,
    asn: String(peerAsn ?? ''),
    families: inOrder(
      Object.entries(rest).flatMap(([name, value]) => {
        const parsed = family().safeParse(value)
        return parsed.success ? [[name, parsed.data.afiSafiState] as const] : []
      }),
    ),
  }))
}

function ipSummaryState(reply: Reply | undefined): AreaReading<BgpState> {
  const answer = modelIn(reply, IP_BGP_SUMMARY, ipSummary)
  if (!answer.ok) return answer
  return byVrf(answer.state.vrfs, ({ peerState, asn, peerAsn }) => ({
    state: peerState,
    asn: String(peerAsn ?? asn ?? ''),
  }))
}

function byVrf<P>(
  vrfs: Record<string, { peers: Record<string, P> }>,
  peerState: (peer: P) => BgpPeerState,
): AreaReading<BgpState> {
  const entries = Object.entries(vrfs).map(
    ([vrf, { peers }]) =>
      [vrf, inOrder(Object.entries(peers).map(([peer, model]) => [peer, peerState(model)] as const))] as const,
  )
  return { ok: true, state: inOrder(entries.filter(([, peers]) => Object.keys(peers).length > 0)) }
}

function standsIn(...states: readonly BgpPeerState[]): boolean {
  return states.some(({ state }) => state === 'Established')
}

function peerChanges(peer: Thing, was: BgpPeerState, is: BgpPeerState): readonly StateChange[] {
  const [before, after] = [was.families ?? {}, is.families ?? {}]
  return [
    ...(standsIn(was, is) ? became(peer, 'state', [was.state, is.state]) : []),
    ...became(peer, 'asn', [was.asn, is.asn], { suffix: ', AS' }),
    ...namesIn(before, after).flatMap((name) =>
      became(peer, name, [entry(before, name) ?? '', entry(after, name) ?? ''], { suffix: `, ${name}` }),
    ),
  ]
}
