import type { Command } from '../../model/command.ts'
import { problemOf, type ValueOrProblems } from '../../model/error.ts'
import { acceptUnless } from '../../text/source/located.ts'
import { recordedCommands, sharedFiles } from './fabric-folder.ts'

const COMPUTED = /^show (?:version|clock|uptime|hostname|running-config|startup-config|session-config|configuration)\b/

export function commandsToRecord(besides: readonly string[]): ValueOrProblems<readonly Command[]> {
  const asked = besides.map((one) => one.trim().replace(/\s+/g, ' '))
  const problems = asked.flatMap((command) => {
    if (!/^show [\w./: -]+$/.test(command)) {
      return [
        bad(
          command,
          'only a show command in full words, without a pipe, can be recorded',
          'Write it as `show inventory`.',
        ),
      ]
    }
    if (COMPUTED.test(command)) {
      return [bad(command, 'a recorded fabric answers this from its configuration and its clock', 'Leave it out.')]
    }
    return []
  })
  const commands = new Map(recordedCommands().map((command) => [command.cmd, command]))
  for (const cmd of asked) if (!commands.has(cmd)) commands.set(cmd, { cmd })
  const shared = sharedFiles([...commands.keys()]).map(([a, b]) =>
    bad(b, `its outputs would lie in the same file as those of \`${a}\``, 'Record one of the two.'),
  )
  return acceptUnless([...problems, ...shared], () => [...commands.values()])
}

function bad(file: string, message: string, hint: string) {
  return problemOf(file, 'bad-usage', message, hint)
}
