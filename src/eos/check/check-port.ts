import type { Command } from '../../model/command.ts'
import { isJsonObject } from '../../model/json.ts'
import type { Reply } from '../device/device.ts'
import type { CheckContext } from './area/define.ts'
import { commandsOfAreas, readAreas } from './area/read-areas.ts'
import { allowedBy } from './builtin/allowed-by.ts'
import { besideTheChange, isExpectation } from './builtin/beside.ts'
import type { CheckSpec } from './builtin/catalog.ts'
import { flapped, standings, upSince } from './expect/up-since.ts'
import { lastingChanges } from './lasting-changes.ts'
import { variantsOf } from './per-switch.ts'
import { type CheckJudgement, commandsFor, commandsOf, judgeAll, refusedBy } from './run.ts'
import { upBefore } from './up-before.ts'

/** The checks of an execution and the state areas, as its tasks see them. */
export function checkPort(specs: readonly CheckSpec[]) {
  const commands = commandsOf(specs)
  const beside = specs.map(besideTheChange)
  const allowed = allowedBy(specs)
  return {
    commands,
    commandsFor: (device: string) => commandsFor(specs, device),
    refused: async (asked: readonly Command[], replies: readonly Reply[], given: CheckContext) =>
      refusedBy(specs, { commands: asked, replies }, given),
    compared: comparedIn(specs),
    judge: async (replies: readonly Reply[], given: CheckContext): Promise<readonly CheckJudgement[]> =>
      judgeAll(specs, replies, given),
    judgeBeside: async (replies: readonly Reply[], given: CheckContext): Promise<readonly CheckJudgement[]> =>
      judgeAll(beside, replies, given),
    upSince: (replies: readonly Reply[]) => upSince(commands, replies, allowed),
    flapped,
    standings,
    upBefore,
    areaCommands: commandsOfAreas,
    readAreas,
    lastingChanges,
  }
}

/** What the checks compare with the state before the change. */
function comparedIn(specs: readonly CheckSpec[]) {
  const places = specs.flatMap((spec, place) => (isExpectation(spec) ? [place] : []))
  const inputs = places.flatMap((place) => {
    const spec = specs[place]
    return spec === undefined
      ? []
      : variantsOf(spec)
          .map(({ input }) => input)
          .filter(isJsonObject)
  })
  if (inputs.length === 0) return undefined
  const areas = inputs.flatMap((input) => (Array.isArray(input.areas) ? input.areas.map(String) : []))
  const everythingElse = inputs.some((input) => input.everythingElse === 'unchanged')
  return { areas: [...new Set(areas)], everythingElse, places }
}
