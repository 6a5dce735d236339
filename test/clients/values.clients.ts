import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { ValueFault } from '../../src/model/lazy-value.ts'
import type { RosterValue } from '../../src/roster/roster.ts'
import { hostValues } from '../../src/roster/value/host-values.ts'
import { extentOfLong } from '../extent.ts'
import { ownHost, plain } from '../roster/value/own-host.ts'
import { generatedValues, HOST_VARIABLES } from './value-generator.ts'

const PYTHON = '/usr/bin/python3'
const driver = fileURLToPath(new URL('python/template_values.py', import.meta.url))
const missing = ['ansible.template', 'ansible_collections.ansible.utils', 'netaddr'].filter(
  (module) => spawnSync(PYTHON, ['-c', `import ${module}`]).status !== 0,
)
const without = missing.length === 0 ? '' : ` (skipped: not installed: ${missing.join(' ')})`

const SEED = 20261122
const COUNT = extentOfLong(1_000, 2_000)

type Answer = { readonly value: unknown } | { readonly error: string }

function answersOf(values: readonly string[]): readonly Answer[] {
  const input = `{"variables": ${HOST_VARIABLES}, "values": ${JSON.stringify(values)}}`
  const ran = spawnSync(PYTHON, [driver], { input, encoding: 'utf8', maxBuffer: 1 << 28 })
  if (ran.status !== 0) throw new Error(ran.stderr)
  return JSON.parse(ran.stdout)
}

function ownAnswer(text: string): Answer {
  const vars = JSON.parse(HOST_VARIABLES) as Record<string, RosterValue>
  try {
    return { value: plain(hostValues(ownHost({ ...vars, asked: text })).get('asked')) }
  } catch (thrown) {
    if (thrown instanceof ValueFault) return { error: thrown.problem.message }
    throw thrown
  }
}

/** Bigints are numbers here: no generated whole number is larger than JavaScript counts. */
const shown = (answer: Answer): string =>
  JSON.stringify(answer, (_, value: unknown) => (typeof value === 'bigint' ? Number(value) : value))

describe.skipIf(missing.length > 0)(`values of hosts beside Ansible's Templar${without}`, () => {
  test(`made by chance, seed ${SEED}, are the same or are refused`, () => {
    const texts = [...new Set(generatedValues(SEED, COUNT))]
    const judged = answersOf(texts).map((theirs, index) => ({
      text: texts[index],
      theirs,
      ours: ownAnswer(texts[index] ?? ''),
    }))
    const rendered = judged.filter(({ theirs }) => 'value' in theirs)
    const differ = judged.filter(({ theirs, ours }) => 'value' in ours && shown(ours) !== shown(theirs))
    expect(judged.length).toBeGreaterThan(COUNT * 0.75)
    expect(rendered.length).toBeGreaterThan(COUNT / 2)
    expect(differ).toEqual([])
    const same = rendered.filter(({ ours }) => 'value' in ours)
    process.stdout.write(`values, seed ${SEED}: ${rendered.length} rendered by Ansible, ${same.length} the same\n`)
    // What Ansible lets pass is refused: a test on what is undefined, a text of digits compared with a number.
    expect(same.length / rendered.length).toBeGreaterThan(0.97)
  })
})
