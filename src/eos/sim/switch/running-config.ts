import type { Json, JsonObject } from '../../../model/json.ts'
import { type ConfigNode, type ConfigTree, restOf } from '../../config/text/tree.ts'
import { eosAtLeast, type SwitchFacts } from '../platform/facts.ts'
import { type ConfigFrame, renderFramed } from './line-syntax.ts'

export interface PrintingSwitch {
  readonly facts: SwitchFacts
  /** The host name it has now: a session that changes it still prints this one (recorded by napalm on 4.15). */
  readonly hostname: string
  readonly frame: ConfigFrame
  readonly image: string | undefined
  /** Whether the frame is printed as it was read instead of the switch's own. */
  readonly verbatim: boolean
}

/** The host name a configuration gives; `localhost` without one (recorded on a 4.22.1F). */
export function hostnameOf(tree: ConfigTree): string {
  return restOf(tree.children, 'hostname ') ?? 'localhost'
}

/**
 * A configuration as `show running-config` prints it: `! Command`, `! device: NAME (MODEL, EOS-VERSION)`, the boot line
 * where the boot configuration had one (cEOS has none), the commands, `end` (docs/eos.md 4.1).
 */
export function configText(tree: ConfigTree, command: string, by: PrintingSwitch): string {
  if (by.verbatim) return renderFramed(tree, by.frame)
  const footer = by.frame.footer.some((row) => row.trim() === 'end') ? by.frame.footer : ['!', 'end']
  const text = renderFramed(tree, { header: [`! Command: ${command}`, ...headerOf(by)], footer })
  return eosAtLeast(by.facts.eos, '4.23') ? text : text.replace(MAXIMUM_ROUTES, '$1 ')
}

// Older EOS prints a blank behind this line (recorded on 4.15; which version stopped is an inference).
const MAXIMUM_ROUTES = /^( *neighbor \S+ maximum-routes \d+)$/gm

/** A configuration in its JSON form: `header`, `comments`, `cmds` in order; a leaf is null (recorded on 4.34.2F). */
export function configJson(tree: ConfigTree, command: string, by: PrintingSwitch, shortHeader: boolean): Json {
  const device = deviceLine(by)
  return { header: shortHeader ? [device] : [`! Command: ${command}`, device], ...blockJson(tree) }
}

function headerOf(by: PrintingSwitch) {
  return [deviceLine(by), '!', ...(by.image === undefined ? [] : [`! boot system ${by.image}`, '!'])]
}

function deviceLine({ facts, hostname }: PrintingSwitch) {
  return `! device: ${hostname} (${facts.model}, EOS-${facts.eos})`
}

function blockJson(block: Pick<ConfigNode, 'children'>): JsonObject {
  const blocks = new Map<string, ConfigNode>()
  const comments: string[] = []
  for (const node of block.children) {
    if (node.line.startsWith('!!')) {
      comments.push(node.line.slice(2).trim())
      continue
    }
    const key = [node.line, ...(node.body ?? []).flat()].join('\n')
    const known = blocks.get(key)
    blocks.set(key, known === undefined ? node : { ...node, children: [...known.children, ...node.children] })
  }
  const cmds = [...blocks].map(([key, node]) => [key, isBlock(node) ? blockJson(node) : null] as const)
  return { comments, cmds: Object.fromEntries(cmds) }
}

const EMPTY_BLOCK =
  /^(interface|router|vrf instance|management|ip access-list|ipv6 access-list|route-map|peer-group|transport) ?\S/

function isBlock(node: ConfigNode) {
  return node.children.length > 0 || EMPTY_BLOCK.test(node.line)
}
