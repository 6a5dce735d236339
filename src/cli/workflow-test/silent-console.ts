import type { Console } from '../../app/console.ts'
import { Scrubber } from '../../secret/scrubber.ts'

/** A console behind which there is nobody: what is said goes nowhere, and nothing can be asked. */
export function silentConsole(cwd: string, rest: Partial<Pick<Console, 'stop' | 'seams'>> = {}): Console {
  return {
    env: {},
    cwd,
    tell: () => undefined,
    interactive: false,
    ask: async () => undefined,
    stop: new AbortController().signal,
    scrubber: new Scrubber(),
    ...rest,
  }
}
