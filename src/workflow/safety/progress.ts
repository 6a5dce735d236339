/**
 * How far a change has come at one point of a machine, as one switch sees it. `tried`: the plan may or may not have been
 * made. `armed`: the switch may hold the change under its commit timer; `restored`: it was put back by a state.
 */
export interface Progress {
  readonly snapshot: boolean
  readonly plan: 'none' | 'tried' | 'made'
  readonly approved: boolean
  /** Every switch has answered with time left on its commit timer. */
  readonly ready: boolean
  readonly change: 'none' | 'armed' | 'verified' | 'confirmed' | 'restored'
  /** The states on the way here, for messages; the shortest way that was found. */
  readonly way: readonly string[]
}

/** Where every execution begins. */
export const BEGINNING: Progress = {
  snapshot: false,
  plan: 'none',
  approved: false,
  ready: false,
  change: 'none',
  way: [],
}

/** Equal for two points that differ in nothing but the way to them. */
export function keyOf({ snapshot, plan, approved, ready, change }: Progress): string {
  return [snapshot, plan, approved, ready, change].join(' ')
}

/** Each progress once, by its shortest way, the shortest first. */
export function distinct(points: readonly Progress[]): readonly Progress[] {
  const found = new Map<string, Progress>()
  for (const point of points.toSorted((a, b) => a.way.length - b.way.length)) {
    if (!found.has(keyOf(point))) found.set(keyOf(point), point)
  }
  return [...found.values()]
}

/** Where branches that began at one point are when all of them have ended. */
export function joined(from: Progress, ends: readonly Progress[]): Progress {
  const plans = ends.map(({ plan }) => plan)
  return {
    snapshot: ends.some(({ snapshot }) => snapshot),
    plan: plans.includes('made') ? 'made' : plans.includes('tried') ? 'tried' : 'none',
    approved: ends.some(({ approved }) => approved),
    ready: ends.some(({ ready }) => ready),
    change: ends.find(({ change }) => change !== from.change)?.change ?? from.change,
    way: ends.at(-1)?.way ?? from.way,
  }
}
