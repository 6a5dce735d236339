import { isPin } from './pin.ts'

/** What a file of known pins says about the key of a certificate. `line` is where, counted from 1. */
export type PinVerdict =
  | { readonly verdict: 'known' | 'unknown' }
  | { readonly verdict: 'changed'; readonly line: number }

/** The name under which a switch stands in a file of known pins: `[host]:port`, as known_hosts writes it. */
export function pinnedName(host: string, port: number): string {
  return `[${host.toLowerCase()}]:${port}`
}

/**
 * Judges the pin of a certificate by the text of a file of known pins: one `[host]:port sha256/…` a line, `#` before a
 * comment. A switch may have several, as while its key is exchanged.
 */
export function judgePin(knownPins: string, name: string, pin: string): PinVerdict {
  const known = knownPins.split('\n').flatMap((text, index) => {
    const [of = '', written = ''] = text.trim().split(/\s+/)
    return of.toLowerCase() === name && isPin(written) ? [{ line: index + 1, written }] : []
  })
  const [first] = known
  if (first === undefined) return { verdict: 'unknown' }
  if (known.some(({ written }) => written === pin)) return { verdict: 'known' }
  return { verdict: 'changed', line: first.line }
}
