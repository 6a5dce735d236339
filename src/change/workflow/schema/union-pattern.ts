/** A regular expression of RE2 that is exactly these texts. */
export function unionPattern(texts: readonly string[]): string {
  const all = texts.map(literalPattern)
  return all.length === 1 ? (all[0] ?? '') : `(?:${all.join('|')})`
}

/** A regular expression of RE2 that is exactly this text. */
export function literalPattern(text: string): string {
  return text.replaceAll(/[\\.+*?()|[\]{}^$]/g, '\\$&')
}
