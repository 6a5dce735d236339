import type { Notes } from '../../../change/record/store/notes.ts'
import type { Random } from '../../../model/clock.ts'
import { EosflowError } from '../../../model/error.ts'
import type { Principal } from '../../../model/principal.ts'
import type { WebLogin } from '../../../project/identity/oidc/code-login.ts'
import { digestOf } from './sessions.ts'

const TEN_MINUTES = 600_000
// More than are sent in ten minutes by strangers (src/doors/http/limits/allowance.ts): they push nobody out who is on the way.
const MOST = 2_000

interface LoginPurpose {
  readonly login: WebLogin
  readonly decision?: {
    readonly principal: Principal
    readonly challenge: string
    readonly plan: string
    readonly session: string
  }
}

const KIND = 'sent browser'

/**
 * The browsers that are on their way to a provider: each comes back once, within ten minutes, to whichever server of the store. Each holds a secret: the
 * store has it encrypted.
 */
export class SentBrowsers {
  readonly #notes: Notes
  readonly #random: Pick<Random, 'hex'>

  constructor(notes: Notes, random: Pick<Random, 'hex'>) {
    this.#notes = notes
    this.#random = random
  }

  async send(sent: LoginPurpose): Promise<string> {
    const id = this.#random.hex(32)
    await this.#notes.put(KIND, digestOf(id), JSON.stringify(sent), { lasts: TEN_MINUTES, most: MOST })
    return id
  }

  /** Throws `stale` for any other. */
  async back(id: string): Promise<LoginPurpose> {
    const text = await this.#notes.take(KIND, digestOf(id))
    if (text === undefined)
      throw new EosflowError('stale', 'this login was not begun here, or ten minutes ago', { hint: 'Log in again.' })
    return JSON.parse(text) as LoginPurpose
  }
}
