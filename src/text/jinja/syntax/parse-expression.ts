import type { Arguments, BinaryOperator, ComparisonOperator, Expression, FilterNode } from './nodes.ts'
import { all, DEPTH, deepest, OperandParser, tooDeep } from './parse-operand.ts'
import { described } from './token-stream.ts'

const COMPARISONS: readonly string[] = ['==', '!=', '<', '<=', '>', '>=']
const NO_ARGUMENTS: Arguments = { positional: [], named: [], list: undefined, mapping: undefined }

type Layer = (this: ExpressionParser) => Expression

type EndsTuple = () => boolean

/** Reads expressions as Jinja2 3.1.2 does (parser.py), with its precedences. */
export class ExpressionParser extends OperandParser {
  #nesting = 0

  /** One expression, with `a if b else c` unless that is left out. */
  override expression(withCondition = true): Expression {
    this.#nesting += 1
    if (this.#nesting > DEPTH) throw tooDeep(this.stream.current.offset)
    const read = withCondition ? this.#condition() : this.#or()
    this.#nesting -= 1
    return read
  }

  override tuple(withCondition = true, inParentheses = false, ends: EndsTuple = () => false): Expression {
    const { offset } = this.stream.current
    const items: Expression[] = []
    let isTuple = false
    for (;;) {
      if (items.length > 0) this.stream.sign(',')
      if (this.#tupleEnds() || ends()) break
      items.push(this.expression(withCondition))
      if (!this.stream.isSign(',')) break
      isTuple = true
    }
    const [first] = items
    if (!isTuple && first !== undefined) return first
    if (!isTuple && !inParentheses)
      throw this.stream.fault(`an expression is expected, not ${described(this.stream.current)}`)
    return { kind: 'tuple', items, offset, depth: deepest(items, offset) }
  }

  filters(of: Expression | undefined, beginsWithName = false): FilterNode | undefined {
    let filter: FilterNode | undefined
    for (let begins = beginsWithName; begins || this.stream.isSign('|'); begins = false) {
      if (!begins) this.stream.take()
      const { offset } = this.stream.current
      const name = this.dottedName()
      const args = this.stream.isSign('(') ? this.arguments() : NO_ARGUMENTS
      const value: Expression | undefined = filter ?? of
      filter = { kind: 'filter', of: value, name, args, offset, depth: deepest([value, ...all(args)], offset) }
    }
    return filter
  }

  #condition(): Expression {
    let then = this.#or()
    while (this.stream.isWord('if')) {
      const { offset } = this.stream.take()
      const test = this.#or()
      const otherwise = this.stream.skipWord('else') ? this.expression() : undefined
      then = { kind: 'condition', test, then, otherwise, offset, depth: deepest([test, then, otherwise], offset) }
    }
    return then
  }

  #or(): Expression {
    return this.#logical('or', () => this.#logical('and', () => this.#not()))
  }

  #logical(kind: 'and' | 'or', layer: () => Expression): Expression {
    let left = layer()
    while (this.stream.isWord(kind)) {
      const { offset } = this.stream.take()
      const right = layer()
      left = { kind, left, right, offset, depth: deepest([left, right], offset) }
    }
    return left
  }

  #not(): Expression {
    const offsets: number[] = []
    while (this.stream.isWord('not')) offsets.push(this.stream.take().offset)
    let of = this.#compare()
    for (const offset of offsets.toReversed()) of = { kind: 'not', of, offset, depth: deepest([of], offset) }
    return of
  }

  #compare(): Expression {
    const first = this.#sum()
    const rest: { operator: ComparisonOperator; value: Expression }[] = []
    const { offset } = this.stream.current
    for (let operator = this.#comparison(); operator !== undefined; operator = this.#comparison())
      rest.push({ operator, value: this.#sum() })
    if (rest.length === 0) return first
    const values = rest.map(({ value }) => value)
    return { kind: 'compare', first, rest, offset, depth: deepest([first, ...values], offset) }
  }

  #comparison(): ComparisonOperator | undefined {
    if (this.stream.isSign(...COMPARISONS)) return this.stream.take().text as ComparisonOperator
    if (this.stream.skipWord('in')) return 'in'
    if (!this.stream.isWord('not') || this.stream.following.text !== 'in') return undefined
    this.stream.take()
    this.stream.take()
    return 'not in'
  }

  #sum(): Expression {
    return this.#binary(['+', '-'], this.#concat)
  }

  #concat(): Expression {
    const { offset } = this.stream.current
    const parts = [this.#product()]
    while (this.stream.skipSign('~')) parts.push(this.#product())
    const [first] = parts
    if (parts.length === 1 && first !== undefined) return first
    return { kind: 'concat', parts, offset, depth: deepest(parts, offset) }
  }

  #product(): Expression {
    return this.#binary(['*', '/', '//', '%'], this.#power)
  }

  #power(): Expression {
    return this.#binary(['**'], this.#unary)
  }

  #binary(operators: readonly BinaryOperator[], layer: Layer): Expression {
    let left = layer.call(this)
    while (this.stream.isSign(...operators)) {
      const { text, offset } = this.stream.take()
      const right = layer.call(this)
      left = {
        kind: 'binary',
        operator: text as BinaryOperator,
        left,
        right,
        offset,
        depth: deepest([left, right], offset),
      }
    }
    return left
  }

  #unary(): Expression {
    const signs: { kind: 'negative' | 'positive'; offset: number }[] = []
    while (this.stream.isSign('+', '-')) {
      const { text, offset } = this.stream.take()
      signs.push({ kind: text === '-' ? 'negative' : 'positive', offset })
    }
    let of = this.postfix(this.primary())
    for (const { kind, offset } of signs.toReversed()) of = { kind, of, offset, depth: deepest([of], offset) }
    return this.#filtered(of)
  }

  #filtered(value: Expression): Expression {
    let of = value
    for (;;) {
      if (this.stream.isSign('|')) of = this.filters(of) ?? of
      else if (this.stream.isWord('is')) of = this.#test(of)
      else if (this.stream.isSign('(')) of = this.call(of)
      else return of
    }
  }

  #test(of: Expression): Expression {
    this.stream.take()
    const isNegated = this.stream.skipWord('not')
    const { offset } = this.stream.current
    const name = this.dottedName()
    const args = this.#testArguments()
    const test: Expression = { kind: 'test', of, name, args, offset, depth: deepest([of, ...all(args)], offset) }
    return isNegated ? { kind: 'not', of: test, offset, depth: deepest([test], offset) } : test
  }

  #testArguments(): Arguments {
    if (this.stream.isSign('(')) return this.arguments()
    const { kind } = this.stream.current
    const begins = ['name', 'string', 'integer', 'float'].includes(kind) || this.stream.isSign('[', '{')
    if (!begins || this.stream.isWord('else', 'or', 'and')) return NO_ARGUMENTS
    if (this.stream.isWord('is'))
      throw this.stream.fault('a second `is` behind a test', 'put the first one in parentheses')
    return { ...NO_ARGUMENTS, positional: [this.postfix(this.primary())] }
  }

  #tupleEnds(): boolean {
    return ['variable_end', 'block_end'].includes(this.stream.current.kind) || this.stream.isSign(')')
  }
}
