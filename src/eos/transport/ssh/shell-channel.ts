import type { RequestMeter } from '../../device/meter.ts'

/** What is told of a shell while it lives. */
export interface ShellListener {
  heard(bytes: Uint8Array): void
  /** The last word: nothing is heard after it. */
  closed(reason: string): void
}

/**
 * A login shell on one switch as bytes: the real one is a channel of ssh2, the one of the simulation lies in memory.
 * Nothing is heard before somebody listens.
 */
export interface ShellChannel {
  /** Types a text; it may be lost when the channel closes. */
  write(text: string): void
  listen(listener: ShellListener): void
  /** `given-up`: an answer is owed, and nothing of what was typed may arrive from now on. */
  close(way: 'done' | 'given-up'): void
  /** Begins to measure what is typed next and how it is answered. Absent: nobody measures. */
  measure?(): RequestMeter | undefined
}
