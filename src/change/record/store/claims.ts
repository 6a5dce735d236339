export interface Claim {
  renew(): Promise<boolean>
  release(): Promise<void>
}

export interface Claims {
  claim(execution: string): Promise<Claim>
  isClaimed(execution: string): Promise<boolean>
}

export const noClaims: Claims = {
  claim: async () => ({ renew: async () => true, release: async () => undefined }),
  isClaimed: async () => false,
}
