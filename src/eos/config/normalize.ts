import { formatRanges, parseVlans } from '../../model/vlan-list.ts'
import { Draft } from './rules/draft.ts'
import { ConfigEditor, type EditorOptions } from './rules/editor.ts'
import { needsSeparator, type OrderFamily, orderFamily, placeDraft, removeDraft } from './rules/placement.ts'
import { versionIn } from './text/command-line.ts'
import { type ConfigTree, hasChild } from './text/tree.ts'

const nothing: readonly string[] = []

/** A configuration as EOS would print it: sections in the order of the version, interfaces and VLANs in theirs, names canonical, lists as ranges, repeated blocks as one, `!` and indentation by rule (docs/eos.md 4.1 and 4.3). */
export function normalizeConfig(tree: ConfigTree, options: EditorOptions = {}): ConfigTree {
  const version = options.version ?? versionIn(tree)
  const family = orderFamily(version)
  const editor = new ConfigEditor({ children: [], tail: [] }, version === undefined ? {} : { version })
  editor.merge(tree.children)
  const root = Draft.ofTree(editor.tree())
  collapseVlans(root, family)
  layOut(root, 0, family)
  const header = headerOf(tree)
  const [first] = root.children
  if (first) first.lead = header
  const end = hasChild(tree, 'end')
  const { children } = root.freeze()
  if (!end) return { children, tail: first ? [] : header }
  return { children: [...children, { line: 'end', children: [], lead: first ? ['!'] : header, tail: [] }], tail: [] }
}

// VLANs without lines of their own share one command (docs/eos.md 4.6).
function collapseVlans(root: Draft, family: OrderFamily) {
  const bare = root.children.filter((child) => child.isEmpty && vlansOf(child.line) !== undefined)
  if (bare.length < 2) return
  const vlans = bare.flatMap(({ line }) => vlansOf(line) ?? []).sort((a, b) => a - b)
  for (const child of bare) removeDraft(root, child, family)
  placeDraft(root, Draft.ofLine(`vlan ${formatRanges(vlans)}`, 'root'), 0, family)
}

function vlansOf(line: string) {
  return line.startsWith('vlan ') ? parseVlans(line.slice('vlan '.length)) : undefined
}

// Indents by three and separates by `!` where EOS does.
function layOut(parent: Draft, depth: number, family: OrderFamily) {
  const separator = `${' '.repeat(3 * depth)}!`
  parent.tail = nothing
  parent.children.forEach((child, at) => {
    child.indent = undefined
    child.trailing = undefined
    child.lead = needsSeparator(parent, parent.children[at - 1], child, family) ? [separator] : nothing
    layOut(child, depth + 1, family)
  })
}

// The header that EOS prints: `! Command:`, `! device:`, `! boot system` and what belongs to them (docs/eos.md 4.1).
function headerOf(tree: ConfigTree): readonly string[] {
  const lead = tree.children[0]?.lead ?? tree.tail
  return lead.some((raw) => /^! (Command|device):/.test(raw)) ? lead : nothing
}
