import { parseAst } from 'vitest/node'

/** One thing put wrong by machine in one source file. */
export interface Mutation {
  /** Counts from 0 over all files of a run. */
  readonly id: number
  /** From the root of the checkout. */
  readonly file: string
  readonly line: number
  readonly kind: 'condition negated' | 'return dropped' | 'call dropped' | 'throw dropped' | 'constant changed'
  /** The source that is put wrong, on one line. */
  readonly source: string
  /** Outside of every function: it is in force only where it is switched on before its file is loaded. */
  readonly isAtImport: boolean
  /** The name of the nearest function declaration around it, or of the class or the value of its file that it is part of. */
  readonly within?: string | undefined
}

/** A source file in which each mutation can be switched on, one at a time, by its number in `globalThis.__mutant`. */
export interface MutableSource {
  readonly text: string
  readonly mutations: readonly Mutation[]
}

/** A node of the syntax tree as the parser gives it: its kind, its place, and whatever members its kind has. */
interface Node {
  readonly type: string
  readonly start: number
  readonly end: number
  readonly [member: string]: unknown
}

/** Text to put at a place of the source. */
interface Insertion {
  readonly at: number
  readonly text: string
  /** Of two at one place the outer one is further out: before the inner one where it opens, behind it where it closes. */
  readonly depth: number
  readonly opens: boolean
}

/** Where a node is. */
interface Place extends Pick<Mutation, 'isAtImport' | 'within'> {
  readonly depth: number
}

/** What a mutation is put around a node as: what opens and closes it, by its number. */
interface Around extends Place {
  readonly wrap: (id: number) => readonly [string, string]
}

/** What is never put wrong: types, the names of modules and members, and words that people read. */
const SKIPPED = new Set([
  'ImportDeclaration',
  'ExportAllDeclaration',
  'TSInterfaceDeclaration',
  'TSTypeAliasDeclaration',
])

/**
 * Every mutation of one source file: conditions negated, statements that return, throw or call dropped, constants changed. Texts with a
 * blank are left alone: they are words for people, and a test that reads each of them letter by letter shows nothing.
 */
export function mutate(file: string, source: string, firstId: number): MutableSource {
  const writer = new MutationWriter(file, source, firstId)
  writer.visit(parseAst(source, { lang: 'ts' }) as unknown as Node, { depth: 0, isAtImport: true })
  return { text: inserted(source, writer.insertions), mutations: writer.mutations }
}

/** Walks a syntax tree and notes what is inserted for each mutation. */
class MutationWriter {
  readonly insertions: Insertion[] = []
  readonly mutations: Mutation[] = []
  readonly #file: string
  readonly #source: string
  readonly #firstId: number

  constructor(file: string, source: string, firstId: number) {
    this.#file = file
    this.#source = source
    this.#firstId = firstId
  }

  visit(node: Node, place: Place): void {
    if (SKIPPED.has(node.type) || isType(node)) return
    for (const condition of conditionsOf(node))
      this.#around(condition, 'condition negated', { ...place, wrap: negated })
    const kind = droppedKind(node)
    if (kind !== undefined) this.#around(node, kind, { ...place, wrap: dropped })
    const within = declaredName(node, place.isAtImport) ?? place.within
    for (const [member, child] of childrenOf(node)) {
      if (isNamePlace(node, member)) continue
      const isAtImport = place.isAtImport && !isFunction(child)
      const inside = { depth: place.depth + 1, isAtImport, within }
      if (child.type === 'Literal') this.#changeConstant(child, inside)
      else this.visit(child, inside)
    }
  }

  #changeConstant(node: Node, place: Place): void {
    // At import texts are names, which the compiler or the first test that says one finds.
    if (place.isAtImport && typeof node.value === 'string') return
    const other = otherThan(node.value)
    if (other === undefined) return
    this.#around(node, 'constant changed', {
      ...place,
      wrap: (id) => [`(__mutant(${id}) ? ${other} : `, ')'],
    })
  }

  #around(node: Node, kind: Mutation['kind'], { depth, isAtImport, within, wrap }: Around): void {
    const id = this.#firstId + this.mutations.length
    const { start, end } = node
    const [open, close] = wrap(id)
    this.insertions.push({ at: start, text: open, depth, opens: true }, { at: end, text: close, depth, opens: false })
    const line = this.#source.slice(0, start).split('\n').length
    const source = this.#source.slice(start, end).replace(/\s+/g, ' ').slice(0, 160)
    this.mutations.push({ id, file: this.#file, line, kind, source, isAtImport, within })
  }
}

const negated = (id: number) => [`(__mutant(${id}) !== !!(`, '))'] as const
const dropped = (id: number) => [`{ if (!__mutant(${id})) `, ' }'] as const

/** What is asked in a node: the parts of its test, and what it returns where that is true or false. */
function conditionsOf(node: Node): readonly Node[] {
  const test = hasTest(node) && isNode(node.test) ? partsOf(node.test) : []
  const answer = answerOf(node)
  return [...test, ...(answer === undefined ? [] : partsOf(answer).filter(isBoolean))]
}

const isNode = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && typeof (value as { type?: unknown }).type === 'string'

const isFunction = ({ type }: Node) => /Function/.test(type)

/** The name that a function declaration gives, a class, or outside of functions the declaration of a value. */
function declaredName({ type, id }: Node, isAtImport: boolean) {
  const isNamed = /^(?:Function|Class)Declaration$/.test(type) || (isAtImport && type === 'VariableDeclarator')
  return isNamed && isNode(id) && typeof id.name === 'string' ? id.name : undefined
}

const isType = ({ type }: Node) => type.startsWith('TS') && !/^TS(As|Satisfies|NonNull)/.test(type)

const hasTest = ({ type }: Node) => type === 'IfStatement' || type === 'ConditionalExpression'

const isJunction = ({ type, operator }: Node) =>
  type === 'LogicalExpression' && (operator === '&&' || operator === '||')

/** What a function returns where it returns an expression. */
function answerOf({ type, argument, body }: Node): Node | undefined {
  if (type === 'ReturnStatement' && isNode(argument)) return argument
  return type === 'ArrowFunctionExpression' && isNode(body) && body.type !== 'BlockStatement' ? body : undefined
}

const partsOf = (node: Node): readonly Node[] =>
  isJunction(node) ? [...partsOf(node.left as Node), ...partsOf(node.right as Node)] : [node]

/** Whether an expression is true or false and nothing else, so that it can be negated wherever it is. */
const isBoolean = ({ type, operator }: Node) =>
  (type === 'UnaryExpression' && operator === '!') ||
  (type === 'BinaryExpression' && /^(?:[=!]==?|[<>]=?)$/.test(String(operator)))

/** Statements that end a function early or only do something: without them the rest goes on. */
function droppedKind(node: Node): Mutation['kind'] | undefined {
  if (node.type === 'ReturnStatement') return 'return dropped'
  if (node.type === 'ThrowStatement') return 'throw dropped'
  if (node.type !== 'ExpressionStatement' || typeof node.directive === 'string') return undefined
  const expression = node.expression as Node
  const called = expression.type === 'AwaitExpression' ? (expression.argument as Node) : expression
  // What `super` makes is not there without it.
  if (called.type !== 'CallExpression' || (called.callee as Node).type === 'Super') return undefined
  return 'call dropped'
}

/** The places in which a literal is a name, or words for people that end up in an error. */
function isNamePlace({ type }: Node, member: string) {
  if (type === 'Property' || type === 'PropertyDefinition' || type === 'MethodDefinition') return member === 'key'
  return member === 'source' || member === 'typeAnnotation' || member === 'typeArguments' || member === 'returnType'
}

function* childrenOf(node: Node): Generator<readonly [string, Node]> {
  for (const [member, value] of Object.entries(node)) {
    if (isNode(value)) yield [member, value]
    else if (Array.isArray(value)) for (const item of value) if (isNode(item)) yield [member, item]
  }
}

/** Another value of the same type, as source. */
function otherThan(value: unknown) {
  if (typeof value === 'number') return String(value + 1)
  if (typeof value === 'boolean') return String(!value)
  if (typeof value === 'string' && value !== '' && !/\s/.test(value)) return "'mutated'"
  return undefined
}

function inserted(source: string, insertions: readonly Insertion[]) {
  const sorted = insertions.toSorted((a, b) => a.at - b.at || order(a, b))
  let text = ''
  let from = 0
  for (const { at, text: added } of sorted) {
    text += source.slice(from, at) + added
    from = at
  }
  return text + source.slice(from)
}

/** What closes comes before what opens at one place; outer ones open first and close last. */
function order(a: Insertion, b: Insertion) {
  if (a.opens !== b.opens) return a.opens ? 1 : -1
  return a.opens ? a.depth - b.depth : b.depth - a.depth
}
