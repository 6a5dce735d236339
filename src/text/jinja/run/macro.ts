import type { Body, Parameter } from '../syntax/nodes.ts'
import { wrong } from '../value/fault.ts'
import { type CallArguments, Callable, Dict, Tuple, Undefined, type Value } from '../value/value.ts'
import type { Evaluator } from './evaluate.ts'
import { Scope } from './scope.ts'

/** What a macro is made of. */
export interface MacroParts {
  readonly name: string
  readonly parameters: readonly Parameter[]
  readonly body: Body
  /** The names that its body uses, which say whether it takes more than its parameters. */
  readonly uses: ReadonlySet<string>
  /** Where it is written: it sees what is around it, with the values of when it is called. */
  readonly scope: Scope
}

/** A macro: called, it gives the text of its body. */
export function macro(parts: MacroParts, evaluator: Evaluator, render: (body: Body, scope: Scope) => string): Callable {
  const { name, body } = parts
  return new Callable(name, (given) => render(body, inside(parts, given, evaluator)))
}

function inside({ name, parameters, uses, scope }: MacroParts, given: CallArguments, evaluator: Evaluator): Scope {
  const own = new Scope(scope)
  const named = new Map(given.named)
  const caller = named.get('caller')
  named.delete('caller')
  for (const [index, parameter] of parameters.entries()) {
    const value = index < given.positional.length ? given.positional[index] : named.get(parameter.name)
    if (index < given.positional.length && named.has(parameter.name))
      throw wrong(`the macro \`${name}\` is given \`${parameter.name}\` twice`)
    named.delete(parameter.name)
    own.set(parameter.name, value === undefined ? fallback(parameter, own, evaluator) : value)
  }
  addRest({
    name,
    uses,
    own,
    positional: given.positional.slice(parameters.length),
    named,
    takes: parameters.map((one) => one.name),
  })
  addCaller(name, uses, own, caller, parameters)
  return own
}

function fallback({ name, fallback: node }: Parameter, own: Scope, evaluator: Evaluator): Value {
  if (node !== undefined) return evaluator.value(node, own)
  return new Undefined(
    `the parameter \`${name}\` is not given`,
    'give it where the macro is called, or give it a default',
  )
}

interface Rest {
  readonly name: string
  readonly uses: ReadonlySet<string>
  readonly own: Scope
  readonly positional: readonly Value[]
  readonly named: ReadonlyMap<string, Value>
  readonly takes: readonly string[]
}

function addRest({ name, uses, own, positional, named, takes }: Rest): void {
  const hint = `it takes: ${takes.join(', ') || 'nothing'}`
  if (uses.has('kwargs') && !takes.includes('kwargs')) own.set('kwargs', new Dict(named))
  else if (named.size > 0) throw wrong(`the macro \`${name}\` takes no \`${[...named.keys()][0]}\``, hint)
  if (uses.has('varargs') && !takes.includes('varargs')) own.set('varargs', new Tuple(positional))
  else if (positional.length > 0) throw wrong(`the macro \`${name}\` is given too many values`, hint)
}

function addCaller(
  name: string,
  uses: ReadonlySet<string>,
  own: Scope,
  caller: Value | undefined,
  parameters: readonly Parameter[],
): void {
  if (parameters.some((parameter) => parameter.name === 'caller')) {
    if (caller !== undefined) own.set('caller', caller)
    return
  }
  if (uses.has('caller'))
    own.set('caller', caller ?? new Undefined('`caller` is not defined', 'call the macro with `{% call %}`'))
  else if (caller !== undefined)
    throw wrong(`the macro \`${name}\` does not use \`caller\``, 'call it without `{% call %}`')
}
