import type { RunningDevice } from './sources.ts'

type Address = Pick<RunningDevice, 'name' | 'username' | 'password'>

/** The tags of a switch, by its name. */
export type TagsOf = (name: string) => Readonly<Record<string, unknown>>

/** The tag of the pair that a switch is of, by its number. */
export const inPair: TagsOf = (name) => ({
  mlag: `${name.replace(/\d+$/, '')}-${Math.ceil(Number(/\d+$/.exec(name)?.[0] ?? 0) / 2)}`,
})

/** An inventory of all switches of a fabric. Tags where none are named: {@link inPair}. */
export function inventoryOf(
  { devices }: { readonly devices: readonly (Address & Pick<RunningDevice, 'http'>)[] },
  tagsOf: TagsOf = inPair,
) {
  const rows = devices.map(({ name, http: { host, port } }) => [name, { host, port, tags: tagsOf(name) }] as const)
  return inventory({ protocol: 'http' }, devices, rows)
}

/** An inventory that reaches all switches of a fabric over SSH, each by its host key. */
export function sshInventoryOf(
  { devices }: { readonly devices: readonly (Address & { readonly ssh: Omit<RunningDevice['ssh'], 'publicKey'> })[] },
  tagsOf: TagsOf = inPair,
) {
  const rows = devices.map(
    ({ name, ssh: { host, port, hostKey } }) => [name, { host, port, ssh: { hostKey }, tags: tagsOf(name) }] as const,
  )
  return inventory({ transport: 'ssh' }, devices, rows)
}

/** The tags of {@link inPair}, and the role of a switch by its name, too: `leaf`, `spine`. */
export const withRoles: TagsOf = (name) => ({ ...inPair(name), role: name.replace(/\d+$/, '') })

/** The tags of {@link inPair}, and every switch is a leaf. */
export const allLeaves: TagsOf = (name) => ({ role: 'leaf', ...inPair(name) })

function inventory(
  defaults: object,
  [first]: readonly Address[],
  devices: readonly (readonly [name: string, device: object])[],
) {
  return JSON.stringify({
    defaults: { ...defaults, credentials: 'sim' },
    credentials: { sim: { username: first?.username, password: first?.password, simulated: true } },
    devices: Object.fromEntries(devices),
  })
}
