import type { Verdict } from '../../model/verdict.ts'
import { redact } from '../config/secrets/redact.ts'

const REDACTED = '<redacted>'

/** A secret of fewer characters may be a part of an ordinary word, and is looked for as a word of its own. */
const LONG = 8

/** Fewer characters of a secret tell nothing. */
const SHORTEST_BEGINNING = 3

/**
 * A verdict as it may be printed and stored. Messages quote what a switch tells: every line of them is redacted as
 * configuration, also where it stands in quotes or in JSON, and `secrets`, which a check names because no form of a line
 * gives them away, are taken out wherever they stand.
 */
export function secretlessVerdict(verdict: Verdict, secrets: () => readonly string[]): Verdict {
  const safe = (texts: readonly string[]): readonly string[] => secretlessTexts(texts, secrets)
  switch (verdict.status) {
    case 'pass':
      return verdict.facts.length === 0 ? verdict : { ...verdict, facts: safe(verdict.facts) }
    case 'fail': {
      const [first = '', ...rest] = safe(verdict.reasons)
      return { ...verdict, reasons: [first, ...rest] }
    }
    case 'skip':
    case 'error':
      return { ...verdict, reason: safe([verdict.reason]).join('') }
  }
}

function secretlessTexts(texts: readonly string[], secrets: () => readonly string[]): readonly string[] {
  const forms = formsOf(secrets())
  const named = pattern(forms)
  return texts.map((text) => {
    const unnamed = named === undefined ? text : withoutBeginnings(text.replace(named, REDACTED), forms)
    return redact(redactQuoted(unnamed), unlessShown)
  })
}

/** What was taken out within quotes stays with what closes them, which looks like a part of it. */
const TAKEN_OUT = /^<redacted>["'`\\]/

/** What a pattern has in a secret's place, such as `(\S+)` or `.*`. */
const ANY = /^\(?(?:\\[SwW]|\.|\[\^[^\]]{1,8}\])[+*]\)?["'`$]{0,2}$/

function unlessShown(secret: string): string {
  return TAKEN_OUT.test(secret) || ANY.test(secret) ? secret : REDACTED
}

/** The secrets as they stand in a text and in a string of JSON, the longest first: one may be the beginning of another. */
function formsOf(secrets: readonly string[]): readonly string[] {
  const forms = new Set(secrets.flatMap((secret) => [secret, JSON.stringify(secret).slice(1, -1)]))
  forms.delete('')
  return [...forms].sort((a, b) => b.length - a.length)
}

function pattern(forms: readonly string[]): RegExp | undefined {
  return forms.length === 0 ? undefined : new RegExp(forms.map(source).join('|'), 'gu')
}

/** A value that was cut off ends in `…`: what is left of a secret there goes too. */
function withoutBeginnings(text: string, forms: readonly string[]): string {
  const parts = text.split('…')
  return parts.map((part, index) => (index === parts.length - 1 ? part : withoutBeginning(part, forms))).join('…')
}

function withoutBeginning(part: string, forms: readonly string[]): string {
  for (const form of forms) {
    for (let length = form.length - 1; length >= SHORTEST_BEGINNING; length--) {
      if (part.endsWith(form.slice(0, length))) return part.slice(0, -length) + REDACTED
    }
  }
  return part
}

function source(secret: string): string {
  const literal = secret.replaceAll(/[\\^$.*+?()[\]{}|/]/g, '\\$&')
  if (secret.length >= LONG) return literal
  const [before, after] = [/^[\p{L}\p{N}_]/u, /[\p{L}\p{N}_]$/u].map((edge) => edge.test(secret))
  return `${before ? '(?<![\\p{L}\\p{N}_])' : ''}${literal}${after ? '(?![\\p{L}\\p{N}_])' : ''}`
}

/** What stands in quotes on one line of a message. */
const QUOTED = /(["'`])((?:\\.|(?!\1)[^\\\n])*)(\1|$)/gm

/** What is quoted is a line, or in JSON several lines, by itself: forms that begin a line are known there too. */
function redactQuoted(text: string): string {
  return text.replaceAll(QUOTED, (whole, quote: string, inner: string, end: string) => {
    if (quote !== '"') return quote + redact(inner, unlessShown) + end
    const said = unescaped(inner)
    const safe = redact(redactQuoted(said), unlessShown)
    return safe === said ? whole : quote + JSON.stringify(safe).slice(1, -1) + end
  })
}

/** A string of JSON without its quotes; one that was cut off loses what is left of an escape. */
function unescaped(inner: string): string {
  try {
    return JSON.parse(`"${inner.replace(/(?<!\\)((?:\\\\)*)\\(?:u[0-9a-fA-F]{0,3})?$/, '$1').replaceAll('\t', '\\t')}"`)
  } catch {
    return inner
  }
}
