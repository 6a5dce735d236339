import type { CableEnd } from '../platform/facts.ts'

/** When a fault holds, milliseconds since the epoch: from `from` (always, if absent) up to, not including, `until`. */
export interface FaultWindow {
  readonly from?: number
  readonly until?: number
}

/** Something that is wrong in the network, as data. */
export type OperationalFault =
  | (FaultWindow & { readonly kind: 'link-down'; readonly device: string; readonly port: string })
  | (FaultWindow & {
      readonly kind: 'link-flap'
      readonly device: string
      readonly port: string
      /** Down for the first half of each period, up for the second. */
      readonly periodMs: number
    })
  | (FaultWindow & {
      readonly kind: 'bgp-peer-down'
      readonly device: string
      readonly peer: string
      /** The VRF of the session; `default` if absent. */
      readonly vrf?: string
    })
  | (FaultWindow & {
      /** A session of which the peer has sent too many routes: whoever has heard them keeps it Idle. */
      readonly kind: 'bgp-peer-latched'
      readonly device: string
      readonly peer: string
      readonly vrf: string
    })
  | (FaultWindow & {
      /** A port that its switch has taken down for a cause, in the words of EOS. */
      readonly kind: 'port-errdisabled'
      readonly device: string
      readonly port: string
      readonly cause: string
    })
  | (FaultWindow & { readonly kind: 'mlag-inactive'; readonly device: string })
  | (FaultWindow & {
      readonly kind: 'lldp-neighbor-swapped'
      readonly device: string
      readonly port: string
      /** Who is heard in place of the real neighbour. */
      readonly heard: CableEnd
    })
  | (FaultWindow & {
      /** A peer takes back what it announced: all of it, or some prefixes. */
      readonly kind: 'bgp-routes-withdrawn'
      readonly device: string
      readonly peer: string
      readonly vrf?: string
      readonly prefixes?: readonly string[]
    })
  | (FaultWindow & {
      /** A port of a port-channel has a link and is not bundled. */
      readonly kind: 'lag-member-inactive'
      readonly device: string
      readonly port: string
    })
  | (FaultWindow & {
      /** A remote VTEP is missing in the flood list of a VLAN, or of all VLANs. */
      readonly kind: 'flood-entry-lost'
      readonly device: string
      readonly vtep: string
      readonly vlan?: number
    })
  | (FaultWindow & {
      /** Frames arrive or leave broken, so many a second. */
      readonly kind: 'error-counters'
      readonly device: string
      readonly port: string
      readonly counter: ErrorCounter
      readonly perSecond: number
    })
  | (FaultWindow & { readonly kind: 'clock-adrift'; readonly device: string })
  | (FaultWindow & { readonly kind: 'supply-failed'; readonly device: string; readonly supply: string })
  | (FaultWindow & { readonly kind: 'agent-crashed'; readonly device: string; readonly agent: string })

/** The counters of an interface that a fault can make rise. */
export type ErrorCounter =
  | 'fcsErrors'
  | 'alignmentErrors'
  | 'symbolErrors'
  | 'runtFrames'
  | 'giantFrames'
  | 'inDiscards'
  | 'outDiscards'
  | 'outErrors'
