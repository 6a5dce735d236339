import type { EventBody, JournalEvent } from '../../change/record/event/event.ts'
import type { Room } from '../../change/record/room.ts'
import type { Journal } from '../../change/record/store/journal.ts'
import type { Leases } from '../../change/record/store/lease.ts'
import type { RepeatedWrite } from '../../change/record/store/outage.ts'
import { type QuestionWrapper, questionsOf } from '../../change/record/store/questions.ts'
import type { Store } from '../../change/record/store/store.ts'
import type { Clock } from '../../model/clock.ts'
import { EosflowError } from '../../model/error.ts'
import { sleepOn, type Timeline } from './timeline.ts'

export class Life {
  readonly number: number
  readonly execution: string
  readonly stop = new AbortController()
  readonly suspend = new AbortController()
  #alive = true
  #thaw: Promise<unknown> | undefined
  // Their own, so that what waits for it is forgotten with them.
  readonly #never = new Promise<never>(() => undefined)

  constructor(number: number, execution: string) {
    this.number = number
    this.execution = execution
  }

  get alive(): boolean {
    return this.#alive
  }

  /** `kill -9`: whatever it waits for is never heard. */
  kill(): void {
    this.#alive = false
  }

  /** `SIGSTOP`, and `SIGCONT` after some milliseconds: meanwhile it does nothing and hears nothing. */
  freeze(timeline: Timeline, milliseconds: number): void {
    const thaw = new Promise((resolve) => timeline.after(milliseconds, () => resolve(undefined))).then(() => {
      if (this.#thaw === thaw) this.#thaw = undefined
    })
    this.#thaw = thaw
  }

  get thawed(): Promise<unknown> | undefined {
    return this.#thaw
  }

  async reach<T>(work: () => T | Promise<T>): Promise<T> {
    if (this.#thaw !== undefined) await this.#awake()
    if (!this.#alive) return this.#never
    try {
      const result = await work()
      if (this.#thaw !== undefined) await this.#awake()
      return this.#alive ? result : this.#never
    } catch (error) {
      if (this.#thaw !== undefined) await this.#awake()
      if (!this.#alive) return this.#never
      throw error
    }
  }

  async #awake(): Promise<void> {
    while (this.#thaw !== undefined) await this.#thaw
  }

  clock(timeline: Timeline, now: () => number, woken: () => void): Clock {
    return {
      now,
      monotonic: () => timeline.now,
      sleep: (milliseconds, signal) =>
        this.reach(async () => {
          await sleepOn(timeline, milliseconds, signal)
          if (this.#alive) woken()
        }),
    }
  }
}

interface StoreWatch {
  appending(execution: string | undefined, events: readonly EventBody[], again?: RepeatedWrite): void
  appended(events: readonly JournalEvent[]): void
  // Throws where nothing can be written.
  keeping(): void
  fenced?(): void
}

export function storeOf(store: Store & Leases, life: Life, watch: StoreWatch): Store & Leases {
  const ask: QuestionWrapper =
    (read) =>
    (...given) =>
      life.reach(() => read(...given))
  const written = (journal: Journal): Journal['append'] => {
    return (execution, events, after, again) =>
      life.reach(async () => {
        watch.appending(execution, events, again)
        if (!life.alive) return []
        const records = await journal.append(execution, events, after, again)
        watch.appended(records)
        return records
      })
  }
  const questions = questionsOf(store, ask)
  return {
    ...questions,
    as: (actor) => ({ append: written(store.as(actor)), read: questions.read }),
    put: ask(async (text) => {
      watch.keeping()
      return store.put(text)
    }),
    quarantineSeconds: store.quarantineSeconds,
    leaseOf: ask((device) => store.leaseOf(device)),
    liveLeases: ask((of: 'shares' | 'all') => store.liveLeases(of)),
    fence: ask(async (execution, device) => {
      const fence = await store.fence(execution, device)
      watch.fenced?.()
      return fence
    }),
    close: async () => undefined,
  }
}

interface FullDiskPorts {
  // Milliseconds since the beginning.
  now(): number
  areOn(): boolean
  meet(what: string): void
}

export class FullDisk implements Room {
  readonly #ports: FullDiskPorts
  #until = 0
  #hasBallast = true
  #reserve = 0
  #spare = 0

  constructor(ports: FullDiskPorts) {
    this.#ports = ports
  }

  /** Fills it, for so many milliseconds; its ballast is worth so many writes. */
  fill(milliseconds: number, reserve: number): void {
    this.#until = this.#ports.now() + milliseconds
    this.#reserve = reserve
    this.#spare = 0
  }

  /** Throws `store` while it is full, as SQLite does when something is written. */
  write(): void {
    if (!this.#isFull()) return
    if (this.#spare > 0) {
      this.#spare -= 1
      return
    }
    this.#ports.meet('full disk refuses')
    throw new EosflowError('store', 'the disk is full')
  }

  opened(): this {
    if (!this.#isFull()) this.#hasBallast = true
    return this
  }

  require(): void {
    if (!this.#isFull()) {
      this.#hasBallast = true
      return
    }
    this.#ports.meet('full disk refuses a change')
    throw new EosflowError('guard', 'the disk of the store has nothing to give')
  }

  release(): boolean {
    if (!this.#hasBallast) return false
    this.#hasBallast = false
    this.#spare = this.#isFull() ? this.#reserve : 0
    this.#ports.meet('ballast given up')
    return true
  }

  #isFull(): boolean {
    return this.#ports.now() < this.#until && this.#ports.areOn()
  }
}
