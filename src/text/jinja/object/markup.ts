import { bound } from '../call/arguments.ts'
import { textOf } from '../call/print.ts'
import { TEXT_METHODS } from '../text/methods.ts'
import { rewritten } from '../value/rewritten.ts'
import {
  type Budget,
  type CallArguments,
  itemsOf,
  Markup,
  type TemplateRuntime,
  Tuple,
  type Value,
} from '../value/value.ts'

// Methods that give safe text, and make each text safe that they are given (MarkupSafe 2.1, `_simple_escaping_wrapper`).
const ESCAPING: ReadonlySet<string> = new Set([
  'capitalize',
  'center',
  'expandtabs',
  'ljust',
  'lower',
  'lstrip',
  'partition',
  'replace',
  'rjust',
  'rpartition',
  'rstrip',
  'strip',
  'swapcase',
  'title',
  'upper',
  'zfill',
])
const SPLITTING: ReadonlySet<string> = new Set(['rsplit', 'split', 'splitlines'])

export const OTHER_MARKUP_METHODS: readonly string[] = ['escape', 'format', 'striptags', 'unescape']

/** The method of a safe text, as MarkupSafe has it; undefined where there is none. */
export function markupMethod(
  name: string,
): ((self: Markup, given: CallArguments, host: TemplateRuntime) => Value) | undefined {
  const method = Object.hasOwn(TEXT_METHODS, name) ? TEXT_METHODS[name] : undefined
  if (method === undefined || OTHER_MARKUP_METHODS.includes(name)) return undefined
  if (name === 'join') return joined
  const isEscaping = ESCAPING.has(name)
  return ({ text }, given, host) => {
    const made = method(text, isEscaping ? escapedTexts(given, host.budget) : given, host)
    return isEscaping || SPLITTING.has(name) ? marked(made) : made
  }
}

export function escaped(value: Value, budget: Budget): string {
  return value instanceof Markup ? value.text : escapedHtml(textOf(value, budget), budget)
}

export function escapedHtml(text: string, budget: Budget): string {
  const signs: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', "'": '&#39;', '"': '&#34;' }
  return rewritten(text, /[&<>'"]/g, (sign) => signs[sign] ?? sign, budget)
}

function joined(self: Markup, given: CallArguments, { budget }: TemplateRuntime): Value {
  const [items = null] = bound('iterable', given)
  return new Markup(
    budget.text(
      itemsOf(items, budget)
        .map((item) => escaped(item, budget))
        .join(self.text),
    ),
  )
}

function escapedTexts({ positional, named }: CallArguments, budget: Budget): CallArguments {
  const safe = (value: Value) => (typeof value === 'string' ? escapedHtml(value, budget) : value)
  return { positional: positional.map(safe), named: new Map([...named].map(([name, value]) => [name, safe(value)])) }
}

function marked(made: Value): Value {
  if (typeof made === 'string') return new Markup(made)
  if (made instanceof Tuple) return new Tuple(made.items.map(marked))
  return Array.isArray(made) ? made.map(marked) : made
}
