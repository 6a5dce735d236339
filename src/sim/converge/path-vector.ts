import { compareAddresses } from './address.ts'

/** How a path came to be known. */
export type PathSource = 'local' | 'ebgp' | 'ibgp'

/** One path to one destination, as a speaker holds it. */
export interface Path {
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
  /** The edge it came over; undefined for a local one. */
  readonly edge?: string
  readonly peerRouterId: string
  readonly peerAddress: string
  readonly evpn?: EvpnAttributes
}

/** What EVPN adds to a path. */
export interface EvpnAttributes {
  readonly kind: 'imet' | 'ip-prefix'
  readonly prefix: string
  readonly targets: readonly string[]
  readonly vni: number
  readonly routerMac: string
}

/** One who holds paths: a switch in one VRF, or a switch's EVPN table. */
export interface Speaker {
  readonly id: string
  readonly local: readonly Path[]
  readonly maximumPaths: number
  /** Whether a path's next hop can be reached. */
  readonly usable: (path: Path) => boolean
}

/** One direction of a session. */
export interface Edge {
  readonly id: string
  readonly from: string
  readonly to: string
  /** What the sender makes of its best path; undefined where it keeps it to itself. */
  readonly send: (path: Path) => Path | undefined
  /** What the receiver makes of it; undefined where it refuses it. */
  readonly accept: (path: Path) => Path | undefined
}

/** What one direction of a session carried in the end. */
export interface EdgeCount {
  readonly received: number
  readonly accepted: number
}

/** The outcome: per speaker and key the best path first, then those used beside it; per edge the counts. */
export interface PathTables {
  readonly best: ReadonlyMap<string, ReadonlyMap<string, readonly Path[]>>
  readonly counts: ReadonlyMap<string, EdgeCount>
}

interface Table {
  readonly speaker: Speaker
  readonly local: ReadonlyMap<string, readonly Path[]>
  /** By key, then by edge. */
  readonly learned: Map<string, Map<string, Path>>
  readonly best: Map<string, readonly Path[]>
  readonly out: readonly Edge[]
}

/** Enough for any policy that converges; one that never does stops here instead of turning for ever. */
const MAX_STEPS_PER_EDGE = 2_000

/** Lets every speaker tell its neighbours its best paths until nobody has news. */
export function propagate(speakers: readonly Speaker[], edges: readonly Edge[]): PathTables {
  const tables = new Map(speakers.map((speaker) => [speaker.id, tableOf(speaker, edges)]))
  const counts = new Map<string, Carried>()
  for (const edge of edges) counts.set(edge.id, { received: new Set(), accepted: new Set() })
  const queue: News[] = []
  for (const table of tables.values()) for (const key of table.local.keys()) queue.push({ table, key })
  const limit = MAX_STEPS_PER_EDGE * (edges.length + 1)
  for (let step = 0; step < Math.min(queue.length, limit); step += 1) {
    const news = queue[step]
    if (news !== undefined && choose(news.table, news.key)) queue.push(...tell(news, tables, counts))
  }
  return {
    best: new Map([...tables].map(([id, table]) => [id, table.best])),
    counts: new Map(
      [...counts].map(([id, { received, accepted }]) => [id, { received: received.size, accepted: accepted.size }]),
    ),
  }
}

interface News {
  readonly table: Table
  readonly key: string
}

interface Carried {
  readonly received: Set<string>
  readonly accepted: Set<string>
}

/** Tells all neighbours of one key; those for whom it is news. */
function tell(
  { table, key }: News,
  tables: ReadonlyMap<string, Table>,
  counts: ReadonlyMap<string, Carried>,
): readonly News[] {
  return table.out.flatMap((edge) => {
    const receiver = tables.get(edge.to)
    const count = counts.get(edge.id)
    if (receiver === undefined || count === undefined) return []
    return deliver(table, key, edge, receiver, count) ? [{ table: receiver, key }] : []
  })
}

function tableOf(speaker: Speaker, edges: readonly Edge[]): Table {
  const local = new Map<string, Path[]>()
  for (const path of speaker.local) local.set(path.key, [...(local.get(path.key) ?? []), path])
  return {
    speaker,
    local,
    learned: new Map(),
    best: new Map(),
    out: edges.filter((edge) => edge.from === speaker.id),
  }
}

/** Chooses anew for one key; true when the choice changed. */
function choose(table: Table, key: string): boolean {
  const learned = [...(table.learned.get(key)?.values() ?? [])].filter(table.speaker.usable)
  const usable = [...(table.local.get(key) ?? []), ...learned]
  const chosen = bestPaths(usable, table.speaker.maximumPaths)
  const before = table.best.get(key) ?? []
  if (chosen.length === before.length && chosen.every((path, at) => path === before[at])) return false
  if (chosen.length === 0) table.best.delete(key)
  else table.best.set(key, chosen)
  return true
}

/** Sends one key over one edge; true when the receiver's table changed. */
function deliver(sender: Table, key: string, edge: Edge, receiver: Table, count: Carried): boolean {
  const best = sender.best.get(key)?.[0]
  const sent = best === undefined ? undefined : edge.send(best)
  const accepted = sent === undefined ? undefined : edge.accept(sent)
  mark(count.received, key, sent !== undefined)
  mark(count.accepted, key, accepted !== undefined)
  const learned = receiver.learned.get(key) ?? new Map<string, Path>()
  receiver.learned.set(key, learned)
  const before = learned.get(edge.id)
  if (accepted === undefined) return learned.delete(edge.id)
  if (before !== undefined && samePath(before, accepted)) return false
  learned.set(edge.id, accepted)
  return true
}

function mark(set: Set<string>, key: string, present: boolean): void {
  if (present) set.add(key)
  else set.delete(key)
}

function samePath(a: Path, b: Path): boolean {
  return (
    a.nextHop === b.nextHop &&
    a.origin === b.origin &&
    a.localPref === b.localPref &&
    a.med === b.med &&
    a.weight === b.weight &&
    a.asPath.length === b.asPath.length &&
    a.asPath.every((asn, at) => asn === b.asPath[at])
  )
}

/** The best path, then those equal to it up to the IGP metric (multipath-relax is EOS's default), with other next hops. */
function bestPaths(paths: readonly Path[], maximum: number): readonly Path[] {
  if (paths.length < 2) return paths
  const ranked = [...paths].sort((a, b) => compareMerit(a, b) || compareTie(a, b))
  const [best] = ranked
  if (best === undefined) return []
  const hops = new Set<string>()
  const used = ranked.filter((path) => {
    if (path.source !== best.source || compareMerit(path, best) !== 0 || hops.has(path.nextHop)) return false
    hops.add(path.nextHop)
    return true
  })
  return best.source === 'local' ? [best] : used.slice(0, maximum)
}

const SOURCE_RANK: Readonly<Record<PathSource, number>> = { local: 0, ebgp: 1, ibgp: 2 }

/**
 * The decision process down to eBGP over iBGP. Local paths show weight 0, and a higher learned weight wins over them
 * (simulator-facts 2, multi-agent).
 */
function compareMerit(a: Path, b: Path): number {
  const local = Number(b.source === 'local') - Number(a.source === 'local')
  return (
    b.weight - a.weight ||
    b.localPref - a.localPref ||
    local ||
    a.asPath.length - b.asPath.length ||
    a.origin - b.origin ||
    compareMed(a, b) ||
    SOURCE_RANK[a.source] - SOURCE_RANK[b.source]
  )
}

function compareMed(a: Path, b: Path): number {
  return a.asPath[0] === b.asPath[0] ? a.med - b.med : 0
}

function compareTie(a: Path, b: Path): number {
  return compareAddresses(a.peerRouterId, b.peerRouterId) || compareAddresses(a.peerAddress, b.peerAddress)
}
