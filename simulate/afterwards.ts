import type { ExecutionState } from '../src/change/engine/state.ts'
import { diffConfig } from '../src/eos/config/diff/diff.ts'
import { invertDiff } from '../src/eos/config/invert.ts'
import { linesOfChanges } from '../src/eos/config/lines-of-changes.ts'
import { parseConfig } from '../src/eos/config/text/parse.ts'
import { comparableText } from '../src/eos/config/vlan-sets.ts'
import type { Timeline } from '../src/lab/trial/timeline.ts'
import type { Random } from '../src/model/clock.ts'
import type { Inverse } from './change-under-test.ts'
import type { ControllerStore } from './controller-store.ts'
import type { Scenario } from './scenario.ts'
import type { Execution } from './simulated-execution.ts'
import type { World } from './world.ts'

/** What somebody needs who comes back to an execution that has ended. */
export interface AfterwardsPorts {
  readonly scenario: Scenario
  readonly timeline: Timeline
  readonly world: World
  readonly chance: Random
  readonly executions: readonly Execution[]
  /** Counts what was met. */
  meet(what: string): void
  fail(error: unknown): void
  redrive(execution: Execution): void
  takeBack(inverse: Inverse, store: ControllerStore): Promise<void>
}

/** How often an execution is started again. */
export const REDRIVES = 2
const REDRIVABLE: ReadonlySet<string> = new Set(['refused', 'rolled-back', 'cancelled', 'failed'])

/** Somebody comes back to the execution of a history: starts it again where it has failed, or takes it back where it has succeeded. */
export class Afterwards {
  readonly #ports: AfterwardsPorts
  #expected = 0

  constructor(ports: AfterwardsPorts) {
    this.#ports = ports
  }

  /** How many are about to come back. */
  get expected(): number {
    return this.#expected
  }

  /** An execution has ended. */
  ended(execution: Execution, state: ExecutionState): void {
    const { redrives, rollsBack } = this.#ports.scenario
    if (execution.side !== 'main' || execution.purpose === 'plan') return
    const outcome = state.outcome ?? ''
    if (redrives && REDRIVABLE.has(outcome) && execution.redriven < REDRIVES) {
      this.#later(async () => this.#redrive(execution))
    }
    if (rollsBack && outcome === 'succeeded') this.#later(() => this.#takeBack(execution, state))
  }

  #later(act: () => Promise<void>): void {
    const { timeline, chance, fail } = this.#ports
    this.#expected += 1
    timeline.after(5000 + chance.fraction() * 60_000, () => {
      void act()
        .catch(fail)
        .finally(() => {
          this.#expected -= 1
        })
    })
  }

  #redrive(execution: Execution): void {
    if (execution.ended === undefined || !this.#isFree(execution)) return
    execution.redriven += 1
    this.#ports.meet('redrive')
    this.#ports.redrive(execution)
  }

  async #takeBack(execution: Execution, state: ExecutionState): Promise<void> {
    const { world, meet, takeBack } = this.#ports
    const inverse = await inverseOf(execution, state, world)
    if (inverse === undefined || !this.#isFree(execution)) {
      meet('rollback refused')
      return
    }
    meet('rollback')
    await takeBack(inverse, execution.store)
  }

  /** Whether no other execution is at work: a command says `busy` then. */
  #isFree(execution: Execution): boolean {
    return this.#ports.executions.every((other) => other === execution || other.ended !== undefined)
  }
}

/**
 * What `rollback ID` sends: the inverse of what an execution has changed, from the configurations that it has on record. Undefined where it has
 * changed nothing, or somebody has changed a part of it since.
 */
async function inverseOf({ store }: Execution, state: ExecutionState, world: World): Promise<Inverse | undefined> {
  const changed = [...state.devices].filter(([, { phase }]) => phase === 'saved')
  const lines = await Promise.all(
    changed.map(async ([, { base = '', target = '' }]) => {
      const [before, after] = await Promise.all([store.get(base as never), store.get(target as never)])
      const { changes } = invertDiff(diffConfig(treeOf(before), treeOf(after)))
      return linesOfChanges(changes)
    }),
  )
  const [first] = lines
  const switches = changed.map(([name]) => name)
  const isWhole = switches.every((name) => world.boxAt(name).running.main === 'all')
  return first === undefined || !isWhole ? undefined : { switches, lines: first }
}

function treeOf(text: string): ReturnType<typeof parseConfig> {
  return parseConfig(comparableText(text))
}
