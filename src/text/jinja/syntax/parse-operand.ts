import { TemplateFault } from '../value/fault.ts'
import type { Arguments, CallNode, Expression, Literal } from './nodes.ts'
import { MOST_DIGITS } from './number.ts'
import { described, type TokenStream } from './token-stream.ts'

export const DEPTH = 400

const WORDS: Readonly<Record<string, Literal>> = {
  true: true,
  True: true,
  false: false,
  False: false,
  none: null,
  None: null,
}

/** Reads the operands of expressions: literals, names, lists, mappings, and what stands behind them. */
export abstract class OperandParser {
  readonly stream: TokenStream

  constructor(stream: TokenStream) {
    this.stream = stream
  }

  /** One expression, with `a if b else c` unless that is left out. */
  abstract expression(withCondition?: boolean): Expression

  abstract tuple(withCondition?: boolean, inParentheses?: boolean): Expression

  arguments(): Arguments {
    const { offset } = this.stream.sign('(')
    const args = new ArgumentList(offset)
    for (let first = true; !this.stream.isSign(')'); first = false) {
      if (!first) this.stream.sign(',')
      if (this.stream.isSign(')')) break
      this.#argument(args)
    }
    this.stream.sign(')')
    return args
  }

  #argument(args: ArgumentList): void {
    if (this.stream.skipSign('*')) args.addList(this.expression())
    else if (this.stream.skipSign('**')) args.addMapping(this.expression())
    else if (this.#isNamed()) {
      const name = this.stream.take().text
      this.stream.take()
      args.addNamed(name, this.expression())
    } else args.addPositional(this.expression())
  }

  primary(): Expression {
    const { kind, text, offset } = this.stream.current
    if (kind === 'name') {
      this.stream.take()
      if (Object.hasOwn(WORDS, text)) return { kind: 'literal', value: WORDS[text] ?? null, offset, depth: 0 }
      return { kind: 'name', name: text, offset, depth: 0 }
    }
    if (kind === 'string') return { kind: 'literal', value: this.#strings(), offset, depth: 0 }
    if (kind === 'integer' || kind === 'float') {
      if (text.length > MOST_DIGITS) throw this.stream.fault('the number has too many digits')
      this.stream.take()
      return { kind: 'literal', value: kind === 'float' ? Number(text) : BigInt(text), offset, depth: 0 }
    }
    if (this.stream.isSign('(')) {
      this.stream.take()
      const inside = this.tuple(true, true)
      this.stream.sign(')')
      return inside
    }
    if (this.stream.isSign('[')) return this.#list()
    if (this.stream.isSign('{')) return this.#dict()
    throw this.stream.fault(`${described(this.stream.current)} is unexpected here`)
  }

  postfix(value: Expression): Expression {
    let of = value
    for (;;) {
      if (this.stream.isSign('.', '[')) of = this.#subscript(of)
      else if (this.stream.isSign('(')) of = this.call(of)
      else return of
    }
  }

  #subscript(of: Expression): Expression {
    const opening = this.stream.take()
    const { offset } = opening
    if (opening.text === '.') {
      const { kind, text, offset: at } = this.stream.take()
      if (kind === 'name') return { kind: 'attribute', of, name: text, offset: at, depth: deepest([of], at) }
      if (kind !== 'integer')
        throw new TemplateFault(
          'template-syntax',
          'a name or a number is expected behind the dot',
          'see the member',
          at,
        )
      const key: Expression = { kind: 'literal', value: BigInt(text), offset: at, depth: 0 }
      return { kind: 'item', of, key, offset: at, depth: deepest([of], at) }
    }
    const keys: Expression[] = []
    while (!this.stream.isSign(']')) {
      if (keys.length > 0) this.stream.sign(',')
      keys.push(this.#key())
    }
    this.stream.take()
    const [only] = keys
    const several: Expression = { kind: 'tuple', items: keys, offset, depth: deepest(keys, offset) }
    const key = keys.length === 1 && only !== undefined ? only : several
    return { kind: 'item', of, key, offset, depth: deepest([of, key], offset) }
  }

  #key(): Expression {
    const { offset } = this.stream.current
    const start = this.stream.isSign(':') ? undefined : this.expression()
    if (start !== undefined && !this.stream.isSign(':')) return start
    this.stream.sign(':')
    const bound = () => (this.stream.isSign(':', ']', ',') ? undefined : this.expression())
    const stop = bound()
    const step = this.stream.skipSign(':') ? bound() : undefined
    return { kind: 'slice', start, stop, step, offset, depth: deepest([start, stop, step], offset) }
  }

  #list(): Expression {
    const { offset } = this.stream.take()
    const items: Expression[] = []
    while (!this.stream.isSign(']')) {
      if (items.length > 0) this.stream.sign(',')
      if (this.stream.isSign(']')) break
      items.push(this.expression())
    }
    this.stream.take()
    return { kind: 'list', items, offset, depth: deepest(items, offset) }
  }

  #dict(): Expression {
    const { offset } = this.stream.take()
    const pairs: { key: Expression; value: Expression }[] = []
    while (!this.stream.isSign('}')) {
      if (pairs.length > 0) this.stream.sign(',')
      if (this.stream.isSign('}')) break
      const key = this.expression()
      this.stream.sign(':')
      pairs.push({ key, value: this.expression() })
    }
    this.stream.take()
    const parts = pairs.flatMap(({ key, value }) => [key, value])
    return { kind: 'dict', pairs, offset, depth: deepest(parts, offset) }
  }

  #strings(): string {
    const texts: string[] = []
    while (this.stream.current.kind === 'string') texts.push(this.stream.take().text)
    return texts.join('')
  }

  #isNamed(): boolean {
    const { following } = this.stream
    return this.stream.current.kind === 'name' && following.kind === 'operator' && following.text === '='
  }

  call(of: Expression): CallNode {
    const { offset } = this.stream.current
    const args = this.arguments()
    return { kind: 'call', of, args, offset, depth: deepest([of, ...all(args)], offset) }
  }

  dottedName(): string {
    let name = this.stream.expect('name').text
    while (this.stream.skipSign('.')) name += `.${this.stream.expect('name').text}`
    return name
  }
}

class ArgumentList implements Arguments {
  readonly positional: Expression[] = []
  readonly named: { name: string; value: Expression }[] = []
  list: Expression | undefined
  mapping: Expression | undefined
  readonly #offset: number

  constructor(offset: number) {
    this.#offset = offset
  }

  addPositional(value: Expression): void {
    this.#expect(this.list === undefined && this.mapping === undefined && this.named.length === 0)
    this.positional.push(value)
  }

  addNamed(name: string, value: Expression): void {
    this.#expect(this.mapping === undefined)
    this.named.push({ name, value })
  }

  addList(value: Expression): void {
    this.#expect(this.list === undefined && this.mapping === undefined)
    this.list = value
  }

  addMapping(value: Expression): void {
    this.#expect(this.mapping === undefined)
    this.mapping = value
  }

  #expect(isInOrder: boolean): void {
    if (isInOrder) return
    const hint = 'first values, then `name=value`'
    throw new TemplateFault('template-syntax', 'the arguments are not in order', hint, this.#offset)
  }
}

export function all({ positional, named, list, mapping }: Arguments): (Expression | undefined)[] {
  return [...positional, ...named.map(({ value }) => value), list, mapping]
}

export function deepest(parts: readonly (Expression | undefined)[], offset: number): number {
  const depth = parts.reduce((most, part) => Math.max(most, part?.depth ?? 0), 0) + 1
  if (depth > DEPTH) throw tooDeep(offset)
  return depth
}

export function tooDeep(offset: number): TemplateFault {
  const hint = 'look for a text or a list that grows with itself, or a long chain'
  return new TemplateFault('template-size', 'the template is nested too deep', hint, offset)
}
