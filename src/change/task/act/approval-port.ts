/** The approval of the plan. */
export interface ApprovalPort {
  /** Finds or asks for a decision. `waiting`: there is nobody to ask now. Throws `not-approved` when it is rejected, expired or tampered with. */
  obtain(signal: AbortSignal): Promise<'approved' | 'waiting'>
  /**
   * Judges again all conditions under which the plan may be sent (docs/approvals.md#what-is-judged). `shown` is what the
   * switch shows right before its timed commit; without it nothing may be committed yet. Throws `not-approved` or `stale`.
   */
  require(shown?: { readonly device: string; readonly running: string; readonly candidate: string }): Promise<void>
  /** Judged once more right before the confirm: what was rejected, tampered with or forbidden since is not confirmed. Throws `not-approved` or `stale`. */
  requireUnrevoked(): Promise<void>
}
