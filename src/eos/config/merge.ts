import { ConfigEditor, type EditOutcome, type EditorOptions } from './rules/editor.ts'
import { parseConfig } from './text/parse.ts'
import type { ConfigTree } from './text/tree.ts'

export interface MergeReport {
  readonly tree: ConfigTree
  readonly outcomes: readonly EditOutcome[]
  readonly unknown: readonly EditOutcome[]
  readonly refused: readonly EditOutcome[]
  /** Each `no` and `default` without effect whose words begin lines of several kinds. */
  readonly idle: readonly EditOutcome[]
}

/** The configuration after commands were entered (docs/eos.md 4.4 to 4.9). Commands that a switch would refuse have no effect; `mergeReport` names them. @param lines command lines: nested by indentation if any is indented below another, else by CLI mode */
export function mergeConfig(running: ConfigTree, lines: readonly string[], options?: EditorOptions): ConfigTree {
  return mergeReport(running, lines, options).tree
}

/** As {@link mergeConfig}, and says which commands are unknown and which had no effect. */
export function mergeReport(running: ConfigTree, lines: readonly string[], options?: EditorOptions): MergeReport {
  const editor = new ConfigEditor(running, options)
  return enterReport(editor, lines)
}

export function enterReport(editor: ConfigEditor, lines: readonly string[]): MergeReport {
  const outcomes = enterLines(editor, lines)
  return {
    tree: editor.tree(),
    outcomes,
    unknown: outcomes.filter(({ kind }) => kind === 'unknown'),
    refused: outcomes.filter(({ kind }) => kind === 'refused'),
    idle: outcomes.filter(({ begun }) => begun !== undefined),
  }
}

function enterLines(editor: ConfigEditor, lines: readonly string[]) {
  const { children } = parseConfig(`${lines.join('\n')}\n`)
  const nested = children.some((node) => node.children.length > 0)
  const outcomes = nested
    ? editor.merge(children)
    : children.map((node) => editor.type(node.line, node.body?.map((body) => body.join('\n')).join('\n')))
  editor.end()
  return outcomes
}
