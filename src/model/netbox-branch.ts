export interface ReadBranch {
  readonly name: string
  readonly schema: string
  /** When it was last synced with main, as NetBox writes it; null where it never was. */
  readonly lastSync: string | null
}
