import type { App } from '../../app/app.ts'
import { lostKeys } from '../../app/audit/own-signer.ts'
import { ownVerifier } from '../../app/audit/own-verifier.ts'
import { trailOf } from '../../app/audit/trail-of.ts'
import { InputError } from '../../app/input-error.ts'
import { requireAllowed } from '../../app/policy/authority.ts'
import { checkpointKeyId } from '../../journal/audit/checkpoint-key.ts'
import type { JournalEvent } from '../../journal/event.ts'
import { EosflowError } from '../../model/error.ts'
import { problemOf } from '../../model/problem.ts'
import type { KeyChange, KeyName, LostKey } from '../../system/signing-keys.ts'
import type { CommandContext } from '../compose.ts'
import { withApp } from '../compose.ts'
import type { Invocation } from '../io.ts'
import { keyNamed } from '../key-name.ts'
import { sshPrint } from '../key-print.ts'

/** Puts a new key in place of a signing key, once that is on record. What the old one has signed stays good here, and nothing new of it. */
export async function run(invocation: Invocation): Promise<number> {
  const { io, args, options, global } = invocation
  const name = keyNamed(args[0] ?? '')
  const reason = typeof options.reason === 'string' ? options.reason.trim() : ''
  if (reason === '') throw noReason(name)
  return withApp(
    invocation,
    async (context) => {
      const { app, caller } = context
      await requireAllowed(app, caller, 'policy.edit')
      await requireQuiet(context, name)
      const lost = name === 'checkpoint' ? await lostAt(context) : []
      let recorded: Shown | undefined
      const settle = async (change: KeyChange): Promise<number | undefined> => {
        const shown = await shownChange(context, change, lost)
        const record = await recordChange(context, name, shown, io.scrubber.scrub(reason))
        recorded = shown
        if (name !== 'checkpoint') return undefined
        // The old key signs for the record of its own end, and for what another process has written behind that until then.
        await trailOf(app).checkpoint()
        return Math.max(record?.seq ?? 0, (await trailOf(app).newestCheckpoint())?.seq ?? 0)
      }
      const rotated = app.keys.rotate(name, settle, lost)
      const change = await rotated.catch(async (error: unknown) => {
        // A file that is mounted by itself cannot be replaced: what is on record must not say that it was.
        const back = recorded === undefined ? undefined : { from: recorded.to, to: recorded.from }
        if (back !== undefined)
          await recordChange(context, name, back, 'it could not be put in place: the key before it stays')
        throw error
      })
      const answer = { version: 1, key: name, ...(await shownChange(context, change, lost)) }
      io.out(
        global.json
          ? `${JSON.stringify(answer)}\n`
          : `${name} key ${answer.from} replaced by ${answer.to}\n${NEXT[name]}\n`,
      )
      return 0
    },
    { despiteCheckpointKey: name === 'checkpoint' },
  )
}

/** The two keys as the record names them. */
interface Shown {
  readonly from: string
  readonly to: string
}

/** The keys that have signed checkpoints of this store, and are not here. */
async function lostAt({ app }: CommandContext): Promise<readonly LostKey[]> {
  return lostKeys(ownVerifier(app.keys, app.key), await trailOf(app).checkpoints(0))
}

/** What has signed the newest checkpoint is what is replaced: a key that is lost by its key id. */
async function shownChange({ app }: CommandContext, { from, to }: KeyChange, lost: readonly LostKey[]): Promise<Shown> {
  const newest = await trailOf(app).newestCheckpoint()
  const keyId = newest === undefined ? undefined : checkpointKeyId(newest.note)
  const isLost = lost.some((one) => one.keyId === keyId)
  return { from: from === undefined || isLost ? `lost:${keyId}` : sshPrint(from), to: sshPrint(to) }
}

async function recordChange(
  { app, caller }: CommandContext,
  key: KeyName,
  { from, to }: Shown,
  reason: string,
): Promise<JournalEvent | undefined> {
  const event = { type: 'KeyRotated', key, from, to, reason } as const
  return (await app.journalAs(caller.principal).append(undefined, [event]))[0]
}

const NEXT: Readonly<Record<KeyName, string>> = {
  plan: 'Next: where others trust it: eosflow key show plan >> trust/allowed_signers, and take the old line out',
  server: 'Next: where others trust it: eosflow key show server >> trust/allowed_signers, and take the old line out',
  checkpoint: 'Next: for those who verify exports: eosflow key show checkpoint > eosflow.pub',
}

/** Another process signs its checkpoints with the key that it has read. Throws `busy` while one runs. */
async function requireQuiet({ app }: CommandContext, name: KeyName): Promise<void> {
  const running = name === 'checkpoint' ? await runningNow(app) : undefined
  if (running === undefined) return
  throw new EosflowError('busy', `execution ${running} runs, and signs checkpoints with the present key`, {
    hint: `Wait for it: eosflow watch ${running}`,
  })
}

async function runningNow({ store, claims }: App): Promise<string | undefined> {
  for (const id of await store.executionIds()) if (await claims.isClaimed(id)) return id
  return undefined
}

function noReason(name: KeyName): InputError {
  const hint = `eosflow key rotate ${name} --reason "why"`
  return new InputError([
    problemOf('--reason', 'no-reason', 'a key is replaced for a reason, which goes on record', hint),
  ])
}
