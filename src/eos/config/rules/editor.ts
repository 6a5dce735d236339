import { definedMembers } from '../../../model/json.ts'
import {
  bodiesOf,
  type ConfigNode,
  type ConfigTree,
  heredocBodies,
  isNothing,
  isTerminator,
  parseVerb,
  printedBodies,
  spelledOut,
  type TextBodies,
  versionIn,
} from '../text/tree.ts'
import { type Body, defaultLine, type Effect, hideLine, isBegun, negateLine, type Site, setLine } from './apply-line.ts'
import { Draft, PrintedBlock } from './draft.ts'
import {
  blocksFor,
  enterBlock,
  leaveMode,
  type Mode,
  type ModeEntry,
  printedIn,
  removeBlock,
  standsIn,
} from './mode-stack.ts'
import { isComment, type OrderFamily, orderFamily } from './placement.ts'
import { isUntabled, type Meaning, meaningOf } from './rules.ts'
import { type EosRelease, isHiddenDefault, releaseOf, storedForm } from './stored-form.ts'

interface Level extends Mode {
  readonly indent: number
  // The same of the first command in the mode; undefined before there is one.
  childIndent?: number
}

const indentOf = (raw: string) => raw.length - raw.trimStart().length

const ANY = 1

// The modes below are left (docs/eos.md 4.5). Indentation decides only where the rules do not: a line stays in a mode it is indented below
// unless a mode above knows more of it than the feature, and an unknown one leaves a mode whose lines were indented deeper.
function depthFor(levels: readonly Level[], line: string, indent: number) {
  const bare = parseVerb(line).line
  const first = deepestInTables(levels, indent)
  const printed = levels.findLastIndex((level) => printedIn(level, line) !== undefined)
  // A mode below that has a rule for it takes it, as `router-id` in a VRF whose router has the same one.
  if (printed > 0 && !levels.slice(printed + 1, first + 1).some(({ name }) => knows(name, line))) return printed
  let best = { depth: first, weight: -1 }
  for (let depth = first; depth >= 0; depth--) {
    const level = levels[depth]
    if (!level) break
    const weight = isComment(line) ? ANY + 1 : Math.floor(meaningOf(level.name, bare).weight)
    if (weight > best.weight) best = { depth, weight }
    const isBelow = depth > 0 && indent > level.indent
    if (isBelow && (weight > ANY || isUntabled(level.name))) break
  }
  return best.weight > ANY ? best.depth : deepestByIndent(levels, indent)
}

function knows(mode: string, line: string) {
  return meaningOf(mode, parseVerb(line).line).weight > ANY
}

function endsBefore(level: Level | undefined, indent: number) {
  return level?.childIndent !== undefined && level.childIndent > level.indent && indent <= level.indent
}

function deepestByIndent(levels: readonly Level[], indent: number) {
  let depth = levels.length - 1
  while (depth > 0 && endsBefore(levels[depth], indent)) depth--
  return depth
}

function deepestInTables(levels: readonly Level[], indent: number) {
  let depth = levels.length - 1
  while (depth > 0 && isUntabled(levels[depth]?.name ?? '') && endsBefore(levels[depth], indent)) depth--
  return depth
}

/** What a typed command did. `path` is the mode it was applied in, as the commands that opened it. */
export interface EditOutcome {
  /**
   * `applied`: the configuration changed; `unchanged`: it was so already, or the line says nothing; `entered` and
   * `left`: the mode changed; `unknown`: no rule knows the command, it was kept as an additive line; `refused`: it
   * had no effect; `text`: more lines of a text are expected, up to `EOF`.
   */
  readonly kind: 'applied' | 'unchanged' | 'entered' | 'left' | 'unknown' | 'refused' | 'text'
  readonly line: string
  readonly path: readonly string[]
  /** What a switch would print, where it refuses. */
  readonly message?: string
  /** Of a `no` or `default` without effect, the lines of several kinds that its words begin. */
  readonly begun?: readonly string[]
}

/** One mode of the path that an editor is in. */
export interface ModeStep {
  /** The name of its rule table, such as `interface`, `bgp-vrf`, `acl`. */
  readonly mode: string
  /** The command that opened it, with canonical names. */
  readonly line: string
}

/** How an editor is opened. */
export interface EditorOptions {
  /** The EOS version, which decides the order of root sections; without one the `! device:` line of the tree does. */
  readonly version?: string
  /** The modes to start in, as the commands that open them. */
  readonly path?: readonly string[]
  /** Keeps commands as they are typed, where a switch would store another form of them, or nothing of a default. */
  readonly asTyped?: boolean
  /** What the switch prints before: its lines are kept as they stand, in their blocks. */
  readonly printed?: ConfigTree
}

interface LastLine {
  readonly indent: number
  readonly line: string
  readonly depth: number
  readonly kind: EditOutcome['kind']
}

/**
 * A configuration into which command lines are typed as on the command line of a switch (docs/eos.md 4.5): submodes,
 * implicit exits, ranges, negation, defaults, texts closed by `EOF`. The tree it was opened with is not changed.
 *
 * Indentation means nothing to a command that the rules know, as on a switch; a command that no rule knows is taken
 * to stand under the line it is indented below.
 */
export class ConfigEditor {
  readonly #tree: ConfigTree
  readonly #root: Draft
  readonly #family: OrderFamily
  readonly #release: EosRelease | undefined
  readonly #asTyped: boolean
  #levels: Level[]
  #collecting: TextBodies | undefined
  #last: LastLine | undefined

  constructor(tree: ConfigTree, options: EditorOptions = {}) {
    this.#tree = tree
    this.#root = Draft.ofTree(tree, options.printed && new PrintedBlock(options.printed.children))
    const version = options.version ?? versionIn(tree)
    this.#family = orderFamily(version)
    this.#release = releaseOf(version)
    this.#asTyped = options.asTyped ?? false
    this.#levels = [{ name: 'root', line: '', blocks: [this.#root], indent: -1 }]
    for (const line of options.path ?? []) this.type(line)
  }

  /** The modes the editor is in, outermost first; empty at the root of configuration mode. */
  get path(): readonly ModeStep[] {
    return this.#levels.slice(1).map(({ name, line }) => ({ mode: name, line }))
  }

  /** Whether the next lines are text, up to a line `EOF`. */
  get awaitsText(): boolean {
    return this.#collecting !== undefined
  }

  /** Whether the switch prints a line in the mode that the editor is in. */
  prints(line: string): boolean {
    return printedIn(this.#top, line) !== undefined
  }

  /** Opens the block that a line stands in by its indentation, if no rule knows that the line before opened one. */
  openFor(raw: string): void {
    if (!this.#collecting) this.#openUnknown(raw.trim(), indentOf(raw))
  }

  /** The configuration as it is now. Edits in an access list show when its mode is left (docs/eos.md 2.4). */
  tree(): ConfigTree {
    const { children, tail } = this.#root.freeze()
    if (children === this.#tree.children && tail === this.#tree.tail) return this.#tree
    return { children, tail }
  }

  /**
   * Interprets one line as typed in the current mode.
   *
   * @param input the text of a banner, comment or certificate, as eAPI's `input`; without it the lines typed next are
   *   the text, up to `EOF`
   */
  type(raw: string, input?: string): EditOutcome {
    if (this.#collecting) return this.#collect(raw)
    const line = raw.trim().replace(/\r$/, '')
    if (isNothing(line, this.#levels.length > 1)) return this.#outcome('unchanged', line)
    const moved = this.#move(line)
    if (moved) return moved
    const bodies = heredocBodies(line, this.#top.line)
    if (bodies > 0) {
      if (input !== undefined) return this.#enter(raw, bodiesOf(input, bodies))
      this.#collecting = { raw, bodies: [[]], missing: bodies }
      return this.#outcome('text', line)
    }
    return this.#enter(raw, undefined)
  }

  /** Applies commands that are nested as in a tree, in the current mode. Gives the outcome of each. */
  merge(nodes: readonly ConfigNode[]): EditOutcome[] {
    return nodes.flatMap((node) => this.#mergeNode(node))
  }

  /** Leaves all submodes. */
  end(): void {
    this.#leaveTo(0)
  }

  get #top(): Level {
    return this.#levels.at(-1) ?? { name: 'root', line: '', blocks: [this.#root], indent: -1 }
  }

  #site(depth: number): Site {
    return { depth, family: this.#family, above: this.#levels.slice(0, -1).flatMap((one) => one.blocks) }
  }

  #outcome(kind: EditOutcome['kind'], line: string, message?: string): EditOutcome {
    const path = this.#levels.slice(1).map((level) => level.line)
    return { kind, line, path, ...definedMembers({ message }) }
  }

  #collect(raw: string): EditOutcome {
    const collecting = this.#collecting
    if (!collecting) return this.#outcome('unchanged', raw)
    collecting.bodies.at(-1)?.push(raw.replace(/\r$/, ''))
    if (!isTerminator(raw)) return this.#outcome('text', raw)
    collecting.missing--
    if (collecting.missing > 0) {
      collecting.bodies.push([])
      return this.#outcome('text', raw)
    }
    this.#collecting = undefined
    return this.#enter(collecting.raw, collecting.bodies)
  }

  #move(line: string): EditOutcome | undefined {
    if (line === 'end' || line === 'exit') {
      this.#leaveTo(line === 'end' ? 0 : this.#levels.length - 2)
      return this.#outcome('left', line)
    }
    if (line !== 'abort' || !this.#top.pending) return undefined
    this.#levels.pop()
    return this.#outcome('left', line)
  }

  #leaveTo(depth: number) {
    while (this.#levels.length > Math.max(0, depth) + 1) {
      const level = this.#levels.pop()
      if (level) leaveMode(level, this.#site(this.#levels.length - 1))
    }
    this.#last = undefined
  }

  #enter(raw: string, typed: Body): EditOutcome {
    const line = raw.trim()
    const body = typed && !this.#asTyped ? printedBodies(line, typed, this.#levels.length - 1) : typed
    const indent = indentOf(raw)
    this.#openUnknown(line, indent)
    const depth = this.#isOwn(line) ? this.#levels.length - 1 : depthFor(this.#levels, line, indent)
    if (depth < this.#levels.length - 1) this.#leaveTo(depth)
    const level = this.#top
    level.childIndent ??= indent
    const outcome = this.#perform(line, indent, body)
    this.#last = { indent, line, depth, kind: outcome.kind }
    return outcome
  }

  #isOwn(line: string) {
    return standsIn(this.#top, line) || standsIn(this.#top, parseVerb(line).line)
  }

  #openUnknown(line: string, indent: number) {
    const last = this.#last
    if (!last || indent <= last.indent || last.depth !== this.#levels.length - 1) return
    const isLeaf = last.kind === 'unknown' || last.kind === 'applied' || last.kind === 'unchanged'
    const isTaken = !isUntabled(this.#top.name) && this.#levels.some(({ name }) => knows(name, line))
    if (!isLeaf || (last.kind !== 'unknown' && isTaken)) return
    this.#push(
      enterBlock(this.#top, last.line, meaningOf(this.#top.name, last.line), this.#site(last.depth)),
      last.indent,
    )
  }

  #push(entered: ModeEntry, indent: number) {
    if (entered.kind === 'entered') this.#levels.push({ ...entered.mode, indent })
  }

  #perform(text: string, indent: number, body: Body): EditOutcome {
    const level = this.#top
    const spelled = spelledOut(text)
    const stored = this.#asTyped ? spelled : storedForm(level.name, spelled, this.#release)
    const { verb, line } = parseVerb(stored)
    const depth = this.#levels.length - 1
    const meaning = meaningOf(level.name, line)
    // What stands as a block is opened, also by a command that no rule knows.
    const isBlock = level.blocks.some((block) => block.withLine(text)?.isEmpty === false)
    if (verb === '' && (meaning.block || isBlock || printedIn(level, text)?.children.length))
      return this.#openBlock(text, meaning, indent)
    if (meaning.block && verb !== '') {
      const effect = removeBlock(level, verb, line, meaning, this.#site(depth))
      return this.#report(effect, text)
    }
    const site = this.#site(depth)
    const blocks = blocksFor(level, text, site)
    const effects = blocks.map((block) => {
      // What the block has word for word its switch prints, default or not.
      const own = block.withLine(text) || block.prints(text) ? parseVerb(text) : undefined
      if (own) return applyTo(block, own.verb, own.line, meaning, site, body)
      const isDefault =
        !this.#asTyped &&
        verb !== 'default' &&
        isHiddenDefault(stored, block, { root: this.#root, release: this.#release })
      if (isDefault && verb === '') return hideLine(block, line, meaning, site)
      const meant = verb === '' ? line : meantLine(block, line, parseVerb(spelled).line)
      return applyTo(block, isDefault ? 'default' : verb, meant, meaningOf(level.name, meant), site, body)
    })
    return this.#report(combine(effects), text)
  }

  #report(effect: Effect, line: string): EditOutcome {
    const outcome = this.#outcome(effect.kind, line, effect.kind === 'refused' ? effect.message : undefined)
    return effect.kind === 'unchanged' && effect.begun !== undefined ? { ...outcome, begun: effect.begun } : outcome
  }

  #openBlock(line: string, meaning: Meaning, indent: number): EditOutcome {
    const entered = enterBlock(this.#top, line, meaning, this.#site(this.#levels.length - 1))
    if (entered.kind === 'refused') return this.#outcome('refused', line, entered.message)
    this.#push(entered, indent)
    return this.#outcome('entered', line)
  }

  #mergeNode(node: ConfigNode): EditOutcome[] {
    if (node.line === 'exit' || node.line === 'end' || isNothing(node.line, true)) return []
    const depth = this.#levels.length - 1
    const first = this.#mergeHeader(node)
    if (first.kind === 'refused') return [first, ...refuseAll(node.children, [...first.path, node.line])]
    const rest = node.children.length > 0 && this.#levels.length - 1 > depth ? this.merge(node.children) : []
    this.#leaveTo(depth)
    return [first, ...rest]
  }

  #mergeHeader(node: ConfigNode): EditOutcome {
    const { verb } = parseVerb(node.line)
    const meaning = meaningOf(this.#top.name, node.line)
    if (node.children.length === 0 || verb !== '' || meaning.block) return this.#perform(node.line, 0, node.body)
    const opened = this.#openBlock(node.line, meaning, 0)
    return meaning.kind === 'unknown' && opened.kind === 'entered' ? { ...opened, kind: 'unknown' } : opened
  }
}

function refuseAll(nodes: readonly ConfigNode[], path: readonly string[]) {
  return nodes.flatMap((node): EditOutcome[] => [
    { kind: 'refused', line: node.line, path, message: '% Invalid input' },
    ...refuseAll(node.children, [...path, node.line]),
  ])
}

function applyTo(block: Draft, verb: string, line: string, meaning: Meaning, site: Site, body: Body) {
  if (verb === 'no') return negateLine(block, line, meaning, site)
  if (verb === 'default') return defaultLine(block, line, meaning, site)
  return setLine(block, line, meaning, site, body)
}

function meantLine(block: Draft, stored: string, typed: string) {
  const isTyped = stored !== typed && isBegun(block, typed) && !isBegun(block, stored)
  return isTyped ? typed : stored
}

function combine(effects: readonly Effect[]) {
  const order: readonly Effect['kind'][] = ['refused', 'unknown', 'applied']
  for (const kind of order) {
    const effect = effects.find((candidate) => candidate.kind === kind)
    if (effect) return effect
  }
  return effects.find((effect) => effect.kind === 'unchanged' && effect.begun !== undefined) ?? { kind: 'unchanged' }
}
