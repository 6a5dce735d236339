import { printRoster } from '../../../project/files/sources/print-roster.ts'
import { problemText } from '../../../project/system/process/input-error.ts'
import type { Invocation } from '../terminal/io.ts'

/** An inventory of another tool as `ansible-inventory --list` prints it. */
export async function run({ io, args, options }: Invocation): Promise<number> {
  const [kind = '', ...paths] = args
  await printRoster(
    io,
    {
      kind,
      paths,
      passwordFiles: (options.vaultPasswordFile as readonly string[] | undefined) ?? [],
      isRendered: options.rendered === true,
      limit:
        typeof options.limit === 'string'
          ? { pattern: options.limit, at: { file: '--limit', line: 1, column: 1 } }
          : undefined,
    },
    { out: io.out, drained: io.drained, note: (note) => io.err(`! ${problemText(note)}\n`) },
  )
  return 0
}
