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

  function measure(row: number): typeof TRIVIA | typeof COMMAND {
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

  function command(row: number): number {
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

  function bodies(row: number, above: number): number {
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

  function afterTerminator(from: number): number | undefined {
    if (!terminators) return undefined
    for (let row = from; row < rows; row++) {
      if (isTerminator(rawRow(outline, row))) return row + 1
    }
    terminators = false
    return undefined
  }

  // Closes every open block whose command is indented at least `column`.
  function close(column: number, row: number): void {
    for (let top = open.at(-1); top !== undefined && (indent[top] ?? 0) >= column; top = open.at(-1)) {
      const hasChildren = end[top] !== 0
      if (hasChildren) claimTail(top, row)
      end[top] = pending
      open.pop()
    }
  }

  function claimTail(block: number, row: number): void {
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
