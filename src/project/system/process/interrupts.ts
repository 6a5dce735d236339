import { setMaxListeners } from 'node:events'
import type { ExitMessage } from './console.ts'

export type EndSignal = 'SIGINT' | 'SIGTERM' | 'SIGHUP'

export interface Interrupts {
  readonly stop: AbortSignal
  take(signal: EndSignal): void
  /** Has a part of the command asked for its last word before the process is ended. */
  heed(part: () => ExitMessage): () => void
  sayLast(): void
}

export interface InterruptedProcess {
  /** Milliseconds of a clock that never jumps. */
  monotonic(): number
  say(line: string): void
  exit(code: number): void
}

// The exit code of a process that a second interrupt has ended: 128 and the number of SIGINT, as shells count.
const INTERRUPTED = 130

// Below this, in milliseconds, two interrupts are one: npm and npx pass on what the terminal has sent to all of its processes already.
const SAME_PRESS = 200

/** A second SIGINT or SIGTERM ends the process, which says what it leaves where; while a switch has no commit timer that would put it back, only the third does. SIGHUP stops and never ends the process: it comes twice when a terminal is closed, from the kernel and from the shell. */
export function newInterrupts({ monotonic, say, exit }: InterruptedProcess): Interrupts {
  const stop = new AbortController()
  // Each switch that is waited for listens.
  setMaxListeners(0, stop.signal)
  const parts = new Set<() => ExitMessage>()
  let asked = 0
  let last = Number.NEGATIVE_INFINITY
  let warned = false
  const leave = () => {
    const words = [...parts].map((part) => part())
    const unprotected = words.flatMap((word) => (word.unprotected === undefined ? [] : [word.unprotected]))
    if (unprotected.length > 0 && !warned) {
      warned = true
      for (const line of unprotected) say(line)
      return
    }
    for (const { line } of words) say(line)
    exit(INTERRUPTED)
  }
  const sayLast = () => {
    for (const part of parts) say(part().line)
  }
  return {
    stop: stop.signal,
    take: (signal) => {
      const now = monotonic()
      if (signal !== 'SIGHUP' && now - last < SAME_PRESS) return
      if (signal !== 'SIGHUP') {
        last = now
        asked += 1
      }
      if (!stop.signal.aborted) stop.abort()
      else if (signal !== 'SIGHUP' && asked > 1) leave()
    },
    heed: (part) => {
      parts.add(part)
      return () => parts.delete(part)
    },
    sayLast,
  }
}
