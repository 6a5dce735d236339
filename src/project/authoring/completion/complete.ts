import type { Host } from '../../system/process/host.ts'
import type { Completion } from './completion.ts'
import { keepValues } from './kept-values.ts'

/** The words that the word under the cursor may become, at a moment in milliseconds. */
export async function complete(host: Host, { wanted, offered }: Completion, now: number): Promise<readonly string[]> {
  if ('length' in wanted) return offered(wanted)
  try {
    // What knows values is loaded where one is wanted: the words of commands are there sooner.
    const { knownValues } = await import('./known-values.ts')
    const known = await knownValues(host, wanted)
    if (known === undefined) return []
    const words = known.words.map((word) => host.scrubber.scrub(word))
    keepValues(host.cwd, wanted, { ...known, words }, now)
    return offered(words)
  } catch {
    return []
  }
}
