import type { Destination } from '../converge/path-vector.ts'
import type { BgpVrfState } from '../converge/routing-state.ts'
import { asPathWords, type RankedPath, rankedPaths, shownPreference } from './bgp-path-json.ts'

/** The table of `show ip bgp` of one VRF as text (lab-validation, 4.23 ribd). */
export function bgpRoutesText(vrf: BgpVrfState, shown: readonly Destination[]): string {
  const head = [
    `BGP routing table information for VRF ${vrf.vrf}`,
    `Router identifier ${vrf.routerId}, local AS number ${vrf.asn}`,
    'Route status codes: s - suppressed, * - valid, > - active, # - not installed, E - ECMP head, e - ECMP',
    '                    S - Stale, c - Contributing to ECMP, b - backup, L - labeled-unicast',
    'Origin codes: i - IGP, e - EGP, ? - incomplete',
    'AS Path Attributes: Or-ID - Originator ID, C-LST - Cluster List, LL Nexthop - Link Local Nexthop',
    '',
    '         Network                Next Hop            Metric  LocPref Weight  Path',
  ]
  const rows = shown.flatMap((destination) =>
    rankedPaths(destination, vrf.maximumPaths).map((one) => row(destination.key, one)),
  )
  return [...head, ...rows].map((line) => `${line}\n`).join('')
}

function row(prefix: string, standing: RankedPath): string {
  const { path } = standing
  const local = path.source === 'local'
  const numbers = [
    (local ? '-' : path.nextHop).padEnd(21),
    String(path.med).padEnd(7),
    String(shownPreference(path)).padEnd(7),
    (local ? '-' : String(path.weight)).padEnd(7),
    asPathWords(path),
  ]
  return ` ${marks(standing).padEnd(8)}${prefix.padEnd(22)} ${numbers.join(' ')}`
}

function marks({ active, ecmp, head }: RankedPath): string {
  const role = head ? 'Ec' : ecmp ? 'ec' : ''
  return `* ${active ? '>' : ' '}${role}`
}
