import type { Command } from '../../model/command.ts'
import { EosflowError } from '../../model/error.ts'
import type { RefusedQuestion } from '../../model/refused-question.ts'
import type { Verdict } from '../../model/verdict.ts'
import { redact } from '../config/secrets/redact.ts'
import { askedOnce } from '../device/combined-commands.ts'
import type { Reply } from '../device/device.ts'
import { errorsIn } from './answer/answers-in.ts'
import type { Check, CheckContext } from './area/define.ts'
import type { CheckSpec } from './builtin/catalog.ts'
import { checkNamed } from './builtin/known-checks.ts'
import { specFor, variantsOf } from './per-switch.ts'

const REDACTED = '<redacted>'

// A secret of fewer characters may be a part of an ordinary word, and is looked for as a word of its own.
const LONG = 8

// Fewer characters of a secret tell nothing.
const SHORTEST_BEGINNING = 3

/** Messages quote what a switch tells: every line of them is redacted as configuration, also where it stands in quotes or in JSON, and `secrets`, which a check names because no form of a line gives them away, are taken out wherever they stand. */
export function secretlessVerdict(verdict: Verdict, secrets: () => readonly string[]): Verdict {
  const safe = (texts: readonly string[]) => secretlessTexts(texts, secrets)
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

function secretlessTexts(texts: readonly string[], secrets: () => readonly string[]) {
  const forms = formsOf(secrets())
  const named = pattern(forms)
  return texts.map((text) => {
    const unnamed = named === undefined ? text : withoutBeginnings(text.replace(named, REDACTED), forms)
    return redact(redactQuoted(unnamed), unlessShown)
  })
}

const TAKEN_OUT = /^<redacted>["'`\\]/

// What a pattern has in a secret's place, such as `(\S+)` or `.*`.
const ANY = /^\(?(?:\\[SwW]|\.|\[\^[^\]]{1,8}\])[+*]\)?["'`$]{0,2}$/

function unlessShown(secret: string) {
  return TAKEN_OUT.test(secret) || ANY.test(secret) ? secret : REDACTED
}

function formsOf(secrets: readonly string[]) {
  const forms = new Set(secrets.flatMap((secret) => [secret, JSON.stringify(secret).slice(1, -1)]))
  forms.delete('')
  return [...forms].sort((a, b) => b.length - a.length)
}

function pattern(forms: readonly string[]) {
  return forms.length === 0 ? undefined : new RegExp(forms.map(source).join('|'), 'gu')
}

function withoutBeginnings(text: string, forms: readonly string[]) {
  const parts = text.split('…')
  return parts.map((part, index) => (index === parts.length - 1 ? part : withoutBeginning(part, forms))).join('…')
}

function withoutBeginning(part: string, forms: readonly string[]) {
  for (const form of forms) {
    for (let length = form.length - 1; length >= SHORTEST_BEGINNING; length--) {
      if (part.endsWith(form.slice(0, length))) return part.slice(0, -length) + REDACTED
    }
  }
  return part
}

function source(secret: string) {
  const literal = secret.replaceAll(/[\\^$.*+?()[\]{}|/]/g, '\\$&')
  if (secret.length >= LONG) return literal
  const [before, after] = [/^[\p{L}\p{N}_]/u, /[\p{L}\p{N}_]$/u].map((edge) => edge.test(secret))
  return `${before ? '(?<![\\p{L}\\p{N}_])' : ''}${literal}${after ? '(?![\\p{L}\\p{N}_])' : ''}`
}

const QUOTED = /(["'`])((?:\\.|(?!\1)[^\\\n])*)(\1|$)/gm

function redactQuoted(text: string) {
  return text.replaceAll(QUOTED, (whole, quote: string, inner: string, end: string) => {
    if (quote !== '"') return quote + redact(inner, unlessShown) + end
    const said = unescaped(inner)
    const safe = redact(redactQuoted(said), unlessShown)
    return safe === said ? whole : quote + JSON.stringify(safe).slice(1, -1) + end
  })
}

function unescaped(inner: string): string {
  try {
    return JSON.parse(`"${inner.replace(/(?<!\\)((?:\\\\)*)\\(?:u[0-9a-fA-F]{0,3})?$/, '$1').replaceAll('\t', '\\t')}"`)
  } catch {
    return inner
  }
}

export interface CheckJudgement {
  readonly check: string
  readonly verdict: Verdict
}

const asked = new WeakMap<readonly CheckSpec[], readonly Command[]>()

/** Everything that a round of these checks asks of a switch, each command once. */
export function commandsOf(specs: readonly CheckSpec[]): readonly Command[] {
  const found = asked.get(specs) ?? askedOnce(...specs.flatMap(variantsOf).map((spec) => bound(spec).commands)).commands
  asked.set(specs, found)
  return found
}

/** What these checks ask of one switch, each command once: a check that reads of the switch asks each its own. */
export function commandsFor(specs: readonly CheckSpec[], device: string): readonly Command[] {
  return askedOnce(...specs.map((spec) => commandsHere(spec, device))).commands
}

function commandsHere(spec: CheckSpec, device: string) {
  const here = specFor(spec, device)
  return here === undefined ? [] : bound(here).commands
}

/** `replies` are the answers to {@link commandsOf} of the same specs, in its order. No verdict holds a secret that is known to be one. */
export async function judgeAll(
  specs: readonly CheckSpec[],
  replies: readonly Reply[],
  context: CheckContext,
): Promise<readonly CheckJudgement[]> {
  return (await judgedAnswers(specs, { commands: commandsOf(specs), replies }, context)).map(
    ({ check, verdict }): CheckJudgement => ({ check, verdict }),
  )
}

/**
 * The commands that a switch refuses so that a check could not be judged: what a check takes for an answer, such as that the platform has no such
 * thing, is none. `replies` are the answers to `commands`, among which are those of {@link commandsFor}.
 */
export async function refusedBy(
  specs: readonly CheckSpec[],
  given: AnsweredCommands,
  context: CheckContext,
): Promise<readonly RefusedQuestion[]> {
  const { device } = context
  return (await judgedAnswers(specs, given, context)).flatMap(({ verdict, asked }, check) =>
    verdict.status !== 'error'
      ? []
      : asked.flatMap(({ command, reply }) => {
          const says = reply.ok ? errorsIn(reply.json) : reply.error
          return says === '' ? [] : [{ device, by: { check }, command: command.cmd, says }]
        }),
  )
}

export interface AnsweredCommands {
  readonly commands: readonly Command[]
  readonly replies: readonly Reply[]
}

interface JudgedAnswers extends CheckJudgement {
  readonly asked: readonly { readonly command: Command; readonly reply: Reply }[]
}

async function judgedAnswers(
  specs: readonly CheckSpec[],
  { commands, replies }: AnsweredCommands,
  context: CheckContext,
): Promise<readonly JudgedAnswers[]> {
  const lists = specs.map((spec) => commandsHere(spec, context.device))
  const [, ...answers] = askedOnce(commands, ...lists).repliesTo(replies)
  const judged: JudgedAnswers[] = []
  for (const [index, given] of specs.entries()) {
    const { name } = given
    const spec = specFor(given, context.device)
    if (spec === undefined) {
      judged.push({ check: name, verdict: ELSEWHERE, asked: [] })
      continue
    }
    const { check, input } = bound(spec)
    const own = answers[index] ?? []
    const verdict = secretlessVerdict(await check.judge(input, own, context), () => check.secrets?.(input, own) ?? [])
    const asked = own.flatMap((reply, at) => {
      const command = lists[index]?.[at]
      return command === undefined ? [] : [{ command, reply }]
    })
    judged.push({ check: name, verdict, asked })
  }
  return judged
}

const ELSEWHERE: Verdict = { status: 'skip', reason: 'its inputs are those of the switches that change' }

interface Bound {
  readonly check: Check
  readonly input: unknown
  readonly commands: readonly Command[]
}

const known = new WeakMap<CheckSpec, Bound>()

function bound(spec: CheckSpec) {
  const found = known.get(spec) ?? bind(spec)
  known.set(spec, found)
  return found
}

function bind({ name, input }: CheckSpec): Bound {
  const check = checkNamed(name)
  const parsed = check?.input.safeParse(input)
  if (check === undefined || parsed?.success !== true) {
    throw new EosflowError('bug', `not a check of this version: ${name}`)
  }
  return { check, input: parsed.data, commands: check.commands(parsed.data) }
}
