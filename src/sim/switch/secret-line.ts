import { eosAtLeast } from '../eos-version.ts'
import { cryptSalt, sha512Crypt } from './sha512-crypt.ts'

const SCHEMES = new Set(['sha512', '5', '7', '8a', '*'])
const USER = /^(username \S+ .*?\bsecret )(?:0 )?(\S+)$/
const ENABLE = /^(enable (?:secret|password) )(?:0 )?(\S+)$/

/**
 * A line as the switch stores it: a clear-text secret is hashed at entry, so that the text typed is never the text
 * printed (docs/eos.md 4.10). `salt` gives sixteen random bytes in hex and is asked only when something is hashed.
 */
export function hashedLine(line: string, eos: string, salt: () => string): string {
  const match = USER.exec(line) ?? ENABLE.exec(line)
  const [, head = '', secret = ''] = match ?? []
  if (match === null || SCHEMES.has(secret) || hasScheme(head)) return line
  const word = head.startsWith('enable') ? enableWord(eos) : head
  return `${word}sha512 ${sha512Crypt(secret, cryptSalt(salt()))}`
}

/** From 4.23 the line reads `enable password` (docs/eos.md 4.9). */
function enableWord(eos: string): string {
  return eosAtLeast(eos, '4.23') ? 'enable password ' : 'enable secret '
}

function hasScheme(head: string): boolean {
  return /\bsecret (?:sha512|5|7|8a) $/.test(head)
}
