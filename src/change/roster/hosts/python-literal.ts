import { unescaped } from '../../../text/jinja/syntax/string-literal.ts'
import { TemplateFault } from '../../../text/jinja/value/fault.ts'
import { Dict, Tuple, type Value } from '../../../text/jinja/value/value.ts'

const BLANK = /(?:[ \t\r\n\f]|#[^\n]*)*/y
const INLINE = /[ \t\f]*/y
const TAIL = /[ \t\f]*(?:#[^\n]*)?(?:\n(?:[ \t\f]*(?:#[^\n]*)?\n)*(?:[ \t\f]*#[^\n]*)?)?$/y
const NAME = /[A-Za-z_]\w*/y
const QUOTED =
  /(?:'''(?:[^\\]|\\[\s\S])*?'''|"""(?:[^\\]|\\[\s\S])*?"""|'(?:[^'\\\n]|\\[\s\S])*'|"(?:[^"\\\n]|\\[\s\S])*")/.source
const NUMBER =
  /(0[xX](?:_?[\da-fA-F])+|0[oO](?:_?[0-7])+|0[bB](?:_?[01])+)|((?:\d(?:_?\d)*)?\.\d(?:_?\d)*(?:[eE][+-]?\d(?:_?\d)*)?|\d(?:_?\d)*(?:\.(?:[eE][+-]?\d(?:_?\d)*)?|[eE][+-]?\d(?:_?\d)*))|([1-9](?:_?\d)*|0(?:_?0)*)/y
const PYTHON = { True: true, False: false, None: null }

// What counts as a literal besides numbers, lists and mappings.
interface LiteralForm {
  readonly names: Readonly<Record<string, Value>>
  readonly string: RegExp
  readonly depth: number
}

/** The form of a rendered text that looks like a list, a mapping or a truth (`ansible_eval_concat`): JSON's names of truths and null count, too. */
export const RENDERED: LiteralForm = {
  names: { ...PYTHON, true: true, false: false, null: null },
  string: new RegExp(`[rRuU]?${QUOTED}`, 'y'),
  depth: 100,
}

/** The form of a value in an INI inventory (`ast.literal_eval`). */
export const WRITTEN_IN_INI: LiteralForm = {
  names: PYTHON,
  string: new RegExp(`(?:[rRuUbB]|[bB][rR]|[rR][bB])?${QUOTED}`, 'y'),
  depth: 90,
}

class NoLiteral extends Error {}

/** The value of a Python literal; undefined for any other text. */
export function pythonLiteral(text: string, form: LiteralForm): Value | undefined {
  try {
    return new Reader(text, form).line()
  } catch (thrown) {
    if (thrown instanceof NoLiteral || thrown instanceof TemplateFault) return undefined
    throw thrown
  }
}

class Reader {
  readonly #text: string
  readonly #form: LiteralForm
  #at = 0

  constructor(text: string, form: LiteralForm) {
    this.#text = text
    this.#form = form
  }

  value(depth: number): Value {
    if (depth > this.#form.depth) throw new NoLiteral()
    this.#take(BLANK)
    if (this.#takes('[')) return this.#items(']', depth).items
    if (this.#takes('(')) return this.#tuple(depth)
    if (this.#takes('{')) return this.#braces(depth)
    const string = this.#strings()
    if (string !== undefined) return string
    const name = this.#take(NAME)
    if (name === undefined) return this.#number()
    const { names } = this.#form
    if (!Object.hasOwn(names, name[0])) throw new NoLiteral()
    return names[name[0]] ?? null
  }

  line(): Value {
    const first = this.value(0)
    const items = [first]
    let isTuple = false
    while (this.#endsItem()) {
      isTuple = true
      if (this.#isEnd()) break
      items.push(this.value(0))
    }
    if (!this.#isEnd()) throw new NoLiteral()
    return isTuple ? new Tuple(items) : first
  }

  #endsItem(): boolean {
    this.#take(INLINE)
    const isComma = this.#text[this.#at] === ','
    if (isComma) this.#at += 1
    this.#take(INLINE)
    return isComma
  }

  #isEnd(): boolean {
    TAIL.lastIndex = this.#at
    return TAIL.test(this.#text)
  }

  #items(close: string, depth: number): { items: Value[]; hasComma: boolean } {
    const items: Value[] = []
    let hasComma = false
    while (!this.#takes(close)) {
      if (items.length > 0 && !hasComma) throw new NoLiteral()
      items.push(this.value(depth + 1))
      hasComma = this.#takes(',')
    }
    return { items, hasComma }
  }

  #tuple(depth: number): Value {
    const { items, hasComma } = this.#items(')', depth)
    return items.length === 1 && !hasComma ? (items[0] ?? null) : new Tuple(items)
  }

  #braces(depth: number): Value {
    if (this.#takes('}')) return new Dict()
    const first = this.value(depth + 1)
    if (!this.#takes(':')) return this.#set(first, depth)
    const dict = new Dict([[first, this.value(depth + 1)]])
    while (!this.#takes('}')) {
      if (!this.#takes(',')) throw new NoLiteral()
      if (this.#takes('}')) break
      const key = this.value(depth + 1)
      if (!this.#takes(':')) throw new NoLiteral()
      dict.set(key, this.value(depth + 1))
    }
    return dict
  }

  #set(first: Value, depth: number): Value {
    const hasMore = this.#takes(',')
    const { items } = hasMore ? this.#items('}', depth) : { items: [] }
    if (!hasMore && !this.#takes('}')) throw new NoLiteral()
    return new Dict([first, ...items].map((item) => [item, null])).keys()
  }

  #strings(): string | undefined {
    let text: string | undefined
    for (let found = this.#take(this.#form.string); found !== undefined; found = this.#take(this.#form.string)) {
      text = (text ?? '') + stringOf(found[0])
      this.#take(BLANK)
    }
    return text
  }

  #number(): Value {
    const sign = this.#takes('-') ? '-' : this.#takes('+') ? '+' : ''
    this.#take(BLANK)
    const [, based, float, whole] = this.#take(NUMBER) ?? []
    if (/\w/.test(this.#text[this.#at] ?? '')) throw new NoLiteral()
    const digits = (based ?? float ?? whole)?.replaceAll('_', '')
    if (digits === undefined) throw new NoLiteral()
    if (float !== undefined) return sign === '-' ? -Number(digits) : Number(digits)
    return sign === '-' ? -BigInt(digits) : BigInt(digits)
  }

  #takes(sign: string): boolean {
    this.#take(BLANK)
    if (!this.#text.startsWith(sign, this.#at)) return false
    this.#at += sign.length
    return true
  }

  #take(expression: RegExp): RegExpExecArray | undefined {
    expression.lastIndex = this.#at
    const found = expression.exec(this.#text)
    if (found === null) return undefined
    this.#at += found[0].length
    return found
  }
}

function stringOf(written: string) {
  const [prefix = ''] = /^[rRuUbB]*/.exec(written) ?? []
  const quote = /^(?:'''|"""|'|")/.exec(written.slice(prefix.length))?.[0] ?? ''
  const inside = written.slice(prefix.length + quote.length, -quote.length)
  return /r/i.test(prefix) ? inside : unescaped(inside, 0)
}
