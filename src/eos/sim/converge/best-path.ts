import type { PathSource, Speaker, VectorPath } from './vector-path.ts'

/** The best path, then those equal to it up to the IGP metric (multipath-relax is EOS's default), with other next hops. */
export function bestPaths(
  paths: readonly VectorPath[],
  { maximumPaths, localFirst, cost }: Speaker,
): readonly VectorPath[] {
  if (paths.length < 2) return paths
  const own = (path: VectorPath) => Number(localFirst && path.source === 'local')
  const compare = (a: VectorPath, b: VectorPath) =>
    own(b) - own(a) || compareMerit(a, b) || (cost(a.nextHop) ?? 0) - (cost(b.nextHop) ?? 0)
  const best = paths.reduce((first, path) => ((compare(path, first) || compareTie(path, first)) < 0 ? path : first))
  if (best.source === 'local' || maximumPaths === 1) return [best]
  const chosen = [best]
  for (const path of paths) {
    if (chosen.length === maximumPaths) break
    const equal = path.source === best.source && compare(path, best) === 0
    if (equal && chosen.every((used) => wayOf(used) !== wayOf(path))) chosen.push(path)
  }
  return chosen
}

// Two routers behind one VTEP are two ways (suzieq).
const wayOf = ({ nextHop, evpn }: VectorPath) => `${nextHop} ${evpn?.routerMac}`

const SOURCE_RANK: Readonly<Record<PathSource, number>> = { local: 0, ebgp: 1, ibgp: 2 }

/** Whether a path came another way than one in use, and is as good: the next hop and the length of the AS path are the same. */
export function asGood(path: VectorPath, used: VectorPath): boolean {
  return (
    path.source === used.source &&
    path.nextHop === used.nextHop &&
    path.localPref === used.localPref &&
    path.asPath.length === used.asPath.length
  )
}

function bestOf(paths: readonly VectorPath[]) {
  return paths.toSorted((a, b) => compareMerit(a, b) || compareTie(a, b))[0]
}

/** Of paths of which none is in use, those that are as good as the best of them, by so many next hops: EOS marks them as ECMP, too. */
export function equalPaths(paths: readonly VectorPath[], maximum: number): readonly VectorPath[] {
  const best = bestOf(paths)
  if (best === undefined) return []
  const equal = paths.filter((path) => path.source === best.source && compareMerit(path, best) === 0)
  const hops = [...new Set(equal.map(({ nextHop }) => nextHop))].slice(0, maximum)
  const shown = equal.filter(({ nextHop }) => hops.includes(nextHop))
  return shown.length < 2 ? [] : shown
}

// Local paths show weight 0, and a higher learned weight wins over them (docs/eos.md 7.2: multi-agent).
function compareMerit(a: VectorPath, b: VectorPath) {
  return (
    b.weight - a.weight ||
    b.localPref - a.localPref ||
    Number(b.source === 'local') - Number(a.source === 'local') ||
    a.asPath.length - b.asPath.length ||
    a.origin - b.origin ||
    (a.asPath[0] === b.asPath[0] ? a.med - b.med : 0) ||
    SOURCE_RANK[a.source] - SOURCE_RANK[b.source]
  )
}

function compareTie(a: VectorPath, b: VectorPath) {
  return a.peerRouterId - b.peerRouterId || a.peerRank - b.peerRank
}
