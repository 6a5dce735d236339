import { isJsonObject, type Json, type JsonObject } from '../../src/model/json.ts'
import { simulate } from './simulate.ts'

/** A switch that boots a text as it is; what it shows as text and as JSON. */
export async function shown(config: string): Promise<{ readonly text: string; readonly json: JsonObject }> {
  const { json, text } = simulate(config, { verbatim: true, managementOutside: true })
  const answer = (await json('show running-config')).result?.[1]
  return { text: await text('show running-config'), json: answer as JsonObject }
}

/** The JSON form as a configuration: a key is a line, or a line with the texts it was fed, three blanks deeper per block. */
export function asConfig({ cmds, comments }: JsonObject, depth = 0): string {
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

/** The commands of a text without their depth. */
export function linesOf(config: string): ReadonlySet<string> {
  const lines = config.split('\n').map((line) => line.trim())
  return new Set(lines.filter((line) => line !== '' && !line.startsWith('!') && line !== 'end'))
}
