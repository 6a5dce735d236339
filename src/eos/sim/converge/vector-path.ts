/** How a path came to be known. */
export type PathSource = 'local' | 'ebgp' | 'ibgp'

/** One path to one destination, as a speaker holds it. */
export interface VectorPath {
  /** The destination: a prefix, or an EVPN route key. */
  readonly key: string
  readonly asPath: readonly string[]
  readonly nextHop: string
  /** 0 IGP, 1 EGP, 2 incomplete. */
  readonly origin: 0 | 1 | 2
  readonly localPref: number
  readonly med: number
  readonly weight: number
  readonly source: PathSource
  /** The direction of the session it came over; empty for a local one. */
  readonly edge: string
  readonly peerAddress: string
  /**
   * Router-id of who brought it into the AS (RFC 4456: the originator), else of the peer it came from, and the address of the
   * peer, as numbers: the last tie-breakers.
   */
  readonly peerRouterId: number
  readonly peerRank: number
  readonly evpn: EvpnAttributes | undefined
  readonly communities: readonly string[]
  /** Whether the speaker made it from longer prefixes (`aggregate-address`). */
  readonly aggregate?: boolean
}

/** What EVPN adds to a path. */
export interface EvpnAttributes {
  readonly kind: 'imet' | 'mac-ip' | 'ip-prefix' | 'auto-discovery' | 'ethernet-segment'
  /** The VTEP of an IMET route, else a prefix: of a host its /32, and nothing for its MAC address alone or for a segment. */
  readonly prefix: string
  readonly rd: string
  readonly targets: readonly string[]
  readonly vni: number
  /** The VNI in which a host is routed to, where its VRF has one. */
  readonly routedVni?: number
  /** How the VRF that announces a prefix came to know it, where it has it from a neighbor. */
  readonly heard?: PathSource
  readonly routerMac: string
}

/** One who holds paths: a switch in one VRF, or a switch's EVPN table. */
export interface Speaker {
  readonly id: string
  readonly local: readonly VectorPath[]
  readonly maximumPaths: number
  /** Whether a local path wins over any weight of a learned one (docs/eos.md 7.2: ribd). */
  readonly localFirst: boolean
  /** What it costs to reach a next hop; undefined where it cannot be reached. */
  readonly cost: (nextHop: string) => number | undefined
}
