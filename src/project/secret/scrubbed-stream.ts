import type { Needles } from './needles.ts'

const PLACEHOLDER = '<redacted>'

/** Removes secrets from a text that arrives in pieces. */
export interface ScrubbedStream {
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
export function scrubbedStream(needles: () => Needles): ScrubbedStream {
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
