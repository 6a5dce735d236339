import type { PathCursor } from './cursor.ts'

/**
 * Reads a text between quotes, the opening one being next. A backslash escapes the quote that encloses it, and itself;
 * before anything else it stays: AWS finds the member `a\"b` by `$['a\"b']` (recorded).
 */
export function readQuoted(cursor: PathCursor): string {
  const quote = cursor.match(/['"]/y) ?? cursor.fail('expected a quoted text')
  const body = cursor.match(quote === "'" ? /(?:\\[\s\S]|[^'\\])*/y : /(?:\\[\s\S]|[^"\\])*/y) ?? ''
  if (!cursor.take(quote)) cursor.fail(`a text is not closed: expected ${quote}`)
  return body.replace(/\\([\s\S])/g, (whole, escaped: string) =>
    escaped === quote || escaped === '\\' ? escaped : whole,
  )
}
