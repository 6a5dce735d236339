import { isLookedAt } from '../../change/engine/network.ts'
import type { ExecutionState } from '../../change/engine/state.ts'
import { definedMembers } from '../../model/defined-members.ts'
import type { NetworkReading } from '../../model/network-reading.ts'
import { count } from '../text/count.ts'

export interface NetworkStanding {
  readonly network: NetworkReading['network'] | 'not-looked-at'
  /** A line for each thing that is not as before the change. */
  readonly differences: readonly string[]
  readonly more?: number
  readonly awaited?: true
  readonly latched?: readonly string[]
  readonly because?: string
}

const NOT_LOOKED_AT: NetworkStanding = { network: 'not-looked-at', differences: [] }

/**
 * Whether the network of a switch is as it was before a change that was put back. Undefined for any other switch, and where the change was never in
 * force: then there is nothing to ask.
 */
export function networkOf(execution: ExecutionState, name: string): NetworkStanding | undefined {
  if (!isLookedAt(execution, name)) return undefined
  const found = execution.networks.get(name)
  if (found === undefined) return NOT_LOOKED_AT
  if (found === 'awaited') return { ...NOT_LOOKED_AT, awaited: true }
  const { network, differences, more, latched, because } = found
  return {
    network,
    differences,
    ...definedMembers({ more }),
    ...(latched.length === 0 ? {} : { latched }),
    ...definedMembers({ because }),
  }
}

/** The second word of where a switch ended: `network as before`, `3 things still differ`. */
export function networkWords({
  network,
  differences,
  more = 0,
  awaited,
}: Pick<NetworkStanding, 'network' | 'differences' | 'more' | 'awaited'>): string {
  const things = differences.length + more
  switch (network) {
    case 'same':
      return 'network as before'
    case 'differs':
      return `${count(things, 'thing')} still differ${things === 1 ? 's' : ''}`
    case 'unknown':
      return 'network unknown'
    case 'not-looked-at':
      return awaited ? 'network not read yet' : 'network not looked at'
  }
}

export function networkLines({
  differences,
  more = 0,
  latched = [],
  because,
}: Omit<NetworkStanding, 'network'>): readonly string[] {
  const rest = more === 0 ? [] : [`and ${more} more`]
  const [first, ...others] = differences
  return [because, first].filter((line) => line !== undefined).concat(latched, others, rest)
}

/** All of it in one sentence: `2 things still differ; BGP 10.0.0.1 in default: Established -> Idle; …`. */
export function networkSentence(standing: NetworkStanding): string {
  return [networkWords(standing), ...networkLines(standing)].join('; ')
}

/** The second word with the first thing that is to be said: `1 thing still differs: BGP 10.0.0.1 in default: Established -> Idle`. */
export function networkInShort(standing: NetworkStanding): string {
  return [networkWords(standing), ...networkLines(standing).slice(0, 1)].join(': ')
}

export function isOdd({ network }: Pick<NetworkStanding, 'network'>): boolean {
  return network === 'differs' || network === 'unknown'
}
