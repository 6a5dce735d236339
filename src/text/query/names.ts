import jsonata from 'jsonata'
import { definedItems } from '../../model/json.ts'
import { suggest } from '../source/suggest.ts'
import { CALLABLE, REFUSED } from './function-names.ts'
import { DEEPEST_SYNTAX, LONGEST_EXPRESSION, LONGEST_MILLISECONDS, LONGEST_SEQUENCE, MOST_PENDING } from './limits.ts'

export interface Mention {
  readonly name: string
  readonly position: number
}

export interface MemberMention extends Mention {
  readonly of: string
}

export interface Names {
  /** Variables, in the order in which they are met; functions are variables too. */
  readonly free: readonly Mention[]
  readonly called: readonly Mention[]
  readonly members: readonly MemberMention[]
  readonly rootless: readonly Mention[]
}

export function firstMentions(mentions: readonly Mention[]): readonly Mention[] {
  return [...new Map([...mentions].reverse().map((mention) => [mention.name, mention])).values()].reverse()
}

class Frame {
  readonly #outer: Frame | undefined
  readonly #bound = new Set<string>()
  readonly #later: ReadonlySet<string>

  constructor(outer: Frame | undefined, later: Iterable<string> = []) {
    this.#outer = outer
    this.#later = new Set(later)
  }

  bind(name: string): void {
    this.#bound.add(name)
  }

  has(name: string): boolean {
    return this.#bound.has(name) || (this.#outer?.has(name) ?? false)
  }

  whenCalled(): Frame {
    const inner = new Frame(this)
    for (let frame: Frame | undefined = this; frame !== undefined; frame = frame.#outer) {
      for (const name of frame.#later) inner.bind(name)
    }
    return inner
  }
}

/** Only the first step of a path reads the context of the whole; the steps behind it, filters, sort terms and groups read what the step before gave. */
export function namesOf(root: Node): Names {
  const free: Mention[] = []
  const called: Mention[] = []
  const members: MemberMention[] = []
  const rootless: Mention[] = []

  function visit(node: Node, frame: Frame, top: boolean) {
    switch (node.type) {
      case 'variable':
        visitVariable(node, frame, top)
        break
      case 'name':
        if (top) rootless.push(mentionOf(node, 0))
        break
      case 'path':
        visitPath(node, frame, top)
        break
      case 'block':
        visitAll(node.expressions ?? [], new Frame(frame, bindingsOf(node)), top)
        break
      case 'bind':
        visitBinding(node, frame, top)
        break
      case 'lambda':
        visitLambda(node, frame, top)
        break
      case 'function':
      case 'partial':
        visitCalled(node.procedure, frame, top)
        visitAll(node.arguments ?? [], frame, top)
        break
      case 'apply':
        if (node.lhs !== undefined && 'type' in node.lhs) visit(node.lhs, frame, top)
        visitCalled(node.rhs, frame, top)
        break
      case 'transform':
      case 'sort':
        visitAll(childrenOf(node), frame, false)
        return
      default:
        visitAll(ownChildrenOf(node), frame, top)
    }
    visitAll([...stagesOf(node), ...(node.group?.lhs.flat() ?? [])], frame, false)
  }

  function visitAll(nodes: readonly Node[], frame: Frame, top: boolean) {
    for (const node of nodes) visit(node, frame, top)
  }

  function visitVariable(node: Node, frame: Frame, top: boolean) {
    const name = String(node.value)
    if (name === '$') rootless.push({ name: '$$', position: mentionOf(node, 1).position })
    else if (name === '') {
      if (top) rootless.push({ name: '$', position: mentionOf(node, 1).position })
    } else if (!frame.has(name)) free.push(mentionOf(node, 1))
  }

  function visitCalled(procedure: Node | undefined, frame: Frame, top: boolean) {
    if (procedure === undefined) return
    const isName = procedure.type === 'variable' && !['', '$'].includes(String(procedure.value))
    if (isName && !frame.has(String(procedure.value))) called.push(mentionOf(procedure, 1))
    visit(procedure, frame, top)
  }

  function visitPath(node: Node, frame: Frame, top: boolean) {
    const inner = new Frame(frame)
    const [first, second] = node.steps ?? []
    const of = first?.type === 'variable' ? String(first.value) : ''
    if (of !== '' && !frame.has(of) && second?.type === 'name') members.push({ of, ...mentionOf(second, 0) })
    for (const [index, step] of (node.steps ?? []).entries()) {
      for (const name of boundBy(step)) inner.bind(name)
      visit(step, inner, top && index === 0)
    }
  }

  function visitBinding({ lhs, rhs }: Node, frame: Frame, top: boolean) {
    if (lhs === undefined || !('type' in lhs)) return
    const name = String(lhs.value)
    if (rhs?.type === 'lambda') frame.bind(name)
    if (rhs !== undefined) visit(rhs, frame, top)
    frame.bind(name)
  }

  function visitLambda(node: Node, frame: Frame, top: boolean) {
    const inner = frame.whenCalled()
    for (const parameter of node.arguments ?? []) inner.bind(String(parameter.value))
    if (node.body !== undefined) visit(node.body, inner, top)
  }

  visit(root, new Frame(undefined), true)
  return { free, called, members, rootless }
}

function ownChildrenOf(node: Node) {
  const { stages: _stages, predicate: _predicate, group: _group, ...own } = node
  return childrenOf(own)
}

export function boundBy({ focus, index, stages = [] }: Node): string[] {
  const indexes = stages.flatMap(({ type, value }) => (type === 'index' ? [String(value)] : []))
  return [focus, index, ...indexes].filter((name) => name !== undefined)
}

function bindingsOf({ expressions }: Node) {
  return (expressions ?? []).flatMap(({ type, lhs }) =>
    type === 'bind' && lhs !== undefined && 'type' in lhs ? [String(lhs.value)] : [],
  )
}

function mentionOf({ value, position }: Node, sigil: number): Mention {
  const name = String(value)
  return { name, position: Math.max(0, (position ?? 0) - name.length - sigil) }
}

export interface Node {
  readonly type: string
  readonly value?: unknown
  readonly position?: number
  readonly steps?: readonly Node[]
  readonly expressions?: readonly Node[]
  readonly expression?: Node
  readonly arguments?: readonly Node[]
  readonly procedure?: Node
  readonly lhs?: Node | readonly (readonly [Node, Node])[]
  readonly rhs?: Node
  readonly condition?: Node
  readonly then?: Node
  readonly else?: Node
  readonly body?: Node
  readonly signature?: unknown
  readonly thunk?: boolean
  readonly pattern?: Node
  readonly update?: Node
  readonly delete?: Node
  readonly terms?: readonly { readonly expression: Node }[]
  readonly stages?: readonly Stage[]
  readonly predicate?: readonly Stage[]
  readonly group?: { readonly lhs: readonly (readonly [Node, Node])[] }
  readonly focus?: string
  readonly index?: string
  readonly keepArray?: boolean
  readonly keepSingletonArray?: boolean
}

export interface Stage {
  readonly type: string
  readonly expr?: Node
  readonly value?: unknown
}

export type ParsedExpression =
  | { readonly ok: true; readonly expression: jsonata.Expression; readonly root: Node }
  | { readonly ok: false; readonly message: string; readonly position: number }

// A bracket that is followed by `??` or `?:`. The parser of jsonata 2.2.2 processes what stands before these operators twice, so that each
// such group inside another one doubles its time: 25 take minutes.
const DEFAULT_OF_A_GROUP = /[)\]}](?:\s|\/\*(?:[^*]|\*(?!\/))*\*\/)*\?[?:]/g
const MOST_DEFAULTS_OF_GROUPS = 12

/** Parses the text of an expression, without its `{%` and `%}`. */
export function parse(text: string): ParsedExpression {
  if (text.length > LONGEST_EXPRESSION) {
    return { ok: false, message: `The expression is longer than ${LONGEST_EXPRESSION} characters`, position: 0 }
  }
  const defaults = text.match(DEFAULT_OF_A_GROUP)?.length ?? 0
  if (defaults > MOST_DEFAULTS_OF_GROUPS) {
    return { ok: false, message: `More than ${MOST_DEFAULTS_OF_GROUPS} groups have a default`, position: 0 }
  }
  try {
    const limits = { timeout: LONGEST_MILLISECONDS, stack: MOST_PENDING, sequence: LONGEST_SEQUENCE }
    const expression = jsonata(text, limits)
    const root = expression.ast() as unknown as Node
    return isDeeper(root, DEEPEST_SYNTAX) ? tooDeep : { ok: true, expression, root }
  } catch (error) {
    // The parser is recursive: a text that overflows its stack is far deeper than the limit.
    if (error instanceof RangeError) return tooDeep
    const { message, position } = error as { readonly message?: string; readonly position?: number }
    return { ok: false, message: message ?? 'The expression cannot be parsed', position: position ?? 0 }
  }
}

const tooDeep: ParsedExpression = {
  ok: false,
  message: `The expression is nested deeper than ${DEEPEST_SYNTAX} levels`,
  position: 0,
}

function isDeeper(node: Node, levels: number): boolean {
  return levels === 0 || childrenOf(node).some((child) => isDeeper(child, levels - 1))
}

/** The nodes directly below a node, in the order of evaluation. */
export function childrenOf(node: Node): readonly Node[] {
  const { lhs, rhs, procedure, expression, condition, body, pattern, update } = node
  const single = [expression, condition, node.then, node.else, procedure, body, pattern, update, node.delete]
  return definedItems(
    ...(node.steps ?? []),
    ...(node.expressions ?? []),
    ...(lhs === undefined ? [] : 'type' in lhs ? [lhs] : lhs.flat()),
    rhs,
    ...single.filter((child) => child !== undefined),
    ...(node.type === 'lambda' ? [] : (node.arguments ?? [])),
    ...(node.terms ?? []).map((term) => term.expression),
    ...stagesOf(node),
    ...(node.group?.lhs.flat() ?? []),
  )
}

/** The filters behind a node. */
export function stagesOf(node: Node): readonly Node[] {
  return [...(node.stages ?? []), ...(node.predicate ?? [])].flatMap(({ expr }) => expr ?? [])
}

export function* nodesOf(node: Node): Generator<Node> {
  yield node
  for (const child of childrenOf(node)) yield* nodesOf(child)
}

export interface ExpressionRefusal {
  readonly message: string
  readonly position: number
}

// Patterns that are read in one pass, in time that is the product of the lengths of pattern and text: characters, classes, escapes and
// anchors, without repetition, groups, alternatives or references.
const LONGEST_PATTERN = 64
const ONE_PASS = /^\^?(?:[^\\^$.*+?()[\]{}|]|\.|\\[^0-9kpPbBcxu]|\[\^?(?:[^\\\]]|\\[^0-9kpPbBcxu])+\])*\$?$/

/** What an expression must not have. */
export function refusedIn(root: Node, { free }: Names): readonly ExpressionRefusal[] {
  const allowed = new Set(patternsOfContains(root, free))
  return [...nodesOf(root)]
    .filter((node) => !allowed.has(node))
    .flatMap((node) => {
      const message = refusalOf(node, free)
      return message === undefined ? [] : [{ message, position: startOf(node) }]
    })
}

function refusalOf(node: Node, free: readonly Mention[]) {
  const name = String(node.value)
  switch (node.type) {
    case 'regex':
      return 'Regular expressions are refused: they can run without end. Compare strings instead'
    case 'lambda':
      return node.signature === undefined
        ? undefined
        : 'Signatures of lambdas are refused: JSONata makes regular expressions of them'
    case 'variable':
      if (Object.hasOwn(REFUSED, name) && free.some((mention) => mention.name === name)) return REFUSED[name]
  }
  // JavaScript waits for an object that has a function of this name.
  return node.focus === 'then' || node.index === 'then' ? 'A variable of a path cannot be $then' : undefined
}

function startOf({ type, value, position }: Node) {
  const length = type === 'variable' ? String(value).length + 1 : value instanceof RegExp ? value.source.length + 2 : 0
  return Math.max(0, (position ?? 0) - length)
}

function patternsOfContains(root: Node, free: readonly Mention[]) {
  if (!free.some(({ name }) => name === 'contains')) return []
  return [...nodesOf(root)].flatMap(({ type, procedure, arguments: args }) => {
    const pattern = args?.at(-1)
    const isCall = type === 'function' && procedure?.type === 'variable' && procedure.value === 'contains'
    if (!isCall || pattern === undefined || !(pattern.value instanceof RegExp)) return []
    const { source } = pattern.value
    return source.length <= LONGEST_PATTERN && ONE_PASS.test(source) ? [pattern] : []
  })
}

export interface UnknownFunction extends Mention {
  readonly message: string
  readonly hint?: string
}

export function unknownFunctions({ called }: Names, variables?: ReadonlySet<string>): readonly UnknownFunction[] {
  return firstMentions(called)
    .filter(({ name }) => !CALLABLE.includes(name) && !Object.hasOwn(REFUSED, name) && variables?.has(name) !== true)
    .map((mention) => {
      const near = suggest(mention.name, CALLABLE)
      const hint = near === undefined ? {} : { hint: `did you mean $${near}?` }
      return { ...mention, message: `There is no function $${mention.name}.`, ...hint }
    })
}

export function variablesIn({ free }: Names): readonly Mention[] {
  return firstMentions(free).filter(({ name }) => !CALLABLE.includes(name) && !Object.hasOwn(REFUSED, name))
}
