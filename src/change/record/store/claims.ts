/** One process's claim that it runs an execution, valid until it is given up or the process ends. */
export interface Claim {
  /** Tries again where another process had claimed it first. False where one still has it. */
  renew(): Promise<boolean>
  release(): Promise<void>
}

/** Which executions living processes run. A crash frees a claim; the journal alone says what was done. */
export interface Claims {
  claim(execution: string): Promise<Claim>
  isClaimed(execution: string): Promise<boolean>
}

/** The claims of a store that no other process can open. */
export const noClaims: Claims = {
  claim: async () => ({ renew: async () => true, release: async () => undefined }),
  isClaimed: async () => false,
}
