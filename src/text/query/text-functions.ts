import { LimitFault } from './limit-fault.ts'
import { LARGEST_VALUE } from './limits.ts'
import type { NativeFunction } from './native.ts'
import { CodedError } from './runtime.ts'

/**
 * The functions of JSONata that make text longer, and those that take patterns: they say how long their result will be
 * before they make it, and take strings only. Otherwise they do what https://docs.jsonata.org/string-functions says.
 */
export const textFunctions: Readonly<Record<string, NativeFunction>> = {
  pad: {
    signature: '<s-ns?:s>',
    arity: 3,
    run: ({ args: [text, width, filler] }) =>
      text === undefined ? undefined : pad(text as string, width as number, filler as string | undefined),
  },
  join: {
    signature: '<a<s>s?:s>',
    arity: 2,
    run: ({ args: [texts, separator] }) =>
      texts === undefined ? undefined : join(texts as readonly string[], (separator as string | undefined) ?? ''),
  },
  replace: {
    signature: '<s-ssn?:s>',
    arity: 4,
    run: ({ meter, args: [text, pattern, replacement, limit] }) => {
      if (text === undefined) return undefined
      meter.search(text, pattern)
      return replace(text as string, pattern as string, replacement as string, limit as number | undefined)
    },
  },
  split: {
    signature: '<s-sn?:a<s>>',
    arity: 3,
    run: ({ meter, args: [text, separator, limit] }) => {
      if (text === undefined) return undefined
      meter.search(text, separator)
      return split(text as string, separator as string, limit as number | undefined)
    },
  },
}

function pad(text: string, width: number, filler: string | undefined): string {
  const unit = filler === undefined || filler === '' ? [' '] : [...filler]
  const missing = Math.abs(Math.trunc(width)) - [...text].length
  if (missing <= 0) return text
  const whole = Math.floor(missing / unit.length)
  requireLength(text.length + (whole + 1) * unit.length)
  const padding = unit.join('').repeat(whole) + unit.slice(0, missing % unit.length).join('')
  return width > 0 ? text + padding : padding + text
}

function join(texts: readonly string[], separator: string): string {
  const between = separator.length * Math.max(0, texts.length - 1)
  requireLength(texts.reduce((sum, text) => sum + text.length, between))
  return texts.join(separator)
}

function replace(text: string, pattern: string, replacement: string, limit: number | undefined): string {
  if (pattern === '') throw new CodedError('D3010', pattern)
  if (limit !== undefined && limit < 0) throw new CodedError('D3011', limit)
  const parts = text.split(pattern)
  const replaced = Math.min(parts.length - 1, Math.ceil(limit ?? Number.POSITIVE_INFINITY))
  requireLength(text.length + replaced * (replacement.length - pattern.length))
  const rest = parts.slice(replaced).join(pattern)
  return [...parts.slice(0, replaced), rest].join(replacement)
}

function split(text: string, separator: string, limit: number | undefined): readonly string[] {
  if (limit !== undefined && limit < 0) throw new CodedError('D3020', limit)
  return limit === undefined ? text.split(separator) : text.split(separator, limit)
}

function requireLength(length: number): void {
  if (length > LARGEST_VALUE) throw new LimitFault('Expression evaluation memory limit exceeded')
}
