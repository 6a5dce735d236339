/**
 * Whether a text matches a StringMatches pattern: `*` stands for any characters, `\*` for an asterisk and `\\` for a
 * backslash (states-language.net, "Choice State"). Takes time in proportion to the two lengths' product at worst.
 */
export function matchesPattern(text: string, pattern: string): boolean {
  const [first = '', ...others] = literalsOf(pattern)
  if (others.length === 0) return text === first
  const last = others.pop() ?? ''
  if (text.length < first.length + last.length || !text.startsWith(first) || !text.endsWith(last)) return false
  let at = first.length
  for (const literal of others) {
    const found = text.indexOf(literal, at)
    if (found === -1) return false
    at = found + literal.length
  }
  return at <= text.length - last.length
}

/** The texts between the wildcards. */
function literalsOf(pattern: string): string[] {
  const literals = ['']
  for (const [token] of pattern.matchAll(/\\[*\\]|[\s\S]/g)) {
    if (token === '*') literals.push('')
    else literals.push(`${literals.pop() ?? ''}${token.at(-1) ?? ''}`)
  }
  return literals
}
