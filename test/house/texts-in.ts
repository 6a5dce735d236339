/** A string or template literal of a source, without its quotes, with `…` in place of each `${}`. */
export interface SourceText {
  /** The line on which it begins, from 1. */
  readonly line: number
  readonly text: string
}

const BLANK = /(?:\s+|\/\/.*|\/\*[\s\S]*?\*\/)+/y
const EXPRESSION = /\/(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\[\n])+\/\w*/y
const TOKEN = /'(?:\\[\s\S]|[^'\\])*'|"(?:\\[\s\S]|[^"\\])*"|[\w$]+|[\s\S]/y
const TEMPLATE_TEXT = /(?:\\[\s\S]|\$(?!\{)|[^`\\$])*/y
/** Behind a value a slash divides; behind anything else, a keyword among them, it begins a regular expression. */
const VALUE = /^(?!(?:return|typeof|case|of|in|void|throw|else|do|await)$)[\w$)\]}'"`]/

/** The string and template literals of a TypeScript source, also those within `${}`, in the order of their ends. */
export function textsIn(source: string): readonly SourceText[] {
  const found: SourceText[] = []
  /** The templates that are open, the innermost last, each with the depth of braces at its `${`. */
  const open: { readonly start: number; text: string; depth: number }[] = []
  let [at, depth, before] = [0, 0, '']
  const take = (form: RegExp) => {
    form.lastIndex = at
    const text = form.exec(source)?.[0] ?? ''
    at += text.length
    return text
  }
  const keep = (start: number, text: string) => {
    found.push({ line: source.slice(0, start).split('\n').length, text })
  }
  const goOnInTemplate = () => {
    const template = open.at(-1)
    if (template === undefined) return
    template.text += take(TEMPLATE_TEXT)
    if (source[at] === '`') {
      open.pop()
      keep(template.start, template.text)
      before = '`'
      at += 1
    } else {
      Object.assign(template, { text: `${template.text}…`, depth })
      before = ''
      at += 2
    }
  }
  while (at < source.length) {
    if (take(BLANK) !== '') continue
    const start = at
    if (source[at] === '/' && !VALUE.test(before) && take(EXPRESSION) !== '') before = ')'
    else before = take(TOKEN)
    if (/^['"]/.test(before)) keep(start, before.slice(1, -1))
    if (before === '{') depth += 1
    if (before === '`') {
      open.push({ start, text: '', depth: -1 })
      goOnInTemplate()
    } else if (before === '}') {
      if (open.at(-1)?.depth === depth) goOnInTemplate()
      else depth -= 1
    }
  }
  return found
}
