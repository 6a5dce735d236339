import { DONE, type Reply, refused } from '../../platform/facts.ts'
import type { ShowCommand, ShowContext } from '../../show/format/define.ts'
import type { Switch } from '../../switch/switch.ts'
import type { ExecCommand } from '../command/session-verbs.ts'

export function showStateCommands(
  commands: readonly ShowCommand[],
  contextOf: (device: Switch) => ShowContext,
): readonly ExecCommand[] {
  return commands.map(({ words, live, refuse, unconverted, json, text }) => ({
    words,
    run: ({ device }, args, { revision }): Reply => {
      const context = contextOf(device)
      const refusal = refuse?.(context, args)
      if (refusal !== undefined) return refused(refusal)
      return {
        ok: true,
        stable: live !== true,
        ...(json === undefined || unconverted?.(context) === true ? {} : { json: () => json(context, args, revision) }),
        ...(text === undefined ? {} : { text: () => text(context, args) }),
      }
    },
  }))
}

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
