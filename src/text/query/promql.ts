export interface PromqlReading {
  /** The instant selectors of the query, each once, as they are written: `up{job="x"}`. */
  readonly selectors: readonly string[]
  /** How many seconds before it is asked the oldest sample may be that it uses, where a range says so; 0 where none does. */
  readonly window: number
  readonly faults: readonly string[]
}

interface Token {
  readonly kind: 'word' | 'matchers' | 'range' | 'string' | 'other'
  readonly text: string
}

const AGGREGATES =
  /^(?:sum|min|max|avg|group|stddev|stdvar|count|count_values|bottomk|topk|quantile|limitk|limit_ratio)$/i
const CLAUSES = /^(?:by|without|on|ignoring|group_left|group_right)$/i
const OPERATORS = /^(?:and|or|unless|atan2|bool|inf|nan)$/i

/** What it takes for a selector without cause makes the answer one that cannot be judged, never a good one. */
export function readPromql(query: string): PromqlReading {
  const tokens = tokensOf(query)
  if (tokens === undefined) return { selectors: [], window: 0, faults: ['a text, a range or braces in it have no end'] }
  const found: Found = { selectors: new Set(), faults: new Set(), range: 0, subqueries: 0 }
  for (let at = 0; at < tokens.length; ) at = readToken(tokens, at, found)
  const { selectors, faults, range, subqueries } = found
  if (!isBalanced(tokens)) faults.add('its brackets do not match')
  if (selectors.size === 0 && faults.size === 0) faults.add('it reads no metric')
  return { selectors: [...selectors], window: range + subqueries, faults: [...faults] }
}

function isBalanced(tokens: readonly Token[]) {
  let open = 0
  for (const { kind, text } of tokens) {
    if (kind !== 'other') continue
    open += text === '(' ? 1 : text === ')' ? -1 : 0
    if (open < 0) return false
  }
  return open === 0
}

// What was read of a query so far; the longest range and all subqueries, in seconds.
interface Found {
  readonly selectors: Set<string>
  readonly faults: Set<string>
  range: number
  subqueries: number
}

function readToken(tokens: readonly Token[], at: number, found: Found) {
  const { kind, text } = tokens[at] ?? { kind: 'other', text: '' }
  const next = tokens[at + 1]
  if (kind === 'matchers') found.selectors.add(text)
  if (kind === 'range') readRange(text, found)
  if (text === '@' || (kind === 'word' && /^offset$/i.test(text))) found.faults.add(OTHER_TIME)
  else if (kind === 'word' && CLAUSES.test(text)) return behindLabels(tokens, at)
  else if (kind === 'word' && isMetric(text, next)) {
    const matchers = next?.kind === 'matchers' ? next.text : ''
    found.selectors.add(`${text}${matchers}`)
    return matchers === '' ? at + 1 : at + 2
  }
  return at + 1
}

function readRange(text: string, found: Found) {
  const [width = '', step] = text.slice(1, -1).split(':')
  const seconds = promqlSeconds(width.trim())
  if (seconds === undefined) found.faults.add(`\`${text}\` is no range such as [1m]`)
  else if (step === undefined) found.range = Math.max(found.range, seconds)
  else found.subqueries += seconds
}

function behindLabels(tokens: readonly Token[], at: number) {
  if (tokens[at + 1]?.text !== '(') return at + 1
  const end = tokens.findIndex(({ text }, index) => index > at && text === ')')
  return end === -1 ? tokens.length : end + 1
}

const OTHER_TIME =
  '`offset` and `@` ask for another time than now: what was before the change is measured by eosflow, and `good` names it `before`'

function isMetric(word: string, next: Token | undefined) {
  if (next?.text === '(' || OPERATORS.test(word)) return false
  return !(AGGREGATES.test(word) && next?.kind === 'word' && CLAUSES.test(next.text))
}

const UNITS: Readonly<Record<string, number>> = {
  ms: 0.001,
  s: 1,
  m: 60,
  h: 3600,
  d: 86_400,
  w: 604_800,
  y: 31_536_000,
}

// The seconds of a duration of Prometheus, `1m30s`, or of a number of seconds; undefined for what is none.
function promqlSeconds(text: string) {
  if (/^\d+(?:\.\d+)?$/.test(text)) return Math.ceil(Number(text))
  if (!/^(?:\d+(?:ms|[smhdwy]))+$/.test(text)) return undefined
  const parts = [...text.matchAll(/(\d+)(ms|[smhdwy])/g)]
  return Math.ceil(parts.reduce((sum, [, count, unit = '']) => sum + Number(count) * (UNITS[unit] ?? 0), 0))
}

const STRING = /"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`[^`]*`/
const TOKEN = new RegExp(
  [
    String.raw`(?<blank>\s+|#[^\n]*)`,
    `(?<string>${STRING.source})`,
    String.raw`(?<matchers>\{(?:[^{}"'\x60]|${STRING.source})*\})`,
    String.raw`(?<range>\[[^\][]*\])`,
    String.raw`(?<word>[A-Za-z_:][\w:]*)`,
    String.raw`(?<number>\d[\w.]*)`,
    String.raw`(?<other>[^"'\x60{}\[\]])`,
  ].join('|'),
  'suy',
)

function tokensOf(query: string) {
  const tokens: Token[] = []
  for (TOKEN.lastIndex = 0; TOKEN.lastIndex < query.length; ) {
    const groups = TOKEN.exec(query)?.groups
    if (groups === undefined) return undefined
    const [kind, text] = Object.entries(groups).find(([, found]) => found !== undefined) ?? ['blank', '']
    if (kind !== 'blank' && kind !== 'number') tokens.push({ kind, text } as Token)
  }
  return tokens
}

export interface QuotedText {
  readonly from: number
  readonly to: number
  readonly quote: string
  readonly isPattern: boolean
}

export function quotedTexts(query: string): readonly QuotedText[] {
  const found: QuotedText[] = []
  const part = new RegExp(String.raw`#[^\n]*|${STRING.source}`, 'gsu')
  for (const { 0: text, index } of query.matchAll(part)) {
    if (text.startsWith('#')) continue
    const isPattern = /[=!]~\s*$/.test(query.slice(0, index))
    found.push({ from: index, to: index + text.length, quote: text[0] ?? '', isPattern })
  }
  return found
}
