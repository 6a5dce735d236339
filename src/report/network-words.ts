import { UNTOUCHED } from '../device/history.ts'
import type { ExecutionState } from '../engine/state.ts'
import type { NetworkReading } from '../model/network-reading.ts'
import { count } from './count.ts'

/** What is known of the network of a switch that was put back, as people and programs read it. */
export interface NetworkStanding {
  /** `not-looked-at`: nobody has read it, or not yet. */
  readonly network: NetworkReading['network'] | 'not-looked-at'
  /** A line for each thing that is not as before the change. */
  readonly differences: readonly string[]
  readonly latched?: readonly string[]
  readonly because?: string
}

const NOT_LOOKED_AT: NetworkStanding = { network: 'not-looked-at', differences: [] }

/**
 * Whether the network of a switch is as it was before a change that was put back. Undefined for any other switch, and where the change was never in
 * force: then there is nothing to ask.
 */
export function networkOf(execution: ExecutionState, name: string): NetworkStanding | undefined {
  const { reached } = execution.devices.get(name) ?? UNTOUCHED
  if (execution.ends.get(name)?.end !== 'reverted' || reached === 'nothing' || reached === 'stage') return undefined
  const found = execution.networks.get(name)
  if (found === undefined || found === 'awaited') return NOT_LOOKED_AT
  const { network, differences, latched, because } = found
  const some = latched.length === 0 ? {} : { latched }
  return { network, differences, ...some, ...(because === undefined ? {} : { because }) }
}

/** The second word of where a switch ended: `network as before`, `3 things still differ`. */
export function networkWords({ network, differences }: Pick<NetworkStanding, 'network' | 'differences'>): string {
  switch (network) {
    case 'same':
      return 'network as before'
    case 'differs':
      return `${count(differences.length, 'thing')} still differ${differences.length === 1 ? 's' : ''}`
    case 'unknown':
      return 'network unknown'
    case 'not-looked-at':
      return 'network not looked at'
  }
}

/** What a person reads below it: what differs, what does not come back by itself, why it is unknown. */
export function networkLines({
  differences,
  latched = [],
  because,
}: Omit<NetworkStanding, 'network'>): readonly string[] {
  return [...(because === undefined ? [] : [because]), ...differences, ...latched]
}
