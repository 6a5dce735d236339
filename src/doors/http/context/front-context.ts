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

export interface FrontContext {
  readonly app: App
  readonly acts: Acts
  readonly address: PublicAddress
  readonly sessions: Sessions
  readonly allowance: Allowance
  readonly streams: StreamSeats
  readonly strangers: AddressAllowance
  readonly senders: AddressAllowance
  /** How the local user logs in; absent where the settings name identity providers. */
  readonly link?: OneTimeLink
  /** Throws `not-authorised`, `unreachable`. */
  whoIs(token: string): Promise<IdentifiedCaller>
  readonly live: LiveRecords
  readonly drift: DriftSeen
  readonly verification: RecordVerification
  readonly web: WebFiles
  answered?(request: AnsweredRequest): void
  readonly ending: AbortSignal
  /** What a command would end with after a failure; undefined for what only a server refuses. */
  exitCodeOf(kind: RequestFault['kind']): number | undefined
  scrub(text: string): string
  failed(what: string, error: unknown): void
}
