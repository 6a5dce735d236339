import type { Session } from '../session/session.ts'
import type { Asker } from './message.ts'

/** Who has asked, and by what that is known. */
export interface IdentifiedCaller extends Asker {
  /** Absent for a program with a token. */
  readonly session?: Session
  /** From when on the token of a program is not taken any more, in milliseconds since the epoch; absent for a session. */
  readonly ends?: number
}
