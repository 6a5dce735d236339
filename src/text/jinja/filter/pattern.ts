import { textIn } from '../call/arguments.ts'
import { isSet } from '../call/compare.ts'
import { type Filters, filter, plainFilter } from '../call/define.ts'
import { textOf } from '../call/print.ts'
import { groupOf, type MatchOptions, matches, substituted } from '../text/matching.ts'
import { refused, wrong } from '../value/fault.ts'
import { rewritten } from '../value/rewritten.ts'
import { sequenceOf, Tuple, type Value } from '../value/value.ts'

function matching(
  pattern: Value | undefined,
  ignoreCase: Value | undefined,
  multiline: Value | undefined,
): MatchOptions {
  return { pattern: textIn(pattern, 'the pattern'), ignoreCase: isSet(ignoreCase), multiline: isSet(multiline) }
}

/** Ansible's filters of regular expressions, with those of Python's that can be matched in bounded time. */
export const PATTERN_FILTERS: Filters = {
  regex_replace: filter(
    'pattern? replacement? ignorecase? multiline?',
    (value, [pattern = '', by = '', cases, lines], budget) =>
      substituted(textOf(value, budget), matching(pattern, cases, lines), textIn(by, 'the replacement'), budget),
  ),
  regex_search: filter('regex *groups ignorecase? multiline?', (value, [regex, groups, cases, lines], budget) => {
    const { found, pattern: own } = matches(textOf(value, budget), matching(regex, cases, lines), budget, 1)
    const named = groups instanceof Tuple ? groups.items : []
    const first = found[0]
    if (first === undefined) return null
    if (named.length === 0) return first.captures[0] ?? null
    return named.map((group) => first.captures[groupOf(groupName(group), own)] ?? null)
  }),
  regex_findall: filter('regex multiline? ignorecase?', (value, [pattern, lines, cases], budget) => {
    const { found, pattern: own } = matches(textOf(value, budget), matching(pattern, cases, lines), budget)
    return found.map(({ captures }): Value => {
      const groups = captures.slice(1).map((capture) => capture ?? '')
      return own.groups > 1 ? new Tuple(groups) : (groups[0] ?? captures[0] ?? '')
    })
  }),
  regex_escape: filter('re_type?', (value, [kind = 'python'], budget) => {
    const text = textOf(value, budget)
    if (kind !== 'python' && kind !== 'posix_basic')
      throw refused('regular expressions of this kind are not written here', 'use `python` or `posix_basic`')
    const special = kind === 'python' ? /[()[\]{}?*+\-|^$\\.&~# \t\n\r\v\f]/g : /[\].[^$*\\]/g
    return rewritten(text, special, (sign) => `\\${sign}`, budget)
  }),
}

function groupName(written: Value) {
  const [, name, number] = /^(?:\\g<(\S+)>|\\(\d+))/.exec(textIn(written, 'a group')) ?? []
  const group = name ?? number
  if (group === undefined) throw wrong('a group is written `\\\\1` or `\\\\g<name>`')
  return group
}

export function patternTest(isAtBegin: boolean) {
  return plainFilter('pattern? ignorecase? multiline?', (value, [pattern = '', cases, lines], budget) => {
    const text =
      sequenceOf(value) === undefined && typeof value !== 'string'
        ? textOf(value, budget)
        : textIn(value, 'what is matched')
    const own = matching(pattern, cases, lines)
    const { found } = matches(text, isAtBegin ? { ...own, pattern: anchored(own.pattern) } : own, budget, 1)
    return found.length > 0
  })
}

function anchored(pattern: string) {
  const [flags = ''] = /^\(\?[a-zA-Z]+\)/.exec(pattern) ?? []
  return `${flags}\\A(?:${pattern.slice(flags.length)})`
}
