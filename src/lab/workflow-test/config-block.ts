import { parseConfig } from '../../eos/config/text/parse.ts'
import { renderNode } from '../../eos/config/text/render.ts'
import type { ConfigNode, ConfigTree } from '../../eos/config/text/tree.ts'

/** Where lines were found in a configuration, or what stands there instead. */
export type BlockSearch =
  | { readonly found: true; readonly path: string }
  | { readonly found: false; readonly instead: string }

/**
 * Looks for a line anywhere in a configuration, deeper lines below it among those that stand under it, in any order.
 * What is not found is told by what stands under the same first line.
 */
export function findBlock(block: string, config: ConfigTree): BlockSearch {
  const wanted = parseConfig(block).children
  const searches = wanted.map((node) => findNode(node, config.children))
  const failed = searches.find(({ found }) => !found)
  return failed ?? searches[0] ?? { found: false, instead: 'nothing to look for' }
}

function findNode(wanted: ConfigNode, among: readonly ConfigNode[]): BlockSearch {
  const places = placesOf(wanted.line, among, [])
  const place = places.find(({ node }) => holds(node, wanted))
  if (place !== undefined) return { found: true, path: place.path.join(' / ') }
  const [nearest] = places
  return { found: false, instead: nearest === undefined ? `no line \`${wanted.line}\`` : textOf(nearest.node) }
}

interface NodePlace {
  readonly node: ConfigNode
  readonly path: readonly string[]
}

function placesOf(line: string, among: readonly ConfigNode[], above: readonly string[]): readonly NodePlace[] {
  return among.flatMap((node) => {
    const path = [...above, node.line]
    return [...(node.line === line ? [{ node, path }] : []), ...placesOf(line, node.children, path)]
  })
}

function holds(node: ConfigNode, wanted: ConfigNode): boolean {
  return wanted.children.every((child) =>
    node.children.some((candidate) => candidate.line === child.line && holds(candidate, child)),
  )
}

function textOf(node: ConfigNode): string {
  return renderNode({ ...node, lead: [] })
    .filter((row) => row.trim() !== '!')
    .join('\n')
}
