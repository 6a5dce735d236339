/** A part that a source never says is absent. */
export interface ConnectionNames {
  readonly host: string
  readonly port?: string
  readonly platform?: string
}
