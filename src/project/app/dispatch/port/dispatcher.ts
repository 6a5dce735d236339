import type { Activation } from './activation.ts'

export interface WorkerQueue {
  readonly driven: readonly string[]
  add(sites: readonly string[]): void
  /** Somebody has posted for this site, or for any: what waits is taken at once, and not with the next look. */
  look(site?: string): void
  drain(): Promise<void>
}

export type Drive = (activation: Activation) => Promise<void>

/** What it loses is posted again by the workers (docs/adr/0077), and what it delivers twice finds nothing to do. */
export interface Dispatcher {
  /** Posted once more under the same id it is not carried again. */
  post(activation: Activation): Promise<void>
  waits(execution: string, site: string): Promise<boolean>
  /** Takes activations for these sites, at most `limit` at once for each, and besides for those of `unlimited`, as many as there are. */
  work(sites: readonly string[], limit: number, drive: Drive, unlimited?: readonly string[]): Promise<WorkerQueue>
  /** The executions of which an activation waits for a worker of this version, or was taken by one of these workers, that was posted at most so many seconds ago. */
  posted(seconds: number, working: ReadonlySet<string>): Promise<ReadonlySet<string>>
  /** Forgets what this process has taken and never got, because the answer was lost: it would count as driven for ever. */
  forgetLost(): Promise<void>
  forget(worker: string): Promise<ReadonlySet<string>>
  /** Forgets activations that were done so many seconds ago or earlier, so many at most that it takes a moment; gives how many: none when there are no more. One that is posted once more behind that is carried again. */
  forgetDone(seconds: number): Promise<number>
  close(): Promise<void>
}
