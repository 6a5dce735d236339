import type { ControllerStore } from '../controller-store.ts'
import type { Execution } from '../simulated-execution.ts'
import type { Watch } from '../watch.ts'

/** What somebody has copied of a history while it was lived through. */
export class Copying {
  readonly #executions: readonly Execution[]
  readonly #watch: Watch
  #store: Promise<ControllerStore> | undefined
  #isGone = false

  constructor(executions: readonly Execution[], watch: Watch) {
    this.#executions = executions
    this.#watch = watch
  }

  /** The copy of its store; undefined: there is none. */
  get store(): Promise<ControllerStore> | undefined {
    return this.#store
  }

  /** Whether nobody comes back to the record that was copied. */
  get isGone(): boolean {
    return this.#isGone
  }

  /** Somebody copies the store of an execution, once. */
  take({ store }: Execution): void {
    this.#store ??= store.copied?.()
  }

  /** Whoever is at work dies, and nobody comes back, where there is a copy. */
  goForGood(): void {
    if (this.#store === undefined) return
    this.#isGone = true
    for (const life of this.#executions.flatMap(({ lives }) => lives).filter(({ alive }) => alive)) {
      life.kill()
      this.#watch.died?.(life)
    }
  }
}
