import { median, rounded } from '../median.ts'
import type { Taken } from './measure.ts'
import type { Peer, Way } from './peer.ts'

/** What a peer took of one change of so many switches: the median of its rounds. */
export interface Figure {
  readonly bench: 'peers'
  readonly peer: string
  readonly way: Way
  readonly versions: string
  readonly switches: number
  /** How many switches it changes at the same time. */
  readonly width: number
  readonly rounds: number
  /** Of one switch. */
  readonly requests: number
  readonly connections: number
  readonly kilobytesOut: number
  readonly kilobytesIn: number
  /** Of all switches together: seconds, seconds, MB. */
  readonly wall: number
  readonly cpu: number
  readonly memory: number
  /** Seconds of CPU of the simulated switches. */
  readonly switchesCpu: number
  readonly load: number
}

/** The figure of a peer out of its rounds; undefined where it has none that counts. */
export function figureOf(peer: Peer, switches: number, width: number, taken: readonly Taken[]): Figure | undefined {
  if (taken.length === 0) return undefined
  const middle = (of: (one: Taken) => number): number => rounded(median(taken.map(of)))
  return {
    bench: 'peers',
    peer: peer.name,
    way: peer.way,
    versions: peer.versions(),
    switches,
    width,
    rounds: taken.length,
    requests: middle(({ seen }) => seen.requests / switches),
    connections: middle(({ seen }) => seen.connections / switches),
    kilobytesOut: middle(({ seen }) => seen.bytesToSwitches / switches / 1000),
    kilobytesIn: middle(({ seen }) => seen.bytesFromSwitches / switches / 1000),
    wall: middle(({ wall }) => wall),
    cpu: middle(({ cpu }) => cpu),
    memory: middle(({ memory }) => memory),
    switchesCpu: middle(({ seen }) => seen.cpu),
    load: middle(({ load }) => load),
  }
}

/** Where eosflow takes more than a peer over the same way, a sentence each. pyeapi is the floor, not a peer. */
export function behind(figures: readonly Figure[]): readonly string[] {
  return figures.flatMap((other) => {
    const own = figures.find(
      ({ peer, way, switches }) => peer === 'eosflow' && way === other.way && switches === other.switches,
    )
    if (own === undefined || other.peer === 'eosflow' || other.peer === 'pyeapi, raw') return []
    const more = (what: string, of: 'wall' | 'cpu'): readonly string[] =>
      own[of] > other[of] ? [`${what} ${own[of]} s, ${other[of]} s`] : []
    const missed = [...more('time', 'wall'), ...more('CPU', 'cpu')]
    const where = `${other.switches} ${other.switches === 1 ? 'switch' : 'switches'} over ${other.way}`
    return missed.length === 0 ? [] : [`${other.peer}, ${where}: ${missed.join('; ')} (eosflow's first)`]
  })
}
