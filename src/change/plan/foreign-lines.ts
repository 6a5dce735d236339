import { type ConfigChange, diffConfig, presentChanges } from '../../eos/config/diff/diff.ts'
import { lineAt, placeOf, placesOf, wordsAt } from '../../eos/config/merge.ts'
import { redact } from '../../eos/config/secrets/secrets.ts'
import { parseConfig } from '../../eos/config/text/parse.ts'
import { EosflowError } from '../../model/error.ts'
import { definedMembers, unlessEmpty } from '../../model/json.ts'
import type { PlanDefinition } from './definition.ts'
import { type IntendedLines, isWhole } from './intended.ts'
import type { PlannedDevice } from './plan.ts'
import { cleanDiff, type PlanRedactor } from './redaction.ts'
import type { ComparedEvidence } from './seal.ts'

// The word of `allow` that lets a plan remove them.
const ALLOWED_BY = 'foreign-removals'

const [MOST_LINES, MOST_SWITCHES] = [10, 10]

/** A line whose secret alone is another one is that line where the switch no longer has the one on record. */
export function foreignRemovals({
  rendered,
  comparison,
  intended,
}: Pick<ComparedEvidence, 'rendered' | 'comparison' | 'intended'>): readonly ConfigChange[] {
  if (rendered.mode !== 'replace' || intended === undefined) return []
  const undeclared = comparison.changes.filter(
    (one) => one.sign === '-' && !placesOf(one).every((place) => intended.lines.has(place)),
  )
  if (undeclared.length === 0) return []
  const running = new Set(diffConfig(parseConfig(''), comparison.before).changes.map(placeOf))
  const otherSecrets = absentWithSecrets(intended, running)
  return undeclared.filter((one) => {
    const place = placeOf(one)
    const clean = withoutSecrets(place)
    const left = clean === place ? 0 : (otherSecrets.get(clean) ?? 0)
    if (left > 0) otherSecrets.set(clean, left - 1)
    return left === 0
  })
}

function absentWithSecrets({ lines }: IntendedLines, running: ReadonlySet<string>) {
  const absent = new Map<string, number>()
  for (const place of lines) {
    if (running.has(place)) continue
    const clean = withoutSecrets(place)
    if (clean !== place) absent.set(clean, (absent.get(clean) ?? 0) + 1)
  }
  return absent
}

function withoutSecrets(place: string) {
  return JSON.stringify(lineAt(place).map((line) => redact(line)))
}

export function plannedForeign(evidence: ComparedEvidence, clean: PlanRedactor): Pick<PlannedDevice, 'foreign'> {
  const { intended } = evidence
  const removed = foreignRemovals(evidence)
  if (intended === undefined || removed.length === 0) return {}
  const count = removed.length
  if (!isWhole(intended)) return { foreign: { against: intended.source, count } }
  return { foreign: { against: intended.source, count, lines: cleanDiff(presentChanges(removed), clean) } }
}

/** The lines of a switch that a plan leaves because its workflow says so. */
export function plannedKept({ keeping }: ComparedEvidence, clean: PlanRedactor): { readonly kept?: readonly string[] } {
  return definedMembers({ kept: unlessEmpty(keeping?.kept.map((one) => lineWords(one, clean)) ?? []) })
}

/** A line with the blocks that hold it, as `keep` names it, without what `clean` takes out. */
export function lineWords({ path, line }: Pick<ConfigChange, 'path' | 'line'>, clean: PlanRedactor): string {
  return wordsAt([...path, line], clean)
}

/** Throws `guard` with these lines of every switch, as many as a person reads, and always with their number, unless the workflow says `allow: [foreign-removals]`. */
export function requireDeclared(definition: PlanDefinition, evidence: readonly ComparedEvidence[]): void {
  if (definition.allow.includes(ALLOWED_BY)) return
  const found = evidence.flatMap((one) => {
    const { intended, device } = one
    const removed = foreignRemovals(one)
    const contradicted = new Set(one.keeping?.contradicted.map(placeOf))
    return intended === undefined || removed.length === 0 ? [] : [{ device, intended, removed, contradicted }]
  })
  if (found.length === 0) return
  const shown = found.slice(0, MOST_SWITCHES).map(refusal)
  const others = found.slice(MOST_SWITCHES)
  const lines = others.reduce((sum, { removed }) => sum + removed.length, 0)
  const rest = others.length === 0 ? [] : [`and ${others.length} more switches, ${lines} lines`]
  const unknown = found.filter(({ intended }) => !isWhole(intended)).map(({ device }) => device)
  throw new EosflowError('guard', [...shown, ...rest].join('\n'), { hint: hintOf(unknown, found.length) })
}

interface ForeignFinding {
  readonly device: string
  readonly intended: IntendedLines
  readonly removed: readonly ConfigChange[]
  readonly contradicted: ReadonlySet<string>
}

function refusal({ device, intended, removed, contradicted }: ForeignFinding) {
  const head = `${device}: ${foreignWords({ against: intended.source, count: removed.length })}`
  if (!isWhole(intended)) return head
  const named = removed.slice(0, MOST_LINES).map((one) => {
    const inVain = contradicted.has(placeOf(one)) ? ' (not kept: the intended configuration says otherwise)' : ''
    return `  ${lineWords(one, redact)}${inVain}`
  })
  const more = removed.length - named.length
  return [`${head}:`, ...named, ...(more === 0 ? [] : [`  and ${more} more`])].join('\n')
}

function hintOf(unknown: readonly string[], all: number) {
  const allow = `say \`allow: [${ALLOWED_BY}]\` in the workflow if all of it may go`
  const keep = 'keep it by `change: { keep: [...] }`'
  if (unknown.length < all) return `Take what is to stay into the intended configuration, ${keep}, or ${allow}.`
  return `Once what runs on ${unknown.slice(0, MOST_SWITCHES).join(' ')} is as it should be, adopt it as intended; or ${keep}, or ${allow}.`
}

const NOT_KNOWN = {
  none: 'no intended text of this switch is on record',
  archived: 'the record of its last intended text is archived and not at its place',
  far: 'its last intended text is too many changes ago',
} as const

export function foreignWords({
  against,
  count,
}: Pick<NonNullable<PlannedDevice['foreign']>, 'against' | 'count'>): string {
  const lines = count === 1 ? '1 line goes' : `${count} lines go`
  if (against.kind === 'execution' || against.kind === 'snapshot') {
    const text = against.kind === 'execution' ? `execution ${against.id}` : `snapshot ${against.name}`
    return `${lines} that nobody on record has written (neither ${text} nor a change since)`
  }
  return `${lines}, and nobody knows whether anybody wants ${count === 1 ? 'it' : 'them'}: ${NOT_KNOWN[against.kind]}`
}
