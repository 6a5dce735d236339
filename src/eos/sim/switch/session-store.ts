import type { ConfigSession } from './config-session.ts'

/** The config sessions of a switch, in the order of their creation. */
export class SessionStore {
  readonly #sessions = new Map<string, ConfigSession>()

  get(name: string): ConfigSession | undefined {
    return this.#sessions.get(name)
  }

  all(): readonly ConfigSession[] {
    return [...this.#sessions.values()]
  }

  pending(): readonly ConfigSession[] {
    return this.all().filter((session) => session.state === 'pending')
  }

  put(session: ConfigSession): void {
    this.#sessions.set(session.name, session)
  }

  drop(name: string): void {
    this.#sessions.delete(name)
  }

  clear(): void {
    this.#sessions.clear()
  }

  /** Keeps the newest `keep` sessions of a finished state and forgets the older ones. */
  trim(state: 'completed' | 'aborted', keep: number): void {
    const finished = this.all()
      .filter((session) => session.state === state)
      .reverse()
      .sort((a, b) => (b.closedAt ?? 0) - (a.closedAt ?? 0))
    for (const session of finished.slice(keep)) this.drop(session.name)
  }
}
