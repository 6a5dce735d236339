import { formatRanges, parseVlans } from '../../model/vlan-list.ts'
import { type AddedLine, addedLines } from './rules/added-lines.ts'
import { add } from './rules/apply-line.ts'
import { Draft, PrintedBlock, positive } from './rules/draft.ts'
import { ConfigEditor, type EditorOptions } from './rules/editor.ts'
import { needsSeparator, type OrderFamily, orderFamily, placeDraft, removeDraft } from './rules/placement.ts'
import { type EosRelease, isHiddenDefault, isSince, releaseOf, storedForm } from './rules/stored-form.ts'
import { shareVlans } from './rules/vlan-blocks.ts'
import { type ConfigTree, foundIn, hasChild, versionIn } from './text/tree.ts'

interface Device {
  readonly family: OrderFamily
  readonly release: EosRelease | undefined
  readonly root: Draft
}

/**
 * A configuration as a switch of a version stores it: what it writes in another form, what it does not print because
 * it is the default (`stored-form.ts`), and what it adds by itself (`rules/added-lines.ts`). The order stays; apply it after a
 * merge, and not where a text is to be kept as it is.
 */
export function deviceForm(tree: ConfigTree, options: EditorOptions = {}): ConfigTree {
  const text = options.version ?? versionIn(tree)
  const root = Draft.ofTree(tree, options.printed && new PrintedBlock(options.printed.children))
  const family = orderFamily(text)
  store(root, 0, { family, release: releaseOf(text), root })
  shareVlans(root, family)
  const { children, tail } = root.freeze()
  return children === tree.children ? tree : { children, tail }
}

function store(block: Draft, depth: number, device: Device) {
  for (const child of [...block.children]) {
    if (!block.prints(child.line) && !storeLine(block, child, device)) continue
    if (!child.isEmpty || child.opens) store(child, depth + 1, device)
  }
  for (const added of addedLines) if (belongs(added, block, device)) addLines(block, added, depth, device)
}

function storeLine(block: Draft, child: Draft, device: Device) {
  const stored = storedForm(block.mode, child.line, device.release)
  if (stored !== child.line) block.rename(child, stored)
  if (!isHiddenDefault(child.line, block, device)) return true
  removeDraft(block, child, device.family)
  return false
}

function belongs({ mode, under, until }: AddedLine, block: Draft, { release }: Device) {
  if (until && isSince(until, release)) return false
  return mode === block.mode && (!under || under.test(block.line))
}

function addLines(block: Draft, added: AddedLine, depth: number, device: Device) {
  if (added.whenRoot !== undefined && !device.root.withLine(added.whenRoot)) return
  const { forEach } = added
  const names = forEach ? foundIn(block.children, forEach) : ['']
  for (const name of new Set(names)) {
    const unless = added.unless.map((head) => head.replace('$1', name))
    const says = ({ line }: { readonly line: string }) => unless.some((head) => positive(line).startsWith(head))
    if (block.children.some(says) || (isKnown(block, added, name) && !block.printed?.nodes.some(says))) continue
    const child = add(block, added.line.replace('$1', name), { depth, family: device.family })
    child.trailing = added.trailing
  }
}

function isKnown({ printed }: Draft, { forEach }: AddedLine, name: string) {
  if (printed === undefined || forEach === undefined) return printed !== undefined
  return printed.nodes.some(({ line }) => forEach.exec(line)?.[1] === name)
}

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
