import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { catalogueChecks } from '../../../src/eos/check/builtin/index.ts'
import { type CheckResult, checkCommands } from '../../../src/lab/trial/judge-check.ts'
import { isJsonObject, type Json, type JsonObject } from '../../../src/model/json.ts'
import { rowsByModule } from '../../eos/check/rows/index.ts'
import { recordings } from '../../recordings.ts'
import type { Chance } from '../inventory-generator.ts'

/** A check, its inputs, and what a switch answered to each of its commands. */
export interface Asked {
  readonly check: string
  /** The Python module that has it, for example `anta.tests.mlag`. */
  readonly module: string
  readonly inputs: Json
  readonly answers: readonly Json[]
}

interface Case {
  readonly test: string
  readonly module: string
  readonly inputs: Json
  readonly eos_data: readonly Json[]
}

/** An answer as its client gives it to ANTA: a text without the object that eAPI has around it. */
const asCollected = (answer: Json, format: 'json' | 'text' | undefined): Json =>
  format === 'text' && isJsonObject(answer) ? (answer.output ?? null) : answer

const isRefusal = (answer: Json) => answer === null || (isJsonObject(answer) && 'errors' in answer)

/** The cases recorded of ANTA where they are there, and the rows of our own tests. */
export function recordedAnswers(): readonly Asked[] {
  const corpus = recordings('eos-corpus/anta-cases/')
  const files = existsSync(corpus) ? readdirSync(corpus).filter((name) => name.endsWith('.json')) : []
  const recorded = files.sort().flatMap((file) => {
    const { cases } = JSON.parse(readFileSync(new URL(file, corpus), 'utf8')) as { readonly cases: readonly Case[] }
    return cases.map(({ test: check, module, inputs, eos_data: answers }) => ({ check, module, inputs, answers }))
  })
  const modules = new Map(catalogueChecks.map(({ name, module = '' }) => [name, `anta.tests.${module}`]))
  const own = Object.values(rowsByModule)
    .flat()
    // ANTA reads no answer that was refused: it judges only what its client collected. And it refuses inputs by a word of its own.
    .filter(({ name, outputs }) => name !== 'absent' && !outputs.some(isRefusal))
    .filter(({ messages: [message = ''] = [] }) => !message.includes('does not accept its inputs'))
    .map(({ check, inputs = {}, outputs }) => {
      const commands = checkCommands(check, inputs)
      const answers = outputs.map((answer, index) => asCollected(answer, commands[index]?.format))
      return { check, module: modules.get(check) ?? '', inputs, answers }
    })
  return [...recorded, ...own]
}

/** How an answer was changed in one place. `two` are two changes of any kind. */
export type Mutation = 'none' | 'missing' | 'type' | 'value' | 'order' | 'two'

/** An answer that was changed. */
export interface Mutant extends Asked {
  readonly mutation: Mutation
  /** Where, from the number of the answer on: `0.vrfs.default.state`. */
  readonly place: string
}

type Path = readonly (string | number)[]
type Container = Json[] | Record<string, Json>
/** The values that answers have at a member, by its name. */
type Vocabulary = ReadonlyMap<string, readonly Json[]>

/** Every answer as it is, and with every change of one place. */
export function* mutants(asked: readonly Asked[], chance: Chance): Generator<Mutant> {
  const vocabulary = vocabularyOf(asked)
  for (const one of asked) {
    yield { ...one, mutation: 'none', place: '' }
    for (const path of placesIn(one.answers)) {
      for (const [mutation, change] of changesAt(one.answers, path, vocabulary, chance)) {
        yield { ...one, answers: changed(one.answers, path, change), mutation, place: path.join('.') }
      }
    }
  }
}

/** Answers with changes in two places, without end. */
export function* doubleMutants(asked: readonly Asked[], chance: Chance): Generator<Mutant> {
  const vocabulary = vocabularyOf(asked)
  while (true) {
    const one = chance.of(asked)
    let { answers } = one
    const places: string[] = []
    while (places.length < 2) {
      const paths = [...placesIn(answers)]
      if (paths.length === 0) break
      const path = chance.of(paths)
      const changes = changesAt(answers, path, vocabulary, chance).filter(([mutation]) => mutation !== 'type')
      if (changes.length === 0) break
      answers = changed(answers, path, chance.of(changes)[1])
      places.push(path.join('.'))
    }
    if (places.length === 2) yield { ...one, answers, mutation: 'two', place: places.join(' and ') }
  }
}

function* placesIn(value: Json | readonly Json[], path: Path = []): Generator<Path> {
  if (path.length > 0) yield path
  if (typeof value !== 'object' || value === null) return
  for (const [key, member] of Object.entries(value)) {
    yield* placesIn(member as Json, [...path, Array.isArray(value) ? Number(key) : key])
  }
}

type Change = (parent: Container, key: string | number) => void

const put =
  (value: Json): Change =>
  (parent, key) => {
    Object.assign(parent, { [key]: value })
  }

const remove: Change = (parent, key) => {
  if (Array.isArray(parent)) parent.splice(Number(key), 1)
  else delete parent[key]
}

function changesAt(
  answers: readonly Json[],
  path: Path,
  vocabulary: Vocabulary,
  chance: Chance,
): readonly (readonly [Mutation, Change])[] {
  const old = valueAt(answers, path)
  const isAnswer = path.length === 1
  if (isAnswer && typeof old === 'string') return changesOfText(old, chance)
  const others = otherValues(old, path, vocabulary, chance).map((value) => ['value', put(value)] as const)
  const order = reversed(old)
  return [
    ...(isAnswer ? [] : [['missing', remove] as const, ['type', put(ofAnotherType(old))] as const]),
    ...others,
    ...(order === undefined ? [] : [['order', put(order)] as const]),
  ]
}

function changesOfText(text: string, chance: Chance): readonly (readonly [Mutation, Change])[] {
  const lines = text.split('\n')
  const at = chance.below(lines.length)
  return [
    ['missing', put(lines.toSpliced(at, 1).join('\n'))],
    ['value', put(lines.with(at, `${lines[at]}x`).join('\n'))],
    ...(lines.length > 1 ? [['order', put(lines.toReversed().join('\n'))] as const] : []),
  ]
}

function ofAnotherType(value: Json): Json {
  if (typeof value === 'string') return 7
  if (typeof value === 'number') return 'x7'
  if (typeof value === 'boolean') return 'true'
  return Array.isArray(value) ? {} : []
}

function otherValues(value: Json, path: Path, vocabulary: Vocabulary, chance: Chance): readonly Json[] {
  if (typeof value === 'boolean') return [!value]
  // A whole number stays one: a fraction where EOS counts is another type.
  if (typeof value === 'number') return numbersBeside(value).filter((number) => number !== value)
  if (typeof value !== 'string') return []
  const known = (vocabulary.get(nameOf(path)) ?? []).filter((other) => other !== value)
  return [`${value}x`, ...(known.length === 0 ? [] : [chance.of(known), chance.of(known)])]
}

function numbersBeside(value: number) {
  const whole = [...new Set([value + 1, 0, value * 10])]
  return Number.isInteger(value) ? whole : [...whole, value + 0.5]
}

function reversed(value: Json): Json | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  if (Array.isArray(value)) return value.length > 1 ? value.toReversed() : undefined
  const entries = Object.entries(value as JsonObject)
  return entries.length > 1 ? Object.fromEntries(entries.toReversed()) : undefined
}

function vocabularyOf(asked: readonly Asked[]): Vocabulary {
  const values = new Map<string, Set<Json>>()
  for (const { answers } of asked) {
    for (const path of placesIn(answers)) {
      const value = valueAt(answers, path)
      if (path.length === 1 || typeof value !== 'string') continue
      const known = values.get(nameOf(path)) ?? new Set()
      values.set(nameOf(path), known.add(value))
    }
  }
  return new Map([...values].map(([name, known]) => [name, [...known]]))
}

/** The last name on a path: members of lists have the name of their list. */
const nameOf = (path: Path) => String(path.findLast((step) => typeof step === 'string') ?? '')

function valueAt(answers: readonly Json[], path: Path): Json {
  let value: unknown = answers
  for (const step of path) value = (value as Record<string, unknown>)[step]
  return value as Json
}

function changed(answers: readonly Json[], path: Path, change: Change): readonly Json[] {
  const copy = structuredClone(answers) as Json[]
  const key = path.at(-1)
  if (key !== undefined) change(valueAt(copy, path.slice(0, -1)) as unknown as Container, key)
  return copy
}

/** The release that judges beside our checks. Another one is another judge: its differences are listed anew. */
export const ANTA_VERSION = '1.10.0'

/** What ANTA says: `unset` where it has judged nothing, `error` where it broke off with an exception. */
export interface AntaResult {
  readonly result: string
  readonly messages: readonly string[]
}

/** An answer that both have judged. */
export interface Judged {
  readonly mutant: Mutant
  readonly ours: CheckResult
  readonly theirs: AntaResult
}

/** A kind of difference that is meant, as `docs/anta-differences.md` lists it. */
export interface Difference {
  readonly kind: string
  /** Why eosflow says something else. */
  readonly reason: string
  readonly covers: (judged: Judged) => boolean
}

const NOTHING_TO_JUDGE =
  /` does not tell |` answered in an unknown shape at |[Tt]he answer (?:has no|tells of no)|` printed no (?:address|partition)/

/** A judgement that is stricter: each message that ANTA does not have is of that pattern. */
const stricter =
  (checks: RegExp, pattern: RegExp) =>
  ({ mutant: { check }, ours, theirs }: Judged) => {
    const more = ours.messages.filter((message) => !theirs.messages.includes(message))
    return checks.test(check) && ours.result === 'failure' && more.length > 0 && more.every((one) => pattern.test(one))
  }

const text = (value: unknown) => JSON.stringify(value)

/** Every kind of difference from ANTA in a verdict. All others are defects. */
export const DIFFERENCES: readonly Difference[] = [
  {
    kind: 'A member of another type',
    reason:
      'It is an error that names the member. ANTA breaks off with an exception, compares it, or takes it for false.',
    covers: ({ mutant: { mutation }, ours }) => mutation === 'type' && ours.result === 'error',
  },
  {
    kind: 'Nothing to judge by',
    reason:
      'A member, a list or a line that the check reads is missing. It is an error that names it. ANTA takes it for good, or reads on.',
    covers: ({ ours }) => ours.result === 'error' && ours.messages.every((message) => NOTHING_TO_JUDGE.test(message)),
  },
  {
    kind: 'BGP queues that are missing',
    reason:
      'EOS 4.21 does not show them. They are a fault where the input asks for them, and not read where they are not; ANTA breaks off with an exception in both cases.',
    covers: ({ mutant: { check }, theirs }) =>
      check.startsWith('VerifyBGP') &&
      theirs.result === 'error' &&
      /peerTcpInfo|putQueueLength|NoneType/.test(theirs.messages.at(-1) ?? ''),
  },
  {
    kind: 'A BFD session that was never down',
    reason: 'EOS gives null for when it was last down. Nothing is wrong with that; ANTA breaks off with an exception.',
    covers: ({ mutant: { check, answers }, theirs }) =>
      check === 'VerifyBFDPeersHealth' && theirs.result === 'error' && text(answers).includes('"lastDown":null'),
  },
  {
    kind: 'A path of an IPsec connection behind the first',
    reason: 'Each path must be established. ANTA looks at the first one.',
    covers: stricter(/IPSecConn/, /Connection down|security connection not established/),
  },
  {
    kind: 'A session of dynamic path selection behind the first',
    reason: 'Each session of a path must be active. ANTA looks at the first one.',
    covers: stricter(/^Verify(?:Paths|Specific)/, /Telemetry state inactive/),
  },
  {
    kind: 'Transceivers of line cards',
    reason: 'Their sensors are listed under the slot of the card, where ANTA does not look.',
    covers: stricter(/^VerifyTransceiversTemperature$/, /^Sensor: /),
  },
  {
    kind: 'PhyAlaska chips',
    reason: 'ANTA passes over all of them, because some give no temperature. Those that give one are judged.',
    covers: stricter(/^VerifyTemperature$/, /Description: .*PhyAlaska/),
  },
  {
    kind: 'MLAG that is not active',
    reason: "The state has to be active, as ANTA's own documentation says. ANTA looks at no state but disabled.",
    covers: stricter(/^VerifyMlagStatus$/, /^MLAG state is not active/),
  },
  {
    kind: 'A BGP session that is down and shows no address family',
    reason: 'It may carry the family that the input names. ANTA passes over it.',
    covers: stricter(/^VerifyBGPPeersHealth$/, /Incorrect session state/),
  },
  {
    kind: 'An IS-IS adjacency segment over another interface',
    reason: 'It is not the segment that is expected. ANTA compares the address alone.',
    covers: stricter(/AdjacencySegments$/, /Adjacency segment not found/),
  },
  {
    kind: 'A certificate on its last day',
    reason: 'It expires within the threshold. ANTA passes it, because 0 days are not more than 0.',
    covers: stricter(/^VerifyAPISSLCertificate$/, /Actual: 0 days$/),
  },
  {
    kind: 'A longer name in a log or in the settings of logs',
    reason: 'The name of a switch or of a VRF has to be the whole word. ANTA finds it in a longer one.',
    covers: stricter(
      /^VerifyLogging(?:Hostname|SourceIntf|Hosts)$/,
      /^Logs are not generated|Not configured|not configured/,
    ),
  },
  {
    kind: 'SSH in the default VRF',
    reason: 'The line of the default VRF counts. ANTA takes the first line, whatever VRF it is of.',
    covers: stricter(/^VerifySSHStatus$/, /^SSHD status for Default VRF/),
  },
  {
    kind: 'The state of a CVX peer under the name that EOS gives it',
    reason: 'A catalog may write `registrationState`. ANTA takes no notice of it, and expects the state by default.',
    covers: ({ mutant: { check, inputs } }) =>
      check === 'VerifyCVXClusterStatus' && text(inputs).includes('registrationState'),
  },
  {
    kind: 'Every port-channel is ignored',
    reason: 'None has an inactive port, which is a success. ANTA leaves the result unset.',
    covers: ({ mutant: { check }, ours, theirs }) =>
      check === 'VerifyPortChannels' && ours.result === 'success' && theirs.result === 'unset',
  },
]
