import { EosflowError } from '../../model/error.ts'

export type WaveSize = number | `${number}%`

export interface WaveRules {
  readonly sizes: readonly WaveSize[]
  readonly of?: number
  readonly canaries?: ReadonlySet<string>
  readonly apart?: (name: string) => WaveMarks
  /** Who goes in the same wave as a switch, right behind it, whatever its size. */
  readonly partner?: (name: string) => string | undefined
  readonly fits?: (wave: readonly string[], name: string) => boolean
}

export interface WaveMarks {
  readonly marks: readonly string[]
  readonly shuns: readonly string[]
}

/** Sizes work as Ansible's `serial`, a percentage being rounded up; the last size repeats. Of switches that are kept apart a wave takes one, and instead of the other the next ones in order, or fewer; so it does with those that do not fit. */
export function planWaves(names: readonly string[], rules: WaveRules): string[][] {
  const { sizes, of = names.length, canaries = new Set() } = rules
  const first = names.filter((name) => canaries.has(name))
  const rest = names.filter((name) => !canaries.has(name))
  const sizeOf = (wave: number) => sizeIn(sizes[Math.min(wave, sizes.length - 1)] ?? of, of)
  return [...inWaves(first, () => first.length, rules), ...inWaves(rest, sizeOf, rules)]
}

function sizeIn(size: WaveSize, all: number) {
  const count = typeof size === 'number' ? size : Math.ceil((all * Number.parseInt(size, 10)) / 100)
  return Math.max(1, count)
}

function inWaves(names: readonly string[], sizeOf: (wave: number) => number, rules: WaveRules): string[][] {
  const waves: string[][] = []
  let waiting = names
  while (waiting.length > 0) {
    const wave = takenFrom(waiting, sizeOf(waves.length), rules)
    // Rules that contradict each other, which an edited plan may have, must not be tried for ever.
    if (wave.length === 0)
      throw new EosflowError('guard', `${waiting[0]} fits into no wave: what is kept apart from it goes with it`)
    const taken = new Set(wave)
    waves.push(wave)
    waiting = waiting.filter((name) => !taken.has(name))
  }
  return waves
}

const FREE: WaveMarks = { marks: [], shuns: [] }

function takenFrom(waiting: readonly string[], size: number, rules: WaveRules): string[] {
  const groupOf = groupsAmong(waiting, rules)
  const wave: string[] = []
  const taken = new Set<string>()
  const marks = new Set<string>()
  for (const name of waiting) {
    if (wave.length >= size) break
    if (taken.has(name)) continue
    const group = groupOf(name)
    if (wave.length > 0 && wave.length + group.length > size) continue
    const own = marksBeside(group, { wave, marks }, rules)
    if (own === undefined) continue
    wave.push(...group)
    for (const one of group) taken.add(one)
    for (const mark of own) marks.add(mark)
  }
  return wave
}

function groupsAmong(waiting: readonly string[], { partner }: WaveRules): (name: string) => readonly string[] {
  const isWaiting = new Set(waiting)
  return (name) => {
    const other = partner?.(name)
    return other === undefined || !isWaiting.has(other) ? [name] : [name, other]
  }
}

function marksBeside(
  group: readonly string[],
  { wave, marks }: { readonly wave: readonly string[]; readonly marks: ReadonlySet<string> },
  { apart = () => FREE, fits }: WaveRules,
): ReadonlySet<string> | undefined {
  const own = new Set<string>()
  for (const [at, one] of group.entries()) {
    const keeping = apart(one)
    if (keeping.shuns.some((mark) => marks.has(mark) || own.has(mark))) return undefined
    const isAlone = wave.length === 0 && at === 0
    if (!isAlone && fits?.(at === 0 ? wave : [...wave, ...group.slice(0, at)], one) === false) return undefined
    for (const mark of keeping.marks) own.add(mark)
  }
  return own
}
