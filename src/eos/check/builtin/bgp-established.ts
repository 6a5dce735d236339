import { z } from 'zod'
import { passUnless, type Verdict } from '../../../model/error.ts'
import { type BgpPeerState, type BgpState, bgpArea } from '../area/bgp.ts'
import { defineCheck } from '../define/define-check.ts'

interface JudgedPeer {
  readonly vrf: string
  readonly address: string
  readonly listed: boolean
  readonly now: BgpPeerState | undefined
  readonly before: BgpPeerState | undefined
}

interface PeerChoice {
  readonly vrf: string
  readonly peers?: readonly string[] | undefined
}

// One that was down before the change and is gone now is none of them.
function judgedPeers({ vrf, peers }: PeerChoice, now: BgpState, before: BgpState): readonly JudgedPeer[] {
  const known = [...new Set([...Object.keys(before), ...Object.keys(now)])]
  const vrfs = vrf === 'all' ? known : [vrf]
  const peer = (name: string, address: string, listed: boolean): JudgedPeer => ({
    vrf: name,
    address,
    listed,
    now: peerIn(now, name, address),
    before: peerIn(before, name, address),
  })
  if (peers === undefined) {
    const all = vrfs.flatMap((name) => addressesIn(name, before, now).map((address) => peer(name, address, false)))
    return all.filter((one) => one.now !== undefined || isEstablished(one.before))
  }
  return peers.flatMap((address) => {
    const found = vrfs.map((name) => peer(name, address, true)).filter((one) => (one.now ?? one.before) !== undefined)
    return found.length > 0 ? found : [peer(vrf, address, true)]
  })
}

// Whether it was not Established before either: a fact that the change has not made.
function isExcused({ listed, now, before }: JudgedPeer) {
  return !listed && !isEstablished(now) && before !== undefined && !isEstablished(before)
}

function peerFaults(peer: JudgedPeer, families: readonly string[]): readonly string[] {
  const name = peerName(peer)
  if (isExcused(peer)) return []
  if (!isEstablished(peer.now))
    return [`${name} - expected: Established, actual: ${peer.now?.state ?? 'not configured'}`]
  return families.flatMap((family) => {
    const state = peer.now?.families?.[family]
    const was = peer.before?.families?.[family]
    if (state === undefined || state === 'negotiated') return []
    if (!peer.listed && was !== undefined && was !== 'negotiated') return []
    return [`${family} of ${name} - expected: negotiated, actual: ${state}`]
  })
}

function peerName({ vrf, address }: JudgedPeer) {
  return vrf === 'all' ? `peer ${address}` : `peer ${address} in VRF ${vrf}`
}

function isEstablished(peer: BgpPeerState | undefined) {
  return peer?.state === 'Established'
}

function peerIn(state: BgpState, vrf: string, address: string) {
  const peers = Object.hasOwn(state, vrf) ? state[vrf] : undefined
  return peers !== undefined && Object.hasOwn(peers, address) ? peers[address] : undefined
}

function addressesIn(vrf: string, ...states: readonly BgpState[]) {
  return [...new Set(states.flatMap((state) => (Object.hasOwn(state, vrf) ? Object.keys(state[vrf] ?? {}) : [])))]
}

const AddressFamily = z.enum(['ipv4Unicast', 'ipv6Unicast', 'l2VpnEvpn'])

const BgpInput = z.strictObject({
  vrf: z
    .string()
    .min(1)
    .default('all')
    .describe('The VRF the peers are in; `all` judges every VRF.')
    .meta({ examples: ['default'] }),
  addressFamilies: z
    .array(AddressFamily)
    .min(1)
    .optional()
    .describe('Address families that must be negotiated.')
    .meta({ examples: [['l2VpnEvpn']] }),
  peers: z
    .array(z.string().min(1))
    .min(1)
    .optional()
    .describe('Addresses of the peers that must be Established.')
    .meta({ examples: [['10.0.0.1']] }),
  minimum: z.int().min(1).optional().describe('How many of the judged peers must be Established at least.'),
})
type BgpInput = z.output<typeof BgpInput>

/** BGP sessions stand: those named, or all that are configured or stood before the change. */
export const bgpEstablished = defineCheck({
  name: 'bgp-established',
  summary: 'Every named BGP peer is Established; without names, every configured peer that was not down before.',
  docs:
    'Reads `show bgp summary vrf all`, or `show ip bgp summary vrf all` where the switch does not know it. With `peers` ' +
    'each of them must be Established. Without, every configured peer must be, and every peer that was Established ' +
    'before the change (the state area `bgp` of the snapshot): one that is gone fails. A peer that was there before and ' +
    'was not Established is only said. With `addressFamilies` each family must be negotiated with every judged peer ' +
    'that activates it, and activated by at least one.',
  input: BgpInput,
  commands: () => bgpArea.commands,

  judge(input, replies, context) {
    const now = bgpArea.now(replies)
    if (!now.ok) return { status: 'error', reason: now.error }
    const kept = Object.hasOwn(context.baseline, bgpArea.name)
    const before = kept ? bgpArea.before(context) : { ok: true as const, state: {} }
    if (!before.ok && input.peers === undefined) return { status: 'error', reason: before.error }
    const judged = judgedPeers(input, now.state, before.ok ? before.state : {})
    if (judged.length === 0) return nothingToJudge(input, kept)
    const families = input.addressFamilies ?? []
    if (families.length > 0 && judged.every((peer) => peer.now?.families === undefined)) {
      return { status: 'error', reason: 'the switch does not tell the address families of these peers' }
    }
    const up = judged.filter((peer) => isEstablished(peer.now)).length
    return passUnless(
      [
        ...judged.flatMap((peer) => peerFaults(peer, families)),
        ...families
          .filter((family) => !judged.some((peer) => peer.now?.families?.[family] !== undefined))
          .map((family) => `${family} - no peer activates it`),
        ...(up < (input.minimum ?? 0) ? [`Established - expected: at least ${input.minimum}, actual: ${up}`] : []),
      ],
      [`${up} Established`, ...judged.filter(isExcused).map(excuse)],
    )
  },
})

function excuse(peer: JudgedPeer) {
  return `${peerName(peer)} is ${peer.now?.state}, and was not Established before`
}

function nothingToJudge(input: BgpInput, baselineKept: boolean): Verdict {
  const demands = input.vrf !== 'all' || input.addressFamilies !== undefined || input.minimum !== undefined
  if (demands || !baselineKept) return { status: 'error', reason: `no BGP peer in VRF ${input.vrf}` }
  return { status: 'skip', reason: 'BGP has no peer, and had none before the change' }
}
