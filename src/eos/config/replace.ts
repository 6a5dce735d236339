import { diffConfig } from './diff/diff.ts'
import { enterReport, type MergeReport } from './merge.ts'
import { ConfigEditor, type EditorOptions } from './rules/editor.ts'
import { isPhysical } from './text/interface-name.ts'
import { type ConfigTree, childLines } from './text/tree.ts'

// Root lines that `rollback clean-config` does not touch: the routing model and spanning-tree (docs/eos.md 2.2, as seen on cEOS 4.35), and
// `end`, which is no command.
const KEPT = [/^service routing protocols model /, /^spanning-tree mode /, /^end$/]

export type IsPort = (interfaceName: string) => boolean

/**
 * The configuration after `rollback clean-config`: ports are present and empty, the routing model and the
 * spanning-tree mode stay, and IP routing is off where the configuration spoke of it (docs/eos.md 2.2).
 */
export function cleanConfig(running: ConfigTree, isPort: IsPort = isPhysical): ConfigTree {
  const kept = running.children.flatMap((node) => {
    const name = /^interface (\S+)$/.exec(node.line)?.[1]
    if (name !== undefined && isPort(name)) return [{ ...node, children: [], tail: [] }]
    if (/^(no )?ip routing$/.test(node.line)) return [{ ...node, line: 'no ip routing' }]
    return KEPT.some((pattern) => pattern.test(node.line)) ? [node] : []
  })
  const header = running.children[0]?.lead ?? []
  const [first, ...rest] = kept
  if (!first) return { children: [], tail: [...header, ...running.tail] }
  return { children: [{ ...first, lead: header }, ...rest], tail: running.tail }
}

function asRepeated(after: ConfigTree, before: ConfigTree) {
  const headers = childLines(before)
  if (new Set(headers).size === headers.length) return after
  const whole = new ConfigEditor({ children: [], tail: [] }, { printed: before })
  whole.merge(before.children)
  return diffConfig(whole.tree(), after).changes.every(({ line }) => line === 'end') ? before : after
}

export interface ReplaceOptions extends EditorOptions {
  readonly isPort?: IsPort
}

/**
 * What a session gives that was cleaned by `rollback clean-config` and in which a whole candidate was then entered.
 * Ports that the candidate does not name stay as empty blocks, as on a switch.
 */
export function replaceConfig(
  running: ConfigTree,
  candidate: readonly string[],
  options: ReplaceOptions = {},
): ConfigTree {
  return replaceReport(running, candidate, options).tree
}

/** As {@link replaceConfig}, and says which commands are unknown and which had no effect. */
export function replaceReport(
  running: ConfigTree,
  candidate: readonly string[],
  options: ReplaceOptions = {},
): MergeReport {
  const editor = new ConfigEditor(cleanConfig(running, options.isPort), { printed: running, ...options })
  const report = enterReport(editor, candidate)
  return { ...report, tree: asRepeated(report.tree, running) }
}
