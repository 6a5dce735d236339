import { SeededRandom } from '../src/lab/trial/seeded-random.ts'
import type { Timeline } from '../src/lab/trial/timeline.ts'
import type { Life } from '../src/lab/trial/trial-app.ts'
import type { Faults } from './faults.ts'
import { CALM, type Scenario } from './scenario.ts'
import type { Verb } from './verbs.ts'
import type { Watch } from './watch.ts'
import { Wire } from './wire.ts'
import type { World } from './world.ts'

/** What the network of those is made of who go on with one record. */
export interface NetworkParts {
  readonly scenario: Scenario
  readonly timeline: Timeline
  readonly world: World
  readonly watch: Watch
  readonly faults: Faults
  /** What becomes of requests is drawn from the seed and from this. */
  readonly salt: number
  /** Counts what was met. */
  meet(what: string): void
  isLate(verb: Verb): boolean
}

/** The network between the switches of a history and those who go on with one record. */
export function networkOf({ scenario, timeline, world, watch, faults, salt, meet, isLate }: NetworkParts): Wire {
  const ports = {
    timeline,
    random: new SeededRandom(scenario.seed ^ salt),
    watch,
    keepsConnections: scenario.keepsConnections,
    weather: () => (faults.areOn ? scenario.weather : CALM),
    isLate,
    boxAt: (name: string) => world.boxAt(name),
    moment: (kind: string, life: Life) => faults.moment(kind, life),
    touched: (box: Parameters<World['touched']>[0]) => world.touched(box),
    met: meet,
  }
  return new Wire(ports, scenario.transport)
}
