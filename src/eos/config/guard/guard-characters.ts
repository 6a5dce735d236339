import { HIDDEN_CHARACTER } from '../../../model/hidden-character.ts'

// The most characters a command may have (docs/transport.md#what-people-write).
const longest = 4096

export interface UnsafeLine {
  readonly index: number
  readonly kind: 'control-character' | 'bidi-character' | 'invisible-character' | 'too-long'
  /** What stands there, for a person: the code point as `U+202E`, or the length. */
  readonly found: string
}

// C0 and C1 controls, tab and line breaks among them, the line and paragraph separators, and the byte order mark.
const control = /[\p{Cc}\u2028\u2029\uFEFF]/u
// The characters that turn or hide the direction of text: what is read is not what is sent.
const bidi = /[\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]/u

const codePoint = (character: string) =>
  `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`

function unsafe(line: string, index: number): UnsafeLine[] {
  if (line.length > longest) return [{ index, kind: 'too-long', found: `${line.length} characters` }]
  const controls = control.exec(line)
  if (controls) return [{ index, kind: 'control-character', found: codePoint(controls[0]) }]
  const bidis = bidi.exec(line)
  if (bidis) return [{ index, kind: 'bidi-character', found: codePoint(bidis[0]) }]
  const hidden = HIDDEN_CHARACTER.exec(line)
  return hidden ? [{ index, kind: 'invisible-character', found: codePoint(hidden[0]) }] : []
}

/**
 * The lines of a change that are refused for their characters (docs/transport.md#what-people-write): a control character
 * could end the command and begin another, a bidi or invisible character shows the approver another line than is sent.
 * Refused, never stripped.
 */
export function unsafeLines(lines: readonly string[]): UnsafeLine[] {
  return lines.flatMap(unsafe)
}
