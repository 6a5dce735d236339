import type { AskFence } from '../../../model/fence.ts'

/**
 * One connection to the eAPI of one switch: a JSON-RPC body in, the answer's body out. The real one stands on axios,
 * the one of the simulation in memory.
 */
export interface EapiChannel {
  /**
   * Sends one request and gives the body of its answer. Throws EosflowError: `unreachable` when nothing of the request
   * can have arrived, `lost-answer` when something was sent and no complete answer came, `unauthenticated`, `tls`, or
   * `protocol` when what answers is not eAPI. Never sends anything twice.
   *
   * What writes is sent under a `fence`, asked for once the connection is ready. Throws `busy` where it is refused or too old: then
   * nothing was sent. What only reads has none.
   */
  post(body: string, fence: AskFence | undefined): Promise<string>
  /** Drops the connection; a request under way ends as a lost answer. */
  close(): void
}
