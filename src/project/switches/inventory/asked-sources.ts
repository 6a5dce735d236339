import { inventorySchema } from '../../../change/inventory/schema.ts'
import type { SourceSettings } from '../../../change/inventory/source/source-settings.ts'
import { isFault, readReference } from '../../../model/secret-reference.ts'
import { placeOf } from '../../../text/source/located.ts'
import { parseWith } from '../../../text/source/parse-with.ts'
import { readYaml } from '../../../text/source/yaml.ts'
import { closeSecrets, type SecretsHost, secretsOf } from '../../app/secrets/open-secrets.ts'
import type { Project } from '../../files/project.ts'
import { remoteSource } from '../../files/sources/kept-source.ts'
import type { RemoteSource } from '../../files/sources/remote-source.ts'
import { keepPassword } from '../../files/sources/vault-passwords.ts'
import type { Console } from '../../system/process/console.ts'
import { type RefreshOptions, type RefreshResult, refreshSources } from './refresh-sources.ts'

interface Elsewhere {
  readonly sources: readonly RemoteSource[]
  readonly passwords: readonly string[]
}

/** Afterwards `project.inventory()` has it. What is wrong with `inventory.yaml` is said there. */
export async function askSources(
  app: SecretsHost,
  caller: Console,
  { kept = false, ...options }: RefreshOptions & { readonly kept?: boolean } = {},
): Promise<readonly RefreshResult[]> {
  const { sources, passwords } = elsewhere(app.project)
  if (passwords.length > 0) await askPasswords(app, caller, passwords)
  return kept || sources.length === 0 ? [] : refreshSources(app, caller, sources, options)
}

async function askPasswords(app: SecretsHost, caller: Console, references: readonly string[]) {
  const secrets = secretsOf(app)
  try {
    for (const reference of references) keepPassword(app, reference, await secrets.resolve(reference))
  } finally {
    await closeSecrets(secrets, caller)
  }
}

export function elsewhere({ files, settings, netboxBranch }: Project): Elsewhere {
  const content = files(settings.inventory)
  const read = content === undefined ? undefined : readYaml(content, settings.inventory)
  const parsed = read?.ok === true ? parseWith(inventorySchema, read.value) : undefined
  if (read?.ok !== true || parsed?.ok !== true) return { sources: [], passwords: [] }
  const located = read.value
  const sources = parsed.value.sources.flatMap((source, index) => {
    if (!('netbox' in source || 'nautobot' in source || 'exec' in source)) return []
    // A program that nobody has declared is said where the inventory is read.
    const remote = remoteSource(
      source,
      netboxBranch === undefined ? settings : { ...settings, netboxBranch },
      placeOf(located, ['sources', index]),
    )
    return remote.ok ? [remote.value] : []
  })
  return { sources, passwords: [...new Set(parsed.value.sources.flatMap(passwordsOf))].filter(isElsewhere) }
}

function passwordsOf(source: SourceSettings) {
  if (!('ansible' in source) || source.vault === undefined) return []
  return typeof source.vault === 'string' ? [source.vault] : Object.values(source.vault)
}

function isElsewhere(reference: string) {
  const read = readReference(reference)
  return read !== undefined && !isFault(read) && (read.provider === 'exec' || read.provider === 'vault')
}
