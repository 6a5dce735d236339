import type { Secret } from '../model/secret.ts'
import { encodedForms } from './encoded-forms.ts'

const PLACEHOLDER = '<redacted>'
/** A shorter value may be an ordinary word or number, and removing it would make the output unreadable (security 5.2). */
const SHORTEST = 8

/** Removes secrets from a text that arrives in pieces. */
export interface ScrubbedStream {
  /** Takes the next piece and gives what can be printed by now. */
  write(chunk: string): string
  /** Gives the rest. */
  end(): string
}

/**
 * Knows the secrets of a process by value and removes them from whatever leaves it, in plain and in their usual
 * encodings. The last line of defence behind redaction, which knows the forms of EOS lines but not free text.
 */
export class Scrubber {
  readonly #needles = new Set<string>()
  readonly #warnings: string[] = []
  #longest = 0

  /** One sentence per registered secret that is too short to be removed from output. */
  get warnings(): readonly string[] {
    return this.#warnings
  }

  /** Registers a secret; `name` says which one it is without showing it. */
  register(secret: Secret, name: string): void {
    const value = secret.reveal()
    if (value.length < SHORTEST) {
      this.#warnings.push(`${name} is shorter than ${SHORTEST} characters: it is not removed from output`)
      return
    }
    for (const form of encodedForms(value)) {
      this.#needles.add(form)
      this.#longest = Math.max(this.#longest, form.length)
    }
  }

  /** The text without any registered secret. */
  scrub(text: string): string {
    const stream = this.stream()
    return stream.write(text) + stream.end()
  }

  /** Scrubs a text piece by piece, with the same outcome as in one piece: holds back what could be the beginning of a secret. */
  stream(): ScrubbedStream {
    let held = ''
    // How much of what is held lies in a secret whose placeholder was already given.
    let covered = 0
    const take = (keep: number): string => {
      const end = Math.max(0, held.length - keep)
      const { text, overhang } = this.#cut(held, covered, end)
      held = held.slice(end)
      covered = overhang
      return text
    }
    return {
      write: (chunk) => {
        held += chunk
        return take(Math.max(0, this.#longest - 1))
      },
      end: () => take(0),
    }
  }

  /**
   * The text before `end` with each run of overlapping secrets replaced by one placeholder. `overhang`: how far the
   * last run reaches beyond `end`.
   */
  #cut(text: string, covered: number, end: number): { text: string; overhang: number } {
    let out = ''
    let reached = covered
    for (const [from, to] of this.#occurrences(text)) {
      if (from >= end) break
      if (from >= reached) out += text.slice(reached, from) + PLACEHOLDER
      reached = Math.max(reached, to)
    }
    return { text: reached < end ? out + text.slice(reached, end) : out, overhang: Math.max(0, reached - end) }
  }

  /** Where secrets stand, by their beginnings. */
  #occurrences(text: string): readonly (readonly [from: number, to: number])[] {
    const found: (readonly [number, number])[] = []
    for (const needle of this.#needles) {
      for (let at = text.indexOf(needle); at >= 0; at = text.indexOf(needle, at + 1))
        found.push([at, at + needle.length])
    }
    return found.sort(([a], [b]) => a - b)
  }
}
