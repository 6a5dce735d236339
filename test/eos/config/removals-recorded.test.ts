// @module-tag long
import { readdirSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { ConfigEditor } from '../../../src/eos/config/rules/editor.ts'
import { parseConfig, renderConfig } from '../../../src/eos/config/text/parse.ts'
import { everyNthOfLong, extentOfLong } from '../../extent.ts'
import { recordings } from '../../recordings.ts'
import { removalsOf, shorterRemovalsOf } from './removal-cases.ts'
import { recorded, shared, wholeConfigs } from './replace-pairs.ts'

const folders = ['recorded', 'intended', 'hand']
const say = (label: string, value: unknown) => {
  process.stdout.write(`${label}: ${JSON.stringify(value)}\n`)
}

describe.skipIf(shared === undefined)('removals of recorded lines (needs ../shared)', () => {
  const more = (folder: string) =>
    readdirSync(recordings(`eos-corpus/more/${folder}/`)).map((name) => ({
      name,
      text: recorded(`eos-corpus/more/${folder}/${name}`),
    }))
  const all = shared ? [...wholeConfigs(), ...folders.flatMap(more)] : []
  const configs = everyNthOfLong(27, 'configurations of which each line is taken away', all)

  test('`no LINE` takes the line away, with its body, and nothing else', () => {
    const { wrong, ...counts } = removalsOf(configs)
    say('whole lines taken away', counts)
    expect(wrong).toEqual([])
    expect(configs).toHaveLength(extentOfLong(22, 571))
    expect(counts.lines).toBeGreaterThan(extentOfLong(1_000, 75_000))
  })

  test('[3T2] each shorter form takes away those of its kind, or they are named', { timeout: 300_000 }, () => {
    const { wrong, ...counts } = shorterRemovalsOf(configs)
    say('shorter removals', counts)
    expect(wrong).toEqual([])
    expect(counts.tried).toBeGreaterThan(extentOfLong(600, 50_000))
  })

  test('each pair of a line and its shorter `no` that is known to work', () => {
    const pairs = recorded('eos-corpus/more/removals/pairs.txt').trim().split('\n')
    const stays = pairs.filter((pair) => {
      const [path = '', removal = ''] = pair.split(' => ')
      const typed = path.split(' ;; ')
      const editor = new ConfigEditor(parseConfig(''))
      for (const line of [...typed, removal]) editor.type(line)
      editor.end()
      const left = renderConfig(editor.tree()).split('\n')
      return left.some((row) => row.trim() === typed.at(-1))
    })
    expect(stays).toEqual([])
    expect(pairs).toHaveLength(90)
  })
})
