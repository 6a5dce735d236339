import type { Command } from '../../model/command.ts'

const REDACTED = '<redacted>'

/** A word after which the rest of a command line may be a secret, in every form that EOS writes (security 5.3). */
const SECRET_WORD = /^(?:.*(?:secret|password|passphrase)|(?:.*-)?key|key-string|md5|sha\d*|localized)$/i

/** Words that announce a secret only in SNMP and VRRP lines: `send-community` and `set community` are none. */
const SECRET_WORD_HERE: Readonly<Record<string, RegExp>> = {
  'snmp-server': /^(?:community|auth|priv)$/i,
  vrrp: /^authentication$/i,
}

/** A command line as it may stand in a message: whatever follows a word that announces a secret is left out. */
export function scrubbedCommand({ cmd }: Command): string {
  const words = cmd.trim().split(/\s+/)
  const at = secretWordAt(words)
  return at < 0 || at === words.length - 1 ? words.join(' ') : [...words.slice(0, at + 1), REDACTED].join(' ')
}

/**
 * A switch's words about a command as they may stand in a message. EOS repeats parts of the command, and may echo what
 * was fed to its prompts (pyeapi scrubs `input=` from error 1005 for that reason): neither the secret words of the
 * command nor its input are repeated.
 */
export function scrubbedText(text: string, command: Command, secrets: readonly string[]): string {
  const words = command.cmd.trim().split(/\s+/)
  const at = secretWordAt(words)
  const values = at < 0 ? [] : words.slice(at + 1)
  const input = command.input === undefined ? [] : [command.input, ...command.input.split('\n')]
  const hidden = [...values, ...input, ...secrets].filter((value) => value.length > 2)
  return hidden
    .toSorted((a, b) => b.length - a.length)
    .reduce((safe, value) => safe.replaceAll(value, REDACTED), text)
    .replaceAll(/\binput=(?:'[^']*'|"[^"]*"|\S+)/g, `input=${REDACTED}`)
}

function secretWordAt(words: readonly string[]): number {
  const here = SECRET_WORD_HERE[words[0]?.toLowerCase() ?? '']
  return words.findIndex((word) => SECRET_WORD.test(word) || here?.test(word) === true)
}
