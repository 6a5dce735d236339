import type { JsonObject } from '../../../../model/json.ts'
import type { ConfigTree } from '../../../config/text/tree.ts'
import { defineShow } from '../format/define.ts'

interface Account {
  readonly privilege: number
  readonly role: string
  readonly sshKey: string
}

/** `show users accounts`: the local users. Hashes are left out, as current releases do. */
export const showUsersAccounts = defineShow({
  words: 'show users accounts',
  docs: 'The local users; napalm (JSON).',
  json: ({ running }) => ({
    users: Object.fromEntries(
      [...accounts(running)].map(([name, account]) => [name, accountJson(name, account)] as const),
    ),
  }),
  text: ({ running }) =>
    [...accounts(running)]
      .map(
        ([name, { role, privilege }]) => `user: ${name}\n       role: ${role}\n       privilege level: ${privilege}\n`,
      )
      .join(''),
})

/** `show user-account`: the same by its older name, which napalm asks for (docs/eos.md 7.3). */
export const showUserAccount = defineShow({
  ...showUsersAccounts,
  words: 'show user-account',
  docs: 'As `show users accounts`, which has the recorded form.',
})

function accountJson(username: string, { privilege, role, sshKey }: Account): JsonObject {
  return { username, role, privLevel: privilege, sshAuthorizedKey: sshKey }
}

function accounts(running: ConfigTree): ReadonlyMap<string, Account> {
  const found = new Map<string, Account>()
  for (const { line } of running.children) {
    const [, name, rest = ''] = /^username (\S+) (.*)$/.exec(line) ?? []
    if (name === undefined) continue
    const known = found.get(name) ?? { privilege: 1, role: 'network-operator', sshKey: '' }
    const key = /^ssh-key (.*)$/.exec(rest)?.[1]
    const privilege = Number(/\bprivilege (\d+)/.exec(rest)?.[1] ?? known.privilege)
    const role = /\brole (\S+)/.exec(rest)?.[1] ?? known.role
    found.set(name, key === undefined ? { ...known, privilege, role } : { ...known, sshKey: key })
  }
  return found
}
