export interface Mark {
  readonly line: number
  readonly column: number
}

/** Ends the reading of a text that is no YAML 1.1. `read.ts` makes a Problem of it. */
export class YamlFault extends Error {
  readonly mark: Mark
  readonly hint: string | undefined

  constructor(message: string, mark: Mark, hint?: string) {
    super(message)
    this.mark = mark
    this.hint = hint
  }
}

export function unexpected(mark: Mark): YamlFault {
  return new YamlFault(
    'the indentation or the brackets do not fit what is before',
    mark,
    'compare the indentation with the lines above',
  )
}
