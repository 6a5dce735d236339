import { InputError } from '../../app/input-error.ts'
import { keyNamed } from '../../app/keys/key-named.ts'
import { rotateKey } from '../../app/keys/rotate-key.ts'
import { problemOf } from '../../model/problem.ts'
import type { KeyName } from '../../system/signing-keys.ts'
import { withApp } from '../compose.ts'
import type { Invocation } from '../io.ts'

/** Puts a new key in place of a signing key, once that is on record. What the old one has signed stays good here, and nothing new of it. */
export async function run(invocation: Invocation): Promise<number> {
  const { io, args, options, global } = invocation
  const name = keyNamed(args[0] ?? '')
  const reason = typeof options.reason === 'string' ? options.reason.trim() : ''
  if (reason === '') throw noReason(name)
  return withApp(
    invocation,
    async ({ app, caller }) => {
      const rotated = await rotateKey(app, caller, name, io.scrubber.scrub(reason))
      const { from, to } = rotated
      if (global.json) io.out(`${JSON.stringify({ version: 1, key: name, ...rotated })}\n`)
      else io.out(`${name} key ${from} replaced by ${to}\n${NEXT[name]}\n`)
      return 0
    },
    { despiteCheckpointKey: name === 'checkpoint' },
  )
}

const NEXT: Readonly<Record<KeyName, string>> = {
  plan: 'Next: where others trust it: eosflow key show plan >> trust/allowed_signers, and take the old line out',
  server: 'Next: where others trust it: eosflow key show server >> trust/allowed_signers, and take the old line out',
  checkpoint: 'Next: for those who verify exports: eosflow key show checkpoint > eosflow.pub',
}

function noReason(name: KeyName): InputError {
  const hint = `eosflow key rotate ${name} --reason "why"`
  return new InputError([
    problemOf('--reason', 'no-reason', 'a key is replaced for a reason, which goes on record', hint),
  ])
}
