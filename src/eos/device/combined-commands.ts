import { type Command, questionOf } from '../../model/command.ts'
import type { Reply } from './device.ts'

export interface CombinedCommands {
  readonly commands: readonly Command[]
  repliesTo(replies: readonly Reply[]): readonly (readonly Reply[])[]
}

export function askedOnce(...lists: readonly (readonly Command[])[]): CombinedCommands {
  const commands = [...new Map(lists.flat().map((command) => [questionOf(command), command])).values()]
  const places = new Map(commands.map((command, place) => [questionOf(command), place]))
  return {
    commands,
    repliesTo: (replies) =>
      lists.map((list) =>
        list.map((command) => {
          const reply = replies[places.get(questionOf(command)) ?? -1]
          return reply ?? { ok: false, error: `\`${command.cmd}\` was not answered` }
        }),
      ),
  }
}
