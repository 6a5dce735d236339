import type { Command } from '../../../model/command.ts'

/** The command that prints what the next boot loads (EOS manual, Upgrades and Downgrades). */
export const SHOW_BOOT: Command = { cmd: 'show boot-config' }

/** What types `boot` lines outside any session and then prints what is in force; without lines it only prints. */
export function bootScript(lines: readonly string[]): readonly Command[] {
  const typed = lines.length === 0 ? [] : ['configure', ...lines, 'end']
  return [...typed.map((cmd) => ({ cmd })), SHOW_BOOT]
}
