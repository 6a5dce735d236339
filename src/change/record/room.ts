export interface Room {
  /** Throws `guard` when there is too little of it to begin the change of a switch. */
  require(): void
  /**
   * Gives up the reserve because a write has failed. True when that made room, so that the write may be tried again; false when the
   * reserve is gone already, or when it was not room that the write lacked.
   */
  release(failure: unknown): boolean
}

export const unlimitedRoom: Room = { require: () => undefined, release: () => false }
