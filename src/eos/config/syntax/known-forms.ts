import type { Problem, ValueOrProblems } from '../../../model/error.ts'
import { COMMAND, commandRow, parseVerb, rawRow, scanOutline } from '../text/tree.ts'
import { fitOf, VALUE_TYPES, type ValueEdge, valueIn } from './syntax-tree.ts'

type FormWord = string | Omit<ValueEdge, 'next'> | typeof REST

const REST = Symbol('all that follows')

export interface KnownForm {
  readonly above: readonly (readonly FormWord[])[]
  readonly words: readonly FormWord[]
}

/** `<int>`, `<ip|prefix>` and `<1-4094>` are values, `...` at the end is all that follows, and what begins with `!` or `#` is a comment. */
export function readKnownForms(text: string, file: string): ValueOrProblems<readonly KnownForm[]> {
  const outline = scanOutline(text.replace(/^(\s*)#/gm, '$1!'))
  const found = new Map<number, KnownForm>()
  const problems: Problem[] = []
  for (let row = 0; row < outline.rows; row += 1) {
    if (outline.kind[row] !== COMMAND) continue
    const { words, faults } = formIn(commandRow(outline, row))
    const indent = rawRow(outline, row).length - rawRow(outline, row).trimStart().length
    for (const { column, message } of faults) {
      problems.push({ code: 'bad-form', message, at: { file, line: row + 1, column: indent + column }, hint: HINT })
    }
    const parent = found.get(outline.parent[row] ?? -1)
    found.set(row, { above: parent === undefined ? [] : [...parent.above, parent.words], words })
  }
  const [first, ...others] = problems
  return first === undefined ? { ok: true, value: [...found.values()] } : { ok: false, problems: [first, ...others] }
}

const HINT = `A value is a range, or one of ${VALUE_TYPES.join(', ')}: \`mtu <68-65535>\`, \`neighbor <ip|ip6> ...\`.`

interface FormFault {
  readonly column: number
  readonly message: string
}

function formIn(line: string): { readonly words: readonly FormWord[]; readonly faults: readonly FormFault[] } {
  const faults: FormFault[] = []
  const words = [...parseVerb(line).line.matchAll(/\S+/g)].map((match, at, all): FormWord => {
    const [word] = match
    const fault = (message: string) => {
      faults.push({ column: line.length - parseVerb(line).line.length + match.index + 1, message })
    }
    if (word === '...') {
      if (at === 0 || at < all.length - 1) fault('`...` can only end a form')
      return REST
    }
    if (!word.startsWith('<')) return word
    if (at === 0) fault('a form begins with a keyword')
    const value = word.endsWith('>') ? valueIn(word.slice(1, -1)) : undefined
    if (value === undefined) fault(`\`${word}\` is no value`)
    return value ?? word
  })
  return { words, faults }
}

/** Whether a line, `no` and `default` aside, has one of the forms in the mode that these commands open. */
export function isOfKnownForm(forms: readonly KnownForm[], above: readonly string[], line: string): boolean {
  return forms.some(
    (form) =>
      form.above.length === above.length &&
      form.above.every((words, at) => hasWords(words, above[at] ?? '')) &&
      hasWords(form.words, line),
  )
}

function hasWords(form: readonly FormWord[], line: string) {
  const words = parseVerb(line).line.split(/\s+/)
  const isOpen = form.at(-1) === REST
  if (isOpen ? words.length < form.length : words.length !== form.length) return false
  return form.every((one, at) => {
    const word = words[at] ?? ''
    if (one === REST) return true
    return typeof one === 'string' ? one === word : fitOf(one, word) === 'fits'
  })
}
