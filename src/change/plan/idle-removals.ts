import { type MergeReport, mergeReport } from '../../eos/config/merge.ts'
import { parseVerb } from '../../eos/config/text/command-line.ts'
import { parseConfig } from '../../eos/config/text/parse.ts'
import type { ConfigNode, ConfigTree } from '../../eos/config/text/tree.ts'
import type { ComparedEvidence } from './comparison.ts'

/** A `no` or a `default` of a change that takes nothing away although lines begin with its words. */
export interface IdleRemoval {
  /** The commands that open its mode, outermost first. */
  readonly path: readonly string[]
  readonly line: string
  /** The lines that begin so and stay. */
  readonly stays: readonly string[]
}

/**
 * What the lines of a change mean to take away and the switch keeps: because the words begin lines of several kinds, or because the switch takes more words
 * than the configuration model. Of a line that the same change brings back nothing is said.
 */
export function idleRemovals(one: ComparedEvidence): readonly IdleRemoval[] {
  const { rendered, identity, staged, comparison } = one
  const isRemoving = rendered.mode === 'merge' && rendered.lines.some((line) => parseVerb(line.trim()).verb !== '')
  if (!isRemoving) return []
  const model = mergeReport(parseConfig(staged.running), rendered.lines, { version: identity.eos })
  return model.outcomes.flatMap((outcome) => {
    const { verb, line } = parseVerb(outcome.line)
    if (verb === '' || outcome.kind === 'refused') return []
    const { path, begun } = outcome
    const stays = begun ?? takenOnlyByModel(line, path, comparison, model)
    const after = new Set(linesAt(comparison.after, path))
    const isIdle = stays.length > 0 && stays.every((stay) => after.has(stay)) && !isStored(line, after)
    return isIdle ? [{ path, line: outcome.line, stays }] : []
  })
}

/** The lines that begin with the words and that the model takes away. */
function takenOnlyByModel(
  line: string,
  path: readonly string[],
  { before }: ComparedEvidence['comparison'],
  { tree }: MergeReport,
): readonly string[] {
  const left = new Set(linesAt(tree, path))
  return linesAt(before, path).filter((one) => (one === line || one.startsWith(`${line} `)) && !left.has(one))
}

/** Whether the switch has the `no` as a line, with its value or without it. */
function isStored(line: string, after: ReadonlySet<string>): boolean {
  return [...after].some((one) => one.startsWith('no ') && `${line} `.startsWith(`${one.slice(3)} `))
}

function linesAt({ children }: ConfigTree, path: readonly string[]): readonly string[] {
  let nodes: readonly ConfigNode[] = children
  for (const opener of path) nodes = nodes.filter(({ line }) => line === opener).flatMap((node) => node.children)
  return nodes.map(({ line }) => line)
}
