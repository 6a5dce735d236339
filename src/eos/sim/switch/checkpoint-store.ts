import type { ConfigTree } from '../../config/text/tree.ts'

/** A saved copy of running-config. */
export interface Checkpoint {
  readonly name: string
  readonly tree: ConfigTree
  /** Milliseconds since the epoch. */
  readonly savedAt: number
  readonly user: string
}

/** The checkpoints of a switch: at most `limit`, the oldest dropped first (docs/eos.md 2.3). */
export class CheckpointStore {
  readonly limit: number
  readonly #checkpoints = new Map<string, Checkpoint>()

  constructor(limit: number) {
    this.limit = limit
  }

  get(name: string): Checkpoint | undefined {
    return this.#checkpoints.get(name)
  }

  all(): readonly Checkpoint[] {
    return [...this.#checkpoints.values()]
  }

  save(checkpoint: Checkpoint): void {
    this.#checkpoints.delete(checkpoint.name)
    this.#checkpoints.set(checkpoint.name, checkpoint)
    for (const name of this.#checkpoints.keys()) {
      if (this.#checkpoints.size <= this.limit) return
      this.#checkpoints.delete(name)
    }
  }

  delete(name: string): boolean {
    return this.#checkpoints.delete(name)
  }

  /** The next automatic name of a day: `ckp-20260105-0`, `ckp-20260105-1`. */
  automaticName(now: number): string {
    const day = new Date(now).toISOString().slice(0, 10).replaceAll('-', '')
    const taken = this.all().flatMap(({ name }) => {
      const number = new RegExp(`^ckp-${day}-(\\d+)$`).exec(name)?.[1]
      return number === undefined ? [] : [Number(number)]
    })
    return `ckp-${day}-${Math.max(-1, ...taken) + 1}`
  }
}
