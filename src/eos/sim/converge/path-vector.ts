import { gathered } from '../../../model/map-keys.ts'
import { bestPaths } from './best-path.ts'
import type { Speaker, VectorPath } from './vector-path.ts'

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
