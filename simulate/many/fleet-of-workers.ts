import type { JournalEvent } from '../../src/change/record/event/event.ts'
import { SeededRandom } from '../../src/lab/trial/seeded-random.ts'
import type { Timeline } from '../../src/lab/trial/timeline.ts'
import type { Scenario } from '../scenario.ts'
import type { Execution } from '../simulated-execution.ts'
import type { Watch } from '../watch.ts'
import { Activations } from './activations.ts'
import { Cluster } from './cluster.ts'
import type { Flaws } from './flaws.ts'
import type { Machines } from './machines.ts'

/** What workers, their store and their postman work with. */
interface FleetPorts {
  readonly seed: number
  readonly machines: Machines
  readonly flaws: Flaws
  readonly timeline: Timeline
  readonly watch: Watch
  readonly executions: readonly Execution[]
  /** Whether the change is over several sites. */
  readonly atSites: boolean
  /** What nobody drives though there is something to do, where the workers ask that themselves. */
  undriven(): Promise<readonly string[]>
  areOn(): boolean
  meet(what: string): void
  start(execution: Execution, isStopped: boolean): void
}

/** Workers on several machines: the store that they share, and how they are asked to drive an execution. */
export interface FleetOfWorkers {
  readonly cluster: Cluster
  readonly activations: Activations
}

/** The workers of a history; undefined where there is one machine. */
export function workersOf(
  { machines, seed, sites }: Pick<Scenario, 'machines' | 'seed' | 'sites'>,
  ports: Omit<FleetPorts, 'machines' | 'seed' | 'atSites'>,
): FleetOfWorkers | undefined {
  return machines === undefined ? undefined : fleetOfWorkers({ ...ports, seed, machines, atSites: sites })
}

/** Sets one up; all its chance comes from the seed. */
function fleetOfWorkers({ seed, machines, flaws, executions, start, ...shared }: FleetPorts): FleetOfWorkers {
  const appended = (events: readonly JournalEvent[]): void => shared.watch.appended?.(undefined, events)
  const cluster: Cluster = new Cluster({
    ...shared,
    machines,
    flaws,
    random: new SeededRandom(seed ^ 0x428a2f98),
    post: (id, why) => activations.postTo(id, why),
  })
  const random = new SeededRandom(seed ^ 0x5be0cd19)
  const activations = new Activations({ ...shared, cluster, random, executions, start, appended })
  return { cluster, activations }
}

/** By how much the clock of one machine is off, in milliseconds. */
export function skewOf(seed: number, { skew }: Machines, life: number): number {
  return skew === 0 ? 0 : Math.round((2 * new SeededRandom(seed ^ (life * 0x9e3779b1)).fraction() - 1) * skew)
}
