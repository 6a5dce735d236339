import { cursorBehind } from '../../src/change/record/event/cursor.ts'
import type { JournalEvent } from '../../src/change/record/event/event.ts'
import type { Timeline } from '../../src/lab/trial/timeline.ts'
import type { Random } from '../../src/model/clock.ts'
import { OPERATOR } from '../change-under-test.ts'
import type { Execution } from '../simulated-execution.ts'
import type { Watch } from '../watch.ts'
import type { Cluster } from './cluster.ts'
import { ACTIVATION_FATES, type ActivationFate } from './machines.ts'

/** What activations reach. */
export interface ActivationPorts {
  readonly cluster: Cluster
  readonly timeline: Timeline
  readonly random: Random
  readonly executions: readonly Execution[]
  readonly watch: Watch
  /** Whether the change is over several sites: its workers find by themselves then what there is to do. */
  readonly atSites: boolean
  undriven(): Promise<readonly string[]>
  areOn(): boolean
  meet(what: string): void
  /** A worker takes the execution up; `isStopped`: it is to be put back. */
  start(execution: Execution, isStopped: boolean): void
  /** Somebody beside the controllers has put this on record. */
  appended(events: readonly JournalEvent[]): void
}

/** How often it is looked for executions that nobody drives, in milliseconds. */
const SWEEP = 30_000

/** A postman that delivers twice, late or never, and the sweeper that posts again what nobody drives. */
export class Activations {
  readonly #ports: ActivationPorts
  /** Executions that wait for a person: nobody is to drive them until then. */
  readonly #resting = new Set<Execution>()
  #isClosed = false

  constructor(ports: ActivationPorts) {
    this.#ports = ports
  }

  begin(): void {
    this.#ports.timeline.after(SWEEP, () => this.#sweep())
  }

  close(): void {
    this.#isClosed = true
  }

  /** Some worker is to drive an execution. */
  post(execution: Execution, why: string, isStopped = false): void {
    const { timeline, random, watch } = this.#ports
    this.#resting.delete(execution)
    watch.note?.(`${execution.side} is posted: ${why}`)
    const fate = this.#fate()
    if (fate === 'activation lost') return
    const late = fate === 'activation late' ? 5_000 + random.fraction() * 60_000 : 0
    const deliver = (): void => void this.#deliver(execution, isStopped)
    timeline.after(10 + late, deliver)
    if (fate === 'activation twice') timeline.after(10 + random.fraction() * 200, deliver)
  }

  /** The same for an execution by its id; nothing for one that is not on record. */
  postTo(id: string, why: string): void {
    const execution = this.#ports.executions.find((one) => one.id === id)
    if (execution !== undefined && execution.ended === undefined) this.post(execution, why)
  }

  /** The same after a time, in which it rests. */
  postLater(execution: Execution, seconds: number, isStopped: boolean): void {
    if (execution.ended !== undefined) return
    this.#resting.add(execution)
    this.#ports.timeline.after(seconds * 1000, () => {
      // It may have ended meanwhile, and be begun again: then it is looked for as any other.
      this.#resting.delete(execution)
      if (execution.ended === undefined) this.post(execution, 'it is due', isStopped)
    })
  }

  /** Somebody at another machine asks for a stop: on record, and then heard by whoever drives it. */
  stop(execution: Execution): void {
    void execution.store
      .as(OPERATOR)
      .append(undefined, [{ type: 'StopRequested', stopped: execution.id, reason: '' }])
      .then((events) => {
        this.#ports.appended(events)
        this.hear(events)
      })
  }

  /** Whoever drives an execution hears that it is to stop, a moment after it is on record. */
  hear(events: readonly JournalEvent[]): void {
    const { timeline, executions } = this.#ports
    const words = events.flatMap((event) => (event.type === 'StopRequested' ? [event.stopped] : []))
    for (const execution of executions.filter(({ id }) => words.includes(id))) {
      timeline.after(20, () => {
        for (const life of execution.lives) {
          const hear = (): void => life.stop.abort()
          if (life.thawed === undefined) hear()
          else void life.thawed.then(hear)
        }
      })
    }
  }

  async #deliver(execution: Execution, isStopped: boolean): Promise<void> {
    const { cluster, meet, start, atSites } = this.#ports
    if (this.#isClosed || execution.ended !== undefined) return
    if (atSites) {
      start(execution, false)
      return
    }
    const hasWord = cluster.flaws.forgetsStop !== true && (await isAskedToStop(execution))
    if (hasWord) meet('stop word on takeover')
    start(execution, isStopped || hasWord)
  }

  #sweep(): void {
    const { executions, cluster, timeline, meet } = this.#ports
    if (this.#isClosed) return
    timeline.after(SWEEP, () => this.#sweep())
    if (cluster.isAway()) return
    if (this.#ports.atSites) {
      void this.#sweepSites()
      return
    }
    for (const execution of executions) {
      const owner = cluster.ownerOf(execution.id)
      const isDriven = owner !== undefined && !cluster.death.isDead(owner.life)
      if (isDriven || execution.ended !== undefined || this.#resting.has(execution)) continue
      meet('swept')
      this.post(execution, 'nobody drives it')
    }
  }

  async #sweepSites(): Promise<void> {
    for (const id of await this.#ports.undriven()) {
      this.#ports.meet('swept')
      this.postTo(id, 'nobody drives it')
    }
  }

  #fate(): ActivationFate | undefined {
    const { areOn, random, cluster, meet } = this.#ports
    let left = random.fraction()
    for (const fate of areOn() ? ACTIVATION_FATES : []) {
      left -= cluster.machines.activations[fate]
      if (left >= 0) continue
      meet(fate)
      return fate
    }
    return undefined
  }
}

/** Whether somebody has asked for a stop since the execution was begun, or begun again: whoever takes it over by itself heeds it. */
async function isAskedToStop({ store, id }: Execution): Promise<boolean> {
  const events = await store.read(id)
  const begun = events.findLast(({ type }) => type === 'ExecutionStarted' || type === 'ExecutionRedriven')
  return (await store.stopRequest(id, cursorBehind(begun))) !== undefined
}
