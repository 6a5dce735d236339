import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { ROOT, textOf, under } from './sources.ts'

const sources = ['src', 'test', 'build', 'simulate', 'bench']
  .flatMap((folder) => under(folder, /\.(?:ts|mjs|py)$/))
  // Their own citations are data.
  .filter((file) => !/^test\/house\/(?:citations|moves)\.test\.ts$/.test(file))
const pages = [...readdirSync(ROOT).filter((file) => file.endsWith('.md')), ...under('docs', /\.md$/)]

/** The text with each comment on one line, so that a citation is found that is broken by the margin. */
const unwrapped = (text: string) => text.replace(/\n[ \t]*(?:\*(?!\/)|\/\/)[ \t]?/g, ' ')

const NUMBER = String.raw`\d+(?:\.\d+)?`
const FORMS = {
  page: new RegExp(
    String.raw`\bdocs/[\w/-]+\.md(?:#[\w-]+| row \d+[a-z]?| ${NUMBER}(?:(?:,| and| to) ${NUMBER})*(?![\w/]))?`,
    'g',
  ),
  decision: /\bADR \d{1,4}\b/g,
  rfc: /\bRFC ?\d+\b/g,
  manual: /\bEOS manual, [^.;)|]{1,40}/g,
  thread: /\b[a-z][\w.-]*#\d{2,}\b/g,
} as const

type Form = keyof typeof FORMS

/** In tests `a#12` is data. */
const isFormOf = (file: string) => (form: Form) => form !== 'thread' || !file.startsWith('test/')

function citationsIn(file: string, text: string) {
  const plain = unwrapped(text)
  return (Object.keys(FORMS) as Form[])
    .filter(isFormOf(file))
    .flatMap((form) => (plain.match(FORMS[form]) ?? []).map((found) => ({ file, form, text: found })))
}

const headings = (file: string) => [...textOf(file).matchAll(/^#+ (.*)$/gm)].map((match) => match[1] ?? '')
const anchorOf = (heading: string) =>
  heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N} _-]/gu, '')
    .replaceAll(' ', '-')

const decisions = new Set(readdirSync(join(ROOT, 'docs/adr')).map((file) => Number(file.slice(0, 4))))
const numbersIn = (file: string) => headings(file).flatMap((heading) => /^\d+(?:\.\d+)?(?= )/.exec(heading)?.[0] ?? [])

/** The public repositories that docs/eos.md lists, by the names that citations use. */
const repositories = new Set(
  [...(textOf('docs/eos.md').split('\n## 9 ')[1] ?? '').matchAll(/^\| ([a-z][\w-]*) \||`([\w.-]+)#N`/gm)].map(
    (match) => match[1] ?? match[2] ?? '',
  ),
)

/** The chapters of the EOS manual that docs/eos.md lists, also as they are quoted. */
const chapters = (/Cited are its chapters ([\s\S]*?), and commands/.exec(textOf('docs/eos.md'))?.[1] ?? '')
  .replace(/\s+/g, ' ')
  .split(/, | and (?=VXLAN)/)
  .flatMap((name) => [name, `"${name}"`])

const resolves: Readonly<Record<Form, (text: string) => boolean>> = {
  page: (text) => {
    const [, page = '', place = ''] = /^(.*?\.md)(.*)$/.exec(text) ?? []
    if (!existsSync(join(ROOT, page))) return false
    if (place === '') return true
    if (place.startsWith('#')) return headings(page).map(anchorOf).includes(place.slice(1))
    const row = /^ row (.+)$/.exec(place)?.[1]
    if (row !== undefined) return textOf(page).includes(`\n| F${row} |`)
    const known = numbersIn(page)
    return (place.match(/\d+(?:\.\d+)?/g) ?? []).every((number) => known.includes(number))
  },
  decision: (text) => decisions.has(Number(text.slice(4))),
  rfc: (text) => Number(text.replace(/\D/g, '')) > 0 && Number(text.replace(/\D/g, '')) < 10_000,
  manual: (text) => /^EOS manual, "[a-z]/.test(text) || chapters.some((name) => text.slice(12).startsWith(name)),
  thread: (text) => repositories.has(text.split('#')[0] ?? ''),
}

const citations = [...sources, ...pages].flatMap((file) => citationsIn(file, textOf(file)))
const dangling = (form: Form) =>
  citations.filter((one) => one.form === form && !resolves[form](one.text)).map(({ file, text }) => `${file}: ${text}`)

/** Documents and recordings that are not in the repository: whoever reads the code does not have them. */
const ABSENT = [
  /\beos-reference\b/i,
  /\bconfig-model\b/i,
  /\bsimulator-facts\b/i,
  /\bhouse-(?:style|review)\b/i,
  /\bdesign-2\b/i,
  /\breal-switches\.md\b/i,
  /\bdbos-notes\b/i,
  /\b(?:security|design|state-machine|field|engines|performance|findings|daily-work|control-room|many-machines)(?:\.md)?(?:,? section)? \d+(?:\.\d+)?\b/i,
  /\b(?:security|design|field|performance|findings|engines)\.md(?<!docs\/security\.md) \d/i,
] as const
const ABSENT_RECORDINGS = [/\beos-samples\b/, /\beos-corpus\b/, /\bdevice[ -]snapshots\b/] as const
/** A manual without a chapter. */
const BARE_MANUAL = /\((?:the )?manual[;,)]|\bfollows? the manual\b/

const namesIn = (text: string, names: readonly RegExp[]) => names.flatMap((name) => name.exec(text)?.[0] ?? [])

describe('what docstrings, comments and pages cite', () => {
  test('is found: there is much to look at', () => {
    const counts = Object.fromEntries(
      Object.keys(FORMS).map((form) => [form, citations.filter((one) => one.form === form).length]),
    )
    process.stdout.write(`citations in ${sources.length + pages.length} files: ${JSON.stringify(counts)}\n`)
    expect(sources.length).toBeGreaterThan(1500)
    expect(counts.page).toBeGreaterThan(300)
    expect(counts.decision).toBeGreaterThan(30)
    expect(counts.rfc).toBeGreaterThan(130)
    expect(counts.manual).toBeGreaterThan(20)
    expect(chapters.length).toBeGreaterThan(20)
    expect(counts.thread).toBeGreaterThan(20)
    expect(citations.filter(({ text }) => /eos\.md \d/.test(text)).length).toBeGreaterThan(180)
  })

  test.each(Object.keys(FORMS) as Form[])('resolves: %s', (form) => {
    expect(dangling(form)).toEqual([])
  })

  test('[D4] is nothing that the repository does not have', { tags: 'long' }, () => {
    const named = [...sources, ...pages].flatMap((file) =>
      namesIn(unwrapped(textOf(file)), ABSENT).map((name) => `${file}: ${name}`),
    )
    expect(named).toEqual([])
    const outside = [...sources.filter((file) => !/^(?:test|bench)\//.test(file)), ...pages]
    expect(outside.length).toBeGreaterThan(1000)
    expect(sources.filter((file) => file.startsWith('src/') && BARE_MANUAL.test(unwrapped(textOf(file))))).toEqual([])
    expect(
      outside.flatMap((file) => namesIn(textOf(file), ABSENT_RECORDINGS).map((name) => `${file}: ${name}`)),
    ).toEqual([])
  })

  test('the rule can fail: a place that is not there is seen, also across a line end', () => {
    const wrong: readonly (readonly [Form, string])[] = [
      ['page', 'docs/nowhere.md'],
      ['page', 'docs/eos.md 4.99'],
      ['page', 'docs/eos.md 1.2 and 1.99'],
      ['page', 'docs/policy.md#no-such-heading'],
      ['page', 'docs/fault-model.md row 99'],
      ['decision', 'ADR 9999'],
      ['manual', 'EOS manual, Cooking'],
      ['thread', 'nobody#1234'],
    ]
    for (const [form, text] of wrong) {
      const [found] = citationsIn('a.ts', `/** What it is (${text}). */`).filter((one) => one.form === form)
      expect(found?.text, text).toBe(text)
      expect(resolves[form](text), text).toBe(false)
    }
    expect(citationsIn('a.ts', '/**\n * What it is (docs/eos.md\n * 2.5).\n */')).toEqual([
      { file: 'a.ts', form: 'page', text: 'docs/eos.md 2.5' },
    ])
    expect(namesIn(unwrapped('/**\n * What it is (security\n * 7.3).\n */'), ABSENT)).toEqual(['security 7.3'])
    expect(namesIn('see docs/security.md#limits, the design, an area of 3', ABSENT)).toEqual([])
  })
})

describe('docs/eos.md', () => {
  const text = textOf('docs/eos.md').split('\n## 8 ')[0] ?? ''
  const rows = [...text.matchAll(/^\| (?!fact |---)(.*) \| (.*) \|$/gm)].map(([, fact = '', source = '']) => ({
    fact,
    source,
  }))

  test('numbers its sections without a gap, and each is cited by the code', () => {
    const numbers = numbersIn('docs/eos.md')
    const parts = numbers.filter((number) => number.includes('.'))
    expect(parts.length).toBeGreaterThan(30)
    for (const [at, number] of parts.entries()) {
      const [chapter = '', part = ''] = number.split('.')
      expect(parts[at - 1] === `${chapter}.${Number(part) - 1}` || part === '1', number).toBe(true)
    }
    const cited = new Set(
      citations
        .filter(({ file, text }) => file.startsWith('src/') && text.startsWith('docs/eos.md '))
        .flatMap((one) => one.text.match(/\d+\.\d+/g) ?? []),
    )
    expect(parts.filter((number) => !cited.has(number))).toEqual([])
  })

  test('[D4] has a public source for every fact', () => {
    expect(rows.length).toBeGreaterThan(100)
    const isKnown = (source: string) =>
      /^EOS manual, [A-Z]/.test(source) ||
      (/^observed on/.test(source) && [...repositories].some((name) => source.includes(`(${name}`))) ||
      repositories.has(/^[a-z][\w.-]*/.exec(source.replace(/^and /, ''))?.[0] ?? '')
    const bare = rows.filter(({ source }) => !source.split(/; (?!both)/).some(isKnown))
    expect(bare).toEqual([])
  })
})
