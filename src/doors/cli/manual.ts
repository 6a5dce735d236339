import { VERSION } from '../../model/version.ts'
import { helpGroupOf } from '../../report/command-groups.ts'
import { manPage } from '../../report/man-page.ts'
import { GLOBAL_FLAGS, isTarget, LIMIT } from './option/global-flags.ts'
import { EXIT_CODES } from './outcome/exit-code.ts'
import { commands } from './usage/commands.ts'

const WRITTEN = '2026-11-27'

/** The manual page of the command line; the build writes it beside the command. */
export function manual(): string {
  const titles = [...new Set(commands.map(({ usage }) => groupOf(usage)))]
  const groups = titles.map((title) => ({
    title: title.replace(/:$/, ''),
    commands: commands
      .filter(({ usage }) => groupOf(usage) === title)
      .map(({ options, ...command }) => ({
        ...command,
        options: options.some(isTarget) ? [...options, LIMIT] : options,
      })),
  }))
  return manPage({ version: VERSION, date: WRITTEN, globalFlags: GLOBAL_FLAGS, groups, exitCodes: EXIT_CODES })
}

function groupOf(usage: string) {
  return helpGroupOf(usage.split(' ')[0] ?? '')
}
