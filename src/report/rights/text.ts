import type { CommandRight } from './command-rights.ts'

export function rightsText(rights: readonly CommandRight[]): string {
  const part = (title: string, of: readonly CommandRight[]) => {
    const width = Math.max(...of.map(({ command }) => command.length))
    return [
      title,
      ...of.map(({ mode, command, over, why }) => `  ${mode.padEnd(6)} ${command.padEnd(width)}  ${reach(over)}${why}`),
      '',
    ]
  }
  const reads = rights.filter(({ user }) => user === 'both')
  const writes = rights.filter(({ user }) => user === 'write')
  return [
    ...part('Both users (credentials, readCredentials) send:', reads),
    ...part('The user that writes (credentials) sends besides:', writes),
    'As roles of EOS, where the switch itself authorizes:',
    ...roleLines('eosflow-read', reads),
    ...roleLines('eosflow-write', rights),
    '',
    `Rights: ${rights.length} commands · ${reads.length} of both users, ${writes.length} of the user that writes`,
  ].join('\n')
}

function reach(over: CommandRight['over']) {
  return over === 'any' ? '' : `${over} only: `
}

// `role NAME` with numbered rules, as in the EOS manual, User Security (role-based authorization).
function roleLines(name: string, rights: readonly CommandRight[]) {
  const rules = rights.map(
    ({ mode, command }, at) =>
      `   ${(at + 1) * 10} permit mode ${mode === 'exec' ? 'exec' : 'config-all'} command ^${command}$`,
  )
  return [`role ${name}`, ...rules]
}
