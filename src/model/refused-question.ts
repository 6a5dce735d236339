export interface RefusedQuestion {
  readonly device: string
  readonly by: { readonly check: number } | { readonly probe: number }
  readonly command: string
  readonly says: string
}
