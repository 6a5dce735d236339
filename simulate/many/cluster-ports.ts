import type { Timeline } from '../../src/lab/trial/timeline.ts'
import type { Random } from '../../src/model/clock.ts'
import type { Watch } from '../watch.ts'
import type { Flaws } from './flaws.ts'
import type { Machines } from './machines.ts'

/** What the store of many machines works with. */
export interface ClusterPorts {
  readonly machines: Machines
  readonly flaws: Flaws
  readonly timeline: Timeline
  readonly random: Random
  readonly watch: Watch
  /** Whether the change is over several sites. */
  readonly atSites: boolean
  areOn(): boolean
  meet(what: string): void
  /** Some worker is to drive an execution. */
  post(execution: string, why: string): void
}
