import type { Secret } from '../../model/secret.ts'
import { encodedForms } from './encoded-forms.ts'
import { Needles } from './needles.ts'
import { SHORTEST, whyOrdinary } from './ordinary.ts'

const PLACEHOLDER = '<redacted>'

/** Removes secrets from a text that arrives in pieces. */
interface ScrubbedStream {
  /** Takes the next piece and gives what can be printed by now. */
  write(chunk: string): string
  /** Gives the rest. */
  end(): string
}

/** Overlapping secrets as one stretch of the text, `[from, to)`. */
interface Run {
  from: number
  readonly to: number
}

/**
 * Scrubs a text piece by piece, with the same outcome as in one piece. Only what could be the beginning of a secret is held
 * back, so a line that ends like none of them passes at once. `needles` gives what is searched by now: a secret that is
 * registered meanwhile is also found in what is held.
 */
function scrubbedStream(needles: () => Needles): ScrubbedStream {
  let known = needles()
  let held = ''
  let runs: Run[] = []
  let state = 0

  const scan = (from: number): void => {
    for (let at = from; at < held.length; at++) {
      if (state === 0) at = known.firstFrom(held, at)
      if (at === held.length) return
      state = known.next(state, held.charCodeAt(at))
      const length = known.found(state)
      if (length > 0) runs.push(joined(runs, { from: at + 1 - length, to: at + 1 }))
    }
  }

  /** Gives what stands before `end`; a run that reaches beyond it is kept whole. */
  const release = (end: number): string => {
    const done = runs.filter(({ to }) => to <= end)
    let out = ''
    let at = 0
    for (const run of done) {
      out += held.slice(at, run.from) + PLACEHOLDER
      at = run.to
    }
    const until = Math.min(end, runs[done.length]?.from ?? end)
    out += held.slice(at, until)
    held = held.slice(until)
    runs = runs.slice(done.length).map(({ from, to }) => ({ from: from - until, to: to - until }))
    return out
  }

  return {
    write: (chunk) => {
      const latest = needles()
      if (latest.isEmpty && held === '') return chunk
      const begun = held.length
      held += chunk
      if (latest === known) scan(begun)
      else {
        known = latest
        state = 0
        runs = []
        scan(0)
      }
      return release(held.length - known.pending(state))
    },
    end: () => {
      state = 0
      return release(held.length)
    },
  }
}

/** The run with those it overlaps taken into it. What only touches it stays a run of its own. */
function joined(runs: Run[], run: Run): Run {
  let { from } = run
  for (let last = runs.at(-1); last !== undefined && last.to > run.from; last = runs.at(-1)) {
    from = Math.min(from, last.from)
    runs.pop()
  }
  return { from, to: run.to }
}

/** A line of a key that is shorter could stand anywhere. */
const SHORTEST_LINE = 16

/** Hears of each secret that a scrubber knows, and of each that it knows no more: then `name` is absent. */
export type SecretListener = (value: string, name: string | undefined) => void

/**
 * Knows the secrets of a process by value and removes them from whatever leaves it, in plain and in their usual
 * encodings. There is one in a process, and every sink goes through it. The last line of defence behind redaction,
 * which knows the forms of EOS lines but not free text.
 */
export class Scrubber {
  readonly #warn: (text: string) => void
  /** What is shown whatever the secrets are. */
  readonly #names = new Set<string>()
  readonly #secrets = new Map<string, string>()
  readonly #warned = new Set<string>()
  readonly #listeners = new Set<SecretListener>()
  /** Made anew for what is scrubbed next, so that registering many costs as much as registering one. */
  #needles: Needles | undefined

  /**
   * `warn` hears, once for each name, of a secret that is not removed because it is an ordinary word
   * (docs/security.md#values-that-are-no-secrets).
   */
  constructor(warn: (text: string) => void = () => undefined) {
    this.#warn = warn
  }

  /** Registers a secret; `name` says which one it is without showing it. */
  register(secret: Secret, name: string): void {
    const value = secret.reveal()
    if (value === '' || this.#secrets.has(value)) return
    this.#secrets.set(value, name)
    this.#needles = undefined
    for (const listener of this.#listeners) listener(value, name)
    this.#warnOf(value, name)
  }

  /** Forgets a secret that opens nothing any more. */
  forget(secret: Secret): void {
    const value = secret.reveal()
    if (!this.#secrets.delete(value)) return
    this.#needles = undefined
    for (const listener of this.#listeners) listener(value, undefined)
  }

  /** Tells a listener every secret that is known, and each change of that before {@link register} or {@link forget} returns. Gives how that ends. */
  follow(listener: SecretListener): () => void {
    for (const [value, name] of this.#secrets) listener(value, name)
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Names that are always shown: to remove a switch's name from a record would break it. */
  leave(names: Iterable<string>): void {
    const before = this.#names.size
    for (const name of names) this.#names.add(name)
    if (this.#names.size === before) return
    this.#needles = undefined
    for (const [value, name] of this.#secrets) this.#warnOf(value, name)
  }

  /** The text without any registered secret. */
  scrub(text: string): string {
    if (text.length < SHORTEST || this.#known().isEmpty) return text
    const stream = this.stream()
    return stream.write(text) + stream.end()
  }

  /** Scrubs a text that arrives in pieces; see {@link scrubbedStream}. */
  stream(): ScrubbedStream {
    return scrubbedStream(() => this.#known())
  }

  #known(): Needles {
    this.#needles ??= new Needles(
      [...this.#secrets.keys()]
        .flatMap(partsOf)
        .filter((value) => whyOrdinary(value, this.#names) === undefined)
        .flatMap((value) => [...encodedForms(value)]),
    )
    return this.#needles
  }

  #warnOf(value: string, name: string): void {
    const why = whyOrdinary(value, this.#names)
    if (why === undefined || this.#warned.has(name)) return
    this.#warned.add(name)
    this.#warn(`${name} ${why}: it is not removed from output and records; change it`)
  }
}

/**
 * A value, or the lines of a key: a diff, an indented text or another line ending shows them one by one, and whatever encodes the
 * whole key encodes each of them. Its armour is no secret.
 */
function partsOf(value: string): readonly string[] {
  const lines = value
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line.length >= SHORTEST_LINE && !line.startsWith('-----'))
  return value.includes('\n') && lines.length > 0 ? lines : [value]
}
