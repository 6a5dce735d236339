import { add } from './apply-line.ts'
import { versionIn } from './command-line.ts'
import { Draft, positive } from './draft.ts'
import type { EditorOptions } from './editor.ts'
import { type OrderFamily, orderFamily, removeDraft } from './placement.ts'
import { type AddedLine, addedLines, hiddenDefaults, type Rewrite, rewrites } from './rules/device-forms.ts'
import type { ConfigTree } from './tree.ts'
import { shareVlans } from './vlan-blocks.ts'

interface Device {
  readonly family: OrderFamily
  readonly version: readonly [major: number, minor: number] | undefined
  readonly root: Draft
}

/**
 * A configuration as a switch of a version stores it: what it writes in another form, what it does not print because
 * it is the default, and what it adds by itself (tables in `rules/device-forms.ts`). The order stays; apply it after a
 * merge, and not where a text is to be kept as it is.
 */
export function deviceForm(tree: ConfigTree, options: EditorOptions = {}): ConfigTree {
  const text = options.version ?? versionIn(tree)
  const parts = /(\d+)\.(\d+)/.exec(text ?? '')
  const root = Draft.ofTree(tree)
  const version = parts ? ([Number(parts[1]), Number(parts[2])] as const) : undefined
  const family = orderFamily(text)
  store(root, 0, { family, version, root })
  shareVlans(root, family)
  const { children, tail } = root.freeze()
  return children === tree.children ? tree : { children, tail }
}

function store(block: Draft, depth: number, device: Device): void {
  for (const child of [...block.children]) {
    rewrite(block, child, device)
    if (isHidden(block, child, device)) removeDraft(block, child, device.family)
    else if (!child.isEmpty || child.opens) store(child, depth + 1, device)
  }
  for (const added of addedLines) if (belongs(added, block, device)) addLines(block, added, depth, device)
}

function rewrite(block: Draft, child: Draft, device: Device): void {
  for (const { mode, typed, stored, since } of rewrites) {
    if (mode !== block.mode || !isSince(since, device)) continue
    const match = typed.exec(child.line)
    if (match) block.rename(child, stored(...match.slice(1)))
  }
}

function isSince(since: Rewrite['since'], { version }: Device): boolean {
  if (!since || !version) return true
  return version[0] > since[0] || (version[0] === since[0] && version[1] >= since[1])
}

function isHidden(block: Draft, child: Draft, { root }: Device): boolean {
  return hiddenDefaults.some(
    ({ mode, under, line, unlessRoot }) =>
      mode === block.mode &&
      line.test(child.line) &&
      (!under || under.test(block.line)) &&
      (unlessRoot === undefined || !root.withLine(unlessRoot)),
  )
}

function belongs({ mode, under, until }: AddedLine, block: Draft, device: Device): boolean {
  if (until && device.version && isSince(until, device)) return false
  return mode === block.mode && (!under || under.test(block.line))
}

function addLines(block: Draft, added: AddedLine, depth: number, device: Device): void {
  if (added.whenRoot !== undefined && !device.root.withLine(added.whenRoot)) return
  const { forEach } = added
  const names = forEach ? block.children.flatMap(({ line }) => forEach.exec(line)?.[1] ?? []) : ['']
  for (const name of new Set(names)) {
    const unless = added.unless.map((head) => head.replace('$1', name))
    if (block.children.some(({ line }) => unless.some((head) => positive(line).startsWith(head)))) continue
    const child = add(block, added.line.replace('$1', name), { depth, family: device.family })
    child.trailing = added.trailing
  }
}
