import type { Session } from '../session/sessions.ts'
import type { Asker } from './message.ts'

export interface IdentifiedCaller extends Asker {
  readonly session?: Session
  /** From when on the token of a program is not taken any more, in milliseconds since the epoch; absent for a session. */
  readonly ends?: number
}
