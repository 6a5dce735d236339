import { covers } from './address.ts'
import { localPath } from './bgp-edges.ts'
import type { BgpNode } from './bgp-session.ts'
import type { SpeakerTable } from './path-vector.ts'
import type { BgpAggregate } from './read-bgp.ts'
import { applyRouteMap } from './route-policy.ts'
import type { VectorPath } from './vector-path.ts'

/** The distance of an aggregate: a static route of 254 loses to it, one of 199 wins (docs/eos.md 7.2). */
export const AGGREGATE_DISTANCE = 200

/**
 * The aggregates of a switch that have something to stand for. With multi-agent only BGP paths contribute, with ribd any
 * longer route does (lab-validation: static ones). An aggregate whose prefix has a better route does not come up.
 */
export function aggregated(node: BgpNode, table: SpeakerTable | undefined): readonly VectorPath[] {
  return node.config.aggregates.flatMap((aggregate) => {
    const better = node.forwarding.routes.get(aggregate.key)
    if (better !== undefined && better.type !== 'bgpAggregate' && better.preference < AGGREGATE_DISTANCE) return []
    const contributors = contributing(node, aggregate, table)
    const routes = node.ribd && contributors.length === 0 && hasLongerRoute(node, aggregate)
    return contributors.length > 0 || routes ? aggregatePath(node, aggregate, contributors) : []
  })
}

function contributing(
  node: BgpNode,
  { prefix, matchMap }: BgpAggregate,
  table: SpeakerTable | undefined,
): readonly VectorPath[] {
  const found: VectorPath[] = []
  for (const [key, [best]] of table?.best ?? []) {
    if (best === undefined || best.aggregate || !covers(prefix, key)) continue
    const subject = { prefix: key, path: best, asn: node.bgp.asn }
    if (applyRouteMap(matchMap, subject, node.policy) !== undefined) found.push(best)
  }
  return found
}

function hasLongerRoute({ forwarding }: BgpNode, { prefix }: BgpAggregate): boolean {
  return [...forwarding.routes.values()].some((route) => route.type !== 'bgpAggregate' && covers(prefix, route.prefix))
}

/**
 * The worst origin of what contributes. All of its AS numbers with `as-set`; else with multi-agent those with which every path of it
 * begins (course), with ribd none (lab-validation).
 */
function aggregatePath(
  node: BgpNode,
  aggregate: BgpAggregate,
  contributors: readonly VectorPath[],
): readonly VectorPath[] {
  const origins = contributors.map(({ origin }) => origin)
  const origin = contributors.length === 0 ? 2 : origins.includes(2) ? 2 : origins.includes(1) ? 1 : 0
  const asPaths = contributors.map((path) => path.asPath)
  const asPath = aggregate.asSet ? [...new Set(asPaths.flat())] : node.ribd ? [] : commonStart(asPaths)
  const path = { ...localPath(aggregate.key, origin), asPath, aggregate: true }
  const subject = { prefix: aggregate.key, path, asn: node.bgp.asn }
  const permitted = applyRouteMap(aggregate.attributeMap, subject, node.policy)
  return permitted === undefined ? [] : [permitted]
}

function commonStart([first = [], ...others]: readonly (readonly string[])[]): readonly string[] {
  const end = first.findIndex((asn, at) => others.some((path) => path[at] !== asn))
  return end < 0 ? first : first.slice(0, end)
}
