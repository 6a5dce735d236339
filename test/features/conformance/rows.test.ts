import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { kitLines, linesOf } from '../../../src/features/conformance/kit/conversation.ts'
import { PROBES } from '../../../src/features/conformance/kit/probes/index.ts'

const page = readFileSync(fileURLToPath(new URL('../../../docs/unproven.md', import.meta.url)), 'utf8')
/** The ids in the first cells of the tables. */
const onPage = page
  .split('\n')
  .filter((line) => line.startsWith('| '))
  .flatMap((line) => [...(line.split(' | ')[0] ?? '').matchAll(/`#([a-z-]+)`/g)].map(([, id = '']) => id))

describe('the rows of docs/unproven.md', () => {
  test('each id is there once, a probe may settle it, and no probe names another', () => {
    const named = [...new Set(PROBES.flatMap(({ rows }) => rows))]
    expect(onPage.length).toBeGreaterThanOrEqual(50)
    expect(onPage.toSorted()).toEqual(named.toSorted())
  })

  test('the probes come in the order in which nothing is put back that was not shown to come back', () => {
    expect(PROBES.map(({ id }) => id).join(' ')).toBe('K1 K2 K7 K3 K8 K9 K10 K4 K5 K6 K12 K11')
    expect(PROBES.filter(({ disruptive }) => disruptive === true).map(({ id }) => id)).toEqual(['K12', 'K11'])
    const arming = PROBES.filter((probe) => linesOf(probe).some((line) => line.includes(' commit timer ')))
    expect(arming.map(({ id, requires }) => `${id} ${requires}`)).toEqual(
      ['K9', 'K4', 'K5', 'K6', 'K12', 'K11'].map((id) => `${id} replays-own-text`),
    )
  })
})

describe('the lines of the kit', () => {
  const lines = kitLines(PROBES.filter(({ id }) => id !== 'K9')).split('\n')

  test('name nothing but what is its own, outside of what it reads', () => {
    const writes = lines.filter((line) =>
      /^ {2}(?!show\b|do show |ping |dir |end$|exit$|configure$|! ?eosflow)/.test(line),
    )
    expect(writes.length).toBeGreaterThan(100)
    const others = writes.filter((line) => !/eosflow-?kit|Loopback987/.test(line))
    expect([...new Set(others)].map((line) => line.trim())).toEqual([
      'boot system <the image that it boots>',
      'any command (its completions are asked, and it is not sent)',
      'agent (its completions are asked, and it is not sent)',
      'redundancy (its completions are asked, and it is not sent)',
      'clock (its completions are asked, and it is not sent)',
      'security (its completions are asked, and it is not sent)',
      'rollback clean-config',
      'delete checkpoint:<each that this probe has made>',
      'no management api http-commands',
      'configure lock',
      'configure unlock',
      'copy running-config startup-config',
      'reload now',
    ])
  })
})
