import { EosflowError } from '../../../../model/error.ts'
import type { Json, JsonObject } from '../../../../model/json.ts'
import type { ChoiceRule, Flow, Source } from '../../machine/machine.ts'
import type { ExpressionScope, QueryLanguage, StateEntry, StateOutput } from '../language/language.ts'
import { QueryFault } from '../language/query-fault.ts'
import { ruleHolds } from './choice-rule.ts'
import { type ExpressionRoots, evaluate, isIntrinsic, selectOrFault, selectValue } from './expression.ts'
import { fieldValue } from './field-value.ts'
import { place } from './reference-path.ts'
import type { Roots } from './select.ts'
import { fillTemplate } from './template.ts'

type JsonPathFlow = Extract<Flow, { language: 'jsonpath' }>

export const jsonpathLanguage: QueryLanguage = {
  async begin(flow, sight) {
    return begin(jsonpathOf(flow), sight)
  },
  async read(source, field, want, sight, effective) {
    return fieldValue(sourceValue(source, field, sight, effective), want, { name: field, source, now: sight.now })
  },
  async holds(when, _index, sight, effective) {
    return ruleHolds(ruleOf(when), rootsOf(sight, effective))
  },
  async finish(flow, sight, result) {
    return finish(jsonpathOf(flow), sight, result)
  },
}

function jsonpathOf(flow: Flow) {
  if (flow.language === 'jsonpath') return flow
  throw new EosflowError('bug', 'a JSONata state was given to JSONPath')
}

function ruleOf(when: ChoiceRule['when']) {
  if (when.language === 'jsonpath') return when.rule
  throw new EosflowError('bug', 'a JSONata rule was given to JSONPath')
}

function rootsOf({ context, variables }: ExpressionScope, input: Json): Roots {
  return { input, context, variables }
}

function againstOf(sight: ExpressionScope, input: Json): ExpressionRoots {
  return { roots: rootsOf(sight, input), random: sight.random }
}

function begin(flow: JsonPathFlow, sight: ExpressionScope): StateEntry {
  const effective = selected(flow.inputPath, sight, sight.input)
  if (flow.result !== undefined) return { effective, arguments: flow.result }
  const filled = flow.parameters === undefined ? effective : fillTemplate(flow.parameters, againstOf(sight, effective))
  return { effective, arguments: filled }
}

function finish(flow: JsonPathFlow, sight: ExpressionScope, result: Json): StateOutput {
  const chosen =
    flow.resultSelector === undefined ? result : fillTemplate(flow.resultSelector, againstOf(sight, result))
  const assigned = flow.assign === undefined ? {} : fillTemplate(flow.assign, againstOf(sight, chosen))
  const placed = flow.resultPath === null ? sight.input : place(sight.input, flow.resultPath ?? '$', chosen)
  return { output: selected(flow.outputPath, sight, placed), assigned: assigned as JsonObject }
}

function selected(path: string | null | undefined, sight: ExpressionScope, input: Json) {
  if (path === null) return {}
  return path === undefined ? input : selectValue(path, rootsOf(sight, input))
}

function sourceValue(source: Source, field: string, sight: ExpressionScope, effective: Json) {
  switch (source.from) {
    case 'literal':
      return source.value
    case 'template':
      return fillTemplate(source.value, againstOf(sight, effective))
    case 'path':
      return valueAt(source.path, field, sight, effective)
  }
}

function valueAt(path: string, field: string, sight: ExpressionScope, effective: Json) {
  const against = againstOf(sight, effective)
  if (isIntrinsic(path) || !WAITS.has(field)) return evaluate(path, field, against)
  const found = selectOrFault(path, against.roots)
  if ('value' in found) return found.value
  throw new QueryFault('States.Runtime', `The ${field} parameter does not reference an input value: ${path}`)
}

const WAITS: ReadonlySet<string> = new Set(['SecondsPath', 'TimestampPath'])
