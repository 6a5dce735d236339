import type { Command } from '../../../model/command.ts'

/** `show system environment cooling`, revision 1: fans, and whether they cool enough. */
export const SHOW_COOLING: Command = { cmd: 'show system environment cooling', revision: 1 }
