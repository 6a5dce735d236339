import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const source = fileURLToPath(new URL('../../src', import.meta.url))

test('nothing takes a text for a plan but the one file that reads plans on record', () => {
  const files = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'))
  const texts = files.map((file) => [file, readFileSync(join(source, file), 'utf8')] as const)
  expect(texts.filter(([, text]) => text.includes('JSON.parse(')).length).toBeGreaterThan(20)
  const casts = texts.filter(([, text]) => /JSON\.parse\([^\n]*as [^\n]*\bPlan\b/.test(text))
  expect(casts.map(([file]) => file)).toEqual(['plan/recorded-plan.ts'])
})
