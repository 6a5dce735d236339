/** A command of a verification that a switch refuses, in the switch's own words. Plain data. */
export interface RefusedQuestion {
  readonly device: string
  /** Who asks it, by the place in the list of checks or of the pairs that are probed. */
  readonly by: { readonly check: number } | { readonly probe: number }
  readonly command: string
  readonly says: string
}
