import type { Console } from '../../app/console.ts'
import type { Host } from '../../app/host.ts'
import { Scrubber } from '../../secret/scrubber.ts'
import { hintWords } from '../hint-words.ts'

/** A console behind which there is nobody: what is said goes nowhere, and nothing can be asked. */
export function silentConsole(stop: AbortSignal = new AbortController().signal): Console {
  return { tell: () => undefined, interactive: false, ask: async () => undefined, stop }
}

/** A process that nobody has given anything: no environment, and a scrubber that knows no secret. */
export function bareHost(cwd: string, seams?: Host['seams']): Host {
  return { env: {}, cwd, scrubber: new Scrubber(), words: hintWords, ...(seams === undefined ? {} : { seams }) }
}
