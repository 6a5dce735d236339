import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'

const root = fileURLToPath(new URL('..', import.meta.url))
const read = (file: string): string => readFileSync(join(root, file), 'utf8')
const page = read('ARCHITECTURE.md')
const sources = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts'))
  .map((file) => join('src', file))
const withoutComments = (text: string): string => text.replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '')

/** The rows of the table of doors: what they are called, and the files that they link to, in their order. */
const doors = page.split('\n').flatMap((line) => {
  const [, number, cell] = /^\| (\d\w?) \| ([^|]*) \|/.exec(line) ?? []
  if (number === undefined || cell === undefined) return []
  const linked = [...cell.matchAll(/`(\w+)`[^`[]*\[[^\]]*\]\(([^)]+)\)/g)]
  return linked.map(([, name = '', file = '']) => ({ number, name, file }))
})

describe('ARCHITECTURE.md claims of the doors', () => {
  test('that each is one function of one file', () => {
    const named = doors.filter(({ number }) => number !== '6' && number !== '7')
    expect(named.map(({ name }) => name)).toEqual([
      'compileWorkflow',
      'makePlan',
      'judgeApprovals',
      'decide',
      'next',
      'fold',
      'evaluate',
      'performer',
    ])
    const declared = named.filter(({ name, file }) => {
      const text = read(file)
      return new RegExp(`^export (?:async )?function ${name}\\b`, 'm').test(text) && !/^(?:export )?class /m.test(text)
    })
    expect(named.filter((door) => !declared.includes(door))).toEqual([])
  })

  test('that none imports a later one', () => {
    const importsOf = (file: string): string[] =>
      [...read(file).matchAll(/from '(\.[^']+)'/g)].map(([, to = '']) => relative(root, join(root, dirname(file), to)))
    const back = doors.flatMap(({ file }, index) => {
      const later = doors.slice(index + 1).map((door) => door.file)
      return importsOf(file)
        .filter((to) => later.includes(to) && to !== file)
        .map((to) => `${file} -> ${to}`)
    })
    expect(doors.length).toBeGreaterThanOrEqual(8)
    expect(back).toEqual([])
  })
})

describe('ARCHITECTURE.md claims of the rest', () => {
  test('that one loop walks an execution: one function makes transitions, and one performs them', () => {
    const texts = sources.map((file) => [file, withoutComments(read(file))] as const)
    const callers = (call: RegExp): string[] => texts.filter(([, text]) => call.test(text)).map(([file]) => file)
    // `next` is the same question to all scopes; the record of a success says what follows only where this is what follows.
    const asking = ['src/engine/loop.ts', 'src/engine/next.ts', 'src/engine/task-records.ts']
    expect(callers(/(?<!function )\bnextAt\(/)).toEqual(asking)
    expect(callers(/\bfunction runExecution\(/)).toEqual(['src/engine/run.ts'])
    expect(callers(/(?<!function )\bperformer\(/)).toEqual(['src/engine/run.ts'])
  })

  test('that there are no plugins: what is loaded is named in the source', () => {
    const texts = sources.map((file) => [file, withoutComments(read(file))] as const)
    // A keyword of EOS with what follows it: `import(evpn(…`.
    const code = texts.filter(([file]) => file !== 'src/config/syntax/table.ts')
    const loads = code.flatMap(([file, text]) =>
      [...text.matchAll(/(?<![.#\w])import\(\s*(['"`]?)([^)]*)/g)].map(([, quote, what]) => ({ file, quote, what })),
    )
    expect(loads.length).toBeGreaterThan(50)
    expect(loads.filter(({ quote, what }) => (quote === '' && !/^offset\b/.test(what ?? '')) || quote === '`')).toEqual(
      [],
    )
    const evaluated = texts.filter(([, text]) => /\bnew Function\(|(?<![.\w])eval\(|runInThisContext\(/.test(text))
    expect(evaluated.map(([file]) => file)).toEqual(['src/cli/load-program.ts'])
  })
})
