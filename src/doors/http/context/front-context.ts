import type { App } from '../../../project/app/app.ts'
import type { WebFiles } from '../../../project/files/web-files.ts'
import type { DriftSeen } from '../jobs/drift-seen.ts'
import type { RecordVerification } from '../jobs/record-verification.ts'
import type { AddressAllowance } from '../limits/address-allowance.ts'
import type { Allowance } from '../limits/allowance.ts'
import type { AnsweredRequest } from '../metrics/front-measurement.ts'
import type { RequestFault } from '../request/fault.ts'
import type { PublicAddress } from '../request/public-address.ts'
import type { OneTimeLink } from '../session/one-time-link.ts'
import type { Sessions } from '../session/sessions.ts'
import type { IdentifiedCaller } from './identified-caller.ts'
import type { LiveRecords } from './live-records.ts'
import type { Acts } from './message.ts'
import type { StreamSeats } from './stream-seats.ts'

/** What the routes work with, on the thread of the front: everything that is read, and the way to whoever can do something. */
export interface FrontContext {
  /** Reads only: what it is asked to append goes to the main thread, as a denial. */
  readonly app: App
  readonly acts: Acts
  readonly address: PublicAddress
  readonly sessions: Sessions
  readonly allowance: Allowance
  readonly streams: StreamSeats
  /** How often those who are not known yet have asked to log in. */
  readonly strangers: AddressAllowance
  /** How often each address has sent an event. */
  readonly senders: AddressAllowance
  /** How the local user logs in; absent where the settings name identity providers. */
  readonly link?: OneTimeLink
  /** Whom a token names. Throws `not-authorised`, `unreachable`. */
  whoIs(token: string): Promise<IdentifiedCaller>
  readonly live: LiveRecords
  /** What was found when switches were compared last. */
  readonly drift: DriftSeen
  /** What vouches for the record. */
  readonly verification: RecordVerification
  readonly web: WebFiles
  /** Hears of every request that was answered; absent: nobody measures. */
  answered?(request: AnsweredRequest): void
  /** Aborted when the server is to end: it takes nothing new. */
  readonly ending: AbortSignal
  /** What a command would end with after a failure; undefined for what only a server refuses. */
  exitCodeOf(kind: RequestFault['kind']): number | undefined
  /** Takes known secrets out of what leaves. */
  scrub(text: string): string
  /** What went wrong behind an answer, for the log. */
  failed(what: string, error: unknown): void
}
