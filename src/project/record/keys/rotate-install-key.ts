import { dirname } from 'node:path'
import { KeyRing, keyId, storeKeys } from '../../../change/record/seal/store-keys.ts'
import { type KeyRotation, rotateKey as rotateFile } from '../../../change/record/sqlite/rotate-key.ts'
import { EosflowError } from '../../../model/error.ts'
import { requireAllowed, underSeenPolicy } from '../../access/policy/authority.ts'
import { withFetchedKey } from '../../app/secrets/open-secrets.ts'
import { keysHere, openProjectStore } from '../../app/store/project-store.ts'
import type { DatabaseProject } from '../../files/database-place.ts'
import type { Project } from '../../files/project.ts'
import type { Caller } from '../../identity/caller-of.ts'
import {
  INSTALL_KEY,
  installKeysWith,
  makeNextInstallKey,
  NEXT_INSTALL_KEY,
  readInstallKey,
  segmentFiles,
  settleInstallKey,
} from '../../system/machine/key-files.ts'
import type { Host } from '../../system/process/host.ts'
import { keptFromPrint } from '../../system/process/kept-from-print.ts'
import type { RotatedKey } from './rotate-key.ts'

export interface RotatedInstallKey extends RotatedKey {
  /** Whether an earlier call had rotated the store already, and was ended before it could say so. */
  readonly wasRotated: boolean
}

/** Puts the store of a project under its next install key, once all of it is verified. A file gets a new key beside it; what several machines use has to be on each of them before, so that nobody is shut out. */
export async function rotateInstallKey(
  project: Project,
  given: Host,
  caller: Caller,
  reason: string,
): Promise<RotatedInstallKey> {
  const host = await withFetchedKey(project, given)
  const folder = dirname(project.store)
  const before = keysHere(project, host)
  const { text: present, signing, now } = await admitted(project, host, caller)
  // A file that says the same as the present key is what a killed process has left, and is gone once the store was opened.
  const isSame = before?.key === present && keysHere(project, host)?.next === present
  if (before !== undefined && present === before.next && !isSame)
    return { from: idOf(before.key), to: idOf(present), wasRotated: true }
  const { database } = project
  if (before?.next === undefined) {
    if (database !== undefined || (host.env[INSTALL_KEY.env] ?? '') !== '') throw noNext()
    makeNextInstallKey(folder)
  }
  const installKey = keptFromPrint(host, installKeysWith(readInstallKey(folder, host.env), folder, host.env))
  const { key, next, old } = installKey
  if (next === key || old.some((one) => one === next)) throw notNew(next ?? key)
  const scrub = (text: string) => host.scrubber.scrub(text)
  const asked = { installKey, principal: caller.principal, reason, now, scrub }
  const rotated =
    database === undefined
      ? await rotateFile(project.store, { ...asked, signing }, segmentFiles(folder))
      : await rotateDatabase({ ...project, database }, host, asked)
  settleInstallKey(folder, next ?? key)
  const [from, to] = [idOf(key), idOf(next ?? key)]
  return { from, to, ...rotated, wasRotated: rotated === undefined }
}

async function rotateDatabase(
  project: DatabaseProject,
  host: Host,
  { installKey, ...asked }: Omit<KeyRotation, 'signing'>,
): Promise<RotatedKey | undefined> {
  const { databaseAddress } = await import('../../files/database-place.ts')
  const { rotateKey } = await import('../../../change/record/postgres/rotate-key.ts')
  return rotateKey(databaseAddress(project, host), { ...asked, ring: new KeyRing(installKey) })
}

const idOf = (installKey: string) => keyId(storeKeys(installKey).check)

async function admitted(project: Project, host: Host, caller: Caller) {
  const app = { ...host, ...(await openProjectStore(project, host)) }
  try {
    const judged = await underSeenPolicy(project, app, caller)
    await requireAllowed({ ...app, project: judged }, caller, 'policy.edit')
    await app.clockRule?.require()
    await app.store.verifyChain()
    const now = new Date(app.clock.now()).toISOString()
    return { text: app.key.text, signing: app.keys.readOrMake('checkpoint').key, now }
  } finally {
    await app.store.close()
  }
}

function notNew(key: string) {
  return new EosflowError(
    'store',
    `the next install key ${idOf(key)} is the present one, or an old one: nothing was replaced`,
    {
      hint: `Make another one with: openssl rand -hex 32. It is ${NEXT_INSTALL_KEY.env}, ${NEXT_INSTALL_KEY.file}, or \`nextKey:\` in eosflow.yaml.`,
    },
  )
}

function noNext() {
  return new EosflowError('store', 'there is no next install key here to rotate to', {
    hint: `Make one with: openssl rand -hex 32. Give it to every machine that uses the store, in ${NEXT_INSTALL_KEY.env}, as ${NEXT_INSTALL_KEY.file} (mode 0600), or by \`nextKey:\` in eosflow.yaml; then rotate.`,
  })
}
