import type { ConfigTree } from './tree.ts'

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

function rowEnd(outline: Outline, row: number): number {
  return (outline.start[row + 1] ?? outline.text.length + 1) - 1
}

// Offset after the last character between two offsets that is no blank.
function commandEnd(text: string, from: number, to: number): number {
  let end = to
  while (end > from && isBlank(text.charCodeAt(end - 1))) end--
  return end
}

function isBlank(code: number) {
  return code === 32 || code === 9
}
