import { chmodSync, constants, copyFileSync, existsSync, mkdirSync, rmSync, statSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import type { CheckpointVerifier } from '../../../change/record/audit/chains-checkpoint.ts'
import { chainsTestimonyOf, faultWith } from '../../../change/record/audit/chains-testimony.ts'
import type { ChainsTrail } from '../../../change/record/chains/read-trail.ts'
import { BrokenChainError } from '../../../change/record/seal/chain.ts'
import { KeyRing } from '../../../change/record/seal/store-keys.ts'
import { replaceStore } from '../../../change/record/sqlite/database-file.ts'
import { lookAtRecords, readChainsFile } from '../../../change/record/sqlite/read-chains.ts'
import { codeOf, EosflowError } from '../../../model/error.ts'
import { definedMembers } from '../../../model/json.ts'
import { shellWord } from '../../../report/shell-word.ts'
import { requireAllowed, underSeenPolicy, writeAllowed } from '../../access/policy/authority.ts'
import { requireFileStore } from '../../app/store/file-store.ts'
import type { AnchorFile } from '../../app/store/lost-store.ts'
import { ownVerifier } from '../../app/store/own-verifier.ts'
import { openProjectStore, type ProjectStoreOptions, requireNotMoved } from '../../app/store/project-store.ts'
import type { Project } from '../../files/project.ts'
import type { Caller } from '../../identity/caller-of.ts'
import { installKeysWith, readInstallKey, segmentFiles, signingKeys } from '../../system/machine/key-files.ts'
import { hinted } from '../../system/process/hinted.ts'
import type { Host, WordedHost } from '../../system/process/host.ts'
import { inputError } from '../../system/process/input-error.ts'
import { syncFile } from '../../system/process/new-file.ts'
import { passClock } from '../../system/process/pass-clock.ts'
import { noSeams } from '../../system/process/seams.ts'
import { PRIVATE } from '../../system/process/unlinked-file.ts'

interface RestoreOptions {
  readonly file: string
  readonly reason: string
  readonly setsAside: boolean
  readonly anchors: readonly AnchorFile[]
}

export interface RestoreResult {
  readonly records: number
  readonly open: readonly string[]
  readonly aside?: string
  readonly lost?: LostHistory
  readonly missing: readonly string[]
  readonly isComplete: boolean
}

/** Throws `store` for a backup that does not verify, or of a store that was moved into a database, `refused` where a store with records is at the place and is not to be moved aside, `busy` while another process has that open, `not-authorised`, and InputError for a file that cannot be read. */
export async function restore(
  project: Project,
  host: Host,
  caller: Caller,
  { file, reason, setsAside, anchors }: RestoreOptions,
): Promise<RestoreResult> {
  requireFileStore(project)
  const from = resolve(host.cwd, file)
  requireFile(host, from, file, project.store)
  requireNotMoved(project.store, from)
  const folder = dirname(project.store)
  const key = installKeysWith(readInstallKey(folder, host.env), folder, host.env)
  const verifier = ownVerifier(signingKeys(folder, host.env), key)
  const backup = await readChainsFile(from, new KeyRing(key), segmentFiles(folder))
  const { fault, span } = backup.chains
  if (fault !== undefined) throw new BrokenChainError(fault)
  if (!backup.keyed) throw new EosflowError('store', `${file} was written under another key`, { hint: KEYS })
  const present = isThere(project.store) ? await presentAt(project.store, backup) : undefined
  const lost = lostBehind(backup, { file, anchors }, present, verifier)
  const records = span.newest
  const missing = backup.missing.map((segment) => segment.file)
  requirePlace(host, project.store, present, setsAside)
  const draft = join(folder, `.${basename(project.store)}.restoring`)
  try {
    copyBeside(from, draft, project.store)
    const draftProject = { ...project, store: draft }
    const isComplete = present?.isSame === true && lost === undefined
    const open = await madeReady(draftProject, host, caller, { reason, records, lost, isComplete })
    const stamp = new Date((host.seams ?? noSeams).clock.now()).toISOString().replaceAll(/[-:]|\.\d+/g, '')
    const aside = `${project.store}.before-${stamp}`
    if (existsSync(aside))
      throw new EosflowError('refused', `${aside} is there already`, { hint: 'Restore again in a second.' })
    syncFile(draft)
    replaceStore(project.store, draft, aside)
    syncFile(folder)
    return {
      records,
      missing,
      open,
      isComplete,
      ...(present === undefined ? {} : { aside }),
      ...definedMembers({ lost }),
    }
  } finally {
    for (const suffix of ['', '-wal', '-shm']) rmSync(draft + suffix, { force: true })
  }
}

const KEYS = 'Give the EOSFLOW_KEY or the install.key that the store was made with.'

export async function madeReady(
  project: Project,
  host: Host,
  caller: Caller,
  {
    reason,
    records,
    lost,
    isComplete,
  }: Pick<RestoreResult, 'records' | 'isComplete'> & {
    readonly reason: string
    readonly lost: LostHistory | undefined
  },
  options: ProjectStoreOptions = {},
): Promise<readonly string[]> {
  const app = { ...host, ...(await openProjectStore(project, host, options)) }
  try {
    const judged = await underSeenPolicy(project, app, caller)
    const devices = judged.inventory().devices.map(({ name }) => name)
    const allowed = await requireAllowed({ ...app, project: judged }, caller, 'device.unlock', { devices })
    await passClock(app.clockRule, caller)
    const open = (await app.store.openExecutions()).map(({ id }) => id)
    const event = {
      type: 'StoreRestored',
      principal: caller.principal,
      reason,
      records,
      ...definedMembers({ lost: lost?.through }),
      open,
      ...(isComplete ? {} : { keys: 'in doubt' as const }),
    } as const
    await writeAllowed(app, caller, allowed, (by) => [{ ...event, ...by }])
    await app.audit?.checkpoint()
    return open
  } finally {
    await app.store.close()
  }
}

function isThere(path: string) {
  return (statSync(path, { throwIfNoEntry: false })?.size ?? 0) > 0
}

function requireFile(host: WordedHost, path: string, shown: string, store: string) {
  const found = statSync(path, { throwIfNoEntry: false })
  const fault = found === undefined ? 'there is no such file' : found.isFile() ? undefined : 'this is no file'
  const same = path === store ? 'this is the store itself' : undefined
  const message = fault ?? same
  if (message === undefined) return
  throw inputError(shown, 'no-such-file', message, host.words({ code: 'name-backup' }))
}

function requirePlace(host: WordedHost, path: string, present: ExistingStore | undefined, setsAside: boolean) {
  if (present === undefined || present.records === 0 || setsAside) return
  const what =
    present.records === undefined ? 'something that is no readable store' : `a store of ${present.records} records`
  throw new EosflowError(
    'refused',
    `there is ${what} at ${path}: it is not written over`,
    hinted(host, { code: 'set-store-aside' }),
  )
}

function copyBeside(from: string, draft: string, store: string) {
  try {
    mkdirSync(dirname(store), { recursive: true, mode: 0o700 })
    copyFileSync(from, draft, constants.COPYFILE_EXCL)
    chmodSync(draft, PRIVATE)
  } catch (cause) {
    const code = codeOf(cause)
    const hint =
      code === 'EEXIST'
        ? `Another restore runs, or was killed. Where none runs: rm ${shellWord(draft)}`
        : 'Check the folder of the store, its rights and its disk.'
    throw new EosflowError('store', `the backup cannot be copied beside the store (${code})`, { hint, cause })
  }
}

interface LostHistory {
  readonly through: number
  readonly by: string
}

interface ExistingStore {
  readonly records?: number
  readonly isSame: boolean
}

async function presentAt(path: string, { chains }: ChainsTrail): Promise<ExistingStore> {
  try {
    const heads = chains.chains.map((chain) => chains.head(chain))
    const { origin, newest, isOther } = await lookAtRecords(path, heads)
    return { records: newest, isSame: origin === chains.origin && !isOther }
  } catch (error) {
    if (error instanceof EosflowError && error.kind === 'store') return { isSame: false }
    throw error
  }
}

function lostBehind(
  { chains, notes }: ChainsTrail,
  { file, anchors }: { readonly file: string; readonly anchors: readonly AnchorFile[] },
  present: ExistingStore | undefined,
  verifier: CheckpointVerifier,
) {
  const { origin, span } = chains
  const heard = (place: string, given: typeof notes) => chainsTestimonyOf(given, place, { origin, verifier }).witnesses
  const witnesses = [
    ...heard(file, notes),
    ...anchors.flatMap((anchor) =>
      heard(
        anchor.file,
        anchor.notes.map((note) => ({ note })),
      ),
    ),
  ]
  const fault = faultWith(
    chains,
    witnesses.filter(({ seq }) => seq <= span.newest),
  )
  if (fault !== undefined) throw new BrokenChainError(fault)
  const vouched = witnesses
    .filter(({ seq }) => seq > span.newest)
    .map(({ seq, place }): LostHistory => ({ through: seq, by: place }))
  const { isSame = false, records = 0 } = present ?? {}
  const own = isSame && records > span.newest ? [{ through: records, by: 'the store that was there' }] : []
  return [...own, ...vouched].toSorted((one, other) => other.through - one.through)[0]
}
