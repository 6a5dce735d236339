import { gathered } from '../../../model/json.ts'

/** Why a receiver does not keep what it is sent. */
export type Rejection = 'looped' | 'refused'

/** One direction of a session. */
export interface Edge {
  readonly id: string
  readonly from: string
  readonly to: string
  /**
   * What arrives of the sender's best path: nothing, one in which the receiver finds itself, one that its policy refuses, or
   * the path it takes.
   */
  readonly carry: (path: VectorPath) => VectorPath | Rejection | undefined
  /** What arrives over it whatever the sender holds, by key (`default-originate`). */
  readonly always?: ReadonlyMap<string, VectorPath>
}

/** What one direction of a session carried in the end. */
export interface EdgeCount {
  /** What left: a path in which the receiver finds itself leaves, and does not count as received (lab-validation). Counted when asked. */
  readonly sent: () => number
  readonly received: number
  readonly accepted: number
}

/** What one speaker holds in the end, by key. */
export interface SpeakerTable {
  readonly local: ReadonlyMap<string, readonly VectorPath[]>
  readonly learned: ReadonlyMap<string, readonly VectorPath[]>
  /** The best path first, then those used beside it. */
  readonly best: ReadonlyMap<string, readonly VectorPath[]>
}

/** The table of one who holds nothing. */
export const EMPTY_TABLE: SpeakerTable = { local: new Map(), learned: new Map(), best: new Map() }

/** All paths to one destination. */
export interface Destination {
  readonly key: string
  /** The best path first, then those used beside it. */
  readonly used: readonly VectorPath[]
  readonly others: readonly VectorPath[]
}

/** Every destination of a table with its paths. */
export function destinations(table: SpeakerTable): readonly Destination[] {
  const keys = new Set([...table.local.keys(), ...table.learned.keys()])
  return [...keys].flatMap((key) => {
    const used = table.best.get(key) ?? []
    const all = [...(table.local.get(key) ?? []), ...(table.learned.get(key) ?? [])]
    return all.length === 0 ? [] : [{ key, used, others: all.filter((path) => !used.includes(path)) }]
  })
}

/** The outcome: per speaker what it holds, per edge the counts. */
export interface PathTables {
  readonly tables: ReadonlyMap<string, SpeakerTable>
  readonly counts: ReadonlyMap<string, EdgeCount>
}

interface Table extends SpeakerTable {
  readonly speaker: Speaker
  readonly learned: Map<string, VectorPath[]>
  readonly best: Map<string, readonly VectorPath[]>
  readonly out: readonly Way[]
  // The keys that are queued for it: several neighbours tell of one, and it is chosen once.
  readonly queued: Set<string>
}

interface Way {
  readonly edge: Edge
  readonly to: Table
  readonly refused: Set<string>
  taken: number
}

interface News {
  readonly table: Table
  readonly key: string
}

// Enough for any policy that converges; one that never does stops here instead of turning for ever.
const MAX_STEPS_PER_EDGE = 2_000

/** Lets every speaker tell its neighbours its best paths until nobody has news. */
export function propagate(speakers: readonly Speaker[], edges: readonly Edge[]): PathTables {
  const tables = tablesOf(speakers, edges)
  const queue: News[] = []
  for (const table of tables.values()) start(table, queue)
  const limit = MAX_STEPS_PER_EDGE * (edges.length + 1)
  for (let step = 0; step < Math.min(queue.length, limit); step += 1) {
    const news = queue[step]
    if (news === undefined) break
    news.table.queued.delete(news.key)
    if (choose(news.table, news.key)) tell(news, queue)
  }
  return { tables, counts: countEdges(tables) }
}

function enqueue(queue: News[], table: Table, key: string) {
  if (table.queued.has(key)) return
  table.queued.add(key)
  queue.push({ table, key })
}

function start(table: Table, queue: News[]) {
  for (const key of table.local.keys()) enqueue(queue, table, key)
  for (const way of table.out) {
    for (const [key, path] of way.edge.always ?? []) if (learn(way, key, path)) enqueue(queue, way.to, key)
  }
}

function tablesOf(speakers: readonly Speaker[], edges: readonly Edge[]): ReadonlyMap<string, Table> {
  const outs = new Map<string, Way[]>()
  const tables = new Map<string, Table>()
  for (const speaker of speakers) {
    const local = gathered(speaker.local.map((path) => [path.key, path]))
    const out: Way[] = []
    outs.set(speaker.id, out)
    tables.set(speaker.id, { speaker, local, learned: new Map(), best: new Map(), out, queued: new Set() })
  }
  for (const edge of edges) {
    const to = tables.get(edge.to)
    if (to !== undefined) outs.get(edge.from)?.push({ edge, to, refused: new Set(), taken: 0 })
  }
  return tables
}

function tell({ table, key }: News, queue: News[]) {
  const best = table.best.get(key)?.[0]
  for (const way of table.out) {
    const carried = way.edge.always?.get(key) ?? (best === undefined ? undefined : way.edge.carry(best))
    if (carried === 'refused') way.refused.add(key)
    else if (way.refused.size > 0) way.refused.delete(key)
    if (learn(way, key, typeof carried === 'string' ? undefined : carried)) enqueue(queue, way.to, key)
  }
}

function learn(way: Way, key: string, path: VectorPath | undefined) {
  const { learned } = way.to
  const paths = learned.get(key)
  const at = paths?.findIndex((known) => known.edge === way.edge.id) ?? -1
  if (path === undefined) {
    if (at < 0) return false
    paths?.splice(at, 1)
    way.taken -= 1
    return true
  }
  if (paths !== undefined && at >= 0) {
    if (samePath(paths[at], path)) return false
    paths[at] = path
    return true
  }
  if (paths === undefined) learned.set(key, [path])
  else paths.push(path)
  way.taken += 1
  return true
}

function samePath(a: VectorPath | undefined, b: VectorPath) {
  return (
    a !== undefined &&
    a.nextHop === b.nextHop &&
    a.origin === b.origin &&
    a.localPref === b.localPref &&
    a.med === b.med &&
    a.weight === b.weight &&
    a.communities.length === b.communities.length &&
    a.communities.every((community, at) => community === b.communities[at]) &&
    a.asPath.length === b.asPath.length &&
    a.asPath.every((asn, at) => asn === b.asPath[at])
  )
}

function choose(table: Table, key: string) {
  const before = table.best.get(key)?.[0]
  const chosen = bestPaths(usablePaths(table, key), table.speaker)
  if (chosen.length === 0) table.best.delete(key)
  else table.best.set(key, chosen)
  return chosen[0] !== before
}

function usablePaths(table: Table, key: string) {
  const usable = (table.learned.get(key) ?? []).filter((path) => table.speaker.cost(path.nextHop) !== undefined)
  const local = table.local.get(key)
  return local === undefined ? usable : [...local, ...usable]
}

function countEdges(tables: ReadonlyMap<string, Table>): ReadonlyMap<string, EdgeCount> {
  return new Map([...tables.values()].flatMap((table) => table.out.map((way) => [way.edge.id, countOf(table, way)])))
}

function countOf({ best }: Table, { edge, refused, taken }: Way): EdgeCount {
  const received = taken + refused.size
  let known: number | undefined
  const sent = () => {
    known ??= [...best.values()].filter(([path]) => path !== undefined && edge.carry(path) === 'looped').length
    return received + known
  }
  return { sent, received, accepted: taken }
}

// The best path, then those equal to it up to the IGP metric (multipath-relax is EOS's default), with other next hops.
function bestPaths(paths: readonly VectorPath[], { maximumPaths, localFirst, cost }: Speaker) {
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

// How a path came to be known.
type PathSource = 'local' | 'ebgp' | 'ibgp'

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
