import { NAMED_KINDS } from '../../model/change-kind.ts'
import type { Problem } from '../../model/problem.ts'
import { keyPlaceOf, type LocatedValue, type Path, textPlaceOf } from '../../text/source/located.ts'
import { didYouMean } from '../../text/source/suggest.ts'
import { ANY_KIND, rangeIn } from './change-match.ts'
import { APPROVED_ACTS } from './obligations.ts'
import type { PolicyFile } from './policy-schema.ts'

type WrittenRule = PolicyFile['rules'][number]

/** One with `instead` asks for less than rules beside it: it names its kinds, it says of which rules, and it does not go below their `notRequester`. */
export function changeRuleProblems(
  rule: WrittenRule,
  path: Path,
  { rules }: PolicyFile,
  located: LocatedValue,
): readonly Problem[] {
  const reads = rule.on.change !== undefined || rule.on.params !== undefined
  const problem = (code: string, message: string, at: Path, hint: string): Problem => ({
    code,
    message: `the rule \`${rule.id}\` ${message}`,
    at: keyPlaceOf(located, [...path, ...at]),
    hint,
  })
  return [
    ...kindProblems(rule, path, located),
    ...emptyRanges(rule, path, located),
    ...(reads ? actProblems(rule, problem) : []),
    ...(rule.instead === undefined
      ? narrowingProblems(rule, problem)
      : lesserProblems(rule, rules, path, located, problem)),
  ]
}

type ProblemOf = (code: string, message: string, at: Path, hint: string) => Problem

function kindProblems({ on: { change } }: WrittenRule, path: Path, located: LocatedValue): readonly Problem[] {
  return (change?.kinds ?? []).flatMap((kind, index) => {
    if (kind === ANY_KIND || NAMED_KINDS.includes(kind)) return []
    const at = textPlaceOf(located, [...path, 'on', 'change', 'kinds', index])
    return [
      {
        code: 'unknown-kind',
        message: `there is no kind of line \`${kind}\``,
        at,
        hint: didYouMean(kind, NAMED_KINDS),
      },
    ]
  })
}

function emptyRanges({ on: { params = {} } }: WrittenRule, path: Path, located: LocatedValue): readonly Problem[] {
  return Object.entries(params).flatMap(([name, values]) =>
    values.flatMap((value) => {
      const range = rangeIn(value)
      if (range === undefined || range.first <= range.last) return []
      const at = keyPlaceOf(located, [...path, 'on', 'params', name])
      return [{ code: 'empty-range', message: `\`${value}\` ends before it begins`, at, hint: 'swap the two' }]
    }),
  )
}

function actProblems({ allow = [], deny, instead }: WrittenRule, problem: ProblemOf) {
  const may = instead === undefined ? APPROVED_ACTS : [...APPROVED_ACTS, 'task.rollback' as const]
  const other = (deny ?? allow).filter((action) => !may.includes(action))
  if (other.length === 0) return []
  const hint = `name only ${may.join(', ')}, and allow the others in a rule beside it`
  return [
    problem(
      'change-unknown',
      `reads the change, which nothing knows at ${other.join(', ')}`,
      [deny === undefined ? 'allow' : 'deny'],
      hint,
    ),
  ]
}

function narrowingProblems({ on: { change } }: WrittenRule, problem: ProblemOf) {
  if (change?.maxLines === undefined) return []
  const hint = 'delete it: without `instead` the rule is about every change that has a line of its kinds'
  return [problem('idle-limit', 'has `maxLines` and no `instead`', ['on', 'change', 'maxLines'], hint)]
}

function lesserProblems(
  rule: WrittenRule,
  rules: PolicyFile['rules'],
  path: Path,
  located: LocatedValue,
  problem: ProblemOf,
) {
  const { instead = [], allow = [], require } = rule
  const kinds = rule.on.change?.kinds
  const ordinary = rules.filter(
    ({ id, on, allow }) =>
      id !== rule.id &&
      on.change === undefined &&
      on.params === undefined &&
      allow?.includes('breakglass.use') === false,
  )
  const named = instead.flatMap((id) => ordinary.find((one) => one.id === id) ?? [])
  const below = named.filter(
    (one) =>
      (one.require?.approvals.notRequester === true && require?.approvals.notRequester !== true) ||
      (one.require?.approvals.knownRequester === true && require?.approvals.knownRequester !== true),
  )
  return [
    ...(kinds === undefined
      ? [
          problem(
            'open-rule',
            'asks for less, and names no kinds of lines',
            ['instead'],
            'add `on: { change: { kinds: [vlan] } }`',
          ),
        ]
      : []),
    ...(kinds?.includes(ANY_KIND) === true
      ? [problem('open-rule', 'asks for less for any line', ['on', 'change', 'kinds'], 'name the kinds that need less')]
      : []),
    ...(rule.deny === undefined
      ? []
      : [problem('open-rule', 'denies, and asks for nothing instead', ['instead'], 'delete `instead`')]),
    ...(allow.includes('breakglass.use')
      ? [problem('open-rule', 'is for emergencies, which no change decides', ['instead'], 'delete `instead`')]
      : []),
    ...instead.flatMap((id, index): readonly Problem[] => {
      if (ordinary.some((one) => one.id === id)) return []
      const at = textPlaceOf(located, [...path, 'instead', index])
      const hint = didYouMean(
        id,
        ordinary.map((one) => one.id),
      )
      return [{ code: 'unknown-rule', message: `\`${id}\` is no rule that allows by itself`, at, hint }]
    }),
    ...below.map(({ id }) =>
      problem(
        'below-not-requester',
        `goes below \`notRequester\` or \`knownRequester\` of \`${id}\``,
        ['instead'],
        'add `require: { approvals: { notRequester: true } }`, and `knownRequester: true` if it has that: one approval by somebody else is the least',
      ),
    ),
  ]
}
