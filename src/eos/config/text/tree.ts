const LINE_BREAK = 10
const TAB = 9
const BLANK = 32
const BANG = 33
const TAB_WIDTH = 8
// EOS nests six deep. What is deeper in a hostile text stands at this depth, so that no tree exhausts the stack.
const DEEPEST = 64

/** Reads the shape of a configuration text: a command stands under the nearest one before it that is indented less, whatever the step; `!` and blank lines neither open nor close a block; an indented `!!` is a mode comment, which is content (docs/eos.md 4.2); a heredoc that is never closed is an ordinary command. A leading tab, which EOS never prints, reaches to the next column of eight. */
export function scanOutline(source: string): Outline {
  const marked = source.charCodeAt(0) === 0xfeff ? source.slice(1) : source
  const plain = marked.includes('\r') ? marked.replaceAll('\r', '') : marked
  const text = plain === '' || plain.endsWith('\n') ? plain : `${plain}\n`
  const start = rowStarts(text)
  const rows = start.length - 1
  const kind = new Uint8Array(rows)
  const indent = new Int32Array(rows)
  const parent = new Int32Array(rows).fill(-1)
  const end = new Int32Array(rows)
  const outline: Outline = { text, rows, start, kind, indent, parent, end }
  const open: number[] = []
  let pending = 0
  // Whether any `EOF` can still follow; keeps unclosed heredocs from searching the text again and again.
  let terminators = true
  for (let row = 0; row < rows; ) {
    kind[row] = measure(row)
    if (kind[row] === TRIVIA) {
      row++
      end[row - 1] = row
    } else {
      row = command(row)
    }
  }
  close(-1, rows)
  return outline

  function measure(row: number) {
    const from = start[row] ?? 0
    let at = from
    let column = 0
    let code = text.charCodeAt(at)
    while (code === BLANK || code === TAB) {
      column += code === BLANK ? 1 : TAB_WIDTH - (column % TAB_WIDTH)
      code = text.charCodeAt(++at)
    }
    indent[row] = column
    if (code === LINE_BREAK) return TRIVIA
    if (code !== BANG) return COMMAND
    return at > from && text.charCodeAt(at + 1) === BANG ? COMMAND : TRIVIA
  }

  function command(row: number) {
    close(indent[row] ?? 0, row)
    const above = open.at(-1) ?? -1
    for (; pending < row; pending++) parent[pending] = above
    parent[row] = above
    if (above >= 0) end[above] = row
    const isComment = text.charCodeAt(commandStart(outline, row)) === BANG
    const next = isComment ? row + 1 : bodies(row, above)
    pending = next
    if (isComment || open.length === DEEPEST) end[row] = next
    else open.push(row)
    return next
  }

  function bodies(row: number, above: number) {
    const line = commandRow(outline, row)
    const wanted = heredocBodies(line, above < 0 ? undefined : commandRow(outline, above))
    let next = row + 1
    for (let body = 0; body < wanted; body++) {
      const after = afterTerminator(next)
      if (after === undefined) break
      for (; next < after; next++) kind[next] = BODY
    }
    parent.fill(row, row + 1, next)
    for (let at = row + 1; at < next; at++) end[at] = at + 1
    return next
  }

  function afterTerminator(from: number) {
    if (!terminators) return undefined
    for (let row = from; row < rows; row++) {
      if (isTerminator(rawRow(outline, row))) return row + 1
    }
    terminators = false
    return undefined
  }

  // Closes every open block whose command is indented at least `column`.
  function close(column: number, row: number) {
    for (let top = open.at(-1); top !== undefined && (indent[top] ?? 0) >= column; top = open.at(-1)) {
      const hasChildren = end[top] !== 0
      if (hasChildren) claimTail(top, row)
      end[top] = pending
      open.pop()
    }
  }

  function claimTail(block: number, row: number) {
    for (; pending < row; pending++) {
      const column = indent[pending] ?? 0
      const isBang = text.charCodeAt(commandStart(outline, pending)) === BANG
      if (!isBang || column <= (indent[block] ?? 0)) return
      parent[pending] = block
    }
  }
}

function rowStarts(text: string) {
  let starts = new Int32Array(1024)
  let rows = 0
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) {
    rows++
    if (rows === starts.length) {
      const grown = new Int32Array(rows * 2)
      grown.set(starts)
      starts = grown
    }
    starts[rows] = at + 1
  }
  return starts.subarray(0, rows + 1)
}

/** One command of an EOS configuration and what stands under it. */
export interface ConfigNode {
  readonly line: string
  readonly indent?: number
  /** The indentation as it was written, only where it holds a tab (EOS prints none). */
  readonly margin?: string
  readonly children: readonly ConfigNode[]
  /** The bodies of a heredoc (banner, comment, certificate, `code unit`), raw, each with its terminator line. */
  readonly body?: readonly (readonly string[])[]
  readonly lead: readonly string[]
  readonly tail: readonly string[]
  readonly trailing?: string
}

export interface ConfigTree {
  readonly children: readonly ConfigNode[]
  readonly tail: readonly string[]
}

type Parent = Pick<ConfigTree, 'children'>

export function childAt(parent: Parent | undefined, line: string): ConfigNode | undefined {
  return parent?.children.find((child) => child.line === line)
}

export function hasChild(parent: Parent | undefined, line: string): boolean {
  return childAt(parent, line) !== undefined
}

export function childLines({ children }: Parent): string[] {
  return children.map(({ line }) => line)
}

type Lines = readonly (string | Pick<ConfigNode, 'line'>)[]

const textsOf = (lines: Lines) => lines.map((one) => (typeof one === 'string' ? one : one.line))

/** The first group of a pattern in each line that it matches. */
export function foundIn(lines: Lines, pattern: RegExp): string[] {
  return textsOf(lines).flatMap((line) => pattern.exec(line)?.[1] ?? [])
}

/** What follows the beginning of the first line that begins so. */
export function restOf(lines: Lines, beginning: string): string | undefined {
  return textsOf(lines)
    .find((line) => line.startsWith(beginning))
    ?.slice(beginning.length)
}

/** What a row of an {@link Outline} is: `!` or a blank line. */
export const TRIVIA = 0
/** What a row of an {@link Outline} is: a command. */
export const COMMAND = 1
/** What a row of an {@link Outline} is: a line of a heredoc body. */
export const BODY = 2

export interface Outline {
  readonly text: string
  readonly rows: number
  /** Offset of each row in `text`, and one more: the length of `text`. */
  readonly start: Int32Array
  readonly kind: Uint8Array
  readonly indent: Int32Array
  /** The row of the command that a row stands under, -1 at the root. */
  readonly parent: Int32Array
  readonly end: Int32Array
}

const outlines = new WeakMap<ConfigTree, Outline>()

/** The outline that a tree was parsed from; undefined for a tree made elsewhere. */
export function knownOutline(tree: ConfigTree): Outline | undefined {
  return outlines.get(tree)
}

export function rememberOutline(tree: ConfigTree, outline: Outline): void {
  outlines.set(tree, outline)
}

export function rawRow(outline: Outline, row: number): string {
  return outline.text.slice(outline.start[row], rowEnd(outline, row))
}

export function commandRow(outline: Outline, row: number): string {
  const from = commandStart(outline, row)
  return outline.text.slice(from, commandEnd(outline.text, from, rowEnd(outline, row)))
}

export function commandStart(outline: Outline, row: number): number {
  let at = outline.start[row] ?? 0
  while (isBlank(outline.text.charCodeAt(at))) at++
  return at
}

/** The blanks before the command of a row. */
export function leadingBlanks(outline: Outline, row: number): string {
  return outline.text.slice(outline.start[row], commandStart(outline, row))
}

/** The blanks after the command of a row. */
export function trailingBlanks(outline: Outline, row: number): string {
  const from = commandStart(outline, row)
  const to = rowEnd(outline, row)
  return outline.text.slice(commandEnd(outline.text, from, to), to)
}

export function firstItem(outline: Outline, row: number): number {
  let item = row + 1
  while (item < outline.rows && outline.kind[item] === BODY) item++
  return item
}

function rowEnd(outline: Outline, row: number) {
  return (outline.start[row + 1] ?? outline.text.length + 1) - 1
}

// Offset after the last character between two offsets that is no blank.
function commandEnd(text: string, from: number, to: number) {
  let end = to
  while (end > from && isBlank(text.charCodeAt(end - 1))) end--
  return end
}

function isBlank(code: number) {
  return code === 32 || code === 9
}

// Commands of which all that follows is prose, a program or an expression: `|` and `>` in it are not the switch's own. Source: the EOS
// manual's syntax of each; the recorded configurations hold `|` and `>` in no others.
const COMMANDS =
  /^(?:description|remark|alias|action|condition|regex|prompt|banner|snmp-server (?:contact|location)|neighbor \S+ description|ip(?:v6)? as-path|ip (?:large-|ext)?community-list|(?:seq )?\d+ remark|\d+ match regex|vrrp \d+ session description)(?:\s|$)/

// Modes whose lines are programs or expressions behind their number.
const MODES = /^(?:alias|role) \S+$/

/** The number of words where it has none. @param words the command, `no` and `default` aside */
export function textStart(words: readonly string[], above: string | undefined): number {
  const hasText = isFreeText(`${words.join(' ')} `, above)
  const start = words.findIndex(
    (word, at) => /^["']/.test(word) || (hasText && at > 0 && isFreeText(`${words.slice(0, at).join(' ')} `, above)),
  )
  return start < 0 ? words.length : start
}

/** `above` is the command it stands under, if any. */
export function isFreeText(line: string, above: string | undefined): boolean {
  if (line.startsWith('!!') || COMMANDS.test(line)) return true
  if (above === undefined) return false
  if (above.startsWith('policy show tech-support') && /^(?:in|ex)clude command show /.test(line)) return true
  return (MODES.test(above) && /^\d+\s/.test(line)) || (above.startsWith('daemon ') && line.startsWith('exec '))
}

export interface TextBodies {
  readonly raw: string
  readonly bodies: string[][]
  missing: number
}

const ONE_BODY = /^(banner \S+|comment|action bash|code unit \S+)$/
const TWO_BODIES = 'protocol https certificate'

/**
 * How many bodies, each closed by a line `EOF`, follow a command: 0 for most, 1 for banners, mode comments,
 * `action bash` with nothing behind it and routing control functions, 2 for a certificate with its key.
 *
 * @param line the command, without indentation and trailing blanks
 * @param parentLine the command it stands under, undefined at the root
 *
 * Source: docs/eos.md 4.2; `action bash` and `code unit` as configurations rendered by arista.avd show them.
 */
export function heredocBodies(line: string, parentLine: string | undefined): 0 | 1 | 2 {
  if (ONE_BODY.test(line) || (line === 'code' && parentLine === 'control-functions')) return 1
  return line === TWO_BODIES ? 2 : 0
}

/** Whether a raw line closes a heredoc body; EOS indents `EOF` as deep as it likes. */
export function isTerminator(raw: string): boolean {
  return raw.trim() === 'EOF'
}

/** The texts of a command as they are printed: at the first column, or as deep as `code`, or a level deeper than `action bash` (docs/eos.md 4.2). */
export function printedBodies(
  line: string,
  bodies: readonly (readonly string[])[],
  depth: number,
): readonly (readonly string[])[] {
  if (line.startsWith('banner ') || line === 'comment' || bodies.length > 1) return bodies
  const margin = '   '.repeat(line.startsWith('code') ? depth : depth + 1)
  return bodies.map((rows) => rows.map((row) => margin + row))
}

/** Takes `no` or `default` off a command. */
export function parseVerb(line: string): { verb: '' | 'no' | 'default'; line: string } {
  if (line.startsWith('no ')) return { verb: 'no', line: line.slice(3).trimStart() }
  if (line.startsWith('default ') && !line.startsWith('default-')) {
    return { verb: 'default', line: line.slice(8).trimStart() }
  }
  return { verb: '', line }
}

/**
 * A command as the running-config says it, where its verb is typed otherwise: `vxlan vlan add 10 vni 10010` and `vxlan vlan
 * remove 10 vni`, which pyeapi types, change a list of which each member has a line of its own.
 */
export function spelledOut(text: string): string {
  const { verb, line } = parseVerb(text)
  const [, change, vlan = '', vni = ''] = /^vxlan vlan (add|remove) (\d+) (vni.*)$/.exec(line) ?? []
  if (change === undefined || verb !== '') return text
  return `${change === 'add' ? '' : 'no '}vxlan vlan ${vlan} ${vni}`
}

/** Blank lines and `!` do nothing and leave no mode; `!! text` is a comment of a submode. */
export function isNothing(line: string, inSubmode: boolean): boolean {
  return line === '' || (line.startsWith('!') && !(inSubmode && line.startsWith('!!')))
}

export function bodiesOf(input: string, count: number): string[][] {
  const bodies: string[][] = [[]]
  for (const raw of input.replace(/\n$/, '').split('\n')) {
    bodies.at(-1)?.push(raw.replace(/\r$/, ''))
    if (isTerminator(raw) && bodies.length < count) bodies.push([])
  }
  return bodies.map((body) => (isTerminator(body.at(-1) ?? '') ? body : [...body, 'EOF']))
}

/** The EOS version that the header of a running-config names (docs/eos.md 4.1). */
export function versionIn(tree: ConfigTree): string | undefined {
  const header = tree.children[0]?.lead ?? tree.tail
  return foundIn(header, /EOS-(\d+\.\d+\S*?)\)/)[0]
}
