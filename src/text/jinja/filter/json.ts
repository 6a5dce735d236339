import {
  countIn,
  dictIn,
  type Filters,
  filter,
  isSet,
  isTrue,
  orderOf,
  plainFilter,
  textIn,
} from '../call/arguments.ts'
import { floatText } from '../call/print.ts'
import { parsedJson } from '../object/arithmetic.ts'
import { wholeText } from '../syntax/number.ts'
import { rewritten } from '../value/rewritten.ts'
import {
  type Budget,
  Dict,
  Markup,
  sequenceOf,
  Tuple,
  tooLarge,
  typeOf,
  Undefined,
  type Value,
  wrong,
} from '../value/value.ts'

interface Style {
  readonly indent: string | undefined
  readonly sortsKeys: boolean
  readonly comma: string
  readonly colon: string
  readonly isAscii: boolean
}

const DEPTH = 200

/** Filters that write and read JSON, as Python's `json` does it. */
export const JSON_FILTERS: Filters = {
  to_json: filter(
    'indent? sort_keys? separators? ensure_ascii? vault_to_text? preprocess_unsafe?',
    (value, [indent, sorts, separators, ascii], budget) =>
      written(value, styleOf(indent, sorts, separators, ascii), budget),
  ),
  to_nice_json: filter(
    'indent? sort_keys? ensure_ascii? vault_to_text? preprocess_unsafe?',
    (value, [indent = 4n, sorts = true, ascii], budget) =>
      written(value, styleOf(indent, sorts, new Tuple([',', ': ']), ascii), budget),
  ),
  from_json: filter('', (value, _, budget) => {
    const text = textIn(value, 'JSON')
    budget.grow(text.length)
    budget.spend(text.length >> 4)
    return parsedJson(text)
  }),
}

/** Jinja2's `tojson`: keys in order, and nothing in it that means something in HTML. */
export const TO_JSON = plainFilter('indent?', (value, [indent], budget) => {
  const text = written(value, styleOf(indent, true, undefined, undefined), budget)
  return new Markup(rewritten(text, /[<>&']/g, (sign) => `\\u00${sign.charCodeAt(0).toString(16)}`, budget))
})

function styleOf(
  indent: Value | undefined,
  sorts: Value | undefined,
  separators: Value | undefined,
  ascii: Value | undefined,
): Style {
  const isIndented = indent !== undefined && indent !== null
  const [comma, colon] = sequenceOf(separators) ?? [isIndented ? ',' : ', ', ': ']
  return {
    indent: !isIndented
      ? undefined
      : typeof indent === 'string'
        ? indent
        : ' '.repeat(Math.min(64, Math.max(0, countIn(indent, 'the indent')))),
    sortsKeys: isSet(sorts),
    comma: textIn(comma, 'a separator'),
    colon: textIn(colon, 'a separator'),
    isAscii: ascii === undefined || isTrue(ascii),
  }
}

function written(value: Value, style: Style, budget: Budget, depth = 0): string {
  budget.spend(4)
  if (depth > DEPTH) throw tooLarge()
  const plain = plainJson(value)
  if (plain !== undefined) return plain
  if (typeof value === 'string') return quoted(value, style, budget)
  if (value instanceof Markup) return written(value.text, style, budget, depth)
  const items = sequenceOf(value)
  if (items !== undefined)
    return enclosed(
      '[',
      ']',
      items.map((item) => written(item, style, budget, depth + 1)),
      style,
      budget,
      depth,
    )
  if (value instanceof Undefined) throw value.fault()
  if (!(value instanceof Dict))
    throw wrong(`a ${typeOf(value)} cannot be written as JSON`, 'make a list of it: `|list`')
  const entries = style.sortsKeys ? sortedEntries(value, budget) : value.entries()
  const pairs = entries.map(
    ([key, item]) => `${quoted(keyText(key), style, budget)}${style.colon}${written(item, style, budget, depth + 1)}`,
  )
  budget.grow(pairs.length * style.colon.length)
  return enclosed('{', '}', pairs, style, budget, depth)
}

function enclosed(
  open: string,
  close: string,
  parts: readonly string[],
  { indent, comma }: Style,
  budget: Budget,
  depth: number,
) {
  if (parts.length === 0) return open + close
  budget.grow((parts.length + 1) * (comma.length + (indent?.length ?? 0) * (depth + 1)))
  if (indent === undefined) return open + parts.join(comma) + close
  const line = `\n${indent.repeat(depth + 1)}`
  return `${open}${line}${parts.join(comma + line)}\n${indent.repeat(depth)}${close}`
}

function plainJson(value: Value) {
  if (value === null) return 'null'
  if (typeof value === 'boolean') return value ? 'true' : 'false'
  if (typeof value === 'bigint') return wholeText(value)
  if (typeof value !== 'number') return undefined
  if (Number.isNaN(value)) return 'NaN'
  return Number.isFinite(value) ? floatText(value) : value > 0 ? 'Infinity' : '-Infinity'
}

function keyText(key: Value) {
  if (typeof key === 'string') return key
  const plain = plainJson(key)
  if (plain !== undefined) return plain
  throw wrong(`a ${typeOf(key)} cannot be a key in JSON`, 'use texts as keys')
}

const SHORT: Readonly<Record<string, string>> = {
  '"': '\\"',
  '\\': '\\\\',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\f': '\\f',
  '\b': '\\b',
}

function quoted(text: string, { isAscii }: Style, budget: Budget) {
  const special = isAscii ? /["\\]|[^ -~]/g : /["\\]|\p{Cc}/gu
  const write = (sign: string) => (isAscii || sign < ' ' || SHORT[sign] ? escaped(sign) : sign)
  return `"${rewritten(text, special, write, budget)}"`
}

function escaped(sign: string): string {
  return SHORT[sign] ?? `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`
}

function sortedEntries(dict: Dict, budget: Budget) {
  return dict.entries().toSorted(([a], [b]) => orderOf(a, b, budget))
}

/** A value whose mappings are in the order of their keys, at every level. */
export function sortedKeys(value: Value, budget: Budget): Value {
  budget.spend()
  if (Array.isArray(value)) return value.map((item) => sortedKeys(item, budget))
  if (value instanceof Tuple) return new Tuple(value.items.map((item) => sortedKeys(item, budget)))
  if (!(value instanceof Dict)) return value
  return new Dict(sortedEntries(dictIn(value), budget).map(([key, item]) => [key, sortedKeys(item, budget)] as const))
}
