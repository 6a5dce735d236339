import { didYouMean } from '../../source/suggest.ts'
import { TemplateFault } from '../value/value.ts'
import { type TrimOptions, tokensOf } from './lexer.ts'
import { type Body, type Expression, type Parameter, type Statement, type Target, walk } from './nodes.ts'
import { expressionReader, type PlacelessNode, tooDeep } from './parse-expression.ts'
import type { Token } from './token.ts'
import { TokenStream } from './token-stream.ts'

const DEPTH = 100

/** Places count from `base`, so that those of several templates are told apart. Line ends are those of {@link withPlainLineEnds}. */
export function parseTemplate(text: string, trimming: TrimOptions, base = 0): Body {
  const body = statementsOf(new TokenStream(placedTokens(text, trimming, base)))
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

type ReadStatement = PlacelessNode<Statement>

function statementsOf(stream: TokenStream): Body {
  const { expression, filters, tuple } = expressionReader(stream)
  const open: Token[] = []
  const readers: Readonly<Record<string, () => ReadStatement>> = {
    for: forLoop,
    if: ifBlock,
    set: setTag,
    with: withBlock,
    macro,
    call: callBlock,
    filter: filterBlock,
    do: () => ({ kind: 'do', value: tuple() }),
    break: () => leave('break'),
    continue: () => leave('continue'),
    block,
    extends: () => ({ kind: 'extends', template: expression() }),
    include,
    import: importTag,
    from: fromImport,
    print: () => ({ kind: 'output', value: tuple() }),
  }

  function statements(ends: readonly string[]): Body {
    if (open.length > DEPTH) throw tooDeep(stream.current.offset)
    const body: Statement[] = []
    while (stream.current.kind !== 'eof') {
      const { kind, text, offset } = stream.take()
      if (kind === 'data') body.push({ kind: 'text', offset, text })
      else if (kind === 'variable_begin') body.push(output())
      else if (stream.isWord(...ends)) return body
      else body.push(statement())
    }
    return atEnd(body, ends)
  }

  function output(): Statement {
    const value = tuple()
    stream.expect('variable_end')
    return { kind: 'output', offset: value.offset, value }
  }

  function atEnd(body: Body, ends: readonly string[]) {
    if (ends.length === 0) return body
    const innermost = open.at(-1) ?? stream.current
    const message = `the template ends inside \`{% ${innermost.text} %}\``
    throw stream.fault(message, `close it with \`{% ${ends.at(-1)} %}\``, innermost)
  }

  function statement(): Statement {
    const word = stream.current
    if (word.kind !== 'name') throw stream.fault('a tag begins with its name', 'for example `{% if … %}`')
    const reader = Object.hasOwn(readers, word.text) ? readers[word.text] : undefined
    if (reader === undefined) throw unknownTag(word.text)
    stream.take()
    open.push(word)
    const read = reader()
    open.pop()
    stream.expect('block_end')
    return Object.assign(read, { offset: word.offset })
  }

  function unknownTag(word: string): Error {
    const innermost = open.at(-1)?.text
    if (word.startsWith('end') || word === 'else' || word === 'elif') {
      const where = innermost === undefined ? 'no block is open' : `the innermost open block is \`{% ${innermost} %}\``
      return stream.fault(`\`{% ${word} %}\` closes nothing here: ${where}`, 'see that every block is closed')
    }
    return stream.fault(`there is no tag \`${word}\``, didYouMean(word, Object.keys(readers)))
  }

  function bodyOf(...ends: readonly string[]): Body {
    stream.skipSign(':')
    stream.expect('block_end')
    return statements(ends)
  }

  function bodyUntil(end: string): Body {
    const body = bodyOf(end)
    stream.take()
    return body
  }

  function forLoop(): ReadStatement {
    const target = targetRead(() => stream.isWord('in'))
    stream.word('in')
    const of = tuple(false, false, () => stream.isWord('recursive'))
    const test = stream.skipWord('if') ? expression() : undefined
    const recursive = stream.skipWord('recursive')
    const body = bodyOf('else', 'endfor')
    const otherwise = stream.take().text === 'else' ? bodyUntil('endfor') : []
    return { kind: 'for', target, of, test, recursive, body, otherwise }
  }

  function ifBlock(): ReadStatement {
    const branches: { test: Expression; body: Body }[] = []
    for (;;) {
      branches.push({ test: tuple(false), body: bodyOf('elif', 'else', 'endif') })
      const { text } = stream.take()
      if (text === 'elif') continue
      const otherwise = text === 'else' ? bodyUntil('endif') : []
      return { kind: 'if', branches, otherwise }
    }
  }

  function setTag(): ReadStatement {
    const target = stream.following.text === '.' ? member() : targetRead()
    if (stream.skipSign('=')) return { kind: 'set', target, value: tuple() }
    return { kind: 'set-block', target, filter: filters(undefined), body: bodyUntil('endset') }
  }

  function withBlock(): ReadStatement {
    const values: { target: Target; value: Expression }[] = []
    while (stream.current.kind !== 'block_end' && !stream.isSign(':')) {
      if (values.length > 0) stream.sign(',')
      const target = targetRead()
      stream.sign('=')
      values.push({ target, value: expression() })
    }
    return { kind: 'with', values, body: bodyUntil('endwith') }
  }

  function macro(): ReadStatement {
    const name = assignable()
    return { kind: 'macro', name, parameters: parametersRead(), body: bodyUntil('endmacro') }
  }

  function callBlock(): ReadStatement {
    const parameters = stream.isSign('(') ? parametersRead() : []
    const call = expression()
    if (call.kind !== 'call') throw stream.fault('`{% call %}` needs a call', 'for example `{% call box() %}`')
    return { kind: 'call-block', call, parameters, body: bodyUntil('endcall') }
  }

  function filterBlock(): ReadStatement {
    const filter = filters(undefined, true)
    if (filter === undefined) throw stream.fault('`{% filter %}` needs a filter')
    return { kind: 'filter-block', filter, body: bodyUntil('endfilter') }
  }

  function leave(kind: 'break' | 'continue'): ReadStatement {
    if (open.some(({ text }) => text === 'for')) return { kind }
    throw stream.fault(`\`{% ${kind} %}\` is not in a loop`, 'it belongs between `{% for %}` and `{% endfor %}`')
  }

  function block(): ReadStatement {
    const { text: name } = stream.expect('name')
    const scoped = stream.skipWord('scoped')
    const required = stream.skipWord('required')
    const body = bodyUntil('endblock')
    stream.skipWord(name)
    return { kind: 'block', name, scoped, required, body }
  }

  function include(): ReadStatement {
    const template = expression()
    const ignoreMissing = stream.skipWords('ignore', 'missing')
    return { kind: 'include', template, ignoreMissing, withContext: contextRead() ?? true }
  }

  function importTag(): ReadStatement {
    const template = expression()
    stream.word('as')
    return { kind: 'import', template, name: assignable(), withContext: contextRead() ?? false }
  }

  function fromImport(): ReadStatement {
    const template = expression()
    stream.word('import')
    const names: { name: string; as: string }[] = []
    let context = contextRead()
    while (context === undefined && (names.length === 0 || stream.skipSign(','))) {
      context = contextRead()
      if (context !== undefined || stream.current.kind === 'block_end') break
      const name = assignable()
      if (name.startsWith('_')) throw stream.fault(`\`${name}\` begins with \`_\` and cannot be imported`, 'rename it')
      names.push({ name, as: stream.skipWord('as') ? assignable() : name })
      context = contextRead()
    }
    return { kind: 'from-import', template, names, withContext: context ?? false }
  }

  function contextRead() {
    if (stream.skipWords('with', 'context')) return true
    return stream.skipWords('without', 'context') ? false : undefined
  }

  function parametersRead(): readonly Parameter[] {
    stream.sign('(')
    const parameters: Parameter[] = []
    const readParameter = () => {
      const name = assignable()
      const fallback = stream.skipSign('=') ? expression() : undefined
      if (fallback === undefined && parameters.at(-1)?.fallback !== undefined)
        throw stream.fault(`\`${name}\` needs a default, as the one before it has one`, `for example \`${name}=''\``)
      parameters.push({ name, fallback })
    }
    stream.list(')', readParameter, false)
    return parameters
  }

  function assignable() {
    const { text } = stream.current
    if (['true', 'false', 'none', 'True', 'False', 'None'].includes(text))
      throw stream.fault(`\`${text}\` cannot be assigned to`, 'choose another name')
    return stream.expect('name').text
  }

  function member(): Target {
    const { text: of } = stream.expect('name')
    stream.sign('.')
    return { kind: 'member', of, name: stream.expect('name').text }
  }

  function targetRead(ends: () => boolean = () => false): Target {
    const targets: Target[] = []
    let isSeveral = false
    do {
      if (ends() || stream.isSign('=', ')')) break
      targets.push(oneTarget())
      isSeveral ||= stream.isSign(',')
    } while (stream.skipSign(','))
    const [first] = targets
    if (first === undefined) throw stream.fault('a name to assign to is expected')
    return isSeveral ? { kind: 'targets', targets } : first
  }

  function oneTarget(): Target {
    if (!stream.skipSign('(')) return { kind: 'name', name: assignable() }
    const inside = targetRead()
    stream.sign(')')
    return inside
  }

  return statements([])
}

// Throws for a template that extends two others, and for one that extends inside a loop, a macro, a block or the like.
function refuseWrongExtends(body: Body) {
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

function fault(message: string, hint: string, { offset }: Statement) {
  return new TemplateFault('template-syntax', message, hint, offset)
}
