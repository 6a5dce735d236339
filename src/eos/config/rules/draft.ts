import { definedMembers } from '../../../model/json.ts'
import type { ConfigNode, ConfigTree } from '../text/tree.ts'
import { meaningOf } from './rules.ts'

type PrintedLines = Map<string, { readonly place: number; readonly nodes: ConfigNode[] }>

/**
 * A block of what a switch prints: the evidence by which its own lines are kept as they stand, whatever the rules say of them. Two lines that stand in it are two
 * settings, and a default that stands in it is printed.
 */
export class PrintedBlock {
  readonly nodes: readonly ConfigNode[]
  #byLine: PrintedLines | undefined

  constructor(nodes: readonly ConfigNode[]) {
    this.nodes = nodes
  }

  /** The command as it is printed in this block. */
  node(line: string): ConfigNode | undefined {
    return this.#lines().get(line)?.nodes[0]
  }

  /** Where among the commands of this block it is printed. */
  placeOf(line: string): number | undefined {
    return this.#lines().get(line)?.place
  }

  /** The block that a command opens here; one that is printed twice is one. */
  block(line: string): PrintedBlock | undefined {
    const printed = this.#lines().get(line)
    return printed && new PrintedBlock(printed.nodes.flatMap(({ children }) => children))
  }

  #lines(): PrintedLines {
    if (this.#byLine !== undefined) return this.#byLine
    const byLine: PrintedLines = new Map()
    this.nodes.forEach((node, place) => {
      const same = byLine.get(node.line)
      if (same === undefined) byLine.set(node.line, { place, nodes: [node] })
      else same.nodes.push(node)
    })
    this.#byLine = byLine
    return byLine
  }
}

const nothing: readonly never[] = []

/**
 * A node of a configuration that is being edited. What is not touched stays the node it was read from, and children
 * become drafts when they are first looked at, so that an edit costs what it touches.
 */
export class Draft {
  line: string
  lead: readonly string[]
  tail: readonly string[]
  body: ConfigNode['body']
  indent: number | undefined
  /** Blanks behind the command. */
  trailing: string | undefined
  /** The mode that the commands under this node are in. */
  mode: string
  /** Whether the command opens a submode, with commands under it or without. */
  opens: boolean
  /** What the command sets, by the rules of the mode it stands in: siblings with one key are one setting. */
  key: string
  /** What its switch prints under this command; undefined where it prints no such block, or none is known. */
  printed: PrintedBlock | undefined
  #source: ConfigNode | undefined
  #children: Draft[] | undefined
  #byLine: Map<string, Draft> | undefined
  #byKey: Map<string, Draft> | undefined
  // The beginnings, of up to `LIKE` words, that children have or had.
  #beginnings: Set<string> | undefined
  // Two children of one line or key were seen: forgetting one must find the other.
  #repeats = false

  private constructor(line: string, key: string, source: ConfigNode | undefined, mode: string, opens: boolean) {
    this.line = line
    this.key = key
    this.lead = source?.lead ?? nothing
    this.tail = source?.tail ?? nothing
    this.body = source?.body
    this.indent = source?.indent
    this.trailing = source?.trailing
    this.mode = mode
    this.opens = opens
    this.#source = source
  }

  /** The root of a tree, as a draft without a line. `printed`: what the switch prints. */
  static ofTree(tree: ConfigTree, printed?: PrintedBlock): Draft {
    const root = new Draft('', '', { line: '', children: tree.children, lead: nothing, tail: tree.tail }, 'root', true)
    root.printed = printed
    return root
  }

  /** A new node under a parent in a mode. */
  static ofLine(line: string, parentMode: string): Draft {
    const { block, key } = meaningOf(parentMode, positive(line))
    return new Draft(line, key, undefined, block?.mode ?? 'unknown', block !== undefined)
  }

  static #ofNode(node: ConfigNode, parentMode: string) {
    const { block, key, kind } = meaningOf(parentMode, positive(node.line))
    const opens = node.children.length > 0 || (block !== undefined && !isNegated(node.line))
    return new Draft(node.line, key, node, block?.mode ?? (kind === 'unknown' ? 'unknown' : 'open'), opens)
  }

  /** The commands under this node, in order. Change them by `insert`, `remove` and `rename` only. */
  get children(): readonly Draft[] {
    return this.#expand()
  }

  get isEmpty(): boolean {
    return (this.#children ?? this.#source?.children ?? nothing).length === 0
  }

  #expand() {
    if (this.#children === undefined) {
      this.#children = (this.#source?.children ?? nothing).map((node) => Draft.#ofNode(node, this.mode))
      for (const child of this.#children) this.#adopt(child)
    }
    return this.#children
  }

  /** Whether its switch prints this command in this block, word for word. */
  prints(line: string): boolean {
    return this.printed?.node(line) !== undefined
  }

  #adopt(child: Draft) {
    child.printed = this.printed?.block(child.line)
  }

  /** The child with this command, word for word. */
  withLine(line: string): Draft | undefined {
    if (!this.#byLine) {
      this.#byLine = new Map()
      for (const child of this.#expand()) this.#add(this.#byLine, child.line, child)
    }
    return this.#byLine.get(line)
  }

  /** The child that is the same setting: equal key by the rules of this mode, `no` and `default` aside. */
  withKey(key: string): Draft | undefined {
    if (!this.#byKey) {
      this.#byKey = new Map()
      for (const child of this.#expand()) this.#add(this.#byKey, child.key, child)
    }
    return this.#byKey.get(key)
  }

  /** The child whose place a command takes: the same setting, unless its switch prints the two beside each other. */
  rivalOf(line: string, key: string): Draft | undefined {
    const found = this.withLine(line) ?? this.withKey(key)
    return found && found.line !== line && this.prints(line) && this.prints(found.line) ? undefined : found
  }

  /** The further children with the key of one. */
  repeatsOf(child: Draft): Draft[] {
    if (!this.#repeats) return []
    return this.#expand().filter((other) => other !== child && other.opens && other.key === child.key)
  }

  #add(map: Map<string, Draft>, name: string, child: Draft) {
    if (map.has(name)) this.#repeats = true
    else map.set(name, child)
  }

  /** How many leading words, at most `LIKE`, a command can have in common with a child. */
  mostSharedWords(line: string): number {
    if (!this.#beginnings) {
      this.#beginnings = new Set()
      for (const child of this.#expand())
        for (const beginning of beginningsOf(child.line)) this.#beginnings.add(beginning)
    }
    const own = beginningsOf(line)
    while (own.length > 0 && !this.#beginnings.has(own.at(-1) ?? '')) own.pop()
    return own.length
  }

  #index(child: Draft) {
    if (this.#beginnings) for (const beginning of beginningsOf(child.line)) this.#beginnings.add(beginning)
    if (this.#byLine) this.#add(this.#byLine, child.line, child)
    if (this.#byKey) this.#add(this.#byKey, child.key, child)
  }

  insert(child: Draft, at: number): void {
    this.#expand().splice(at, 0, child)
    this.#adopt(child)
    this.#index(child)
  }

  remove(child: Draft): void {
    const children = this.#expand()
    const at = children.indexOf(child)
    if (at === -1) return
    children.splice(at, 1)
    this.#forget(child)
  }

  /** Gives a child another command in its place. */
  rename(child: Draft, line: string): void {
    this.#forget(child)
    child.line = line
    child.trailing = undefined
    child.key = meaningOf(this.mode, positive(line)).key
    this.#adopt(child)
    this.#index(child)
  }

  /** Puts another draft in the place of a child. */
  replace(child: Draft, successor: Draft): void {
    const children = this.#expand()
    const at = children.indexOf(child)
    if (at === -1) return
    this.#forget(child)
    children[at] = successor
    this.#adopt(successor)
    this.#index(successor)
  }

  #forget(child: Draft) {
    if (this.#repeats) {
      this.#byLine = undefined
      this.#byKey = undefined
      this.#repeats = false
    }
    this.#byLine?.delete(child.line)
    this.#byKey?.delete(child.key)
  }

  /** Takes everything under this node away. */
  clear(): void {
    this.#children = []
    this.#byLine = undefined
    this.#byKey = undefined
    this.#repeats = false
    this.tail = nothing
  }

  /** A draft of its own with the same content. */
  copy(): Draft {
    const copy = new Draft(this.line, this.key, this.freeze(), this.mode, this.opens)
    copy.printed = this.printed
    return copy
  }

  /** The node as it is now; the very node it was read from where nothing changed. */
  freeze(): ConfigNode {
    const source = this.#source
    const children = this.#freezeChildren()
    if (
      source &&
      children === source.children &&
      this.line === source.line &&
      this.lead === source.lead &&
      this.tail === source.tail &&
      this.body === source.body &&
      this.indent === source.indent &&
      this.trailing === source.trailing
    ) {
      return source
    }
    const { line, lead, tail, body, indent, trailing } = this
    const margin = line === source?.line ? source.margin : undefined
    if (body === undefined && indent === undefined && margin === undefined && trailing === undefined) {
      return { line, children, lead, tail }
    }
    return {
      line,
      ...definedMembers({ indent, margin }),
      children,
      ...definedMembers({ body }),
      lead,
      tail,
      ...definedMembers({ trailing }),
    }
  }

  #freezeChildren(): readonly ConfigNode[] {
    const before = this.#source?.children ?? nothing
    if (!this.#children) return before
    const after = this.#children.map((child) => child.freeze())
    return after.length === before.length && after.every((node, index) => node === before[index]) ? before : after
  }
}

// Commands are alike by their first words; what stands behind these does not group them.
const LIKE = 3

function beginningsOf(line: string) {
  const bare = positive(line)
  const beginnings: string[] = []
  let at = bare.indexOf(' ')
  while (at !== -1 && beginnings.length < LIKE) {
    beginnings.push(bare.slice(0, at))
    at = bare.indexOf(' ', at + 1)
  }
  if (beginnings.length < LIKE) beginnings.push(bare)
  return beginnings
}

/** A command without `no` or `default` before it. */
export function positive(line: string): string {
  if (line.startsWith('no ')) return line.slice(3)
  return line.startsWith('default ') ? line.slice(8) : line
}

/** Whether a command is the `no` form of another. */
export function isNegated(line: string): boolean {
  return line.startsWith('no ')
}
