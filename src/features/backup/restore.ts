import type { ExecutionState } from '../../change/engine/state.ts'
import { comparableText } from '../../eos/config/vlan-sets.ts'
import { problemOf } from '../../model/error.ts'
import { everyKey } from '../../model/install-keys.ts'
import { allowedNow, requireAllowed } from '../../project/access/policy/authority.ts'
import type { App, RecordApp } from '../../project/app/app.ts'
import { begin } from '../../project/execution/journal/begin.ts'
import type { Caller } from '../../project/identity/caller-of.ts'
import { keepChange } from '../../project/plan/kept-change.ts'
import { decryptWithAge } from '../../project/secret/age.ts'
import { chosenDevices } from '../../project/switches/inventory/tell-warnings.ts'
import { InputError } from '../../project/system/process/input-error.ts'
import { BackupFolder, backupDigest, fileOf } from './backup-folder.ts'

export interface RestoreRequest {
  readonly folder: string
  readonly target: string | undefined
  readonly identities: string | undefined
  readonly noWait: boolean
}

/** Throws InputError for each switch whose backup is not there, has no secrets, or is encrypted to somebody else: nothing is begun then. */
export async function restore(given: App, caller: Caller, request: RestoreRequest): Promise<ExecutionState> {
  const { target, noWait } = request
  const folder = new BackupFolder(request.folder)
  const chosen = chosenDevices(given.project.inventory(), target)
  const names = chosen
    .map(({ name }) => name)
    .filter((name) => target !== undefined || folder.entry(name) !== undefined)
  const start = await requireAllowed(given, caller, 'execution.start', { devices: names, workflow: 'restore' })
  const configs = await configsOf(folder, names, request)
  const strange = names.filter((name) => !isOurs(given, name, configs[name] ?? '', folder.entry(name)?.digest))
  requireOwn(request.folder, strange, configs, given.project.inventory().devices)
  if (strange.length > 0)
    caller.tell(
      `${strange.join(', ')}: not as this store has backed it up: altered since, or another store made it. Read its diff before you approve\n`,
    )
  const files = Object.fromEntries(Object.entries(configs).map(([name, text]) => [`${name}.cfg`, text]))
  const kept = { purpose: 'restore', workflow: WORKFLOW_TEXT, files } as const
  const { app, prepared } = await keepChange(given, kept, { switches: names })
  return begin(app, caller, {
    purpose: 'run',
    judged: { again: () => allowedNow(given, start) },
    prepared,
    ...(noWait ? { noWait } : {}),
  })
}

function isOurs({ key }: RecordApp, name: string, text: string, digest: string | undefined) {
  const whole = comparableText(text)
  return everyKey(key).some((one) => backupDigest(one, name, whole) === digest)
}

// Throws InputError.
function requireOwn(
  dir: string,
  strange: readonly string[],
  configs: Readonly<Record<string, string>>,
  devices: readonly { readonly name: string }[],
) {
  const known = new Set(devices.map(({ name }) => name))
  const problems = strange.flatMap((name) => {
    const [, host = name] = /^hostname (\S+)\r?$/m.exec(configs[name] ?? '') ?? []
    if (host === name || !known.has(host)) return []
    return [problemOf(dir, 'no-backup', `${name}: its backup is not as this store has made it, and is of ${host}`)]
  })
  if (problems.length > 0) throw new InputError(problems)
}

async function configsOf(
  folder: BackupFolder,
  names: readonly string[],
  { folder: dir, identities }: RestoreRequest,
): Promise<Readonly<Record<string, string>>> {
  const problems =
    names.length > 0 ? [] : [problemOf(dir, 'no-backup', 'there is no backup of a switch of this inventory in it')]
  const configs: [string, string][] = []
  for (const name of names) {
    const found = await configOf(folder, name, identities)
    if ('text' in found) configs.push([name, found.text])
    else problems.push(problemOf(dir, 'no-backup', `${name}: ${found.fault}`, found.hint))
  }
  if (problems.length > 0) throw new InputError(problems)
  return Object.fromEntries(configs)
}

type Found = { readonly text: string } | { readonly fault: string; readonly hint?: string }

async function configOf(folder: BackupFolder, name: string, identities: string | undefined): Promise<Found> {
  const entry = folder.entry(name)
  const text = entry === undefined ? undefined : folder.read(fileOf(name, entry.form))
  if (entry === undefined || text === undefined) return { fault: 'there is no backup of it' }
  if (entry.form === 'redact')
    return {
      fault: 'its backup has no secrets, and cannot be restored',
      hint: 'Restore one that is encrypted or whole.',
    }
  if (entry.form === 'keep') return { text }
  if (identities === undefined) return { fault: 'its backup is encrypted, and no identity is given' }
  try {
    return { text: await decryptWithAge(text, identities) }
  } catch {
    return { fault: 'its backup cannot be decrypted: it is for other identities, or was altered' }
  }
}

const WORKFLOW_TEXT = JSON.stringify({
  name: 'restore',
  targets: '*',
  change: { mode: 'replace', file: '{{ device.name }}.cfg' },
  steps: [
    { snapshot: { state: ['lldp', 'mlag', 'interfaces'] } },
    'plan',
    'approve',
    { push: { confirmWithin: '10m' } },
    { verify: { within: '60s', stableFor: '5s', every: '2s', checks: ['reachable'] } },
    'confirm',
  ],
  allow: ['foreign-removals', 'unknown-lines'],
})
