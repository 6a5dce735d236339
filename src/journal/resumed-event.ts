/** That somebody goes on with an execution. */
export interface ExecutionResumed {
  readonly type: 'ExecutionResumed'
  /** The switches that the process before has left in the middle of the change; absent where it came to rest. */
  readonly abandoned?: readonly string[]
  /** A process does it, and no person has asked for it now: a word to stop from before still counts. */
  readonly byItself?: true
  /** A worker does it, because the process before was declared dead. */
  readonly ownerDied?: true
  /** The record may be a copy: switches that nothing in it has touched are asked before they are called untouched. Absent before that was done. */
  readonly asks?: true
  /** It was open in the backup from which the store was restored: what became of its switches since is on no record. */
  readonly restored?: true
}
