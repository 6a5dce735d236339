import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { catalogueChecks } from '../../../src/eos/check/builtin/index.ts'
import { checkCommands, judgeCheck } from '../../../src/lab/trial/judge-check.ts'
import type { Json } from '../../../src/model/json.ts'
import { recordings } from '../../recordings.ts'

const corpus = recordings('eos-corpus/anta-cases/')
const there = existsSync(corpus)

interface Recorded {
  readonly kind: 'AntaCommand' | 'AntaTemplate'
  readonly command?: string
  readonly template?: string
  readonly revision?: number
  readonly ofmt?: 'json' | 'text'
}

interface Case {
  readonly test: string
  readonly module: string
  readonly name: string
  readonly commands: readonly Recorded[]
  readonly inputs: Json
  readonly eos_data: readonly Json[]
  readonly expected: { readonly result: string; readonly messages?: readonly string[] }
}

const files = there ? readdirSync(corpus).filter((name) => name.endsWith('.json')) : []
const casesIn = (file: string): readonly Case[] => JSON.parse(readFileSync(new URL(file, corpus), 'utf8')).cases

/** The recorded answers of interfaces are a day old by then, which messages tell: `Uptime: 1 day`. */
const RECORDED_AT = 1_795_157_100

/** Inputs that ANTA takes by default, and whose command its documentation gives and the record does not. */
const ASKS_MORE: Readonly<Record<string, RegExp>> = {
  VerifyCPUUtilization: /^bash timeout \d+ .*nproc|^bash /,
  VerifyFlashUtilization: /^show file systems$|^session peer-supervisor .*show file systems/,
}

/** Checks of ANTA's documentation that no recorded case is of: the old name of VerifyStunClientTranslation. */
const DOCUMENTED_ONLY: readonly string[] = ['VerifyStunClient']

/** A template as a pattern: each parameter is any text, and may be empty. */
function expansion(template: string) {
  const literal = template.split(/\{[a-z0-9_]+\}/).map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'))
  return new RegExp(`^${literal.join('.*')}$`)
}

const whole = ({ revision, ofmt }: Recorded) => ({
  ...(revision === undefined ? {} : { revision }),
  format: ofmt ?? 'json',
})

function expectCommands({ test: name, commands, inputs, eos_data }: Case) {
  const asked = checkCommands(name, inputs)
  expect(asked).toHaveLength(eos_data.length)
  if (commands.every(({ kind }) => kind === 'AntaCommand')) {
    expect(asked).toEqual(commands.map((one) => ({ command: one.command, ...whole(one) })))
    return
  }
  const more = ASKS_MORE[name]
  let furthest = 0
  for (const { command, ...rest } of asked) {
    const at = commands.findIndex(
      (one, index) =>
        index >= furthest &&
        expansion(one.template ?? one.command ?? '').test(command) &&
        JSON.stringify(whole(one)) === JSON.stringify(rest),
    )
    if (at < 0 && more?.test(command) === true) continue
    expect(
      at,
      `${command} ${JSON.stringify(rest)} is an expansion of what is recorded, in its order`,
    ).toBeGreaterThanOrEqual(0)
    furthest = at
  }
}

describe.skipIf(!there)('the cases recorded of ANTA (needs ../shared)', () => {
  test('there are 600 cases of 207 checks, and every one of these is here', () => {
    const cases = files.flatMap(casesIn)
    expect(cases).toHaveLength(600)
    const recorded = [...new Set(cases.map((one) => one.test))].sort()
    expect(recorded).toHaveLength(207)
    expect(recorded.filter((name) => !catalogueChecks.some((check) => check.name === name))).toEqual([])
    expect(catalogueChecks).toHaveLength(recorded.length + DOCUMENTED_ONLY.length)
  })

  describe.each(files)('%s', (file) => {
    test.each(casesIn(file).map((one) => [`${one.test}: ${one.name}`, one] as const))('%s', (_name, one) => {
      expect(catalogueChecks.find(({ name }) => name === one.test)?.module).toBe(
        one.module.replace(/^anta\.tests\./, ''),
      )
      const { result, messages } = judgeCheck(one.test, one.inputs, one.eos_data, RECORDED_AT)
      const expected = one.expected.messages ?? []
      expect({ result, messages }).toEqual({
        result: one.expected.result,
        messages: expected.map((part) => expect.stringContaining(part)),
      })
      expectCommands(one)
    })
  })
})
