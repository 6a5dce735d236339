import { definedMembers } from '../../../model/defined-members.ts'
export interface Progress {
  readonly snapshot: boolean
  readonly plan: 'none' | 'tried' | 'made'
  readonly approved: boolean
  readonly ready: boolean
  readonly change: 'none' | 'armed' | 'verified' | 'confirmed' | 'saved' | 'restored'
  readonly way?: StatePath
}

export interface StatePath {
  readonly name: string
  readonly before: StatePath | undefined
  readonly length: number
}

export function entering(at: Progress, name: string): Progress {
  return { ...at, way: { name, before: at.way, length: lengthOf(at) + 1 } }
}

export function wayTo({ way }: Progress): readonly string[] {
  const names: string[] = []
  for (let one = way; one !== undefined; one = one.before) names.unshift(one.name)
  return names
}

export const BEGINNING: Progress = {
  snapshot: false,
  plan: 'none',
  approved: false,
  ready: false,
  change: 'none',
}

export function keyOf({ snapshot, plan, approved, ready, change }: Progress): string {
  return [snapshot, plan, approved, ready, change].join(' ')
}

/** Each progress once, by its shortest way, the shortest first. */
export function distinct(points: readonly Progress[]): readonly Progress[] {
  const found = new Map<string, Progress>()
  for (const point of points.toSorted((a, b) => lengthOf(a) - lengthOf(b))) {
    if (!found.has(keyOf(point))) found.set(keyOf(point), point)
  }
  return [...found.values()]
}

function lengthOf({ way }: Progress) {
  return way?.length ?? 0
}

export function joined(from: Progress, ends: readonly Progress[]): Progress {
  const plans = ends.map(({ plan }) => plan)
  const way = ends.at(-1)?.way ?? from.way
  return {
    snapshot: ends.some(({ snapshot }) => snapshot),
    plan: plans.includes('made') ? 'made' : plans.includes('tried') ? 'tried' : 'none',
    approved: ends.some(({ approved }) => approved),
    ready: ends.some(({ ready }) => ready),
    change: ends.find(({ change }) => change !== from.change)?.change ?? from.change,
    ...definedMembers({ way }),
  }
}
