import type { ConfigTree } from '../../config/tree.ts'

/** What the configuration says about config sessions (docs/eos.md 2.1 and 2.6). */
export interface SessionKnobs {
  readonly maxPending: number
  readonly maxCompleted: number
  readonly mergeOnCommit: boolean
  readonly saveToStartup: boolean
}

const PREFIX = 'service configuration session '

/** Reads the knobs; the defaults are 5 pending and 1 completed session, replace on commit, no save. */
export function sessionKnobs(tree: ConfigTree): SessionKnobs {
  const lines = tree.children.flatMap(({ line }) => (line.startsWith(PREFIX) ? [line.slice(PREFIX.length)] : []))
  const number = (words: string, fallback: number): number => {
    const found = lines.find((line) => line.startsWith(words))?.slice(words.length)
    return found === undefined || !/^\d+$/.test(found) ? fallback : Number(found)
  }
  return {
    maxPending: number('max pending ', 5),
    maxCompleted: number('max completed ', 1),
    mergeOnCommit: lines.includes('commit merge'),
    saveToStartup: lines.includes('commit save startup-config'),
  }
}
