import { isTrue } from '../call/compare.ts'
import { textOf } from '../call/print.ts'
import type { Body, Expression, Parameter, Statement, Target } from '../syntax/nodes.ts'
import { walk } from '../syntax/walk.ts'
import type { Budget } from '../value/budget.ts'
import { placed, refused, wrong } from '../value/fault.ts'
import { itemsOf } from '../value/iterate.ts'
import { type CallArguments, Callable, Dict, Range, Tuple, Undefined, type Value, View } from '../value/value.ts'
import type { Evaluator } from './evaluate.ts'
import type { OtherTemplates } from './other-templates.ts'
import { DEPTH, inner, type RenderPlace, tooManyInside } from './place.ts'
import { Scope } from './scope.ts'
import { type ImportedTemplate, Loop, Namespace, type Pull } from './things.ts'

const known = new WeakMap<Body, boolean>()

function namesLoop(body: Body): boolean {
  const before = known.get(body)
  if (before !== undefined) return before
  let found = false
  walk(body, {
    expression: (node) => {
      found ||= node.kind === 'name' && node.name === 'loop'
    },
  })
  known.set(body, found)
  return found
}

type Of<Kind extends Statement['kind']> = Extract<Statement, { kind: Kind }>

type End = 'break' | 'continue' | undefined

export class Executor {
  readonly #evaluator: Evaluator
  readonly #templates: OtherTemplates
  readonly #uses = new WeakMap<Body, ReadonlySet<string>>()
  #nesting = 0

  constructor(evaluator: Evaluator, templates: OtherTemplates) {
    this.#evaluator = evaluator
    this.#templates = templates
  }

  text(body: Body, place: RenderPlace): string {
    const out: string[] = []
    this.nested(() => this.run(body, place, out))
    return this.#evaluator.budget.text(out.join(''))
  }

  run(body: Body, place: RenderPlace, out: string[]): End {
    for (const statement of body) {
      this.#evaluator.budget.spend()
      try {
        const end = this.#statement(statement, place, out)
        if (end !== undefined) return end
      } catch (thrown) {
        throw placed(thrown, statement.offset)
      }
    }
    return undefined
  }

  #statement(node: Statement, place: RenderPlace, out: string[]): End {
    switch (node.kind) {
      case 'text':
        out.push(node.text)
        return undefined
      case 'output':
        this.#print(this.#evaluator.value(node.value, place.scope), out)
        return undefined
      case 'do':
        this.#evaluator.value(node.value, place.scope)
        return undefined
      case 'for':
        this.#for(node, place, out)
        return undefined
      case 'if':
        return this.#if(node, place, out)
      case 'break':
      case 'continue':
        return node.kind
      case 'with':
        return this.run(node.body, this.#with(node, place), out)
      case 'set':
        this.#assign(node.target, this.#evaluator.value(node.value, place.scope), place.scope)
        return undefined
      default:
        this.#section(node, place, out)
        return undefined
    }
  }

  #section(
    node: Exclude<Statement, Of<'text' | 'output' | 'do' | 'for' | 'if' | 'break' | 'continue' | 'with' | 'set'>>,
    place: RenderPlace,
    out: string[],
  ): void {
    switch (node.kind) {
      case 'set-block':
        this.#setBlock(node, place)
        return
      case 'macro':
        place.scope.set(node.name, this.#macro(node.name, node.parameters, node.body, place))
        return
      case 'call-block':
        this.#callBlock(node, place, out)
        return
      case 'filter-block': {
        const filtered = this.#evaluator.filteredBlock(node.filter, this.text(node.body, inner(place)), place.scope)
        // Jinja2 prints what a block makes without Ansible's rule that None is nothing.
        this.#print(filtered === null ? 'None' : filtered, out)
        return
      }
      case 'block':
        this.#block(node, place, out)
        return
      case 'include':
        this.#include(node, place, out)
        return
      case 'import':
        place.scope.set(node.name, this.#imported(node, place))
        return
      case 'from-import':
        this.#from(node, place)
        return
      case 'extends':
        throw refused('`{% extends %}` is inside another tag', 'write it at the beginning of the template')
    }
  }

  #print(value: Value, out: string[]): void {
    if (value === null) return
    const isRolled = value instanceof View || value instanceof Range
    const { budget } = this.#evaluator
    const shown = textOf(isRolled ? [...itemsOf(value, budget)] : value, budget)
    this.#evaluator.budget.grow(shown.length)
    out.push(shown)
  }

  #if({ branches, otherwise }: Of<'if'>, place: RenderPlace, out: string[]): End {
    const taken = branches.find(({ test }) => isTrue(this.#evaluator.value(test, place.scope)))
    return this.run(taken?.body ?? otherwise, place, out)
  }

  #for(node: Of<'for'>, place: RenderPlace, out: string[]): void {
    this.#rounds(node, this.#evaluator.value(node.of, place.scope), { ...place, depth: 0 }, out)
  }

  #rounds(node: Of<'for'>, of: Value, place: RenderPlace, out: string[]): void {
    const items = pulled(of, this.#evaluator.budget)
    const pull = node.test === undefined ? items : () => this.#nextThatPasses(node, items, place)
    const loop = new Loop(pull, place.depth, this.#evaluator.budget, ({ positional }) =>
      this.#again(node, positional[0], place),
    )
    // Jinja2 makes `loop` where the body names it: what the body includes sees none otherwise.
    const isNamed = node.recursive || namesLoop(node.body)
    let rounds = 0
    for (let item = loop.advance(); item !== undefined; item = loop.advance()) {
      rounds += 1
      this.#evaluator.budget.spend()
      const scope = new Scope(place.scope, isNamed ? [['loop', loop]] : [])
      this.#assign(node.target, item, scope)
      if (this.run(node.body, { ...place, scope }, out) === 'break') return
    }
    if (rounds === 0) this.run(node.otherwise, inner(place), out)
  }

  #nextThatPasses(node: Of<'for'>, items: Pull, place: RenderPlace): Value | undefined {
    for (let item = items(); item !== undefined; item = items()) {
      this.#evaluator.budget.spend()
      // `loop` is that of the loop around this one.
      const scope = new Scope(place.scope)
      this.#assign(node.target, item, scope)
      if (node.test === undefined || isTrue(this.#evaluator.value(node.test, scope))) return item
    }
    return undefined
  }

  #again(node: Of<'for'>, of: Value | undefined, place: RenderPlace): Value {
    if (!node.recursive) throw wrong('the loop is called and is not recursive', 'write `recursive` behind it')
    const out: string[] = []
    this.nested(() => this.#rounds(node, of === undefined ? null : of, { ...place, depth: place.depth + 1 }, out))
    return this.#evaluator.budget.text(out.join(''))
  }

  nested<T>(render: () => T): T {
    this.#nesting += 1
    if (this.#nesting > DEPTH) throw tooManyInside()
    const rendered = render()
    this.#nesting -= 1
    return rendered
  }

  valueOf(node: Expression, { scope }: RenderPlace): Value {
    return this.#evaluator.value(node, scope)
  }

  #assign(target: Target, value: Value, scope: Scope): void {
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
    const items = itemsOf(value, this.#evaluator.budget)
    if (items.length !== target.targets.length)
      throw wrong(`${items.length} values for ${target.targets.length} names`, 'give each name one value')
    for (const [index, one] of target.targets.entries()) this.#assign(one, items[index] ?? null, scope)
  }

  #with({ values }: Of<'with'>, place: RenderPlace): RenderPlace {
    const inside = inner(place)
    const all = values.map(({ target, value }) => ({ target, value: this.#evaluator.value(value, place.scope) }))
    for (const { target, value } of all) this.#assign(target, value, inside.scope)
    return inside
  }

  #setBlock({ target, filter, body }: Of<'set-block'>, place: RenderPlace): void {
    const text = this.text(body, inner(place))
    this.#assign(
      target,
      filter === undefined ? text : this.#evaluator.filteredBlock(filter, text, place.scope),
      place.scope,
    )
  }

  #macro(name: string, parameters: readonly Parameter[], body: Body, place: RenderPlace): Callable {
    const parts = { name, parameters, body, uses: this.#namesIn(body), scope: place.scope }
    return macro(parts, this.#evaluator, (inside, scope) => this.text(inside, { ...place, scope, depth: 0 }))
  }

  #namesIn(body: Body): ReadonlySet<string> {
    const known = this.#uses.get(body)
    if (known !== undefined) return known
    const uses = new Set<string>()
    walk(body, { expression: (node) => node.kind === 'name' && uses.add(node.name) })
    this.#uses.set(body, uses)
    return uses
  }

  #callBlock({ call, parameters, body }: Of<'call-block'>, place: RenderPlace, out: string[]): void {
    const caller = this.#macro('caller', parameters, body, place)
    const called = this.#evaluator.value(call.of, place.scope)
    const { positional, named } = this.#evaluator.given(call.args, place.scope)
    const value = this.#evaluator.call(called, { positional, named: new Map([...named, ['caller', caller]]) })
    this.#print(value, out)
  }

  #block({ name, scoped }: Of<'block'>, place: RenderPlace, out: string[]): void {
    const scope = new Scope(scoped ? place.scope : place.root)
    out.push(this.#blockText(name, 0, { ...place, scope, depth: 0 }))
  }

  #blockText(name: string, level: number, place: RenderPlace): string {
    const body = place.blocks.get(name)?.[level]
    if (body === undefined) throw wrong(`there is no block \`${name}\` above this one`)
    const above = place.blocks.get(name)?.[level + 1]
    const next = () => this.#blockText(name, level + 1, { ...place, scope: new Scope(place.scope) })
    if (above !== undefined) place.scope.set('super', new Callable('super', next))
    return this.text(body, place)
  }

  self(place: RenderPlace): Namespace {
    const names = [...place.blocks.keys()]
    return new Namespace(
      names.map((name) => [
        name,
        new Callable(name, () => this.#blockText(name, 0, { ...place, scope: new Scope(place.root) })),
      ]),
    )
  }

  #include({ template, ignoreMissing, withContext }: Of<'include'>, place: RenderPlace, out: string[]): void {
    const names = this.#templates.namesIn(this.#evaluator.value(template, place.scope))
    const context = withContext ? place.scope : undefined
    const text = this.nested(() => this.#templates.included(names, ignoreMissing, context))
    if (text !== undefined) out.push(text)
  }

  #imported({ template, withContext }: Of<'import' | 'from-import'>, place: RenderPlace): ImportedTemplate {
    const names = this.#templates.namesIn(this.#evaluator.value(template, place.scope))
    return this.nested(() => this.#templates.imported(names, withContext ? place.scope : undefined))
  }

  #from(node: Of<'from-import'>, place: RenderPlace): void {
    const imported = this.#imported(node, place)
    for (const { name, as } of node.names) {
      const value = imported.attribute(name)
      const hint = 'see the macros and names of that template'
      place.scope.set(as, value === undefined ? new Undefined(`the imported template has no \`${name}\``, hint) : value)
    }
  }
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
  readonly body: Body
  readonly uses: ReadonlySet<string>
  readonly scope: Scope
}

function macro(parts: MacroParts, evaluator: Evaluator, render: (body: Body, scope: Scope) => string): Callable {
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
