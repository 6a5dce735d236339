import type { Command } from '../../../model/command.ts'

/** `show logging`, which EOS has as text only (ANTA documentation, module logging): settings, destinations, the log. */
export const SHOW_LOGGING: Command = { cmd: 'show logging', format: 'text' }
