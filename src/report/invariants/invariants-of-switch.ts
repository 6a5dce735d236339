/** What of a switch is otherwise than invariants say, or why it was not read. */
export type InvariantsOfSwitch =
  | {
      readonly name: string
      readonly state: 'judged'
      readonly invariants: number
      readonly breaches: readonly { readonly invariant: string; readonly says: string; readonly because: string }[]
    }
  | { readonly name: string; readonly state: 'unread'; readonly failure: unknown }
