import type { Json } from '../../../model/json.ts'
import { isSecretMember, type Placeholder, redact, redactLine, redactLines } from './secrets.ts'

// What show commands print of secrets, with a colon behind its name (EOS manual, "show snmp community").
const PRINTED = /\b((?:community (?:name|string)|security name|(?<!public )key|password|secret)\s*: *)(\S+)/gi
// The user of a trap of version 1 or 2c is its community (EOS manual, "show snmp notification host").
const TRAP_USER = /\b(user: *)(\S+)(?=.*\bsecurity model: *v(?:1|2c)\b)/i

// Members of answers that hold a secret, besides those of models that EOS keeps.
const SECRET_MEMBER = /(?:passwd|securityName|(?<!public|host)key)$/i
// Members of models whose own members are named by secrets: `show snmp community` (EOS manual, "show snmp community").
const NAMED_BY_SECRETS = /^communities$/i

// Lines without any of these print no secret behind a colon.
const NAMES_ONE = /communit|security|key|password|secret/i

/** What a show command printed, without its secrets: those of configuration lines, and those behind a name and a colon. */
export function redactPrinted(text: string, placeholder: Placeholder): string {
  return redactLines(text, placeholder, (line) => redactPrintedLine(line, placeholder))
}

/** The same for the answers of many switches: lines that hold no secret are kept, because most lines of two switches are the same. */
export function printedRedactor(placeholder: Placeholder): (text: string) => string {
  const plain = new Set<string>()
  return (text) => redactLines(text, placeholder, (line) => redactPrintedLine(line, placeholder), plain)
}

function redactPrintedLine(line: string, placeholder: Placeholder) {
  const redacted = redactLine(line, placeholder)
  if (!NAMES_ONE.test(redacted)) return redacted
  return redacted
    .replace(PRINTED, (_, name: string, secret: string) => name + once(secret, placeholder))
    .replace(TRAP_USER, (_, name: string, secret: string) => name + once(secret, placeholder))
}

export function redactModel(model: Json, placeholder: Placeholder): Json {
  return redacted(model, '', placeholder)
}

function redacted(value: Json, name: string, placeholder: Placeholder): Json {
  if (typeof value === 'string') {
    return (isSecretMember(name) || SECRET_MEMBER.test(name)) && value !== ''
      ? once(value, placeholder)
      : redactPrinted(value, placeholder)
  }
  if (Array.isArray(value)) return value.map((member) => redacted(member, name, placeholder))
  if (typeof value !== 'object' || value === null) return value
  const hidden = NAMED_BY_SECRETS.test(name)
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [
      hidden ? once(key, placeholder) : redact(key, placeholder),
      redacted(member, key, placeholder),
    ]),
  )
}

function once(secret: string, placeholder: Placeholder) {
  return /^<redacted(?::[0-9a-f]{8})?>$/.test(secret) ? secret : placeholder(secret)
}
