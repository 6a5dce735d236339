import { type Command, questionOf } from '../../model/command.ts'
import type { Reply } from './device.ts'

/** Several lists of commands as one question in which each stands once. */
export interface CombinedCommands {
  readonly commands: readonly Command[]
  /** The answers to each of the lists, in their order. One that is missing is a refusal that says so. */
  repliesTo(replies: readonly Reply[]): readonly (readonly Reply[])[]
}

/** Joins lists of commands that partly ask the same. */
export function askedOnce(...lists: readonly (readonly Command[])[]): CombinedCommands {
  const commands = [...new Map(lists.flat().map((command) => [questionOf(command), command])).values()]
  const places = new Map(commands.map((command, place) => [questionOf(command), place]))
  return {
    commands,
    repliesTo: (replies) =>
      lists.map((list) =>
        list.map((command): Reply => {
          const reply = replies[places.get(questionOf(command)) ?? -1]
          return reply ?? { ok: false, error: `\`${command.cmd}\` was not answered` }
        }),
      ),
  }
}
