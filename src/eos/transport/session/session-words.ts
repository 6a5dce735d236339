import type { Command } from '../../../model/command.ts'
import { EosflowError } from '../../../model/error.ts'
import { definedMembers } from '../../../model/json.ts'
import type { Secret } from '../../../model/secret.ts'
import { redact, shortSecretsIn } from '../../config/secrets/secrets.ts'
import type { SaidLine, StageResult } from '../../device/device.ts'

/** How a switch is entered, and what it is told and never repeats, over either transport. */
export interface DeviceEntry {
  readonly name: string
  readonly enable?: Secret
  /**
   * Whether privileged mode is entered with `enable` (the default): by each eAPI request, over SSH where the login is not privileged.
   * Command authorization may deny it to users who need none (docs/eos.md 1.5).
   */
  readonly sendEnable?: boolean
  readonly announce?: string
  readonly secrets?: readonly string[]
}

/** The same error with the switch's name on it; what is not an {@link EosflowError} passes as it is. */
export function onDevice(thrown: unknown, device: string): unknown {
  if (!(thrown instanceof EosflowError) || thrown.device !== undefined) return thrown
  const { kind, message, retryable, command, hint, cause } = thrown
  return new EosflowError(kind, `${device}: ${message}`, {
    device,
    retryable,
    ...definedMembers({ command, hint, cause }),
  })
}

/** A diff as a switch prints it: no difference prints nothing, a blank line, or the two header lines alone (docs/eos.md 3.1). */
export function printedDiff(diff: string): string {
  const body = diff.split('\n').filter((line) => !line.startsWith('--- ') && !line.startsWith('+++ '))
  return body.every((line) => line.trim() === '') ? '' : diff
}

/** How EOS says that it did not do what it was told (docs/eos.md 5.3). */
export const PERCENT = /^\s*%/

/** `copy` and its like report trouble inside the messages of a successful result (docs/eos.md 1.3). */
export const COPY_COMPLAINT = /^\s*%|\b(?:error|invalid|failed|cannot|denied|abort(?:ed)?|no space)\b/i

/** Lists the checkpoints; EOS shows them as text only (recorded on 4.25). */
export const SHOW_CHECKPOINTS = 'show configuration checkpoints'

/** Throws `bug` for what is no name of one. */
export function deleteCheckpoint(name: string): Command {
  return { cmd: `delete checkpoint:${nameWord(name)}` }
}

/** The command that prints what the next boot loads (EOS manual, Upgrades and Downgrades). */
export const SHOW_BOOT: Command = { cmd: 'show boot-config' }

/** What types `boot` lines outside any session and then prints what is in force; without lines it only prints. */
export function bootScript(lines: readonly string[]): readonly Command[] {
  const typed = lines.length === 0 ? [] : ['configure', ...lines, 'end']
  return [...typed.map((cmd) => ({ cmd })), SHOW_BOOT]
}

const LONGEST = 200

/** Writes a line into the switch's own log: who changes it, and by which execution (`send log`, as ANTA sends it to real switches). */
export function announcement(text: string): Command {
  const words = text.replace(/[^A-Za-z0-9 ._:@/+=,()-]/g, '_').slice(0, LONGEST)
  return { cmd: `send log level informational message ${words}` }
}

// A name that cannot carry a second word into the command line.
const NAME = /^[A-Za-z0-9][\w.-]*$/
const DAY = 86_400

/** Throws `bug` for anything else. */
export function nameWord(name: string): string {
  if (!NAME.test(name)) throw new EosflowError('bug', `not the name of a config session or checkpoint: ${name}`)
  return name
}

/** `hh:mm:ss`, the argument of `commit timer` (docs/eos.md 2.1). */
export function timerWord(seconds: number): string {
  if (!Number.isInteger(seconds) || seconds < 1 || seconds >= DAY) {
    throw new EosflowError('bug', `not a commit timer between 1 second and a day: ${seconds}`)
  }
  const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60]
  return parts.map((part) => String(part).padStart(2, '0')).join(':')
}

/**
 * The exclusive lock on configuration (docs/eos.md 2.1): while one CLI holds it, no other enters a config mode or a session. Taken
 * without a name, so that it ends with the CLI that took it [inferred]: that of a named transaction would outlive a controller that
 * is killed, and keep everybody out.
 */
export const CONFIGURE_LOCK = 'configure lock'
export const CONFIGURE_UNLOCK = 'configure unlock'

/** Its exact words are not known, so that any refusal of the lock means it. */
export function lockedOut(device: string, errors: readonly string[], secrets: readonly string[]): EosflowError {
  const said = errors.map((text) => scrubbedText(text.trim(), { cmd: CONFIGURE_LOCK }, secrets)).join('; ')
  return new EosflowError('busy', `${device}: the configuration cannot be locked: ${said}`, {
    device,
    command: CONFIGURE_LOCK,
    hint: 'Wait until the lock is given back, or switch `configureLock` off in eosflow.yaml where the switch does not know it.',
  })
}

// What the CLI prints at a command that reads a text, which is no word about the change (docs/eos.md 5.3).
const READS_TEXT = /^Enter TEXT message|type 'EOF'/i

/** What a switch printed at each command of a change, in the form of {@link StageResult}. `printed` are its lines, by command. */
export function saidAt(
  commands: readonly Command[],
  printed: readonly (readonly string[])[],
  secrets: readonly string[],
): Pick<StageResult, 'said'> {
  const said = commands.flatMap((command, at): SaidLine[] => {
    const lines = (printed[at] ?? []).map((line) => line.trim()).filter((line) => line !== '' && !READS_TEXT.test(line))
    if (lines.length === 0) return []
    return [{ at: at + 1, text: lines.map((line) => redact(scrubbedText(line, command, secrets))).join('\n') }]
  })
  return said.length === 0 ? {} : { said }
}

export interface SwitchRefusal {
  readonly device: string
  readonly command: Command
  readonly errors: readonly [string, ...string[]]
  /** Values that the message must not repeat, besides those of the command itself. */
  readonly secrets: readonly string[]
  /** Which line of the change it was, counted from 1; absent for eosflow's own commands. */
  readonly line?: number
}

/** The error `refused`: the switch's own words and the line they are about, without any secret of either. */
export function refusal({ device, command, errors, secrets, line }: SwitchRefusal): EosflowError {
  const shown = scrubbedCommand(command)
  const said = errors.map((text) => redact(scrubbedText(text.trim(), command, secrets))).join('; ')
  const what = line === undefined ? `'${shown}'` : `line ${line} of the change, '${shown}'`
  const ofLine = command.cmd.trim() === 'maintenance' ? NO_MAINTENANCE : CORRECT
  const hint = line === undefined ? hintFor(command) : ofLine
  return new EosflowError('refused', `${device} refused ${what}: ${said}`, {
    device,
    command: shown,
    ...definedMembers({ hint }),
  })
}

const NO_MAINTENANCE =
  'This EOS has no maintenance mode on this switch. Drain it by its routes instead: the bundled workflow drain-spine does.'
const CORRECT = 'Correct it where the change is written: under `change:` in the workflow, or in its template.'

function hintFor({ cmd, input }: Command): string | undefined {
  if (cmd !== 'enable') return undefined
  return input === undefined
    ? 'Give the enable secret with the credentials, or use a user whose role enters privileged mode.'
    : 'Check the enable secret of the credentials.'
}

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
