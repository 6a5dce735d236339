export const OWN_SESSIONS = 'eosflow-'

/** What all config sessions of one execution begin with: its last eight hex digits tell executions apart. */
export function sessionPrefix(execution: string): string {
  return `${OWN_SESSIONS}${execution.slice(-8)}-`
}

/** Never used twice: EOS refuses to re-enter a completed name (docs/eos.md 2.6), and a name is the fence that keeps a late answer from meaning a newer act. */
export function sessionName(execution: string, n: number): string {
  return `${sessionPrefix(execution)}${n}`
}

/**
 * The name of the n-th owner session of an execution on a switch: the empty config session that the process which drives it keeps
 * there. Never used twice: whoever takes over has another one, and so has who opens it anew.
 */
export function ownerSessionName(execution: string, n: number): string {
  return `${sessionPrefix(execution)}own${n}`
}

export function isOwnerSession(session: string): boolean {
  return /^eosflow-[0-9a-f]{8}-own\d+$/.test(session)
}

/**
 * The checkpoint that an execution saves before it changes a switch. None is saved twice, since the one of before may be the only copy of
 * the configuration before the change: a later one has the number of the config session that it is saved for.
 */
export function checkpointName(execution: string, n?: number): string {
  const first = `${OWN_SESSIONS}${execution.slice(-8)}`
  return n === undefined ? first : `${first}-${n}`
}

/** What the first checkpoint is called of the execution that has saved one of this name; undefined where none of eosflow is called so. */
export function firstCheckpoint(name: string): string | undefined {
  return /^(eosflow-[0-9a-f]{8})(?:-\d+)?$/.exec(name)?.[1]
}
