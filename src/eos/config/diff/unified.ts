// A stretch of equal lines: `size` lines from `before` in the first list stand from `after` in the second.
interface Match {
  readonly before: number
  readonly after: number
  readonly size: number
}

interface Window {
  readonly beforeFrom: number
  readonly beforeTo: number
  readonly afterFrom: number
  readonly afterTo: number
}

// One step from the first list of lines to the second: what `[beforeFrom, beforeTo)` becomes is `[afterFrom, afterTo)`.
interface Opcode extends Window {
  readonly tag: 'equal' | 'replace' | 'delete' | 'insert'
}

// A list this long is searched without its popular lines: Python's `autojunk`.
const autojunkFrom = 200

// Both lists as numbers, equal lines equal numbers, and where each unpopular number stands in the second list.
interface Index {
  readonly before: Int32Array
  readonly after: Int32Array
  readonly positions: readonly (readonly number[])[]
}

function indexLines(before: readonly string[], after: readonly string[]): Index {
  const ids = new Map<string, number>()
  const idOf = (line: string) => {
    const id = ids.get(line) ?? ids.size
    ids.set(line, id)
    return id
  }
  const afterIds = Int32Array.from(after, idOf)
  const positions: number[][] = Array.from(ids, () => [])
  afterIds.forEach((id, at) => {
    positions[id]?.push(at)
  })
  const popular = Math.floor(after.length / 100) + 1
  const anchors = after.length < autojunkFrom ? positions : positions.map((at) => (at.length > popular ? [] : at))
  return { before: Int32Array.from(before, idOf), after: afterIds, positions: anchors }
}

const nowhere: readonly number[] = []

// Finds the longest run of unpopular equal lines in a window: the earliest in the first list, then in the second.
class LongestRun {
  private readonly index: Index
  // The length of the run that ends at a line of the second list, valid only where `row` names the row before.
  private readonly length: Int32Array
  private readonly row: Int32Array
  private current = 0

  constructor(index: Index) {
    this.index = index
    this.length = new Int32Array(index.after.length)
    this.row = new Int32Array(index.after.length)
  }

  in(window: Window): Match {
    let best: Match = { before: window.beforeFrom, after: window.afterFrom, size: 0 }
    // A row of its own between two windows, so that no run of the last window is continued.
    this.current += 1
    for (let line = window.beforeFrom; line < window.beforeTo; line += 1) {
      this.current += 1
      const end = this.longestEndingAt(line, window, best.size)
      if (end !== undefined) best = { before: line - end.size + 1, after: end.at - end.size + 1, size: end.size }
    }
    return best
  }

  private longestEndingAt(line: number, window: Window, beat: number): { at: number; size: number } | undefined {
    const positions = this.index.positions[this.index.before[line] ?? -1] ?? nowhere
    let best: { at: number; size: number } | undefined
    // Backwards: the entry before this one is still the previous row's when it is read.
    for (let n = positions.length - 1; n >= 0; n -= 1) {
      const at = positions[n] ?? 0
      if (at >= window.afterTo) continue
      if (at < window.afterFrom) break
      const size = this.lengthBefore(at) + 1
      this.length[at] = size
      this.row[at] = this.current
      if (size > beat && size >= (best?.size ?? 0)) best = { at, size }
    }
    return best
  }

  // How long a run of the row before ends just before a line of the second list.
  private lengthBefore(at: number): number {
    return this.row[at - 1] === this.current - 1 ? (this.length[at - 1] ?? 0) : 0
  }
}

function extend(index: Index, window: Window, run: Match): Match {
  let { before, after, size } = run
  while (
    before > window.beforeFrom &&
    after > window.afterFrom &&
    index.before[before - 1] === index.after[after - 1]
  ) {
    before -= 1
    after -= 1
    size += 1
  }
  while (
    before + size < window.beforeTo &&
    after + size < window.afterTo &&
    index.before[before + size] === index.after[after + size]
  ) {
    size += 1
  }
  return { before, after, size }
}

function matches(before: readonly string[], after: readonly string[]): Match[] {
  const index = indexLines(before, after)
  const longest = new LongestRun(index)
  const found: Match[] = []
  const open: Window[] = [{ beforeFrom: 0, beforeTo: before.length, afterFrom: 0, afterTo: after.length }]
  for (let window = open.pop(); window; window = open.pop()) {
    const match = extend(index, window, longest.in(window))
    if (match.size === 0) continue
    found.push(match)
    const left = { ...window, beforeTo: match.before, afterTo: match.after }
    const right = { ...window, beforeFrom: match.before + match.size, afterFrom: match.after + match.size }
    for (const half of [left, right]) {
      if (half.beforeFrom < half.beforeTo && half.afterFrom < half.afterTo) open.push(half)
    }
  }
  return found.sort((a, b) => a.before - b.before)
}

function tagOf(deletes: boolean, inserts: boolean): Opcode['tag'] | undefined {
  if (deletes) return inserts ? 'replace' : 'delete'
  return inserts ? 'insert' : undefined
}

// The opcodes of Python's `difflib.SequenceMatcher(None, before, after)`, `autojunk` included: in a list of 200 lines or
// more, a line that stands in the second list more than a hundredth of its length plus one times is no anchor. An EOS
// diff of the unified dialect is printed by that very algorithm (docs/eos.md 3.2), so a minimal diff is another text.
function opcodes(before: readonly string[], after: readonly string[]): Opcode[] {
  const codes: Opcode[] = []
  let beforeAt = 0
  let afterAt = 0
  const end: Match = { before: before.length, after: after.length, size: 0 }
  for (const match of [...matches(before, after), end]) {
    const tag = tagOf(beforeAt < match.before, afterAt < match.after)
    const changed = { beforeFrom: beforeAt, beforeTo: match.before, afterFrom: afterAt, afterTo: match.after }
    if (tag) codes.push({ tag, ...changed })
    beforeAt = match.before + match.size
    afterAt = match.after + match.size
    const last = codes.at(-1)
    if (match.size > 0 && last?.tag === 'equal') {
      codes[codes.length - 1] = { ...last, beforeTo: beforeAt, afterTo: afterAt }
    } else if (match.size > 0) {
      codes.push({
        tag: 'equal',
        beforeFrom: match.before,
        beforeTo: beforeAt,
        afterFrom: match.after,
        afterTo: afterAt,
      })
    }
  }
  return codes
}

const context = 3

function comparedLines(text: string) {
  const lines = text.replaceAll('\r', '').split('\n')
  if (lines.at(-1) === '') lines.pop()
  return lines.filter((line) => !line.startsWith('! Command:'))
}

// Cuts the opcodes into hunks: at most three equal lines around a change, and a new hunk after more than six.
function hunks(codes: readonly Opcode[]): Opcode[][] {
  const found: Opcode[][] = []
  let hunk: Opcode[] = []
  codes.forEach((code, n) => {
    if (code.tag !== 'equal') {
      hunk.push(code)
      return
    }
    const first = n === 0
    const last = n === codes.length - 1
    const size = code.beforeTo - code.beforeFrom
    if (!first && !last && size <= 2 * context) {
      hunk.push(code)
      return
    }
    const kept = Math.min(context, size)
    if (!first) {
      found.push([...hunk, { ...code, beforeTo: code.beforeFrom + kept, afterTo: code.afterFrom + kept }])
    }
    hunk = last ? [] : [{ ...code, beforeFrom: code.beforeTo - kept, afterFrom: code.afterTo - kept }]
  })
  return hunk.length > 0 ? [...found, hunk] : found
}

function range(from: number, to: number) {
  const size = to - from
  if (size === 1) return `${from + 1}`
  return `${size === 0 ? from : from + 1},${size}`
}

function hunkLines(hunk: readonly Opcode[], before: readonly string[], after: readonly string[]) {
  const first = hunk[0]
  const last = hunk.at(-1)
  if (!first || !last) return []
  const header = `@@ -${range(first.beforeFrom, last.beforeTo)} +${range(first.afterFrom, last.afterTo)} @@`
  const body = hunk.flatMap((code) => {
    const old = before.slice(code.beforeFrom, code.beforeTo)
    if (code.tag === 'equal') return old.map((line) => ` ${line}`)
    const added = after.slice(code.afterFrom, code.afterTo)
    return [...old.map((line) => `-${line}`), ...added.map((line) => `+${line}`)]
  })
  return [header, ...body]
}

/** What `show session-config diffs` prints in session `session` for two running-config texts, in the unified dialect: that of Python's `difflib.unified_diff` with three lines of context, over the text without its `! Command:` line, trailing blanks printed (docs/eos.md 3.2). */
export function unifiedDiff(before: string, after: string, session: string): string {
  const oldLines = comparedLines(before)
  const newLines = comparedLines(after)
  const changed = hunks(opcodes(oldLines, newLines)).filter((hunk) => hunk.some((code) => code.tag !== 'equal'))
  if (changed.length === 0) return ''
  const header = ['--- system:/running-config', `+++ session:/${session}-session-config`]
  const body = changed.flatMap((hunk) => hunkLines(hunk, oldLines, newLines))
  return [...header, ...body, ''].join('\n')
}
