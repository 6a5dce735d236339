import { isScrubbed, redactTyped, type Secret, secretsIn } from './secrets.ts'

/** A line of a change that the switch would not keep as it stands, because of the secret it carries or no longer carries. */
export interface SecretFinding {
  readonly index: number
  readonly line: string
  /** `clear-text`: the switch would keep another text each time. `rewritten`: it would keep another text, always the same. */
  readonly kind: 'clear-text' | 'rewritten' | 'scrubbed'
  readonly mend: string
}

const scrubbedWord = /(?:^|[\s,:])<(?:removed|redacted(?::[0-9a-f]{8})?)>/
const hash = /^"?\$[0-9a-z]{1,8}\$/

// EOS answers `username U secret *` with a user that no password opens: a marker, not a secret (docs/eos.md 4.10).
const noLogin = '*'

// A type 7 is hexadecimal behind the two digits of its salt, or base64 (docs/eos.md 4.10).
const type7 =
  /^"?(?:\d\d(?:[0-9a-f]{2})+|\$1c\$\S+|(?:[a-z0-9+/]{4})*(?:[a-z0-9+/]{2}==|[a-z0-9+/]{3}=|[a-z0-9+/]{4}))"?$/i

function isClearText({ form, kept, type, value }: Secret) {
  if (kept === 'verbatim' || value === noLogin || hash.test(value)) return false
  // The password of a neighbor that is no type 7 cannot be one, whatever the line calls it.
  return type === undefined || type === '0' || (form === 'neighbor password' && type === '7' && !type7.test(value))
}

function isScrubbedIn(line: string, secrets: readonly Secret[]) {
  return scrubbedWord.test(line) || secrets.some(({ value }) => isScrubbed(value) || value === 'REDACTED')
}

function mendFor({ form, kept }: Secret): string {
  if (form.startsWith('snmp-server user')) return 'give the localized form that show running-config prints'
  return kept === 'hashed'
    ? 'give the hash: `secret sha512 $6$…` as show running-config prints it'
    : 'give the encrypted form: type 7 or 8a as show running-config prints it'
}

/** The lines of a change whose secret a switch would not keep as it stands. `clear-text` (`secret X`, `secret 0 X`, `password 0 X`, `key X`) is hashed or encrypted with a fresh salt as it is entered: the running-config could never equal what was approved, and a second plan would change it again, so it is refused (docs/eos.md 4.10, ADR 0008). */
export function cleartextSecrets(lines: readonly string[]): SecretFinding[] {
  return lines.flatMap((line, index): SecretFinding[] => {
    if (/^\s*(?:no|default)\s/.test(line)) return []
    const secrets = secretsIn(line)
    const shown = redactTyped(line).trim()
    if (isScrubbedIn(line, secrets)) {
      const mend = 'give the secret itself, from a secret reference: a placeholder is never pushed'
      return [{ index, line: shown, kind: 'scrubbed', mend }]
    }
    const clear = secrets.find(isClearText)
    if (!clear) return []
    return [{ index, line: shown, kind: clear.kept === 'rewritten' ? 'rewritten' : 'clear-text', mend: mendFor(clear) }]
  })
}
