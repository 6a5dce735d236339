/** What can be taken out of the store and of the processes, on purpose. */
export interface Flaws {
  /** An append is not refused for its token. */
  readonly noToken?: boolean
  /** Whoever is declared dead is declared so though it has said meanwhile that it lives. */
  readonly provesNoDeath?: boolean
  /** An execution is taken over though its owner lives. */
  readonly takesFromTheLiving?: boolean
  /** Who hears that it was declared dead goes on. */
  readonly goesOn?: boolean
  /** What is sent again has the time of that. */
  readonly restamps?: boolean
  /** How old a fence may be, in milliseconds. */
  readonly longestFence?: number
  /** For how long switches are kept from others. */
  readonly quarantineSeconds?: number
  /** Whoever takes over does not ask for a stop word of before. */
  readonly forgetsStop?: boolean
}
