import type { Clock } from '../../../model/clock.ts'
import type { Command } from '../../../model/command.ts'
import { EosflowError } from '../../../model/error.ts'
import type { AskFence } from '../../../model/fence.ts'
import type { DeviceEntry } from '../session/entry.ts'
import { isPrivileged } from './prompt.ts'
import type { ShellChannel } from './shell-channel.ts'
import type { ShellDialogue } from './shell-dialogue.ts'
import { complaintsIn } from './spoken.ts'

/** How the switch is entered and spoken to. */
export interface SshDeviceOptions extends DeviceEntry {
  readonly clock: Clock
  /** The fence of what writes to it. */
  readonly fence: AskFence
  /** Logs in and opens a shell; called by the first verb, and by the next one after a shell was lost. */
  readonly open: () => Promise<ShellChannel>
  /** A new word for the markers of one shell. */
  readonly nonce: () => string
  /** After how long without a byte an answer counts as lost. */
  readonly silenceMilliseconds: number
}

type Refused = (command: Command, errors: readonly string[]) => EosflowError

/**
 * Waits for the login, enters privileged mode and turns paging and wrapping off. Throws what {@link notEntered} makes of a failure; the
 * shell is closed then.
 */
export async function enterShell(shell: ShellDialogue, entry: DeviceEntry, refused: Refused): Promise<void> {
  try {
    await shell.login()
    await enable(shell, entry, refused)
    await shell.type(['terminal length 0', 'terminal width 32767'], () => undefined)
  } catch (thrown) {
    shell.close()
    throw notEntered(thrown)
  }
}

async function enable(
  shell: ShellDialogue,
  { enable: secret, sendEnable = true }: DeviceEntry,
  refused: Refused,
): Promise<void> {
  if (isPrivileged(shell.prompt)) return
  const why = 'the login is not privileged, and `sendEnable: false` keeps enable from being sent'
  if (!sendEnable) throw refused({ cmd: 'enable' }, [why])
  const command = { cmd: 'enable', ...(secret === undefined ? {} : { input: secret.reveal() }) }
  const said = await shell.enable(secret)
  if (said === 'unanswered')
    throw refused(command, [secret === undefined ? 'it asks for a secret' : 'it does not take the secret'])
  const complaints = complaintsIn(said.lines)
  if (complaints.length > 0 || !isPrivileged(shell.prompt)) throw refused(command, complaints)
}

/** A failure of the login: nothing of a verb was typed yet, so that one that was lost is `unreachable` and may be tried again. */
function notEntered(thrown: unknown): unknown {
  if (!(thrown instanceof EosflowError) || thrown.kind !== 'lost-answer') return thrown
  return new EosflowError('unreachable', `the login was not answered: ${thrown.message.replace(/^.*: /, '')}`, {
    retryable: true,
    hint: 'Log in by hand and see what it prints; a switch takes only so many connections (management ssh).',
    cause: thrown,
  })
}
