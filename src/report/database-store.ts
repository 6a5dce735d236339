import { present } from './text/text.ts'

interface Finding {
  readonly level: 'good' | 'warning' | 'fault'
  readonly what: string
  readonly hint?: string
}

const SIGN = { good: '✓', warning: '!', fault: '✗' } as const

export function findingLines(findings: readonly Finding[]): readonly string[] {
  return findings.flatMap(({ level, what, hint }) =>
    present(`${SIGN[level]} ${what}`, hint !== undefined && `  ${hint}`),
  )
}

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

/** What became of a store that somebody has wanted: `begins` where it is in the place of a lost one. */
export function initLines(
  findings: readonly Finding[],
  change: Parameters<typeof layoutLine>[0] | undefined,
  begins: boolean,
): readonly string[] {
  return present(
    findingLines(findings),
    change !== undefined && [layoutLine(change), 'Next: GRANT eos_worker TO the users that eosflow connects as'],
    begins && ['A new store is begun: it knows nothing of the one that is lost', 'Next: eosflow recover --scan'],
  )
}
