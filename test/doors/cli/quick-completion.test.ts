import { execFileSync, spawnSync } from 'node:child_process'
import { appendFileSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, test, vi } from 'vitest'
import { completionTable } from '../../../src/doors/cli/completion.ts'
import type { ValueQuestion } from '../../../src/project/authoring/completion/completion.ts'
import { keepValues, keptValues } from '../../../src/project/authoring/completion/kept-values.ts'
import { BUILT, fileText, ROOT, temporaryFolder } from '../../lab/lab.ts'

afterEach(() => {
  vi.unstubAllEnvs()
})

const NOON = Date.parse('2026-11-27T12:00:00Z')
const question = (given: Partial<ValueQuestion> = {}) => ({
  of: 'target',
  about: '',
  line: { command: ['plan'], args: [], flags: {} },
  ...given,
})

/** A folder with an answer that was kept at noon, and rests on one file. */
function kept() {
  vi.stubEnv('XDG_CACHE_HOME', temporaryFolder())
  const dir = temporaryFolder({ 'inventory.yaml': 'devices: {}\n' })
  keepValues(dir, question(), { words: ['leaf1', 'leaf2'], restsOn: [join(dir, 'inventory.yaml')] }, NOON)
  return dir
}

test('an answer is kept for two minutes, for the same question in the same folder', () => {
  const dir = kept()
  expect(keptValues(dir, question(), NOON)).toEqual(['leaf1', 'leaf2'])
  expect(keptValues(dir, question(), NOON + 120_000)).toEqual(['leaf1', 'leaf2'])
  expect(keptValues(dir, question(), NOON + 120_001)).toBeUndefined()
  expect(keptValues(dir, question(), NOON - 1)).toBeUndefined()
  const others: readonly ValueQuestion[] = [
    question({ of: 'switch' }),
    question({ about: 'failed:' }),
    question({ line: { command: ['run'], args: [], flags: {} } }),
    question({ line: { command: ['plan'], args: [], flags: { project: 'other' } } }),
    question({ line: { command: ['plan'], args: [], flags: { store: 'other.db' } } }),
  ]
  for (const other of others) expect(keptValues(dir, other, NOON)).toBeUndefined()
  expect(keptValues(join(dir, 'below'), question(), NOON)).toBeUndefined()
  // Of a parameter it is the one of that workflow; for a switch what else was typed changes nothing.
  const line = (file: string) => ({ command: ['plan'], args: [file], flags: {} })
  keepValues(dir, question({ of: 'param', line: line('a.yaml') }), { words: ['vlan='], restsOn: [] }, NOON)
  expect(keptValues(dir, question({ of: 'param', line: line('a.yaml') }), NOON)).toEqual(['vlan='])
  expect(keptValues(dir, question({ of: 'param', line: line('b.yaml') }), NOON)).toBeUndefined()
  expect(keptValues(dir, question({ line: line('b.yaml') }), NOON)).toEqual(['leaf1', 'leaf2'])
})

test.each([
  ['a file that it rests on is another', 'inventory.yaml', 'devices: { leaf3: {} }\n'],
  ['a project is nearer than the one of the answer', 'eosflow.yaml', 'version: 1\n'],
])('it is not taken when %s', (_what, file, text) => {
  const dir = kept()
  writeFileSync(join(dir, file), text)
  expect(keptValues(dir, question(), NOON)).toBeUndefined()
})

test('what is kept and no answer is none', () => {
  const dir = kept()
  const cache = join(process.env.XDG_CACHE_HOME ?? '', 'eosflow')
  const [name = ''] = readdirSync(cache)
  expect(statSync(join(cache, name)).mode & 0o777).toBe(0o600)
  writeFileSync(join(cache, name), '{')
  expect(keptValues(dir, question(), NOON)).toBeUndefined()
})

test('the table that the build writes is that of the commands', () => {
  const table = completionTable()
  expect(JSON.parse(fileText(ROOT, 'dist/doors/cli/completion.json'))).toEqual(table)
  expect(table.commands.length).toBeGreaterThan(80)
})

/** A project, and how the built command answers zsh in it, by the files of the program that it has loaded. */
function project() {
  const cache = temporaryFolder()
  const dir = temporaryFolder()
  const env = { ...process.env, XDG_CACHE_HOME: cache, NODE_V8_COVERAGE: '' }
  execFileSync(process.execPath, [BUILT, 'init', 'p'], { cwd: dir, env })
  const cwd = join(dir, 'p')
  const asked = (...words: readonly string[]) => {
    const traced = temporaryFolder()
    const { stdout, status } = spawnSync(process.execPath, [BUILT, '__complete', 'zsh', ...words], {
      cwd,
      env: { ...env, NODE_V8_COVERAGE: traced },
      encoding: 'utf8',
    })
    const loaded = readdirSync(traced).map((name) => fileText(traced, name))
    const isQuick = loaded.length > 0 && !loaded.some((text) => text.includes('dist/doors/cli/quick.cjs'))
    return { words: stdout.split('\n').slice(0, -1), status, isQuick }
  }
  return { cwd, asked }
}

test('words need no program; values need it once, and again when the project is another', {
  tags: ['long', 'turn'],
}, () => {
  const { cwd, asked } = project()
  expect(asked('dri')).toEqual({ words: ['drift'], status: 0, isQuick: true })
  const leaves = ['leaf1', 'leaf2', 'leaf3', 'leaf4']
  expect(asked('inventory', 'show', 'le')).toEqual({ words: leaves, status: 0, isQuick: false })
  // Another letter is the same question.
  expect(asked('inventory', 'show', 'leaf')).toEqual({ words: leaves, status: 0, isQuick: true })
  const inventory = fileText(cwd, 'inventory.yaml')
  writeFileSync(join(cwd, 'inventory.yaml'), inventory.replace(/\bleaf4\b/g, 'leaf9'))
  expect(asked('inventory', 'show', 'leaf')).toEqual({
    words: ['leaf1', 'leaf2', 'leaf3', 'leaf9'],
    status: 0,
    isQuick: false,
  })
  expect(asked('plan', 'workflows/add-vlan.yaml', '-p', '').isQuick).toBe(false)
  expect(asked('plan', 'workflows/add-vlan.yaml', '-p', 'vl')).toEqual({ words: ['vlan='], status: 0, isQuick: true })
  appendFileSync(join(cwd, 'workflows/add-vlan.yaml'), '# another\n')
  expect(asked('plan', 'workflows/add-vlan.yaml', '-p', 'vl').isQuick).toBe(false)
  // A policy may say who sees what is on record.
  expect(asked('show', '@')).toEqual({ words: ['@latest'], status: 0, isQuick: false })
  expect(asked('show', '@').isQuick).toBe(true)
  writeFileSync(join(cwd, 'policy.yaml'), 'version: 1\nroles: {}\nrules: []\n')
  expect(asked('show', '@').isQuick).toBe(false)
  mkdirSync(join(cwd, '.eosflow'), { recursive: true })
  writeFileSync(join(cwd, '.eosflow/store.db-wal'), 'x')
  expect(asked('show', '@').isQuick).toBe(false)
})
