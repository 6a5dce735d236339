import { parseVlans } from '../../../model/vlan-list.ts'
import { interfacesOf } from '../text/interface-name.ts'
import type { ConfigNode } from '../text/tree.ts'
import { add, type Effect, matching, removeChild, removeMeant, type Site, setLine } from './apply-line.ts'
import { Draft } from './draft.ts'
import { placeDraft, removeDraft } from './placement.ts'
import { type Meaning, meaningOf, tableOf } from './rules.ts'
import { createVlans, deleteVlans, isolateVlans, vlanNode } from './vlan-blocks.ts'

/** One mode that a person is in: the blocks that commands go to, more than one under a range of interfaces. */
export interface Mode {
  readonly name: string
  /** The command that opened it, canonical; empty at the root. */
  readonly line: string
  readonly blocks: readonly Draft[]
  /** The VLANs of `vlan …`: they get blocks of their own with the first setting. */
  readonly vlans?: readonly number[]
  /** Edits wait in `blocks` until the mode is left (docs/eos.md 2.4). */
  readonly pending?: readonly Pending[]
}

interface Pending {
  readonly parent: Draft
  readonly original: Draft | undefined
  readonly block: Draft
}

/** A mode that was entered, or why not. */
export type ModeEntry =
  | { readonly kind: 'entered'; readonly mode: Mode }
  | { readonly kind: 'refused'; readonly message: string }

/** Enters the submode that a command opens, creating what does not exist yet. */
export function enterBlock(above: Mode, line: string, meaning: Meaning, site: Site): ModeEntry {
  const names = meaning.block?.names
  const first = above.blocks[0]
  if (names === 'vlans' && first) {
    const vlans = parseVlans(line.slice(5))
    if (vlans) return enterVlans(first, vlans, line, site)
  }
  if (names === 'interfaces' && first && !first.withLine(line)) return enterInterfaces(first, line, meaning, site)
  return enterPlain(above, line, meaning, site)
}

function enterVlans(root: Draft, vlans: readonly number[], line: string, site: Site): ModeEntry {
  createVlans(root, vlans, site)
  return { kind: 'entered', mode: { name: 'vlan', line, blocks: [root], vlans } }
}

function enterInterfaces(root: Draft, line: string, meaning: Meaning, site: Site): ModeEntry {
  const typed = line.slice('interface '.length)
  const names = interfacesOf(typed)
  const blocks = names.map((name) => root.withKey(`interface ${name}`) ?? add(root, `interface ${name}`, site))
  const kind = /^\D*/.exec(names[0] ?? '')?.[0] ?? ''
  const canonical = `interface ${names.length === 1 ? names[0] : typed.replace(/^\D*/, kind)}`
  return { kind: 'entered', mode: { name: meaning.block?.mode ?? 'unknown', line: canonical, blocks } }
}

function enterPlain(above: Mode, line: string, meaning: Meaning, site: Site): ModeEntry {
  const name = meaning.block?.mode ?? (meaning.kind === 'unknown' ? 'unknown' : 'open')
  const waits = tableOf(name).group === true
  const entries: Pending[] = []
  for (const parent of above.blocks) {
    const original = findBlock(parent, line, meaning, site)
    if (original && original.line !== line && meaning.block?.single) {
      return { kind: 'refused', message: meaning.block.single(lastWord(original)) }
    }
    const block = waits ? copyOf(parent, original, line) : openBlock(parent, original, line, name, site)
    entries.push({ parent, original, block })
  }
  const mode: Mode = { name, line, blocks: entries.map(({ block }) => block) }
  return { kind: 'entered', mode: waits ? { ...mode, pending: entries } : mode }
}

function lastWord(block: Draft) {
  return block.line.split(' ').at(-1) ?? ''
}

function copyOf(parent: Draft, original: Draft | undefined, line: string) {
  return original?.copy() ?? Draft.ofLine(line, parent.mode)
}

function isRenamed(block: Draft, line: string) {
  return block.line !== line && !block.line.startsWith(`${line} `)
}

function openBlock(parent: Draft, original: Draft | undefined, line: string, mode: string, site: Site) {
  const block = original ?? addBlock(parent, line, mode, site)
  if (isRenamed(block, line)) parent.rename(block, line)
  if (!block.opens) {
    block.opens = true
    block.mode = mode
  }
  return block
}

function findBlock(parent: Draft, line: string, meaning: Meaning, site: Site) {
  const found = parent.rivalOf(line, meaning.key)
  if (!found?.opens) return found
  for (const repeat of parent.repeatsOf(found)) {
    for (const child of [...repeat.children]) {
      if (child.opens) adopt(found, child, site)
      else setLine(found, child.line, meaningOf(found.mode, child.line), { ...site, depth: site.depth + 1 }, child.body)
    }
    removeDraft(parent, repeat, site.family)
  }
  return found
}

function adopt(parent: Draft, child: Draft, site: Site) {
  if (!parent.withLine(child.line)) placeDraft(parent, child.copy(), site.depth + 1, site.family)
}

function addBlock(parent: Draft, line: string, mode: string, site: Site) {
  const block = add(parent, line, site)
  block.mode = mode
  absorbEntries(parent, block, site)
  return block
}

// A prefix list that gets a block takes its one-line entries in (docs/eos.md 4.7).
function absorbEntries(parent: Draft, block: Draft, site: Site) {
  const head = `${block.line} `
  for (const child of parent.children.filter(({ line }) => line.startsWith(head))) {
    if (!meaningOf(parent.mode, child.line).entry) continue
    const inside = child.line.slice(head.length)
    setLine(block, inside, meaningOf(block.mode, inside), { ...site, depth: site.depth + 1 })
    removeDraft(parent, child, site.family)
  }
}

/** The command as the switch prints it in a mode; undefined where it does not. */
export function printedIn({ blocks, vlans, line: opener }: Mode, line: string): ConfigNode | undefined {
  for (const { printed } of blocks) {
    const node = (vlans === undefined ? printed : printed?.block(opener))?.node(line)
    if (node !== undefined) return node
  }
  return undefined
}

/** Whether a mode has a command word for word now. */
export function standsIn({ blocks, vlans }: Mode, line: string): boolean {
  const [root] = blocks
  const own = vlans !== undefined && root !== undefined ? [vlanNode(root, vlans)] : blocks
  return own.some((block) => block?.withLine(line) !== undefined)
}

/** The blocks that a setting typed in a mode goes to. */
export function blocksFor(mode: Mode, line: string, site: Site): readonly Draft[] {
  const root = mode.blocks[0]
  if (!mode.vlans || !root) return mode.blocks
  const whole = vlanNode(root, mode.vlans)
  if (whole && (mode.vlans.length === 1 || whole.withLine(line))) return [whole]
  return isolateVlans(root, mode.vlans, { ...site, depth: 0 })
}

/** Leaves a mode: what waited for that takes effect. */
export function leaveMode(mode: Mode, site: Site): void {
  for (const { parent, original, block } of mode.pending ?? []) {
    if (!original) placeDraft(parent, block, site.depth, site.family)
    else parent.replace(original, block)
  }
}

/** Applies `no BLOCK` or `default BLOCK`. */
export function removeBlock(above: Mode, verb: 'no' | 'default', line: string, meaning: Meaning, site: Site): Effect {
  const vlans = meaning.block?.names === 'vlans' ? parseVlans(line.slice(5)) : undefined
  const changes = above.blocks.map((parent): Effect => {
    if (vlans) return effectOf(deleteVlans(parent, vlans, site))
    const blocks = namedBlocks(parent, line, meaning)
    const other = blocks.find((block) => block.line !== line)
    if (other && meaning.block?.single && line !== meaning.key) {
      return { kind: 'refused', message: meaning.block.single(lastWord(other)) }
    }
    if (blocks.length === 0) return removeMeant(parent, line, meaning, verb, site) ?? effectOf(false)
    return effectOf(blocks.map((block) => removeChild(parent, block, verb, site)).includes(true))
  })
  return changes.find(({ kind }) => kind !== 'unchanged') ?? changes[0] ?? effectOf(false)
}

function effectOf(changed: boolean): Effect {
  return { kind: changed ? 'applied' : 'unchanged' }
}

function namedBlocks(parent: Draft, line: string, meaning: Meaning) {
  return meaning.block?.names === 'interfaces' ? interfaceBlocks(parent, line) : matching(parent, line, meaning)
}

function interfaceBlocks(root: Draft, line: string) {
  const exact = root.withLine(line)
  if (exact) return [exact]
  return interfacesOf(line.slice('interface '.length)).flatMap((name) => root.withKey(`interface ${name}`) ?? [])
}
