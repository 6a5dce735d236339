/** What a `username` line says of a user besides the name; `credential` is `nopassword` or `secret …`. */
interface UserAttributes {
  readonly privilege?: string
  readonly role?: string
  readonly credential?: string
}

const LINE = /^username (\S+) (?!ssh-?key\b|shell\b)(.+)$/

/**
 * A `username` line as the switch stores it: each sets what it names, and the switch prints one line with all of it, in the
 * order privilege, role, password (pyeapi and Ansible set them one by one and read them back together). Lines for keys stand alone.
 *
 * @param users the root lines that begin with `username`
 */
export function mergedUserLine(line: string, users: readonly string[]): string {
  const [, name = '', typed = ''] = LINE.exec(line) ?? []
  const attributes = readAttributes(typed)
  if (attributes === undefined) return line
  const present = users.map((user) => LINE.exec(user)).find((match) => match?.[1] === name)?.[2]
  const { privilege, role, credential } = { ...readAttributes(present ?? ''), ...attributes }
  return [`username ${name}`, privilege, role, credential].filter((part) => part !== undefined).join(' ')
}

/** Undefined for words that are none of them. */
function readAttributes(words: string): UserAttributes | undefined {
  const match = /^(privilege \d+)?(?: ?\b(role \S+))?(?: ?\b(nopassword|secret .+))?$/.exec(words)
  if (match === null || words === '') return undefined
  const [, privilege, role, credential] = match
  return {
    ...(privilege === undefined ? {} : { privilege }),
    ...(role === undefined ? {} : { role }),
    ...(credential === undefined ? {} : { credential }),
  }
}
