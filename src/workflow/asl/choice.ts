import type { Json } from '../../model/json.ts'
import type { ChoiceRule, ChoiceState } from '../machine.ts'
import type { QueryLanguageName } from './dialect.ts'
import { checkReferencePath, checkTemplate, isExpression } from './expression.ts'
import { flowOf, timestamp } from './flow.ts'
import type { Part } from './part.ts'
import { notOf } from './state-fields.ts'

const OPERANDS: Readonly<Record<string, (part: Part, key: string) => unknown>> = Object.fromEntries(
  [
    ['String', (part: Part, key: string) => part.text(key)] as const,
    ['Numeric', (part: Part, key: string) => part.number(key)] as const,
    ['Timestamp', timestamp] as const,
  ].flatMap(([type, check]) =>
    ['Equals', 'LessThan', 'GreaterThan', 'LessThanEquals', 'GreaterThanEquals'].flatMap((compare) => [
      [`${type}${compare}`, check],
      [`${type}${compare}Path`, checkReferencePath],
    ]),
  ),
)

/** Every comparison operator of a JSONPath rule, with the check of its operand (states-language.net, "Choice State"). */
const COMPARISONS: typeof OPERANDS = {
  ...OPERANDS,
  BooleanEquals: (part, key) => part.boolean(key),
  BooleanEqualsPath: checkReferencePath,
  StringMatches: (part, key) => part.text(key),
  ...Object.fromEntries(
    ['Null', 'Present', 'Numeric', 'String', 'Boolean', 'Timestamp'].map((type) => [
      `Is${type}`,
      (part: Part, key: string) => part.boolean(key),
    ]),
  ),
}

const ALL_COMPARISONS = Object.keys(COMPARISONS)
const COMBINATIONS = ['And', 'Or', 'Not']
const ANY_RULE = ['Next', 'Comment', 'Assign']

/** The rules and the default of a Choice. */
export function choiceOf(state: Part, language: QueryLanguageName): Pick<ChoiceState, 'choices' | 'default'> {
  state.require('Choices')
  const rules = state.objects('Choices') ?? []
  if (Array.isArray(state.raw('Choices')) && rules.length === 0) state.fail('Choices', 'Minimum number of items is 1')
  const otherwise = state.text('Default')
  return {
    choices: rules.map((rule) => ruleOf(rule, state, language)),
    ...(otherwise === undefined ? {} : { default: otherwise }),
  }
}

function ruleOf(rule: Part, state: Part, language: QueryLanguageName): ChoiceRule {
  rule.require('Next')
  rule.text('Comment')
  const next = rule.text('Next') ?? ''
  return language === 'JSONata'
    ? { when: { language: 'jsonata', condition: conditionOf(rule) }, next, flow: flowOf(rule, language) }
    : { when: pathRuleOf(rule), next, flow: { ...pathsOf(state), ...flowOf(rule, language) } }
}

/** In JSONPath InputPath and OutputPath of the state hold for every rule. */
function pathsOf(state: Part): { inputPath?: string | null; outputPath?: string | null } {
  const pathAt = (key: string): string | null | undefined => {
    const value = state.raw(key)
    return value === null || typeof value === 'string' ? value : undefined
  }
  const [inputPath, outputPath] = [pathAt('InputPath'), pathAt('OutputPath')]
  return { ...(inputPath === undefined ? {} : { inputPath }), ...(outputPath === undefined ? {} : { outputPath }) }
}

function conditionOf(rule: Part): Json {
  for (const key of rule.keys) {
    if (key === 'Variable' || COMBINATIONS.includes(key) || ALL_COMPARISONS.includes(key)) {
      rule.failWhole(notOf('JSONata', key, 'JSONPath'))
    } else if (![...ANY_RULE, 'Condition', 'Output'].includes(key)) rule.failWhole(`Field '${key}' is not supported`)
  }
  rule.require('Condition')
  const condition = rule.raw('Condition')
  if (isExpression(condition)) checkTemplate(rule, 'Condition', 'JSONata')
  else if (condition !== undefined && typeof condition !== 'boolean') {
    rule.fail('Condition', 'Expected a JSONata expression or value of type Boolean')
  }
  return condition ?? null
}

function pathRuleOf(rule: Part): ChoiceRule['when'] {
  for (const key of ['Condition', 'Output']) {
    if (rule.has(key)) rule.failWhole(notOf('JSONPath', key, 'JSONata'))
  }
  checkTest(rule, [...ANY_RULE, 'Condition', 'Output'])
  return { language: 'jsonpath', rule: rule.value }
}

/** One test of a JSONPath rule: a comparison, or a combination of tests, which have no field of a rule themselves. */
function checkTest(test: Part, ofRule: readonly string[]): void {
  test.allowOnly('Variable', ...COMBINATIONS, ...ALL_COMPARISONS, ...ofRule)
  test.exactlyOneOf('Variable', ...COMBINATIONS)
  const comparisons = test.keys.filter((key) => ALL_COMPARISONS.includes(key))
  const wanted = test.has('Variable') ? 1 : 0
  if (comparisons.length !== wanted) {
    test.failWhole(`A rule must have ${wanted === 1 ? 'exactly one' : 'no'} comparison operator here`)
  }
  checkReferencePath(test, 'Variable')
  for (const key of comparisons) COMPARISONS[key]?.(test, key)
  for (const key of ['And', 'Or']) {
    const tests = test.objects(key)
    if (tests?.length === 0) test.fail(key, 'Minimum number of items is 1')
    for (const one of tests ?? []) checkTest(one, ['Comment'])
  }
  const negated = test.object('Not')
  if (negated !== undefined) checkTest(negated, ['Comment'])
}
