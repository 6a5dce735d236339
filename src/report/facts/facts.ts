/** What a switch is. What it does not have, or did not say, is absent. */
export interface SwitchFacts {
  readonly model: string
  readonly serial: string
  /** The system MAC address. */
  readonly mac: string
  /** The EOS version, for example `4.32.2F`. */
  readonly eos: string
  /** Seconds since boot. */
  readonly uptime: number
  readonly hostname?: string
  /** The image that it boots next. */
  readonly image?: string
  /** The state of MLAG: `active`, `disabled`, `inactive`. */
  readonly mlag?: string
  readonly mlagDomain?: string
  readonly powerSupplies?: { readonly ok: number; readonly of: number }
  /** How many are plugged in. */
  readonly transceivers?: number
}

/** The facts of a switch, or what was thrown where it did not answer. */
export type ReadFacts =
  | { readonly name: string; readonly facts: SwitchFacts }
  | { readonly name: string; readonly failure: unknown }
