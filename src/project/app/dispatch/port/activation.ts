/** So it may come twice, late or never: only the record says what there is to do (docs/adr/0077). */
export interface Activation {
  readonly id: string
  readonly execution: string
  readonly site: string
}

/**
 * Why an execution is to be driven: it was begun; somebody has written about it; its owner died, who had a token, and nobody had taken it since, in one term; a worker that drains left it
 * at a record; or nobody was seen to drive it by whoever looked.
 */
export type Cause =
  | { readonly why: 'begun' }
  | { readonly why: 'woken'; readonly wake: number }
  | { readonly why: 'owner-died'; readonly token: number; readonly again: number }
  | { readonly why: 'handed-on'; readonly record: number }
  | { readonly why: 'left'; readonly period: number }

export function activationOf(execution: string, site: string, cause: Cause): Activation {
  return { id: `${execution}@${suffixOf(cause)}`, execution, site }
}

function suffixOf(cause: Cause) {
  switch (cause.why) {
    case 'begun':
      return '0'
    case 'woken':
      return `w${cause.wake}`
    case 'owner-died':
      return `t${cause.token}.${cause.again}`
    case 'handed-on':
      return `h${cause.record}`
    case 'left':
      return `s${cause.period}`
  }
}

const EXECUTION = /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/

/** An activation as it comes out of a queue; undefined for what is none. */
export function readActivation(value: unknown): Activation | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  const { id, execution, site } = value as Readonly<Record<string, unknown>>
  if (typeof id !== 'string' || typeof execution !== 'string' || typeof site !== 'string') return undefined
  return EXECUTION.test(execution) && id.startsWith(`${execution}@`) ? { id, execution, site } : undefined
}

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
