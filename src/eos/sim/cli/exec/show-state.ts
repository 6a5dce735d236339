import { type Reply, refused } from '../../platform/reply.ts'
import type { ShowCommand, ShowContext } from '../../show/format/define.ts'
import type { Switch } from '../../switch/switch.ts'
import type { ExecCommand } from '../command/cli-session.ts'

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
