import { z } from 'zod'
import { once } from '../../../model/once.ts'
import { compareQuantities, compareVrfs } from '../finding/compare.ts'
import { type AreaReading, defineArea, inOrder, modelIn } from './define-area.ts'
import { BGP_SUMMARY, IP_BGP_SUMMARY, isBgpInactive } from './show-bgp-summary.ts'

const vrfs = <P extends z.ZodType>(peer: P) =>
  z.object({ vrfs: z.record(z.string(), z.object({ peers: z.record(z.string(), peer) })) })

const summary = once(() => vrfs(z.record(z.string(), z.unknown())))

// What the summary tells of one address family of a peer (docs/eos.md 6.2).
const family = once(() => z.object({ nlrisReceived: z.int().optional(), nlrisAccepted: z.int().optional() }))

const ipSummary = once(() => vrfs(z.object({ prefixReceived: z.int().optional(), prefixAccepted: z.int().optional() })))

const state = once(() => z.record(z.string(), z.record(z.string(), z.record(z.string(), z.int()))))

type BgpPrefixes = z.output<ReturnType<typeof state>>

/** Counts of a full table move all the time, so they are compared by tolerance; a peer that comes or goes is told by the area `bgp`. */
export const bgpPrefixesArea = defineArea({
  name: 'bgp-prefixes',
  docs: 'How many prefixes are accepted from every BGP peer, by VRF and address family.',
  commands: [BGP_SUMMARY, IP_BGP_SUMMARY],
  state,
  tolerances: { '*': { percent: 2 }, l2VpnEvpn: { percent: 10 } },
  tell: ([full, ip]) => {
    if (isBgpInactive(full) && isBgpInactive(ip)) return { ok: true, state: {} }
    const all = byFamily(modelIn(full, BGP_SUMMARY, summary))
    if (all.ok) return all
    const ofIp = byFamilyOfIp(modelIn(ip, IP_BGP_SUMMARY, ipSummary))
    return ofIp.ok ? ofIp : all
  },
  describe: (before, after) =>
    compareVrfs(before, after, (vrf) => ({
      thing: (peer) => ({ subject: peer, vrf, label: `BGP ${peer} in ${vrf}` }),
      changed: (peer, was, is) =>
        compareQuantities(was, is, (name) => ({ thing: peer, attribute: name, suffix: `, ${name} prefixes` })),
    })),
})

type Vrfs<P> = AreaReading<{ vrfs: Record<string, { peers: Record<string, P> }> }>

interface IpPeer {
  readonly prefixReceived?: number | undefined
  readonly prefixAccepted?: number | undefined
}

function byFamily(answer: Vrfs<Record<string, unknown>>): AreaReading<BgpPrefixes> {
  return perPeer(answer, (peer) =>
    Object.entries(peer).flatMap(([name, value]) => {
      const { nlrisReceived, nlrisAccepted } = family().safeParse(value).data ?? {}
      const count = nlrisAccepted ?? nlrisReceived
      return count === undefined ? [] : [[name, count] as const]
    }),
  )
}

function byFamilyOfIp(answer: Vrfs<IpPeer>): AreaReading<BgpPrefixes> {
  return perPeer(answer, ({ prefixReceived, prefixAccepted = prefixReceived }) =>
    prefixAccepted === undefined ? [] : [['ipv4Unicast', prefixAccepted] as const],
  )
}

function perPeer<P>(
  answer: Vrfs<P>,
  counts: (peer: P) => readonly (readonly [string, number])[],
): AreaReading<BgpPrefixes> {
  if (!answer.ok) return answer
  const entries = Object.entries(answer.state.vrfs).map(
    ([vrf, { peers }]) =>
      [vrf, inOrder(Object.entries(peers).map(([peer, told]) => [peer, inOrder(counts(told))] as const))] as const,
  )
  return { ok: true, state: inOrder(entries.filter(([, peers]) => Object.keys(peers).length > 0)) }
}
