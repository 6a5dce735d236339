import type { BgpPeerState, BgpState } from './bgp.ts'

export interface JudgedPeer {
  readonly vrf: string
  readonly address: string
  readonly listed: boolean
  readonly now: BgpPeerState | undefined
  readonly before: BgpPeerState | undefined
}

export interface PeerChoice {
  readonly vrf: string
  readonly peers?: readonly string[] | undefined
}

/** One that was down before the change and is gone now is none of them. */
export function judgedPeers({ vrf, peers }: PeerChoice, now: BgpState, before: BgpState): readonly JudgedPeer[] {
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

/** Whether it was not Established before either: a fact that the change has not made. */
export function isExcused({ listed, now, before }: JudgedPeer): boolean {
  return !listed && !isEstablished(now) && before !== undefined && !isEstablished(before)
}

export function peerFaults(peer: JudgedPeer, families: readonly string[]): readonly string[] {
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

export function peerName({ vrf, address }: JudgedPeer): string {
  return vrf === 'all' ? `peer ${address}` : `peer ${address} in VRF ${vrf}`
}

export function isEstablished(peer: BgpPeerState | undefined): boolean {
  return peer?.state === 'Established'
}

function peerIn(state: BgpState, vrf: string, address: string) {
  const peers = Object.hasOwn(state, vrf) ? state[vrf] : undefined
  return peers !== undefined && Object.hasOwn(peers, address) ? peers[address] : undefined
}

function addressesIn(vrf: string, ...states: readonly BgpState[]) {
  return [...new Set(states.flatMap((state) => (Object.hasOwn(state, vrf) ? Object.keys(state[vrf] ?? {}) : [])))]
}
