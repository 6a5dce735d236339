import type { Timeline } from '../src/lab/trial/timeline.ts'
import type { Life } from '../src/lab/trial/trial-app.ts'
import type { Random } from '../src/model/clock.ts'
import type { Box } from './box.ts'
import type { Scenario } from './scenario.ts'
import type { Verb } from './verbs.ts'
import type { Watch } from './watch.ts'

/** What lies between the controllers and the switches. */
export interface WirePorts {
  readonly timeline: Timeline
  readonly random: Random
  readonly watch: Watch
  readonly keepsConnections: boolean
  /** How probable each fate is, now. */
  weather(): Scenario['weather']
  /** Whether a request of this kind is the one that is to arrive when everybody has given it up. */
  isLate(verb: Verb): boolean
  /** The switch that answers at an address, now. */
  boxAt(device: string): Box
  /** Something has happened that a fault may strike behind. */
  moment(kind: string, life: Life): void
  /** Something was met that a history may meet. */
  met(what: string): void
  /** Something was done to a switch: its timer may be another one. */
  touched(box: Box): void
}
