import type { AskedSettings } from '../../../change/inventory/source/source-settings.ts'
import type { Place, ValueOrProblems } from '../../../model/error.ts'
import { definedMembers } from '../../../model/json.ts'
import { refuse } from '../../../text/source/located.ts'
import { didYouMean } from '../../../text/source/suggest.ts'
import type { Settings } from '../settings/settings.ts'
import { cachedRoster } from './cached-roster.ts'
import { type RemoteSource, remoteName } from './read-service.ts'
import type { KeptSource } from './read-source.ts'

export type ProgramSettings = Pick<Settings, 'inventoryPrograms'> & {
  readonly netboxBranch?: string
}

/** An entry of `sources:` as what is asked. `at`: where it is named. */
export function remoteSource(
  settings: AskedSettings,
  { inventoryPrograms, netboxBranch: branch }: ProgramSettings,
  at: Place,
): ValueOrProblems<RemoteSource> {
  if ('netbox' in settings)
    return {
      ok: true,
      value: { kind: 'netbox', settings: settings.netbox, ...definedMembers({ branch }) },
    }
  if ('nautobot' in settings) return { ok: true, value: { kind: 'nautobot', settings: settings.nautobot } }
  const { exec: name } = settings
  const program = Object.hasOwn(inventoryPrograms, name) ? inventoryPrograms[name] : undefined
  if (program !== undefined) return { ok: true, value: { kind: 'exec', name, program } }
  const known = Object.keys(inventoryPrograms)
  const hint = known.length === 0 ? 'declare it under `inventory: exec:` in eosflow.yaml' : didYouMean(name, known)
  return refuse({ code: 'unknown-source', message: `the settings declare no program \`${name}\``, at, hint })
}

// `hint`: how it is asked.
export function keptSource(
  dir: string,
  settings: AskedSettings,
  programs: ProgramSettings,
  at: Place,
  hint: string,
): ValueOrProblems<KeptSource> {
  const source = remoteSource(settings, programs, at)
  if (!source.ok) return source
  const read = cachedRoster(dir, source.value)
  if (read.ok) return { ok: true, value: { label: remoteName(source.value), ...read.value } }
  const [first, ...rest] = read.problems.map((problem) => ({ ...problem, hint }))
  return first === undefined ? read : refuse(first, ...rest)
}
