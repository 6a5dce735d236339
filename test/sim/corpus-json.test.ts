import { existsSync, readFileSync } from 'node:fs'
import { afterAll, describe, expect, test } from 'vitest'
import { isJsonObject, type Json, type JsonObject } from '../../src/model/json.ts'
import { simulate } from './simulate.ts'

const CORPUS = new URL('../../../shared/eos-corpus/', import.meta.url)
const present = existsSync(CORPUS)
const WHOLE = ['real-device', 'field-like', 'avd-generated', 'avd-base']

const read = (path: string): string => readFileSync(new URL(path, CORPUS), 'utf8')

function wholeConfigs(): readonly string[] {
  const rows = read('manifest.jsonl').trim().split('\n')
  return rows
    .map((row): { file: string; kind: string } => JSON.parse(row))
    .flatMap(({ file, kind }) => (WHOLE.includes(kind) ? [file] : []))
}

/** A switch that boots a text as it is; what it shows as text and as JSON. */
async function shown(config: string): Promise<{ readonly text: string; readonly json: JsonObject }> {
  const { json, text } = simulate(config, { verbatim: true, managementOutside: true })
  const answer = (await json('show running-config')).result?.[1]
  return { text: await text('show running-config'), json: answer as JsonObject }
}

/** The JSON form as a configuration: a key is a line, or a line with the texts it was fed, three blanks deeper per block. */
function asConfig({ cmds, comments }: JsonObject, depth = 0): string {
  const indent = ' '.repeat(3 * depth)
  const remarks = (Array.isArray(comments) ? comments : []).map((remark: Json) =>
    `${indent}!! ${String(remark)}`.trimEnd(),
  )
  const lines = Object.entries(isJsonObject(cmds) ? cmds : {}).flatMap(([command, block]) => {
    const [line = '', ...fed] = command.split('\n')
    const inner = isJsonObject(block) ? [asConfig(block, depth + 1)].filter((text) => text !== '') : []
    return [indent + line, ...fed, ...inner]
  })
  return [...remarks, ...lines].join('\n')
}

/** Layout aside: only the commands, not the header. */
const commandsOf = ({ cmds = {} }: JsonObject): Json => cmds

/** The commands of a text without their depth. */
function linesOf(config: string): ReadonlySet<string> {
  const lines = config.split('\n').map((line) => line.trim())
  return new Set(lines.filter((line) => line !== '' && !line.startsWith('!') && line !== 'end'))
}

const files = present ? wholeConfigs() : []
let largest = 0
afterAll(() => {
  if (largest > 0) process.stdout.write(`whole configurations: ${files.length}; longest: ${largest} lines\n`)
})

describe.skipIf(!present)('a configuration booted, shown, and booted from what was shown (needs ../shared)', () => {
  test('there are as many as are listed', () => {
    expect(files).toHaveLength(397)
  })

  test('the text is equal, and what it says as JSON is', async () => {
    for (const file of files) {
      const first = await shown(read(file))
      const second = await shown(first.text)
      expect(second.text, file).toBe(first.text)
      expect(second.json, file).toEqual(first.json)
      largest = Math.max(largest, first.text.split('\n').length)
    }
  })

  test('booted from the JSON, it says the same JSON', async () => {
    for (const file of files) {
      const first = await shown(read(file))
      const second = await shown(`${asConfig(first.json)}\nend\n`)
      expect(JSON.stringify(commandsOf(second.json), null, 1), file).toBe(
        JSON.stringify(commandsOf(first.json), null, 1),
      )
      expect(second.json.comments, file).toEqual(first.json.comments)
    }
  })

  test('no command is lost on the way to JSON', async () => {
    for (const file of files) {
      const { text, json } = await shown(read(file))
      const kept = linesOf(asConfig(json))
      expect(
        [...linesOf(text)].filter((line) => !kept.has(line)),
        file,
      ).toEqual([])
    }
  })
})
