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
}

/**
 * Orders switches into waves: canaries first, in a wave of their own, then the others. Sizes work as Ansible's `serial`, a
 * percentage being rounded up; the last size repeats. Of switches that are kept apart a wave takes one, and instead of
 * the other the next ones in order, or fewer.
 */
export function planWaves(names: readonly string[], rules: WaveRules): string[][] {
  const { sizes, of = names.length, canaries = new Set(), apart = () => false } = rules
  const first = names.filter((name) => canaries.has(name))
  const rest = names.filter((name) => !canaries.has(name))
  const sizeOf = (wave: number): number => sizeIn(sizes[Math.min(wave, sizes.length - 1)] ?? of, of)
  return [...inWaves(first, () => first.length, apart), ...inWaves(rest, sizeOf, apart)]
}

function sizeIn(size: WaveSize, all: number): number {
  const count = typeof size === 'number' ? size : Math.ceil((all * Number.parseInt(size, 10)) / 100)
  return Math.max(1, count)
}

function inWaves(
  names: readonly string[],
  sizeOf: (wave: number) => number,
  apart: (a: string, b: string) => boolean,
): string[][] {
  const waves: string[][] = []
  let waiting = names
  while (waiting.length > 0) {
    const wave = takeApart(waiting, sizeOf(waves.length), apart)
    const taken = new Set(wave)
    waves.push(wave)
    waiting = waiting.filter((name) => !taken.has(name))
  }
  return waves
}

function takeApart(waiting: readonly string[], size: number, apart: (a: string, b: string) => boolean): string[] {
  const wave: string[] = []
  for (const name of waiting) {
    if (wave.length === size) break
    if (!wave.some((other) => apart(other, name))) wave.push(name)
  }
  return wave
}
