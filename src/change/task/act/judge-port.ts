import type { Verdict } from '../../../model/verdict.ts'

/** The monitoring systems that a workflow asks whether a change is good. They are asked once for all switches. */
export interface JudgePort {
  /** Whether there is one. */
  readonly isAsked: boolean
  /** Puts on record what they say before the first change, unless that is on record. Throws what keeps one from being asked, or relied on. */
  before(signal: AbortSignal): Promise<void>
  /**
   * What they say of a switch whose verification began at `begun`. Answers that were asked for at `since` or later are shared. What cannot be
   * had is the verdict `error`. Both are moments of the clock that never jumps.
   */
  judge(
    device: string,
    when: { readonly begun: number; readonly since: number },
    signal: AbortSignal,
  ): Promise<readonly { readonly check: string; readonly verdict: Verdict }[]>
}
