const HIDDEN = /[\p{Cc}\u061c\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]/gu

/**
 * Text of a switch made safe for a terminal: control, bidi and invisible characters show as `\u{…}`, so that what is
 * approved is what is seen (security 6.2). Line breaks and tabs stay.
 */
export function visible(text: string): string {
  return text.replace(HIDDEN, (character) => (character === '\n' || character === '\t' ? character : coded(character)))
}

/** The same for what is one line or part of one: a line break in it shows too, so that it cannot pass for two lines. */
export function visibleLine(text: string): string {
  return text.replace(HIDDEN, (character) => (character === '\t' ? character : coded(character)))
}

function coded(character: string): string {
  return `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`
}
