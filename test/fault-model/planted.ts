import { execFile } from 'node:child_process'
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { writeFiles } from '../lab/files.ts'
import type { Mutant, Proof } from './rows.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const COPIED = ['src', 'test', 'simulate', 'package.json', 'tsconfig.json']
const LINKED = ['node_modules', 'fixtures', 'workflows']

/** One test as it was run, under the titles that lead to it. */
export interface Ran {
  readonly file: string
  readonly name: string
  readonly passed: boolean
}

/** The sources and tests as they are now in a folder of their own, where a line can be put wrong. */
export interface MutatedCopy {
  /** Runs the tests that the proofs name, with the line put wrong or as they are. */
  run(proofs: readonly Proof[], mutant?: Mutant): Promise<readonly Ran[]>
  remove(): void
}

/** Whether a test is one that a proof names. */
export function isNamed({ file, title }: Proof, ran: Ran) {
  return ran.file === file && new RegExp(patternOf(title)).test(ran.name)
}

/** A folder with the sources and tests as they are now, where tests run that need no build of the shipped command. */
export function copiedCheckout() {
  const dir = mkdtempSync(join(tmpdir(), 'eosflow-mutant-'))
  for (const name of COPIED) cpSync(join(ROOT, name), join(dir, name), { recursive: true })
  for (const name of LINKED) symlinkSync(join(ROOT, name), join(dir, name), 'dir')
  return dir
}

/** Copies the checkout, where one line at a time is put wrong. */
export function copyCheckout(): MutatedCopy {
  const dir = copiedCheckout()
  writeFiles(dir, { 'vitest.config.mjs': CONFIG, 'dist/doors/cli/main.js': BUILT })
  const sources = new Sources(dir)
  return {
    run: async (proofs, mutant) => {
      if (mutant === undefined) return runTests(dir, proofs)
      const planted = sources.planted(mutant)
      const file = join(dir, planted.file)
      const text = readFileSync(file, 'utf8')
      writeFileSync(file, planted.text)
      try {
        return await runTests(dir, proofs)
      } finally {
        writeFileSync(file, text)
      }
    },
    remove: () => rmSync(dir, { recursive: true, force: true }),
  }
}

const CONFIG = `export default {
  cacheDir: 'cache',
  test: {
    include: ['test/**/*.test.ts'], setupFiles: ['test/setup.ts'], pool: 'threads', isolate: false, strictTags: false, testTimeout: 60000,
  },
}
`

/** The built command of the copy is its sources, so that a program that tests start has the line put wrong too. */
const BUILT = `import { register } from 'tsx/esm/api'
register()
await import('../../../src/doors/cli/main.ts')
`

async function runTests(dir: string, proofs: readonly Proof[]) {
  const report = join(dir, 'report.json')
  rmSync(report, { force: true })
  const vitest = join(dir, 'node_modules/vitest/vitest.mjs')
  const files = new Set(proofs.map(({ file }) => file))
  const pattern = proofs.map(({ title }) => patternOf(title)).join('|')
  const argv = [vitest, 'run', ...files, '-t', pattern, '--reporter=json', `--outputFile=${report}`]
  // Vitest exits 1 when a test has failed, and writes its report all the same.
  const failure = await promisify(execFile)(process.execPath, argv, { cwd: dir, maxBuffer: 2 ** 28 }).then(
    () => '',
    (error: Error) => error.message,
  )
  try {
    return ranIn(dir, JSON.parse(readFileSync(report, 'utf8')) as Report)
  } catch (cause) {
    throw new Error(`no tests were run: ${failure}`, { cause })
  }
}

/** What the JSON reporter of vitest writes, as far as it is read. */
interface Report {
  readonly testResults: readonly {
    readonly name: string
    readonly assertionResults: readonly { readonly fullName: string; readonly status: string }[]
  }[]
}

function ranIn(dir: string, { testResults }: Report) {
  return testResults.flatMap(({ name: path, assertionResults }) =>
    assertionResults
      .filter(({ status }) => status === 'passed' || status === 'failed')
      .map(({ fullName: name, status }) => ({ file: path.slice(dir.length + 1), name, passed: status === 'passed' })),
  )
}

/** How much of a value that it fills in vitest shows at least. */
const SHOWN = 36

/** Titles as a regular expression, the long ones by their beginning; what vitest fills in stands for anything. */
function patternOf(title: readonly string[]) {
  return title
    .map((part) => part.slice(0, SHOWN))
    .map((part) => part.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&').replaceAll(/%s|\\\$\w+/g, '.*'))
    .join('.*')
}

const CHECKOUT = fileURLToPath(new URL('../..', import.meta.url))
/** The first line of what a source declares at its left edge. */
const DECLARATION =
  /^(?:export )?(?:declare )?(?:abstract )?(?:async )?(?:function\*?|const|let|class|interface|type) (\w+)/gm

/** A source file with a bug in it. */
export interface Planted {
  /** From the root of the checkout. */
  readonly file: string
  readonly text: string
}

/** A declaration in its source file, up to the next one. */
interface Declared extends Planted {
  readonly start: number
  readonly end: number
}

/** The sources of a checkout, where bugs are found by the name of a declaration, wherever that stands. */
export class Sources {
  readonly #declared = new Map<string, Declared[]>()

  constructor(root = CHECKOUT) {
    for (const name of readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })) {
      if (!name.endsWith('.ts')) continue
      const [file, text] = [join('src', name), readFileSync(join(root, 'src', name), 'utf8')]
      const all = [...text.matchAll(DECLARATION)]
      for (const [at, { index, 1: declared = '' }] of all.entries()) {
        const one = { file, text, start: index, end: all[at + 1]?.index ?? text.length }
        this.#declared.set(declared, [...(this.#declared.get(declared) ?? []), one])
      }
    }
  }

  /** The source with the mutant's line in it. Throws unless what it replaces stands once in a declaration of that name. */
  planted({ name, within, from, to }: Pick<Mutant, 'name' | 'within' | 'from' | 'to'>): Planted {
    const places = (this.#declared.get(within) ?? []).flatMap(({ file, text, start, end }) =>
      placesOf(from, text.slice(start, end)).map(({ at, length }) => ({ file, text, at: start + at, length })),
    )
    const [place] = places
    if (place === undefined || places.length > 1)
      throw new Error(`${name}: stands ${places.length} times in what is named ${within}, not once: ${from}`)
    const { file, text, at, length } = place
    return { file, text: text.slice(0, at) + to + text.slice(at + length) }
  }
}

/** Where a piece of source stands, however its blanks and lines are broken. */
function placesOf(piece: string, text: string) {
  const words = piece.trim().split(/\s+/)
  const pattern = words.map((word) => word.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')).join('\\s+')
  return [...text.matchAll(new RegExp(pattern, 'g'))].map(({ index, 0: found }) => ({
    at: index,
    length: found.length,
  }))
}
