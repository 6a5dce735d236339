// Room for the numbers of states beside a character's code in one key: with ASCII it stays a small integer, which V8 keeps unboxed.
const STATES = 2 ** 24

// So many characters are ASCII.
const ASCII = 128

// Of so many characters that begin a needle V8 finds the first by a pattern, in a third of the time of a loop; with more the loop is faster.
const FEW = 12

/**
 * A set of texts as an automaton that finds all of them in one pass (Aho and Corasick, 1975): each character of what is searched
 * costs constant time on average, however many needles there are and however nearly they match.
 */
export class Needles {
  readonly #edges = new Map<number, number>()
  // 1 for each character that begins a needle: ordinary text is mostly the others, and passes without a look at the edges.
  readonly #begins = new Uint8Array(2 ** 16)
  // 1 for each two characters of ASCII that begin one, or of which the first is one: most of those that begin one go on otherwise.
  readonly #pairs = new Uint8Array(ASCII * ASCII)
  // What finds the same characters; undefined where too many begin a needle.
  readonly #beginning: RegExp | undefined
  readonly #parents: number[] = [0]
  readonly #codes: number[] = [0]
  readonly #depths: number[] = [0]
  readonly #suffixes: number[] = [0]
  // The length of the longest needle that ends in a state; 0 where none does.
  readonly #found: number[] = [0]

  constructor(needles: Iterable<string>) {
    const all = [...needles]
    for (const needle of all) this.#add(needle)
    this.#link()
    this.#beginning = beginningOf(all)
  }

  get isEmpty(): boolean {
    return this.#depths.length === 1
  }

  next(state: number, code: number): number {
    for (let from = state; ; from = this.#suffixes[from] ?? 0) {
      const to = this.#edges.get(code * STATES + from)
      if (to !== undefined) return to
      if (from === 0) return 0
    }
  }

  firstFrom(text: string, at: number): number {
    if (this.#beginning !== undefined) {
      this.#beginning.lastIndex = at
      return this.#beginning.exec(text)?.index ?? text.length
    }
    let first = at
    while (first < text.length && !this.#mayBegin(text, first)) first++
    return first
  }

  #mayBegin(text: string, at: number): boolean {
    const code = text.charCodeAt(at)
    if (this.#begins[code] === 0) return false
    const next = at + 1 < text.length ? text.charCodeAt(at + 1) : ASCII
    return code >= ASCII || next >= ASCII || this.#pairs[code * ASCII + next] === 1
  }

  pending(state: number): number {
    return this.#depths[state] ?? 0
  }

  found(state: number): number {
    return this.#found[state] ?? 0
  }

  #add(needle: string): void {
    const [first, second] = [needle.charCodeAt(0), needle.charCodeAt(1)]
    if (needle.length === 1 && first < ASCII) this.#pairs.fill(1, first * ASCII, (first + 1) * ASCII)
    else if (first < ASCII && second < ASCII) this.#pairs[first * ASCII + second] = 1
    let state = 0
    for (let at = 0; at < needle.length; at++) {
      const code = needle.charCodeAt(at)
      state = this.#edges.get(code * STATES + state) ?? this.#grow(state, code)
    }
    this.#found[state] = needle.length
  }

  #grow(parent: number, code: number): number {
    const state = this.#depths.length
    if (parent === 0) this.#begins[code] = 1
    this.#edges.set(code * STATES + parent, state)
    this.#parents.push(parent)
    this.#codes.push(code)
    this.#depths.push(this.pending(parent) + 1)
    this.#suffixes.push(0)
    this.#found.push(0)
    return state
  }

  #byDepth(): readonly number[] {
    const levels: number[][] = []
    for (const [state, depth] of this.#depths.entries()) {
      const level = levels[depth]
      if (level === undefined) levels[depth] = [state]
      else level.push(state)
    }
    return levels.flat()
  }

  #link(): void {
    for (const state of this.#byDepth()) {
      if (this.pending(state) < 2) continue
      const suffix = this.next(this.#suffixes[this.#parents[state] ?? 0] ?? 0, this.#codes[state] ?? 0)
      this.#suffixes[state] = suffix
      if (this.found(state) === 0) this.#found[state] = this.found(suffix)
    }
  }
}

function beginningOf(needles: readonly string[]) {
  const seconds = new Map<string, Set<string>>()
  for (const needle of needles) {
    const all = seconds.get(needle.charAt(0)) ?? new Set()
    seconds.set(needle.charAt(0), all.add(needle.charAt(1)))
    if (seconds.size > FEW) return undefined
  }
  if (seconds.size === 0) return undefined
  const parts = [...seconds].map(([first, all]) => {
    const isAlone = first.charCodeAt(0) >= ASCII || all.has('')
    const behind = [...all].filter((second) => second.charCodeAt(0) < ASCII).map(escaped)
    return isAlone ? escaped(first) : `${escaped(first)}(?:[${behind.join('')}\\u0080-\\uffff]|$)`
  })
  return new RegExp(parts.join('|'), 'g')
}

function escaped(unit: string) {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`
}
