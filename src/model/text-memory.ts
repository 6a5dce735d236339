// So many characters of texts are remembered before it begins anew.
const MOST = 4_000_000

/** What pure functions have made of texts: the switches of a change have most of theirs in common, so each is worked at once. It holds so many characters of texts at most. */
export class TextMemory<T> {
  readonly #known = new Map<string, T>()
  #characters = 0

  get(text: string): T | undefined {
    return this.#known.get(text)
  }

  keep(text: string, value: T): T {
    if (text.length > MOST) return value
    if (this.#characters + text.length > MOST) {
      this.#known.clear()
      this.#characters = 0
    }
    this.#known.set(text, value)
    this.#characters += text.length
    return value
  }
}
