import { anOption, optionForms, shapeForms } from './secret-shapes.ts'
import { commandForms, type SecretForm, type StoredSecretForm } from './secrets-forms.ts'

export interface Secret {
  readonly form: string
  readonly value: string
  readonly from: number
  readonly to: number
  /** The type token before the value (`0`, `7`, `8a`, `sha512`), where the line has one. */
  readonly type?: string
  readonly kept: StoredSecretForm
}

// Lines without any of these cannot carry a secret: a whole configuration is mostly such lines.
const hint = /pass|secret|key|token|snmp|auth|ipsec|transceiver|:\/\/|\$|eyJ|bearer|basic|(?<!\w)7\s/i

const freeText = /^[\s+-]{0,80}(?:description|remark|!!)(?:\s|$)/

export const isFreeLine = (line: string): boolean => freeText.test(line)

export function secretsOf(form: SecretForm, line: string): Secret[] {
  // Nearly no form is in a line, and to go through all matches makes a pattern anew.
  if (line.search(form.pattern) < 0) return []
  return [...line.matchAll(form.pattern)].flatMap((match) => {
    const span = match.indices?.groups?.secret
    const value = match.groups?.secret
    if (!span || value === undefined) return []
    const type = match.groups?.type
    return [{ form: form.name, value, from: span[0], to: span[1], kept: form.kept, ...(type ? { type } : {}) }]
  })
}

export function union(line: string, finds: readonly Secret[]): Secret[] {
  const secrets: Secret[] = []
  // The sort is stable: of two finds at one place the form that stands first in the table stays first.
  for (const find of finds.toSorted((a, b) => a.from - b.from)) {
    const last = secrets.at(-1)
    if (!last || last.to <= find.from) secrets.push(find)
    else if (last.to < find.to)
      secrets[secrets.length - 1] = { ...last, to: find.to, value: line.slice(last.from, find.to) }
  }
  return secrets
}

/** The secrets of one line, without a diff's sign or with it, from left to right and never overlapping. */
export function secretsIn(line: string): Secret[] {
  const options = anOption.test(line) ? optionForms : []
  const shapes = options.length > 0 || hint.test(line) ? shapeForms : []
  const commands = shapes.length > 0 && !isFreeLine(line) ? commandForms : []
  return union(
    line,
    [commands, shapes, options].flatMap((forms) => forms.flatMap((form) => secretsOf(form, line))),
  )
}

/** Whether a member of a model of EOS holds a secret, whatever it looks like: `secret`, `communityString`, `sshAuthorizedKey`. */
export function isSecretMember(name: string): boolean {
  return /(?:secret|password|passphrase|communityString|sharedKey|sshAuthorizedKey|authKey|privKey)$/i.test(name)
}

/** Whether a value is what a scrubber left in a secret's place (`show running-config sanitized`, AVD, eosflow itself). */
export function isScrubbed(value: string): boolean {
  return /^<(?:removed|redacted(?::[0-9a-f]{8})?)>$/.test(value)
}
