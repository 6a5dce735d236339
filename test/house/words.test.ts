import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { commands } from '../../src/doors/cli/usage/commands.ts'
import { ROOT, sources, textOf } from './sources.ts'
import { textsIn } from './texts-in.ts'

interface Text {
  readonly file: string
  readonly line: number
  readonly text: string
}

/** Words that have to be read twice, or name what has another name (docs/glossary.md). They are nowhere. */
const NEVER: Readonly<Record<string, RegExp>> = {
  stands: /\b(?:stands?|stood)\b/i,
  'is told': /\b(?:is|are|was|were|be|being) told\b/i,
  'is held to': /\b(?:is|are|was|were|be) held to\b/i,
  'comes to': /\b(?:comes?|came) to\b/i,
  'of its own': /\bof its own\b/i,
  ledger: /\bledgers?\b/i,
  desk: /\bdesks?\b/i,
  court: /\bcourts?\b/i,
  courier: /\bcouriers?\b/i,
  'take back': /\b(?:tak(?:es?|ing|en)|took) (?:\w+ ){0,4}back\b/i,
}

/** Words that are right in one technical sense alone: where, and which. */
const ONE_SENSE: Readonly<Record<string, { word: RegExp; where: RegExp; sense: string }>> = {
  job: {
    word: /\bjobs?\b/i,
    where:
      /^src\/.*\/(?:ci\/github|log-?in|identify|begin-given|ci|verify-token|ci-claims|identity-settings|settings)\.ts$|^docs\/(?:README|approvals|commands|errors-and-exit-codes|glossary|identity|keys|pipelines|secrets)\.md$/,
    sense: 'a job of a CI system or of a scheduler',
  },
  claim: {
    word: /\bclaim(?:s|ed)?\b/i,
    where:
      /^src\/.*\/(?:ci-claims|identity-settings|event-settings)\.ts$|^docs\/(?:approvals|events-in|glossary|identity)\.md$/,
    sense: 'a claim of an OIDC token',
  },
  actor: {
    word: /\bactors?\b/i,
    where: /^src\/.*\/(?:interfaces\/links|audit-commands)\.ts$|^docs\/audit\.md$/,
    sense: 'the actor of LACP; the flag and the member of a record that name who acted',
  },
  interrupt: {
    word: /\binterrupt\w*/i,
    where:
      /^src\/.*\/(?:hardware\/health|simulator\/control|execution\/run\/run|journal\/begin|stop-control|device-login|code-login|workflow-test\/schema)\.ts$|^docs\/(?:commands|errors-and-exit-codes|fault-model|regressions|rehearsal|workflow-tests)\.md$/,
    sense: 'the signal of a terminal (SIGINT); the counter of a fabric card',
  },
  revert: {
    word: /\brevert\w*/i,
    where: /^src\/.*\/ordinary\.ts$/,
    sense: 'the stored value `reverted`, an ordinary word',
  },
  bench: { word: /\bbench\b/i, where: /^$/, sense: 'none' },
  trail: { word: /\btrails?\b/i, where: /^$/, sense: 'none' },
}

/** Not what a script has made: keywords of EOS, which nobody reads as a sentence. */
const written = sources.filter((file) => !textOf(file).startsWith('// Made by '))

/** Every text of the sources that could be a sentence: it holds a space. */
const shown: readonly Text[] = written.flatMap((file) =>
  textsIn(textOf(file))
    .filter(({ text }) => text.includes(' '))
    .map((one) => ({ file, ...one })),
)

const help: readonly Text[] = commands.flatMap(({ usage, summary, options = [] }) =>
  [summary, ...options.map(({ description }) => description)].map((text) => ({
    file: `${usage} --help`,
    line: 0,
    text,
  })),
)

/** The history stays as it was written. */
const PAGES = [
  'README.md',
  'CONTRIBUTING.md',
  'ARCHITECTURE.md',
  ...['docs', 'docs/reference', 'docs/decisions'].flatMap((folder) =>
    readdirSync(join(ROOT, folder))
      .filter((file) => file.endsWith('.md'))
      .map((file) => `${folder}/${file}`),
  ),
]
/** The lines of some files. What is in backticks is a name: of a test, a file, a member. */
function linesOf(files: readonly string[]) {
  return files.flatMap((file) =>
    textOf(file)
      .split('\n')
      .map((text, index) => ({ file, line: index + 1, text: text.replace(/`[^`]*`/g, '`…`') })),
  )
}

const lines: readonly Text[] = linesOf(PAGES)

/** The lines of the decisions. Their terms are of their day (a job, a claim); the words of {@link NEVER} are in none of them. */
const decisions: readonly Text[] = linesOf(
  readdirSync(join(ROOT, 'docs/adr'))
    .filter((file) => file.endsWith('.md'))
    .map((file) => `docs/adr/${file}`),
)

const neverIn = (text: string) => Object.entries(NEVER).filter(([, word]) => word.test(text))

function faultsOf({ file, line, text }: Text) {
  const never = neverIn(text)
  const elsewhere = Object.entries(ONE_SENSE).filter(([, { word, where }]) => word.test(text) && !where.test(file))
  return [...never, ...elsewhere].map(([word]) => `${file}:${line}: ${word}: ${text.slice(0, 200)}`)
}

describe('plain English', () => {
  test('[D8] is in every text of the sources, so in every error, hint, report and page of help', () => {
    expect(written.length).toBeGreaterThan(1_000)
    expect(shown.length).toBeGreaterThan(9_000)
    expect(shown.flatMap(faultsOf)).toEqual([])
  })

  test('is in the summary of every command and the description of every flag', () => {
    expect(commands.length).toBeGreaterThan(50)
    expect(help.length).toBeGreaterThan(150)
    expect(help.flatMap(faultsOf)).toEqual([])
  })

  test('[D8] is on every page but the history', () => {
    expect(PAGES.length).toBeGreaterThan(30)
    expect(lines.length).toBeGreaterThan(5_000)
    expect(lines.flatMap(faultsOf)).toEqual([])
  })

  test('is in every decision, as far as the words that are nowhere go', () => {
    expect(decisions.length).toBeGreaterThan(1_000)
    const faults = decisions.flatMap(({ file, line, text }) =>
      neverIn(text).map(([word]) => `${file}:${line}: ${word}`),
    )
    expect(faults).toEqual([])
  })

  test('allows a word only where it is used', () => {
    const all = [...shown, ...lines]
    const unused = Object.entries(ONE_SENSE).filter(
      ([, { word, where }]) =>
        where.source !== '^$' && !all.some(({ file, text }) => where.test(file) && word.test(text)),
    )
    expect(unused).toEqual([])
  })
})

describe('the rule of words', () => {
  test.each([
    ['src/a.ts', 'the request stands', ['stands']],
    ['src/a.ts', 'every switch is asked where they stand', ['stands']],
    ['src/a.ts', 'the approver is told', ['is told']],
    ['src/a.ts', 'a name is held to its form', ['is held to']],
    ['src/a.ts', 'what it comes to', ['comes to']],
    ['src/a.ts', 'a key of its own', ['of its own']],
    ['src/a.ts', 'the desk asks the court', ['desk', 'court']],
    ['src/a.ts', 'a courier for the ledger', ['ledger', 'courier']],
    ['src/a.ts', 'it takes it back', ['take back']],
    ['src/a.ts', 'what was taken back', ['take back']],
    ['src/a.ts', 'it takes the whole change back', ['take back']],
    ['src/a.ts', 'while it stood still', ['stands']],
    ['src/a.ts', 'the switch reverted it, which is a job', ['job', 'revert']],
    ['docs/identity.md', 'a claim of the token of a CI job', []],
    ['src/a.ts', 'put back: read back as it was before', []],
    ['src/a.ts', 'standing by; understand; a headquarter; courtesy', []],
  ])('of %s: %s', (file, text, words) => {
    expect(faultsOf({ file, line: 1, text }).map((fault) => fault.split(': ')[1])).toEqual(words)
  })

  test('sees every form of text, and nothing of comments and expressions', () => {
    const source = [
      "const a = 'one \\' two' // 'three four'",
      `/* \`five six\` */ const b = \`seven \${c("eight nine", \`ten \${d} eleven\`)} twelve\``,
      "const e = /'[/']/.test(f) ? g / h : i['j k'] / `l m`.length",
      'return /"x y"/ } else { n(\'o p\') }',
    ].join('\n')
    expect(textsIn(source)).toEqual([
      { line: 1, text: "one \\' two" },
      { line: 2, text: 'eight nine' },
      { line: 2, text: 'ten … eleven' },
      { line: 2, text: 'seven … twelve' },
      { line: 3, text: 'j k' },
      { line: 3, text: 'l m' },
      { line: 4, text: 'o p' },
    ])
  })
})

/** An exported type, and the file that declares it. */
interface Declared {
  readonly name: string
  readonly file: string
}

const declared: readonly Declared[] = sources.flatMap((file) => typesIn(file, textOf(file)))

/** Names of one word that look like a participle or an adjective and are none. */
const NOUNS: Readonly<Record<string, string>> = {
  Beginning: 'the noun',
  Finding: 'the noun: what a check or a review has found',
  Happening: 'the noun: one thing that happened',
  Listing: 'the noun: what a list shows',
  Meaning: 'the noun',
  Ruling: 'the noun: what a rule has decided',
  Thing: 'the noun: what a change is of, or a value of a template that is no data',
  Undefined: "the name of Jinja2's own class",
  Warning: 'the noun',
}

/** Participles without a regular ending, adjectives, adverbs, prepositions and conjunctions. */
const NO_NOUNS =
  'Abnormal About Absent Active Again Against Alone Because Before Begun Behind Bound Broken Chosen Clean Done Drawn Driven Early Elsewhere Found Frozen Given Gone Held Hidden Hopeless Human Kept Known Late Lost Made Meanwhile Met Native Newest Now Oldest Present Proven Put Said Secretless Seen Sent Set Shown Slow Spent Spoken Still Taken Through Told Understood Unproven Unreachable Urgent Whose Written'.split(
    ' ',
  )

/** Particles at the end of a name: `LeftOut`, `SentTo` and `BegunSince` have no noun either. */
const PARTICIPLE_AND_PARTICLE =
  /^(?:[A-Z][a-z]+(?:ed|ing)|Begun|Brought|Came|Done|Found|Given|Held|Kept|Left|Lost|Made|Proven|Put|Read|Sent|Shown|Told|Written)(?:Ahead|Alone|Aside|Away|Back|Before|By|Early|Here|Of|Off|On|Once|OnRecord|Out|Since|SoFar|To|Together|Up)$/

/** A noun before its participle: `RowFound` is a `FoundRow`. */
const NOUN_AND_PARTICIPLE =
  /[a-z](?:Asked|Begun|Collected|Decided|Found|Given|Gone|Held|Kept|Left|Made|Sent|Shown|Told|Wanted|Written)$/

/** Names that say nothing to somebody who reads them for the first time. */
const METAPHORS =
  'Courier Desk EngineRoom Flights Hearing Knowledge Lane Letter Moment Office Posts Reading Standing Word'.split(' ')

describe('names of exported types', () => {
  test('all of them are looked at', () => {
    expect(declared.length).toBeGreaterThan(2_200)
    expect(new Set(declared.map(({ file }) => file)).size).toBeGreaterThan(850)
  })

  test('none has more than two owners', () => {
    const owners = new Map<string, string[]>()
    for (const { name, file } of declared) owners.set(name, [...(owners.get(name) ?? []), file])
    const many = [...owners].filter(([, files]) => files.length > 2)
    expect(many.map(([name, files]) => `${name}: ${files.join(', ')}`)).toEqual([])
  })

  test('each is a noun', () => {
    expect(declared.filter(({ name }) => !isNoun(name)).map(({ name, file }) => `${name}: ${file}`)).toEqual([])
  })

  test('none is a metaphor', () => {
    expect(declared.filter(({ name }) => METAPHORS.includes(name))).toEqual([])
  })

  test('no exception is without a use', () => {
    const names = new Set(declared.map(({ name }) => name))
    expect(Object.keys(NOUNS).filter((name) => !names.has(name))).toEqual([])
  })
})

describe('the rule of names', () => {
  test.each(['Kept', 'Leaving', 'Asked', 'Given', 'Slow', 'LeftOut', 'SentTo', 'BegunSince', 'AskedOnce', 'RowFound'])(
    '%s is no noun',
    (name) => expect(isNoun(name)).toBe(false),
  )

  test.each(['Plan', 'Warning', 'KeptPlan', 'LostTail', 'StepUp', 'LinkDown', 'SentTexts'])('%s is a noun', (name) =>
    expect(isNoun(name)).toBe(true),
  )

  test('interfaces, types and classes are found, and nothing that is only passed on', () => {
    const text = [
      '/** A. */',
      'export interface Apple {',
      'export type Pear<T> = T',
      'export abstract class Plum {}',
      'export class Fig extends Error {}',
      'interface Own {}',
      "export type { Grape } from './grape.ts'",
      'export const schema = 1',
    ].join('\n')
    expect(typesIn('fruit.ts', text).map(({ name }) => name)).toEqual(['Apple', 'Pear', 'Plum', 'Fig'])
  })
})

function typesIn(file: string, text: string) {
  const found = text.matchAll(/^export (?:declare )?(?:abstract )?(?:interface|type|class) ([A-Za-z0-9_]+)/gm)
  return [...found].map(([, name = '']) => ({ name, file }))
}

function isNoun(name: string) {
  if (Object.hasOwn(NOUNS, name)) return true
  if (PARTICIPLE_AND_PARTICLE.test(name) || NOUN_AND_PARTICIPLE.test(name)) return false
  if (!/^[A-Z][a-z0-9]+$/.test(name)) return true
  return !NO_NOUNS.includes(name) && !/(?:ed|ing)$/.test(name)
}
