import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { readPolicy } from '../../src/change/policy/read-policy.ts'
import { compileWorkflow } from '../../src/change/workflow/compile.ts'
import { outlineSchema, STEP_INPUTS, STEPS_NOT_BUILT } from '../../src/change/workflow/definition/workflow-schema.ts'
import { STATE_AREAS } from '../../src/change/workflow/schema/state-areas.ts'
import { EXIT_CODES, exitCodeOfError, GRAVEST_FIRST } from '../../src/doors/cli/outcome/exit-code.ts'
import { commands } from '../../src/doors/cli/usage/commands.ts'
import { ownChecks } from '../../src/eos/check/builtin/index.ts'
import { knownChecks } from '../../src/eos/check/builtin/known-checks.ts'
import { features } from '../../src/features/index.ts'
import type { ErrorKind } from '../../src/model/error.ts'
import { parseSettings } from '../../src/project/files/settings/settings.ts'
import { FILTERS } from '../../src/text/jinja/filter/names.ts'
import { REFUSED_FILTERS } from '../../src/text/jinja/filter/refused.ts'
import { TESTS } from '../../src/text/jinja/filter/tests.ts'
import { fileOf } from './sources.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const read = (file: string) => readFileSync(join(root, file), 'utf8')

/** Every Markdown file of the project, from its root. */
const pages = [
  ...readdirSync(root).filter((file) => file.endsWith('.md')),
  ...readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.md'))
    .map((file) => join('docs', file)),
]

const withoutCode = (text: string) => text.replace(/^```[\s\S]*?^```/gm, '').replace(/`[^`\n]*`/g, '')

/** The rows of the Markdown tables of a text, as cells. */
function rowsOf(text: string) {
  const rows = text.split('\n').filter((line) => /^\|.*\|$/.test(line) && !/^\|[ :|-]+\|$/.test(line))
  return rows.map((row) =>
    row
      .slice(1, -1)
      .split(/(?<!\\)\|/)
      .map((cell) => cell.trim()),
  )
}

/** The names in backticks in a cell. */
const namesIn = (cell = '') => [...cell.matchAll(/`([^`]+)`/g)].map((match) => match[1] ?? '')

/** A heading as it is linked to. */
const anchorOf = (heading: string) =>
  heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N} _-]/gu, '')
    .replaceAll(' ', '-')

const anchorsIn = (file: string) => [...read(file).matchAll(/^#+ (.*)$/gm)].map((match) => anchorOf(match[1] ?? ''))

function linkFault(page: string, link: string) {
  const [path = '', anchor] = link.split('#')
  const target = path === '' ? page : join(dirname(page), path)
  if (relative(root, join(root, target)).startsWith('..')) return [`${page}: ${link} leaves the project`]
  if (!existsSync(join(root, target))) return [`${page}: ${link} is not there`]
  return anchor === undefined || anchorsIn(target).includes(anchor) ? [] : [`${page}: ${link} has no such heading`]
}

describe('the README', () => {
  test('[3N8] is 600 words, one picture and five links, and the first workflow 900 words', () => {
    const text = read('README.md')
    const words = (page: string) => read(page).trim().split(/\s+/).length
    expect(words('README.md')).toBeLessThanOrEqual(600)
    expect(words('docs/first-workflow.md')).toBeLessThanOrEqual(900)
    expect(text.match(/^!\[/gm)).toHaveLength(1)
    const [, links = ''] = text.split('## Where to go from here\n')
    expect(links.match(/^- \[/gm)).toHaveLength(5)
  })

  test('[3N8] says before all other things whether it has touched a real switch', () => {
    const headings = [...read('README.md').matchAll(/^## (.*)$/gm)].map(([, heading]) => heading)
    expect(headings.slice(0, 4)).toContain('Has it touched a real switch?')
  })

  test('leads to the list of pages, which names every page', () => {
    expect(read('README.md')).toContain('](docs/README.md)')
    const named = read('docs/README.md')
    const own = pages.filter((page) => page.startsWith('docs/') && !/^docs\/(?:adr|decisions|README\.md)/.test(page))
    expect(own.length).toBeGreaterThanOrEqual(50)
    expect(own.filter((page) => !named.includes(`](${page.slice('docs/'.length)})`))).toEqual([])
  })

  test('has the two commands', () => {
    const lines = read('README.md').split('\n')
    expect(lines).toContain('npm ci && npm run demo')
    expect(lines).toContain('npm cit')
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> }
    expect(Object.keys(scripts)).toEqual(expect.arrayContaining(['demo', 'test', 'prepare']))
  })
})

test('what you can rely on has an id for each claim', () => {
  const claims = read('docs/guarantees.md')
    .split(/^\d+\. /gm)
    .slice(1)
  expect(claims).toHaveLength(7)
  expect(claims.filter((claim) => !/\[G\d+\]/.test(claim))).toEqual([])
})

describe('what is pasted from the README and the first workflow', () => {
  const text = read('README.md') + read('docs/first-workflow.md')
  const blocks = [...text.matchAll(/^```sh\n([\s\S]*?)^```$/gm)].map(([, body = '']) => body.trimEnd().split('\n'))

  test('has no comment: in zsh the words behind # are arguments', () => {
    expect(blocks.flat().length).toBeGreaterThanOrEqual(10)
    expect(blocks.flat().filter((line) => line.includes('#'))).toEqual([])
  })

  test('calls the launcher of the checkout, by its path from where one is', () => {
    const typed = blocks.flat().flatMap((line) => [...line.matchAll(/(\S*)eosflow (\S+)/g)])
    expect(typed.length).toBeGreaterThanOrEqual(10)
    expect(typed.filter(([, path, verb]) => path !== (verb === 'init' ? './' : '../')).map(([line]) => line)).toEqual(
      [],
    )
  })

  test('has what asks a question last in its block: the next line would be its answer', () => {
    const asks = /\beosflow (?:run|apply|approve|reject|rollback|resume)\b/
    expect(blocks.flat().some((line) => asks.test(line))).toBe(true)
    expect(blocks.flatMap((lines) => lines.slice(0, -1)).filter((line) => asks.test(line))).toEqual([])
  })
})

describe('the pages', () => {
  test('link only to what is there', () => {
    const links = pages.flatMap((page) =>
      [...withoutCode(read(page)).matchAll(/\]\(([^)\s]+)\)/g)]
        .map((match) => ({ page, link: match[1] ?? '' }))
        .filter(({ link }) => !/^[a-z]+:/.test(link)),
    )
    expect(pages.length).toBeGreaterThanOrEqual(19)
    expect(links.length).toBeGreaterThanOrEqual(30)
    expect(links.flatMap(({ page, link }) => linkFault(page, link))).toEqual([])
  })

  test('keep to their lengths', () => {
    const length = (file: string) => read(file).trimEnd().split('\n').length
    expect(length('ARCHITECTURE.md')).toBeLessThanOrEqual(150)
    expect(length('CONTRIBUTING.md')).toBeLessThanOrEqual(120)
  })

  test('decision records are numbered without a gap and have the same four parts', () => {
    const records = readdirSync(join(root, 'docs/adr')).sort()
    expect(records.length).toBeGreaterThanOrEqual(10)
    expect(records.map((file) => Number(file.slice(0, 4)))).toEqual(records.map((_, index) => index + 1))
    for (const record of records) {
      const text = read(join('docs/adr', record))
      expect(text).toMatch(new RegExp(`^# ${record.slice(0, 4)}\\. `))
      expect([...text.matchAll(/^(?:Status|## (\w+))/gm)].map((match) => match[1] ?? 'Status')).toEqual([
        'Status',
        'Context',
        'Decision',
        'Consequences',
      ])
    }
  })
})

test('every decision is in a chapter of one screen, and each chapter leads to decisions that are there', () => {
  const records = readdirSync(join(root, 'docs/adr')).map((file) => file.slice(0, 4))
  const chapters = readdirSync(join(root, 'docs/decisions'))
  const named = chapters.flatMap((file) => {
    const text = read(join('docs/decisions', file))
    expect(text.split('\n').length, file).toBeLessThanOrEqual(40)
    return [...text.matchAll(/\(\.\.\/adr\/(\d{4})-/g)].map((match) => match[1] ?? '')
  })
  expect(chapters).toHaveLength(8)
  expect([...new Set(named)].sort()).toEqual(records.sort())
})

test('[D5] a decision that takes the place of another names it, and that one says so: nothing is reversed in silence', () => {
  const records = readdirSync(join(root, 'docs/adr')).sort()
  const statusOf = (record: string) => /^Status: .*$/m.exec(read(join('docs/adr', record)))?.[0] ?? ''
  const replacing = records.flatMap((record) =>
    [...statusOf(record).matchAll(/Takes the place of "([^"]+)" in \[ADR \d+\]\(([^)]+)\)/g)].map(
      ([, part = '', older = '']) => ({ record, part, older }),
    ),
  )
  const replaced = records.flatMap((record) =>
    [...statusOf(record).matchAll(/"([^"]+)" is replaced by \[ADR \d+\]\(([^)]+)\)/g)].map(
      ([, part = '', newer = '']) => ({ record: newer, part, older: record }),
    ),
  )
  expect(replacing.length).toBeGreaterThanOrEqual(3)
  const inTurn = (all: typeof replacing) => all.map(({ record, part, older }) => `${record} "${part}" ${older}`).sort()
  expect(inTurn(replaced)).toEqual(inTurn(replacing))
  for (const { part, older } of replacing) expect(read(join('docs/adr', older))).toContain(part)
  // What a reversed decision says is not what the code does: the default of `hostKey` is `tofu`.
  expect(statusOf('0014-ssh-dialogue.md')).toContain('"Host keys are strict" is replaced')
})

describe('ARCHITECTURE.md', () => {
  const tables = read('test/house/walls.test.ts')

  /** The entries of a table in the architecture test: `package: ['folder', 'folder/below'],`. */
  function entriesOf(name: string) {
    const body = new RegExp(`^const ${name}: .*= \\{\\n([\\s\\S]*?)^\\}`, 'm').exec(tables)?.[1] ?? ''
    const entries = [...body.matchAll(/^ {2}'?([\w@/-]+)'?: (\[[^\]]*\]|\w+),$/gm)]
    return new Map(entries.map(([, key = '', value = '']) => [key, value.match(/[\w/-]+(?:\.ts)?/g) ?? []]))
  }

  const folders = rowsOf(read('ARCHITECTURE.md').split('## 3. ')[1]?.split('## 4. ')[0] ?? '').slice(1)
  const listed = (cell = '') => (cell === '–' ? [] : cell.split(', ')).sort()

  test('draws the folders as the architecture test has them, each with those above it', () => {
    const order = /^const ORDER = \[([^\]]*)\]/m.exec(tables)?.[1]?.match(/\w+/g) ?? []
    expect(order).toHaveLength(9)
    const expected = order.map((folder, place) => [folder, order.slice(0, place).sort()])
    expect(folders.map(([folder, , imports]) => [namesIn(folder)[0], listed(imports)])).toEqual(expected)
  })

  test('gives each package the folders that the architecture test gives it', () => {
    const home = new Map([...entriesOf('home'), ...entriesOf('bundled'), ...entriesOf('optional')])
    expect(home.size).toBeGreaterThanOrEqual(11)
    const expected = [...home].map(([name, places]) => [
      name,
      [...new Set(places.map((place) => place.split('/')[0]))].sort(),
    ])
    const drawn = [...home.keys()].map((name) => [
      name,
      folders
        .filter((row) => listed(row[3]).includes(name))
        .map(([folder]) => namesIn(folder)[0])
        .sort(),
    ])
    expect(drawn).toEqual(expected)
    expect(folders.flatMap((row) => listed(row[3])).filter((name) => !home.has(name))).toEqual([])
  })
})

describe('docs/errors-and-exit-codes.md', () => {
  const page = read('docs/errors-and-exit-codes.md')

  test('has the exit codes of the command line, word for word', () => {
    const rows = rowsOf(page).filter(([code = '']) => /^\d+$/.test(code))
    expect(rows.length).toBe(14)
    expect(Object.fromEntries(rows)).toEqual(EXIT_CODES)
    expect(page).toContain(`in this order: ${GRAVEST_FIRST.join(', ')}.`)
  })

  test('has every kind of error with its exit code', () => {
    const kinds = [...read(fileOf('ErrorKind')).matchAll(/^ \* - `([a-z-]+)`:/gm)].map((match) => match[1] ?? '')
    expect(kinds.length).toBeGreaterThanOrEqual(17)
    const section = page.split('## Kinds of error')[1]?.split('\n## ')[0] ?? ''
    const rows = rowsOf(section).slice(1)
    expect(rows.map(([kind, code]) => [namesIn(kind)[0], Number(code)])).toEqual(
      kinds.map((kind) => [kind, exitCodeOfError(kind as ErrorKind)]),
    )
  })
})

describe('docs/commands.md', () => {
  const page = read('docs/commands.md')

  test('has every command and every flag as the command line takes them', () => {
    expect(commands.length).toBeGreaterThanOrEqual(22)
    expect(commands.map(({ usage }) => usage).filter((usage) => !page.includes(`\`eosflow ${usage}\``))).toEqual([])
    const flags = commands.flatMap(({ options = [] }) => options.map((option) => option.flags))
    expect(flags.length).toBeGreaterThanOrEqual(20)
    expect(flags.filter((flag) => !page.includes(`\`${flag}\``))).toEqual([])
  })

  test('has no command that is not there', () => {
    const known = new Set([...commands.map(({ usage }) => usage), 'help all', 'help exit-codes'])
    const named = rowsOf(page).flatMap(([cell]) => namesIn(cell).filter((name) => name.startsWith('eosflow ')))
    expect(named.length).toBe(known.size)
    expect(named.filter((name) => !known.has(name.slice('eosflow '.length)))).toEqual([])
  })
})

describe('docs/templates.md', () => {
  const names = new Set(rowsOf(read('docs/templates.md')).flatMap((cells) => cells.flatMap(namesIn)))
  const bare = (name: string) => name.replace(/^ansible\.(?:builtin|legacy|netcommon|utils)\./, '')

  test('has every filter and every test by the names that they have', () => {
    const known = [...Object.keys(FILTERS), ...Object.keys(TESTS)]
    expect(known.length).toBeGreaterThanOrEqual(300)
    expect(known.filter((name) => !names.has(name) && !names.has(bare(name)))).toEqual([])
  })

  test('has no filter or test that is not there, and says which are refused', () => {
    const [filters, refused, tests] = read('docs/templates.md')
      .split(/^\| (?:from|filter) \|.*$/m)
      .slice(1)
    const listed = [filters, tests].flatMap(
      (table = '') =>
        table
          .split(/\n\n/)[0]
          ?.split('\n')
          .flatMap((row) => namesIn(row.split('|')[2] ?? '')) ?? [],
    )
    expect(listed.length).toBeGreaterThanOrEqual(150)
    const others = listed.filter((name) => !Object.hasOwn(FILTERS, name) && !Object.hasOwn(TESTS, name))
    expect(others).toEqual(['ansible.builtin.NAME'].filter((name) => others.includes(name)))
    const told =
      (refused ?? '')
        .split(/\n\n/)[0]
        ?.split('\n')
        .flatMap((row) => namesIn(row.split('|')[1] ?? '')) ?? []
    expect(told.length).toBeGreaterThanOrEqual(40)
    expect(told.filter((name) => !Object.hasOwn(REFUSED_FILTERS, name))).toEqual([])
  })
})

describe('docs/workflow.md', () => {
  const page = read('docs/workflow.md')
  const rows = rowsOf(page)
  const inFirstCells = new Set(rows.flatMap(([cell]) => namesIn(cell).map((name) => name.replace(/\(.*$/, ''))))

  test('has every key, step, area and check', () => {
    const words = [
      ...Object.keys(outlineSchema.shape),
      ...Object.keys(outlineSchema.shape.rollout.unwrap().shape),
      ...Object.keys(STEP_INPUTS),
      ...STATE_AREAS,
      ...ownChecks.map(({ name }) => name),
    ]
    expect(words.length).toBeGreaterThanOrEqual(50)
    expect(words.filter((word) => !inFirstCells.has(word))).toEqual([])
    expect(STEPS_NOT_BUILT.filter((name) => !page.includes(`\`${name}\``))).toEqual([])
  })

  test('names the inputs of every check of eosflow', () => {
    const inputs = ownChecks.flatMap(({ name, input }) => {
      const { properties = {} } = input.toJSONSchema({ io: 'input' })
      return Object.keys(properties).map((key) => ({ name, key }))
    })
    expect(inputs.length).toBeGreaterThanOrEqual(7)
    const rowOf = (name: string) => rows.find(([cell]) => cell === `\`${name}\``)?.[1] ?? ''
    expect(inputs.filter(({ name, key }) => !namesIn(rowOf(name)).includes(key))).toEqual([])
  })

  test('every workflow on a page compiles', () => {
    const examples = pages.flatMap((file) =>
      [...read(file).matchAll(/^```yaml workflow\n([\s\S]*?)^```/gm)].map((match) => match[1] ?? ''),
    )
    expect(examples.length).toBeGreaterThanOrEqual(2)
    const context = {
      files: () => undefined,
      checks: knownChecks,
      policyPresent: false,
    }
    for (const example of examples) {
      const compiled = compileWorkflow(example, 'workflows/example.yaml', context)
      expect(compiled.ok ? [] : compiled.problems).toEqual([])
    }
  })
})

describe('what is pasted from the pages', () => {
  const blocks = pages.flatMap((page) =>
    [...read(page).matchAll(/^```yaml\n([\s\S]*?)^```$/gm)].map(([, body = '']) => ({ page, body })),
  )
  const beginsWith = (key: RegExp) => blocks.filter(({ body }) => key.test(body.replace(/^#.*\n/gm, '')))

  test('into eosflow.yaml is good there', () => {
    const examples = beginsWith(/^(?:identity|audit|secrets|http|approvals|disk):/)
    expect(examples.map(({ page }) => page)).toEqual([
      'docs/agents.md',
      'docs/approvals.md',
      'docs/around.md',
      'docs/audit.md',
      'docs/beside-cloudvision.md',
      'docs/http-task.md',
      'docs/identity.md',
      'docs/judges.md',
      'docs/secrets.md',
      'docs/store.md',
    ])
    const problems = examples.flatMap(({ page, body }) => {
      const read = parseSettings(body, page, features)
      return read.ok ? [] : read.problems
    })
    expect(problems).toEqual([])
  })

  test('into policy.yaml is good there', () => {
    const examples = beginsWith(/^version: 1\nroles:/)
    expect(examples.map(({ page }) => page)).toEqual([
      'docs/a-week.md',
      'docs/an-alert-at-night.md',
      'docs/policy.md',
      'docs/schedules.md',
    ])
    expect(examples.map(({ page, body }) => readPolicy(body, page))).toMatchObject([
      { ok: true },
      { ok: true },
      { ok: true },
      { ok: true },
    ])
  })
})

describe('the VLAN of the examples', () => {
  test('is new on the bundled fabric, so that what is pasted succeeds', () => {
    const examples = [...pages.map(read), ...commands.map(({ example }) => example)].flatMap((text) =>
      [...text.matchAll(/-p vlan=(\d+)/g)].map(([, vlan]) => vlan),
    )
    expect(examples.length).toBeGreaterThanOrEqual(8)
    const configs = ['leaf1', 'leaf3'].map((name) => read(`fixtures/dc1/${name}/running-config`))
    const there = configs.flatMap((text) =>
      [...text.matchAll(/^vlan ([\d,-]+)$/gm)].flatMap(([, list = '']) => vlans(list)),
    )
    expect(there).toEqual(expect.arrayContaining(['110', '120', '121']))
    expect(examples.filter((vlan = '') => there.includes(vlan))).toEqual([])
  })

  /** `110-112,120` as 110, 111, 112, 120. */
  function vlans(list: string) {
    return list.split(',').flatMap((part) => {
      const [from = 0, to = from] = part.split('-').map(Number)
      return Array.from({ length: to - from + 1 }, (_, index) => `${from + index}`)
    })
  }
})

describe('docs/unproven.md', () => {
  test('says of every rule what it rests on, and where the code is', () => {
    const rows = rowsOf(read('docs/unproven.md')).filter(([rule]) => rule !== 'rule')
    expect(rows.length).toBeGreaterThanOrEqual(80)
    expect(rows.filter((row) => row.length !== 3 || row.includes(''))).toEqual([])
    const places = rows.flatMap((row) => namesIn(row[2]))
    expect(places.length).toBeGreaterThanOrEqual(80)
    const isThere = (place: string) => ['src', 'src/eos/sim'].some((base) => existsSync(join(root, base, place)))
    expect(places.filter((place) => !isThere(place))).toEqual([])
  })
})
