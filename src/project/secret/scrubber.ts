import type { Secret } from '../../model/secret.ts'
import { encodedForms } from './encoded-forms.ts'
import { Needles } from './needles.ts'
import { SHORTEST, whyOrdinary } from './ordinary.ts'

const PLACEHOLDER = '<redacted>'

interface ScrubbedStream {
  write(chunk: string): string
  end(): string
}

interface Run {
  from: number
  readonly to: number
}

function scrubbedStream(needles: () => Needles): ScrubbedStream {
  let known = needles()
  let held = ''
  let runs: Run[] = []
  let state = 0

  const scan = (from: number) => {
    for (let at = from; at < held.length; at++) {
      if (state === 0) at = known.firstFrom(held, at)
      if (at === held.length) return
      state = known.next(state, held.charCodeAt(at))
      const length = known.found(state)
      if (length > 0) runs.push(joined(runs, { from: at + 1 - length, to: at + 1 }))
    }
  }

  // Gives what stands before `end`; a run that reaches beyond it is kept whole.
  const release = (end: number) => {
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

function joined(runs: Run[], run: Run): Run {
  let { from } = run
  for (let last = runs.at(-1); last !== undefined && last.to > run.from; last = runs.at(-1)) {
    from = Math.min(from, last.from)
    runs.pop()
  }
  return { from, to: run.to }
}

// A line of a key that is shorter could stand anywhere.
const SHORTEST_LINE = 16

export type SecretListener = (value: string, name: string | undefined) => void

/** The last line of defence behind redaction, which knows the forms of EOS lines but not free text. */
export class Scrubber {
  readonly #warn: (text: string) => void
  readonly #names = new Set<string>()
  readonly #secrets = new Map<string, string>()
  readonly #warned = new Set<string>()
  readonly #listeners = new Set<SecretListener>()
  // Made anew for what is scrubbed next, so that registering many costs as much as registering one.
  #needles: Needles | undefined

  /**
   * `warn` hears, once for each name, of a secret that is not removed because it is an ordinary word
   * (docs/security.md#values-that-are-no-secrets).
   */
  constructor(warn: (text: string) => void = () => undefined) {
    this.#warn = warn
  }

  register(secret: Secret, name: string): void {
    const value = secret.reveal()
    if (value === '' || this.#secrets.has(value)) return
    this.#secrets.set(value, name)
    this.#needles = undefined
    for (const listener of this.#listeners) listener(value, name)
    this.#warnOf(value, name)
  }

  forget(secret: Secret): void {
    const value = secret.reveal()
    if (!this.#secrets.delete(value)) return
    this.#needles = undefined
    for (const listener of this.#listeners) listener(value, undefined)
  }

  follow(listener: SecretListener): () => void {
    for (const [value, name] of this.#secrets) listener(value, name)
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  leave(names: Iterable<string>): void {
    const before = this.#names.size
    for (const name of names) this.#names.add(name)
    if (this.#names.size === before) return
    this.#needles = undefined
    for (const [value, name] of this.#secrets) this.#warnOf(value, name)
  }

  scrub(text: string): string {
    if (text.length < SHORTEST || this.#known().isEmpty) return text
    const stream = this.stream()
    return stream.write(text) + stream.end()
  }

  stream(): ScrubbedStream {
    return scrubbedStream(() => this.#known())
  }

  #known() {
    this.#needles ??= new Needles(
      [...this.#secrets.keys()]
        .flatMap(partsOf)
        .filter((value) => whyOrdinary(value, this.#names) === undefined)
        .flatMap((value) => [...encodedForms(value)]),
    )
    return this.#needles
  }

  #warnOf(value: string, name: string) {
    const why = whyOrdinary(value, this.#names)
    if (why === undefined || this.#warned.has(name)) return
    this.#warned.add(name)
    this.#warn(`${name} ${why}: it is not removed from output and records; change it`)
  }
}

function partsOf(value: string) {
  const lines = value
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line.length >= SHORTEST_LINE && !line.startsWith('-----'))
  return value.includes('\n') && lines.length > 0 ? lines : [value]
}
