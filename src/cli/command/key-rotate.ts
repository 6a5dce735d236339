import type { KeyChange, KeyName } from '../../identity/signing-keys.ts'
import type { JournalEvent } from '../../journal/event.ts'
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
    await requireQuiet(bench, name)
    let recorded: KeyChange | undefined
    const rotated = bench.desk.keys.rotate(name, async (change) => {
      const record = await recordChange(bench, name, change, io.scrubber.scrub(reason))
      recorded = change
      if (name !== 'checkpoint') return undefined
      // The old key signs for the record of its own end, and for nothing behind it.
      await trailOf(bench.desk).checkpoint()
      return record?.seq
    })
    const { from, to } = await rotated.catch(async (error: unknown) => {
      // A file that is mounted by itself cannot be replaced: what is on record must not say that it was.
      const back = recorded === undefined ? undefined : { from: recorded.to, to: recorded.from }
      if (back !== undefined)
        await recordChange(bench, name, back, 'it could not be put in place: the key before it stays')
      throw error
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

async function recordChange(
  { desk }: Bench,
  key: KeyName,
  { from, to }: KeyChange,
  reason: string,
): Promise<JournalEvent | undefined> {
  const event = { type: 'KeyRotated', key, from: sshPrint(from), to: sshPrint(to), reason } as const
  return (await desk.journal.append(undefined, [event]))[0]
}

const NEXT: Readonly<Record<KeyName, string>> = {
  plan: 'Next: where others trust it: eosflow key show plan >> trust/allowed_signers, and take the old line out',
  server: 'Next: where others trust it: eosflow key show server >> trust/allowed_signers, and take the old line out',
  checkpoint: 'Next: for those who verify exports: eosflow key show checkpoint > eosflow.pub',
}

/** Another process signs its checkpoints with the key that it has read. Throws `busy` while one runs. */
async function requireQuiet({ desk }: Bench, name: KeyName): Promise<void> {
  const running = name === 'checkpoint' ? await runningNow(desk) : undefined
  if (running === undefined) return
  throw new EosflowError('busy', `execution ${running} runs, and signs checkpoints with the present key`, {
    hint: `Wait for it: eosflow watch ${running}`,
  })
}

async function runningNow({ store, claims }: Bench['desk']): Promise<string | undefined> {
  for (const id of await store.executionIds()) if (await claims.isClaimed(id)) return id
  return undefined
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
