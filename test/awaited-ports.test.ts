import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const root = fileURLToPath(new URL('..', import.meta.url))
const textOf = (file: string): string => readFileSync(join(root, file), 'utf8')
const under = (folder: string): string[] =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map((file) => join(folder, file))

/** The questions of the ports whose answers are promises. Reads of a journal are of many other things too: those the types see. */
const PORTS = ['journal/store.ts', 'journal/lease.ts', 'journal/claims.ts', 'journal/audit/audit-trail.ts']
const AMBIGUOUS: ReadonlySet<string> = new Set(['close', 'release', 'renew', 'records', 'claim', 'checkpoint', 'read'])

const questions = PORTS.flatMap((file) => [
  ...textOf(join('src', file)).matchAll(/^ {2}(\w+)(?:<[^>]*>)?\([^)]*\): Promise</gm),
])
  .map(([, name = '']) => name)
  .filter((name) => !AMBIGUOUS.has(name))

const QUESTION = new RegExp(`^.*(?:\\w|\\))\\.(?:${questions.join('|')})\\(.*$`, 'gm')
/** Waited for, or handed on as the promise that it is. */
const ANSWERED = /\bawait\b|=> (?:\w+\.)*\w+\(|return .*\?.*:|return (?:#?\w+\.)+\w+\(|^\s*(?:\/\/|\*|\/\*)/

/** The same words asked of what lies in memory: the heads of chains that were walked, the checkpoints of a file. */
const IN_MEMORY = /\b(?:chains|this)\.head\(|\.\.\.store\.checkpoints\(\)/

test('[D3] no question to a store is left without its answer: a promise is true, and a condition on one decides nothing', () => {
  // Neither the compiler nor the linter objects to `!store.knowsPlan(digest)`.
  expect(questions.length).toBe(35)
  const answering = [join('src', 'journal', 'sqlite'), join('src', 'sim')]
  const asked = [...under('src'), ...under('simulate')]
    .filter((file) => file.endsWith('.ts') && !answering.some((folder) => file.startsWith(folder)))
    .flatMap((file) => [...textOf(file).matchAll(QUESTION)].map(([line]) => `${file}: ${line.trim()}`))
  expect(asked.length).toBeGreaterThan(60)
  expect(asked.filter((line) => !ANSWERED.test(line) && !IN_MEMORY.test(line))).toEqual([])
})

test('the rule can fail', () => {
  expect('if (!app.store.knowsPlan(plan.digest)) {').toMatch(QUESTION)
  expect('if (!app.store.knowsPlan(plan.digest)) {').not.toMatch(ANSWERED)
  expect('if (!(await app.store.knowsPlan(plan.digest))) {').toMatch(ANSWERED)
})
