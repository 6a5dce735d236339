import type { Command } from '../../../model/command.ts'
import type { Json } from '../../../model/json.ts'
import { askedOnce, type Reply } from '../../device/device.ts'
import { stateAreas } from './index.ts'

/** Everything that these areas ask of a switch, each command once: several read the same answer. */
export function commandsOfAreas(areas: readonly string[]): readonly Command[] {
  return asked(areas).commands
}

/** `replies` are the answers to {@link commandsOfAreas} of the same areas, in its order. */
export function readAreas(areas: readonly string[], replies: readonly Reply[]): Readonly<Record<string, Json>> {
  const own = asked(areas).repliesTo(replies)
  return Object.fromEntries(named(areas).map(({ name, read }, index) => [name, read(own[index] ?? [])]))
}

function asked(areas: readonly string[]) {
  return askedOnce(...named(areas).map(({ commands }) => commands))
}

function named(areas: readonly string[]) {
  return stateAreas.filter(({ name }) => areas.includes(name))
}
