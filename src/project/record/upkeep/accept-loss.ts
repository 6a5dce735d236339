import { EosflowError } from '../../../model/error.ts'
import { definedMembers } from '../../../model/json.ts'
import { requireAllowed, writeAllowed } from '../../access/policy/authority.ts'
import type { RecordApp } from '../../app/app.ts'
import type { FoundLostTail } from '../../app/store/missing-records.ts'
import type { Caller } from '../../identity/caller-of.ts'
import { hinted } from '../../system/process/hinted.ts'
import type { WordedHost } from '../../system/process/host.ts'
import { inputError } from '../../system/process/input-error.ts'
import { passClock } from '../../system/process/pass-clock.ts'
import { SERVER_CLAIM } from '../../system/process/server-claim.ts'

interface Acceptance {
  readonly reason: string
  readonly scanned: string | undefined
}

export interface AcceptedLoss {
  readonly records: number
  /** What was known to be missing; absent where nothing vouches for a record that is. */
  readonly lost?: FoundLostTail
  readonly open: readonly string[]
}

/** Accepts that a database was put back to an earlier time, or that a file was restored and what was begun under keys since the backup is not known. From then on every lease ends, no approval and no task token from before counts, and what was open is not gone on with unless a person says so (docs/adr/0052). */
export async function acceptLoss(
  app: RecordApp,
  caller: Caller,
  { reason, scanned }: Acceptance,
): Promise<AcceptedLoss> {
  const { shared, store } = app
  const devices = app.project.inventory().devices.map(({ name }) => name)
  const allowed = await requireAllowed(app, caller, 'device.unlock', { devices })
  if (shared === undefined && (await store.restored())?.keys !== 'in doubt') throw nothingToAccept(app)
  const lost = await shared?.lostTail()
  if (lost !== undefined && scanned !== lost.code) throw notScanned(app, scanned)
  const open = (await store.openExecutions()).map(({ id }) => id)
  const others = await othersIn(app, open)
  if (others.length > 0) throw othersAtWork(app, others)
  await passClock(app.clockRule, caller)
  const records = (await store.head()).seq
  const event = {
    type: 'StoreRestored',
    principal: caller.principal,
    reason,
    records,
    ...(lost !== undefined && lost.through > records ? { lost: lost.through } : {}),
    open,
  } as const
  await writeAllowed(app, caller, allowed, (by) => [{ ...event, ...by }])
  await app.audit?.checkpoint()
  return { records, open, ...definedMembers({ lost }) }
}

async function othersIn(
  { shared, claims, project }: Pick<RecordApp, 'shared' | 'claims' | 'project'>,
  open: readonly string[],
) {
  if (shared !== undefined) {
    const { workers } = shared
    const ttl = project.settings.workers.ttl * 1000
    const living = (await workers.list()).filter(({ dead, age }) => dead === undefined && age <= ttl)
    return living.map(({ id }) => id).filter((id) => id !== workers.own)
  }
  const names = [...open, SERVER_CLAIM]
  const claimed = await Promise.all(names.map((name) => claims.isClaimed(name)))
  return names.filter((_, index) => claimed[index] === true)
}

function notScanned(app: WordedHost, scanned: string | undefined) {
  const what =
    scanned === undefined
      ? 'records are missing, and nobody has looked at the switches'
      : `${scanned} is not what the newest scan has said: more is missing by now`
  return new EosflowError('refused', what, hinted(app, { code: 'scan-then-accept' }))
}

function othersAtWork(app: WordedHost, ids: readonly string[]) {
  return new EosflowError('busy', `other processes have the store open: ${ids.join(', ')}`, {
    ...hinted(app, { code: 'end-processes' }),
    retryable: true,
  })
}

function nothingToAccept({ words }: WordedHost) {
  const what = 'nothing is to be accepted: the store of this project is a file, and was not restored from a backup'
  return inputError('eosflow.yaml', 'no-database', what, words({ code: 'name-backup' }))
}
