import { refused, wrong } from '../value/fault.ts'

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

/**
 * Translates a regular expression of Python's. What means something else in JavaScript, or is not there, is refused by name:
 * references inside the pattern, look-behind of no fixed width, conditions, atomic groups, and groups that are
 * repeated and may be left out within, of which the two languages remember other texts.
 */
export function translated(pattern: string, ignoreCase: boolean, multiline: boolean): TextPattern {
  const translator = new Translator(pattern, multiline)
  const source = translator.translate()
  const flags = `u${ignoreCase || translator.ignoresCase ? 'i' : ''}`
  try {
    new RegExp(source, flags)
  } catch {
    throw wrong(`\`${pattern}\` is no regular expression`, 'see its brackets and repetitions')
  }
  return { source, flags, groups: translator.groups, names: translator.names }
}

interface Open {
  readonly captures: boolean
  readonly isBehind: boolean
  readonly from: number
  readonly groupsBefore: number
}

class Translator {
  readonly #pattern: string
  #multiline: boolean
  #dotAll = false
  #at = 0
  readonly #open: Open[] = []
  #closed: Open | undefined
  // Whether the part before this one is `\b` or `\B`, which nothing can repeat.
  #isAtWordEnd = false
  ignoresCase = false
  groups = 0
  readonly names = new Map<string, number>()

  constructor(pattern: string, multiline: boolean) {
    this.#pattern = pattern
    this.#multiline = multiline
  }

  translate(): string {
    this.#globalFlags()
    let source = ''
    while (this.#at < this.#pattern.length) source += this.#part()
    if (this.#open.length > 0) throw wrong('a group of the regular expression is not closed')
    return source
  }

  #globalFlags(): void {
    const flags = /^\(\?([a-zA-Z]+)\)/.exec(this.#pattern)
    if (flags === null) return
    for (const flag of flags[1] ?? '') {
      if (flag === 'i') this.ignoresCase = true
      else if (flag === 'm') this.#multiline = true
      else if (flag === 's') this.#dotAll = true
      else if (flag !== 'u') throw refused(`the flag \`${flag}\` of a regular expression is not matched here`, MEND)
    }
    this.#at = flags[0].length
  }

  #part(): string {
    const sign = this.#pattern[this.#at] ?? ''
    const closed = this.#closed
    this.#closed = undefined
    const isAtWordEnd = this.#isAtWordEnd
    this.#isAtWordEnd = false
    switch (sign) {
      case '\\':
        return this.#escape()
      case '[':
        return this.#brackets()
      case '(':
        return this.#group()
      case ')':
        return this.#close()
      case '{':
      case '*':
      case '+':
      case '?':
        return this.#repetition(closed, isAtWordEnd)
      default:
        return this.#plain()
    }
  }

  #plain(): string {
    const character = String.fromCodePoint(this.#pattern.codePointAt(this.#at) ?? 0)
    this.#at += character.length
    if (character === '.') return this.#dotAll ? '[\\s\\S]' : '[^\\n]'
    if (character === '^') return this.#multiline ? '(?<![^\\n])' : '(?<![\\s\\S])'
    if (character === '$') return this.#multiline ? '(?![^\\n])' : `(?=\\n?${END})`
    return character === ']' || character === '}' ? `\\${character}` : character
  }

  #escape(): string {
    const letter = this.#pattern[this.#at + 1] ?? ''
    if (letter === '') throw wrong('the regular expression ends with a backslash')
    if (/[0-9]/.test(letter))
      throw refused('a reference or a number behind a backslash in a regular expression is not matched here', MEND)
    this.#at += 2
    this.#isAtWordEnd = letter === 'b' || letter === 'B'
    const known = ESCAPES[letter]
    if (known !== undefined) return known
    return this.#character(letter)
  }

  #character(letter: string): string {
    if (letter === 'x' || letter === 'u') {
      const digits = letter === 'x' ? 2 : 4
      const written = this.#pattern.slice(this.#at, this.#at + digits)
      if (!new RegExp(`^[\\da-fA-F]{${digits}}$`).test(written))
        throw wrong('an escape of the regular expression has too few digits')
      this.#at += digits
      return `\\${letter}${written}`
    }
    if ('nrtfv'.includes(letter)) return `\\${letter}`
    if (/[a-zA-Z]/.test(letter)) throw wrong(`the regular expression has an unknown escape \`\\${letter}\``)
    return /[$()*+./?[\\\]^{|}-]/.test(letter) ? (letter === '-' ? '\\x2d' : `\\${letter}`) : letter
  }

  #brackets(): string {
    const [whole, negated = ''] = /^\[(\^?)/.exec(this.#pattern.slice(this.#at)) ?? ['[']
    this.#at += whole.length
    let inside = ''
    for (let isFirst = true; ; isFirst = false) {
      const character = this.#pattern[this.#at] ?? ''
      if (character === '') throw wrong('a bracket of the regular expression is not closed')
      if (character === ']' && !isFirst) break
      inside += this.#inBrackets(character)
    }
    this.#at += 1
    return `[${negated}${inside}]`
  }

  #inBrackets(character: string): string {
    if (character !== '\\') {
      const whole = String.fromCodePoint(this.#pattern.codePointAt(this.#at) ?? 0)
      this.#at += whole.length
      return '[]^'.includes(whole) ? `\\${whole}` : whole
    }
    const letter = this.#pattern[this.#at + 1] ?? ''
    if ('WS'.includes(letter) || /\d/.test(letter))
      throw refused(`\`\\${letter}\` in brackets of a regular expression is not matched here`, MEND)
    this.#at += 2
    return IN_BRACKETS[letter] ?? this.#character(letter)
  }

  #group(): string {
    const rest = this.#pattern.slice(this.#at)
    const [whole = '', kind = '', name] = /^\((\?(?:P<([A-Za-z_]\w*)>|:|=|!|<=|<!)|(?!\?))/.exec(rest) ?? []
    if (whole === '') throw refused(`\`${rest.slice(0, 4)}\` in a regular expression is not matched here`, MEND)
    const captures = kind === '' || name !== undefined
    this.#open.push({ captures, isBehind: kind.startsWith('?<'), from: this.#at, groupsBefore: this.groups })
    this.#at += whole.length
    if (captures) this.groups += 1
    if (name !== undefined) this.names.set(name, this.groups)
    return name === undefined ? whole : '('
  }

  #close(): string {
    const group = this.#open.pop()
    if (group === undefined) throw wrong('a group of the regular expression is closed and was not opened')
    this.#at += 1
    const inside = this.#pattern.slice(group.from, this.#at)
    if (group.isBehind && /(?<!\\)[*+?{|]/.test(inside.slice(4)))
      throw refused('a look-behind of no fixed width is not matched here', MEND)
    this.#closed = group
    return ')'
  }

  #repetition(closed: Open | undefined, isAtWordEnd: boolean): string {
    const found = /^(?:\{(\d*)(,?)(\d*)\}|[*+?])/.exec(this.#pattern.slice(this.#at))
    const isCount = found?.[1] !== undefined
    if (found === null || (isCount && found[1] === '' && found[3] === '')) {
      this.#at += 1
      return '\\{'
    }
    if (isAtWordEnd) throw wrong('there is nothing that a sign of the regular expression can repeat')
    this.#at += found[0].length
    const follows = this.#pattern[this.#at] ?? ''
    if (follows === '+') throw refused('a possessive repetition is not matched here', MEND)
    if (closed !== undefined && found[0] !== '?') this.#refuseRepeatedGroup(closed)
    const lazy = follows === '?' ? '?' : ''
    this.#at += lazy.length
    return (isCount ? `{${found[1] || '0'}${found[2]}${found[3]}}` : found[0]) + lazy
  }

  #refuseRepeatedGroup(group: Open): void {
    const inside = this.#pattern.slice(group.from + 1, this.#at).replace(/^\?(?:P<\w+>|:)/, '')
    const isRemembered = group.captures || this.groups > group.groupsBefore
    const body = inside.slice(0, inside.lastIndexOf(')')).replaceAll(/\\.|\[[^\]]*\]/g, 'x')
    if (isRemembered && /[*?{|]/.test(body))
      throw refused(
        'a repeated group with parts that may be left out is not matched here',
        'use `(?:…)` for groups that are only repeated',
      )
  }
}
