import type { Reply } from '../../device/device.ts'
import type { Command } from '../../model/command.ts'
import type { Json } from '../../model/json.ts'
import { type CommandAnswer, modelOf, textOf } from './json-rpc.ts'

/** The replies to commands of both formats, in the order of the commands; each format was answered by itself. */
export function inTurn(
  commands: readonly Command[],
  models: readonly CommandAnswer[],
  texts: readonly CommandAnswer[],
): readonly Reply[] {
  const printed = texts.map((answer) => replyOf(answer, textOf)).values()
  const modelled = models.map((answer) => replyOf(answer, modelOf)).values()
  return commands.map(({ cmd, format }): Reply => {
    const { value } = (format === 'text' ? printed : modelled).next()
    return value ?? { ok: false, error: `\`${cmd}\` was not answered` }
  })
}

function replyOf(answer: CommandAnswer, read: (result: Json) => Json): Reply {
  return answer.ok ? { ok: true, json: read(answer.result) } : { ok: false, error: answer.errors.join('; ') }
}
