import { TemplateFault } from '../value/value.ts'
import {
  type Arguments,
  type BinaryOperator,
  type CallNode,
  type ComparisonOperator,
  type Expression,
  type FilterNode,
  type Literal,
  nodesIn,
} from './nodes.ts'
import { MOST_DIGITS } from './number.ts'
import { described, type TokenStream } from './token-stream.ts'

const DEPTH = 400
const COMPARISONS: readonly string[] = ['==', '!=', '<', '<=', '>', '>=']
const NO_ARGUMENTS: Arguments = { positional: [], named: [], list: undefined, mapping: undefined }
const WORDS: Readonly<Record<string, Literal>> = {
  true: true,
  True: true,
  false: false,
  False: false,
  none: null,
  None: null,
}

export interface ExpressionReader {
  /** One expression, with `a if b else c` unless that is left out. */
  expression(withCondition?: boolean): Expression
  tuple(withCondition?: boolean, inParentheses?: boolean, ends?: () => boolean): Expression
  filters(of: Expression | undefined, beginsWithName?: boolean): FilterNode | undefined
}

/** Reads expressions as Jinja2 3.1.2 does (parser.py), with its precedences. */
export function expressionReader(stream: TokenStream): ExpressionReader {
  let nesting = 0

  function expression(withCondition = true) {
    nesting += 1
    if (nesting > DEPTH) throw tooDeep(stream.current.offset)
    const read = withCondition ? condition() : or()
    nesting -= 1
    return read
  }

  function tuple(withCondition = true, inParentheses = false, ends: () => boolean = () => false): Expression {
    const { offset } = stream.current
    const items: Expression[] = []
    let isTuple = false
    while (!tupleEnds() && !ends()) {
      items.push(expression(withCondition))
      if (!stream.skipSign(',')) break
      isTuple = true
    }
    const [first] = items
    if (!isTuple && first !== undefined) return first
    if (!isTuple && !inParentheses) throw stream.fault(`an expression is expected, not ${described(stream.current)}`)
    return made(offset, { kind: 'tuple', items })
  }

  function tupleEnds() {
    return ['variable_end', 'block_end'].includes(stream.current.kind) || stream.isSign(')')
  }

  function filters(of: Expression | undefined, beginsWithName = false) {
    let filter: FilterNode | undefined
    for (let begins = beginsWithName; begins || stream.isSign('|'); begins = false) {
      if (!begins) stream.take()
      const { offset } = stream.current
      const name = dottedName()
      const args = stream.isSign('(') ? argumentsRead() : NO_ARGUMENTS
      filter = made<FilterNode>(offset, { kind: 'filter', of: filter ?? of, name, args })
    }
    return filter
  }

  function condition() {
    let then = or()
    while (stream.isWord('if')) {
      const { offset } = stream.take()
      const test = or()
      const otherwise = stream.skipWord('else') ? expression() : undefined
      then = made(offset, { kind: 'condition', test, then, otherwise })
    }
    return then
  }

  function or() {
    return logical('or', () => logical('and', not))
  }

  function logical(kind: 'and' | 'or', layer: () => Expression) {
    let left = layer()
    while (stream.isWord(kind)) {
      left = made(stream.take().offset, { kind, left, right: layer() })
    }
    return left
  }

  function not(): Expression {
    const offsets: number[] = []
    while (stream.isWord('not')) offsets.push(stream.take().offset)
    let of = compare()
    for (const offset of offsets.toReversed()) of = made(offset, { kind: 'not', of })
    return of
  }

  function compare(): Expression {
    const first = sum()
    const rest: { operator: ComparisonOperator; value: Expression }[] = []
    const { offset } = stream.current
    for (let operator = comparison(); operator !== undefined; operator = comparison())
      rest.push({ operator, value: sum() })
    return rest.length === 0 ? first : made(offset, { kind: 'compare', first, rest })
  }

  function comparison() {
    if (stream.isSign(...COMPARISONS)) return stream.take().text as ComparisonOperator
    if (stream.skipWord('in')) return 'in'
    return stream.skipWords('not', 'in') ? 'not in' : undefined
  }

  function sum() {
    return binary(['+', '-'], concat)
  }

  function concat(): Expression {
    const { offset } = stream.current
    const parts = [product()]
    while (stream.skipSign('~')) parts.push(product())
    const [first] = parts
    return parts.length === 1 && first !== undefined ? first : made(offset, { kind: 'concat', parts })
  }

  function product() {
    return binary(['*', '/', '//', '%'], () => binary(['**'], unary))
  }

  function binary(operators: readonly BinaryOperator[], layer: () => Expression) {
    let left = layer()
    while (stream.isSign(...operators)) {
      const { text, offset } = stream.take()
      left = made(offset, { kind: 'binary', operator: text as BinaryOperator, left, right: layer() })
    }
    return left
  }

  function unary() {
    const signs: { kind: 'negative' | 'positive'; offset: number }[] = []
    while (stream.isSign('+', '-')) {
      const { text, offset } = stream.take()
      signs.push({ kind: text === '-' ? 'negative' : 'positive', offset })
    }
    let of = postfix(primary())
    for (const { kind, offset } of signs.toReversed()) of = made(offset, { kind, of })
    return filtered(of)
  }

  function filtered(value: Expression) {
    let of = value
    for (;;) {
      if (stream.isSign('|')) of = filters(of) ?? of
      else if (stream.isWord('is')) of = test(of)
      else if (stream.isSign('(')) of = call(of)
      else return of
    }
  }

  function test(of: Expression): Expression {
    stream.take()
    const isNegated = stream.skipWord('not')
    const { offset } = stream.current
    const read = made(offset, { kind: 'test', of, name: dottedName(), args: testArguments() })
    return isNegated ? made(offset, { kind: 'not', of: read }) : read
  }

  function testArguments(): Arguments {
    if (stream.isSign('(')) return argumentsRead()
    const { kind } = stream.current
    const begins = ['name', 'string', 'integer', 'float'].includes(kind) || stream.isSign('[', '{')
    if (!begins || stream.isWord('else', 'or', 'and')) return NO_ARGUMENTS
    if (stream.isWord('is')) throw stream.fault('a second `is` behind a test', 'put the first one in parentheses')
    return { ...NO_ARGUMENTS, positional: [postfix(primary())] }
  }

  function argumentsRead(): Arguments {
    const { offset } = stream.sign('(')
    const args: ArgumentsRead = { positional: [], named: [], list: undefined, mapping: undefined }
    stream.list(')', () => {
      const sign = ['*', '**'].find((one) => stream.skipSign(one))
      const name = sign === undefined ? nameOfArgument() : undefined
      if (isAdded(args, sign, name, expression())) return
      const hint = 'first values, then `name=value`'
      throw new TemplateFault('template-syntax', 'the arguments are not in order', hint, offset)
    })
    return args
  }

  function nameOfArgument() {
    const { current, following } = stream
    if (current.kind !== 'name' || following.kind !== 'operator' || following.text !== '=') return undefined
    stream.take()
    stream.take()
    return current.text
  }

  function primary(): Expression {
    const { offset } = stream.current
    const read = literal()
    if (read !== undefined) return made<Expression>(offset, read)
    if (stream.skipSign('(')) {
      const inside = tuple(true, true)
      stream.sign(')')
      return inside
    }
    if (stream.skipSign('[')) {
      const items: Expression[] = []
      stream.list(']', () => items.push(expression()))
      return made(offset, { kind: 'list', items })
    }
    if (stream.skipSign('{')) return dict(offset)
    throw stream.fault(`${described(stream.current)} is unexpected here`)
  }

  function literal(): PlacelessNode<Expression> | undefined {
    const { kind, text } = stream.current
    if (kind === 'string') return { kind: 'literal', value: strings() }
    if (kind === 'name') {
      stream.take()
      return Object.hasOwn(WORDS, text) ? { kind: 'literal', value: WORDS[text] ?? null } : { kind, name: text }
    }
    if (kind !== 'integer' && kind !== 'float') return undefined
    if (text.length > MOST_DIGITS) throw stream.fault('the number has too many digits')
    stream.take()
    return { kind: 'literal', value: kind === 'float' ? Number(text) : BigInt(text) }
  }

  function strings() {
    const texts: string[] = []
    while (stream.current.kind === 'string') texts.push(stream.take().text)
    return texts.join('')
  }

  function dict(offset: number): Expression {
    const pairs: { key: Expression; value: Expression }[] = []
    stream.list('}', () => {
      const key = expression()
      stream.sign(':')
      pairs.push({ key, value: expression() })
    })
    return made(offset, { kind: 'dict', pairs })
  }

  function postfix(value: Expression) {
    let of = value
    for (;;) {
      if (stream.skipSign('.')) of = member(of)
      else if (stream.isSign('[')) of = subscript(of)
      else if (stream.isSign('(')) of = call(of)
      else return of
    }
  }

  function member(of: Expression): Expression {
    const { kind, text, offset } = stream.take()
    if (kind === 'name') return made(offset, { kind: 'attribute', of, name: text })
    if (kind === 'integer')
      return made(offset, { kind: 'item', of, key: made(offset, { kind: 'literal', value: BigInt(text) }) })
    const message = 'a name or a number is expected behind the dot'
    throw new TemplateFault('template-syntax', message, 'see the member', offset)
  }

  function subscript(of: Expression): Expression {
    const { offset } = stream.take()
    const keys: Expression[] = []
    stream.list(']', () => keys.push(subscriptKey()), false)
    const [only] = keys
    const key = keys.length === 1 && only !== undefined ? only : made(offset, { kind: 'tuple', items: keys })
    return made(offset, { kind: 'item', of, key })
  }

  function subscriptKey(): Expression {
    const { offset } = stream.current
    const start = stream.isSign(':') ? undefined : expression()
    if (start !== undefined && !stream.isSign(':')) return start
    stream.sign(':')
    const bound = () => (stream.isSign(':', ']', ',') ? undefined : expression())
    const stop = bound()
    return made(offset, { kind: 'slice', start, stop, step: stream.skipSign(':') ? bound() : undefined })
  }

  function call(of: Expression): CallNode {
    return made<CallNode>(stream.current.offset, { kind: 'call', of, args: argumentsRead() })
  }

  function dottedName() {
    let name = stream.expect('name').text
    while (stream.skipSign('.')) name += `.${stream.expect('name').text}`
    return name
  }

  return { expression, tuple, filters }
}

interface ArgumentsRead extends Arguments {
  readonly positional: Expression[]
  readonly named: { name: string; value: Expression }[]
  list: Expression | undefined
  mapping: Expression | undefined
}

// Adds a value to the arguments before it; false where it may not follow them.
function isAdded(args: ArgumentsRead, sign: string | undefined, name: string | undefined, value: Expression) {
  if (args.mapping !== undefined) return false
  if (sign === '**') args.mapping = value
  else if (name !== undefined) args.named.push({ name, value })
  else if (args.list !== undefined) return false
  else if (sign === '*') args.list = value
  else if (args.named.length > 0) return false
  else args.positional.push(value)
  return true
}

export type PlacelessNode<Node> = Node extends unknown ? Omit<Node, 'offset' | 'depth'> : never

function made<Node extends Expression = Expression>(offset: number, given: PlacelessNode<Node>): Node {
  const node = given as unknown as Node
  const isLeaf = node.kind === 'literal' || node.kind === 'name'
  const depth = isLeaf
    ? 0
    : nodesIn(node).reduce((most, part) => Math.max(most, 'depth' in part ? part.depth : 0), 0) + 1
  if (depth > DEPTH) throw tooDeep(offset)
  return Object.assign(node, { offset, depth })
}

export function tooDeep(offset: number): TemplateFault {
  const hint = 'look for a text or a list that grows with itself, or a long chain'
  return new TemplateFault('template-size', 'the template is nested too deep', hint, offset)
}
