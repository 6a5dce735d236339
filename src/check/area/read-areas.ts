import type { Reply } from '../../device/device.ts'
import { type Command, questionOf } from '../../model/command.ts'
import type { Json } from '../../model/json.ts'
import { stateAreas } from './index.ts'

/** Everything that these areas ask of a switch, each command once: several read the same answer. */
export function commandsOfAreas(areas: readonly string[]): readonly Command[] {
  const all = named(areas).flatMap(({ commands }) => commands)
  return [...new Map(all.map((command) => [questionOf(command), command])).values()]
}

/** The state of each area. `replies` are the answers to {@link commandsOfAreas} of the same areas, in its order. */
export function readAreas(areas: readonly string[], replies: readonly Reply[]): Readonly<Record<string, Json>> {
  const answers = new Map(commandsOfAreas(areas).map((command, index) => [questionOf(command), replies[index]]))
  return Object.fromEntries(
    named(areas).map(({ name, commands, read }) => [name, read(commands.map((one) => answerTo(one, answers)))]),
  )
}

function named(areas: readonly string[]) {
  return stateAreas.filter(({ name }) => areas.includes(name))
}

function answerTo(command: Command, answers: ReadonlyMap<string, Reply | undefined>): Reply {
  return answers.get(questionOf(command)) ?? { ok: false, error: `\`${command.cmd}\` was not answered` }
}
