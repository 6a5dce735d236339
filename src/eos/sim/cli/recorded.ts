import type { Reply } from '../platform/reply.ts'
import type { Switch } from '../switch/switch.ts'

/**
 * What a switch says to a line whose output was recorded, or undefined. A form that was not recorded is the computed one,
 * if there is one.
 */
export function recordedReply({ options }: Switch, line: string, computed: () => Reply | undefined): Reply | undefined {
  const found = options.recorded?.get(line.replace(/\s+/g, ' ').trim())
  if (found === undefined) return undefined
  const { json, text } = found
  const rest = json === undefined || text === undefined ? computed() : undefined
  return {
    ...(rest?.ok === true ? rest : { ok: true, stable: true }),
    ...(json === undefined ? {} : { json: () => json }),
    ...(text === undefined ? {} : { text: () => text }),
  }
}
