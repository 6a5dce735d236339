import { openProject } from '../../../project/files/project.ts'
import { callerOf } from '../../../project/identity/caller-of.ts'
import { keyNamed } from '../../../project/record/keys/list-keys.ts'
import { rotateInstallKey } from '../../../project/record/keys/rotate-install-key.ts'
import { rotateKey } from '../../../project/record/keys/rotate-key.ts'
import type { KeyName } from '../../../project/system/machine/key-files.ts'
import { inputError } from '../../../project/system/process/input-error.ts'
import { withApp } from '../terminal/compose.ts'
import type { Invocation } from '../terminal/io.ts'

/** Puts a new key in place of one of this installation, once that is on record. What the old one has signed stays good here, and nothing new of it. */
export async function run(invocation: Invocation): Promise<number> {
  const { io, args, options, global } = invocation
  const word = args[0] ?? ''
  const reason = typeof options.reason === 'string' ? options.reason.trim() : ''
  if (word === 'install') return rotateInstall(invocation, reason)
  const name = keyNamed(word)
  if (reason === '') throw noReason(name)
  return withApp(
    invocation,
    async ({ app, caller }) => {
      const rotated = await rotateKey(app, caller, name, io.scrubber.scrub(reason))
      const { from, to } = rotated
      io.out(
        global.json
          ? `${JSON.stringify({ version: 1, key: name, ...rotated })}\n`
          : `${name} key ${from} replaced by ${to}\n${NEXT[name]}\n`,
      )
      return 0
    },
    { despiteCheckpointKey: name === 'checkpoint' },
  )
}

async function rotateInstall({ io, global }: Invocation, reason: string) {
  if (reason === '') throw noReason('install')
  const project = openProject(io, global)
  const { principal } = await callerOf(project, io)
  const rotated = await rotateInstallKey(project, io, { ...io, principal }, io.scrubber.scrub(reason))
  const { from, to, wasRotated } = rotated
  if (global.json) io.out(`${JSON.stringify({ version: 1, key: 'install', ...rotated })}\n`)
  else {
    const done = wasRotated ? 'was replaced before by' : 'replaced by'
    io.out(`install key ${from} ${done} ${to}\nBack up the new key; what was made before is read with the old one.\n`)
  }
  return 0
}

const NEXT: Readonly<Record<KeyName, string>> = {
  plan: 'Where others trust it, take its old line out of trust/allowed_signers.\nNext: eosflow key show plan >> trust/allowed_signers',
  server:
    'Where others trust it, take its old line out of trust/allowed_signers.\nNext: eosflow key show server >> trust/allowed_signers',
  checkpoint: 'Those who verify exports need the new public key.\nNext: eosflow key show checkpoint > eosflow.pub',
}

function noReason(name: KeyName | 'install') {
  return inputError(
    '--reason',
    'no-reason',
    'a key is replaced for a reason, which goes on record',
    `eosflow key rotate ${name} --reason "why"`,
  )
}
