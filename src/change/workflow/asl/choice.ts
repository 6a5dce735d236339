import type { Json } from '../../../model/json.ts'
import type { ChoiceRule, ChoiceState } from '../machine/machine.ts'
import { OPERATORS, PATH_OPERATORS } from '../query/jsonpath/choice-operator.ts'
import { ruleProblems } from '../query/jsonpath/problems.ts'
import type { QueryLanguageName } from './dialect.ts'
import { checkTemplate, isExpression } from './expression.ts'
import { flowOf } from './flow.ts'
import type { DefinitionPart } from './part.ts'
import { notOf } from './state-fields.ts'

/** What a rule may have in both languages. */
const ANY_RULE = ['Next', 'Comment', 'Assign']
const JSONATA_RULE = ['Condition', 'Output']

/** The rules and the default of a Choice. */
export function choiceOf(state: DefinitionPart, language: QueryLanguageName): Pick<ChoiceState, 'choices' | 'default'> {
  state.demand('Choices')
  const rules = state.objects('Choices') ?? []
  if (Array.isArray(state.raw('Choices')) && rules.length === 0) state.fail('Choices', 'Minimum number of items is 1')
  const otherwise = state.text('Default')
  return {
    choices: rules.map((rule) => ruleOf(rule, state, language)),
    ...(otherwise === undefined ? {} : { default: otherwise }),
  }
}

function ruleOf(rule: DefinitionPart, state: DefinitionPart, language: QueryLanguageName): ChoiceRule {
  rule.demand('Next')
  rule.text('Comment')
  const next = rule.text('Next') ?? ''
  return language === 'JSONata'
    ? { when: { language: 'jsonata', condition: conditionOf(rule) }, next, flow: flowOf(rule, language) }
    : { when: pathRuleOf(rule), next, flow: { ...pathsOf(state), ...flowOf(rule, language) } }
}

/** In JSONPath InputPath and OutputPath of the state hold for every rule. */
function pathsOf(state: DefinitionPart): { inputPath?: string | null; outputPath?: string | null } {
  const pathAt = (key: string): string | null | undefined => {
    const value = state.raw(key)
    return value === null || typeof value === 'string' ? value : undefined
  }
  const [inputPath, outputPath] = [pathAt('InputPath'), pathAt('OutputPath')]
  return { ...(inputPath === undefined ? {} : { inputPath }), ...(outputPath === undefined ? {} : { outputPath }) }
}

/** Whether a field belongs to a test of JSONPath. */
function isOfTest(key: string): boolean {
  return ['Variable', 'And', 'Or', 'Not', 'IsPresent'].includes(key) || OPERATORS.has(key) || PATH_OPERATORS.has(key)
}

function conditionOf(rule: DefinitionPart): Json {
  for (const key of rule.keys) {
    if ([...ANY_RULE, ...JSONATA_RULE].includes(key)) continue
    rule.failWhole(isOfTest(key) ? notOf('JSONata', key, 'JSONPath') : `Field '${key}' is not supported`)
  }
  rule.demand('Condition')
  const condition = rule.raw('Condition')
  if (isExpression(condition)) checkTemplate(rule, 'Condition', 'JSONata')
  else if (condition !== undefined && typeof condition !== 'boolean') {
    rule.fail('Condition', 'Expected a JSONata expression or value of type Boolean')
  }
  return condition ?? null
}

function pathRuleOf(rule: DefinitionPart): ChoiceRule['when'] {
  const foreign = JSONATA_RULE.filter((key) => rule.has(key))
  for (const key of foreign) rule.failWhole(notOf('JSONPath', key, 'JSONata'))
  for (const { way, message } of foreign.length > 0 ? [] : ruleProblems(rule.value)) {
    rule.reading.fail([...rule.path, ...way], message)
  }
  return { language: 'jsonpath', rule: rule.value }
}
