import { isScrubbed, type Secret, secretsIn } from './secrets.ts'

export type Placeholder = (secret: string) => string

/** One line of configuration without its secrets, or without those that are `found`. */
export function redactLine(
  line: string,
  placeholder: Placeholder,
  found: (line: string) => readonly Secret[] = secretsIn,
): string {
  const secrets = found(line).filter(({ value }) => !isScrubbed(value))
  if (secrets.length === 0) return line
  let shown = ''
  let at = 0
  for (const { from, to, value } of secrets) {
    shown += line.slice(at, from) + placeholder(value)
    at = to
  }
  return shown + line.slice(at)
}

const keyBegins = /-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----/
const certificateBegins = /-----BEGIN (?![A-Z0-9 ]{0,40}PRIVATE KEY)/
const blockEnds = /-----END /
// What may stand within a key: base64, a header of an encrypted key, nothing. A diff's hunk may be cut before the end.
const withinKey = /^[\s+-]{0,80}(?:[A-Za-z0-9+/=]*|[A-Za-z-]{1,40}: .*)\s*$/
const pemBody = /^[\s+-]{0,80}?[A-Za-z0-9+/]{60,}={0,2}\s*$/
const pemTail = /^[\s+-]{0,80}?[A-Za-z0-9+/]{1,59}={0,2}\s*$/

type Block = 'none' | 'key' | 'certificate' | 'cut'

// So long is the first line of a PEM body at least.
const PEM_LINE = 60

function blockAfter(line: string, block: Block): Block {
  if (line.includes('-----')) {
    if (blockEnds.test(line)) return 'none'
    if (keyBegins.test(line)) return 'key'
    if (certificateBegins.test(line)) return 'certificate'
  }
  if (block === 'certificate') return block
  if (block === 'key') return withinKey.test(line) ? block : 'none'
  return (line.length >= PEM_LINE && pemBody.test(line)) || (block === 'cut' && pemTail.test(line)) ? 'cut' : 'none'
}

function isKeyMaterial(line: string, within: Block, block: Block) {
  if (within === 'key') return block === 'key' && line.trim() !== 'EOF'
  return block === 'cut'
}

// A line of a private key, with its sign and indentation kept, so that a diff keeps its shape.
function redactKeyLine(line: string, placeholder: Placeholder) {
  const lead = /^[+-]?\s*/.exec(line)?.[0] ?? ''
  const body = line.slice(lead.length)
  return body === '' || isScrubbed(body) ? line : lead + placeholder(body)
}

/** Configuration text without its secrets: a whole running-config, a diff with `+` and `-` before its lines, a message that quotes a command, or one line (the forms of docs/security.md#two-layers). Lines stay lines; a private key loses each line of its body. */
export function redact(text: string, placeholder: Placeholder = () => '<redacted>'): string {
  return redactLines(text, placeholder, (line) => redactLine(line, placeholder))
}

/** The same, without the secrets that are `found` in each line, from left to right. */
export function redactSecrets(text: string, found: (line: string) => readonly Secret[]): string {
  const placeholder = () => '<redacted>'
  return redactLines(text, placeholder, (line) => redactLine(line, placeholder, found))
}

const MOST_KEPT = 20_000

/**
 * The same, with `ofLine` for each line that is in no private key. `plain` keeps, for the next texts, the lines that hold nothing to hide where they
 * are in no block and begin none: most lines of two switches are the same.
 */
export function redactLines(
  text: string,
  placeholder: Placeholder,
  ofLine: (line: string) => string,
  plain?: Set<string>,
): string {
  let block: Block = 'none'
  let isAsItWas = true
  const lines = text.split('\n').map((line) => {
    if (block === 'none' && plain?.has(line) === true) return line
    const within = block
    block = blockAfter(line, block)
    const shown = isKeyMaterial(line, within, block) ? redactKeyLine(line, placeholder) : ofLine(line)
    if (shown !== line) isAsItWas = false
    else if (plain !== undefined && within === 'none' && block === 'none' && plain.size < MOST_KEPT) plain.add(line)
    return shown
  })
  return isAsItWas ? text : lines.join('\n')
}

/**
 * A placeholder `<redacted:8 hex>` from a keyed digest: a changed secret still shows as a changed line and equal ones look
 * equal, and nobody without the key can guess a weak secret from it. `hmac` gives the hex digest of a secret.
 */
export function keyedPlaceholder(hmac: (secret: string) => string): Placeholder {
  return (secret) => `<redacted:${hmac(secret).slice(0, 8)}>`
}
