/** Under which variables a reader keeps how a host is reached. A part that a source never says is absent. */
export interface ConnectionNames {
  readonly host: string
  readonly port?: string
  /** What system it runs, in the words of the source. */
  readonly platform?: string
}
