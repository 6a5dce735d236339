import type { Place, Problem } from '../../model/error.ts'
import { definedMembers, ownMember } from '../../model/json.ts'
import { keyPlaceOf, type LocatedValue, locatedAt, placeOf } from '../../text/source/located.ts'
import type { InventoryFile } from './schema.ts'
import type { MergedSources, SourcedEntry } from './source/merged-sources.ts'

type DeviceEntry = InventoryFile['devices'][string]

export interface WrittenSwitch {
  readonly name: string
  readonly entry: DeviceEntry & { readonly host: string }
  readonly hostAt: Place
  /** What the sources say of it; undefined for a switch of `inventory.yaml` alone. */
  readonly sourced?: SourcedEntry
}

/** The switches of the sources in their order, then those that only `inventory.yaml` has. */
export function writtenSwitches(
  { devices }: Pick<InventoryFile, 'devices'>,
  { entries }: Pick<MergedSources, 'entries'>,
  located: LocatedValue,
): { readonly switches: readonly WrittenSwitch[]; readonly problems: readonly Problem[] } {
  const names = [...new Set([...entries.keys(), ...Object.keys(devices)])]
  const problems: Problem[] = []
  if (locatedAt(located, ['devices']) === undefined && locatedAt(located, ['sources']) === undefined)
    problems.push(nobody(located))
  const switches = names.flatMap((name): readonly WrittenSwitch[] => {
    const own: Partial<DeviceEntry> = ownMember(devices, name) ?? {}
    const sourced = entries.get(name)
    const host = own.host ?? sourced?.host.text
    if (host === undefined) {
      problems.push(hostMissing(name, located, entries.size > 0))
      return []
    }
    const ownAt = placeOf(located, ['devices', name, 'host'])
    return [
      {
        name,
        entry: { ...connectionOf(sourced, own), ...own, host, tags: { ...sourced?.tags, ...own.tags } },
        hostAt: own.host === undefined ? (sourced?.host.at ?? ownAt) : ownAt,
        ...definedMembers({ sourced }),
      },
    ]
  })
  return { switches, problems }
}

function connectionOf(sourced: SourcedEntry | undefined, own: Partial<DeviceEntry>): Partial<DeviceEntry> {
  const { transport, port } = sourced ?? {}
  const isOther = own.transport !== undefined && transport !== undefined && own.transport !== transport
  return {
    ...definedMembers({ transport }),
    ...(port === undefined || isOther ? {} : { port }),
  }
}

function nobody(located: LocatedValue): Problem {
  return {
    code: 'missing-key',
    message: 'the key `devices` is missing',
    at: placeOf(located),
    hint: 'add it, for example `devices: { leaf1: { host: "10.0.0.11" } }`, or add `sources`',
  }
}

function hostMissing(name: string, located: LocatedValue, hasSources: boolean): Problem {
  const hint = hasSources
    ? `no source has a switch of this name: check the name, or add \`host: 10.0.0.11\``
    : 'add it, for example `host: "10.0.0.11"`'
  return {
    code: 'missing-key',
    message: `the key \`host\` is missing in \`devices.${name}\``,
    at: keyPlaceOf(located, ['devices', name]),
    hint,
  }
}
