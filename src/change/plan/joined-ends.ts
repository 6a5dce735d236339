import type { ConfigNode, ConfigTree } from '../../eos/config/text/tree.ts'
import { EosflowError } from '../../model/error.ts'
import type { PlanDefinition } from './definition.ts'
import type { PlanContent } from './plan.ts'
import type { ComparedEvidence } from './seal.ts'

export interface JoinedEnds {
  readonly switches: readonly [string, string]
  /** The neighbors that the first and the second get. */
  readonly neighbors: readonly [string, string]
}

type Sessions = ReadonlyMap<string, string>

interface Speaker {
  readonly name: string
  readonly own: ReadonlySet<string>
  // Those of its sessions that the change makes, or makes otherwise.
  readonly changed: Sessions
}

const keyOf = (vrf: string, address: string) => `${vrf} ${address}`

/** The sessions whose two ends both change, so that neither end is good without the other. */
export function joinedEnds(evidence: readonly ComparedEvidence[], changed: readonly string[]): readonly JoinedEnds[] {
  const isChanged = new Set(changed)
  const speakers = evidence.filter(({ device }) => isChanged.has(device)).map(speakerOf)
  const holders = new Map(speakers.flatMap((one) => [...one.own].map((key) => [key, one] as const)))
  return speakers.flatMap((one) =>
    [...one.changed.keys()].flatMap((key): JoinedEnds[] => {
      const far = holders.get(key)
      if (far === undefined || far.name <= one.name) return []
      const back = [...far.changed.keys()].find((other) => one.own.has(other) && vrfIn(other) === vrfIn(key))
      return back === undefined
        ? []
        : [{ switches: [one.name, far.name], neighbors: [addressIn(key), addressIn(back)] }]
    }),
  )
}

/**
 * Throws `guard` where a check would judge a session while only one of its two ends is there: the two change in different waves, or the second begins only
 * when the first is verified.
 */
export function requireTogether(
  { checks, rollout }: Pick<PlanDefinition, 'checks' | 'rollout'>,
  joined: readonly JoinedEnds[],
  { waves, canary }: Pick<PlanContent, 'waves' | 'canary'>,
  redundant: readonly (readonly [string, string])[],
): void {
  if (!/bgp/i.test(JSON.stringify(checks))) return
  for (const one of joined) {
    const [a, b] = one.switches
    const wave = waves.findIndex((names) => names.includes(a))
    const other = waves.findIndex((names) => names.includes(b))
    if (wave !== other) throw apart(one, 'are changed in different waves', mendOf(one, canary, redundant))
    const last = Math.max(...[a, b].map((name) => waves[wave]?.indexOf(name) ?? 0))
    if (last < rollout.concurrency) continue
    const hint = `Set \`rollout: { concurrency: ${last + 1} }\`, or select fewer switches with -t.`
    throw apart(one, `${rollout.concurrency} switches of a wave are changed at the same time`, hint)
  }
}

function apart({ switches: [a, b], neighbors: [there, back] }: JoinedEnds, why: string, hint: string) {
  return new EosflowError(
    'guard',
    `${a} (neighbor ${there}) and ${b} (neighbor ${back}) get the two ends of a BGP session, and ${why}: it comes up only when both have it, so that the checks of the first would fail`,
    { hint },
  )
}

function mendOf(
  { switches }: JoinedEnds,
  canary: PlanContent['canary'],
  redundant: readonly (readonly [string, string])[],
): string {
  const [a, b] = switches
  if (canary?.switches.includes(a) !== canary?.switches.includes(b)) return 'Name both as canaries, or none of the two.'
  return redundant.some((pair) => pair.includes(a) && pair.includes(b))
    ? 'They back each other up, and are kept apart for that: `rollout: { pairs: together }` commits both in the same moment, `rollout: { keepApart: none }` lets them share a wave.'
    : "Let both be in one wave: `rollout: { waves: ['100%'] }`."
}

function speakerOf({ device, comparison: { before, after } }: ComparedEvidence): Speaker {
  const [old, now] = [sessionsIn(before), sessionsIn(after)]
  return {
    name: device,
    own: addressesIn(after),
    changed: new Map([...now].filter(([key, lines]) => old.get(key) !== lines)),
  }
}

const addressIn = (key: string) => key.split(' ')[1] ?? ''
const vrfIn = (key: string) => key.split(' ')[0] ?? ''

function addressesIn({ children }: ConfigTree): ReadonlySet<string> {
  return new Set(
    children
      .filter(({ line }) => line.startsWith('interface '))
      .flatMap((port) => {
        const vrf = port.children.find(({ line }) => line.startsWith('vrf '))?.line.slice(4) ?? 'default'
        return port.children.flatMap(({ line }) => {
          const address = /^ip(?:v6)? address ([0-9a-fA-F.:]+)\/\d+/.exec(line)?.[1]
          return address === undefined ? [] : [keyOf(vrf, address)]
        })
      }),
  )
}

const DECIDES =
  /^(?:remote-as|peer[- ]group|password|update-source|ebgp-multihop|ttl|local-as|shutdown|transport|activate|local-v6-addr|authentication)\b/

function sessionsIn({ children }: ConfigTree): Sessions {
  const router = children.find(({ line }) => line.startsWith('router bgp '))
  if (router === undefined) return new Map()
  const vrfs = router.children.filter(({ line }) => line.startsWith('vrf '))
  return new Map(
    [router, ...vrfs].flatMap((scope) =>
      sessionsOf(router.line, scope, scope === router ? 'default' : scope.line.slice(4)),
    ),
  )
}

function sessionsOf(as: string, scope: ConfigNode, vrf: string): readonly (readonly [string, string])[] {
  const families = scope.children.filter(({ line }) => line.startsWith('address-family '))
  const lines = [scope, ...families].flatMap((block) =>
    block.children.flatMap(({ line }) => {
      const [, negated = '', name = '', rest = ''] = /^(no )?neighbor (\S+) (.*)$/.exec(line) ?? []
      return DECIDES.test(rest) ? [{ name, text: `${block === scope ? '' : block.line}${negated}${rest}` }] : []
    }),
  )
  const of = (name: string) => lines.filter((one) => one.name === name).map(({ text }) => text)
  return [...new Set(lines.map(({ name }) => name))].filter(isAddress).map((address) => {
    const own = of(address)
    const group = own.map((text) => /^peer[- ]group (\S+)$/.exec(text)?.[1]).find((name) => name !== undefined)
    return [keyOf(vrf, address), [as, ...own, ...(group === undefined ? [] : of(group))].join('\n')]
  })
}

const isAddress = (name: string) => /^[0-9a-fA-F.:]+$/.test(name) && /[.:]/.test(name)
