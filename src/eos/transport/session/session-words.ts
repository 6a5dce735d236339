import type { Command } from '../../../model/command.ts'
import { definedMembers } from '../../../model/defined-members.ts'
import { EosflowError } from '../../../model/error.ts'
import type { Secret } from '../../../model/secret.ts'

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
