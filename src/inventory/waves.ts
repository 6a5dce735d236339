import { EosflowError } from '../model/error.ts'

/** The size of a wave: a number of switches, or a percentage of all selected ones. */
export type WaveSize = number | `${number}%`

/** How switches are ordered into waves. */
export interface WaveRules {
  readonly sizes: readonly WaveSize[]
  /** What a percentage is of; default: the switches themselves. */
  readonly of?: number
  /** Who goes before all waves. */
  readonly canaries?: ReadonlySet<string>
  /** Whether two switches back each other up, so that they never share a wave. */
  readonly apart?: (a: string, b: string) => boolean
  /** Who goes in the same wave as a switch, right behind it, whatever its size. */
  readonly partner?: (name: string) => string | undefined
  /** Whether a wave that has some switches may take another one. Alone each may. */
  readonly fits?: (wave: readonly string[], name: string) => boolean
}

/**
 * Orders switches into waves: canaries first, in a wave of their own, then the others. Sizes work as Ansible's `serial`, a
 * percentage being rounded up; the last size repeats. Of switches that are kept apart a wave takes one, and instead of
 * the other the next ones in order, or fewer; so it does with those that do not fit. A wave takes both of a pair or none: into one that has
 * room for one switch alone a pair goes first, or not at all. Throws `guard` where rules contradict each other.
 */
export function planWaves(names: readonly string[], rules: WaveRules): string[][] {
  const {
    sizes,
    of = names.length,
    canaries = new Set(),
    apart = () => false,
    fits = () => true,
    partner = () => undefined,
  } = rules
  const takes = (wave: readonly string[], name: string): boolean =>
    !wave.some((other) => apart(other, name)) && (wave.length === 0 || fits(wave, name))
  const first = names.filter((name) => canaries.has(name))
  const rest = names.filter((name) => !canaries.has(name))
  const sizeOf = (wave: number): number => sizeIn(sizes[Math.min(wave, sizes.length - 1)] ?? of, of)
  const taking = { takes, partner }
  return [...inWaves(first, () => first.length, taking), ...inWaves(rest, sizeOf, taking)]
}

function sizeIn(size: WaveSize, all: number): number {
  const count = typeof size === 'number' ? size : Math.ceil((all * Number.parseInt(size, 10)) / 100)
  return Math.max(1, count)
}

function inWaves(names: readonly string[], sizeOf: (wave: number) => number, taking: Taking): string[][] {
  const waves: string[][] = []
  let waiting = names
  while (waiting.length > 0) {
    const wave = takenFrom(waiting, sizeOf(waves.length), taking)
    // Rules that contradict each other, which an edited plan may have, must not be tried for ever.
    if (wave.length === 0)
      throw new EosflowError('guard', `${waiting[0]} fits into no wave: what is kept apart from it goes with it`)
    const taken = new Set(wave)
    waves.push(wave)
    waiting = waiting.filter((name) => !taken.has(name))
  }
  return waves
}

/** What a wave takes, and who goes with whom. */
interface Taking {
  takes(wave: readonly string[], name: string): boolean
  partner(name: string): string | undefined
}

function takenFrom(waiting: readonly string[], size: number, { takes, partner }: Taking): string[] {
  const wave: string[] = []
  for (const name of waiting) {
    if (wave.length >= size) break
    if (wave.includes(name)) continue
    const other = partner(name)
    const group = other === undefined || !waiting.includes(other) ? [name] : [name, other]
    const isTaken = group.every((one, at) => takes([...wave, ...group.slice(0, at)], one))
    if (isTaken && (wave.length === 0 || wave.length + group.length <= size)) wave.push(...group)
  }
  return wave
}
