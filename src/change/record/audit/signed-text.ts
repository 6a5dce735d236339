export interface SignedText {
  readonly text: string
  readonly note: string
  /** When it was signed, ISO 8601 in UTC; undefined where only the text was signed. */
  readonly at: string | undefined
  /** Its key is lost, so nobody can judge its signature: what it says is compared, and it vouches for nothing. */
  readonly lost?: true
}
