import type { CommitTimer, ConfigSession } from './config-session.ts'

/** The config sessions of a switch and the running commit timer at one time. */
export interface ListedSessions {
  readonly sessions: readonly ConfigSession[]
  readonly timer: CommitTimer | undefined
}

/** The longest that a list can lag behind, in milliseconds. */
const LONGEST_LAG = 5000

const NOTHING: ListedSessions = { sessions: [], timer: undefined }

interface Noted {
  /** Milliseconds since the epoch. */
  readonly at: number
  readonly listed: ListedSessions
}

/** What the list of config sessions was in the last seconds: each state with the time at which it began. */
export class SessionHistory {
  #noted: readonly Noted[] = []

  /** Notes what holds from a time on, where it is something else than before. */
  note(at: number, listed: ListedSessions): void {
    if (isSame(this.#noted.at(-1)?.listed ?? NOTHING, listed)) return
    const before = this.#noted.filter((noted) => noted.at < at)
    const last = before.findLastIndex((noted) => noted.at <= at - LONGEST_LAG)
    this.#noted = [...before.slice(Math.max(0, last)), { at, listed }]
  }

  /** What held at a time; before the first note nothing. */
  at(time: number): ListedSessions {
    return this.#noted.findLast(({ at }) => at <= time)?.listed ?? NOTHING
  }
}

function isSame(a: ListedSessions, b: ListedSessions): boolean {
  if (a.timer !== b.timer || a.sessions.length !== b.sessions.length) return false
  return a.sessions.every((session, index) => session === b.sessions[index])
}
