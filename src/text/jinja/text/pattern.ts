import { refused, wrong } from '../value/value.ts'

export interface TextPattern {
  readonly source: string
  readonly flags: string
  readonly groups: number
  readonly names: ReadonlyMap<string, number>
}

const WORD = '\\p{L}\\p{N}_'
const BLANK = ' \\t\\n\\r\\f\\v\\x1c-\\x1f\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000'
const END = '(?![\\s\\S])'

const ESCAPES: Readonly<Record<string, string>> = {
  d: '\\p{Nd}',
  D: '\\P{Nd}',
  w: `[${WORD}]`,
  W: `[^${WORD}]`,
  s: `[${BLANK}]`,
  S: `[^${BLANK}]`,
  b: `(?:(?<=[${WORD}])(?![${WORD}])|(?<![${WORD}])(?=[${WORD}]))`,
  B: `(?:(?<=[${WORD}])(?=[${WORD}])|(?<![${WORD}])(?![${WORD}]))`,
  A: '(?<![\\s\\S])',
  Z: END,
  a: '\\x07',
}

const IN_BRACKETS: Readonly<Record<string, string>> = {
  d: '\\p{Nd}',
  D: '\\P{Nd}',
  w: WORD,
  s: BLANK,
  a: '\\x07',
  b: '\\x08',
}

const MEND = 'write it without, or use a text method such as `split` and `replace`'

interface Open {
  readonly captures: boolean
  readonly isBehind: boolean
  readonly from: number
  readonly groupsBefore: number
}

/**
 * Translates a regular expression of Python's. What means something else in JavaScript, or is not there, is refused by name:
 * references inside the pattern, look-behind of no fixed width, conditions, atomic groups, and groups that are
 * repeated and may be left out within, of which the two languages remember other texts.
 */
export function translated(pattern: string, ignoreCase: boolean, multiline: boolean): TextPattern {
  const given = globalFlags(pattern)
  const signs: Readonly<Record<string, string>> = {
    '.': given.includes('s') ? '[\\s\\S]' : '[^\\n]',
    ...(multiline || given.includes('m')
      ? { '^': '(?<![^\\n])', $: '(?![^\\n])' }
      : { '^': '(?<![\\s\\S])', $: `(?=\\n?${END})` }),
    ']': '\\]',
    '}': '\\}',
  }
  let at = given === '' ? 0 : given.length + '(?)'.length
  const open: Open[] = []
  let closed: Open | undefined
  // Whether the part before this one is `\b` or `\B`, which nothing can repeat.
  let isAtWordEnd = false
  let groups = 0
  const names = new Map<string, number>()

  function translate() {
    let source = ''
    while (at < pattern.length) source += part()
    if (open.length > 0) throw wrong('a group of the regular expression is not closed')
    return source
  }

  function part(): string {
    const sign = pattern[at] ?? ''
    const [closedBefore, wasAtWordEnd] = [closed, isAtWordEnd]
    closed = undefined
    isAtWordEnd = false
    switch (sign) {
      case '\\':
        return escapeRead()
      case '[':
        return brackets()
      case '(':
        return group()
      case ')':
        return close()
      case '{':
      case '*':
      case '+':
      case '?':
        return repetition(closedBefore, wasAtWordEnd)
      default:
        return plain()
    }
  }

  function plain(): string {
    const character = String.fromCodePoint(pattern.codePointAt(at) ?? 0)
    at += character.length
    return signs[character] ?? character
  }

  function escapeRead(): string {
    const letter = pattern[at + 1] ?? ''
    if (letter === '') throw wrong('the regular expression ends with a backslash')
    if (/[0-9]/.test(letter))
      throw refused('a reference or a number behind a backslash in a regular expression is not matched here', MEND)
    at += 2
    isAtWordEnd = letter === 'b' || letter === 'B'
    const known = ESCAPES[letter]
    if (known !== undefined) return known
    return escapedCharacter(letter)
  }

  function escapedCharacter(letter: string) {
    if (letter === 'x' || letter === 'u') return numbered(letter, letter === 'x' ? 2 : 4)
    if ('nrtfv'.includes(letter)) return `\\${letter}`
    if (/[a-zA-Z]/.test(letter)) throw wrong(`the regular expression has an unknown escape \`\\${letter}\``)
    return /[$()*+./?[\\\]^{|}-]/.test(letter) ? (letter === '-' ? '\\x2d' : `\\${letter}`) : letter
  }

  function numbered(letter: string, digits: number) {
    const written = pattern.slice(at, at + digits)
    if (!new RegExp(`^[\\da-fA-F]{${digits}}$`).test(written))
      throw wrong('an escape of the regular expression has too few digits')
    at += digits
    return `\\${letter}${written}`
  }

  function brackets() {
    const [whole, negated = ''] = /^\[(\^?)/.exec(pattern.slice(at)) ?? ['[']
    at += whole.length
    let inside = ''
    for (let isFirst = true; ; isFirst = false) {
      const character = pattern[at] ?? ''
      if (character === '') throw wrong('a bracket of the regular expression is not closed')
      if (character === ']' && !isFirst) break
      inside += inBrackets(character)
    }
    at += 1
    return `[${negated}${inside}]`
  }

  function inBrackets(character: string): string {
    if (character !== '\\') {
      const whole = String.fromCodePoint(pattern.codePointAt(at) ?? 0)
      at += whole.length
      return '[]^'.includes(whole) ? `\\${whole}` : whole
    }
    const letter = pattern[at + 1] ?? ''
    if ('WS'.includes(letter) || /\d/.test(letter))
      throw refused(`\`\\${letter}\` in brackets of a regular expression is not matched here`, MEND)
    at += 2
    return IN_BRACKETS[letter] ?? escapedCharacter(letter)
  }

  function group() {
    const rest = pattern.slice(at)
    const [whole = '', kind = '', name] = /^\((\?(?:P<([A-Za-z_]\w*)>|:|=|!|<=|<!)|(?!\?))/.exec(rest) ?? []
    if (whole === '') throw refused(`\`${rest.slice(0, 4)}\` in a regular expression is not matched here`, MEND)
    const captures = kind === '' || name !== undefined
    open.push({ captures, isBehind: kind.startsWith('?<'), from: at, groupsBefore: groups })
    at += whole.length
    if (captures) groups += 1
    if (name !== undefined) names.set(name, groups)
    return name === undefined ? whole : '('
  }

  function close() {
    const group = open.pop()
    if (group === undefined) throw wrong('a group of the regular expression is closed and was not opened')
    at += 1
    const inside = pattern.slice(group.from, at)
    if (group.isBehind && /(?<!\\)[*+?{|]/.test(inside.slice(4)))
      throw refused('a look-behind of no fixed width is not matched here', MEND)
    closed = group
    return ')'
  }

  function repetition(repeated: Open | undefined, wasAtWordEnd: boolean) {
    const found = /^(?:\{(?=,?\d)(\d*)(,?)(\d*)\}|[*+?])/.exec(pattern.slice(at))
    if (found === null) {
      at += 1
      return '\\{'
    }
    if (wasAtWordEnd) throw wrong('there is nothing that a sign of the regular expression can repeat')
    at += found[0].length
    const follows = pattern[at] ?? ''
    if (follows === '+') throw refused('a possessive repetition is not matched here', MEND)
    if (repeated !== undefined && found[0] !== '?') refuseRepeatedGroup(repeated)
    const lazy = follows === '?' ? '?' : ''
    at += lazy.length
    return (found[1] === undefined ? found[0] : `{${found[1] || '0'}${found[2]}${found[3]}}`) + lazy
  }

  function refuseRepeatedGroup(group: Open) {
    const inside = pattern.slice(group.from + 1, at).replace(/^\?(?:P<\w+>|:)/, '')
    const isRemembered = group.captures || groups > group.groupsBefore
    const body = inside.slice(0, inside.lastIndexOf(')')).replaceAll(/\\.|\[[^\]]*\]/g, 'x')
    if (isRemembered && /[*?{|]/.test(body))
      throw refused(
        'a repeated group with parts that may be left out is not matched here',
        'use `(?:…)` for groups that are only repeated',
      )
  }

  const source = translate()
  const flags = `u${ignoreCase || given.includes('i') ? 'i' : ''}`
  try {
    new RegExp(source, flags)
  } catch {
    throw wrong(`\`${pattern}\` is no regular expression`, 'see its brackets and repetitions')
  }
  return { source, flags, groups, names }
}

// The letters of `(?im)` at the beginning of a pattern.
function globalFlags(pattern: string) {
  const [, flags = ''] = /^\(\?([a-zA-Z]+)\)/.exec(pattern) ?? []
  for (const flag of flags)
    if (!'imsu'.includes(flag)) throw refused(`the flag \`${flag}\` of a regular expression is not matched here`, MEND)
  return flags
}
