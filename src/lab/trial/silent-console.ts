import { definedMembers } from '../../model/defined-members.ts'
import { Scrubber } from '../../project/secret/scrubber.ts'
import type { Console } from '../../project/system/process/console.ts'
import type { Host } from '../../project/system/process/host.ts'

/** A console behind which there is nobody: what is said goes nowhere, and nothing can be asked. */
export function silentConsole(stop: AbortSignal = new AbortController().signal): Console {
  return { tell: () => undefined, interactive: false, ask: async () => undefined, stop }
}

/** A process that nobody has given anything: no environment, and a scrubber that knows no secret. `words` absent: hints are their codes. */
export function bareHost(
  cwd: string,
  { words = ({ code }) => code, seams }: Partial<Pick<Host, 'words' | 'seams'>> = {},
): Host {
  return { env: {}, cwd, scrubber: new Scrubber(), words, ...definedMembers({ seams }) }
}
