// Room for the numbers of states beside a character's code in one key: with ASCII it stays a small integer, which V8 keeps unboxed.
const STATES = 2 ** 24

// So many characters are ASCII.
const ASCII = 128

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
  readonly #parents: number[] = [0]
  readonly #codes: number[] = [0]
  readonly #depths: number[] = [0]
  readonly #suffixes: number[] = [0]
  // The length of the longest needle that ends in a state; 0 where none does.
  readonly #found: number[] = [0]

  constructor(needles: Iterable<string>) {
    for (const needle of needles) this.#add(needle)
    this.#link()
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
