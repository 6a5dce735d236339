import { redact } from '../../eos/config/secrets/redact.ts'
import { EosflowError } from '../../model/error.ts'
import { placeWords } from '../../model/problem.ts'
import type { RefusedQuestion } from '../../model/refused-question.ts'
import { someNames } from '../../model/some-names.ts'
import type { ComparedEvidence } from './comparison.ts'
import type { PlanDefinition } from './definition.ts'
import { type ChangedConfig, madeByChange } from './made-by-change.ts'
import type { PlanWarning } from './plan.ts'
import type { QuestionPlaces } from './question-places.ts'

/**
 * Warns of what a verification cannot ask before the change that makes it. Throws `refused` with all else that switches refuse. A switch that does
 * not change decides nothing, unless it probes.
 */
export function askedAfterOnly(
  { askedAt, scrub = (text) => text }: Pick<PlanDefinition, 'askedAt' | 'scrub'>,
  shown: readonly ComparedEvidence[],
  changed: readonly string[],
): readonly PlanWarning[] {
  const bySwitch = new Map(shown.map((one) => [one.device, one]))
  const refused = shown
    .flatMap(({ refused: some = [] }) => some)
    .filter(({ device, by }) => changed.length > 0 && ('probe' in by || changed.includes(device)))
    .toSorted((a, b) => placeIn(a) - placeIn(b))
  const made = requireAnswered(refused, askedAt, (device) => changeOf(bySwitch.get(device)))
  return grouped(made, ({ command, made: thing }) =>
    scrub(
      `\`${redact(command)}\` of the verification cannot be asked before the change, which makes \`${redact(thing)}\`: whether the switch takes it shows under the commit timer`,
    ),
  ).map(([message, [first, ...others]]): PlanWarning => {
    if (others.length === 0) return { code: 'asked-after', device: first.device, message }
    return { code: 'asked-after', message: `${someNames([first, ...others].map(({ device }) => device))}: ${message}` }
  })
}

function changeOf(one: ComparedEvidence | undefined): ChangedConfig {
  if (one === undefined) return { added: [], running: '' }
  const { changes, running } = one.comparison
  return { added: changes.filter(({ sign }) => sign === '+').map(({ line }) => line), running }
}

/** A refused question, and what of it the change makes. */
interface QuestionOfChange extends RefusedQuestion {
  readonly made: string
}

/** Those that cannot be asked before the change that makes what they are about. Throws `refused` with the others, each refusal once, at its place. */
export function requireAnswered(
  refused: readonly RefusedQuestion[],
  places: QuestionPlaces | undefined,
  changeOn: (device: string) => ChangedConfig,
): readonly QuestionOfChange[] {
  const judged = refused.map((one) => ({ ...one, made: madeByChange(one, changeOn(one.device)) }))
  const inVain = judged.filter(({ made }) => made === undefined)
  if (inVain.length === 0) return judged.flatMap((one) => (one.made === undefined ? [] : [{ ...one, made: one.made }]))
  const lines = grouped(inVain, ({ by, command, says }) => {
    const at = 'check' in by ? places?.checks[by.check] : places?.probes[by.probe]
    return JSON.stringify([placeWords(at), `\`${redact(command)}\`: ${redact(says)}`])
  }).map(([key, those]) => {
    const [place, what] = JSON.parse(key) as readonly [string, string]
    return `${place}${someNames(those.map(({ device }) => device))} ${those.length === 1 ? 'refuses' : 'refuse'} ${what}`
  })
  throw new EosflowError('refused', lines.join('\n'), {
    hint: 'The verification would be refused under the commit timer too. Try the command with `eosflow ask`, and write it as the switch takes it.',
  })
}

/** Checks in their order, and the pairs behind them. */
function placeIn({ by }: RefusedQuestion): number {
  return 'check' in by ? by.check : Number.MAX_SAFE_INTEGER
}

/** Those of which the same is said, in the order of the first of each. */
function grouped<T>(all: readonly T[], wordsOf: (one: T) => string): [string, readonly [T, ...T[]]][] {
  const groups = new Map<string, [T, ...T[]]>()
  for (const one of all) {
    const words = wordsOf(one)
    const group = groups.get(words)
    if (group === undefined) groups.set(words, [one])
    else group.push(one)
  }
  return [...groups]
}
