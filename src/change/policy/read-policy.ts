import { NAMED_KINDS } from '../../model/change-kind.ts'
import type { Problem, ValueOrProblems } from '../../model/error.ts'
import { definedMembers } from '../../model/json.ts'
import {
  acceptUnless,
  keyPlaceOf,
  type LocatedValue,
  locatedAt,
  type Path,
  problemsOf,
  textPlaceOf,
} from '../../text/source/located.ts'
import { didYouMean } from '../../text/source/suggest.ts'
import { parseWith, readYaml } from '../../text/source/yaml.ts'
import { APPROVED_ACTS } from './approval-case.ts'
import { GATE } from './gate-answer.ts'
import { ANY_KIND, BUILT_IN_RULES, type Policy, type Rule, rangeIn } from './policy.ts'
import { type PolicyFile, policySchema } from './policy-schema.ts'

// The words that earlier versions took as actions and never asked for, each with the mend.
const NEVER_ASKED: ReadonlyMap<unknown, string> = new Map([
  [
    'secret.resolve',
    'delete it: who may connect to a switch also reads its secrets, so allow or deny what connects (`task.snapshot`, `task.push`, `device.unlock`)',
  ],
])

function formerCarries(located: LocatedValue): readonly Problem[] {
  return indicesAt(located, ['rules']).flatMap((index) => {
    const path = ['rules', index, 'require', 'approvals', 'carry']
    if (locatedAt(located, path)?.value !== 'sameDiff') return []
    const message = '`carry: sameDiff` carried approvals over lines that touch traffic, and is refused'
    const hint = 'list the kinds of lines: `carry: { kinds: [interface.description, vlan.name] }`'
    return [{ code: 'former-carry', message, at: textPlaceOf(located, path), hint }]
  })
}

function unaskedActions(located: LocatedValue): readonly Problem[] {
  return [...ruleActions(located), ...testActions(located)].flatMap((path) => {
    const action = locatedAt(located, path)?.value
    const hint = NEVER_ASKED.get(action)
    if (hint === undefined) return []
    const message = `nothing asks for \`${action}\`, and a rule about it protects nothing`
    return [{ code: 'unasked-action', message, at: textPlaceOf(located, path), hint }]
  })
}

function ruleActions(located: LocatedValue): readonly Path[] {
  const paths = indicesAt(located, ['rules']).flatMap((index) =>
    ['allow', 'deny'].map((effect): Path => ['rules', index, effect]),
  )
  return paths.flatMap((path) => indicesAt(located, path).map((index): Path => [...path, index]))
}

function testActions(located: LocatedValue): readonly Path[] {
  return indicesAt(located, ['tests']).map((index): Path => ['tests', index, 'given', 'action'])
}

function indicesAt(located: LocatedValue, path: Path) {
  const list = locatedAt(located, path)?.value
  return Array.isArray(list) ? [...list.keys()] : []
}

type WrittenRule = PolicyFile['rules'][number]

const KINDS: readonly string[] = ['kind:person', 'kind:service', 'kind:agent']

/** Reads `policy.yaml`: the policy, or everything that is wrong with it. */
export function readPolicy(content: string | Uint8Array, file: string): ValueOrProblems<Policy> {
  const read = readYaml(content, file)
  if (!read.ok) return read
  const parsed = parseWith(policySchema(), read.value)
  if (!parsed.ok) return acceptUnless(withUnasked(problemsOf(parsed), read.value), () => undefined as never)
  const written = parsed.value
  const problems = [
    ...memberProblems(written, read.value),
    ...windowProblems(written, read.value),
    ...freezeProblems(written, read.value),
    ...duplicates(written, read.value),
    ...gateNames(written, read.value),
    ...written.rules.flatMap((rule, index) => ruleProblems(rule, index, written, read.value)),
  ]
  return acceptUnless(problems, () => ({
    file,
    roles: written.roles,
    windows: written.windows,
    freezes: written.freezes,
    rules: [...BUILT_IN_RULES, ...written.rules.map(ruleOf)],
    ...definedMembers({ approvals: written.approvals, gate: written.gate }),
    tests: written.tests,
  }))
}

function withUnasked(problems: readonly Problem[], located: LocatedValue) {
  const unasked = [...unaskedActions(located), ...formerCarries(located)]
  const isTold = ({ at }: Problem) => unasked.some((one) => one.at.line === at.line && one.at.column === at.column)
  return [...unasked, ...problems.filter((problem) => !isTold(problem))]
}

function ruleOf({ allow, deny, ...rule }: WrittenRule): Rule {
  return { ...rule, effect: deny === undefined ? 'allow' : 'deny', actions: deny ?? allow ?? [] }
}

// A member without a colon is neither a group nor an identity, and would never match.
function memberProblems({ roles }: PolicyFile, located: LocatedValue): Problem[] {
  return Object.entries(roles).flatMap(([role, { members }]) =>
    members.flatMap((member, index) => {
      const at = textPlaceOf(located, ['roles', role, 'members', index])
      if (member.startsWith('kind:') && !KINDS.includes(member)) {
        return [{ code: 'unknown-kind', message: `there is no \`${member}\``, at, hint: didYouMean(member, KINDS) }]
      }
      if (/^[^:]+:[^:]+/.test(member)) return []
      const hint = 'write `issuer:group:NAME`, `issuer:sub:NAME`, or an identity as `eosflow whoami` prints it'
      return [{ code: 'bad-member', message: `\`${member}\` names neither a group nor an identity`, at, hint }]
    }),
  )
}

function windowProblems({ windows }: PolicyFile, located: LocatedValue): Problem[] {
  return Object.entries(windows).flatMap(([name, { tz, from, to }]) => {
    const problems: Problem[] = []
    if (!isTimeZone(tz)) {
      const at = textPlaceOf(located, ['windows', name, 'tz'])
      const hint = 'for example `Europe/Berlin`, `America/New_York` or `UTC`'
      problems.push({ code: 'unknown-zone', message: `there is no time zone \`${tz}\``, at, hint })
    }
    if (from === to) {
      const at = textPlaceOf(located, ['windows', name, 'to'])
      const hint = 'for a whole day write `from: "00:00"` and `to: "24:00"`'
      problems.push({ code: 'empty-window', message: `the window \`${name}\` ends when it begins`, at, hint })
    }
    return problems
  })
}

function isTimeZone(tz: string) {
  try {
    new Intl.DateTimeFormat('en-US', { timeZone: tz })
    return true
  } catch {
    return false
  }
}

function freezeProblems({ freezes }: PolicyFile, located: LocatedValue): Problem[] {
  return freezes.flatMap(({ name, from, to }, index) => {
    if (Date.parse(from) < Date.parse(to)) return []
    const at = textPlaceOf(located, ['freezes', index, 'to'])
    return [{ code: 'empty-freeze', message: `the freeze \`${name}\` ends before it begins`, at, hint: 'swap the two' }]
  })
}

function duplicates({ rules }: PolicyFile, located: LocatedValue): Problem[] {
  return rules.flatMap(({ id }, index) => {
    if (rules.findIndex((other) => other.id === id) === index) return []
    const at = textPlaceOf(located, ['rules', index, 'id'])
    return [{ code: 'duplicate-rule', message: `two rules are called \`${id}\``, at, hint: 'give one another id' }]
  })
}

function gateNames({ rules, gate }: PolicyFile, located: LocatedValue): Problem[] {
  if (gate === undefined) return []
  return rules.flatMap(({ id }, index) => {
    if (id !== GATE) return []
    const at = textPlaceOf(located, ['rules', index, 'id'])
    return [
      {
        code: 'reserved-id',
        message: `\`${GATE}\` is what denials of the gate are called`,
        at,
        hint: 'give the rule another id',
      },
    ]
  })
}

function ruleProblems(rule: WrittenRule, index: number, policy: PolicyFile, located: LocatedValue) {
  const path: Path = ['rules', index]
  const roles = Object.keys(policy.roles)
  const problem: ProblemOf = (code, message, at, hint) => ({
    code,
    message: `the rule \`${rule.id}\` ${message}`,
    at: keyPlaceOf(located, [...path, ...at]),
    hint,
  })
  return [
    ...effectProblems(rule, problem),
    ...unknownNames(rule.to, [...path, 'to'], [...roles, ...KINDS], 'role', located),
    ...unknownNames(
      rule.require?.approvals.from ?? [],
      [...path, 'require', 'approvals', `from`],
      roles,
      'role',
      located,
    ),
    ...unknownNames(
      rule.when.window ?? [],
      [...path, 'when', 'window'],
      Object.keys(policy.windows),
      'window',
      located,
    ),
    ...emergencyProblems(rule, problem),
    ...idleDemand(rule, problem),
    ...changeRuleProblems(rule, path, policy, located, problem),
  ]
}

function idleDemand({ allow = [], require }: WrittenRule, problem: ProblemOf): Problem[] {
  if (require === undefined || allow.length === 0 || allow.some((action) => APPROVED_ACTS.includes(action))) return []
  if (allow.includes('breakglass.use')) return []
  const hint = `approvals are of plans: write \`require\` where ${APPROVED_ACTS.join(', ')} is allowed`
  return [problem('idle-demand', `demands approvals for what nobody approves: ${allow.join(', ')}`, ['require'], hint)]
}

function unknownNames(
  names: readonly string[],
  path: Path,
  known: readonly string[],
  what: string,
  located: LocatedValue,
): Problem[] {
  return names.flatMap((name, index) => {
    if (known.includes(name)) return []
    const at = textPlaceOf(located, [...path, index])
    const hint = known.length === 0 ? `say what it is: \`${what}s: { ${name}: … }\`` : didYouMean(name, known)
    return [{ code: `unknown-${what}`, message: `there is no ${what} \`${name}\``, at, hint }]
  })
}

function effectProblems({ id, allow, deny, ...rule }: WrittenRule, problem: ProblemOf): Problem[] {
  const at = [deny === undefined ? 'allow' : 'deny']
  if ((allow === undefined) === (deny === undefined)) {
    const message = allow === undefined ? 'neither allows nor denies' : 'both allows and denies'
    return [problem('rule-effect', message, at, 'write one of `allow` and `deny`; make two rules of it for both')]
  }
  if (deny === undefined) {
    if (!id.startsWith('builtin-')) return []
    const hint = 'give the rule another id: what is built in can only deny'
    const message = `\`${id}\` allows, under a name of built-in denials`
    return [{ ...problem('reserved-id', message, at, hint), message }]
  }
  const conditional = [
    ...(['require', 'effects'] as const).filter((key) => rule[key] !== undefined),
    ...(Object.keys(rule.when).some((key) => key !== 'noFreeze') || rule.when.noFreeze ? ['when'] : []),
    ...(rule.on.maxConcurrent === undefined ? [] : ['on.maxConcurrent']),
  ]
  const hint = 'delete it: to allow something at certain times only, say so where it is allowed'
  return conditional.map((key) =>
    problem('conditional-denial', `denies, and a denial has no \`${key}\``, key.split('.'), hint),
  )
}

function emergencyProblems({ allow = [], when, effects, require }: WrittenRule, problem: ProblemOf): Problem[] {
  const isEmergency = allow.includes('breakglass.use')
  if (isEmergency && when.reason === undefined) {
    return [
      problem('no-reason', 'lets the glass be broken without a reason', ['allow'], 'add `when: { reason: ticket }`'),
    ]
  }
  if (isEmergency && require !== undefined) {
    const hint = 'delete `require`, or take `breakglass.use` out of `allow`'
    return [problem('no-emergency', 'is for emergencies and demands approvals', ['require'], hint)]
  }
  if (isEmergency) return []
  const stray = [
    ...(when.reason === undefined ? [] : [['when', 'reason']]),
    ...(effects === undefined ? [] : [['effects']]),
  ]
  const hint = 'delete it, or add `breakglass.use` to `allow`'
  return stray.map((key) =>
    problem('no-emergency', `has \`${key.join('.')}\`, which only a break-glass rule may have`, key, hint),
  )
}

// One with `instead` asks for less than rules beside it: it names its kinds, it says of which rules, and it does not go below their `notRequester`.
function changeRuleProblems(
  rule: WrittenRule,
  path: Path,
  { rules }: PolicyFile,
  located: LocatedValue,
  problem: ProblemOf,
): readonly Problem[] {
  const reads = rule.on.change !== undefined || rule.on.params !== undefined
  return [
    ...kindProblems(rule, path, located),
    ...emptyRanges(rule, path, located),
    ...(reads ? actProblems(rule, problem) : []),
    ...(rule.instead === undefined
      ? narrowingProblems(rule, problem)
      : lesserProblems(rule, rules, path, located, problem)),
  ]
}

// A problem of a rule: its message goes on behind the name of the rule, its place is below that of the rule.
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
