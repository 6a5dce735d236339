import { identityOf } from '../../../model/principal.ts'
import { ConcurrencyLimit } from '../limits/concurrency-limit.ts'
import type { IdentifiedCaller } from './identified-caller.ts'

const OF_SESSION = 120
const OF_PRINCIPAL = 150

export class StreamSeats {
  readonly #sessions: ConcurrencyLimit
  readonly #principals: ConcurrencyLimit

  constructor(ofSession = OF_SESSION, ofPrincipal = OF_PRINCIPAL) {
    this.#sessions = new ConcurrencyLimit(ofSession, 'streams at once in one session')
    this.#principals = new ConcurrencyLimit(ofPrincipal, 'streams at once for one who asks')
  }

  /** Throws `too-many`. */
  take({ principal, session }: IdentifiedCaller): () => void {
    const own = this.#principals.take(identityOf(principal))
    try {
      const inSession = session === undefined ? () => undefined : this.#sessions.take(session.mark)
      return () => {
        own()
        inSession()
      }
    } catch (error) {
      own()
      throw error
    }
  }
}
