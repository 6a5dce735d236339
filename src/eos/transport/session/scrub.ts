import type { Command } from '../../../model/command.ts'
import { shortSecretsIn } from '../../config/secrets/short-secrets.ts'

const REDACTED = '<redacted>'

// A word after which the rest of a command line may be a secret, in every form that EOS writes (docs/security.md#two-layers).
const BEFORE_SECRET =
  /^(?:.*(?:secret|password|passphrase)|(?:.*-)?key|key-string|md5|sha\d*|localized|bearer|basic|-u)$/i

// Words that announce a secret only at the beginning of such a line: `send-community` and `set community` do not.
const BEFORE_SECRET_HERE: Readonly<Record<string, RegExp>> = {
  'snmp-server': /^(?:community|host|auth|priv)$/i,
  service: /^unsupported-transceiver$/i,
  vrrp: /^authentication$/i,
}

// A word that holds a secret itself: a hash, an option of TerminAttr, a URL with a password.
const HOLDS_SECRET = /^\$\w{1,3}\$|auth=|:\/\/[^/]*@/i

/** A command line as it may stand in a message: whatever may be a secret, and all that follows it, is left out. */
export function scrubbedCommand({ cmd }: Command): string {
  const { open, hidden } = secretsIn(cmd)
  return hidden.length === 0 ? open.join(' ') : [...open, REDACTED].join(' ')
}

/** EOS repeats parts of the command, and may echo what was fed to its prompts (pyeapi scrubs `input=` from error 1005 for that reason): neither the secret words of the command nor its input are repeated. */
export function scrubbedText(text: string, command: Command, secrets: readonly string[]): string {
  const input = command.input === undefined ? [] : [command.input, ...command.input.split('\n')]
  const values = [...secretsIn(command.cmd).hidden, ...input, ...secrets].filter((value) => value.length > 2)
  return values
    .toSorted((a, b) => b.length - a.length)
    .reduce((safe, value) => safe.replaceAll(value, REDACTED), text)
    .replaceAll(/\binput=(?:'[^']*'|"[^"]*"|\S+)/g, `input=${REDACTED}`)
}

function secretsIn(cmd: string) {
  const line = cmd.trim()
  const words = line.split(/\s+/)
  const shortened = shortSecretsIn(line).map(({ from }) => line.slice(0, from).trimEnd().split(/\s+/).length)
  const here = BEFORE_SECRET_HERE[words[0]?.toLowerCase() ?? '']
  const before = words.findIndex((word) => BEFORE_SECRET.test(word) || here?.test(word) === true)
  const holds = words.findIndex((word) => HOLDS_SECRET.test(word))
  const from = Math.min(before < 0 ? words.length : before + 1, holds < 0 ? words.length : holds, ...shortened)
  return { open: words.slice(0, from), hidden: words.slice(from) }
}
