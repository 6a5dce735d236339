import type { Command } from '../../../model/command.ts'

/** `show inventory`, revision 2: what is in the slots of the switch. */
export const SHOW_INVENTORY: Command = { cmd: 'show inventory', revision: 2 }
