/** The rows of a table that is written as a text, one a line. */
export function rows(text: string): string[] {
  return text.trim().split(/\n\s*/)
}

/** A command that opens a submode. */
export interface BlockSpec {
  /** The mode it opens. */
  readonly mode: string
  /** `interfaces` and `vlans`: the name may be a range, and is stored canonically. */
  readonly names?: 'interfaces' | 'vlans'
  /** Only one can exist: what EOS answers to a second with another value (docs/eos.md 4.4). */
  readonly single?: (present: string) => string
}

/** A numbered list: access lists, prefix lists, peer filters (docs/eos.md 4.7). */
export interface NumberedSpec {
  /** The words before the number, as a pattern; empty where entries stand in a mode of their own. */
  readonly head: string
  /** The word before the number, or empty. */
  readonly word: string
  /** The words with which an entry without number begins. */
  readonly actions: readonly string[]
}

/**
 * What the commands of one mode mean, as patterns (see `Pattern`) by kind.
 *
 * Of several patterns that match, the most exact one counts. What no pattern matches is unknown: it is kept as an
 * additive line. The kinds are those of docs/eos.md 4.4.
 */
export interface ModeTable {
  readonly mode: string
  /** Commands that open a submode, and the mode or the details. The key is the command without its `_` words. */
  readonly blocks?: Readonly<Record<string, string | BlockSpec>>
  /** One value each, last write wins; `no` removes it. */
  readonly single?: readonly string[]
  /** As `single`, but `no` is a setting of its own and is stored. */
  readonly toggle?: readonly string[]
  /**
   * As `toggle`, of what is off unless a wider line says it, such as that of a peer group: `no` of a line that stands is stored only then
   * (docs/eos.md 4.8).
   */
  readonly inherited?: readonly string[]
  /** Any number of lines; the whole line is the key. */
  readonly line?: readonly string[]
  /**
   * Commands of which some words, each with the one behind it, are settings and the others the key: the same command with
   * other settings takes the place of the first.
   */
  readonly options?: Readonly<Record<string, readonly string[]>>
  /** VLAN lists with `add`, `remove`, `except`, `all`, `none`. */
  readonly vlanList?: readonly string[]
  readonly numbered?: readonly NumberedSpec[]
  /** `no` with exactly these words removes every line that begins with them. */
  readonly heads?: readonly string[]
  /** Edits take effect when the mode is left (docs/eos.md 2.4). */
  readonly group?: boolean
  /** Any command is a known additive line or, with commands under it, a known block. */
  readonly open?: boolean
}
