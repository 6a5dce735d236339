import { didYouMean } from '../../source/suggest.ts'
import { TemplateFault } from '../value/fault.ts'
import { type TrimOptions, tokensOf } from './lexer.ts'
import type { Body, Expression, Parameter, Statement, Target } from './nodes.ts'
import { ExpressionParser } from './parse-expression.ts'
import { tooDeep } from './parse-operand.ts'
import type { Token } from './token.ts'
import { TokenStream } from './token-stream.ts'
import { walk } from './walk.ts'

const DEPTH = 100

/** Places count from `base`, so that those of several templates are told apart. Line ends are those of {@link withPlainLineEnds}. */
export function parseTemplate(text: string, trimming: TrimOptions, base = 0): Body {
  const tokens = placedTokens(text, trimming, base)
  const body = new StatementParser(new TokenStream(tokens)).template()
  refuseWrongExtends(body)
  return body
}

function placedTokens(text: string, trimming: TrimOptions, base: number): readonly Token[] {
  try {
    return tokensOf(text, trimming).map((token) => ({ ...token, offset: token.offset + base }))
  } catch (thrown) {
    if (thrown instanceof TemplateFault && thrown.offset !== undefined) thrown.offset += base
    throw thrown
  }
}

type Reader = (offset: number) => Statement

class StatementParser {
  readonly #stream: TokenStream
  readonly #expressions: ExpressionParser
  readonly #open: Token[] = []
  readonly #readers: Readonly<Record<string, Reader>> = {
    for: (offset) => this.#for(offset),
    if: (offset) => this.#if(offset),
    set: (offset) => this.#set(offset),
    with: (offset) => this.#with(offset),
    macro: (offset) => this.#macro(offset),
    call: (offset) => this.#callBlock(offset),
    filter: (offset) => this.#filterBlock(offset),
    do: (offset) => ({ kind: 'do', offset, value: this.#expressions.tuple() }),
    break: (offset) => this.#leave('break', offset),
    continue: (offset) => this.#leave('continue', offset),
    block: (offset) => this.#block(offset),
    extends: (offset) => ({ kind: 'extends', offset, template: this.#expressions.expression() }),
    include: (offset) => this.#include(offset),
    import: (offset) => this.#import(offset),
    from: (offset) => this.#from(offset),
    print: (offset) => ({ kind: 'output', offset, value: this.#expressions.tuple() }),
  }

  constructor(stream: TokenStream) {
    this.#stream = stream
    this.#expressions = new ExpressionParser(stream)
  }

  template(): Body {
    return this.#statements([])
  }

  #statements(ends: readonly string[]): Body {
    if (this.#open.length > DEPTH) throw tooDeep(this.#stream.current.offset)
    const body: Statement[] = []
    for (;;) {
      const { kind, text, offset } = this.#stream.current
      if (kind === 'eof') return this.#end(body, ends)
      this.#stream.take()
      if (kind === 'data') body.push({ kind: 'text', offset, text })
      else if (kind === 'variable_begin') {
        const value = this.#expressions.tuple()
        body.push({ kind: 'output', offset: value.offset, value })
        this.#stream.expect('variable_end')
      } else {
        if (ends.length > 0 && this.#stream.isWord(...ends)) return body
        body.push(this.#statement())
        this.#stream.expect('block_end')
      }
    }
  }

  #end(body: Body, ends: readonly string[]): Body {
    if (ends.length === 0) return body
    const open = this.#open.at(-1) ?? this.#stream.current
    const message = `the template ends inside \`{% ${open.text} %}\``
    throw this.#stream.fault(message, `close it with \`{% ${ends.at(-1)} %}\``, open)
  }

  #statement(): Statement {
    const word = this.#stream.current
    if (word.kind !== 'name') throw this.#stream.fault('a tag begins with its name', 'for example `{% if … %}`')
    const reader = Object.hasOwn(this.#readers, word.text) ? this.#readers[word.text] : undefined
    if (reader === undefined) throw this.#unknownTag(word.text)
    this.#stream.take()
    this.#open.push(word)
    const statement = reader(word.offset)
    this.#open.pop()
    return statement
  }

  #unknownTag(word: string): Error {
    const open = this.#open.at(-1)?.text
    if (word.startsWith('end') || word === 'else' || word === 'elif') {
      const where = open === undefined ? 'no block is open' : `the innermost open block is \`{% ${open} %}\``
      return this.#stream.fault(`\`{% ${word} %}\` closes nothing here: ${where}`, 'see that every block is closed')
    }
    return this.#stream.fault(`there is no tag \`${word}\``, didYouMean(word, Object.keys(this.#readers)))
  }

  #body(...ends: readonly string[]): Body {
    this.#stream.skipSign(':')
    this.#stream.expect('block_end')
    return this.#statements(ends)
  }

  #bodyUntil(end: string): Body {
    const body = this.#body(end)
    this.#stream.take()
    return body
  }

  #for(offset: number): Statement {
    const target = this.#target(() => this.#stream.isWord('in'))
    this.#stream.word('in')
    const of = this.#expressions.tuple(false, false, () => this.#stream.isWord('recursive'))
    const test = this.#stream.skipWord('if') ? this.#expressions.expression() : undefined
    const recursive = this.#stream.skipWord('recursive')
    const body = this.#body('else', 'endfor')
    const otherwise = this.#stream.take().text === 'else' ? this.#bodyUntil('endfor') : []
    return { kind: 'for', offset, target, of, test, recursive, body, otherwise }
  }

  #if(offset: number): Statement {
    const branches: { test: Expression; body: Body }[] = []
    for (;;) {
      const test = this.#expressions.tuple(false)
      branches.push({ test, body: this.#body('elif', 'else', 'endif') })
      const { text } = this.#stream.take()
      if (text === 'elif') continue
      const otherwise = text === 'else' ? this.#bodyUntil('endif') : []
      return { kind: 'if', offset, branches, otherwise }
    }
  }

  #set(offset: number): Statement {
    const target = this.#stream.following.text === '.' ? this.#member() : this.#target()
    if (this.#stream.skipSign('=')) return { kind: 'set', offset, target, value: this.#expressions.tuple() }
    const filter = this.#expressions.filters(undefined)
    return { kind: 'set-block', offset, target, filter, body: this.#bodyUntil('endset') }
  }

  #with(offset: number): Statement {
    const values: { target: Target; value: Expression }[] = []
    while (this.#stream.current.kind !== 'block_end' && !this.#stream.isSign(':')) {
      if (values.length > 0) this.#stream.sign(',')
      const target = this.#target()
      this.#stream.sign('=')
      values.push({ target, value: this.#expressions.expression() })
    }
    return { kind: 'with', offset, values, body: this.#bodyUntil('endwith') }
  }

  #macro(offset: number): Statement {
    const name = this.#name()
    const parameters = this.#parameters()
    return { kind: 'macro', offset, name, parameters, body: this.#bodyUntil('endmacro') }
  }

  #callBlock(offset: number): Statement {
    const parameters = this.#stream.isSign('(') ? this.#parameters() : []
    const call = this.#expressions.expression()
    if (call.kind !== 'call') throw this.#stream.fault('`{% call %}` needs a call', 'for example `{% call box() %}`')
    return { kind: 'call-block', offset, call, parameters, body: this.#bodyUntil('endcall') }
  }

  #filterBlock(offset: number): Statement {
    const filter = this.#expressions.filters(undefined, true)
    if (filter === undefined) throw this.#stream.fault('`{% filter %}` needs a filter')
    return { kind: 'filter-block', offset, filter, body: this.#bodyUntil('endfilter') }
  }

  #leave(kind: 'break' | 'continue', offset: number): Statement {
    if (this.#open.some(({ text }) => text === 'for')) return { kind, offset }
    throw this.#stream.fault(`\`{% ${kind} %}\` is not in a loop`, 'it belongs between `{% for %}` and `{% endfor %}`')
  }

  #block(offset: number): Statement {
    const { text: name } = this.#stream.expect('name')
    const scoped = this.#stream.skipWord('scoped')
    const required = this.#stream.skipWord('required')
    const body = this.#bodyUntil('endblock')
    this.#stream.skipWord(name)
    return { kind: 'block', offset, name, scoped, required, body }
  }

  #include(offset: number): Statement {
    const template = this.#expressions.expression()
    const ignoreMissing = this.#stream.isWord('ignore') && this.#stream.following.text === 'missing'
    if (ignoreMissing) {
      this.#stream.take()
      this.#stream.take()
    }
    return { kind: 'include', offset, template, ignoreMissing, withContext: this.#context() ?? true }
  }

  #import(offset: number): Statement {
    const template = this.#expressions.expression()
    this.#stream.word('as')
    const name = this.#name()
    return { kind: 'import', offset, template, name, withContext: this.#context() ?? false }
  }

  #from(offset: number): Statement {
    const template = this.#expressions.expression()
    this.#stream.word('import')
    const names: { name: string; as: string }[] = []
    let context = this.#context()
    while (context === undefined && (names.length === 0 || this.#stream.skipSign(','))) {
      context = this.#context()
      if (context !== undefined || this.#stream.current.kind === 'block_end') break
      const name = this.#name()
      if (name.startsWith('_'))
        throw this.#stream.fault(`\`${name}\` begins with \`_\` and cannot be imported`, 'rename it')
      names.push({ name, as: this.#stream.skipWord('as') ? this.#name() : name })
      context = this.#context()
    }
    return { kind: 'from-import', offset, template, names, withContext: context ?? false }
  }

  #context(): boolean | undefined {
    if (!this.#stream.isWord('with', 'without') || this.#stream.following.text !== 'context') return undefined
    const isWith = this.#stream.take().text === 'with'
    this.#stream.take()
    return isWith
  }

  #parameters(): readonly Parameter[] {
    this.#stream.sign('(')
    const parameters: Parameter[] = []
    while (!this.#stream.isSign(')')) {
      if (parameters.length > 0) this.#stream.sign(',')
      const name = this.#name()
      const fallback = this.#stream.skipSign('=') ? this.#expressions.expression() : undefined
      if (fallback === undefined && parameters.at(-1)?.fallback !== undefined)
        throw this.#stream.fault(
          `\`${name}\` needs a default, as the one before it has one`,
          `for example \`${name}=''\``,
        )
      parameters.push({ name, fallback })
    }
    this.#stream.take()
    return parameters
  }

  #name(): string {
    const { text } = this.#stream.current
    if (['true', 'false', 'none', 'True', 'False', 'None'].includes(text))
      throw this.#stream.fault(`\`${text}\` cannot be assigned to`, 'choose another name')
    return this.#stream.expect('name').text
  }

  #member(): Target {
    const { text: of, offset } = this.#stream.expect('name')
    this.#stream.sign('.')
    return { kind: 'member', of, name: this.#stream.expect('name').text, offset }
  }

  #target(ends: () => boolean = () => false): Target {
    const { offset } = this.#stream.current
    const targets: Target[] = []
    let isSeveral = false
    do {
      if (ends() || this.#stream.isSign('=', ')')) break
      targets.push(this.#oneTarget())
      isSeveral ||= this.#stream.isSign(',')
    } while (this.#stream.skipSign(','))
    const [first] = targets
    if (first === undefined) throw this.#stream.fault('a name to assign to is expected')
    return isSeveral ? { kind: 'targets', targets, offset } : first
  }

  #oneTarget(): Target {
    const { offset } = this.#stream.current
    if (!this.#stream.skipSign('(')) return { kind: 'name', name: this.#name(), offset }
    const inside = this.#target()
    this.#stream.sign(')')
    return inside
  }
}

// Throws for a template that extends two others, and for one that extends inside a loop, a macro, a block or the like.
function refuseWrongExtends(body: Body): void {
  const [, second] = body.filter(({ kind }) => kind === 'extends')
  if (second !== undefined) throw fault('the template extends two others', 'leave one of them', second)
  const allowed = new Set(outermost(body))
  walk(body, {
    statement: (node) => {
      if (node.kind === 'extends' && !allowed.has(node))
        throw fault('`{% extends %}` is inside another tag', 'write it at the beginning of the template', node)
    },
  })
}

function outermost(body: Body): readonly Statement[] {
  return body.flatMap((node) =>
    node.kind === 'if' ? outermost([...node.branches.flatMap((branch) => branch.body), ...node.otherwise]) : [node],
  )
}

function fault(message: string, hint: string, { offset }: Statement): TemplateFault {
  return new TemplateFault('template-syntax', message, hint, offset)
}
