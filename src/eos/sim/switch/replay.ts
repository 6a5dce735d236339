import type { ConfigNode, ConfigTree } from '../../config/text/tree.ts'
import type { FaultOf } from '../fault/fault.ts'
import type { Behaviour } from './behaviour.ts'

export interface MissingLine {
  readonly at: number
  readonly line: string
}

export interface ReplayResult {
  readonly tree: ConfigTree
  readonly missing: readonly MissingLine[]
  readonly isSilent: boolean
}

/**
 * A switch types a text of its own again: every line is taken but those of a fault, with all that is below them, and where a failed replay leaves
 * only what is before the line that it refuses, what is behind it. `felt` is called with each fault that strikes.
 */
export function replayed(
  tree: ConfigTree,
  faults: readonly FaultOf<'replay-fails'>[],
  felt: (fault: FaultOf<'replay-fails'>) => void,
  failed: Behaviour['failedReplay'],
): ReplayResult {
  if (faults.length === 0) return { tree, missing: [], isSilent: false }
  const missing: MissingLine[] = []
  let at = 0
  let isSilent = true
  const taken = (nodes: readonly ConfigNode[]): readonly ConfigNode[] =>
    nodes.flatMap((node) => {
      at += 1
      const here = at
      if (failed === 'before' && missing.length > 0 && !isSilent) return []
      const stopped = faults.filter((fault) => isAt(fault, here, node.line))
      const children = taken(node.children)
      if (stopped.length === 0) return [{ ...node, children }]
      for (const fault of stopped) felt(fault)
      missing.push({ at: here, line: node.line })
      if (stopped.some(({ leavesOut }) => leavesOut !== true)) isSilent = false
      return []
    })
  const children = taken(tree.children)
  return { tree: missing.length === 0 ? tree : { ...tree, children }, missing, isSilent }
}

export function wordsOf(missing: readonly MissingLine[]): readonly string[] {
  return missing.map(({ at, line }) => `Invalid input at line ${at}: ${line}`)
}

function isAt({ line, command }: FaultOf<'replay-fails'>, at: number, text: string) {
  return (line ?? at) === at && (command === undefined || new RegExp(command).test(text))
}
