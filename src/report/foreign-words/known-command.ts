export interface NamedCommand {
  readonly usage: string
  readonly aliases?: readonly string[]
  readonly options?: readonly { readonly flags: string }[]
}
