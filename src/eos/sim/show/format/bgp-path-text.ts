import type { Destination } from '../../converge/path-vector.ts'
import type { BgpVrfState } from '../../converge/routing-state.ts'
import { printedLines } from '../../platform/printed-lines.ts'
import { asPathWords, type RankedPath, rankedPaths, shownPreference } from './bgp-path-json.ts'

interface TableForm {
  readonly codes: readonly string[]
  readonly validity: readonly string[]
  readonly head: string
  readonly marks: number
  readonly nextHop: number
  readonly local?: readonly [string, string, string]
}

const RIBD: TableForm = {
  codes: [],
  validity: [],
  head: '         Network                Next Hop            Metric  LocPref Weight  Path',
  marks: 8,
  nextHop: 21,
}

const MULTI_AGENT: TableForm = {
  codes: ['                    % - Pending BGP convergence'],
  validity: ['RPKI Origin Validation codes: V - valid, I - invalid, U - unknown'],
  head: '          Network                Next Hop              Metric  LocPref Weight  Path',
  marks: 9,
  nextHop: 21,
  local: ['-', '-', '0'],
}

/** The table of `show ip bgp` of one VRF as text (lab-validation, 4.23 ribd; recorded on vEOS 4.24.0F, multi-agent). */
export function bgpRoutesText(vrf: BgpVrfState, shown: readonly Destination[], isMultiAgent: boolean): string {
  const form = isMultiAgent ? MULTI_AGENT : RIBD
  const head = [
    `BGP routing table information for VRF ${vrf.vrf}`,
    `Router identifier ${vrf.routerId}, local AS number ${vrf.asn}`,
    'Route status codes: s - suppressed, * - valid, > - active, # - not installed, E - ECMP head, e - ECMP',
    '                    S - Stale, c - Contributing to ECMP, b - backup, L - labeled-unicast',
    ...form.codes,
    'Origin codes: i - IGP, e - EGP, ? - incomplete',
    ...form.validity,
    'AS Path Attributes: Or-ID - Originator ID, C-LST - Cluster List, LL Nexthop - Link Local Nexthop',
    '',
    form.head,
  ]
  const rows = shown.flatMap((destination) =>
    rankedPaths(destination, vrf.maximumPaths).map((one) => row(destination.key, one, form)),
  )
  return printedLines([...head, ...rows])
}

function row(prefix: string, standing: RankedPath, form: TableForm) {
  const { path } = standing
  const local = path.source === 'local'
  const measured = [String(path.med), String(shownPreference(path)), local ? '-' : String(path.weight)]
  const numbers = [
    (local ? '-' : path.nextHop).padEnd(form.nextHop),
    ...((local ? form.local : undefined) ?? measured).map((text) => text.padEnd(7)),
    asPathWords(path),
  ]
  return ` ${marks(standing).padEnd(form.marks)}${prefix.padEnd(22)} ${numbers.join(' ')}`
}

function marks({ active, ecmp, head }: RankedPath) {
  const role = head ? 'Ec' : ecmp ? 'ec' : ''
  return `* ${active ? '>' : ' '}${role}`
}
