import type { Actor } from './config-session.ts'

interface Held {
  /** The CLI that holds it. */
  readonly holder: object
  readonly by: Actor
  readonly transaction: string | undefined
}

/**
 * The exclusive lock of `configure lock`: while one CLI holds it no other enters a config mode or a session, not even to
 * look at a diff (arista.eos#409). It ends with `configure unlock` and with its CLI; the lock of a transaction outlives
 * its CLI and is given back by its user [I].
 */
export class ConfigLock {
  #held: Held | undefined

  /** Whether anybody holds it. */
  get held(): boolean {
    return this.#held !== undefined
  }

  /** Who keeps this CLI out. */
  against(cli: object, by: Actor): Actor | undefined {
    const held = this.#held
    if (held === undefined || held.holder === cli) return undefined
    return held.transaction !== undefined && held.by.user === by.user ? undefined : held.by
  }

  /** Takes the lock for a CLI that {@link ConfigLock.against} lets in. */
  take(holder: object, by: Actor, transaction: string | undefined): void {
    this.#held = { holder, by, transaction }
  }

  /** Gives the lock back; the lock of a transaction only under its name, or under none. */
  release(transaction: string | undefined): boolean {
    if (this.#held === undefined || (transaction !== undefined && this.#held.transaction !== transaction)) return false
    this.#held = undefined
    return true
  }

  /** A CLI has ended. */
  leave(cli: object): void {
    if (this.#held?.holder === cli && this.#held.transaction === undefined) this.#held = undefined
  }

  /** A reboot leaves no lock. */
  clear(): void {
    this.#held = undefined
  }
}
