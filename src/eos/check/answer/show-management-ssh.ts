import type { Command } from '../../../model/command.ts'

/** `show management ssh` as text: EOS has no JSON model that tells the state of the daemon in the default VRF. */
export const SHOW_MANAGEMENT_SSH: Command = { cmd: 'show management ssh', format: 'text' }
