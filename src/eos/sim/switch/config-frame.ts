import { parseConfig, renderConfig } from '../../config/text/parse.ts'
import type { ConfigTree } from '../../config/text/tree.ts'
import { printedLines } from '../platform/facts.ts'

/** They are no configuration: a session never changes them. */
export interface ConfigFrame {
  readonly header: readonly string[]
  readonly footer: readonly string[]
}

export interface FramedConfig {
  readonly frame: ConfigFrame
  readonly tree: ConfigTree
}

/** Reads a configuration text as a switch would at boot: header and `end` aside. */
export function readFramed(text: string): FramedConfig {
  const { children, tail } = parseConfig(text)
  const last = children.at(-1)
  const ended = last?.line === 'end' && last.indent === undefined
  const [first, ...rest] = ended ? children.slice(0, -1) : children
  const footer = ended ? [...last.lead, 'end', ...tail] : tail
  if (first === undefined) return { frame: { header: [], footer }, tree: { children: [], tail: [] } }
  return { frame: { header: first.lead, footer }, tree: { children: [{ ...first, lead: [] }, ...rest], tail: [] } }
}

/** The text of a configuration in its frame, as `show running-config` prints it. */
export function renderFramed(tree: ConfigTree, { header, footer }: ConfigFrame): string {
  return [rows(header), renderConfig(bare(tree)), rows(footer)].join('')
}

function bare(tree: ConfigTree) {
  const [first, ...rest] = tree.children
  if (first === undefined || first.lead.length === 0) return tree
  return { children: [{ ...first, lead: first.lead.filter((row) => row.trim() !== '!') }, ...rest], tail: tree.tail }
}

function rows(lines: readonly string[]) {
  return printedLines(lines)
}
