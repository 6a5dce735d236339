import type { Command } from '../../model/command.ts'
import { EosflowError, type Verdict } from '../../model/error.ts'
import { isJsonObject, type Json } from '../../model/json.ts'
import type { LastingChanges } from '../../model/network-reading.ts'
import type { RefusedQuestion } from '../../model/refused-question.ts'
import { redact } from '../config/secrets/secrets.ts'
import { askedOnce, type Reply } from '../device/device.ts'
import { errorsIn } from './answer/show.ts'
import { stateAreas } from './area/index.ts'
import { commandsOfAreas, readAreas } from './area/read-areas.ts'
import { type CheckSpec, checkNamed } from './builtin/known-checks.ts'
import type { Check, CheckContext } from './define/define-check.ts'
import { AreaExpectation, flapped, standings, upSince } from './expect/expectation.ts'
import type { StateChange } from './finding/compare.ts'
import { besideTheChange, isExpectation, specFor, variantsOf } from './per-switch.ts'

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

interface CheckJudgement {
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

// What these checks ask of one switch, each command once: a check that reads of the switch asks each its own.
function commandsFor(specs: readonly CheckSpec[], device: string) {
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

// The commands that a switch refuses so that a check could not be judged: what a check takes for an answer, such as that the platform has no such
// thing, is none. `replies` are the answers to `commands`, among which are those of {@link commandsFor}.
async function refusedBy(
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

interface AnsweredCommands {
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

/** What expectations allow to come, go or change, and do not demand, by state area. */
export function allowedBy(specs: readonly CheckSpec[]): Readonly<Record<string, readonly string[]>> {
  const expected = specs.filter(isExpectation).flatMap(({ input }) => {
    const areas = isJsonObject(input) ? input.expected : undefined
    return isJsonObject(areas) ? Object.entries(areas) : []
  })
  return Object.fromEntries(expected.map(([area, one]) => [area, AreaExpectation.safeParse(one).data?.allowed ?? []]))
}

// What was counted meanwhile stays counted when everything else is as before.
const COUNTS: ReadonlySet<string | undefined> = new Set(['linkChanges', 'topologyChanges'])

function lastingChanges(
  areas: readonly string[],
  before: Readonly<Record<string, Json>>,
  now: Readonly<Record<string, Json>>,
): LastingChanges {
  const changes: StateChange[] = []
  const unread: string[] = []
  for (const { name, describe } of stateAreas.filter((area) => areas.includes(area.name))) {
    const comparison = describe(before[name], now[name])
    if (comparison.comparable) changes.push(...comparison.changes.filter(({ attribute }) => !COUNTS.has(attribute)))
    else unread.push(comparison.text)
  }
  return {
    differences: changes.map(({ text }) => text),
    latched: changes.flatMap((change) => latchOf(change) ?? []),
    unread,
  }
}

// What keeps a state by itself: a peer that has sent more routes than `maximum-routes` allows is Idle until somebody clears it
// (docs/adr/0103), and an errdisabled port is down until somebody shuts it down and up, or `errdisable recovery` does.
function latchOf({ subject, vrf, attribute, was, is }: StateChange) {
  if (attribute === 'state' && is === 'Idle' && vrf !== undefined) {
    const scope = vrf === 'default' ? '' : ` vrf ${vrf}`
    return `BGP ${subject}: where \`show ip bgp neighbors ${subject}${scope}\` says that it had too many routes, it stays so until somebody types \`clear ip bgp ${subject}${scope}\``
  }
  if (attribute === 'state' && was === 'Established' && vrf !== undefined)
    return `BGP ${subject}: the other end may keep it down, as where it had too many routes: whoever runs that one sees it there, and clears it there`
  if (attribute === 'link' && is === 'errdisabled') {
    return `${subject}: \`show interfaces status errdisabled\` says why; it stays so until somebody types \`shutdown\` and \`no shutdown\` on interface ${subject}`
  }
  if (subject === 'mlag' && attribute === 'state') {
    return `MLAG: \`show mlag detail\` says whether a reload-delay runs, or both switches are primary`
  }
  return undefined
}

/** The checks of an execution and the state areas, as its tasks see them. */
export function checkPort(specs: readonly CheckSpec[]) {
  const commands = commandsOf(specs)
  const beside = specs.map(besideTheChange)
  const allowed = allowedBy(specs)
  return {
    commands,
    commandsFor: (device: string) => commandsFor(specs, device),
    refused: async (asked: readonly Command[], replies: readonly Reply[], given: CheckContext) =>
      refusedBy(specs, { commands: asked, replies }, given),
    compared: comparedIn(specs),
    judge: async (replies: readonly Reply[], given: CheckContext) => judgeAll(specs, replies, given),
    judgeBeside: async (replies: readonly Reply[], given: CheckContext) => judgeAll(beside, replies, given),
    upSince: (replies: readonly Reply[]) => upSince(commands, replies, allowed),
    flapped,
    standings,
    upBefore,
    areaCommands: commandsOfAreas,
    readAreas,
    lastingChanges,
  }
}

function comparedIn(specs: readonly CheckSpec[]) {
  const places = specs.flatMap((spec, place) => (isExpectation(spec) ? [place] : []))
  const inputs = places.flatMap((place) => {
    const spec = specs[place]
    return spec === undefined
      ? []
      : variantsOf(spec)
          .map(({ input }) => input)
          .filter(isJsonObject)
  })
  if (inputs.length === 0) return undefined
  const areas = inputs.flatMap((input) => (Array.isArray(input.areas) ? input.areas.map(String) : []))
  const everythingElse = inputs.some((input) => input.everythingElse === 'unchanged')
  return { areas: [...new Set(areas)], everythingElse, places }
}

// The sessions and ports that were up by these state areas, as `standings` of expect/up-since.ts calls them.
function upBefore(areas: Readonly<Record<string, Json>>) {
  const { bgp, interfaces, ospf, mlag } = areas
  return [
    ...membersOf(bgp).flatMap(([vrf, peers]) =>
      upIn(peers, 'state', 'Established').map((name) => `BGP ${name} in ${vrf}`),
    ),
    ...upIn(interfaces, 'link', 'connected').map((name) => `interface ${name}`),
    ...membersOf(ospf).flatMap(([vrf, all]) => upIn(all, 'state', 'full').map((name) => `OSPF ${name} in ${vrf}`)),
    ...(isJsonObject(mlag) && mlag.state === 'active' ? ['MLAG'] : []),
  ]
}

function upIn(things: Json | undefined, member: string, word: string) {
  return membersOf(things).flatMap(([name, one]) => (isJsonObject(one) && one[member] === word ? [name] : []))
}

function membersOf(value: Json | undefined): readonly (readonly [string, Json])[] {
  return value !== undefined && isJsonObject(value) ? Object.entries(value) : []
}
