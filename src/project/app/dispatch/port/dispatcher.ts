import type { Activation } from './activation.ts'

/** What a worker takes at present. */
export interface WorkerQueue {
  /** The executions that are driven here now. */
  readonly driven: readonly string[]
  /** Takes activations for these sites too, within the same limit for each. */
  add(sites: readonly string[]): void
  /** Somebody has posted for this site, or for any: what waits is taken at once, and not with the next look. */
  look(site?: string): void
  /** Takes nothing more; resolves when all that was taken is done. */
  drain(): Promise<void>
}

/** Drives the execution of an activation until it rests. What it throws is told to nobody: whoever drives says it. */
export type Drive = (activation: Activation) => Promise<void>

/**
 * Carries activations to workers, as a postman does: once or more, at any time, or not at all. It decides nothing. What it loses is posted again
 * by the workers (docs/adr/0077), and what it delivers twice finds nothing to do.
 */
export interface Dispatcher {
  /** Has somebody who works for the site get it. Posted once more under the same id it is not carried again. */
  post(activation: Activation): Promise<void>
  /** Whether an activation of the execution waits for a worker of the site that has not taken it: another one brings it to nobody sooner. */
  waits(execution: string, site: string): Promise<boolean>
  /** Takes activations for these sites, at most `limit` at once for each, and besides for those of `unlimited`, as many as there are. */
  work(sites: readonly string[], limit: number, drive: Drive, unlimited?: readonly string[]): Promise<WorkerQueue>
  /**
   * The executions of which an activation waits for a worker of this version, or was taken by one of these workers, that was posted at most so many seconds ago. What this
   * process has taken counts while it drives it: the answer to its taking may have been lost.
   */
  posted(seconds: number, working: ReadonlySet<string>): Promise<ReadonlySet<string>>
  /** Forgets what this process has taken and never got, because the answer was lost: it would count as driven for ever. */
  forgetLost(): Promise<void>
  /** Forgets what a dead worker has taken, by the name that its dispatcher was opened with; gives the executions that it was to drive. */
  forget(worker: string): Promise<ReadonlySet<string>>
  /**
   * Forgets activations that were done so many seconds ago or earlier, so many at most that it takes a moment; gives how many: none when there are no more.
   * What waits or was taken stays. One that is posted once more behind that is carried again.
   */
  forgetDone(seconds: number): Promise<number>
  /** Ends it, also what it has taken: that is left as a process leaves it that dies. */
  close(): Promise<void>
}
