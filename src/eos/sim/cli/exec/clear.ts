import { DONE } from '../../platform/reply.ts'
import type { Switch } from '../../switch/switch.ts'
import type { ExecCommand } from '../command/cli-session.ts'

/** `clear ip bgp`: the sessions of a VRF begin anew, also those that are Idle because of too many routes. */
export function clearCommands(
  clear: (device: Switch, vrf: string, peer: string | undefined) => void,
): readonly ExecCommand[] {
  return [
    // Ends sessions, which come up again where nothing is against it; its words are those of the manual.
    {
      words: 'clear ip bgp <peer> [vrf <vrf>]',
      privileged: true,
      run: ({ device }, { peer = '*', vrf = 'default' }) => {
        clear(device, vrf, peer === '*' ? undefined : peer)
        return DONE
      },
    },
  ]
}
