/** A command as it is named in hints: its words with its arguments, its other names, and its flags as commander writes them. */
export interface NamedCommand {
  readonly usage: string
  readonly aliases?: readonly string[]
  readonly options?: readonly { readonly flags: string }[]
}
