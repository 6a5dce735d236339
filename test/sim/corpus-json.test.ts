// @module-tag long
import { existsSync, readFileSync } from 'node:fs'
import { afterAll, describe, expect, test } from 'vitest'
import type { Json, JsonObject } from '../../src/model/json.ts'
import { everyNthOfLong } from '../extent.ts'
import { recordings } from '../recordings.ts'
import { asConfig, linesOf, shown } from './recorded.ts'

const CORPUS = recordings('eos-corpus/')
const present = existsSync(CORPUS)
const WHOLE = ['real-device', 'field-like', 'avd-generated', 'avd-base']

const read = (path: string): string => readFileSync(new URL(path, CORPUS), 'utf8')

function wholeConfigs(): readonly string[] {
  const rows = read('manifest.jsonl').trim().split('\n')
  return rows
    .map((row): { file: string; kind: string } => JSON.parse(row))
    .flatMap(({ file, kind }) => (WHOLE.includes(kind) ? [file] : []))
}

/** Layout aside: only the commands, not the header. */
const commandsOf = ({ cmds = {} }: JsonObject): Json => cmds

const files = present ? wholeConfigs() : []
const looked = everyNthOfLong(4, 'whole configurations', files)
let largest = 0
afterAll(() => {
  if (largest > 0) process.stdout.write(`whole configurations: ${looked.length}; longest: ${largest} lines\n`)
})

describe.skipIf(!present)('a configuration booted, shown, and booted from what was shown (needs ../shared)', () => {
  test('there are as many as are listed', () => {
    expect(files).toHaveLength(397)
  })

  test('the text is equal, and what it says as JSON is', { tags: ['long', 'turn'] }, async () => {
    for (const file of looked) {
      const first = await shown(read(file))
      const second = await shown(first.text)
      expect(second.text, file).toBe(first.text)
      expect(second.json, file).toEqual(first.json)
      largest = Math.max(largest, first.text.split('\n').length)
    }
  })

  test('booted from the JSON, it says the same JSON', { tags: ['long', 'turn'] }, async () => {
    for (const file of looked) {
      const first = await shown(read(file))
      const second = await shown(`${asConfig(first.json)}\nend\n`)
      expect(JSON.stringify(commandsOf(second.json), null, 1), file).toBe(
        JSON.stringify(commandsOf(first.json), null, 1),
      )
      expect(second.json.comments, file).toEqual(first.json.comments)
      expect([...linesOf(second.text)].toSorted(), file).toEqual([...linesOf(read(file))].toSorted())
    }
  })

  test('no command is lost on the way to JSON', { tags: ['long', 'turn'] }, async () => {
    for (const file of looked) {
      const { text, json } = await shown(read(file))
      const kept = linesOf(asConfig(json))
      expect(
        [...linesOf(text)].filter((line) => !kept.has(line)),
        file,
      ).toEqual([])
    }
  })
})
