import { heredocBodies, isTerminator } from './command-line.ts'
import { BODY, COMMAND, commandRow, commandStart, type Outline, rawRow, TRIVIA } from './outline.ts'

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
  return new Scanner(text).scan()
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

class Scanner {
  private readonly outline: Outline
  private readonly open: number[] = []
  private pending = 0
  // Whether any `EOF` can still follow; keeps unclosed heredocs from searching the text again and again.
  private terminators = true

  constructor(text: string) {
    const start = rowStarts(text)
    const rows = start.length - 1
    this.outline = {
      text,
      rows,
      start,
      kind: new Uint8Array(rows),
      indent: new Int32Array(rows),
      parent: new Int32Array(rows).fill(-1),
      end: new Int32Array(rows),
    }
  }

  scan(): Outline {
    const { rows, kind, end } = this.outline
    for (let row = 0; row < rows; ) {
      kind[row] = this.measure(row)
      if (kind[row] === TRIVIA) {
        row++
        end[row - 1] = row
      } else {
        row = this.command(row)
      }
    }
    this.close(-1, rows)
    return this.outline
  }

  private measure(row: number): typeof TRIVIA | typeof COMMAND {
    const { text, start, indent } = this.outline
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

  private command(row: number): number {
    const { parent, indent, end, text } = this.outline
    this.close(indent[row] ?? 0, row)
    const above = this.open.at(-1) ?? -1
    for (; this.pending < row; this.pending++) parent[this.pending] = above
    parent[row] = above
    if (above >= 0) end[above] = row
    const isComment = text.charCodeAt(commandStart(this.outline, row)) === BANG
    const next = isComment ? row + 1 : this.bodies(row, above)
    this.pending = next
    if (isComment || this.open.length === DEEPEST) end[row] = next
    else this.open.push(row)
    return next
  }

  private bodies(row: number, above: number): number {
    const line = commandRow(this.outline, row)
    const wanted = heredocBodies(line, above < 0 ? undefined : commandRow(this.outline, above))
    let next = row + 1
    for (let body = 0; body < wanted; body++) {
      const after = this.afterTerminator(next)
      if (after === undefined) break
      for (; next < after; next++) this.outline.kind[next] = BODY
    }
    this.outline.parent.fill(row, row + 1, next)
    for (let at = row + 1; at < next; at++) this.outline.end[at] = at + 1
    return next
  }

  private afterTerminator(from: number): number | undefined {
    if (!this.terminators) return undefined
    for (let row = from; row < this.outline.rows; row++) {
      if (isTerminator(rawRow(this.outline, row))) return row + 1
    }
    this.terminators = false
    return undefined
  }

  // Closes every open block whose command is indented at least `column`.
  private close(column: number, row: number): void {
    const { indent, end } = this.outline
    for (let top = this.open.at(-1); top !== undefined && (indent[top] ?? 0) >= column; top = this.open.at(-1)) {
      const hasChildren = end[top] !== 0
      if (hasChildren) this.claimTail(top, row)
      end[top] = this.pending
      this.open.pop()
    }
  }

  private claimTail(block: number, row: number): void {
    const { text, indent, parent } = this.outline
    for (; this.pending < row; this.pending++) {
      const column = indent[this.pending] ?? 0
      const isBang = text.charCodeAt(commandStart(this.outline, this.pending)) === BANG
      if (!isBang || column <= (indent[block] ?? 0)) return
      parent[this.pending] = block
    }
  }
}
