import type { AskFence } from '../../../model/fence.ts'

export interface EapiChannel {
  /** Throws EosflowError: `unreachable` when nothing of the request can have arrived, `lost-answer` when something was sent and no complete answer came, `unauthenticated`, `tls`, or `protocol` when what answers is not eAPI. Never sends anything twice. */
  post(body: string, fence: AskFence | undefined): Promise<string>
  close(): void
}
