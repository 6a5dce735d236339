import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { GATES } from '../recordings.ts'
import { skippedLine } from '../skipped.ts'

const here = fileURLToPath(new URL('..', import.meta.url))
const textOf = (file: string) => readFileSync(join(here, file), 'utf8')
const files = readdirSync(here, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'))

/** The files of `test` that a file imports. */
const importsOf = (file: string) =>
  [...textOf(file).matchAll(/\bfrom '(\.[^']+)'/g)].map((match) =>
    relative(here, join(here, dirname(file), match[1] ?? '')),
  )

/** What offers recordings to tests: the folder itself, and the readers of two kinds of them. */
const OFFER = ['recordings.ts', 'eos/config/replace-pairs.ts', 'eos/sim/lab-fabric.ts']
/** What tests these on material of our own. */
const OWN = ['house/recordings.test.ts', 'skipped.ts', 'eos/sim/lab-fabric.test.ts']

describe('recordings beside the checkout', () => {
  test('are found in one place', () => {
    expect(files.length).toBeGreaterThan(500)
    const others = files.filter((file) =>
      /['"`][./]*\.\.\/shared\//.test(textOf(file).replace(/^.*\b(?:describe|test)\b.*$/gm, '')),
    )
    expect(others).toEqual(['recordings.ts'])
  })

  test('every test file that reads them is a gate of the table, and every gate is there', () => {
    const readers = files.filter(
      (file) => !OFFER.includes(file) && !OWN.includes(file) && importsOf(file).some((one) => OFFER.includes(one)),
    )
    expect(GATES.length).toBeGreaterThan(25)
    expect(GATES.map(({ file }) => file)).toEqual(readers.filter((file) => file.endsWith('.test.ts')).toSorted())
  })

  test('[D4] every gate has a twin in a plain clone: a file without recordings, or own tests beside the skipped ones', () => {
    const wrong = GATES.flatMap(({ file, twins }) =>
      twins
        .filter((twin) => (twin === file ? !hasOwnTests(file) : !existsSync(join(here, twin)) || isGate(twin)))
        .map((twin) => `${file}: ${twin}`),
    )
    expect(wrong).toEqual([])
    expect(hasOwnTests('eos/check/anta-cases.test.ts')).toBe(false)
    expect(hasOwnTests('eos/sim/corpus.test.ts')).toBe(false)
  })

  test('the number of a gate is in its file', () => {
    const plain = (file: string) => textOf(file).replaceAll(/(?<=\d)_(?=\d)/g, '')
    const unsaid = GATES.filter(({ file, count }) => !new RegExp(`\\b${count}\\b`).test(plain(file)))
    expect(unsaid.map(({ file, count }) => `${file}: ${count}`)).toEqual([])
  })

  test('what is skipped is said in one line, by file and with its count', () => {
    const counts = [
      { file: 'eos/check/anta-cases.test.ts', count: 1 },
      { file: 'eos/transport/http.test.ts', count: 4 },
    ]
    expect(skippedLine(counts, false)).toBe(
      'Skipped: 5 tests of 2 files, most of them without the recordings beside the checkout (../shared): ' +
        'eos/check/anta-cases 1 (600 cases of ANTA), eos/transport/http 4',
    )
    expect(skippedLine(counts.slice(1), true)).toBe('Skipped: 4 tests of 1 files: eos/transport/http 4')
  })
})

const isGate = (file: string) => GATES.some((gate) => gate.file === file)

/** Whether a file has tests outside of what it skips without recordings. */
function hasOwnTests(file: string) {
  const kept = textOf(file).replace(/^( *)(?:describe|test)\.skipIf\([\s\S]*?^\1\}?\)$/gm, '')
  return /^ *test(?:\.each)?\(/m.test(kept)
}
