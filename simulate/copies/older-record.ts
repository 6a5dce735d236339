import { foldAll } from '../../src/change/engine/fold.ts'
import { deviceEnds } from '../../src/change/engine/outcome.ts'
import type { ExecutionState } from '../../src/change/engine/state.ts'
import { SeededRandom } from '../../src/lab/trial/seeded-random.ts'
import { atRest } from '../../src/lab/trial/timeline.ts'
import { Life } from '../../src/lab/trial/trial-app.ts'
import { EosflowError } from '../../src/model/error.ts'
import { OPERATOR } from '../change-under-test.ts'
import { type Alterations, runController } from '../controller.ts'
import type { ControllerStore } from '../controller-store.ts'
import { durableOf } from '../durable.ts'
import { Faults } from '../faults.ts'
import type { History } from '../history.ts'
import { networkOf } from '../network-of.ts'
import type { OlderTerms } from '../scenario.ts'
import type { Watch } from '../watch.ts'
import type { Wire } from '../wire.ts'
import { FIRST_LIFE } from './older-terms.ts'

/** What is needed to go on with an older record. */
export interface OlderParts {
  readonly history: History
  readonly store: ControllerStore
  readonly terms: OlderTerms
  readonly watch: Watch
  readonly alterations: Alterations
}

/** Seconds for which it is disturbed, and in which it must have come to its end from then on. */
const DISTURBED = 900
const BOUND = 45 * 60

/** After how many seconds somebody takes up what was killed, and tries again what was refused. */
const RESTARTS = [1, 12, 60, 320] as const

/** So often somebody tries again. */
const TRIES = 6

const REDRIVABLE: ReadonlySet<string> = new Set(['refused', 'rolled-back', 'cancelled', 'failed'])

/** Goes on with the copy of the store that somebody has made in a history; undefined where there is none. */
export async function olderOf(
  history: History,
  watch: Watch,
  alterations: Alterations,
): Promise<OlderRecord | undefined> {
  const store = await history.copying.store
  const { copy: terms } = history.scenario
  return store === undefined || terms === undefined
    ? undefined
    : new OlderRecord({ history, store, terms, watch, alterations })
}

/** An older record of the execution of a history: whoever has a copy of its store, or has restored a backup of it, goes on with it. */
export class OlderRecord {
  readonly #parts: OlderParts
  readonly #execution: string
  readonly #faults: Faults
  readonly #wire: Wire
  readonly #chance: SeededRandom
  readonly #lives: Life[] = []
  #tries = 0
  #isRedriven = false
  #decided: string | undefined
  #isOver = false

  constructor(parts: OlderParts) {
    const { history, terms, watch } = parts
    const { timeline, world, scenario } = history
    this.#parts = parts
    this.#execution = history.executions[0]?.id ?? ''
    this.#chance = new SeededRandom(scenario.seed ^ 0x3b9aca07)
    const faultsStop = timeline.now / 1000 + terms.pause + DISTURBED
    this.#faults = new Faults({
      scenario: { ...scenario, disturbances: terms.meanwhile, faultsStop },
      timeline,
      world,
      watch,
      meet: (what) => history.meet(what),
      kill: (life) => this.#kill(life),
      freeze: () => undefined,
      second: () => undefined,
      rival: () => undefined,
      decide: (_, decision) => this.#decide(decision),
    })
    this.#wire = networkOf({
      ...{ scenario, timeline, world, watch, faults: this.#faults },
      salt: 0x1c69b3f7,
      meet: (what) => history.meet(what),
      isLate: () => false,
    })
  }

  /** The store that it is in. */
  get store(): ControllerStore {
    return this.#parts.store
  }

  /** Goes on with it until it has ended, or is given up. False where it has not come to that in time. */
  async run(): Promise<boolean> {
    const { history, terms, store } = this.#parts
    history.world.calm()
    await history.rest(terms.pause * 1000)
    for (const planned of terms.before) this.#faults.befall(planned, new Life(0, this.#execution))
    await history.rest(1000)
    if (terms.way === 'restored') await this.#restore()
    const { outcome } = foldAll(this.#execution, await store.read(this.#execution))
    this.#start(terms.act === 'stop', terms.act === 'redrive' && REDRIVABLE.has(outcome ?? ''))
    await atRest()
    await history.rest((DISTURBED + BOUND) * 1000, () => this.#isOver)
    return this.#isOver
  }

  /** Kills who is still there. */
  async close(): Promise<void> {
    for (const life of this.#lives) life.kill()
    await this.#parts.store.close()
  }

  async #restore(): Promise<void> {
    const { store, watch } = this.#parts
    const open = (await store.openExecutions()).map(({ id }) => id)
    const { seq: records } = await store.head()
    const event = { type: 'StoreRestored', principal: OPERATOR, reason: 'the disk broke', records, open } as const
    watch.appended?.(undefined, await store.as(OPERATOR).append(undefined, [event]))
  }

  #start(isStopped: boolean, redrives: boolean): void {
    const { history, store, terms, watch, alterations } = this.#parts
    const life = new Life(FIRST_LIFE + this.#lives.length, this.#execution)
    this.#lives.push(life)
    if (isStopped) life.stop.abort()
    if (redrives) this.#isRedriven = true
    watch.note?.(`the older record is gone on with: ${redrives ? 'redrive' : isStopped ? 'stop' : 'resume'}`)
    const clock = life.clock(
      history.timeline,
      () => history.wallOf(life),
      () => this.#faults.moment('wake', life),
    )
    const transport = this.#wire.transport(life)
    runController({
      life,
      project: history.workplace.project,
      store: durableOf({ life, store: store.opened(), faults: this.#faults, watch }),
      // It is taken up by its id: nobody knows that the process that has begun it is not there.
      isWorker: true,
      isRestored: terms.way === 'restored',
      room: this.#faults.disk.opened(),
      clock,
      random: new SeededRandom(history.scenario.seed + life.number),
      names: history.names,
      transport: alterations.transport?.(transport, life) ?? transport,
      alterations,
      redrives,
      tell: () => undefined,
      approves: terms.approving === 'at once',
    }).then(
      (state) => this.#rested(life, state),
      (error: unknown) => this.#failed(life, error),
    )
  }

  #rested(life: Life, state: ExecutionState): void {
    const { terms, watch, history } = this.#parts
    life.kill()
    if (state.status === 'ended') {
      watch.ended?.(state.id, state)
      const isAgain = terms.act === 'redrive' && !this.#isRedriven && REDRIVABLE.has(state.outcome ?? '')
      if (isAgain) this.#later(5, false, true)
      else this.#isOver = true
      for (const end of Object.values(deviceEnds(state))) history.meet(`an older record says: ${end}`)
      return
    }
    const digest = state.plan?.digest
    const { approving } = terms
    if (digest === undefined || approving === 'never' || this.#decided === digest) {
      this.#later(600, true)
      return
    }
    this.#decided = digest
    history.timeline.after(20_000, () => {
      this.#decide(approving === 'rejected' ? 'reject' : 'approve')
      this.#later(5)
    })
  }

  #failed(life: Life, error: unknown): void {
    const { watch, history } = this.#parts
    life.kill()
    if (!(error instanceof EosflowError) || error.kind === 'bug') {
      history.fail(error)
      return
    }
    watch.note?.(`the older record is given up: ${error.kind}: ${error.message}`)
    history.meet(`an older record is given up: ${error.kind}`)
    this.#tries += 1
    if (this.#tries < TRIES && error.kind !== 'refused') this.#later(60)
    else this.#isOver = true
  }

  #kill(life: Life): void {
    if (!life.alive) return
    life.kill()
    this.#parts.watch.died?.(life)
    this.#later(RESTARTS[Math.floor(this.#chance.fraction() * RESTARTS.length)] ?? 1)
  }

  #later(seconds: number, isStopped = false, redrives = false): void {
    this.#parts.history.timeline.after(seconds * 1000, () => {
      if (!this.#isOver && this.#lives.every(({ alive }) => !alive)) this.#start(isStopped, redrives)
    })
  }

  /** A person decides about the plan, whatever the execution does at that moment. What can never count is refused. */
  #decide(decision: 'approve' | 'reject'): void {
    const { history, store, watch } = this.#parts
    watch.note?.(`a person decides at the older record: ${decision}`)
    const work = async (): Promise<void> => {
      const state = foldAll(this.#execution, await store.read(this.#execution))
      await history.workplace.person(store, (events) => watch.appended?.(undefined, events)).decide(state, decision)
    }
    work().catch((error: unknown) => {
      if (!(error instanceof EosflowError) || error.kind === 'bug') history.fail(error)
    })
  }
}
