import type { Place } from '../../model/error.ts'
import type { LazyMap, LazyScalar, LazyValue } from '../../model/once.ts'
import { plainValue } from '../roster/rendered-roster.ts'
import type { Inventory, InventoryDevice } from './inventory.ts'

/** What templates and expressions see of a switch: `name`, `host`, `tags`, `groups` and `vars`. Nothing is read before it is asked for. */
export function seenDevice(device: InventoryDevice, file: string): LazyMap {
  const at: Place = { file, line: 1, column: 1 }
  const members: Readonly<Record<string, () => LazyValue>> = {
    name: () => text(device.name, at),
    host: () => text(device.host, at),
    tags: () =>
      lazyMap(
        at,
        () => Object.keys(device.tags),
        (tag) => tagOf(device, tag, at),
      ),
    groups: () => plainValue({ value: device.groups, at }),
    vars: () =>
      lazyMap(
        at,
        () => device.vars.names(),
        (name) => device.vars.get(name),
      ),
  }
  return lazyMap(
    at,
    () => Object.keys(members),
    (name) => (Object.hasOwn(members, name) ? members[name]?.() : undefined),
  )
}

/** All switches of an inventory by their names, as {@link seenDevice} shows each. */
export function seenFabric({ devices, file }: Inventory): LazyMap {
  const byName = new Map(devices.map((device) => [device.name, device]))
  return lazyMap(
    { file, line: 1, column: 1 },
    () => devices.map(({ name }) => name),
    (name) => {
      const device = byName.get(name)
      return device === undefined ? undefined : seenDevice(device, file)
    },
  )
}

function lazyMap(at: Place, keys: () => readonly string[], member: (key: string) => LazyValue | undefined): LazyMap {
  return { kind: 'map', at, keys, member }
}

function tagOf({ tags }: InventoryDevice, tag: string, at: Place): LazyValue | undefined {
  return Object.hasOwn(tags, tag) ? text(tags[tag] ?? '', at) : undefined
}

function text(value: string, at: Place): LazyScalar {
  return { kind: 'scalar', value, isSecret: false, at }
}
