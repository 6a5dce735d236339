/** Randomness as a port, so that a seed makes a whole execution repeatable. */
export interface Random {
  /** `count` random bytes as lower-case hex. */
  hex(count: number): string
  fraction(): number
}
