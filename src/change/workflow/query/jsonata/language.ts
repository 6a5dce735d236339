import type { Json, JsonObject } from '../../../../model/json.ts'
import type { Flow } from '../../machine/machine.ts'
import type { ExpressionScope, QueryLanguage, StateOutput } from '../language/language.ts'
import { QueryFault } from '../language/query-fault.ts'
import { fill } from './template.ts'
import { requireWanted } from './want.ts'

type JsonataFlow = Extract<Flow, { language: 'jsonata' }>

/** {@link QueryLanguage}, and where in the state the flow stands that is finished: `Catch[0]/`, for the locations of faults. */
export interface JsonataLanguage extends QueryLanguage {
  finish(flow: Flow, sight: ExpressionScope, result: Json, within?: string): Promise<StateOutput>
}

/**
 * JSONata as Step Functions has it: strings that are `{% … %}` are expressions, at any depth; they read `$states` and the
 * variables of the state's scope, and have no root document (states-language.net, "JSONata"). A value that is undefined
 * is an error.
 */
export const jsonataLanguage: JsonataLanguage = {
  async begin(flow, sight) {
    const { arguments: template } = jsonataFlow(flow)
    const given = template === undefined ? sight.input : await fill(template, 'Arguments', sight)
    return { effective: sight.input, arguments: given }
  },

  async read(source, field, want, sight) {
    if (source.from === 'path') throw new QueryFault('States.Runtime', `JSONata reads no path: ${source.path}`, field)
    const value = source.from === 'literal' ? source.value : await fill(source.value, field, sight)
    return requireWanted(value, want, field, source.from === 'literal' ? null : source.value)
  },

  async holds(when, index, sight) {
    if (when.language !== 'jsonata') throw new QueryFault('States.Runtime', 'JSONata reads no rule of JSONPath')
    const field = `Choices[${index}]/Condition`
    const value = await fill(when.condition, field, sight)
    return requireWanted(value, 'boolean', field, when.condition) === true
  },

  async finish(flow, sight, result, within = '') {
    const { output, assign } = jsonataFlow(flow)
    return {
      output: output === undefined ? result : await fill(output, `${within}Output`, sight),
      assigned: assign === undefined ? {} : ((await fill(assign, `${within}Assign`, sight)) as JsonObject),
    }
  },
}

function jsonataFlow(flow: Flow): JsonataFlow {
  if (flow.language !== 'jsonata') throw new QueryFault('States.Runtime', 'JSONata reads no flow of JSONPath')
  return flow
}
