/**
 * One command of an EOS configuration and what stands under it.
 *
 * Trivia (separators `!`, blank lines, `! comments`) is no node: it hangs in `lead` before the node it precedes, so
 * semantics sees only commands and rendering is still exact.
 */
export interface ConfigNode {
  /** The command, without indentation and trailing blanks. Never holds a line break. */
  readonly line: string
  /** The indentation in columns, only where it is not three times the depth. */
  readonly indent?: number
  /** The indentation as it was written, only where it holds a tab (EOS prints none). */
  readonly margin?: string
  readonly children: readonly ConfigNode[]
  /** The bodies of a heredoc (banner, comment, certificate, `code unit`), raw, each with its terminator line. */
  readonly body?: readonly (readonly string[])[]
  /** The trivia lines before this node, raw. */
  readonly lead: readonly string[]
  /** The trivia lines after the last child, raw. */
  readonly tail: readonly string[]
  /** Blanks after the command, which a device's own diff prints. */
  readonly trailing?: string
}

/** A whole configuration. The lines before the first command (`! Command:`, `! device:`) are the first node's `lead`. */
export interface ConfigTree {
  readonly children: readonly ConfigNode[]
  /** The trivia lines after the last command, raw. */
  readonly tail: readonly string[]
}
