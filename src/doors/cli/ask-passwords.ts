import type { CredentialSource } from '../../change/inventory/credentials.ts'
import { EosflowError } from '../../model/error.ts'
import { problemOf } from '../../model/problem.ts'
import { Secret } from '../../model/secret.ts'
import { InputError } from '../../project/system/process/input-error.ts'
import { visibleLine } from '../../report/text/visible.ts'
import { commandName } from './option/command.ts'
import type { GlobalOptions, Io } from './terminal/io.ts'

/** Commands that log in for others, or at a time when nobody sits at their terminal. */
const FOR_OTHERS: readonly string[] = ['serve', 'worker', 'mcp', 'schedule run']

/** Refuses to ask for passwords where nobody can answer. `usage`: the command, as its help has it. Throws InputError. */
export function requireSomebodyToAsk(
  usage: string,
  { interactive }: Pick<Io, 'interactive'>,
  { detach }: Readonly<Record<string, unknown>>,
): void {
  const command = commandName({ usage })
  const why = FOR_OTHERS.includes(command)
    ? `\`eosflow ${command}\` logs in when nobody is at its terminal`
    : detach === true
      ? '--detach never asks'
      : interactive
        ? undefined
        : 'there is no terminal to ask at'
  if (why !== undefined) throw nobodyToAsk(why)
}

function nobodyToAsk(why: string): InputError {
  const hint = 'Give each credential a source in inventory.yaml: `password: ${file:/path}`, or what a program prints.'
  return new InputError([problemOf('--ask-password', 'nobody-to-ask', why, hint)])
}

/**
 * Asks for the password of each credential of the inventory that has neither a password nor a key, once, before anything is contacted: no switch waits
 * for a person, and what is printed or recorded afterwards is scrubbed of it. `passwords` takes them, for this process alone. Throws `secret`
 * where none is typed, `cancelled` at an interrupt, and InputError.
 */
export async function askPasswords(io: Io, global: GlobalOptions, passwords: Map<string, Secret>): Promise<void> {
  // What a project is read with takes longer to load than many a command takes.
  const { findProject } = await import('../../project/files/project.ts')
  const project = findProject(io, global)
  if (project !== undefined && project.settings.workers.dispatch !== 'in-process')
    throw nobodyToAsk('the settings have workers drive changes, and nobody is at their terminals')
  const credentials = project?.inventory().credentials ?? {}
  const asked = Object.entries(credentials).filter(([, { asked: name }]) => name !== undefined)
  if (asked.length === 0) io.err('--ask-password: nothing is asked: each credential of the inventory has its source.\n')
  for (const [name, source] of asked) {
    const password = await askOne(io, name, source)
    io.scrubber.register(password, `the password of ${name}`)
    passwords.set(name, password)
  }
}

async function askOne(io: Io, name: string, { username }: CredentialSource): Promise<Secret> {
  const typed = await io.ask(visibleLine(`Password of ${username} (${name}): `), undefined, 'unseen')
  if (typed !== undefined && typed !== '') return new Secret(typed)
  if (io.stop.aborted) throw new EosflowError('cancelled', 'stopped before a password was typed')
  throw new EosflowError('secret', `no password was typed for the credential ${name}; nothing was contacted`)
}
