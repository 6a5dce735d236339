import { SeededRandom } from '../src/lab/trial/seeded-random.ts'
import { atRest, Timeline } from '../src/lab/trial/timeline.ts'
import { Life } from '../src/lab/trial/trial-app.ts'
import { patientStore } from '../src/project/history/watch/patient-store.ts'
import { Afterwards, REDRIVES } from './afterwards.ts'
import type { Inverse } from './change-under-test.ts'
import { type Alterations, runController } from './controller.ts'
import type { ControllerStore } from './controller-store.ts'
import { Copying } from './copies/copying.ts'
import type { Side } from './device-texts.ts'
import { committedTo, durableOf } from './durable.ts'
import { Faults } from './faults.ts'
import { clusterStore } from './many/cluster-store.ts'
import { type FleetOfWorkers, skewOf, workersOf } from './many/fleet-of-workers.ts'
import { SiteParts } from './many/site-parts.ts'
import { siteDispatch, sitePorts } from './many/site-ports.ts'
import { networkOf } from './network-of.ts'
import { type Scenario, whatIsDrawn } from './scenario.ts'
import { type Execution, newExecution } from './simulated-execution.ts'
import { Succession, TOO_LATE } from './succession.ts'
import type { Watch } from './watch.ts'
import type { Wire } from './wire.ts'
import { Workplace } from './workplace.ts'
import { World } from './world.ts'

/** How long an execution may take once nothing is disturbed any more, in milliseconds; and one that is decided about too late, until then. */
const BOUND = 45 * 60_000

/** One history, from its beginning until its executions have ended or its time is over. */
export class History {
  readonly scenario: Scenario
  readonly timeline = new Timeline()
  readonly world: World
  readonly executions: Execution[] = []
  /** How often each kind of fault, and each moment of a kill, was met. */
  readonly met = new Map<string, number>()
  /** Where it is driven from many machines: their workers. */
  readonly workers: FleetOfWorkers | undefined
  readonly #alterations: Alterations
  readonly #parts = new SiteParts(this, (store) => this.workplace.person(store))
  readonly #watch: Watch
  readonly #wire: Wire
  /** What the names of executions and the nonces of decisions are drawn from. */
  readonly names: SeededRandom
  readonly #chance: SeededRandom
  readonly workplace: Workplace
  readonly #faults: Faults
  readonly #afterwards: Afterwards
  readonly #succession: Succession
  #lives = 0
  /** How many others are about to begin, and whether one ever was. */
  #rivals = 0
  #hasRival = false
  readonly copying: Copying
  #failure: unknown

  constructor(scenario: Scenario, watch: (history: History) => Watch, alterations: Alterations) {
    const { seed } = scenario
    this.scenario = scenario
    this.#alterations = alterations
    this.names = new SeededRandom(seed ^ 0x5bd1e995)
    this.#chance = new SeededRandom(seed ^ 0x2545f491)
    this.#watch = watch(this)
    this.world = new World(scenario, this.timeline, new SeededRandom(seed ^ 0x68e31da4), this.#watch)
    this.workers = workersOf(scenario, {
      timeline: this.timeline,
      executions: this.executions,
      flaws: alterations.flaws ?? {},
      watch: this.#watch,
      areOn: () => this.#faults.areOn,
      meet: (what) => this.meet(what),
      undriven: () => this.#parts.undriven(),
      start: (execution, isStopped) => this.#start(execution, isStopped),
    })
    this.workplace = new Workplace({
      scenario,
      dispatch: scenario.sites && this.workers !== undefined ? siteDispatch(this.workers) : undefined,
      newStore: (clock) => (this.workers === undefined ? undefined : clusterStore(this.workers.cluster, clock)),
      clock: { ...this.timeline.clock(), now: () => this.wall },
      names: this.names,
      tell: (text) => this.#told(undefined, text),
      appended: (events) => this.#watch.appended?.(undefined, events),
    })
    this.copying = new Copying(this.executions, this.#watch)
    this.#faults = new Faults({
      scenario,
      timeline: this.timeline,
      world: this.world,
      watch: this.#watch,
      meet: (what) => this.meet(what),
      kill: (life, kind, seconds) => this.#kill(life, kind, seconds),
      freeze: (life, seconds) => this.workplace.person(this.#executionOf(life).store).beginFreeze(seconds),
      second: (life) => this.#start(this.#executionOf(life)),
      copy: (life) => this.copying.take(this.#executionOf(life)),
      goneForGood: () => this.copying.goForGood(),
      storeAway: (milliseconds, alone) => this.workers?.cluster.goAway(milliseconds, alone),
      stopWord: (life) => this.workers?.activations.stop(this.#executionOf(life)),
      stopSite: (which) => this.#parts.stop(which),
      rival: (milliseconds, waits) => {
        this.#rivals += 1
        const begun = (): void => {
          this.#rivals -= 1
        }
        this.timeline.after(milliseconds, () => void this.#rival(waits).then(begun, (error) => this.fail(error)))
      },
    })
    this.#afterwards = new Afterwards({
      scenario,
      timeline: this.timeline,
      world: this.world,
      chance: this.#chance,
      executions: this.executions,
      meet: (what) => this.meet(what),
      fail: (error) => this.fail(error),
      redrive: (execution) => this.#start(execution, false, true),
      takeBack: (inverse, store) => this.#begin('back', store, { inverse }),
    })
    this.#succession = new Succession({
      scenario,
      timeline: this.timeline,
      watch: this.#watch,
      chance: this.#chance,
      workers: this.workers,
      areOn: () => this.#faults.areOn,
      meet: (what) => this.meet(what),
      fail: (error) => this.fail(error),
      start: (execution, isStopped) => this.#start(execution, isStopped),
      decide: async ({ store }, state, decision) => this.workplace.person(store).decide(state, decision),
      ended: (execution, state) => this.#afterwards.ended(execution, state),
    })
    this.#wire = networkOf({
      ...{ scenario, timeline: this.timeline, world: this.world, watch: this.#watch, faults: this.#faults },
      salt: 0x1b56c4e9,
      meet: (what) => this.meet(what),
      isLate: (verb) => {
        const isIt = scenario.late === verb && !this.met.has('late on purpose')
        if (isIt) this.meet('late on purpose')
        return isIt
      },
    })
  }

  /** Wall time, as the machine of one controller has it. */
  wallOf({ number }: Life): number {
    const { machines, seed } = this.scenario
    return this.wall + (machines === undefined ? 0 : skewOf(seed, machines, number))
  }

  /** Wall time, as the machine of the controllers has it. */
  get wall(): number {
    return this.timeline.clock().now() + this.#faults.skew
  }

  /** Lives through it. Throws what the watch throws. */
  async run(): Promise<void> {
    this.timeline.after(this.scenario.faultsStop * 1000, () => this.world.calm())
    for (const what of whatIsDrawn(this.scenario)) this.meet(what)
    await this.#begin('main', await this.workplace.newStore())
    this.workers?.activations.begin()
    await atRest()
    const { faultsStop, approving, expires } = this.scenario
    const tooLate = approving === 'too late' ? (REDRIVES + 1) * (expires + TOO_LATE) : 0
    const end = (faultsStop + tooLate) * 1000 + BOUND
    while (
      this.timeline.now <= end &&
      !this.copying.isGone &&
      (this.#rivals + this.#afterwards.expected > 0 || this.executions.some(({ ended }) => ended === undefined))
    ) {
      if (!(await this.timeline.next())) break
      if (this.#failure !== undefined) throw this.#failure
    }
  }

  /** Ends it: the first reason counts. */
  fail(error: unknown): void {
    this.#failure ??= error
  }

  /** Kills who is still there. */
  async close(): Promise<void> {
    for (const { lives, store } of this.executions) {
      for (const life of lives) life.kill()
      await store.close()
    }
    this.workers?.activations.close()
    await this.workers?.cluster.close()
  }

  /** Lets everything that is still on its way happen, for a time, or until something is over. */
  async rest(milliseconds: number, isOver: () => boolean = () => false): Promise<void> {
    const end = this.timeline.now + milliseconds
    this.timeline.after(milliseconds, () => undefined)
    while (this.timeline.now < end && !isOver() && (await this.timeline.next())) {
      if (this.#failure !== undefined) throw this.#failure
    }
  }

  async #begin(
    side: Side,
    store: ControllerStore,
    { inverse, waits }: { readonly inverse?: Inverse; readonly waits?: 'waits' | undefined } = {},
  ): Promise<void> {
    const { approving, purpose } = this.scenario
    const isMain = side === 'main'
    const begun = { side, store, purpose: isMain ? purpose : 'run', approving: isMain ? approving : 'at once' } as const
    const person = this.workplace.person(store, ([first]) => {
      if (first?.type === 'ExecutionStarted')
        this.executions.push(newExecution({ ...begun, id: first.execution ?? '' }))
    })
    const prepared = this.workplace.prepared(side, inverse)
    const state = await person.beginUnlessFrozen({ judged: 'elsewhere', purpose: begun.purpose, prepared }, waits)
    if (state === undefined) return
    const execution = this.#executionNamed(state.id)
    if (this.workers === undefined) this.#start(execution)
    else this.workers.activations.post(execution, 'it was begun')
  }

  /** A new controller takes an execution up. */
  #start(execution: Execution, isStopped = false, redrives = false): void {
    execution.expected = false
    if (this.copying.isGone || (execution.ended !== undefined && !redrives)) return
    if (redrives) execution.endedBefore = execution.ended
    execution.ended = undefined
    this.#lives += 1
    const life = new Life(this.#lives, execution.id)
    execution.lives.push(life)
    if (redrives) execution.redriver = life
    if (isStopped) life.stop.abort()
    this.#watch.note?.(`controller ${life.number} takes up ${execution.side}`)
    const clock = life.clock(
      this.timeline,
      () => this.wallOf(life),
      () => this.#faults.moment('wake', life),
    )
    const ports = { life, faults: this.#faults, watch: this.#watch }
    const committed = this.#parts.committed(execution, committedTo(ports))
    const joined = execution.store.joined?.({ life, clock, committed })
    const own = durableOf({ ...ports, store: joined ?? execution.store.opened(), isRemote: joined !== undefined })
    const transport = this.#wire.transport(life)
    runController({
      life,
      project: this.workplace.project,
      store: joined === undefined ? own : patientStore(own, own, clock),
      isWorker: joined !== undefined,
      sites: this.scenario.sites && this.workers !== undefined ? sitePorts(this.workers, life) : undefined,
      room: this.#faults.disk.opened(),
      clock,
      random: new SeededRandom(this.scenario.seed + life.number),
      names: this.names,
      transport: this.#alterations.transport?.(transport, life) ?? transport,
      alterations: this.#alterations,
      redrives,
      tell: (text) => this.#told(life, text),
      approves: execution.approving === 'at once',
    }).then(
      (state) => this.#succession.rested(execution, life, state),
      (error: unknown) => this.#succession.failed(execution, life, error),
    )
  }

  /** What a process says, as far as it says that a quarantine keeps it waiting. */
  #told(life: Life | undefined, text: string): void {
    if (!text.startsWith('waiting: ')) return
    this.meet('quarantine')
    this.#watch.note?.(`${life === undefined ? 'somebody' : `controller ${life.number}`} is ${text.trim()}`)
  }

  /** Counts what was met. */
  meet(what: string): void {
    this.met.set(what, (this.met.get(what) ?? 0) + 1)
  }

  #kill(life: Life, kind: string, seconds?: number): void {
    if (!life.alive) return
    this.meet(`kill at ${kind}`)
    life.kill()
    this.#watch.died?.(life)
    this.#succession.killed(this.#executionOf(life), seconds)
  }

  #executionOf(life: Life): Execution {
    return this.#executionNamed(life.execution)
  }

  #executionNamed(wanted: string): Execution {
    const found = this.executions.find(({ id }) => id === wanted)
    if (found === undefined) throw new RangeError(`no execution ${wanted}`)
    return found
  }

  /** Somebody else changes the first switch, from the same store or from another one. */
  async #rival(waits: 'waits' | undefined): Promise<void> {
    if (this.#hasRival) return
    this.#hasRival = true
    const isSame = this.scenario.rivalStore === 'same'
    this.meet(`rival, ${this.scenario.rivalStore} store`)
    const [main] = this.executions
    await this.#begin('rival', isSame && main !== undefined ? main.store : await this.workplace.newStore(), { waits })
  }
}
