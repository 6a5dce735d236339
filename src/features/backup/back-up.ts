import { readState } from '../../change/engine/fold.ts'
import { changedSwitches } from '../../change/engine/outcome.ts'
import type { InventoryDevice } from '../../change/inventory/inventory.ts'
import { keyedPlaceholder, redact } from '../../eos/config/secrets/secrets.ts'
import { comparableText } from '../../eos/config/vlan-sets.ts'
import { hmac, sha256 } from '../../model/digest.ts'
import {
  type AllowedAct,
  type PolicyContext,
  requireAllowed,
  writeAllowed,
} from '../../project/access/policy/authority.ts'
import type { App, RecordApp } from '../../project/app/app.ts'
import { executionNamed } from '../../project/history/executions/list-executions.ts'
import type { Caller } from '../../project/identity/caller-of.ts'
import { encryptWithAge } from '../../project/secret/age.ts'
import { readAllThatAnswer } from '../../project/switches/connect/open-fleet.ts'
import { type ConfirmedConfig, confirmedConfigs } from '../../project/switches/drift/drift-of-switches.ts'
import { chosenDevices } from '../../project/switches/inventory/tell-warnings.ts'
import { requireOwnFiles } from '../../project/system/process/file-names.ts'
import type { BackedUpSwitch, Backup, BackupEntry, BackupForm } from '../../report/backup/formats.ts'
import { aloneIn, BackupFolder, backupDigest, backupTree, fileOf, isSameEntry } from './backup-folder.ts'

export interface BackupRequest {
  readonly folder: string
  readonly target: string | undefined
  readonly after: string | undefined
  readonly form: BackupForm
  readonly recipients: readonly string[]
  readonly commit: boolean
  readonly push: boolean
}

/** With secrets it needs `backup.secrets`, which goes on record before the first file; a work tree with a remote is refused then. Backups of a store into one folder or work tree go one behind the other. */
export async function backUp(app: App, caller: Caller, request: BackupRequest): Promise<Backup> {
  const { folder: dir, target, form } = request
  const after = request.after === undefined ? undefined : await executionNamed(app, request.after)
  const chosen = await meant(app, chosenDevices(app.project.inventory(), target), after)
  const names = chosen.map(({ name }) => name)
  await requireAllowed(app, caller, 'task.snapshot', { devices: names })
  const withSecrets =
    form === 'keep' ? await requireAllowed(app, caller, 'backup.secrets', { devices: names }) : undefined
  return aloneIn(app, dir, () => written(app, caller, { ...request, withSecrets }, chosen, after))
}

async function written(
  app: App,
  caller: Caller,
  request: BackupRequest & { readonly withSecrets: AllowedAct | undefined },
  chosen: readonly InventoryDevice[],
  after: string | undefined,
): Promise<Backup> {
  const { folder: dir, target, form, recipients, withSecrets } = request
  const names = chosen.map(({ name }) => name)
  const folder = new BackupFolder(dir)
  const gone = target === undefined && after === undefined ? strangers(folder, app.project.inventory().devices) : []
  requireOwnFiles([...new Set([...folder.names().filter((name) => !gone.includes(name)), ...names])])
  const tree = await backupTree(app, request)
  const configs = await readAllThatAnswer(app, caller, chosen, async (device) => (await device.readConfig()).running)
  if (withSecrets !== undefined)
    await writeAllowed(app, caller, withSecrets, () => [{ type: 'SecretsBackedUp', devices: names, folder: dir }])
  const confirmed = await confirmedConfigs(app, names)
  const switches: BackedUpSwitch[] = []
  try {
    // First: one that was renamed in its case alone has the file of its new name on some file systems.
    for (const name of gone) folder.moveAside(name)
    for (const one of configs) {
      const { name } = one
      if ('failure' in one) switches.push({ name, state: 'failed', failure: one.failure })
      else switches.push(await kept(app, folder, { name, running: one.value, form, recipients }, confirmed[name]))
    }
  } catch (error) {
    folder.closeLate()
    throw error
  }
  folder.close()
  return { folder: dir, form, switches, gone, ...(await tree.keep({ switches, gone, by: caller.principal.id, after })) }
}

async function meant({ store }: PolicyContext, chosen: readonly InventoryDevice[], after: string | undefined) {
  if (after === undefined) return chosen
  const changed = changedSwitches(await readState(store, after))
  return chosen.filter(({ name }) => changed.includes(name))
}

interface Keeping {
  readonly name: string
  readonly running: string
  readonly form: BackupForm
  readonly recipients: readonly string[]
}

async function kept(
  app: RecordApp,
  folder: BackupFolder,
  { name, running, form, recipients }: Keeping,
  confirmed: ConfirmedConfig | undefined,
): Promise<BackedUpSwitch> {
  const whole = comparableText(running)
  const digest = backupDigest(app.key.text, name, whole)
  const entry: BackupEntry = { form, digest, ...(form === 'age' ? { recipients: recipients.toSorted() } : {}) }
  const before = folder.entry(name)
  const text = form === 'age' ? undefined : textOf(app, whole, form)
  const file = fileOf(name, form)
  const there = folder.read(file)
  const isSame = isSameEntry(before, entry) && (text === undefined ? isOf(before, there) : there === text)
  if (isSame) return { name, state: 'same', file }
  const made = text ?? (await encryptWithAge(whole, recipients))
  folder.write(name, made, text === undefined ? { ...entry, file: sha256(made) } : entry)
  const by = confirmed === undefined ? {} : { by: authorWords(confirmed, whole) }
  return { name, state: before === undefined ? 'new' : 'changed', file, ...by }
}

function isOf(entry: BackupEntry | undefined, file: string | undefined) {
  return file !== undefined && entry?.file === sha256(file)
}

function textOf(app: RecordApp, whole: string, form: 'redact' | 'keep') {
  return form === 'keep' ? whole : asInBackup(app, `${REDACTED}\n${whole}`)
}

/** A configuration with placeholders in the place of its secrets that are keyed by the store: two that are equal have been the same secret. */
export function asInBackup({ key, scrubber }: Pick<RecordApp, 'key' | 'scrubber'>, whole: string): string {
  const placeholder = keyedPlaceholder((secret) => hmac(key.text, `backup-secret:${secret}`).slice('hmac:'.length))
  // A banner may tell a password that only this process knows for one.
  return scrubber.scrub(redact(whole, placeholder))
}

export const REDACTED = '! Backup without secrets: this file cannot be restored.'

function authorWords({ source, running }: ConfirmedConfig, whole: string) {
  if (source.kind === 'snapshot') return `as in snapshot ${source.name}`
  const isThat = comparableText(running) === whole
  return isThat ? `by execution ${source.id}` : `changed by somebody else since execution ${source.id}`
}

function strangers(folder: BackupFolder, devices: readonly InventoryDevice[]) {
  const known = new Set(devices.map(({ name }) => name))
  return folder.names().filter((name) => !known.has(name))
}
