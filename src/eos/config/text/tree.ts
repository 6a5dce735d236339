/** One command of an EOS configuration and what stands under it. */
export interface ConfigNode {
  readonly line: string
  readonly indent?: number
  /** The indentation as it was written, only where it holds a tab (EOS prints none). */
  readonly margin?: string
  readonly children: readonly ConfigNode[]
  /** The bodies of a heredoc (banner, comment, certificate, `code unit`), raw, each with its terminator line. */
  readonly body?: readonly (readonly string[])[]
  readonly lead: readonly string[]
  readonly tail: readonly string[]
  readonly trailing?: string
}

export interface ConfigTree {
  readonly children: readonly ConfigNode[]
  readonly tail: readonly string[]
}

type Parent = Pick<ConfigTree, 'children'>

export function childAt(parent: Parent | undefined, line: string): ConfigNode | undefined {
  return parent?.children.find((child) => child.line === line)
}

export function hasChild(parent: Parent | undefined, line: string): boolean {
  return childAt(parent, line) !== undefined
}

export function childLines({ children }: Parent): string[] {
  return children.map(({ line }) => line)
}

type Lines = readonly (string | Pick<ConfigNode, 'line'>)[]

const textsOf = (lines: Lines) => lines.map((one) => (typeof one === 'string' ? one : one.line))

/** The first group of a pattern in each line that it matches. */
export function foundIn(lines: Lines, pattern: RegExp): string[] {
  return textsOf(lines).flatMap((line) => pattern.exec(line)?.[1] ?? [])
}

/** What follows the beginning of the first line that begins so. */
export function restOf(lines: Lines, beginning: string): string | undefined {
  return textsOf(lines)
    .find((line) => line.startsWith(beginning))
    ?.slice(beginning.length)
}
