import { trustProject } from '../../../project/files/project-guard.ts'
import type { Invocation } from '../terminal/io.ts'

/** Has this user's eosflow take the files of a folder although others can change them, or no longer. */
export async function run({ io, args, options, global }: Invocation): Promise<number> {
  const { dir, isTrusted, hasChanged } = trustProject(io, args[0] ?? global.project ?? '.', options.remove !== true)
  if (global.json) io.out(`${JSON.stringify({ version: 1, dir, trusted: isTrusted })}\n`)
  else if (!hasChanged) io.out(`${dir} ${isTrusted ? 'was trusted already' : 'was not trusted'}\n`)
  else
    io.out(
      `${dir} is ${isTrusted ? 'trusted, with all that is in it: by you, on this machine' : 'trusted no longer'}\n`,
    )
  return 0
}
