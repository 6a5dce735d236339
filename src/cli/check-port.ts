import { stateAreas } from '../check/area/index.ts'
import type { CheckSpec } from '../check/catalog.ts'
import type { StateArea } from '../check/define.ts'
import { commandsOf, judgeAll } from '../check/run.ts'
import type { Command } from '../model/command.ts'
import type { CheckPort } from '../task/context.ts'

/** The checks of an execution and the state areas, as its tasks see them. */
export function checkPort(specs: readonly CheckSpec[]): CheckPort {
  const named = (areas: readonly string[]): readonly StateArea[] =>
    stateAreas.filter(({ name }) => areas.includes(name))
  const asked = (areas: readonly string[]): readonly Command[] => named(areas).flatMap(({ commands }) => commands)
  return {
    commands: commandsOf(specs),
    judge: (replies, device, baseline) => judgeAll(specs, replies, { device, baseline }),
    areaCommands: asked,
    readAreas: (areas, replies) => {
      let at = 0
      return Object.fromEntries(
        named(areas).map((area) => {
          const own = replies.slice(at, at + area.commands.length)
          at += area.commands.length
          return [area.name, area.read(own)]
        }),
      )
    },
  }
}
