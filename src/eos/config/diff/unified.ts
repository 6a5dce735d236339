import { type Opcode, opcodes } from './difflib.ts'

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
