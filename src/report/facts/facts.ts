export interface SwitchFacts {
  readonly model: string
  readonly serial: string
  readonly mac: string
  /** The EOS version, for example `4.32.2F`. */
  readonly eos: string
  /** Seconds since boot. */
  readonly uptime: number
  readonly hostname?: string
  readonly image?: string
  readonly mlag?: string
  readonly mlagDomain?: string
  readonly powerSupplies?: { readonly ok: number; readonly of: number }
  readonly transceivers?: number
}

export type ReadFacts =
  | { readonly name: string; readonly facts: SwitchFacts }
  | { readonly name: string; readonly failure: unknown }
