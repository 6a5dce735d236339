import { isTrue } from '../call/arguments.ts'
import { textOf } from '../call/print.ts'
import { type Body, type Parameter, type Statement, type Target, walk } from '../syntax/nodes.ts'
import {
  type Budget,
  type CallArguments,
  Callable,
  Dict,
  itemsOf,
  placed,
  Range,
  refused,
  TemplateFault,
  Tuple,
  Undefined,
  type Value,
  View,
  wrong,
} from '../value/value.ts'
import type { Evaluator } from './evaluate.ts'
import type { OtherTemplates } from './other-templates.ts'
import { Loop, Namespace, type Pull, Scope } from './scope.ts'

const known = new WeakMap<Body, ReadonlySet<string>>()

function namesIn(body: Body) {
  const before = known.get(body)
  if (before !== undefined) return before
  const names = new Set<string>()
  walk(body, { expression: (node) => node.kind === 'name' && names.add(node.name) })
  known.set(body, names)
  return names
}

type Of<Kind extends Statement['kind']> = Extract<Statement, { kind: Kind }>

type End = 'break' | 'continue' | undefined

export function executorOf(evaluator: Evaluator, templates: OtherTemplates) {
  const { budget, evaluated, given, filteredBlock } = evaluator
  let nesting = 0

  function textIn(body: Body, place: RenderPlace) {
    const out: string[] = []
    nested(() => run(body, place, out))
    return budget.text(out.join(''))
  }

  function run(body: Body, place: RenderPlace, out: string[]): End {
    for (const statement of body) {
      budget.spend()
      try {
        const end = runOne(statement, place, out)
        if (end !== undefined) return end
      } catch (thrown) {
        throw placed(thrown, statement.offset)
      }
    }
    return undefined
  }

  function runOne(node: Statement, place: RenderPlace, out: string[]): End {
    switch (node.kind) {
      case 'text':
        out.push(node.text)
        return undefined
      case 'output':
        print(evaluated(node.value, place.scope), out)
        return undefined
      case 'do':
        evaluated(node.value, place.scope)
        return undefined
      case 'for':
        forLoop(node, place, out)
        return undefined
      case 'if':
        return ifBlock(node, place, out)
      case 'break':
      case 'continue':
        return node.kind
      case 'with':
        return run(node.body, withValues(node, place), out)
      case 'set':
        assign(node.target, evaluated(node.value, place.scope), place.scope)
        return undefined
      case 'set-block':
        setBlock(node, place)
        return undefined
      case 'macro':
        place.scope.set(node.name, macroOf(node.name, node.parameters, node.body, place))
        return undefined
      case 'call-block':
        callBlock(node, place, out)
        return undefined
      case 'filter-block': {
        const filtered = filteredBlock(node.filter, textIn(node.body, inner(place)), place.scope)
        // Jinja2 prints what a block makes without Ansible's rule that None is nothing.
        print(filtered === null ? 'None' : filtered, out)
        return undefined
      }
      case 'block':
        block(node, place, out)
        return undefined
      case 'include':
        include(node, place, out)
        return undefined
      case 'import':
        place.scope.set(node.name, imported(node, place))
        return undefined
      case 'from-import':
        fromImport(node, place)
        return undefined
      case 'extends':
        throw refused('`{% extends %}` is inside another tag', 'write it at the beginning of the template')
    }
  }

  function print(value: Value, out: string[]) {
    if (value === null) return
    const isRolled = value instanceof View || value instanceof Range
    const shown = textOf(isRolled ? [...itemsOf(value, budget)] : value, budget)
    budget.grow(shown.length)
    out.push(shown)
  }

  function ifBlock({ branches, otherwise }: Of<'if'>, place: RenderPlace, out: string[]): End {
    const taken = branches.find(({ test }) => isTrue(evaluated(test, place.scope)))
    return run(taken?.body ?? otherwise, place, out)
  }

  function forLoop(node: Of<'for'>, place: RenderPlace, out: string[]) {
    rounds(node, evaluated(node.of, place.scope), { ...place, depth: 0 }, out)
  }

  function rounds(node: Of<'for'>, of: Value, place: RenderPlace, out: string[]) {
    const items = pulled(of, budget)
    const pull = node.test === undefined ? items : () => nextThatPasses(node, items, place)
    const loop = new Loop(pull, place.depth, budget, ({ positional }) => again(node, positional[0], place))
    // Jinja2 makes `loop` where the body names it: what the body includes sees none otherwise.
    const isNamed = node.recursive || namesIn(node.body).has('loop')
    let isEmpty = true
    for (let item = loop.advance(); item !== undefined; item = loop.advance()) {
      isEmpty = false
      budget.spend()
      const scope = new Scope(place.scope, isNamed ? [['loop', loop]] : [])
      assign(node.target, item, scope)
      if (run(node.body, { ...place, scope }, out) === 'break') return
    }
    if (isEmpty) run(node.otherwise, inner(place), out)
  }

  function nextThatPasses(node: Of<'for'>, items: Pull, place: RenderPlace) {
    for (let item = items(); item !== undefined; item = items()) {
      budget.spend()
      // `loop` is that of the loop around this one.
      const scope = new Scope(place.scope)
      assign(node.target, item, scope)
      if (node.test === undefined || isTrue(evaluated(node.test, scope))) return item
    }
    return undefined
  }

  function again(node: Of<'for'>, of: Value | undefined, place: RenderPlace): Value {
    if (!node.recursive) throw wrong('the loop is called and is not recursive', 'write `recursive` behind it')
    const out: string[] = []
    nested(() => rounds(node, of === undefined ? null : of, { ...place, depth: place.depth + 1 }, out))
    return budget.text(out.join(''))
  }

  function nested<T>(render: () => T) {
    nesting += 1
    if (nesting > DEPTH) throw tooManyInside()
    const rendered = render()
    nesting -= 1
    return rendered
  }

  function assign(target: Target, value: Value, scope: Scope) {
    if (target.kind === 'name') {
      scope.set(target.name, value)
      return
    }
    if (target.kind === 'member') {
      const of = scope.get(target.of)
      if (!(of instanceof Namespace))
        throw wrong(`\`${target.of}\` is not a namespace`, `make it one: \`{% set ${target.of} = namespace(…) %}\``)
      of.assign(target.name, value)
      return
    }
    const items = itemsOf(value, budget)
    if (items.length !== target.targets.length)
      throw wrong(`${items.length} values for ${target.targets.length} names`, 'give each name one value')
    for (const [index, one] of target.targets.entries()) assign(one, items[index] ?? null, scope)
  }

  function withValues({ values }: Of<'with'>, place: RenderPlace) {
    const inside = inner(place)
    const all = values.map(({ target, value }) => ({ target, value: evaluated(value, place.scope) }))
    for (const { target, value } of all) assign(target, value, inside.scope)
    return inside
  }

  function setBlock({ target, filter, body }: Of<'set-block'>, place: RenderPlace) {
    const text = textIn(body, inner(place))
    assign(target, filter === undefined ? text : filteredBlock(filter, text, place.scope), place.scope)
  }

  function macroOf(name: string, parameters: readonly Parameter[], body: Body, place: RenderPlace) {
    const parts = { name, parameters, uses: namesIn(body), scope: place.scope }
    return new Callable(name, (given) => textIn(body, { ...place, scope: inside(parts, given, evaluator), depth: 0 }))
  }

  function callBlock({ call, parameters, body }: Of<'call-block'>, place: RenderPlace, out: string[]) {
    const caller = macroOf('caller', parameters, body, place)
    const called = evaluated(call.of, place.scope)
    const { positional, named } = given(call.args, place.scope)
    print(evaluator.call(called, { positional, named: new Map([...named, ['caller', caller]]) }), out)
  }

  function block({ name, scoped }: Of<'block'>, place: RenderPlace, out: string[]) {
    const scope = new Scope(scoped ? place.scope : place.root)
    out.push(blockText(name, 0, { ...place, scope, depth: 0 }))
  }

  function blockText(name: string, level: number, place: RenderPlace) {
    const body = place.blocks.get(name)?.[level]
    if (body === undefined) throw wrong(`there is no block \`${name}\` above this one`)
    const above = place.blocks.get(name)?.[level + 1]
    const next = () => blockText(name, level + 1, { ...place, scope: new Scope(place.scope) })
    if (above !== undefined) place.scope.set('super', new Callable('super', next))
    return textIn(body, place)
  }

  function selfOf(place: RenderPlace) {
    const names = [...place.blocks.keys()]
    return new Namespace(
      names.map((name) => [
        name,
        new Callable(name, () => blockText(name, 0, { ...place, scope: new Scope(place.root) })),
      ]),
    )
  }

  function include({ template, ignoreMissing, withContext }: Of<'include'>, place: RenderPlace, out: string[]) {
    const names = templates.namesIn(evaluated(template, place.scope))
    const context = withContext ? place.scope : undefined
    const text = nested(() => templates.included(names, ignoreMissing, context))
    if (text !== undefined) out.push(text)
  }

  function imported({ template, withContext }: Of<'import' | 'from-import'>, place: RenderPlace) {
    const names = templates.namesIn(evaluated(template, place.scope))
    return nested(() => templates.imported(names, withContext ? place.scope : undefined))
  }

  function fromImport(node: Of<'from-import'>, place: RenderPlace) {
    const found = imported(node, place)
    for (const { name, as } of node.names) {
      const value = found.attribute(name)
      const hint = 'see the macros and names of that template'
      place.scope.set(as, value === undefined ? new Undefined(`the imported template has no \`${name}\``, hint) : value)
    }
  }

  return { textIn, nested, selfOf }
}

function pulled(of: Value, budget: Budget): Pull {
  const items = itemsOf(of, budget)
  const size = of instanceof Dict ? of.size : undefined
  let at = 0
  return () => {
    if (of instanceof Dict && of.size !== size)
      throw wrong('the mapping changes while a loop goes through it', 'go through `|list`')
    const item = items[at]
    at += 1
    return item
  }
}

interface MacroParts {
  readonly name: string
  readonly parameters: readonly Parameter[]
  readonly uses: ReadonlySet<string>
  readonly scope: Scope
}

function inside(parts: MacroParts, given: CallArguments, evaluator: Evaluator) {
  const { name, parameters } = parts
  const own = new Scope(parts.scope)
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
  addRest(parts, own, given.positional.slice(parameters.length), named)
  addCaller(parts, own, caller)
  return own
}

function fallback({ name, fallback: node }: Parameter, own: Scope, evaluator: Evaluator): Value {
  if (node !== undefined) return evaluator.evaluated(node, own)
  return new Undefined(
    `the parameter \`${name}\` is not given`,
    'give it where the macro is called, or give it a default',
  )
}

function addRest(
  { name, uses, parameters }: MacroParts,
  own: Scope,
  positional: readonly Value[],
  named: ReadonlyMap<string, Value>,
) {
  const takes = parameters.map((one) => one.name)
  const hint = `it takes: ${takes.join(', ') || 'nothing'}`
  if (uses.has('kwargs') && !takes.includes('kwargs')) own.set('kwargs', new Dict(named))
  else if (named.size > 0) throw wrong(`the macro \`${name}\` takes no \`${[...named.keys()][0]}\``, hint)
  if (uses.has('varargs') && !takes.includes('varargs')) own.set('varargs', new Tuple(positional))
  else if (positional.length > 0) throw wrong(`the macro \`${name}\` is given too many values`, hint)
}

function addCaller({ name, uses, parameters }: MacroParts, own: Scope, caller: Value | undefined) {
  if (parameters.some((parameter) => parameter.name === 'caller')) {
    if (caller !== undefined) own.set('caller', caller)
    return
  }
  if (uses.has('caller'))
    own.set('caller', caller ?? new Undefined('`caller` is not defined', 'call the macro with `{% call %}`'))
  else if (caller !== undefined)
    throw wrong(`the macro \`${name}\` does not use \`caller\``, 'call it without `{% call %}`')
}

const DEPTH = 60

export interface RenderPlace {
  readonly scope: Scope
  readonly root: Scope
  readonly blocks: ReadonlyMap<string, readonly Body[]>
  readonly depth: number
}

function inner(place: RenderPlace): RenderPlace {
  return { ...place, scope: new Scope(place.scope) }
}

function tooManyInside() {
  return new TemplateFault(
    'template-error',
    `more than ${DEPTH} macros or templates are inside one another`,
    'look for one that calls itself without end',
  )
}
