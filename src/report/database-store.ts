/** What is to be known of a server, as its words are shown. */
interface Finding {
  readonly level: 'good' | 'warning' | 'fault'
  readonly what: string
  readonly hint?: string
}

const SIGN = { good: '✓', warning: '!', fault: '✗' } as const

/** What a server says of itself, line by line, each with what a person does. */
export function findingLines(findings: readonly Finding[]): readonly string[] {
  return findings.flatMap(({ level, what, hint }) => [
    `${SIGN[level]} ${what}`,
    ...(hint === undefined ? [] : [`  ${hint}`]),
  ])
}

/** What became of the layout of a store. */
export function layoutLine({
  from,
  to,
  origin,
}: {
  readonly from: number
  readonly to: number
  readonly origin: string
}): string {
  if (from === 0) return `Made: store ${origin}, layout ${to}`
  return from === to
    ? `Nothing to do: store ${origin} has layout ${to}`
    : `Store ${origin} now has layout ${to}, before ${from}`
}
