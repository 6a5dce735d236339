import type { KeyName } from '../../identity/signing-keys.ts'
import { EosflowError } from '../../model/error.ts'
import { trailOf } from '../audit/trail-of.ts'
import { atBench } from '../bench.ts'
import type { Bench } from '../execution.ts'
import { InputError } from '../failure.ts'
import type { Invocation } from '../io.ts'
import { keyNamed } from '../key-name.ts'
import { sshPrint } from '../key-print.ts'
import { requireAllowed } from '../policy/authority.ts'

/** Puts a new key in place of a signing key, once that is on record. What the old one has signed stays good here, and nothing new of it. */
export async function run(invocation: Invocation): Promise<number> {
  const { io, args, options, global } = invocation
  const name = keyNamed(args[0] ?? '')
  const reason = typeof options.reason === 'string' ? options.reason.trim() : ''
  if (reason === '') throw noReason(name)
  return atBench(invocation, async (bench) => {
    await requireAllowed(bench, 'policy.edit')
    requireQuiet(bench, name)
    const { from, to } = await bench.desk.keys.rotate(name, async (change) => {
      const [was, is] = [sshPrint(change.from), sshPrint(change.to)]
      const event = { type: 'KeyRotated', key: name, from: was, to: is, reason: io.scrubber.scrub(reason) } as const
      const [record] = await bench.desk.journal.append(undefined, [event])
      if (name !== 'checkpoint') return undefined
      // The old key signs for the record of its own end, and for nothing behind it.
      trailOf(bench.desk).checkpoint()
      return record?.seq
    })
    const answer = { version: 1, key: name, from: sshPrint(from), to: sshPrint(to) }
    io.out(
      global.json
        ? `${JSON.stringify(answer)}\n`
        : `${name} key ${answer.from} replaced by ${answer.to}\n${NEXT[name]}\n`,
    )
    return 0
  })
}

const NEXT: Readonly<Record<KeyName, string>> = {
  plan: 'Next: where others trust it: eosflow key show plan >> trust/allowed_signers, and take the old line out',
  server: 'Next: where others trust it: eosflow key show server >> trust/allowed_signers, and take the old line out',
  checkpoint: 'Next: for those who verify exports: eosflow key show checkpoint > eosflow.pub',
}

/** Another process signs its checkpoints with the key that it has read. Throws `busy` while one runs. */
function requireQuiet({ desk }: Bench, name: KeyName): void {
  const running = name === 'checkpoint' ? desk.store.executionIds().find((id) => desk.claims.isClaimed(id)) : undefined
  if (running === undefined) return
  throw new EosflowError('busy', `execution ${running} runs, and signs checkpoints with the present key`, {
    hint: `Wait for it: eosflow watch ${running}`,
  })
}

function noReason(name: KeyName): InputError {
  const hint = `eosflow key rotate ${name} --reason "why"`
  return new InputError([
    {
      code: 'no-reason',
      message: 'a key is replaced for a reason, which goes on record',
      at: { file: '--reason', line: 1, column: 1 },
      hint,
    },
  ])
}
