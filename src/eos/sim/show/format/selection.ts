import { expandNames } from '../../converge/interface-name.ts'
import type { InterfaceState } from '../../converge/network-state.ts'
import type { ShowArguments, ShowContext } from './define.ts'

/** The words with which EOS refuses an interface that is not there (observed: `show interface vxlan1` on a spine). */
export const NO_SUCH_INTERFACE = 'Interface does not exist'

/** The interfaces an `<interface>` argument names: `Ethernet1`, `et1`, `Ethernet1-4,7`, `Port-Channel1`; all without one. */
export function selectedInterfaces(context: ShowContext, args: ShowArguments): readonly InterfaceState[] | undefined {
  const { interfaces } = context.state
  const typed = args.interface
  if (typed === undefined) return [...interfaces.values()]
  const names = expandNames(typed)
  const found = [...interfaces.values()].filter((state) => names?.has(state.name))
  return names !== undefined && found.length === names.size ? found : undefined
}

export function refuseUnknownInterface(context: ShowContext, args: ShowArguments): string | undefined {
  return selectedInterfaces(context, args) === undefined ? NO_SUCH_INTERFACE : undefined
}

/** The VRFs a `<vrf>` argument names: one, `all`, or `default` without one. */
export function selectedVrfs<T>(all: ReadonlyMap<string, T>, args: ShowArguments): readonly (readonly [string, T])[] {
  const vrf = args.vrf ?? 'default'
  return [...all].filter(([name]) => vrf === 'all' || name === vrf)
}

/** An object of an answer: what `entry` names and tells of each. */
export function objectOf<T, V>(
  all: Iterable<T>,
  entry: (one: T, at: number) => readonly [string, V],
): Record<string, V> {
  return Object.fromEntries(Array.from(all, entry))
}

export function refuseUnknownVrf(context: ShowContext, args: ShowArguments): string | undefined {
  const vrf = args.vrf
  const known = vrf === undefined || vrf === 'all' || context.state.vrfs.has(vrf)
  return known ? undefined : `VRF ${vrf} does not exist`
}
