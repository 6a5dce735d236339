import type { Command } from '../../../../model/command.ts'

/** `show logging`, which EOS has as text only (ANTA documentation, module logging): settings, destinations, the log. */
export const SHOW_LOGGING: Command = { cmd: 'show logging', format: 'text' }

/** What of it says how logging is set up; the log itself follows. */
export function settingsIn(printed: string): string {
  return printed.split('\n\nExternal configuration:')[0] ?? ''
}
