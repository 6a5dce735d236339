import type { ConfigNode, ConfigTree } from '../../eos/config/text/tree.ts'
import { DEFAULT_STABLE_FOR } from '../workflow/safety/duration.ts'
import type { ComparedEvidence } from './seal.ts'

export interface Soak {
  readonly seconds: number
  readonly device: string
  readonly protocol:
    | 'BGP hold time'
    | 'LACP timeout'
    | 'BFD detection time'
    | 'OSPF dead interval'
    | 'IS-IS hold time'
    | 'MLAG heartbeat timeout'
}

// BGP hold time where nothing is configured (EOS manual, "timers bgp": 60 and 180 seconds).
const BGP_HOLD = 180
// Seconds between LACP packets, and how many may be missing (EOS manual, "lacp timer", "lacp timer multiplier").
const LACP = { normal: 30, fast: 1, multiplier: 3 } as const
// BFD where nothing is configured: 300 ms, three of them (EOS manual, "bfd interval").
const BFD = { milliseconds: 300, multiplier: 3 } as const

// OSPF where nothing is configured, seconds (EOS manual, "ip ospf dead-interval").
const OSPF_DEAD = 40
// Seconds between IS-IS hellos, and how many may be missing (EOS manual, "isis hello-interval", "isis hello-multiplier").
const ISIS = { hello: 10, multiplier: 3 } as const
// Milliseconds between MLAG heartbeats (EOS manual, "heartbeat-interval"), and how many may be missing (recorded: 2500 and 37500).
const MLAG = { milliseconds: 4000, missing: 15 } as const

/** For how long a failure that these changes cause can stay hidden: the slowest protocol timer in the configurations that the switches showed, before and after the change. */
export function slowestTimer(evidence: readonly ComparedEvidence[]): Soak | undefined {
  return slowestOf(
    evidence.flatMap(({ device, comparison: { before, after } }) => [
      { device, tree: before },
      { device, tree: after },
    ]),
  )
}

export function slowestOf(
  configurations: readonly { readonly device: string; readonly tree: ConfigTree }[],
): Soak | undefined {
  const found = configurations.flatMap(({ device, tree }) => timersIn(tree).map((timer) => ({ ...timer, device })))
  return found.reduce<Soak | undefined>(
    (slowest, one) => (slowest === undefined || one.seconds > slowest.seconds ? one : slowest),
    undefined,
  )
}

/**
 * How long the network must stay good after lines that can touch traffic, in seconds: what hides a failure longest, and one more round of checks
 * after it must have shown.
 */
export function stableForOf(soak: Soak | undefined, every: number): number {
  return Math.max(DEFAULT_STABLE_FOR, soak === undefined ? 0 : soak.seconds + every)
}

function timersIn({ children }: ConfigTree): Omit<Soak, 'device'>[] {
  const lacp = children.flatMap(lacpTimeout)
  const bfd = bfdTimes(children)
  const bgp = children.filter(({ line }) => line.startsWith('router bgp ')).flatMap(holdTimes)
  return [
    ...bgp.map((seconds) => ({ protocol: 'BGP hold time' as const, seconds })),
    ...lacp.map((seconds) => ({ protocol: 'LACP timeout' as const, seconds })),
    ...bfd.map((seconds) => ({ protocol: 'BFD detection time' as const, seconds })),
    ...children.flatMap(ospfDead).map((seconds) => ({ protocol: 'OSPF dead interval' as const, seconds })),
    ...children.flatMap(isisHold).map((seconds) => ({ protocol: 'IS-IS hold time' as const, seconds })),
    ...children.flatMap(heartbeatTimeout).map((seconds) => ({ protocol: 'MLAG heartbeat timeout' as const, seconds })),
  ]
}

// The one that is negotiated is never longer (RFC 4271, 4.2). 0 means that none is kept, and nothing is known.
function holdTimes(bgp: ConfigNode) {
  const whole = timersBgp(bgp) ?? BGP_HOLD
  const groups = neighborHolds(bgp)
  const blocks = [bgp, ...bgp.children.filter(({ line }) => line.startsWith('vrf '))]
  return blocks
    .flatMap((block) => {
      const own = new Map([...groups, ...neighborHolds(block)])
      const usual = timersBgp(block) ?? whole
      return peersIn(block).map(({ address, group }) => own.get(address) ?? own.get(group ?? '') ?? usual)
    })
    .filter((seconds) => seconds > 0)
}

function timersBgp({ children }: ConfigNode) {
  return children.flatMap(({ line }) => number(/^timers bgp \d+ (\d+)/.exec(line)?.[1]))[0]
}

function neighborHolds({ children }: ConfigNode) {
  return new Map(
    children.flatMap(({ line }) => {
      const match = /^neighbor (\S+) timers \d+ (\d+)/.exec(line)
      return match === null ? [] : [[match[1] ?? '', Number(match[2])] as const]
    }),
  )
}

function peersIn({ children }: ConfigNode) {
  const peers = new Map<string, { readonly address: string; readonly group?: string }>()
  for (const { line } of children) {
    const [, address = '', group] =
      /^neighbor (?:interface )?(\S+) peer[ -]group (\S+)/.exec(line) ??
      /^bgp listen range (\S+) peer[ -]group (\S+)/.exec(line) ??
      /^neighbor (\S*[.:]\S*) remote-as /.exec(line) ??
      []
    if (address !== '')
      peers.set(address, group === undefined ? { ...peers.get(address), address } : { address, group })
  }
  return [...peers.values()]
}

function lacpTimeout({ line, children }: ConfigNode) {
  if (!line.startsWith('interface ')) return []
  if (!children.some((child) => /^channel-group \d+ mode (?:active|passive)$/.test(child.line))) return []
  const isFast = children.some((child) => /^lacp (?:timer|rate) fast$/.test(child.line))
  const given = children.flatMap((child) => number(/^lacp timer multiplier (\d+)$/.exec(child.line)?.[1]))
  return [(isFast ? LACP.fast : LACP.normal) * (given[0] ?? LACP.multiplier)]
}

function ospfDead({ line, children }: ConfigNode) {
  if (line.startsWith('router ospf '))
    return children.some((child) => /^network .* area /.test(child.line)) ? [OSPF_DEAD] : []
  const inArea = line.startsWith('interface ') && children.some((child) => child.line.startsWith('ip ospf area '))
  const given = children.flatMap((child) => number(/^ip ospf dead-interval (\d+)$/.exec(child.line)?.[1]))
  return line.startsWith('interface ') ? [...given, ...(inArea ? [OSPF_DEAD] : [])].slice(0, 1) : []
}

function isisHold({ line, children }: ConfigNode) {
  if (!line.startsWith('interface ') || !children.some((child) => child.line.startsWith('isis enable '))) return []
  const [hello = ISIS.hello] = children.flatMap((child) => number(/^isis hello-interval (\d+)$/.exec(child.line)?.[1]))
  const [multiplier = ISIS.multiplier] = children.flatMap((child) =>
    number(/^isis hello-multiplier (\d+)$/.exec(child.line)?.[1]),
  )
  return [hello * multiplier]
}

// After how many seconds the MLAG peer is given up.
function heartbeatTimeout({ line, children }: ConfigNode) {
  if (line !== 'mlag configuration') return []
  const [every = MLAG.milliseconds] = children.flatMap((child) =>
    number(/^heartbeat-interval (\d+)$/.exec(child.line)?.[1]),
  )
  return [Math.ceil((every * MLAG.missing) / 1000)]
}

function bfdTimes(nodes: readonly ConfigNode[]): number[] {
  return nodes.flatMap(({ line, children }) => {
    const match = /(?:^|\s)interval (\d+) min[-_]rx (\d+) multiplier (\d+)/.exec(line)
    const given = match === null ? [] : [(Math.max(Number(match[1]), Number(match[2])) * Number(match[3])) / 1000]
    const usual = / bfd$/.test(line) ? [(BFD.milliseconds * BFD.multiplier) / 1000] : []
    return [...given, ...usual, ...bfdTimes(children)].map(Math.ceil)
  })
}

function number(text: string | undefined) {
  return text === undefined ? [] : [Number(text)]
}
