import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { CheckpointVerifier } from '../../../change/record/audit/chains-checkpoint.ts'
import type { ChainsTrail } from '../../../change/record/chains/read-trail.ts'
import { copyIn } from '../../../change/record/postgres/copy-in.ts'
import { addressWords } from '../../../change/record/postgres/server-config.ts'
import { BrokenChainError, MissingSegmentError } from '../../../change/record/seal/chain.ts'
import { KeyRing } from '../../../change/record/seal/store-keys.ts'
import { segmentFolder } from '../../../change/record/segment-folder.ts'
import {
  type ClosedStore,
  closedStoreAt,
  closeMoved,
  movingOut,
  openExecution,
} from '../../../change/record/sqlite/move-out.ts'
import { EosflowError } from '../../../model/error.ts'
import { asGiven, type InstallKeys } from '../../../model/install-keys.ts'
import { requireAllowed, underSeenPolicy } from '../../access/policy/authority.ts'
import type { AnchorFile } from '../../app/store/lost-store.ts'
import { ownVerifier } from '../../app/store/own-verifier.ts'
import { broughtHere, openProjectDatabase } from '../../app/store/project-database.ts'
import { noteMoved, openProjectFile } from '../../app/store/project-store.ts'
import { type DatabaseProject, databaseAddress } from '../../files/database-place.ts'
import type { Caller } from '../../identity/caller-of.ts'
import { segmentFiles } from '../../system/machine/key-files.ts'
import type { Host } from '../../system/process/host.ts'
import { inputError } from '../../system/process/input-error.ts'
import { passClock } from '../../system/process/pass-clock.ts'
import { noSeams } from '../../system/process/seams.ts'
import { judgedTrail } from '../audit/judge-chains.ts'

export type MoveStep = 'verified' | 'made' | 'copied' | 'closed' | 'here'

interface MoveOptions {
  readonly file: string
  readonly reason: string
  readonly anchors: readonly AnchorFile[]
  readonly make?: () => Promise<unknown>
  readonly heed?: (step: MoveStep) => void | Promise<void>
}

export interface MovedStore {
  readonly to: string
  readonly id: string
  readonly records: number
  readonly wasClosed: boolean
  readonly keys: string
}

/** Throws `refused` while an execution is open, `busy` while another process has the file open, `not-authorised`, `store`, BrokenChainError, and InputError where there is no such file. */
export async function moveStore(
  project: DatabaseProject,
  host: Host,
  caller: Caller,
  { file, reason: given, anchors, make = async () => undefined, heed = () => undefined }: MoveOptions,
): Promise<MovedStore> {
  const address = databaseAddress(project, host)
  const keys = dirname(project.store)
  const to = addressWords(address)
  const ended = async (closed: ClosedStore, wasClosed: boolean): Promise<MovedStore> => {
    await broughtHere(address, closed)
    await heed('here')
    return { to, id: closed.origin, records: closed.record.pos - 1, wasClosed, keys }
  }
  const before = closedStoreAt(file)
  if (before !== undefined) {
    noteMoved(file, before.origin, before)
    return ended(before, true)
  }
  // A store that is opened where none is would be made, and a new one would be moved in place of the one that was meant.
  if (!existsSync(file)) throw noFile(file)
  const asked = await requested(project, host, caller, file)
  const installKey = asGiven(asked.key)
  const ring = new KeyRing(installKey)
  const { copy, whole } = await movingOut(file, ring, segmentFiles(dirname(file)), async (store) => {
    const verifier = ownVerifier(asked.keys, installKey)
    requireSound(store.trail, { file, host, anchors, installKey, verifier })
    await heed('verified')
    await make()
    await heed('made')
    return { copy: await copyIn(address, store, ring), whole: store.whole }
  })
  await heed('copied')
  const { principal } = caller
  await closeMoved(file, installKey, whole, {
    // The keys of the store are known only now, and the reason may repeat one.
    event: { type: 'StoreMovedTo', principal, reason: host.scrubber.scrub(given), copy, to, ...asked.allowed },
    principal,
    now: asked.now,
    signing: asked.keys.readOrMake('checkpoint').key,
    scrub: (text) => host.scrubber.scrub(text),
  })
  const closed = closedStoreAt(file)
  if (closed === undefined) throw new EosflowError('bug', `${file} was not closed`)
  noteMoved(file, closed.origin, closed)
  await heed('closed')
  const moved = await ended(closed, false)
  await openedOnce(project, host)
  return moved
}

function noFile(file: string) {
  const hint = 'Name the file of the store; `.` is the one of the project.'
  return inputError(file, 'no-file', 'there is no such file', hint)
}

async function requested(project: DatabaseProject, host: Host, caller: Caller, file: string) {
  const { database: _, ...own } = project
  const at = { ...own, store: file }
  const app = { ...host, ...(await openProjectFile(at, host)) }
  try {
    const judged = await underSeenPolicy(at, app, caller)
    const devices = judged.inventory().devices.map(({ name }) => name)
    const { rules, policy } = await requireAllowed({ ...app, project: judged }, caller, 'device.unlock', { devices })
    await passClock(app.clockRule, caller)
    const open = (await app.store.openExecutions()).map(({ id }) => id)
    if (open.length > 0) throw openExecution(open)
    await app.audit?.checkpoint()
    const now = new Date(app.clock.now()).toISOString()
    return { key: app.key, keys: app.keys, now, allowed: policy === null ? {} : { rules, policy } }
  } finally {
    await app.store.close()
  }
}

interface Verified {
  readonly file: string
  readonly host: Host
  readonly anchors: readonly AnchorFile[]
  readonly installKey: InstallKeys
  readonly verifier: CheckpointVerifier
}

// Throws what `audit verify` finds.
function requireSound(trail: ChainsTrail, { file, host, anchors, ...evidence }: Verified) {
  const now = (host.seams ?? noSeams).clock.now()
  const { fault, missing } = judgedTrail(trail, file, evidence, {
    verifier: undefined,
    anchors,
    now,
    words: host.words,
  })
  if (fault !== undefined) throw new BrokenChainError(fault)
  const [gone] = missing
  if (gone !== undefined) throw new MissingSegmentError(join(segmentFolder(file), gone.file), gone)
}

async function openedOnce(project: DatabaseProject, host: Host) {
  const { store } = await openProjectDatabase(project, host, {})
  await store.close()
}
