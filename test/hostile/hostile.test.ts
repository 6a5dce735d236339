// @module-tag long

import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import fc from 'fast-check'
import { afterAll, describe, expect, onTestFinished, test } from 'vitest'
import { RefusedDefinition, runStateMachine } from '../../src/lab/state-machine/run-state-machine.ts'
import type { Problem } from '../../src/model/error.ts'
import { HIDDEN_CHARACTER } from '../../src/model/hidden-character.ts'
import { extentOfLong } from '../extent.ts'
import { openLab } from '../lab/lab.ts'
import { MALFORMED } from './cases.ts'
import { Draw, EXPRESSIONS, WORDS } from './hostile-text.ts'
import { type Fate, fateIn, fateOfAnswer, hostileBody, READERS, type Reader, slip } from './readers.ts'

const SEED = 20_261_120
/** Slips of each kind. */
const SLIPS = extentOfLong(24, 200)
/** Inputs of each kind. */
const INPUTS = extentOfLong(3, 40)

const ALL: readonly (readonly [string, Reader])[] = Object.entries(READERS)

const counted = new Map<string, Record<Fate, number>>()

function count(kind: string, fate: Fate) {
  const row = counted.get(kind) ?? { refused: 0, neutral: 0 }
  row[fate] += 1
  counted.set(kind, row)
}

const total = (fate: Fate) => [...counted.values()].reduce((sum, row) => sum + row[fate], 0)

describe('hostile input, all of it in this process', () => {
  test.each(ALL)('%s: what is broken here is good as it is', async (_, reader) => {
    expect(reader.problems({ [reader.path]: reader.good })).toEqual([])
    expect(await fateIn(reader, reader.good)).toBe('neutral')
  })

  test.each(ALL)('%s', async (kind, reader) => {
    const random = new Draw(SEED)
    for (let index = 0; index < INPUTS; index += 1) count(kind, await fateIn(reader, reader.draw(random)))
    expect(counted.get(kind)?.refused).toBeGreaterThan(INPUTS / 4)
  })

  test('expression that is evaluated', async () => {
    for (const expression of EXPRESSIONS) {
      const states = { A: { Type: 'Pass', Output: `{% ${expression} %}`, End: true } }
      const ended = await runStateMachine({
        definition: { QueryLanguage: 'JSONata', StartAt: 'A', States: states },
      }).catch((thrown: unknown) => {
        if (thrown instanceof RefusedDefinition) return { status: 'FAILED' }
        throw thrown
      })
      count('expression', ended.status === 'SUCCEEDED' ? 'neutral' : 'refused')
    }
    expect(counted.get('expression')?.refused).toBeGreaterThan(EXPRESSIONS.length / 2)
  })

  test('answer of a switch', async () => {
    const random = new Draw(SEED)
    for (let index = 0; index < INPUTS; index += 1) count('answer of a switch', await fateOfAnswer(random))
  })

  test('parameter on the command line: nothing is sent', async () => {
    const lab = labWithLabel()
    for (const word of WORDS.filter((one) => !/^[A-Za-z0-9._-]{1,32}$/.test(one))) {
      const { code, out, err } = await lab.eosflow(`plan workflow.yaml -p label=${word}`)
      expect({ code, out }, JSON.stringify(word)).toEqual({ code: 3, out: '' })
      expect(err.replaceAll('\n', '')).not.toMatch(HIDDEN_CHARACTER)
      count('parameter', 'refused')
    }
    expect(lab.fabric.devices.flatMap((one) => one.requests())).toEqual([])
  })

  test('path: nothing outside of the project is read', async () => {
    const lab = openLab()
    const outside = `${lab.dir}-outside.j2`
    writeFileSync(outside, 'vlan 666\n')
    onTestFinished(() => rmSync(outside))
    mkdirSync(join(lab.dir, 'workflows'))
    symlinkSync('/etc/passwd', join(lab.dir, 'workflows/link.j2'))
    symlinkSync('..', join(lab.dir, 'workflows/up'))
    symlinkSync('/dev/zero', join(lab.dir, 'workflows/zero.j2'))
    const paths = [
      `../${basename(outside)}`,
      '/etc/passwd',
      'link.j2',
      `up/../${basename(outside)}`,
      'zero.j2',
      '.',
      'a\u0000b',
      'up',
    ]
    for (const path of paths) {
      lab.write('workflows/w.yaml', WITH_TEMPLATE.replace('PATH', JSON.stringify(path)))
      const { code, err } = await lab.eosflow('plan workflows/w.yaml')
      expect({ path, code }).toEqual({ path, code: 3 })
      expect(err).not.toMatch(/root:|vlan 666/)
      count('path', 'refused')
    }
    expect(lab.fabric.devices.flatMap((one) => one.requests())).toEqual([])
  })

  test('answer of a switch, on the command line: only read, and shown in the open', async () => {
    const random = new Draw(SEED)
    const lab = openLab({ hears: (_lab, answer) => ({ ...answer, body: hostileBody(answer.body, random) }) })
    const commands = [
      ['doctor', '--all'],
      ['snapshot', 'take', 'now'],
      ['sessions', 'list'],
      ['recover', '--scan'],
      ['drift'],
    ]
    for (let index = 0; index < 15; index += 1) {
      const { code, out, err } = await lab.eosflow(...(commands[index % commands.length] ?? []), '-t', 'leaf1')
      expect([0, 2, 3, 7, 10]).toContain(code)
      expect((out + err).replaceAll('\n', '')).not.toMatch(HIDDEN_CHARACTER)
      expect(err).not.toMatch(/unexpected error|\(bug\)/)
      count('answer on the command line', code === 0 ? 'neutral' : 'refused')
    }
    const kinds = lab.fabric.devices.flatMap((one) => one.requests().map(({ kind }) => kind))
    expect(new Set(kinds)).toEqual(new Set(['read']))
  })

  test('the same a second time, and the process is still good', async () => {
    for (const [, reader] of ALL) {
      const random = new Draw(SEED + 1)
      for (let index = 0; index < 3; index += 1) await fateIn(reader, reader.draw(random))
    }
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined()
    expect(Object.keys(Object.prototype)).toEqual([])
    for (const [, reader] of ALL) expect(await fateIn(reader, reader.good)).toBe('neutral')
  })

  afterAll(() => {
    const rows = [...counted].map(([kind, { refused, neutral }]) => `${kind}: ${refused} refused, ${neutral} neutral`)
    process.stdout.write(
      `hostile input, seed ${SEED}: ${total('refused') + total('neutral')}\n  ${rows.join('\n  ')}\n`,
    )
    expect(counted.size).toBe(ALL.length + 5)
    expect(total('refused') + total('neutral')).toBeGreaterThanOrEqual(extentOfLong(110, 500))
    expect(total('refused')).toBeGreaterThan(extentOfLong(80, 300))
  })
})

describe('one malformed input', () => {
  test('there are 67 cases of seven kinds, with empty files and binary bytes among them', () => {
    expect(MALFORMED).toHaveLength(67)
    const kinds = new Set(MALFORMED.map(({ kind }) => kind))
    expect([...kinds].sort()).toEqual(['catalog', 'fabric', 'inventory', 'parameters', 'plan', 'template', 'workflow'])
    const contents = MALFORMED.flatMap(({ files }) => Object.values(files))
    expect(contents.filter((content) => content === '').length).toBeGreaterThanOrEqual(4)
    expect(contents.filter((content) => typeof content !== 'string').length).toBeGreaterThanOrEqual(3)
  })

  test.each(MALFORMED)('$kind: $name: its place and its mend are named', ({ kind, files, given, expect: expected }) => {
    const [first] = READERS[kind].problems(files, given)
    expect(first?.at).toEqual({ file: expected.file, line: expected.line, column: expected.column })
    expect(first?.hint).toContain(expected.hint)
    expect((first?.message ?? '').length).toBeGreaterThan(10)
  })
})

describe('one slip in a well-formed file', () => {
  test.each(ALL)('%s: is never a crash, and every problem has a place in the file', (_, { path, good, problems }) => {
    let refused = 0
    fc.assert(
      fc.property(slip(good), (slipped) => {
        const lines = slipped.split('\n')
        const found = problems({ [path]: slipped })
        refused += found.length > 0 ? 1 : 0
        for (const problem of found) expectPlace(problem, path, lines)
      }),
      { numRuns: SLIPS },
    )
    expect(refused).toBeGreaterThan(SLIPS / 10)
  })
})

function expectPlace({ at, message, hint = '' }: Problem, path: string, lines: readonly string[]) {
  expect(message.length).toBeGreaterThan(5)
  expect(hint.length).toBeGreaterThan(5)
  expect(Math.min(at.line, at.column)).toBeGreaterThanOrEqual(1)
  if (at.file !== path) return
  expect(at.line).toBeLessThanOrEqual(lines.length)
  if (!path.endsWith('.j2')) expect(at.column).toBeLessThanOrEqual((lines[at.line - 1] ?? '').length + 1)
}

const WITH_TEMPLATE = `name: w
targets: leaf1
change: { mode: merge, template: PATH }
steps: [{ snapshot: { state: [vlan] } }, plan, approve, { push: { confirmWithin: 5m } }, { verify: { checks: [reachable] } }, confirm]
`

function labWithLabel() {
  const workflow = `name: w
params: { label: { type: string, pattern: '[A-Za-z0-9._-]{1,32}' } }
targets: leaf1
change: { mode: merge, lines: ['vlan 998', '   name {{ label }}'] }
steps: [{ snapshot: { state: [vlan] } }, plan, approve, { push: { confirmWithin: 5m } }, { verify: { checks: [reachable] } }, confirm]
`
  return openLab({ workflow })
}
