import type { RequestMeter } from '../../device/meter.ts'

export interface ShellListener {
  heard(bytes: Uint8Array): void
  closed(reason: string): void
}

/** A login shell on one switch as bytes: the real one is a channel of ssh2, the one of the simulation lies in memory. */
export interface ShellChannel {
  write(text: string): void
  listen(listener: ShellListener): void
  /** `given-up`: an answer is owed, and nothing of what was typed may arrive from now on. */
  close(way: 'done' | 'given-up'): void
  measure?(): RequestMeter | undefined
}
