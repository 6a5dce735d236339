import { identityOf } from '../model/principal.ts'
import { AtOnce } from './at-once.ts'
import type { Known } from './known.ts'

/** A page has one stream, and a hidden one has none: so many are more than anybody looks at, and leave most of a server to others. */
const OF_SESSION = 120
const OF_PRINCIPAL = 150

/** How many streams each session and each principal has open: nobody takes those of others. */
export class StreamSeats {
  readonly #sessions: AtOnce
  readonly #principals: AtOnce

  constructor(ofSession = OF_SESSION, ofPrincipal = OF_PRINCIPAL) {
    this.#sessions = new AtOnce(ofSession, 'streams at once in one session')
    this.#principals = new AtOnce(ofPrincipal, 'streams at once for one who asks')
  }

  /** Takes one; gives how it is given back. Throws `too-many`. */
  take({ principal, session }: Known): () => void {
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
