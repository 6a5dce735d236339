import { z } from 'zod'
import { capturesWithin } from '../../../../text/source/bounded-pattern.ts'

/** Commands of running-config as `show running-config` has them in JSON: each with the commands of its section, or null. */
export interface Commands {
  readonly [command: string]: { readonly cmds: Commands } | null
}

const commands: z.ZodType<Commands> = z.lazy(() =>
  z.record(z.string(), z.object({ cmds: commands.default({}) }).nullable()),
)

/** What `show running-config`, revision 1, tells. */
export const runningConfig = () => z.object({ cmds: commands })

/** A section of running-config by its path; the top level has none. */
export interface ConfigSection {
  readonly path: readonly string[]
  readonly commands: Commands
}

/**
 * The sections that a path leads to: each of its elements is a command, or a pattern for the whole of some. Gives the
 * element that takes too long to match, if one does.
 */
export function sectionsAt(
  top: ConfigSection,
  path: readonly string[],
): readonly ConfigSection[] | { readonly slow: string } {
  let sections: readonly ConfigSection[] = [top]
  for (const element of path) {
    const within: ConfigSection[] = []
    for (const section of sections) {
      const names = namesIn(section.commands, element)
      if (names === undefined) return { slow: element }
      within.push(...names.map((name) => sectionOf(section, name)))
    }
    sections = within
  }
  return sections
}

function namesIn(commands: Commands, element: string): readonly string[] | undefined {
  // A command without a section is none that a path leads to.
  const names = Object.keys(commands).filter((name) => commands[name] !== null)
  if (names.includes(element)) return [element]
  const found = capturesWithin(`^(?:${element})$`, names)
  return found === undefined ? undefined : names.filter((_, index) => found[index] !== null)
}

function sectionOf({ path, commands }: ConfigSection, name: string): ConfigSection {
  return { path: [...path, name], commands: commands[name]?.cmds ?? {} }
}
