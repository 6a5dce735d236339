import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { problemOf } from '../../src/model/error.ts'

test('a problem of a whole file or of a flag is at its first character', () => {
  expect(problemOf('--key', 'bad-key', 'it is empty', 'Give a number.')).toEqual({
    code: 'bad-key',
    message: 'it is empty',
    at: { file: '--key', line: 1, column: 1 },
    hint: 'Give a number.',
  })
  expect(problemOf('w.yaml', 'c', 'm')).toEqual({ code: 'c', message: 'm', at: { file: 'w.yaml', line: 1, column: 1 } })
})

test('nothing spells it out by itself', () => {
  const source = fileURLToPath(new URL('../../src', import.meta.url))
  const files = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'))
  const texts = files.map((file) => [file, readFileSync(join(source, file), 'utf8')] as const)
  const calls = texts.reduce((sum, [, text]) => sum + text.split('problemOf(').length - 1, 0)
  expect(calls).toBeGreaterThan(60)
  const spelled = texts.filter(([, text]) => /\bat: \{ file[^}]*, line: 1, column: 1 \},?\s*hint/.test(text))
  expect(spelled.map(([file]) => file)).toEqual([])
})
