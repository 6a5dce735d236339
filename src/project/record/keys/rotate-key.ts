import { checkpointKeyId } from '../../../change/record/audit/chains-checkpoint.ts'
import { EosflowError } from '../../../model/error.ts'
import { asGiven } from '../../../model/install-keys.ts'
import { type AllowedAct, requireAllowed, writeAllowed } from '../../access/policy/authority.ts'
import type { RecordApp } from '../../app/app.ts'
import { lostKeys, ownVerifier } from '../../app/store/own-verifier.ts'
import { trailOf } from '../../history/trail-of.ts'
import type { Caller } from '../../identity/caller-of.ts'
import { sshPrint } from '../../identity/signers/common-server-key.ts'
import type { KeyChange, KeyName, LostKey } from '../../system/machine/key-files.ts'
import { hinted } from '../../system/process/hinted.ts'

export interface RotatedKey {
  readonly from: string
  readonly to: string
}

/** Puts a new key in place of a signing key, once that is on record. What the old one has signed stays good here, and nothing new of it. */
export async function rotateKey(app: RecordApp, caller: Caller, name: KeyName, reason: string): Promise<RotatedKey> {
  const allowed = await requireAllowed(app, caller, 'policy.edit')
  await requireQuiet(app, name)
  const lost = name === 'checkpoint' ? await lostAt(app) : []
  let recorded: RotatedKey | undefined
  const settle = async (change: KeyChange) => {
    const shown = await namesOf(app, change, lost)
    const record = await recordChange(app, caller, allowed, { key: name, ...shown, reason })
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
      await app
        .journalAs(caller.principal)
        .append(undefined, [{ type: 'KeyRotated', key: name, ...back, reason: NOT_PUT }])
    throw error
  })
  return namesOf(app, change, lost)
}

async function lostAt(app: RecordApp) {
  return lostKeys(ownVerifier(app.keys, asGiven(app.key)), await trailOf(app).checkpoints(0))
}

async function namesOf(app: RecordApp, { from, to }: KeyChange, lost: readonly LostKey[]): Promise<RotatedKey> {
  const newest = await trailOf(app).newestCheckpoint()
  const keyId = newest === undefined ? undefined : checkpointKeyId(newest.note)
  const isLost = lost.some((one) => one.keyId === keyId)
  return { from: from === undefined || isLost ? `lost:${keyId}` : sshPrint(from), to: sshPrint(to) }
}

const NOT_PUT = 'it could not be put in place: the key before it stays'

async function recordChange(
  app: RecordApp,
  caller: Caller,
  allowed: AllowedAct,
  change: RotatedKey & { readonly key: KeyName; readonly reason: string },
) {
  return (await writeAllowed(app, caller, allowed, () => [{ type: 'KeyRotated', ...change }]))[0]
}

// Throws `busy` while one runs.
async function requireQuiet(app: RecordApp, name: KeyName) {
  const running = name === 'checkpoint' ? await runningNow(app) : undefined
  if (running === undefined) return
  throw new EosflowError('busy', `execution ${running} runs, and signs checkpoints with the present key`, {
    ...hinted(app, { code: 'wait-for', execution: running }),
  })
}

async function runningNow({ store, claims }: RecordApp) {
  for (const id of await store.executionIds()) if (await claims.isClaimed(id)) return id
  return undefined
}
