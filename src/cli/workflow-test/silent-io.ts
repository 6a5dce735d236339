import { Scrubber } from '../../secret/scrubber.ts'
import type { Io } from '../io.ts'

/** A terminal at which nobody sits: what is printed goes nowhere, and nothing can be asked. */
export function silentIo(cwd: string, rest: Partial<Pick<Io, 'stop' | 'seams'>> = {}): Io {
  return {
    env: {},
    cwd,
    out: () => undefined,
    err: () => undefined,
    interactive: false,
    color: false,
    ask: async () => undefined,
    stop: new AbortController().signal,
    scrubber: new Scrubber(),
    ...rest,
  }
}
