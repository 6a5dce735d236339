/** The branch of a NetBox that an inventory was read from. */
export interface ReadBranch {
  readonly name: string
  /** What requests name it by. */
  readonly schema: string
  /** When it was last synced with main, as NetBox writes it; null where it never was. */
  readonly lastSync: string | null
}
