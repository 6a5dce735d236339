import { identityOf } from '../model/principal.ts'
import { AtOnce } from './at-once.ts'
import type { Known } from './known.ts'

/** A page has one stream, and a hidden one has none: so many are more than anybody looks at. */
const OF_SESSION = 20
const OF_PRINCIPAL = 40

/** How many streams each session and each principal has open: nobody takes those of others. */
export class StreamSeats {
  readonly #sessions = new AtOnce(OF_SESSION, 'streams at once in one session')
  readonly #principals = new AtOnce(OF_PRINCIPAL, 'streams at once for one who asks')

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
