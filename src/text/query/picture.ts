import { refusal } from './runtime.ts'

const LONGEST_PICTURE = 256
const LONGEST_TIMESTAMP = 64
/** A width of a date component with four digits or more: JSONata pads to it, up to the memory of the machine. */
const WIDE = /\[[^\]]*,[^\]]*\d{4}[^\]]*\]/

/** Refuses a picture string (XPath F&O 3.1, 4.7 and 9.8.4) that would make a text without measure. Throws D3137. */
export function requirePicture(picture: unknown): void {
  if (picture === undefined) return
  if (String(picture).length > LONGEST_PICTURE) throw refusal(`A picture has at most ${LONGEST_PICTURE} characters`)
  if (WIDE.test(String(picture))) throw refusal('A width in a picture has at most three digits')
}

/**
 * Refuses to read a timestamp by a picture whose components could share its characters among them in many ways: JSONata
 * makes a regular expression of it, which would try them all. Throws D3137.
 */
export function requireReadablePicture(timestamp: unknown, picture: unknown): void {
  requirePicture(picture)
  if (String(timestamp).length > LONGEST_TIMESTAMP) {
    throw refusal(`A timestamp has at most ${LONGEST_TIMESTAMP} characters`)
  }
  const [first, ...rest] = String(picture).split('[').slice(1)
  let before = componentOf(first ?? '')
  for (const part of rest) {
    const next = componentOf(part)
    if (!areApart(before, next)) throw refusal('Components of a picture that is read must be separated')
    before = next
  }
}

/** What a component matches, and the literal text behind it. */
interface Component {
  readonly kind: 'digits' | 'fixed' | 'letters' | 'words' | 'zone'
  readonly literal: string
}

function componentOf(part: string): Component {
  const [marker = '', literal = ''] = part.split(']')
  return { kind: kindOf(marker), literal }
}

function kindOf(marker: string): Component['kind'] {
  if (/^[Zz]/.test(marker)) return 'zone'
  if (/^.\s*[Ww]/.test(marker)) return 'words'
  if (/^P|^.\s*[NnAaIi]/.test(marker)) return 'letters'
  return /^[YMDdHhms]0*1$/.test(marker) ? 'fixed' : 'digits'
}

function areApart(before: Component, next: Component): boolean {
  if (before.kind === 'words' || next.kind === 'words') return false
  if (before.literal === '') return next.kind === 'zone' || (before.kind === 'fixed' && next.kind === 'fixed')
  const isLetters = before.kind === 'letters' || next.kind === 'letters'
  return isLetters ? /[^A-Za-z]/.test(before.literal) : /\D/.test(before.literal)
}
